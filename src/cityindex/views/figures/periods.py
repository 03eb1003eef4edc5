"""Ranks or scores from period to period, or from one way of computing to another: lines that cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from cityindex._values import label_of
from cityindex.comparing.record import Comparison
from cityindex.errors import ScoreError
from cityindex.methods._arrays import FloatArray
from cityindex.result import Result
from cityindex.spec.model import Spec
from cityindex.table.periods import in_time
from cityindex.views._effects import side_names
from cityindex.views.figures._canvas import GREY, axes, colours, finish, frameless, heading, inches
from cityindex.views.figures._placing import spread
from cityindex.views.figures._words import (
    Language,
    Words,
    at_least,
    clean,
    number_words,
    one_of,
    shorten,
    unit_names,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["bump", "slope"]

Of = Literal["rank", "score"]
SIZE = 0.27  # inches a line of text takes


@dataclass(frozen=True, slots=True)
class _Lines:
    """Units × columns: ranks and scores, with the names of both."""

    spec: Spec
    columns: tuple[str, ...]
    names: tuple[str, ...]
    ranks: FloatArray
    scores: FloatArray


def bump(
    results: Result | Mapping[str, Result] | Sequence[Result],
    *,
    ax: Axes | None = None,
    node: str | None = None,
    top: int = 15,
    language: Language | None = None,
) -> Axes:
    """Ranks over the periods of a result, or over several results: a line a unit.

    Parameters
    ----------
    results
        A `Result` with periods; or results by name (``{"2023": …, "2024": …}``), or in order (named by their editions).
        Units are matched by their keys; a unit that is not in all of them has a gap.
    ax
        Where to draw; None: a figure of its own.
    node
        The group that is ranked; None: the index.
    top
        Units that are among the first so many in any column are shown.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    ScoreError
        Fewer than two columns.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> before = ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 4.0]})
    >>> after = ci.score(spec, {"city": ["x", "y"], "a": [4.0, 2.0], "b": [3.0, 4.0]})
    >>> ax = ci.plot.bump({"2023": before, "2024": after})
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['2023', '2024']
    """
    found = _gather(results, node, "bump")
    return _draw(found, "rank", at_least(top, "top", 1), ax, node, language)


def slope(
    a: Result | Comparison,
    b: Result | None = None,
    *,
    ax: Axes | None = None,
    node: str | None = None,
    of: Of = "rank",
    names: tuple[str, str] | None = None,
    top: int = 25,
    language: Language | None = None,
) -> Axes:
    """Ranks (or scores) in two results, a line a unit: who rose, who fell.

    Parameters
    ----------
    a, b
        Two results, whose units are matched by their keys; or what `cityindex.compare` gives, alone.
    ax
        Where to draw; None: a figure of its own.
    node
        The group that is compared; None: the index.
    of
        ``rank`` or ``score``.
    names
        What stands above the two; None: their editions.
    top
        Units that are among the first so many in either are shown.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.
    """
    one_of(of, "of", ("rank", "score"))
    if names is not None and (isinstance(names, str) or len(names) != 2 or names[0] == names[1]):
        raise ScoreError(f"names={names!r}: two different names are wanted")
    if isinstance(a, Comparison) and b is None:
        return _draw(_compared(a, names, node, language), of, at_least(top, "top", 1), ax, a.sides[1].node, language)
    for name, one in (("a", a), ("b", b)):
        if isinstance(one, Result) and one.periods is not None and len(set(map(label_of, one.periods))) > 1:
            raise ScoreError(f"{name} has several periods; plot.bump draws them")
    given = [a, b] if names is None else dict(zip(names, (a, b), strict=True))
    return _draw(_gather(given, node, "slope"), of, at_least(top, "top", 1), ax, node, language)


def _compared(found: Comparison, names: tuple[str, str] | None, node: str | None, language: Language | None) -> _Lines:
    """Ranks and scores before and after, of every unit."""
    if node is not None:
        raise ScoreError(f"node={node!r}: a comparison is of {found.sides[1].node}; compare(…, node=…) says of which")
    table, words = found.to_frame(), Words(found.spec, language)
    ranks, scores = (table[[f"{of}_before", f"{of}_after"]].to_numpy(dtype=np.float64) for of in ("rank", "score"))
    called = names or side_names(found.names, words.language)
    return _Lines(found.spec, called, tuple(map(clean, table["label"])), ranks, scores)


def _gather(results: Any, node: str | None, call: str) -> _Lines:
    """Ranks and scores by unit and column."""
    if isinstance(results, Result):
        parts = _periods(results)
    elif isinstance(results, Mapping):
        parts = [(clean(name), one, None) for name, one in results.items()]
    elif isinstance(results, Sequence) and not isinstance(results, str):
        editions = [clean(getattr(getattr(one, "spec", None), "edition", None) or "") for one in results]
        told = len(set(editions)) == len(editions) and all(editions)
        parts = [(editions[at] if told else str(at + 1), one, None) for at, one in enumerate(results)]
    else:
        parts = [("", results, None)]
    for _, one, _ in parts:
        if not isinstance(one, Result):
            raise ScoreError(f"plot.{call} draws results; it was given a {type(one).__name__}")
    if len(parts) < 2:
        raise ScoreError(f"plot.{call} needs two columns or more: a result with several periods, or several results")
    units: dict[str, str] = {}
    ranks: list[dict[str, float]] = []
    scores: list[dict[str, float]] = []
    for _, one, rows in parts:
        own = range(len(one)) if rows is None else rows
        units.update(zip((one.units[row] for row in own), unit_names(one, list(own)), strict=True))
        ranks.append(_by_unit(one, own, one.ranks(node)))
        scores.append(_by_unit(one, own, one.column(node)))
    table = [np.array([[column.get(unit, np.nan) for column in kind] for unit in units]) for kind in (ranks, scores)]
    return _Lines(parts[0][1].spec, tuple(name for name, _, _ in parts), tuple(units.values()), *table)


def _by_unit(result: Result, rows: Sequence[int], values: FloatArray) -> dict[str, float]:
    return {result.units[row]: float(values[row]) for row in rows}


def _periods(result: Result) -> list[tuple[str, Result, Sequence[int] | None]]:
    if result.periods is None:
        return [("", result, None)]
    labels = np.array([label_of(period) for period in result.periods])
    return [(name, result, np.flatnonzero(labels == name).tolist()) for name in in_time(labels.tolist())]


def _draw(found: _Lines, of: Of, top: int, ax: Axes | None, node: str | None, language: Language | None) -> Axes:
    words = Words(found.spec, language)
    shown = np.flatnonzero((found.ranks <= top).any(axis=1))
    if not len(shown):
        raise ScoreError("no unit has a rank: there is nothing to draw")
    order = shown[np.argsort(_last(found.ranks[shown]), kind="stable")]
    values = (found.ranks if of == "rank" else found.scores)[order]
    deepest = int(np.nanmax(found.ranks[order])) if of == "rank" else 0
    ax = axes(ax, 4.6 + 1.25 * len(found.columns), min(1.6 + SIZE * max(len(order), deepest, 4), 14.0))
    for line, colour in zip(values, _shades(found.ranks[order], len(order)), strict=True):
        ax.plot(np.arange(len(line)), line, color=colour, lw=2.0, marker="o", ms=5, mec="white", mew=0.8)
    if of == "rank":
        ax.set_ylim(deepest + 0.6, 0.4)
    names = [shorten(found.names[row], 26) for row in order]
    for column, side in ((0, "right"), (len(found.columns) - 1, "left")):
        _names(ax, values[:, column], names, (column, side), of)
    for row in np.flatnonzero(np.isnan(values[:, [0, -1]]).all(axis=1)):  # named where they are seen last
        last = np.flatnonzero(np.isfinite(values[row]))[-1]
        place: dict[str, Any] = {"xytext": (5, 0), "textcoords": "offset points", "va": "center"}
        ax.annotate(names[row], (last, values[row, last]), fontsize=8.5, **place)
    ax.set_xticks(np.arange(len(found.columns)), labels=[shorten(name, 16) for name in found.columns])
    ax.set_xlim(-0.04, len(found.columns) - 0.96)
    ax.set_yticks([])
    frameless(ax)
    ax.tick_params(axis="x", labelsize=10, bottom=False, labelbottom=False, labeltop=True)
    ax.grid(axis="x", color="#E0E0E0", linewidth=1)
    title = f"{words.node(node or found.spec.index.id)} · {words[of]}"
    heading(ax, title, _told(words, top, len(order), len(found.names)), above=16)
    return finish(ax)


def _told(words: Words, top: int, shown: int, total: int) -> str:
    if shown == total:
        return ""
    if words.language == "zh":
        return f"显示曾居前 {top} 名的 {shown} 个，共 {total} 个"
    return f"the {shown} of {total} units that are among the first {top} at some point"


def _last(ranks: FloatArray) -> FloatArray:
    """The last rank that each unit has."""
    return np.array([own[np.isfinite(own)][-1] if np.isfinite(own).any() else np.inf for own in ranks])


def _shades(ranks: FloatArray, count: int) -> list[str]:
    """A colour of its own for each of a few; of many, for those that moved the most."""
    if count <= 7:
        return colours(count, lines=True)
    with np.errstate(invalid="ignore"):
        moved = np.nan_to_num(np.nanmax(ranks, axis=1) - np.nanmin(ranks, axis=1))
    most = [row for row in np.argsort(-moved, kind="stable")[:7].tolist() if moved[row] > 0]
    own = dict(zip(most, colours(len(most), lines=True), strict=True))
    return [own.get(row, "#B8B8B8") for row in range(count)]


def _names(ax: Axes, values: FloatArray, names: Sequence[str], end: tuple[int, str], of: Of) -> None:
    """The names at one end of the lines, moved apart where they would lie on each other."""
    column, side = end
    there = np.flatnonzero(np.isfinite(values))
    if not len(there):
        return
    low, high = sorted(ax.get_ylim())
    gap = (high - low) * 0.165 / inches(ax)[1]
    said = [f"{value:g}" for value in values] if of == "rank" else number_words(values)
    places = spread(values[there], gap)
    far = np.abs(places - values[there]).max() > gap / 2
    for row, place in zip(there.tolist(), places.tolist(), strict=True):
        text = f"{said[row]}  {names[row]}" if side == "left" else f"{names[row]}  {said[row]}"
        moved = abs(place - values[row]) > gap / 4
        ax.annotate(
            text,
            (column, values[row]),
            xytext=(column + (0.14 if side == "left" else -0.14) * (1 if far else 0.5), place),
            textcoords="data",
            ha=side,
            va="center",
            fontsize=8.5,
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "color": GREY, "lw": 0.6, "shrinkA": 0, "shrinkB": 3} if moved else None,
        )
