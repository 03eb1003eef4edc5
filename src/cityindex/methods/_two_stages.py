"""What the two stages of `treat` find for each column: limits that hold it, or a curve that bends it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, extremes, significant
from cityindex.methods._curves import Tail, box_cox, fit_powers, gii_logs, log_of, shifted_logs, yeo_johnson_of
from cityindex.methods._shape import Lists, acceptable, hold_lists, limits, present, skewness_kurtosis

__all__ = ["Force", "Rule", "Stages", "Transform", "bend", "find_stages"]

Transform = Literal["log_shift", "log_gii", "boxcox", "yeo_johnson", "none"]
Force = Literal["winsorise", "transform", "neither"]

LOG = ("start", "scale", "plus")  # what is kept of a logarithm; of a power, λ


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The options, as they are said."""

    points: int = 5
    transform: Transform = "log_shift"
    tail: Tail = "upper"
    share: float = 0.01
    skewness: float = 2.0
    kurtosis: float = 3.5
    combine: bool = False
    force: Force | None = None


@dataclass(frozen=True, slots=True)
class Stages:
    """What the two stages find for each column.

    `low` and `high` are the limits of winsorising, `tried` the columns it was tried on, `kept` those where it stays;
    `curve` holds the parameters of the transformation, or nothing.
    """

    low: Lists
    high: Lists
    curve: Lists
    tried: BoolArray
    kept: BoolArray

    def params(self) -> dict[str, Lists]:
        low, high = ([v if k else [] for v, k in zip(side, self.kept, strict=True)] for side in (self.low, self.high))
        return {"low": low, "high": high, "curve": self.curve}


def find_stages(ref: FloatArray, rule: Rule) -> Stages:
    """The first stage where the shape fails (or is not asked), the second where the first did not do."""
    bottom, top = extremes(ref)
    skew, kurt = skewness_kurtosis(ref)
    treated = ~acceptable(skew, kurt, rule.skewness, rule.kurtosis)
    if rule.force is not None:
        treated = np.full(len(skew), rule.force != "neither")
    tried = treated & (rule.force != "transform" and rule.points > 0)
    if treated.any():
        varies = significant(bottom) != significant(top)
        tried &= varies
        treated &= varies | (rule.force is not None)
    low: Lists = [[] for _ in skew]
    high: Lists = [[] for _ in skew]
    second = treated.copy()
    ends = (rule.skewness, rule.kurtosis) if rule.force is None else (-np.inf, -np.inf)
    for j in np.flatnonzero(tried):
        low[j], high[j], passes = limits(present(ref[:, j]), rule.points, *ends)
        second[j] = not passes
    second &= rule.force != "winsorise" and rule.transform != "none"
    start = hold_lists(ref, low, high) if rule.combine else ref
    return Stages(low, high, _curves(start, second, rule), tried, ~second | rule.combine)


def _curves(ref: FloatArray, which: BoolArray, rule: Rule) -> Lists:
    """The parameters of the transformation of some columns; empty lists for the others."""
    found: Lists = [[] for _ in which]
    columns = np.flatnonzero(which)
    if not len(columns):
        return found
    try:
        learned = _learn_curves(ref[:, columns], rule)
    except DomainError as error:
        cells = [(row, columns[j]) for row, j in error.cells]
        where = columns[list(error.columns)] if error.columns else ()
        raise DomainError(f"transform: {rule.transform}: {error.reason}", columns=where, cells=cells) from None
    for j, params in zip(columns, learned.tolist(), strict=True):
        found[j] = params
    return found


def _learn_curves(ref: FloatArray, rule: Rule) -> FloatArray:
    if rule.transform in ("boxcox", "yeo_johnson"):
        return fit_powers(ref, rule.transform)[:, None]
    learned = gii_logs(ref) if rule.transform == "log_gii" else shifted_logs(ref, rule.share, None, rule.tail)
    return np.column_stack([learned[name] for name in LOG])


def bend(x: FloatArray, curves: FloatArray, transform: Transform) -> FloatArray:
    """Columns transformed, each by its own curve: those of `find_stages`, one row per parameter."""
    if transform == "boxcox":
        return box_cox(x, curves[0])
    if transform == "yeo_johnson":
        return yeo_johnson_of(x, curves[0])
    return log_of(x, dict(zip(LOG, curves, strict=True)))
