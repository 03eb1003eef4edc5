"""Rankings side by side, and how many tiers a ranking bears: the kernels of `methods`, for results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from cityindex._registry import TIERINGS
from cityindex._values import label_of
from cityindex.errors import DomainError, NotFoundError, ScoreError, nearest
from cityindex.methods import tier_choice as choices
from cityindex.methods import tier_stability as stability
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import First
from cityindex.methods.rank_agreement import RankComparison
from cityindex.methods.rank_agreement import compare_ranks as compare_arrays
from cityindex.result import Result
from cityindex.spec.model import Group

__all__ = ["choose_tiers", "compare_ranks", "tier_stability"]


def compare_ranks(
    a: Any,
    b: Any,
    *,
    node: str | None = None,
    first: First | None = None,
    top: Sequence[int] = (5, 10, 20),
    period: Any = None,
) -> RankComparison:
    """How far two rankings agree: correlations, overlap of the first places, who moved.

    Parameters
    ----------
    a, b
        Results, or ranks or scores by unit (a Series, a mapping of names to numbers), or two arrays of one length.
        Units are matched by name; those in one alone are counted.
    node
        The group of a result that is ranked; None: the index.
    first
        Which end is first in what is no result: ``highest`` for scores, ``lowest`` for ranks (the default). A result
        brings its ranks.
    top
        The numbers of first places whose share in common is wanted.
    period
        Which period of results that have some: a label, or two, ``("2023", "2024")``, for a and b; None: the only one
        that a result has, or the only one that both have.

    Raises
    ------
    ScoreError
        A name twice, what is no number, arrays of two lengths, fewer than two units in both; several periods, of which
        none is named: a rank is one within a period.
    NotFoundError
        A result has no such period.

    Examples
    --------
    >>> found = compare_ranks({"x": 1, "y": 2, "z": 3}, {"y": 1, "x": 2, "z": 3, "w": 4}, top=[2])
    >>> round(found.kendall, 3), found.only_b, found.top
    (0.333, 1, {2: 1.0})
    """
    results = [isinstance(ranking, Result) for ranking in (a, b)]
    _fit(results, node, first, top)
    when = _periods(a, b, period)
    left, right = _by_unit(a, node, "a", when[0]), _by_unit(b, node, "b", when[1])
    if not (any(results) or isinstance(a, _NAMED) or isinstance(b, _NAMED)) and len(left) != len(right):
        raise ScoreError(f"arrays are compared unit by unit: {len(left)} numbers in a, {len(right)} in b")
    if left and right and left.keys().isdisjoint(right):
        named = "; ".join(f"{name}: {_some(own)}" for name, own in (("a", left), ("b", right)))
        raise ScoreError(f"the rankings have no unit in common ({named})")
    if any(results):  # ranks, the lowest first; what stands beside them is brought into that order
        turn = -1.0 if first == "highest" else 1.0
        left, right = (
            own if is_result else {key: turn * value for key, value in own.items()}
            for own, is_result in zip((left, right), results, strict=True)
        )
        first = "lowest"
    names = list(dict.fromkeys([*left, *right]))
    x, y = (np.array([own.get(name, np.nan) for name in names], np.float64) for own in (left, right))
    try:
        return compare_arrays(x, y, [_shown(name) for name in names], tuple(top), first=first or "lowest")
    except DomainError as error:
        raise ScoreError(f"the rankings cannot be compared: {error}") from None


def choose_tiers(
    scores: Any, *, node: str | None = None, most: int = 7, tiering: str = "natural_breaks", seed: int = 0
) -> choices.TierChoice:
    """What speaks for 2 to `most` tiers: silhouettes, the share of variance between tiers, the gap statistic.

    Parameters
    ----------
    scores
        A result, or scores (higher is better).
    node
        The group of a result whose scores are meant (the column it is ranked by); None: the index.
    most
        The most tiers to look at, from 2 on and fewer than different scores.
    tiering
        A tiering that takes a count: natural_breaks, kmeans, hierarchical, mixture.
    seed
        Of the draws of the gap statistic.

    Raises
    ------
    ScoreError
        A tiering without a count; too few different scores; what is no number.

    Examples
    --------
    >>> choose_tiers([1, 2, 3, 11, 12, 13, 31, 32, 33], most=5).by_silhouette
    3
    """
    _whole("most", most, 2)
    _whole("seed", seed, 0)
    try:
        return choices.choose_tiers(_scores(scores, node), most, _tiering(tiering), seed=seed)
    except DomainError as error:
        raise ScoreError(f"tiers cannot be chosen: {error}") from None


def tier_stability(
    scores: Any,
    *,
    count: int,
    node: str | None = None,
    tiering: str = "natural_breaks",
    draws: int = 1000,
    seed: int = 0,
) -> stability.TierStability:
    """How firmly units stand in their tiers when the cuts are learned from units drawn with replacement.

    Parameters
    ----------
    scores, node, tiering
        As in `choose_tiers`.
    count
        How many tiers, from 2 on.
    draws, seed
        How often as many units are drawn, and the seed of it.

    Raises
    ------
    ScoreError
        A tiering without a count; scores that it cannot part; what is no number.

    Examples
    --------
    >>> tier_stability([1.0, 2.0, 3.0, 11.0, 12.0, 13.0], count=2, draws=200).tiers
    array([2, 2, 2, 1, 1, 1])
    """
    for name, value, least in (("count", count, 2), ("draws", draws, 1), ("seed", seed, 0)):
        _whole(name, value, least)
    try:
        found = _scores(scores, node)
        return stability.tier_stability(found, _tiering(tiering), count=count, draws=draws, seed=seed)
    except DomainError as error:
        raise ScoreError(f"tiers cannot be learned: {error}") from None


_NAMED = (pd.Series, Mapping)


def _fit(results: Sequence[bool], node: str | None, first: Any, top: Any) -> None:
    """Refuse what says nothing about these rankings, and words and numbers that are none."""
    if first not in (None, "highest", "lowest"):
        raise ScoreError(f"first: {first!r} is neither highest nor lowest.{nearest(str(first), ('highest', 'lowest'))}")
    if first is not None and all(results):
        raise ScoreError("first: results bring their own ranks, lowest first; leave it out")
    if node is not None and not any(results):
        raise ScoreError(f"node: neither ranking is a result that has a node {node!r}")
    if isinstance(top, str) or not isinstance(top, Iterable):
        raise ScoreError(f"top: a list of whole numbers is wanted, found {top!r}")
    for size in top:
        _whole("top", size, 1)


def _whole(name: str, value: Any, least: int) -> None:
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ScoreError(f"{name}: {value!r} is no whole number from {least} on")


def _periods(a: Any, b: Any, period: Any) -> tuple[str | None, str | None]:
    """The period of each ranking that is compared; None where it has none."""
    held = [tuple(dict.fromkeys(map(label_of, own.periods))) if _dated(own) else () for own in (a, b)]
    pair = period if isinstance(period, tuple | list) else (period, period)
    if len(pair) != 2:
        raise ScoreError(f"period={period!r}: a period is wanted, or two, for a and b")
    if period is not None and not any(held):
        raise ScoreError(f"period={period!r}: neither ranking is a result that has periods")
    common = [one for one in held[0] if one in held[1]]
    found: list[str | None] = []
    for name, own, asked in zip("ab", held, pair, strict=True):
        if not own:
            found.append(None)
        elif asked is not None and label_of(asked) not in own:
            raise NotFoundError(f"{name} has no period {asked!r}.{nearest(label_of(asked), own)}")
        elif asked is None and len(own) > 1 and len(common) != 1:
            raise ScoreError(
                f"{name} holds the periods {_some(own)}, and a rank is one within a period; say period='{own[-1]}'"
            )
        else:
            found.append(label_of(asked) if asked is not None else own[0] if len(own) == 1 else common[0])
    return found[0], found[1]


def _dated(ranking: Any) -> bool:
    return isinstance(ranking, Result) and ranking.periods is not None


def _by_unit(ranking: Any, node: str | None, name: str, period: str | None) -> dict[Any, float]:
    """Unit → number, in one period of a result."""
    if isinstance(ranking, Result):
        ranks, when = ranking.ranks(node), ranking.periods
        return {
            unit: float(ranks[row])
            for row, unit in enumerate(ranking.units)
            if period is None or when is None or label_of(when[row]) == period
        }
    values = _numbers(ranking, f"ranking {name}")
    keys = list(ranking.keys()) if isinstance(ranking, _NAMED) else range(len(values))
    twice = [key for key, count in Counter(keys).items() if count > 1]
    if twice:
        raise ScoreError(f"ranking {name}: {_shown(twice[0])} stands there twice")
    return dict(zip(keys, values.tolist(), strict=True))


def _numbers(given: Any, name: str) -> FloatArray:
    """The numbers of a Series, a mapping or a list; ``nan`` (or None) is missing."""
    try:
        values = np.asarray(list(given.values()) if isinstance(given, Mapping) else given, np.float64)
    except (TypeError, ValueError):
        raise ScoreError(f"{name}: numbers by unit are wanted, found {_brief(given)}") from None
    if values.ndim != 1:
        raise ScoreError(f"{name}: numbers by unit are wanted, found an array of shape {values.shape}")
    if np.isinf(values).any():
        raise ScoreError(f"{name}: an infinite number cannot be placed")
    return values


def _brief(given: Any) -> str:
    text = " ".join(repr(given).split())
    return text if len(text) <= 60 else f"{text[:59]}…"


def _some(names: Iterable[Any]) -> str:
    shown = [_shown(name) for name in names]
    return ", ".join(shown[:3]) + (", …" if len(shown) > 3 else "")


def _shown(key: Any) -> str:
    return f"{key[0]} ({key[1]})" if isinstance(key, tuple) and len(key) == 2 else str(key)


def _scores(scores: Any, node: str | None) -> FloatArray:
    """Scores, higher is better: of a result the column that the node is ranked by."""
    if not isinstance(scores, Result):
        if node is not None:
            raise ScoreError(f"node: these scores are no result that has a node {node!r}")
        return _numbers(scores, "scores")
    found = scores._node(scores.root if node is None else node)
    if isinstance(found, Group):
        return scores.column(found.id, of=found.rank.of) * (1 if found.rank.first == "highest" else -1)
    return scores.column(found.id)


def _tiering(name: str) -> Callable[..., FloatArray]:
    method = TIERINGS[name]
    if "count" not in method.options or name == "equal":
        able = [each.name for each in TIERINGS.values() if "count" in each.options and each.name != "equal"]
        raise ScoreError(f"{name} takes no count of groups to find; allowed: {', '.join(able)}")
    return method.function
