"""Reading of the claims that are no numbers: orders, sets, tiers, names."""

from __future__ import annotations

from typing import Any

from cityindex.auditing.claims.context import BAD, Context, choice, names, text, wrong
from cityindex.auditing.claims.kinds import FIRST
from cityindex.auditing.claims.model import Cells, Number, Rows, Saying, Test
from cityindex.auditing.claims.picking import ends
from cityindex.auditing.claims.terms import cells_of, exact, flag, number_of, option, rows_of, whole
from cityindex.spec.tree import Items, Pairs, Tree

__all__ = ["saying_of"]


def saying_of(kind: str, read: dict[str, Tree], context: Context) -> Any:
    """The body of an order, a set, a tier or a name."""
    if kind == "name":
        return _name(read, context)
    of = rows_of(read["of"], "of", read, context)
    if of is not BAD and not isinstance(of, Cells):
        columns = ", ".join(context.sheets[of.table].columns[:20])
        return wrong(read["of"], "of", f"table.column; the columns are {columns}", context.problems)
    if kind == "set":
        return _set(of, read, context)
    first = option(read, "first", lambda t, n, c: choice(FIRST)(t, n, c.problems), context, "highest")
    if kind == "order":
        return _order(of, first, read, context)
    return _tier(of, first, read, context)


def _order(of: Any, first: Any, read: dict[str, Tree], context: Context) -> Any:
    units: Any
    if isinstance(read["units"], Pairs):
        units = cells_of(read["units"], "units", context)
    else:
        units = BAD if of is BAD else context.units(read["units"], "units", of.rows.table)
    start = option(read, "from", whole, context)
    if BAD in (of, first, units, start):
        return BAD
    if isinstance(units, tuple) and len(units) < 2 and start is None:
        return wrong(read["units"], "units", "two names or more", context.problems)
    return Saying(of, units, key=context.key, first=first, start=start)


def _set(of: Any, read: dict[str, Tree], context: Context) -> Any:
    tree = read["names"]
    printed: Any
    if isinstance(tree, Pairs):
        printed = cells_of(tree, "names", context)
    elif isinstance(tree, Items):
        printed = names(tree, "names", context.problems)
    else:
        printed = wrong(tree, "names", "a list of names, or {of: table.column, where: …}", context.problems)
    subset = option(read, "subset", flag, context, False)
    return BAD if BAD in (of, printed, subset) else Saying(of, printed, key=context.key, subset=subset)


def _tier(of: Any, first: Any, read: dict[str, Tree], context: Context) -> Any:
    cuts = _cuts(read["cuts"], first, context)
    labels = names(read["labels"], "labels", context.problems)
    if BAD not in (cuts, labels) and len(labels) != len(cuts) + 1:
        message = f"labels: {len(labels)} for {len(cuts)} cuts; there has to be one more than there are cuts"
        context.problems.add(read["labels"].at, message)
        labels = BAD
    if ("tier" in read) == ("unit" in read):
        context.problems.add(read["of"].at, "a tier needs either 'tier' (the column of printed tiers) or 'unit'")
        return BAD
    tier: Any = None
    units: Any = ()
    if of is not BAD and "tier" in read:
        tier = _tier_column(read["tier"], of, context)
    if of is not BAD and "unit" in read:
        units = context.units(read["unit"], "unit", of.rows.table)
    if BAD in (of, cuts, labels, first, tier, units):
        return BAD
    return Saying(of, units, key=context.key, first=first, cuts=cuts, labels=labels, tier=tier)


def _tier_column(tree: Tree, of: Cells, context: Context) -> Any:
    found = context.reference(tree, "tier")
    if found is BAD:
        return BAD
    if found[0] != of.rows.table or not found[1]:
        return wrong(tree, "tier", f"a column of the table {of.rows.table!r}", context.problems)
    return found[1]


def _cuts(tree: Tree, first: str, context: Context) -> Any:
    """Bounds from the best tier down."""
    if not isinstance(tree, Items) or not tree.items:
        return wrong(tree, "cuts", "a list of numbers, from the best down", context.problems)
    read = [number_of(item, f"cuts[{i}]", context) for i, item in enumerate(tree.items)]
    if BAD in read:
        return BAD
    cuts = tuple(Number(each.text, exact(each)) for each in read)
    values = [ends(cut.interval)[0] for cut in cuts]
    if values != sorted(set(values), reverse=first == "highest"):
        down = "fall" if first == "highest" else "rise (first: lowest)"
        return wrong(tree, "cuts", f"numbers that {down} from one to the next", context.problems)
    return cuts


def _name(read: dict[str, Tree], context: Context) -> Any:
    tree = read["elsewhere"]
    items = tree.items if isinstance(tree, Items) else [tree]
    if not items:
        return wrong(tree, "elsewhere", "a name, {name: …, line: …} or a list of them", context.problems)
    found = [_elsewhere(item, context) for item in items]
    if BAD in found:
        return BAD
    return Saying(None, elsewhere=tuple(each for each, _ in found), places=tuple(place for _, place in found))


def _elsewhere(tree: Tree, context: Context) -> Any:
    """A name, and where it stands."""
    if not isinstance(tree, Pairs):
        read = text(tree, "elsewhere", context.problems)
        return read if read is BAD else (read, "")
    if "of" in tree.entries:
        return _cell(tree, context)
    read = context.keys(tree, "elsewhere", ("name", "line"), "a name elsewhere", ("name",))
    if read is BAD:
        return BAD
    name = text(read["name"], "elsewhere.name", context.problems)
    line = option(read, "line", whole, context)
    return BAD if BAD in (name, line) else (name, "" if line is None else f"line {line}")


def _cell(tree: Pairs, context: Context) -> Any:
    read = context.keys(tree, "elsewhere", ("of", "unit", "where"), "a cell", ("of",))
    if read is BAD:
        return BAD
    cells = rows_of(read["of"], "elsewhere.of", read, context)
    if cells is BAD:
        return BAD
    if not isinstance(cells, Cells):
        return wrong(read["of"], "elsewhere.of", "table.column", context.problems)
    if "unit" in read:
        units = context.units(read["unit"], "unit", cells.rows.table)
        if units is BAD:
            return BAD
        cells = with_unit(cells, units, context.key)
    return cells, str(cells)


def with_unit(cells: Cells, units: tuple[str, ...], key: str) -> Cells:
    """The same cells, of those units only."""
    rows = cells.rows
    return Cells(Rows(rows.table, (*rows.where, Test(key, "is", units)), rows.top), cells.column)
