"""The four rules for children that are missing when a group is aggregated.

A rule settles a group's children, x of shape (n, k): what it returns is aggregated, and ``nan`` that is left there is
a child whose weight the others share. What a group shows of its children stays as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from cityindex._registry import missing_rule
from cityindex._values import Percent
from cityindex.errors import DomainError, nearest
from cityindex.methods._arrays import WORDS, BoolArray, FloatArray, add_children, cells_of, is_word, significant
from cityindex.methods.impute import apply, learn

SIBLINGS = "siblings"  # fill a missing child from the others of the same unit

__all__ = ["SIBLINGS", "enough", "impute", "propagate", "refuse", "reweight", "siblings"]


def enough(present: BoolArray, applies: BoolArray | None = None, *, at_least: int | Percent = 1) -> BoolArray:
    """Whether a row has as many children as are asked for: (…, n, k) → (…, n).

    Parameters
    ----------
    present
        The children that count.
    applies
        The children that apply to the unit at all (None: every one). A share is one of these, and of no more than
        these can be asked.
    at_least
        How many of the k, or which share of them (``60%``).

    Examples
    --------
    >>> enough(np.array([[True, True, False], [True, False, False]]), at_least=Percent(0.6))
    array([ True, False])
    """
    count = present.shape[-1] if applies is None else applies.sum(axis=-1)
    if isinstance(at_least, Percent):
        needed: Any = significant(at_least * count)
    else:
        needed = at_least if applies is None else np.minimum(at_least, count)
    return np.asarray(present.sum(axis=-1) >= needed)


def _check_counts(options: Mapping[str, Any]) -> list[str]:
    problems = []
    at_least, covered = options.get("at_least", 1), options.get("covered")
    if isinstance(at_least, Percent):
        if not 0 < at_least <= 1:
            problems.append(f"at_least: {at_least} is not a share of the children; above 0% and up to 100% is allowed")
    elif at_least < 1:
        problems.append(f"at_least: {at_least} children; 1 or more is allowed")
    if covered is not None and not 0 < covered <= 1:
        problems.append(f"covered: {covered} is not a share; above 0% and up to 100% is allowed")
    return problems


def _blank(x: FloatArray, rows: BoolArray) -> FloatArray:
    return np.where(rows[..., None], np.nan, x)


def siblings(x: FloatArray) -> FloatArray:
    """Gaps filled with the mean of the row's other numbers; a row without any stays empty.

    >>> siblings(np.array([[1.0, np.nan, 3.0]]))
    array([[1., 2., 3.]])
    """
    there = ~np.isnan(x)
    with np.errstate(invalid="ignore"):
        mean = add_children(np.where(there, x, 0.0)) / there.sum(axis=-1)
    return np.where(there, x, mean[..., None])


@missing_rule()
def refuse(x: FloatArray) -> FloatArray:
    """Missing children are an error that lists them.

    Raises
    ------
    DomainError
        With the cells (row, child) that are missing.

    Examples
    --------
    >>> refuse(np.array([[1.0, 2.0]]))
    array([[1., 2.]])
    """
    gaps = np.isnan(x)
    if gaps.any():
        raise DomainError("a child is missing, and this group refuses that", cells=cells_of(gaps))
    return x


@missing_rule()
def propagate(x: FloatArray) -> FloatArray:
    """A unit that lacks a child gets no value: its whole row becomes missing.

    Examples
    --------
    >>> propagate(np.array([[1.0, np.nan], [1.0, 2.0]]))
    array([[nan, nan], [ 1.,  2.]])
    """
    return _blank(x, np.asarray(np.isnan(x).any(axis=-1)))


@missing_rule(bare="at_least", check_option=_check_counts)
def reweight(
    x: FloatArray,
    coverage: FloatArray | None = None,
    applies: BoolArray | None = None,
    *,
    at_least: int | Percent = 1,
    covered: Percent | None = None,
) -> FloatArray:
    """Those present share the weights of the missing, if enough are there; else the unit gets no value.

    Parameters
    ----------
    x
        The children, shape (n, k).
    coverage
        The share of each child's own children that is present, shape (n, k); needed for `covered`.
    applies
        Which children apply to which unit, shape (n, k), where not all do to all.
    at_least
        How many of the children must count, or which share of them (``60%``).
    covered
        A child counts if at least that share of its own children is present. One that does not count keeps its
        weight if it is there.

    Returns
    -------
    `x` with the rows emptied that have too few.

    Examples
    --------
    >>> reweight(np.array([[1.0, np.nan, 3.0], [np.nan, np.nan, 3.0]]), at_least=2)
    array([[ 1., nan,  3.], [nan, nan, nan]])
    """
    counts = ~np.isnan(x)
    if covered is not None and coverage is not None:
        counts &= significant(coverage) >= significant(float(covered))
    return _blank(x, ~enough(counts, applies, at_least=at_least))


def _check_impute(options: Mapping[str, Any]) -> list[str]:
    use = options.get("use", "mean")
    problems = _check_counts(options)
    if isinstance(use, str) and use != SIBLINGS and not is_word(use):
        hint = nearest(use, (*WORDS, "p5", "p95", SIBLINGS))
        problems.append(f"use: {use!r} is neither a number, nor a word to be learned, nor {SIBLINGS}.{hint}")
    return problems


def _learn(ref: FloatArray, *, use: float | str = "mean") -> dict[str, FloatArray]:
    return {} if use == SIBLINGS else learn(ref, use=use)


@missing_rule(learn=_learn, bare="use", check_option=_check_impute)
def impute(
    x: FloatArray,
    params: Mapping[str, Any],
    *,
    use: float | str = "mean",
    within: str | None = None,
    at_least: int | Percent = 1,
) -> FloatArray:
    """A missing child gets its mean in the reference (or another word, or a number), if enough others are there.

    With ``siblings`` it gets the mean of the unit's own other children, as they stand side by side (normalised, where
    their steps normalise): the weights do not count in that mean.

    Parameters
    ----------
    x
        The children, shape (n, k).
    params
        ``{"value": (k,)}``, as the step `impute` learns it.
    use
        A word (min, max, mean, median, p5), a number, or ``siblings``.
    within
        A label column: learned and filled once per label. The caller's business; no part of this function.
    at_least
        How many children must be there, or which share of them (``60%``); else the unit gets no value.

    Returns
    -------
    `x` filled, with the rows emptied that have too few.

    Examples
    --------
    >>> impute(np.array([[1.0, np.nan], [np.nan, np.nan]]), {"value": [4.0, 5.0]})
    array([[ 1.,  5.], [nan, nan]])
    """
    filled = siblings(x) if use == SIBLINGS else apply(x, params, use=use)
    return _blank(filled, ~enough(~np.isnan(x), at_least=at_least))
