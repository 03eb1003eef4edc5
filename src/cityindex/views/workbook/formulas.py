"""The formulas of a workbook, as texts; `{r}` stands for the row of the unit on the calculation sheet."""

from __future__ import annotations

import math

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.plan import GroupTask
from cityindex.spec.model import Use
from cityindex.views.workbook.book import Book, letter
from cityindex.views.workbook.layout import Layout

__all__ = [
    "column_range",
    "contribution",
    "group_formula",
    "part_formula",
    "published",
    "rank_formula",
    "scaled",
    "significant_formula",
]

WEIGHTS_ROW = 1  # of the calculation sheet


def literal(value: float) -> str:
    """A number as a formula writes it: all its digits, whatever the locale."""
    text = repr(float(value)).upper()
    return f"({text})" if text.startswith("-") else text


def _ranges(layout: Layout, task: GroupTask) -> tuple[str, str]:
    """The weights above the children, and the children of one unit."""
    first, last = layout.calculated(task.children[0]), layout.calculated(task.children[-1])
    return f"{first}${WEIGHTS_ROW}:{last}${WEIGHTS_ROW}", f"{first}{{r}}:{last}{{r}}"


def group_formula(layout: Layout, task: GroupTask) -> str | None:
    """The weighted sum or mean of children side by side, the same for every unit; None where they are not."""
    if not layout.side_by_side(task):
        return None
    weights, cells = _ranges(layout, task)
    total = f"SUMPRODUCT({weights},{cells})"
    if not task.group.aggregate.method.averages:
        return f"={total}"
    return f"={total}/{_weight_present(layout, task, weights, cells)}"


def _weight_present(layout: Layout, task: GroupTask, weights: str, cells: str) -> str:
    """The sum of the weights: of the children that are there, where the others may be missing."""
    shared = task.group.missing.name == "reweight" or bool(np.isnan(layout.settled(task.id).x).any())
    return f"SUMPRODUCT({weights},--ISNUMBER({cells}))" if shared else f"SUM({weights})"


def part_formula(layout: Layout, book: Book, task: GroupTask, place: int, x: FloatArray, carried: FloatArray) -> str:
    """The same, child by child, for one unit: x are its children as they were aggregated, `carried` as they stand.

    A child that was imputed stands as its number; one that is missing is left out.
    """
    there = [k for k in range(len(x)) if not math.isnan(x[k])]
    weights = [f"{book.of('weights')}$D${layout.edges[task.id, task.children[k]]}" for k in there]
    cells = [_cell(layout, book, task, k, place, float(x[k]), float(carried[k])) for k in there]
    total = "+".join(f"{weight}*{cell}" for weight, cell in zip(weights, cells, strict=True))
    if not task.group.aggregate.method.averages:
        return f"={total}"
    return f"=({total})/({'+'.join(weights)})"


def _cell(layout: Layout, book: Book, task: GroupTask, k: int, place: int, x: float, carried: float) -> str:
    child = task.children[k]
    used = task.group.children[k]
    cell = f"{layout.calculated(child)}{place + 3}"
    if isinstance(used, Use) and used.of == "published" and child in layout.tasks:
        return published(layout, child, cell) or literal(x)
    return cell if x == carried else literal(x)


def contribution(layout: Layout, book: Book, path: tuple[str, ...]) -> str:
    """What the leaf at the end of a path adds to the score: its value times its share of the weight, all the way up."""
    sheet, product = book.of("calculation"), ""
    if not any(np.isnan(layout.settled(name).x).any() for name in (layout.result.root, *path[:-1])):
        row = layout.paths["/".join(path)]
        return f"={sheet}{layout.calculated(path[-1])}{{r}}*{book.of('weights')}$F${row}"
    for group, child in zip((layout.result.root, *path), path, strict=False):
        task, weight = layout.tasks[group], f"{book.of('weights')}$D${layout.edges[group, child]}"
        product += f"*{weight}"
        if not task.group.aggregate.method.averages:
            continue
        if layout.side_by_side(task):
            weights, cells = (f"{sheet}{cells}" for cells in _ranges(layout, task))
            product += f"/{_weight_present(layout, task, weights, cells)}"
        else:  # no gaps: the whole weight
            every = [f"{book.of('weights')}$D${layout.edges[group, each]}" for each in task.children]
            product += f"/({'+'.join(every)})"
    return f"={sheet}{layout.calculated(path[-1])}{{r}}{product}"


def scaled(layout: Layout, book: Book, path: tuple[str, ...], group: str, value: float) -> str:
    """A contribution that moves with the weight of a group on its path, inside of which nothing moves."""
    row = layout.paths["/".join(path[: path.index(group) + 1])]
    return f"={literal(value)}*{book.of('weights')}$F${row}/{literal(float(layout.weights['global'].iloc[row - 2]))}"


def published(layout: Layout, group: str, cell: str) -> str:
    """The published score of a group from its carried cell; nothing where it is no formula."""
    rule = layout.rounding(group)
    if rule is None:
        return ""
    function, digits = rule
    if not function:
        return cell
    kept = layout.digits_kept[group]  # float dust is rounded off first
    inner = f"ROUND({cell},{kept})" if digits < kept <= 15 else cell
    return f"{function}({inner},{digits})"


def significant_formula(cell: str) -> str:
    """A number at 12 significant digits, as ranks and tiers compare."""
    return f"IF({cell}=0,0,ROUND({cell},11-INT(LOG10(ABS({cell})))))"


def rank_formula(cell: str, cells: str, ties: str, first: str, periods: tuple[str, str] | None) -> str:
    """A rank among the cells, or among those of the same period (a cell with its number, and all of them)."""
    if periods is None and ties == "min":
        return f"=RANK({cell},{cells},{0 if first == 'highest' else 1})"
    sign = ">" if first == "highest" else "<"
    same = "" if periods is None else f"{periods[1]},{periods[0]},"
    before = f'COUNTIFS({same}{cells},"{sign}"&{cell})'
    level = f"COUNTIFS({same}{cells},{cell})"
    if ties == "min":
        return f"={before}+1"
    return f"={before}+{level}" if ties == "max" else f"={before}+({level}+1)/2"


def column_range(sheet: str, column: int, first: int, count: int) -> str:
    """All the cells of a column of units."""
    name = letter(column)
    return f"{sheet}${name}${first}:${name}${first + count - 1}"
