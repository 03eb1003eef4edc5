"""Numbers and words as a caller gives them, checked: what was found, and what is wanted."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from cityindex.errors import ScoreError, nearest

__all__ = ["check_run", "mapping", "names", "number", "one_of", "whole"]


def whole(name: str, value: Any, least: int) -> int:
    """A whole number (numpy's too) from `least` on."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        raise ScoreError(f"{name}: {value!r}; a whole number, {least} or more, is wanted")
    return int(value)


def number(name: str, value: Any, *, least: float = -math.inf) -> float:
    """A finite number (numpy's too) from `least` on."""
    if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value) or value < least:
        wanted = "a number is wanted" if least == -math.inf else f"a number from {least:g} on is wanted"
        raise ScoreError(f"{name}: {value!r}; {wanted}")
    return float(value)


def one_of(name: str, value: Any, allowed: Sequence[str]) -> str:
    """One of some words."""
    if not isinstance(value, str) or value not in allowed:
        raise ScoreError(f"{name}: {value!r}; allowed: {', '.join(allowed)}.{nearest(str(value), allowed)}")
    return value


def mapping(name: str, value: Any, wanted: str) -> Mapping[str, Any]:
    """A mapping that says something."""
    if not isinstance(value, Mapping) or not value:
        raise ScoreError(f"{name}: {value!r}; {wanted} is wanted")
    return value


def names(name: str, value: Any) -> tuple[str, ...]:
    """One id, or several, each once."""
    listed = (value,) if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or not listed or not all(isinstance(one, str) for one in listed):
        raise ScoreError(f"{name}: {value!r}; an id, or several in a list, are wanted")
    return tuple(dict.fromkeys(listed))


def check_run(seed: Any, failing: Any, threads: Any) -> tuple[int, int]:
    """The seed and the number of threads, once all that every run of draws is told was checked."""
    one_of("failing", failing, ("stop", "count"))
    return whole("seed", seed, 0), whole("threads", threads, 1)
