"""What was noticed in the blocks, as the notes of the whole."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from cityindex.notes import assumed_weights, ends_told, pooled_tiers
from cityindex.plan import Plan
from cityindex.scale.job import Job, Numbers
from cityindex.spec.model import Group
from cityindex.table import Note

__all__ = ["notes_of_blocks", "numbers_of"]

NAMED = 5  # units named in a sentence
KEPT = 20  # units kept with a note


def numbers_of(noticed: Iterable[Mapping[str, Any]]) -> Numbers:
    """What was noticed of numbers, added up."""
    total = Numbers()
    for each in noticed:
        own = each["numbers"]
        total.add(
            Numbers(
                {(column, trait): (count, first) for column, trait, count, first in own["traits"]},
                {(column, mark): (count, first) for column, mark, count, first in own["marks"]},
                {column: (signed, plain) for column, signed, plain in own["percent"]},
            )
        )
    return total


def notes_of_blocks(
    job: Job,
    noticed: Sequence[Mapping[str, Any]],
    numbers: Numbers,
    periods: Callable[[int], Sequence[str]],
    *,
    known: bool,
) -> list[Note]:
    """The notes that `score` would give, counted over all blocks; of the units only the first are named."""
    plans = [job.plan(part) for part in range(len(job.roles.parts))]
    notes = list(job.roles.notes)
    notes += [Note("numbers", text, column=column) for column, text in numbers.messages()]
    notes += [note for plan in plans for note in assumed_weights(plan)]
    if not known:
        notes += [note for part, plan in enumerate(plans) for note in pooled_tiers(plan, periods(part))]
    notes += _beyond(noticed, known=known)
    notes += _missing(noticed, plans)
    return list(dict.fromkeys(notes))


def _missing(noticed: Sequence[Mapping[str, Any]], plans: Sequence[Plan]) -> Iterator[Note]:
    found: dict[tuple[int, str, str], list[Any]] = {}
    for each in noticed:
        for part, name, kind, cells, rows, units in each["missing"]:
            total = found.setdefault((part, name, kind), [0, 0, []])
            total[0] += cells
            total[1] += rows
            total[2] = [*total[2], *units][:KEPT]
    for (part, name, kind), (cells, rows, units) in found.items():
        group = plans[part].spec.nodes[name]
        assert isinstance(group, Group)  # only groups settle what is missing
        what = {
            "filled": f"{cells} missing children were imputed",
            "shared": "the weights of missing children were shared by the others",
            "blank": f"no value, for missing children ({group.missing.name})",
        }[kind]
        yield Note("missing", f"{name}: {what} in {_units(rows)}", node=name, units=tuple(units))


def _beyond(noticed: Sequence[Mapping[str, Any]], *, known: bool) -> Iterator[Note]:
    found: dict[tuple[Any, ...], list[Any]] = {}
    for each in noticed:
        for what, below, above, units in each["beyond"]:
            total = found.setdefault(tuple(what), [0, 0, []])
            total[0] += below
            total[1] += above
            total[2] = [*total[2], *units][:KEPT]
    for (node, step, label, low, high, held, learned), (below, above, units) in found.items():
        head = ends_told(step, label, low, high, learned=learned, known=known)
        sides = [
            f"{_units(count)} {side} {end:,.6g}"
            for count, side, end in ((above, "above", high), (below, "below", low))
            if count
        ]
        names = ", ".join(units[:NAMED]) + (", …" if below + above > NAMED else "")
        text = f"{head}: {' and '.join(sides)} ({'held' if held else 'not held'})"
        kind = "beyond" if known or learned else "held"
        yield Note(kind, f"{node}: {text}: {names}", node=node, units=tuple(units))


def _units(count: int) -> str:
    return f"{count:,} unit{'s' if count != 1 else ''}"
