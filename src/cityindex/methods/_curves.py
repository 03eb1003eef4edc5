"""Curves that bend a long tail: shifted logarithms, Box and Cox's powers, Yeo and Johnson's; how they are learned.

A shifted logarithm is y = s · ln(scale · (x - start) + plus), s the sign of the scale, so that it always rises.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import BoolArray, FloatArray, cells_of, extremes, like, refuse_constant
from cityindex.methods._shape import skewness_kurtosis

__all__ = ["Tail", "box_cox", "fit_powers", "gii_logs", "log_of", "shifted_logs", "yeo_johnson_of"]

Tail = Literal["upper", "lower", "longer"]
Curve = Callable[[FloatArray, Any], FloatArray]

POWERS = np.linspace(-5.0, 5.0, 41)  # where the likelihood is looked at first; outside of them none is learned


# -- shifted logarithms -----------------------------------------------------------------------------------------------


def shifted_logs(ref: FloatArray, share: float, plus: float | None, tail: Tail) -> dict[str, FloatArray]:
    """Start, scale and plus of ln(x - min + plus), or of its mirror image -ln(max - x + plus); (k,) each."""
    low, high = extremes(ref)
    refuse_constant(low, high, "a shifted logarithm needs a range")
    upper = ~(skewness_kurtosis(ref)[0] < 0) if tail == "longer" else np.full(len(low), tail == "upper")
    added = share * (high - low) if plus is None else np.full(len(low), float(plus))
    return {"start": np.where(upper, low, high), "scale": np.where(upper, 1.0, -1.0), "plus": added}


def gii_logs(ref: FloatArray) -> dict[str, FloatArray]:
    """Start, scale and plus of ln((max - 1)(x - min) / (max - min) + 1); (k,) each."""
    low, high = extremes(ref)
    refuse_constant(low, high, "this logarithm needs a range")
    wrong = np.flatnonzero(high <= 1)
    if len(wrong):
        reason = f"the highest number is {high[wrong[0]]:.12g}; it must be above 1 (else the formula turns the order)"
        raise DomainError(reason, columns=wrong)
    return {"start": low, "scale": (high - 1) / (high - low), "plus": np.ones(len(low))}


def log_of(x: FloatArray, params: Mapping[str, Any]) -> FloatArray:
    """The shifted logarithm of columns; what lies so far outside the reference that there is none is refused."""
    start, scale, plus = (np.asarray(params[name], np.float64) for name in ("start", "scale", "plus"))
    out: FloatArray = np.subtract(x, start, out=like(x))
    out *= scale
    out += plus
    _refuse(out <= 0, "so far beyond the reference that the shifted logarithm does not exist")
    np.log(out, out=out)
    out *= np.sign(scale)
    return out


# -- powers -----------------------------------------------------------------------------------------------------------


def box_cox(x: FloatArray, power: Any) -> FloatArray:
    """(x^λ - 1) / λ, ln x where λ is 0; one λ, or one per column."""
    _refuse(x <= 0, "Box and Cox's powers need numbers above 0")
    return _powered(np.log(x, out=like(x)), power)


def yeo_johnson_of(x: FloatArray, power: Any) -> FloatArray:
    """Box and Cox's power λ of 1 + x where x is not negative, else minus their power 2 - λ of 1 - x."""
    negative = x < 0
    out = np.abs(x, out=like(x))
    out = _powered(np.log1p(out, out=out), np.where(negative, 2.0 - np.asarray(power), power))
    return np.negative(out, out=out, where=negative)


def _powered(logs: FloatArray, power: Any) -> FloatArray:
    """(exp(λ u) - 1) / λ; u where λ is 0. Accurate near 0 too."""
    power = np.asarray(power, np.float64)
    straight = power == 0
    with np.errstate(over="ignore"):
        out: FloatArray = np.multiply(logs, power, out=like(logs))
        np.expm1(out, out=out)
    _refuse(np.isinf(out), "its power is too large a number")
    out /= np.where(straight, 1.0, power)
    np.copyto(out, logs, where=straight)
    return out


def _refuse(wrong: BoolArray, reason: str) -> None:
    if wrong.any():
        raise DomainError(reason, cells=cells_of(wrong))


# -- learned powers ---------------------------------------------------------------------------------------------------


def fit_powers(ref: FloatArray, family: Literal["boxcox", "yeo_johnson"]) -> FloatArray:
    """The λ of greatest likelihood for each column, on its present numbers; (k,)."""
    refuse_constant(*extremes(ref), "a power can only be learned of numbers that differ")
    if family == "boxcox":
        _refuse(ref <= 0, "Box and Cox's powers need numbers above 0")
    gaps = np.isnan(ref)
    return np.array([_most_likely(np.sort(ref[~gaps[:, j], j]), family, j) for j in range(ref.shape[1])])


def _most_likely(column: FloatArray, family: str, number: int) -> float:
    from scipy.optimize import minimize_scalar

    deviance = _deviance_box_cox(column) if family == "boxcox" else _deviance_yeo_johnson(column)
    found = [deviance(float(power)) for power in POWERS]
    best = int(np.argmin(found))
    if best in (0, len(POWERS) - 1):
        reason = f"the likelihood still rises at lambda {POWERS[best]:g}: say lambda, or use another transformation"
        raise DomainError(reason, columns=[number])
    ends = (float(POWERS[best - 1]), float(POWERS[best + 1]))
    return float(minimize_scalar(deviance, bounds=ends, method="bounded", options={"xatol": 1e-10}).x)


def _deviance_box_cox(column: FloatArray) -> Callable[[float], float]:
    """-2/n times the profile likelihood: the logarithm of the variance, of x over its geometric mean."""
    logs = np.log(column)
    logs -= logs.mean()
    return lambda power: _log_variance(logs, power)


def _deviance_yeo_johnson(column: FloatArray) -> Callable[[float], float]:
    logs, negative = np.log1p(np.abs(column)), column < 0
    signs = np.where(negative, -1.0, 1.0)
    slope = 2 * float(np.mean(signs * logs))

    def deviance(power: float) -> float:
        return _log_variance(logs, np.where(negative, 2 - power, power), signs) - (power - 1) * slope

    return deviance


def _log_variance(logs: FloatArray, power: Any, signs: Any = 1.0) -> float:
    with np.errstate(all="ignore"):
        power = np.asarray(power, np.float64)
        straight = power == 0
        out = np.where(straight, logs, np.expm1(logs * power) / np.where(straight, 1.0, power)) * signs
        found = float(np.log(np.var(out)))
    return found if np.isfinite(found) else np.inf
