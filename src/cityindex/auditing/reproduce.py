"""Reproduction: do the printed totals, ranks, tiers and means follow from what else is printed?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from cityindex.auditing.finding import Finding
from cityindex.auditing.mean_checks import check_means
from cityindex.auditing.orders import check_ranks, check_tiers
from cityindex.auditing.printed_tables import read_printed
from cityindex.auditing.recompute import check_totals
from cityindex.auditing.rows import Row
from cityindex.catalog import folder, open_spec, published_tables
from cityindex.errors import Problem, SpecError, TableError
from cityindex.spec.model import Spec

__all__ = ["Reproduction", "reproduce", "reproduction_findings"]

SHOWN = 20  # rows of a verdict in the text
COLUMNS = ("kind", "node", "unit", "published", "must", "low", "high", "verdict", "note", "line")


@dataclass(frozen=True, eq=False, repr=False)
class Reproduction:
    """What can be recomputed of an index from its own tables.

    Attributes
    ----------
    index
        The id of the index.
    findings
        One record for each check: the scores of a group, the ranks and the tiers of a table, a mean.
    rows
        One for each printed score, rank, tier and mean that was looked at.
    """

    index: str
    findings: tuple[Finding, ...]
    rows: tuple[Row, ...]

    @property
    def failing(self) -> tuple[Row, ...]:
        """The rows that no numbers can explain that print like those given."""
        return tuple(row for row in self.rows if row.verdict == "fails")

    def to_frame(self) -> pd.DataFrame:
        """One row each: what is printed, what it must be (``low`` to ``high``, where that is a range), the verdict."""
        frame = pd.DataFrame([row.as_dict() for row in self.rows], columns=list(COLUMNS))
        return frame.astype({"line": "Int64", "low": "float64", "high": "float64"})

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        lines = [f"{self.index}: reproduction"]
        for finding in self.findings:
            told = finding.computed or finding.note
            if finding.published and not finding.published.endswith(("row", "rows")):
                told += f"; printed is {finding.published}"
            lines.append(f"  {finding.verdict:<9}  {finding.claim}: {told}")
            failing = [row for row in self.failing if f"{row.kind}-{row.node}" == finding.id]
            lines += [f"      {row}" for row in failing[:SHOWN]]
            if len(failing) > SHOWN:
                lines.append(f"      and {len(failing) - SHOWN} more")
        if not self.findings:
            lines.append("  nothing that is printed can be recomputed")
        return "\n".join(lines)


def reproduce(
    spec: Spec | str,
    tables: object = None,
    *,
    decimals: int | Mapping[str, int] | None = None,
    key: str | Sequence[str] = "name",
) -> Reproduction:
    """Recompute what a report prints from what else it prints, and say which rows cannot be.

    A printed 57.3 is any number from 57.25 to 57.35. A group's score is aggregated from all the numbers that its
    printed parts can stand for: exactly, in fractions, for means and sums; for the other means, which rise with each
    part, at both ends. The row *fails* where the result and the printed score have no number in common, *holds* where
    they do, and *cannot be decided* where a part is missing. A unit that the head of a ranking leaves out has at most
    its last score: that alone may be too little.

    A rank is wrong where more units are certainly better, or fewer can be, than it says; or where a unit that stands
    behind is certainly better. Equal printed scores may have running ranks. A tier is wrong where no number that is
    printed so lies in it. A mean is wrong where it does not follow from the means of the parts.

    Parameters
    ----------
    spec
        What `load_spec` gave; or the id of a shipped index.
    tables
        Node → its table (a frame, a path, what `read_table` takes), with columns ``name``, ``score`` and, where they
        are printed, ``rank``, ``tier``, ``line`` (of the source). Or one table with a column a node (and
        ``economy_rank``, ``rank``, ``tier``). Tables with the columns ``item`` (a node) and ``value`` are means; with
        another column, such as a tier, means of parts. None: the published tables of the shipped index.
        Read numbers as text: 0.820 says more than 0.82.
    decimals
        How many decimals are printed, where text does not show it: for all, or by node.
    key
        The column that names the units, or several that do so together.

    Returns
    -------
    Reproduction
        With ``findings``, ``rows`` and ``failing``.

    Raises
    ------
    SpecError, TableError
        Where there is no spec, or no table that can be read.
    NotFoundError
        Where no table has the `key`, or no such index ships.

    Examples
    --------
    >>> from cityindex import load_spec, reproduce
    >>> spec = load_spec({"cityindex": 1, "id": "two", "index": {"id": "score", "children": [
    ...     {"id": "a", "weight": "60%"}, {"id": "b", "weight": "40%"}]}})
    >>> table = {"name": ["甲", "乙"], "a": ["57.3", "42.0"], "b": ["60.1", "50.0"], "score": ["58.4", "46.2"]}
    >>> print(reproduce(spec, {"all": table}))
    two: reproduction
      fails      the printed scores of score follow from its 2 printed parts: 1 hold, 1 fail
          乙 46.2, must be 45.15 to 45.25
    """
    _check_options(decimals, key)
    opened, given = _opened(spec, tables)
    printed, read = read_printed(opened, given, key=key, decimals=decimals)
    found = (
        *check_totals(opened, printed),
        *check_ranks(opened, printed),
        *check_tiers(opened, printed),
        *check_means(opened, printed, read),
    )
    rows = tuple(row for _, told in found for row in told)
    return Reproduction(opened.id, tuple(finding for finding, _ in found), rows)


def _check_options(decimals: object, key: object) -> None:
    """Decimals and keys are what they should be; every problem is told."""
    said = decimals.values() if isinstance(decimals, Mapping) else [] if decimals is None else [decimals]
    problems = [
        Problem(f"decimals: {digits!r}; a whole number from 0 to 15, or such a number by node, is wanted")
        for digits in said
        if isinstance(digits, bool) or not isinstance(digits, int) or not 0 <= digits <= 15
    ]
    keys = [key] if isinstance(key, str) else list(key) if isinstance(key, list | tuple) else []
    if not keys or not all(isinstance(name, str) for name in keys):
        problems.append(Problem(f"key={key!r}: the name of a column is wanted, or several in a list"))
    if problems:
        raise TableError(problems)


def reproduction_findings(spec: Spec, tables: object) -> tuple[Finding, ...]:
    """The findings of `reproduce`: one a check, with the rows that fail in its note."""
    return reproduce(spec, tables).findings


def _opened(spec: Spec | str, tables: object) -> tuple[Spec, object]:
    if isinstance(spec, str):
        spec = open_spec(spec)
    if not isinstance(spec, Spec):
        raise SpecError(f"a {type(spec).__name__} is no spec; load_spec gives one")
    if tables is None:
        place = folder(spec.id) / "published"
        tables = {name: place / f"{name}.csv" for name in published_tables(spec.id)}
    if isinstance(tables, Mapping) and not tables:
        raise TableError("there are no tables to reproduce; give some by node: {'score': frame}")
    return spec, tables
