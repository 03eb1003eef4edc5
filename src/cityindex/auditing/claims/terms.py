"""Reading of what claims are computed from: numbers, rows, cells, measures."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from cityindex.auditing.claims.context import BAD, Context, choice, names, text, wrong
from cityindex.auditing.claims.kinds import FIRST, MEASURES, NUMBER, TESTS, TOP
from cityindex.auditing.claims.model import Cells, Measure, Number, Rows, Test, Top, Unknown
from cityindex.auditing.claims.sheets import number_in
from cityindex.spec.scalars import BOOLEANS
from cityindex.spec.tree import Items, Pairs, Scalar, Tree

__all__ = ["cells_of", "flag", "measure_of", "number_of", "option", "rounding_of", "rows_of", "term_of"]

NUMBERS = "a number as it is printed (57.3), {value: …}, or {kind: …, of: …}"


def flag(tree: Tree, name: str, context: Context) -> Any:
    """`true` or `false`."""
    if isinstance(tree, Scalar) and tree.plain and tree.text in BOOLEANS:
        return BOOLEANS[tree.text]
    return wrong(tree, name, "true or false", context.problems)


def number_of(tree: Tree, name: str, context: Context, rounded: Fraction | None = None) -> Any:
    """A number as it is printed."""
    if not isinstance(tree, Scalar) or tree.empty:
        return wrong(tree, name, NUMBERS, context.problems)
    interval = number_in(tree.text, rounded)
    if interval is None:
        return wrong(tree, name, NUMBERS, context.problems)
    return Number(tree.text.strip(), interval)


def whole(tree: Tree, name: str, context: Context) -> Any:
    """A whole number from 1."""
    if isinstance(tree, Scalar) and tree.text.isascii() and tree.text.isdecimal() and 0 < int(tree.text) < 10**9:
        return int(tree.text)
    return wrong(tree, name, "a whole number from 1", context.problems)


def rounding_of(tree: Tree, name: str, context: Context) -> Any:
    """To what numbers without decimals are rounded: `true` is 1; None for `false`."""
    if isinstance(tree, Scalar) and tree.plain and tree.text in BOOLEANS:
        return Fraction(1) if BOOLEANS[tree.text] else None
    read = number_of(tree, name, context)
    if read is BAD or not read.interval.middle > 0:
        return wrong(tree, name, "true, or the unit that is rounded to (100)", context.problems)
    return read.interval.middle


def option(read: dict[str, Tree], key: str, reader: Any, context: Context, default: Any = None) -> Any:
    """What stands under a key, or the default where it is left out."""
    return reader(read[key], key, context) if key in read else default


def term_of(tree: Tree, name: str, context: Context) -> Any:
    """One number: printed, not printed, or computed."""
    if isinstance(tree, Scalar):
        if not tree.empty and number_in(tree.text) is None and context_has(tree, context):
            hint = f" For a column say how: {{kind: sum, of: {tree.text}}}."
            return wrong(tree, name, NUMBERS, context.problems, hint)
        return number_of(tree, name, context)
    if not isinstance(tree, Pairs):
        return wrong(tree, name, NUMBERS, context.problems)
    if "unknown" in tree.entries:
        read = context.keys(tree, name, ("unknown",), "a number that is not printed")
        return BAD if read is BAD else BAD if _whole(read["unknown"], context) is BAD else Unknown()
    if "of" not in tree.entries and "kind" not in tree.entries:
        return _literal(tree, name, context)
    kind = "value"
    if "kind" in tree.entries:
        kind = choice(tuple(MEASURES))(tree.entries["kind"].tree, f"{name}.kind", context.problems)
        if kind is BAD:
            return BAD
    what = f"the number of kind {kind!r}"
    read = context.keys(tree, name, ("kind", *MEASURES[kind].keys), what, MEASURES[kind].needed)
    return BAD if read is BAD else measure_of(kind, read, context)


def context_has(tree: Scalar, context: Context) -> bool:
    """Whether the text begins with the name of a table."""
    return tree.text.split(".")[0] in set(context.sheets)


def _whole(tree: Tree, context: Context) -> Any:
    return choice(("whole",))(tree, "unknown", context.problems)


def _literal(tree: Tree, name: str, context: Context) -> Any:
    read = context.keys(tree, name, NUMBER, "a printed number", ("value",))
    if read is BAD:
        return BAD
    rounded = option(read, "rounded", rounding_of, context)
    line = option(read, "line", whole, context)
    number = number_of(read["value"], f"{name}.value", context, None if rounded is BAD else rounded)
    return BAD if BAD in (rounded, line, number) else Number(number.text, number.interval, line)


def measure_of(kind: str, read: dict[str, Tree], context: Context) -> Any:
    """A measure from its keys."""
    of = _of(kind, read, context)
    table = of.table if isinstance(of, Rows) else of.rows.table if isinstance(of, Cells) else ""
    values: dict[str, Any] = {
        "other": _other(kind, read, of, context),
        "how": option(read, "as", lambda t, n, c: choice(MEASURES[kind].words)(t, n, c.problems), context, ""),
        "first": option(read, "first", lambda t, n, c: choice(FIRST)(t, n, c.problems), context, "highest"),
        "times": option(read, "times", number_of, context, Fraction(1)),
        "rounded": option(read, "rounded", rounding_of, context),
        "units": _units(kind, read, table, context),
    }
    if of is BAD or BAD in values.values():
        return BAD
    if isinstance(values["times"], Number):
        values["times"] = values["times"].interval.middle
    return Measure(kind, of, key=context.key, **values)


def _units(kind: str, read: dict[str, Tree], table: str, context: Context) -> Any:
    if "unit" not in read:
        return ()
    if not table:
        if "of" in read and _names_a_table(read["of"], context):
            return BAD  # the table or the column is told already
        return wrong(read["unit"], "unit", "a unit of a table, where `of` is one of its columns", context.problems)
    found = context.units(read["unit"], "unit", table)
    if found is not BAD and kind in ("value", "rank") and len(found) > 1:
        return wrong(read["unit"], "unit", "one name", context.problems)
    return found


def _names_a_table(tree: Tree, context: Context) -> bool:
    return isinstance(tree, Scalar) and number_in(tree.text) is None


def _of(kind: str, read: dict[str, Tree], context: Context) -> Any:
    """What a measure is of, as its kind takes it."""
    tree = read["of"]
    if kind == "difference" or (kind == "share" and "in" in read):
        for key in ("where", "top"):
            if key in read:
                inside = "put it inside `of`: {kind: count, of: …, where: …}"
                context.problems.add(read[key].at, f"{key}: what is compared are single numbers; {inside}")
        return term_of(tree, "of", context)
    if isinstance(tree, Items):
        return _list(kind, tree, read, context)
    printed = isinstance(tree, Pairs) or (isinstance(tree, Scalar) and number_in(tree.text) is not None)
    if kind == "value" and printed:
        return term_of(tree, "of", context)
    if printed:
        return wrong(tree, "of", "table.column, or a list", context.problems)
    found = rows_of(tree, "of", read, context)
    wants_cells = kind not in ("count", "share")
    if isinstance(found, Rows) and wants_cells:
        columns = ", ".join(context.sheets[found.table].columns[:20])
        return wrong(tree, "of", f"table.column; the columns are {columns}", context.problems)
    return found


def _list(kind: str, tree: Items, read: dict[str, Tree], context: Context) -> Any:
    for key in ("where", "top"):
        if key in read:
            context.problems.add(read[key].at, f"{key}: a list has no rows; `of` would have to be table.column")
    if kind == "count":
        return names(tree, "of", context.problems)
    if kind in ("rank", "share", "value"):
        return wrong(tree, "of", "table.column", context.problems)
    return _terms(tree, "of", context)


def _terms(tree: Tree, name: str, context: Context) -> Any:
    if not isinstance(tree, Items) or not tree.items:
        return wrong(tree, name, "a list of numbers", context.problems)
    terms = tuple(term_of(item, f"{name}[{i}]", context) for i, item in enumerate(tree.items))
    return BAD if BAD in terms else terms


def _other(kind: str, read: dict[str, Tree], of: Any, context: Context) -> Any:
    if kind == "difference":
        return term_of(read["minus"], "minus", context)
    if kind == "share" and "in" in read:
        return term_of(read["in"], "in", context)
    if kind != "weighted mean":
        return None
    tree = read["weights"]
    if isinstance(tree, Scalar) and tree.text == "unknown":
        return Unknown()
    if not isinstance(of, Cells):
        terms = _terms(tree, "weights", context)
        if BAD not in (terms, of) and len(terms) != len(of):
            message = f"weights: {len(terms)} for {len(of)} numbers; there has to be one for each"
            context.problems.add(tree.at, message)
            return BAD
        return terms
    found = context.reference(tree, "weights")
    if found is BAD:
        return BAD
    if found[0] != of.rows.table or not found[1]:
        return wrong(tree, "weights", f"a column of the table {of.rows.table!r}", context.problems)
    return Cells(of.rows, found[1])


def rows_of(tree: Tree, name: str, read: dict[str, Tree], context: Context) -> Rows | Cells | Any:
    """The rows of a table, or one column in them: `of` with its `where` and `top`."""
    found = context.reference(tree, name)
    if found is BAD:
        return BAD
    table, column = found
    where = _where(read["where"], table, context) if "where" in read else ()
    top = _top(read["top"], table, context) if "top" in read else None
    if where is BAD or top is BAD:
        return BAD
    rows = Rows(table, where, top)
    return Cells(rows, column) if column else rows


def cells_of(tree: Tree, name: str, context: Context) -> Cells | Any:
    """`table.column`, or the same as a mapping with `of`, `where` and `top`."""
    read = {"of": tree}
    if isinstance(tree, Pairs):
        read = context.keys(tree, name, ("of", "where", "top"), "cells of a table", ("of",))
        if read is BAD:
            return BAD
    found = rows_of(read["of"], name, read, context)
    if isinstance(found, Rows):
        return wrong(read["of"], name, "table.column", context.problems)
    return found


def _top(tree: Tree, table: str, context: Context) -> Any:
    read = context.keys(tree, "top", TOP, "`top`", ("by",))
    sheet = context.sheet(table, tree, "top")
    if BAD in (read, sheet):
        return BAD
    columns = {key: text(read[key], f"top.{key}", context.problems) for key in ("by", "within") if key in read}
    first = option(read, "first", lambda t, n, c: choice(FIRST)(t, n, c.problems), context, "highest")
    number = option(read, "number", whole, context, 1)
    known = [
        context.has(sheet, table, value, read[key], f"top.{key}") for key, value in columns.items() if value != BAD
    ]
    if BAD in (*columns.values(), first, number) or not all(known):
        return BAD
    return Top(columns["by"], first, number, columns.get("within"))


def _where(tree: Tree, table: str, context: Context) -> Any:
    if not isinstance(tree, Pairs) or not tree.entries:
        return wrong(tree, "where", "{column: value}, {column: [values]} or {column: {above: 85}}", context.problems)
    sheet = context.sheet(table, tree, "where")
    tests: list[Any] = []
    for column, (at, value) in tree.entries.items():
        key = Scalar(column, True, at)
        if not context.has(sheet, table, column, key, "where"):
            tests.append(BAD)
        elif isinstance(value, Pairs):
            read = context.keys(value, f"where.{column}", TESTS, "a condition")
            tests += [BAD] if read is BAD else [_test(column, word, each, context) for word, each in read.items()]
        else:
            texts = _texts(value, f"where.{column}", context)
            tests.append(BAD if texts is BAD else Test(column, "is", texts))
    return BAD if BAD in tests else tuple(tests)


def _test(column: str, word: str, tree: Tree, context: Context) -> Any:
    name = f"where.{column}.{word}"
    if word in ("above", "below", "at_least", "at_most"):
        value = term_of(tree, name, context)
        if isinstance(value, Number):
            value = Number(value.text, exact(value))
        if isinstance(value, Unknown):
            value = wrong(tree, name, "a number that is known", context.problems)
    elif word in ("in", "not_in"):
        value = cells_of(tree, name, context)
    else:
        value = _texts(tree, name, context)
    return BAD if value is BAD else Test(column, word, value)


def exact(number: Number) -> Any:
    """A bound is the number itself, and not what is printed like it."""
    middle = number.interval.middle
    return type(number.interval)(middle, middle)


def _texts(tree: Tree, name: str, context: Context) -> Any:
    """Values to compare with; a blank in quotes is one too."""
    if isinstance(tree, Scalar) and not tree.plain and not tree.text.strip():
        return ("",)
    return names(tree, name, context.problems)
