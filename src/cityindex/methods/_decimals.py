"""Rounding to significant decimal digits, so that numbers that are written alike are alike to the last bit."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

__all__ = ["COMPARED", "significant"]

FloatArray = npt.NDArray[np.float64]

COMPARED = 12  # significant digits at which values compare: ranks, percent ranks, tiers, bands


@lru_cache(maxsize=32)
def _scales(digits: int) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """By biased binary exponent: the decimal places that `digits` leave, and from which size on it is one fewer."""
    places = np.zeros(2048, np.intp)
    limits = np.full(2048, np.inf)
    for exponent in range(1, 2047):
        power = exponent - 1023
        size = 1 << power if power >= 0 else 10**400 >> -power  # 2**power; below 1 in units of 1e-400
        lead = len(str(size)) - 1 - (0 if power >= 0 else 400)
        places[exponent] = digits - 1 - lead
        limits[exponent] = float(f"{'9' * digits}5e{lead - digits}")  # this and more rounds up to the next power
    return places, limits


EXACT = 22  # the highest power of ten that a float holds exactly
POWERS = np.array([10.0**power for power in range(EXACT + 1)])
NOTHING = 1e-300
CHUNK = 1 << 15  # values handled at once: they stay in cache


def significant(x: npt.ArrayLike, digits: int = COMPARED) -> FloatArray:
    """Each number rounded to so many significant digits; ``nan``, 0 and infinities pass (below 1e-300 is 0).

    Each comes out as the float nearest to that decimal: numbers that are written alike are equal to the last bit, and
    a sum in another order is a tie and not a difference in the 52nd bit.

    Parameters
    ----------
    x
        Any shape; kept, and so is the memory order.
    digits
        1 to 15.

    Examples
    --------
    >>> significant(0.1 + 0.2) == significant(0.3)
    np.True_
    >>> significant([123456.789, -0.000123456789], 4)
    array([ 1.235e+05, -1.235e-04])
    """
    values = np.asarray(x, np.float64)
    order: Literal["C", "F"] = "F" if values.flags.f_contiguous and not values.flags.c_contiguous else "C"
    flat = values.reshape(-1, order=order)
    out = np.empty(flat.shape)
    for start in range(0, flat.size, CHUNK):
        _significant(flat[start : start + CHUNK], digits, out[start : start + CHUNK])
    return out.reshape(values.shape, order=order)


def _significant(x: FloatArray, digits: int, out: FloatArray) -> None:
    places, limits = _scales(digits)
    size = np.abs(x)
    exponent = size.view(np.int64) >> 52
    place = places.take(exponent, mode="clip")
    place -= size >= limits.take(exponent, mode="clip")
    up = POWERS.take(place, mode="clip")  # 1 where places are negative (mode "clip" is also the quick one)
    np.multiply(size, up, out=out)
    if place.min() >= 0:
        np.rint(out, out=out)
    else:
        down = POWERS.take(-place, mode="clip")
        out /= down
        np.rint(out, out=out)
        out *= down
    out /= up
    np.copysign(out, x, out=out)
    if place.min() < -EXACT or place.max() > EXACT:
        rare = np.abs(place) > EXACT
        out[rare] = [float(f"{value:.{digits - 1}e}") if abs(value) >= NOTHING else 0.0 for value in x[rare].tolist()]
