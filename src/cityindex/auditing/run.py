"""The audit of an index: its scheme, what can be recomputed, and the sentences of its report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityindex._files import write_whole
from cityindex._shown import Shown
from cityindex._values import Frozen, Text
from cityindex.auditing.claims import Sheet, Sheets, published_sheets, read_claims
from cityindex.auditing.claims.judge import judge_claims
from cityindex.auditing.finding import VERDICTS, Finding
from cityindex.catalog import folder, open_spec
from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.spec.model import Spec
from cityindex.table import Table, read_table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Audit", "audit"]


@dataclass(frozen=True, repr=False)
class Audit(Shown):
    """What an audit of one index found.

    Attributes
    ----------
    index, title
        The id of the index, and its title.
    publication
        What the claims were read from, if the claims file says it.
    findings
        Everything that was looked at: the claims in the order of their file, then reproduction and scheme.
    """

    index: str
    title: Text | None
    findings: tuple[Finding, ...]
    publication: Text | None = None

    @property
    def counts(self) -> Mapping[str, int]:
        """How many findings hold, fail, and cannot be decided."""
        return Frozen({verdict: len(self.of(verdict)) for verdict in VERDICTS})

    @property
    def failed(self) -> bool:
        """Whether anything fails."""
        return bool(self.of("fails"))

    def of(self, verdict: str) -> tuple[Finding, ...]:
        """The findings with that verdict: ``holds``, ``fails`` or ``undecided``."""
        return tuple(finding for finding in self.findings if finding.verdict == verdict)

    def __getitem__(self, name: str) -> Finding:
        """The finding of that id.

        Raises
        ------
        NotFoundError
            There is none; the message names the nearest.
        """
        for finding in self.findings:
            if finding.id == name:
                return finding
        names = [finding.id for finding in self.findings]
        raise NotFoundError(f"the audit of {self.index} has no finding {name!r}.{nearest(name, names)}")

    def __len__(self) -> int:
        return len(self.findings)

    def __str__(self) -> str:
        from cityindex.auditing.report import text_report

        return text_report([self])

    def __repr__(self) -> str:
        parts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts.items())
        return f"Audit({self.index!r}, {parts})"

    def as_dict(self) -> list[dict[str, Any]]:
        """Each finding as plain data, in their order."""
        return [finding.as_dict() for finding in self.findings]

    def to_frame(self) -> pd.DataFrame:
        """Each finding as a row."""
        import pandas as pd

        columns = list(Finding.__dataclass_fields__)
        return pd.DataFrame(self.as_dict(), columns=columns).astype({"line": "Int64"})

    def to_json(self) -> str:
        """The findings as JSON: a list of objects."""
        from cityindex.auditing.report import json_report

        return json_report([self])

    def to_html(self, *, language: str | None = None) -> str:
        """The report as one HTML page that needs nothing else; its own words in Chinese and English, or one of them."""
        from cityindex.auditing.report import html_report

        return html_report([self], language=language)

    def save(self, path: str | Path) -> Path:
        """Write the report, whole or not at all: .html, .json or .txt.

        Raises
        ------
        TableError
            Where the kind of file is not known.
        OSError
            As the file system says.
        """
        kinds = {".html": self.to_html, ".json": self.to_json, ".txt": self.__str__}
        kind = Path(path).suffix.lower()
        if kind not in kinds:
            raise TableError(
                f"cannot write {str(path)!r}: the kind {kind or '(none)'} is not known.{nearest(kind, kinds)}"
            )
        return write_whole(path, kinds[kind]().rstrip("\n") + "\n")


def audit(
    target: str | Path | Spec,
    *,
    tables: Mapping[str, object] | None = None,
    claims: str | Path | Mapping[str, Any] | None = None,
    language: str | None = None,
) -> Audit:
    """Audit an index: do its sentences, tables, ranks and weights agree with each other?

    Every printed number is any number that rounds to it. What *fails* does so whatever the digits behind the last
    printed one are; what cannot be said from the tables is *undecided*, with what would be needed.

    Parameters
    ----------
    target
        The id of a shipped index; the path of a folder with ``spec.yaml``, ``published/*.csv`` and ``claims.yaml``; or
        a spec, which has no tables but those given.
    tables
        Published tables by name, instead of or beside those in the folder: paths, frames, mappings of columns. Give
        numbers as the text that is printed, where digits matter.
    claims
        A claims file, its text, or the same as a mapping, instead of the one in the folder.
    language
        Claims in this language where they have it, such as ``"en"``; None: in all they have.

    Returns
    -------
    Audit
        Each finding with both numbers, its verdict and its place in the source.

    Raises
    ------
    NotFoundError
        Where there is no such index or folder.
    SpecError, TableError
        Where the spec, a table or the claims cannot be read, or claims not computed as they are written.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = ci.load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a"]}})
    >>> found = ci.audit(
    ...     spec,
    ...     tables={"score": {"name": ["x", "y"], "score": ["57.3", "42.0"]}},
    ...     claims={
    ...         "cityindex": 1,
    ...         "claims": [
    ...             {"id": "mean", "claim": "The mean is 49.8", "kind": "mean", "of": "score.score", "published": 49.8}
    ...         ],
    ...     },
    ... )
    >>> found["mean"].verdict, found["mean"].computed
    ('fails', '49.65 (49.6 to 49.7)')
    """
    place, spec = _opened(target)
    own = {} if place is None else published_sheets(place)
    for name, table in (tables or {}).items():
        own[name] = Sheet(table if isinstance(table, Table) else read_table(table))
    written = claims if claims is not None else _claims_file(place)
    findings: tuple[Finding, ...] = ()
    publication = None
    if written is not None:
        sheets = Sheets(own, lambda index: published_sheets(_folder(index, place)))
        read = read_claims(written, sheets, index=spec.id)
        findings, publication = judge_claims(read, sheets, language=language), read.publication
    return Audit(spec.id, spec.title, (*findings, *_checks(spec, own)), publication)


def _opened(target: str | Path | Spec) -> tuple[Path | None, Spec]:
    if isinstance(target, Spec):
        return None, target
    spec = open_spec(target)
    path = Path(target)
    if path.is_dir() and (path / "spec.yaml").is_file():
        return path, spec
    return (path.parent if path.is_file() else folder(str(target))), spec


def _claims_file(place: Path | None) -> Path | None:
    return place / "claims.yaml" if place is not None and (place / "claims.yaml").is_file() else None


def _folder(index: str, place: Path | None) -> Path:
    """The folder of another index: beside this one, or one that ships."""
    if place is not None and (place.resolve().parent / index / "published").is_dir():
        return place.resolve().parent / index
    return folder(index)


def _checks(spec: Spec, sheets: Mapping[str, Sheet]) -> tuple[Finding, ...]:
    """What the scheme and the tables show without any claim."""
    from cityindex.auditing.reproduce import reproduction_findings
    from cityindex.auditing.scheme import scheme_findings

    frames = {name: sheet.table.to_frame() for name, sheet in sheets.items()}
    reproduced = reproduction_findings(spec, frames) if frames else ()
    return (*reproduced, *scheme_findings(spec))
