"""Rankings side by side, and how many tiers a ranking bears: the kernels of `methods`, for results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from cityindex._registry import TIERINGS
from cityindex.errors import DomainError, ScoreError
from cityindex.methods import tier_choice as choices
from cityindex.methods import tier_stability as stability
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank import First
from cityindex.methods.rank_agreement import RankComparison
from cityindex.methods.rank_agreement import compare_ranks as compare_arrays
from cityindex.result import Result

__all__ = ["choose_tiers", "compare_ranks", "tier_stability"]


def compare_ranks(
    a: Any,
    b: Any,
    *,
    node: str | None = None,
    first: First | None = None,
    top: Sequence[int] = (5, 10, 20),
) -> RankComparison:
    """How far two rankings agree: correlations, overlap of the first places, who moved.

    Parameters
    ----------
    a, b
        Results, or ranks or scores by unit (a Series, a mapping of names to numbers), or two arrays of one length.
        Units are matched by name (and period); those in one alone are counted.
    node
        The group of a result that is ranked; None: the index.
    first
        Which end is first: ``highest`` for scores, ``lowest`` for ranks (the default where it is not a result).
        Results bring their ranks.
    top
        The numbers of first places whose share in common is wanted.

    Raises
    ------
    ScoreError
        A name twice, two kinds of numbers, fewer than two units in both.

    Examples
    --------
    >>> found = compare_ranks({"x": 1, "y": 2, "z": 3}, {"y": 1, "x": 2, "z": 3, "w": 4}, top=[2])
    >>> round(found.kendall, 3), found.only_b, found.top
    (0.333, 1, {2: 1.0})
    """
    if first is not None and (isinstance(a, Result) or isinstance(b, Result)):
        raise ScoreError("first: a result brings its own ranks, lowest first; leave it out")
    left, right = _by_unit(a, node, "a"), _by_unit(b, node, "b")
    names = list(dict.fromkeys([*left, *right]))
    x, y = (np.array([own.get(name, np.nan) for name in names], np.float64) for own in (left, right))
    try:
        return compare_arrays(x, y, [_shown(name) for name in names], tuple(top), first=first or "lowest")
    except (DomainError, ValueError) as error:
        raise ScoreError(f"the rankings cannot be compared: {error}") from None


def choose_tiers(
    scores: Any, *, node: str | None = None, most: int = 7, tiering: str = "natural_breaks", seed: int = 0
) -> choices.TierChoice:
    """What speaks for 2 to `most` tiers: silhouettes, the share of variance between tiers, the gap statistic.

    Parameters
    ----------
    scores
        A result, or scores (higher is better).
    tiering
        A tiering that takes a count: natural_breaks, kmeans, hierarchical, mixture.

    Raises
    ------
    ScoreError
        A tiering without a count; too few different scores.

    Examples
    --------
    >>> choose_tiers([1, 2, 3, 11, 12, 13, 31, 32, 33], most=5).by_silhouette
    3
    """
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

    Raises
    ------
    ScoreError
        A tiering without a count; scores that it cannot part.

    Examples
    --------
    >>> tier_stability([1.0, 2.0, 3.0, 11.0, 12.0, 13.0], count=2, draws=200).tiers
    array([2, 2, 2, 1, 1, 1])
    """
    try:
        found = _scores(scores, node)
        return stability.tier_stability(found, _tiering(tiering), count=count, draws=draws, seed=seed)
    except DomainError as error:
        raise ScoreError(f"tiers cannot be learned: {error}") from None


def _by_unit(ranking: Any, node: str | None, name: str) -> dict[Any, float]:
    """Unit → number."""
    pairs: list[tuple[Any, Any]]
    if isinstance(ranking, Result):
        keys: Any = ranking.units if ranking.periods is None else zip(ranking.units, ranking.periods, strict=True)
        pairs = list(zip(keys, ranking.ranks(node), strict=True))
    elif isinstance(ranking, pd.Series | Mapping):
        pairs = [(key, float(value)) for key, value in ranking.items()]
    else:
        values = np.asarray(ranking, np.float64)
        if values.ndim != 1:
            raise ScoreError(f"ranking {name}: numbers by unit are wanted, found an array of shape {values.shape}")
        pairs = list(enumerate(values))
    twice = [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]
    if twice:
        raise ScoreError(f"ranking {name}: {_shown(twice[0])} stands there twice")
    return {key: float(value) for key, value in pairs}


def _shown(key: Any) -> str:
    return f"{key[0]} ({key[1]})" if isinstance(key, tuple) and len(key) == 2 else str(key)


def _scores(scores: Any, node: str | None) -> FloatArray:
    if isinstance(scores, Result):
        rank = scores.spec[scores.root if node is None else node].rank  # type: ignore[union-attr]  # `column` looks it up
        return scores.column(node) * (1 if rank.first == "highest" else -1)
    return np.asarray(scores, np.float64)


def _tiering(name: str) -> Callable[..., FloatArray]:
    method = TIERINGS[name]
    if "count" not in method.options or name == "equal":
        able = [each.name for each in TIERINGS.values() if "count" in each.options and each.name != "equal"]
        raise ScoreError(f"{name} takes no count of groups to find; allowed: {', '.join(able)}")
    return method.function
