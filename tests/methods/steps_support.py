"""Shared by the tests of the steps: run one as the engine does, and columns to run it on."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from hypothesis import strategies as st

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._registry import STEPS, keywords


def learn(name: str, ref: Any, **options: Any) -> dict[str, Any]:
    """What a step learns of the reference, after a journey through JSON."""
    method = STEPS[name]
    if method.learn is None:
        return {}
    learned = method.learn(np.asarray(ref, float), **keywords(method.learn, {**method.defaults(), **options}))
    return json.loads(json.dumps(learned, default=np.ndarray.tolist, allow_nan=False))


def apply(name: str, x: Any, params: dict[str, Any], **options: Any) -> np.ndarray:
    method = STEPS[name]
    settings = {**method.defaults(), **options}
    return method.function(np.asarray(x, float), params, **keywords(method.function, settings))


def run(name: str, x: Any, *, ref: Any = None, goalposts: Any = None, **options: Any) -> np.ndarray:
    """A step learned of `ref` (None: of `x` itself) and applied to `x`; one column where `x` is a list of numbers."""
    columns = np.asarray(x, float)
    columns = columns[:, None] if columns.ndim == 1 else columns
    if STEPS[name].uses_goalposts:
        params = {"low": [pair[0] for pair in goalposts], "high": [pair[1] for pair in goalposts]}
    else:
        reference = columns if ref is None else np.asarray(ref, float).reshape(-1, columns.shape[-1])
        params = learn(name, reference, **options)
    y = apply(name, columns, params, **options)
    return y[:, 0] if np.ndim(x) == 1 else y


def sign(name: str, **options: Any) -> int:
    return STEPS[name].sign_of({**STEPS[name].defaults(), **options})


def problems(name: str, **options: Any) -> list[str]:
    check = STEPS[name].check_option
    assert check is not None
    return check(options)


# a step, its options, and the numbers it takes
CASES: list[tuple[str, dict[str, Any], str]] = [
    ("rescale", {"from": (0.0, 10.0), "to": (5.0, -5.0)}, "any"),
    ("rescale", {"from": ("min", "max"), "to": (0.0, 100.0)}, "any"),
    ("rescale", {"from": ("max", "p5"), "to": (0.0, 1.0)}, "any"),
    ("rescale", {"from": (0.0, "max"), "to": (0.1, 0.7)}, "positive"),
    ("goalposts", {"goalposts": (2.0, 7.5), "to": (0.0, 100.0)}, "any"),
    ("goalposts", {"goalposts": (7.5, 2.0), "beyond": "allow"}, "any"),
    ("goalposts", {"goalposts": (2.0, 7.5), "scale": "log"}, "positive"),
    ("minmax", {}, "any"),
    ("minmax", {"to": (100.0, 1.0), "beyond": "hold"}, "any"),
    ("zscore", {}, "any"),
    ("zscore", {"sd": "population"}, "any"),
    ("percent_rank", {}, "any"),
    ("percent_rank", {"ties": "max", "formula": "highest", "above": 0.0, "to": (0.0, 100.0)}, "any"),
    ("percent_rank", {"ties": "average", "formula": "midpoint"}, "any"),
    ("percent_rank", {"formula": "exclusive", "to": (1.0, 0.0)}, "any"),
    ("percent_rank", {"formula": "share"}, "any"),
    ("rank", {}, "any"),
    ("rank", {"first": "highest", "ties": "average"}, "any"),
    ("clip", {"low": "p5", "high": 12.0}, "any"),
    ("clip", {"high": "median"}, "any"),
    ("winsorise", {"points": 3, "skewness": 0.5, "kurtosis": 0.0}, "any"),
    ("winsorise", {"quantiles": (0.1, 0.9)}, "any"),
    ("fences", {}, "spread"),
    ("treat", {"points": 2, "skewness": 0.5, "kurtosis": 0.0}, "inside"),
    ("log_shift", {}, "inside"),
    ("log_gii", {}, "inside"),
    ("boxcox", {}, "inside"),
    ("boxcox", {"lambda": -0.5}, "positive"),
    ("yeo_johnson", {}, "inside"),
    ("yeo_johnson", {"lambda": 0.3}, "any"),
    ("impute", {"use": "median"}, "any"),
    ("impute", {"use": -1.5}, "any"),
    ("log", {"plus": 0.5}, "positive"),
    ("power", {"exponent": 0.5}, "positive"),
    ("power", {"exponent": -1.0}, "positive"),
    ("power", {"exponent": 3.0}, "any"),
    ("exponential", {}, "unit"),
    ("round", {"digits": 1}, "any"),
    ("round", {"digits": -1, "how": "down"}, "any"),
    ("distance", {"to": (2.0, 5.0)}, "any"),
    ("bands", {"cuts": (2.0, 5.0), "points": (3.0, 1.0, 0.0)}, "any"),
    ("goalposts", {"goalposts": (2.0, 7.5), "to": (60.0, 100.0), "scale": "exponential"}, "any"),
    ("zscore", {"centre": 100.0, "scale": 10.0}, "any"),
    ("rank", {"start": 0}, "any"),
    ("share", {}, "positive"),
    ("share", {"total": 100.0, "inverse": True}, "positive"),
    ("vector", {}, "any"),
    ("relative", {"base": "max"}, "positive"),
    ("relative", {"base": "p25", "scale": 1.0, "inverse": True}, "positive"),
    ("relative", {"base": 7.0}, "any"),
    ("robust", {"spread": "iqr"}, "spread"),
    ("robust", {"centre": 50.0, "scale": 10.0}, "spread"),
    ("logistic", {"midpoint": "median", "steepness": 2.0, "per": "sd"}, "any"),
    ("logistic", {"midpoint": 3.0, "steepness": 0.5, "to": (100.0, 1.0)}, "any"),
    ("gaussian", {"best": 5.0, "width": 2.0, "per": "sd", "to": (0.0, 100.0)}, "any"),
    ("gaussian", {"best": "mean", "width": 3.0}, "any"),
    ("interval", {"best": (2.0, 5.0)}, "any"),
    ("interval", {"best": 4.0, "outer": ("min", "max"), "beyond": "allow"}, "any"),
    ("interval", {"best": 4.0, "outer": (0.0, 9.0), "to": (1.0, 100.0)}, "any"),
    ("categories", {"scores": {"1": 0.0, "2": 40.0, "5": 100.0}}, "code"),
    ("percentile_bands", {"cuts": ("min", "max"), "points": (0.0, 1.0, 3.0)}, "any"),
    ("percentile_bands", {"cuts": ("min", 5.0, "max"), "points": (3.0, 1.0, 0.0, 0.0)}, "any"),
    ("efficacy", {}, "any"),
    ("efficacy", {"from": ("max", "min"), "form": "exponential"}, "spread"),
    ("efficacy", {"from": (2.0, 6.0), "form": "exponential", "beyond": "hold"}, "any"),
    ("piecewise", {"at": (-5.0, 2.0, 7.0), "to": (20.0, 60.0, 100.0), "before": 0.0}, "any"),
    ("piecewise", {"at": ("max", 5.0, "min"), "to": (0.0, 10.0, 20.0), "after": "allow"}, "any"),
]
NAMES = [f"{name}-{number}" for number, (name, _, _) in enumerate(CASES)]


@st.composite
def columns(draw: st.DrawFn, domain: str = "any", *, gaps: bool = True) -> np.ndarray:
    """A table (n × k) in the memory order the engine has; every column holds two numbers that differ."""
    numbers = {
        "any": st.one_of(st.integers(-20, 20).map(lambda n: n / 2), st.floats(-1e6, 1e6, allow_subnormal=False)),
        "positive": st.one_of(st.integers(1, 40).map(lambda n: n / 2), st.floats(1e-3, 1e6)),
        "unit": st.floats(0, 1, allow_subnormal=False),
        "inside": st.floats(1, 8),
        "code": st.sampled_from([1.0, 2.0, 5.0]),
    }.get(domain, st.floats(-1e3, 1e3, allow_subnormal=False))
    cell = st.one_of(numbers, numbers, st.just(np.nan)) if gaps else numbers
    n, k = draw(st.integers(3, 10)), draw(st.integers(1, 3))
    rows = draw(st.lists(st.lists(cell, min_size=k, max_size=k), min_size=n, max_size=n))
    ends = {"unit": [0.25, 0.75], "code": [1.0, 5.0]}.get(domain, [1.0, 8.0])
    if domain == "spread":  # no number fills half of a column
        rows += [[1.25 * row + column for column in range(k)] for row in range(n + 2)]
    if domain == "inside":  # between the ends, and no few numbers are the column
        rows += [[float(number)] * k for number in np.linspace(1, 8, n + 2)]
    return np.array(rows + [[end] * k for end in ends], order="F")


def grid(domain: str) -> np.ndarray:
    """A table of three alike columns over most of a domain, in the memory order the engine has."""
    numbers = {"unit": np.linspace(0.1, 0.9, 21), "code": np.resize([1.0, 2.0, 5.0], 21)}
    return np.tile(numbers.get(domain, np.linspace(0.5, 9.0, 21)), (3, 1)).T


def posts(options: dict[str, Any], x: np.ndarray) -> dict[str, Any]:
    """The goalposts of a case, for each column."""
    return {"goalposts": [options["goalposts"]] * x.shape[-1]} if "goalposts" in options else {}


def without_posts(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if name != "goalposts"}
