"""A result as a workbook with live formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cityindex.errors import TableError
from cityindex.result import Result
from cityindex.views._language import Language
from cityindex.views.workbook.book import Book, writing_book
from cityindex.views.workbook.charts import add_charts, add_ranges
from cityindex.views.workbook.layout import Layout
from cityindex.views.workbook.parts import add_calculation, add_contributions
from cityindex.views.workbook.texts import add_notes, add_spec, add_tiers, add_uncertainty, add_weights
from cityindex.views.workbook.units import add_ranks, add_results
from cityindex.views.workbook.words import Words

if TYPE_CHECKING:
    from cityindex.robustness.record import Uncertainty

__all__ = ["write_workbook"]


def write_workbook(
    result: Result, path: str | Path, *, language: Language = "en", uncertainty: Uncertainty | None = None
) -> Path:
    r"""Write a result as an .xlsx whose formulas are live: change a weight, and scores, ranks and tiers follow.

    Sheets: results (scores, rank, tiers), charts, ranks, tiers, calculation (normalised indicators and groups, not
    rounded), weights, contributions, uncertainty, notes, spec. Weighted sums and means are formulas, with the weights
    of missing children shared where the spec says so; rounding, ranks and tiers are formulas on them. What is none
    (another aggregate, steps on a group, several editions) stands as values, and the notes say which and why. Each
    formula holds the library's number until a spreadsheet program works it out again.

    Parameters
    ----------
    result
        What `score` gave.
    path
        The file to write; it is written whole or not at all.
    language
        ``en`` or ``zh``: names of sheets, headings, notes and titles.
    uncertainty
        What `uncertainty` found for this result: a sheet and a chart of the ranges of ranks.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TableError
        The file cannot be written there, or the result is larger than a sheet; or there is no result.
    NotFoundError
        No such language.
    DependencyError
        xlsxwriter is not installed.

    Notes
    -----
    Texts are written as texts, whatever they begin with: ``=HYPERLINK(…)`` in the name of a city does not run.

    Examples
    --------
    >>> import tempfile
    >>> import cityindex as ci
    >>> spec = "cityindex: 1\nid: two\nindex: {id: score, children: [{id: a, weight: 1}, {id: b, weight: 3}]}"
    >>> result = ci.score(spec, {"city": ["昆山", "江阴"], "a": [80, 60], "b": [40, 90]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = write_workbook(result, f"{folder}/two.xlsx", language="zh")
    ...     print(ci.read_table(file).to_frame().to_string(index=False))
    city score   名次
      昆山  50.0  2.0
      江阴  82.5  1.0
    """
    if not isinstance(result, Result):
        raise TableError(f"a workbook is made of a Result (what score() gives), not of a {type(result).__name__}")
    words = Words(language)
    if uncertainty is not None and not _same(uncertainty.result, result):
        raise TableError("this uncertainty was not found for this result: give uncertainty(result, …)")
    columns = 2 * len(result.nodes) + 10
    with writing_book(path, words, units=len(result), columns=columns) as book:
        _write(book, Layout(result, words), uncertainty)
    return Path(path)


def _same(one: Result, other: Result) -> bool:
    return one is other or (one.spec == other.spec and one.units == other.units and one.periods == other.periods)


def _write(book: Book, layout: Layout, uncertainty: Uncertainty | None) -> None:
    from cityindex._version import __version__

    keys = ["results", "charts", "ranks", "tiers", "calculation", "weights", "contributions"]
    keys += ["uncertainty"] if uncertainty is not None else []
    colours = {"results": "#0072B2", "weights": "#E69F00"}
    tiers = bool(layout.tier_blocks)
    sheets = {key: book.add(key, colours.get(key, "")) for key in [*keys, "notes", "spec"] if key != "tiers" or tiers}
    add_results(book, layout, sheets["results"])
    add_ranks(book, layout, sheets["ranks"])
    if tiers:
        add_tiers(book, layout, sheets["tiers"])
    add_calculation(book, layout, sheets["calculation"])
    add_weights(book, layout, sheets["weights"])
    add_contributions(book, layout, sheets["contributions"])
    add_charts(book, layout, sheets["charts"])
    if uncertainty is not None:
        add_uncertainty(book, layout, sheets["uncertainty"], uncertainty)
        add_ranges(book, layout, sheets["uncertainty"])
    add_notes(book, layout, sheets["notes"], __version__)
    add_spec(book, layout, sheets["spec"])
    sheets["results"].activate()
    book.workbook.set_properties({"title": layout.name, "comments": f"cityindex {__version__}"})
