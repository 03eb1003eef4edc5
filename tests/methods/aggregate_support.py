"""Shared by the tests of the aggregators: run one as the engine does, and groups of children to run it on."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._registry import AGGREGATORS, keywords

NAN = np.nan


def learn(name: str, ref: Any, w: Any, **options: Any) -> tuple[dict[str, Any], ...]:
    """What an aggregator learns of the reference, after a journey through JSON; nothing where it learns nothing."""
    method = AGGREGATORS[name]
    if method.learn is None:
        return ()
    learned = method.learn(np.asarray(ref, float), np.asarray(w, float), **keywords(method.learn, options))
    return (json.loads(json.dumps(learned, default=np.ndarray.tolist, allow_nan=False)),)


def run(name: str, x: Any, w: Any, *known: Any, ref: Any = None, **options: Any) -> np.ndarray:
    """The aggregate, given what was learned (nothing said: of `ref`, or of `x` itself)."""
    x, w = np.asarray(x, float), np.asarray(w, float)
    known = known or learn(name, x if ref is None else ref, w, **options)
    return AGGREGATORS[name].function(x, w, *known, **options)


def parts(name: str, x: Any, w: Any, *known: Any, **options: Any) -> np.ndarray:
    x, w = np.asarray(x, float), np.asarray(w, float)
    known = known or learn(name, x, w, **options)
    return AGGREGATORS[name].parts(x, w, *known, **options)


def problems(name: str, **options: Any) -> list[str]:
    return AGGREGATORS[name].check_option({**AGGREGATORS[name].defaults(), **options})


@st.composite
def groups(
    draw: st.DrawFn, gaps: bool = False, low: float = 1e-2, high: float = 1e3, units: int = 2
) -> tuple[np.ndarray, np.ndarray]:
    """Numbers of some units and children, perhaps with gaps, and weights; no child is the same everywhere.

    The last unit has every child, so that there is always something to learn from.
    """
    n, k = draw(st.integers(units, 7)), draw(st.integers(2, 6))
    number = st.one_of(st.floats(low, high), st.integers(1, 9).map(float))
    x = draw(hnp.arrays(np.float64, (n, k), elements=number))
    x = np.vstack([x, np.full(k, low), np.linspace(1, 2, k) * high])
    if gaps:
        absent = draw(hnp.arrays(np.bool_, x.shape))
        absent[-2:] = False
        x = np.where(absent, NAN, x)
    return x, draw(hnp.arrays(np.float64, k, elements=st.one_of(st.just(1.0), st.floats(0.01, 10))))
