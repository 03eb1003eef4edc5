"""`write_report`: the report as one page that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cityindex._files import write_whole
from cityindex.describing import Description, describe
from cityindex.errors import ScoreError, TableError, nearest
from cityindex.result import Result
from cityindex.robustness.bounds import RankBounds
from cityindex.robustness.record import Uncertainty
from cityindex.robustness.shares import Sensitivity
from cityindex.views._language import Language, chosen
from cityindex.views.report import again, methods, quality, robust, scores, tree
from cityindex.views.report.subject import Subject, subject_of
from cityindex.views.report.words import voice_of

__all__ = ["report_html", "write_report"]

KINDS = (".html", ".htm")


def write_report(
    result: Result,
    path: str | Path,
    *,
    language: Language | None = None,
    by: str | None = None,
    uncertainty: Uncertainty | None = None,
    sensitivity: Sensitivity | None = None,
    bounds: RankBounds | None = None,
    description: Description | None = None,
    figures: bool = True,
    period: str | None = None,
    command: str | None = None,
) -> Path:
    """Write the report of an index: one HTML page that needs nothing else and prints well (whole or not at all).

    It says what the index is, its tree with weights and where they come from, what the data look like and what was done
    to them, the ranking and its tiers, how sure the ranks are, what the methods compute, and what it takes to do it
    again. The page holds no script and loads nothing.

    Parameters
    ----------
    result
        What `score` gave.
    path
        The ``.html`` file to write.
    language
        ``"zh"`` or ``"en"``: the page's words, and the titles of the spec where they have that language; None: Chinese
        where the title of the index has it, else English.
    by
        A column of the table, such as the region: means by its labels are shown.
    uncertainty, sensitivity, bounds
        Of the same result: ranks over the draws, which choice matters, and the ranks that are possible.
    description
        Of the same result; None: made here.
    figures
        Whether to draw: bars, spreads and intervals.
    period
        The period that is shown, of a table with several; None: the latest.
    command
        The command that made the page, to be printed in it.

    Returns
    -------
    Path
        The file that was written.

    Raises
    ------
    NotFoundError
        A language, column or period that is not there.
    ScoreError
        An uncertainty, a sensitivity, bounds or a description of something else.
    TableError
        A file that is not ``.html``, or no result.
    OSError
        As the file system says.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> import cityindex as ci
    >>> spec = "{cityindex: 1, id: two, index: {id: score, children: [gdp, jobs]}}"
    >>> result = ci.score(spec, {"city": ["甲", "乙"], "gdp": [1.0, 3.0], "jobs": [2.0, 2.0]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     page = write_report(result, Path(folder) / "report.html", language="en").read_text(encoding="utf-8")
    >>> "Results</h2>" in page
    True
    """
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        hint = nearest(kind, KINDS)
        raise TableError(f"cannot write {str(path)!r}: a report is an .html file, and not {kind or '(none)'}.{hint}")
    page = report_html(
        result,
        language=language,
        by=by,
        uncertainty=uncertainty,
        sensitivity=sensitivity,
        bounds=bounds,
        description=description,
        figures=figures,
        period=period,
        command=command,
    )
    return write_whole(path, page)


def report_html(
    result: Result,
    *,
    language: Language | None = None,
    by: str | None = None,
    uncertainty: Uncertainty | None = None,
    sensitivity: Sensitivity | None = None,
    bounds: RankBounds | None = None,
    description: Description | None = None,
    figures: bool = True,
    period: str | None = None,
    command: str | None = None,
) -> str:
    """The page that `write_report` writes, as text; see there."""
    if not isinstance(result, Result):
        raise TableError(f"a report is made of a Result (what score() gives), not of a {type(result).__name__}")
    _same(result, uncertainty, sensitivity, bounds, description)
    voice = voice_of(chosen(result.spec, language))
    subject = subject_of(result, voice, period)
    parts: dict[str, Any] = {
        "about": list(tree.facts(subject)),
        "trees": tree.trees(subject),
        "quality": quality.quality(subject, description or describe(result)),
        "regions": None if by is None else scores.regions(subject, by),
        "methods": methods.method_notes(result, voice),
        "again": list(again.facts_again(subject, uncertainty, sensitivity)),
        "python": again.python_lines(subject, uncertainty),
        "yaml": again.yaml_text(subject),
        "command": command,
        "figures": figures,
    }
    return _render(subject, parts | _results(subject, figures) | _robustness(subject, uncertainty, sensitivity, bounds))


def _same(result: Result, *others: Any) -> None:
    """Whatever goes beside a result in one page has to be of that result."""
    kinds = (Uncertainty, Sensitivity, RankBounds, Description)
    words = ("uncertainty", "sensitivity", "bounds", "description")
    for word, kind, other in zip(words, kinds, others, strict=True):
        if other is None:
            continue
        if not isinstance(other, kind):
            article = "an" if kind is Uncertainty else "a"
            raise ScoreError(f"{word}: {article} {kind.__name__} is wanted, not a {type(other).__name__}")
        if not _is_of(result, other):
            raise ScoreError(f"{word}: it is of another index or another table than the result of {result.spec.id!r}")


def _is_of(result: Result, other: Any) -> bool:
    if isinstance(other, Description):
        return other.spec == result.spec and other.table.fingerprint == result.table.fingerprint
    base: Result = other.design.sampler.base.result if isinstance(other, Sensitivity) else other.result
    same = base.spec == result.spec and base.table.fingerprint == result.table.fingerprint
    return base is result or (same and base.calibration == result.calibration and set(base.given) == set(result.given))


def _results(subject: Subject, figures: bool) -> dict[str, Any]:
    lines = scores.ranking(subject)
    beside: Sequence[str] = scores.beside_the_score(subject)
    return {
        "ranking": lines,
        "unranked": sum(line.bar is None for line in lines),
        "beside": [subject.voice.title(subject.spec.nodes[node]) for node in beside],
        "root_title": subject.voice.title(subject.root),
        "histogram": scores.histogram(subject) if figures else None,
        "made_of": scores.made_of(subject) if figures else None,
        "dimensions": list(scores.dimensions(subject)),
        "tiers": scores.tiers(subject),
    }


def _robustness(
    subject: Subject, uncertainty: Uncertainty | None, sensitivity: Sensitivity | None, bounds: RankBounds | None
) -> dict[str, Any]:
    return {
        "drawn_words": None if uncertainty is None else robust.uncertainty_words(subject, uncertainty),
        "intervals": [] if uncertainty is None and bounds is None else robust.intervals(subject, uncertainty, bounds),
        "bounds": bounds,
        "leaders": None if uncertainty is None else robust.leaders(subject, uncertainty),
        "edge": None if uncertainty is None else robust.on_the_edge(subject, uncertainty),
        "edge_colours": robust.EDGE_COLOURS,
        "shares": None if sensitivity is None else robust.shares(subject, sensitivity),
    }


def _render(subject: Subject, parts: dict[str, Any]) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    voice = subject.voice
    title = voice.text(subject.result.spec.title) or subject.result.spec.id
    return environment.get_template("report.html").render(
        voice=voice,
        word=voice.word,
        title=title,
        spec=subject.result.spec,
        period=subject.period,
        unit_word=voice.unit(subject.spec.unit.kind),
        **parts,
    )
