"""Identification of what lies in files: an index with published tables, or a table of a user's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from cityindex.auditing.identify import Identification, identify_weights
from cityindex.auditing.printed_cells import plain
from cityindex.auditing.printed_tables import PrintedTable, read_printed
from cityindex.catalog import folder, open_spec
from cityindex.errors import Problem, TableError, nearest
from cityindex.spec.model import Group, Spec
from cityindex.table import read_table

__all__ = ["identify_index", "identify_table"]

AGGREGATES: dict[str, dict[str, Any]] = {
    "arithmetic": {},
    "geometric": {"aggregate": "geometric"},
    "sum": {"total_weight": None},
}


def identify_index(target: str | Path, *, node: str | None = None, **options: Any) -> Identification:
    """The weights of a group of an index, from the published tables of the group and of its children.

    All that is sound is used: rows with all their numbers on both sides, and rows of units that are absent from a list
    on the side that is known. Where a list is the head of a ranking, whoever is absent scores at most its last score.

    Parameters
    ----------
    target
        The id of a shipped index, or a folder with ``spec.yaml`` and ``published/``. A table is named by the node it
        prints, with the columns ``name`` and ``score``; or any table has columns that are named by nodes.
    node
        The group; None: the root.
    options
        Those of `identify_weights`. Nobody scores below 0, unless ``floor`` says otherwise.

    Raises
    ------
    TableError
        Where scores of the group or of a child are not published, or the group is no weighted mean of what is printed.

    Examples
    --------
    >>> found = identify_index("tech-capability-2021")
    >>> found.equal, [(each.step, each.count) for each in found.schemes]
    (True, [(1, 1), (5, 1), (10, 0)])
    """
    spec = open_spec(target)
    group = _group(spec, node)
    tables = _published(spec, Path(target) if Path(target).is_dir() else folder(str(target)), group)
    total, children = tables[group.id], [child.id for child in group.children]
    strangers = _strangers(total, [tables[child] for child in children])
    known = [unit for unit in total.units if unit not in total.doubles]
    units = [*known, *(strangers if _is_head(total) else [])]
    parts = pd.DataFrame({child: [_cell(tables[child], unit) for unit in units] for child in children}, index=units)
    ends = {child: _ends(tables[child], units, strangers) for child in children}
    notes = [f"{table.node}: {table.note}" for table in (total, *(tables[child] for child in children)) if table.note]
    notes += [
        f"{child}: not all units are in its list, and it has no ranks that say where it ends"
        for child in children
        if not _is_head(tables[child]) and any(unit not in tables[child].units for unit in units)
    ]
    if group.missing.name != "refuse" or any(getattr(child, "where", None) for child in group.children):
        whole = (parts.map(plain) != "").all(axis=1)
        parts, ends = parts[whole], {child: {} for child in children}
        notes.append(
            f"units without all their scores are left out: what is missing need not count ({group.missing.name})"
        )
    ended = dict.fromkeys(strangers, _last(total)) if _is_head(total) else {}
    given = {
        "ends": ends,
        "total_end": {unit: end for unit, end in ended.items() if unit in parts.index},
        "floor": 0.0,
        **AGGREGATES[group.aggregate.name],
        **options,
    }
    column = pd.Series([_cell(total, unit) for unit in parts.index], index=parts.index, dtype=object)
    found = identify_weights(parts, column, **given)
    return replace(found, notes=(*found.notes, *notes))


def _group(spec: Spec, node: str | None) -> Group:
    """The group, if its scores are weighted means of what its children print."""
    group = spec.index if node is None else spec[node]
    children = group.children if isinstance(group, Group) else ()
    if not isinstance(group, Group) or len(children) < 2:
        raise TableError(f"{spec.id}: {group.id} has no weights to be found: it has {len(children)} children")
    problems = []
    if group.aggregate.name not in AGGREGATES or group.aggregate.via is not None:
        words = f"{group.aggregate.name}{' on another axis' if group.aggregate.via is not None else ''}"
        problems.append(Problem(f"{group.id} is no weighted mean: its aggregate is {words}"))
    treated = [call.name for call in group.steps]
    for one in (group, *(spec.nodes[child.id] for child in children)):
        treated += [call.name for call in one.publish if call.name != "round"]
    if treated:
        problems.append(Problem(f"what is printed is not what is weighed: {', '.join(dict.fromkeys(treated))}"))
    if problems:
        raise TableError([Problem(f"{spec.id}: {problem.message}") for problem in problems])
    return group


def _published(spec: Spec, place: Path, group: Group) -> Mapping[str, PrintedTable]:
    """The printed scores of the group and its children."""
    paths = sorted((place / "published").glob("*.csv"))
    tables, _ = read_printed(spec, {path.stem: path for path in paths})
    lacking = [name for name in (group.id, *(child.id for child in group.children)) if name not in tables]
    if lacking:
        near = nearest(lacking[0], [path.stem for path in paths]) if paths else " There are no tables at all."
        raise TableError(
            f"{spec.id} has no published table of {', '.join(lacking)}: the scores are needed, each in "
            f"published/NODE.csv with the columns name and score, or in a column of that name.{near}"
        )
    return tables


def _cell(table: PrintedTable, unit: str) -> str:
    """The text of a unit's score; empty where there is none."""
    return table.scores[table.row[unit]] if unit in table.row else ""


def _strangers(total: PrintedTable, children: Sequence[PrintedTable]) -> list[str]:
    """Units of the children's lists that are not in the list of the group, in their order."""
    found = dict.fromkeys(unit for table in children for unit in table.units if unit not in total.row)
    return [unit for unit in found if not _alike(unit, total.units) and unit not in total.doubles]


def _ends(table: PrintedTable, units: Sequence[str], strangers: Sequence[str]) -> dict[str, str | None]:
    """By unit that a list leaves out, its last score; not where it may stand there under another name."""
    if not _is_head(table):
        return {}
    others = [unit for unit in table.units if unit not in units] + list(strangers)
    absent = [unit for unit in units if unit not in table.units and not _alike(unit, others)]
    return dict.fromkeys(absent, _last(table))


def _alike(unit: str, others: Sequence[str]) -> bool:
    return any(unit in other or other in unit for other in others if other != unit)


def _is_head(table: PrintedTable) -> bool:
    """Whether a list is the head of a ranking from the highest score down: whoever is absent has no more."""
    return table.leading and table.first == "highest"


def _last(table: PrintedTable) -> str:
    """The last score of a list that is the head of a ranking."""
    numbers = [text for text, value in zip(table.scores, table.carried, strict=True) if value is not None]
    return min(numbers, key=lambda text: float(text.replace(",", "")), default="")


def identify_table(
    path: str | Path, *, total: str, key: str | None = None, parts: Sequence[str] | None = None, **options: Any
) -> Identification:
    """The weights behind a table of printed sub-scores and totals: one row a unit, one column a sub-score.

    Parameters
    ----------
    path
        A table (what `read_table` takes).
    total
        The column of the totals.
    key
        The column that names the units; None: the first one.
    parts
        The columns of the sub-scores; None: all others that hold numbers.
    options
        Those of `identify_weights`.

    Raises
    ------
    TableError
        Where there is no such column, or cells are no numbers.
    """
    table = read_table(path)
    columns = list(table.columns)
    key = columns[0] if key is None else key
    problems = [
        Problem(f"{Path(path).name} has no column {name!r}.{nearest(name, columns)}")
        for name in (key, total, *(parts or ()))
        if name not in columns
    ]
    if problems:
        raise TableError(problems)
    others = [name for name in columns if name not in (key, total)]
    texts = {name: [plain(text) for text in table.text(name)] for name in (total, *(parts or others))}
    index = pd.Index([str(unit) for unit in table.text(key)], name=key)
    words = [name for name in others if parts is None and not any(map(_is_number, texts[name]))]
    frame = pd.DataFrame({name: texts[name] for name in parts or others if name not in words}, index=index)
    found = identify_weights(frame, pd.Series(texts[total], index=index), **options)
    if not words:
        return found
    return replace(found, notes=(*found.notes, f"left out, for they hold no numbers: {', '.join(words)}"))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "").replace("−", "-").removesuffix("%"))
    except ValueError:
        return False
    return True
