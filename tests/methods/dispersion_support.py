"""Shared by the tests of the weightings from data: run one, see it refuse, and tables to run it on."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._registry import WEIGHTINGS, keywords
from cityindex.errors import DomainError


def weigh(name: str, ref: Any, **options: Any) -> np.ndarray:
    method = WEIGHTINGS[name]
    assert method.from_data
    assert method.reads_raw
    directions = {"directions": np.asarray(options.pop("directions"), float)} if "directions" in options else {}
    settings = {**method.defaults(), **options}
    assert set(settings) == set(method.options)
    return method.function(np.asarray(ref, float), **keywords(method.function, settings), **directions)


def refused(name: str, ref: Any, match: str, **options: Any) -> DomainError:
    with pytest.raises(DomainError, match=match) as caught:
        weigh(name, ref, **options)
    return caught.value


def peers() -> tuple[Any, Any]:
    """The weights of pymcdm and scikit-criteria; both warn while they are imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pymcdm.weights
        from skcriteria.preprocessing import weighters
    return pymcdm.weights, weighters


def quietly(function: Any, *arguments: Any) -> Any:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return function(*arguments)


# a weighting and its options; all take numbers above 0
CASES: list[tuple[str, dict[str, Any]]] = [
    ("entropy", {}),
    ("entropy", {"scale": "minmax"}),
    ("entropy", {"scale": "minmax", "shift": 0.001}),
    ("entropy", {"scale": "minmax", "shift": "above_zero"}),
    ("standard_deviation", {}),
    ("coefficient_of_variation", {}),
    ("critic", {}),
    ("critic", {"correlation": "spearman", "absolute": True}),
    ("independence", {}),
    ("merec", {}),
    ("cilos", {}),
    ("idocriw", {}),
]
NAMES = [f"{name}-{number}" for number, (name, _) in enumerate(CASES)]


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    """Columns above 0 of random sizes, with ties; the best and the worst unit of each are not those of another."""
    n, k = draw(st.integers(8, 12)), draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 10**6)))
    x = rng.lognormal(0, draw(st.sampled_from([0.05, 0.5, 1.5])), (n, k)) * 10.0 ** rng.integers(-3, 4, k)
    tied = draw(st.integers(0, 2))
    x[1 : 1 + tied] = x[0]
    for j in range(k):
        x[j, j], x[n - 1 - j, j] = 1.2 * x[:, j].max(), 0.8 * x[:, j].min()
    return x
