"""What COINr, pymcdm, scikit-criteria and SPSSAU call normalisations, as steps: agreement, or the difference."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from steps_support import run
from support import shared

from cityindex.errors import DomainError

Steps = list[tuple[str, dict[str, Any]]]
X = np.array([[3.5, 12.0, 0.4, 900.0], [7.0, 3.0, 0.9, 40.0], [1.25, 8.0, 0.1, 310.0], [7.0, 5.5, 0.3, 77.0]])
NAN = np.nan


def through(x: np.ndarray, steps: Steps, direction: int = 1) -> np.ndarray:
    """Steps one after another; `direction` -1 reflects the first that turns, as the engine does."""
    from cityindex._registry import STEPS

    for name, options in steps:
        x = run(name, x, **options)
        reflect = STEPS[name].reflect
        if direction < 0 and reflect is not None:
            x, direction = reflect({**STEPS[name].defaults(), **options}) - x, 1
    return x


def rescale(start: float | str, end: float | str, to: tuple[float, float] = (0.0, 1.0)) -> Steps:
    return [("rescale", {"from": (start, end), "to": to})]


# -- COINr 1.1.14, its eleven functions: an indicator where less is better is multiplied by -1 first ------------------


def ranks(x: np.ndarray) -> np.ndarray:
    return pd.Series(x).rank(method="min").to_numpy()


def linear(x: np.ndarray, start: float, end: float, to: tuple[float, float] = (0, 1)) -> np.ndarray:
    return (x - start) / (end - start) * (to[1] - to[0]) + to[0]


REF = 7  # the unit that n_dist2ref compares with

# name -> its formula on a column already multiplied by the direction, and the steps here for either direction
COINR: dict[
    str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], Steps], Callable[[np.ndarray], Steps]]
] = {
    "n_minmax": (
        lambda x: linear(x, x.min(), x.max(), (1, 100)),
        lambda x: [("minmax", {"to": (1.0, 100.0)})],
        lambda x: [("minmax", {"to": (1.0, 100.0)})],
    ),
    "n_zscore": (
        lambda x: (x - x.mean()) / x.std(ddof=1) * 10 + 100,
        lambda x: [("zscore", {"centre": 100.0, "scale": 10.0})],
        lambda x: [("zscore", {"centre": 100.0, "scale": 10.0})],
    ),
    "n_dist2max": (
        lambda x: 1 - (x.max() - x) / (x.max() - x.min()),
        lambda x: [("minmax", {})],
        lambda x: [("minmax", {})],
    ),
    "n_dist2ref": (
        lambda x: 1 - (x[REF] - x) / (x[REF] - x.min()),
        lambda x: rescale("min", float(x[REF])),
        lambda x: rescale("max", float(x[REF])),
    ),
    "n_rank": (ranks, lambda x: [("rank", {})], lambda x: [("rank", {"first": "highest"})]),
    "n_borda": (
        lambda x: ranks(x) - 1,
        lambda x: [("rank", {"start": 0})],
        lambda x: [("rank", {"start": 0, "first": "highest"})],
    ),
    "n_prank": (
        lambda x: (ranks(x) - 1) / (len(x) - 1),
        lambda x: [("percent_rank", {})],
        lambda x: [("percent_rank", {"ties": "max"})],
    ),
}


@functools.cache
def asem() -> tuple[np.ndarray, np.ndarray]:
    meta = pd.read_csv(shared("asem", "00_iMeta.csv"))
    meta = meta[meta["Type"] == "Indicator"].set_index("iCode")
    data = pd.read_csv(shared("asem", "05_treated.csv"))[list(meta.index)].to_numpy(float)
    # COINr ranks bits; numbers that are written alike are alike here
    return np.array([[float(f"{value:.12g}") for value in row] for row in data]), meta["Direction"].to_numpy()


@pytest.mark.parametrize("name", list(COINR))
def test_coinr(name):
    formula, more, less = COINR[name]
    data, directions = asem()
    for j, direction in enumerate(directions):
        x = data[:, j]
        if name == "n_dist2ref" and x[REF] == (x.min() if direction > 0 else x.max()):
            continue  # COINr divides by 0; here it is refused (below)
        ours = through(x, (more if direction > 0 else less)(x), direction)
        np.testing.assert_allclose(ours, formula(x * direction), rtol=1e-9, atol=1e-9)


def test_coinr_scaled_and_fracmax_and_goalposts():
    x = X[:, 0]
    np.testing.assert_allclose(through(x, rescale(1.0, 9.0, (0.0, 100.0))), linear(x, 1, 9, (0, 100)))
    np.testing.assert_allclose(through(x, rescale(0.0, "max")), x / x.max())
    np.testing.assert_allclose(through(x, [("relative", {"base": "max", "scale": 1.0})]), x / x.max())
    np.testing.assert_allclose(run("goalposts", x, goalposts=[(2, 6)], to=(0.0, 10.0)), np.clip((x - 2) / 4, 0, 1) * 10)


def test_coinr_caps_at_a_target_or_reference():
    y = through(X[:, 1], [*rescale("min", 8.0), ("clip", {"high": 1.0})])
    np.testing.assert_allclose(y, np.minimum(1 - (8 - X[:, 1]) / (8 - 3), 1))


# With direction -1 its n_fracmax is x / min: 1, 50, 100 for 1, 50, 100, so the worst unit scores highest.
def test_what_coinr_does_to_the_fraction_of_the_maximum_where_less_is_better():
    x = np.array([1.0, 50.0, 100.0])
    theirs = -x / (-x).max()
    assert theirs.argmax() == 2
    assert through(x, [("relative", {"base": "min", "inverse": True})]).tolist() == [100, 2, 1]
    np.testing.assert_allclose(through(x, rescale("max", 0.0)), 1 - x / 100)


def test_a_reference_unit_that_is_the_worst_is_refused():
    with pytest.raises(DomainError, match="leaves nothing to scale"):
        through(X[:, 1], rescale("min", 3.0))


# -- pymcdm 1.4.0 -----------------------------------------------------------------------------------------------------

MINMAX: Steps = [("minmax", {})]
PYMCDM: dict[str, tuple[Steps, Steps]] = {
    "minmax_normalization": (MINMAX, MINMAX),
    "max_normalization": (rescale(0.0, "max"), rescale("max", 0.0)),
    "sum_normalization": ([("share", {})], [("share", {"inverse": True})]),
    "vector_normalization": ([("vector", {})], [("vector", {})]),
    "linear_normalization": (
        [("relative", {"base": "max", "scale": 1.0})],
        [("relative", {"base": "min", "scale": 1.0, "inverse": True})],
    ),
    "nonlinear_normalization": (
        [("relative", {"base": "max", "scale": 1.0}), ("power", {"exponent": 2})],
        [("relative", {"base": "min", "scale": 1.0, "inverse": True}), ("power", {"exponent": 3})],
    ),
    "enhanced_accuracy_normalization": (
        [*rescale("max", "min"), ("share", {}), *rescale(0.0, 1.0, (1.0, 0.0))],
        [*rescale("min", "max"), ("share", {}), *rescale(0.0, 1.0, (1.0, 0.0))],
    ),
    "zavadskas_turskis_normalization": (rescale(0.0, "max"), rescale("min", 0.0, (1.0, 2.0))),
}


def pymcdm(name: str, x: np.ndarray, *, cost: bool) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm import normalizations

        return np.asarray(getattr(normalizations, name)(x, cost))


@pytest.mark.parametrize("name", list(PYMCDM))
@pytest.mark.parametrize("cost", [False, True])
def test_pymcdm(name, cost):
    for x in X.T:
        ours = through(x, PYMCDM[name][cost], -1 if cost else 1)
        np.testing.assert_allclose(ours, pymcdm(name, x, cost=cost), rtol=1e-9, atol=1e-12)


def test_the_logarithmic_normalisation_of_pymcdm_is_the_share_of_logarithms():
    x = np.array([2.0, 8.0, 4.0])
    np.testing.assert_allclose(
        through(x, [("log", {}), ("share", {})]), pymcdm("logarithmic_normalization", x, cost=False)
    )
    below_one = np.array([0.1, 8.0, 4.0])  # its logarithms are of both signs: pymcdm gives "shares" below 0
    assert pymcdm("logarithmic_normalization", below_one, cost=False).min() < 0
    with pytest.raises(DomainError, match="numbers from 0 on"):
        through(below_one, [("log", {}), ("share", {})])


def test_what_pymcdm_makes_of_a_constant_column_and_of_a_gap():
    assert pymcdm("minmax_normalization", np.array([4.0, 4.0]), cost=False).tolist() == [1, 1]
    with pytest.raises(DomainError, match="every unit has the same number, 4"):
        run("minmax", [4.0, 4.0])
    assert np.isnan(pymcdm("vector_normalization", np.array([3.0, NAN, 4.0]), cost=False)).all()
    np.testing.assert_allclose(run("vector", [3.0, NAN, 4.0]), [0.6, NAN, 0.8])


def test_a_negative_maximum_turns_the_order_in_pymcdm():
    x = np.array([-1.0, -2.0, -4.0])
    assert pymcdm("linear_normalization", x, cost=False).argmax() == 2
    with pytest.raises(DomainError, match=r"the base \(max\) is -1; a ratio needs a base above 0"):
        run("relative", x, base="max")


# -- scikit-criteria 0.10 ---------------------------------------------------------------------------------------------

SKCRITERIA: dict[str, tuple[Steps, Steps | None]] = {
    "StandarScaler": ([("zscore", {"sd": "population"})], None),
    "MinMaxScaler": (MINMAX, None),
    "MaxAbsScaler": ([("relative", {"base": "max", "scale": 1.0})], None),
    "VectorScaler": ([("vector", {})], None),
    "SumScaler": ([("share", {})], None),
    "CenitDistanceMatrixScaler": (MINMAX, MINMAX),
    "MinMaxInverter": (MINMAX, MINMAX),
    "NegateMinimize": ([], rescale(0.0, 1.0, (0.0, -1.0))),
    "InvertMinimize": ([], [("power", {"exponent": -1})]),
    "BenefitCostInverter": PYMCDM["linear_normalization"],
}


def skcriteria(name: str, x: np.ndarray, objectives: list[int]) -> np.ndarray:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import skcriteria as skc
        from skcriteria.preprocessing import invert_objectives, scalers

        made = getattr(scalers, name, None) or getattr(invert_objectives, name)
        scaler = made(target="matrix") if name.endswith("Scaler") and "Cenit" not in name else made()
        return scaler.transform(skc.mkdm(x, objectives)).matrix.to_numpy()


@pytest.mark.parametrize("name", list(SKCRITERIA))
def test_scikit_criteria(name):
    more, less = SKCRITERIA[name]
    objectives = [1, 1, 1, 1] if less is None else [1, -1, 1, -1]
    theirs = skcriteria(name, X, objectives)
    for j, objective in enumerate(objectives):
        ours = through(X[:, j], more if objective > 0 else less or [], objective)
        np.testing.assert_allclose(ours, theirs[:, j], rtol=1e-9, atol=1e-12)


def test_what_scikit_criteria_makes_of_a_constant_column_a_gap_a_zero_and_a_negative_sum():
    constant = np.column_stack([X[:, 0], np.full(4, 5.0)])
    assert skcriteria("MinMaxInverter", constant, [1, 1])[:, 1].tolist() == [0, 0, 0, 0]
    gap = np.column_stack([X[:, 0], [1.0, NAN, 2.0, 3.0]])
    assert skcriteria("MinMaxInverter", gap, [1, 1])[:, 1].tolist() == [0, 0, 0, 0]  # the whole criterion is gone
    np.testing.assert_allclose(run("minmax", gap[:, 1]), [0, NAN, 0.5, 1])
    zero = np.column_stack([X[:, 0], [0.0, 1.0, 2.0, 4.0]])
    assert skcriteria("BenefitCostInverter", zero, [1, -1])[:, 1].tolist() == [0, 0, 0, 0]  # the best unit has 0
    with pytest.raises(DomainError, match=r"the base \(min\) is 0"):
        run("relative", zero[:, 1], base="min", inverse=True)
    negative = skcriteria("SumScaler", np.array([[-5.0, 1.0], [1.0, 1.0], [2.0, 1.0]]), [1, 1])[:, 0]
    assert negative.argmax() == 0  # the lowest number has the highest share
    with pytest.raises(DomainError, match="numbers from 0 on"):
        run("share", [-5.0, 1.0, 2.0])


# -- SPSSAU and the textbooks: their names, by their formulas ---------------------------------------------------------

K, P, Q = 5.0, 4.0, 8.0
SPSSAU: dict[str, tuple[Callable[[np.ndarray], np.ndarray], Steps]] = {
    "标准化 S": (lambda x: (x - x.mean()) / x.std(ddof=1), [("zscore", {})]),
    "归一化 MMS, 正向化 MMS": (lambda x: (x - x.min()) / (x.max() - x.min()), MINMAX),
    "逆向化 NMMS": (lambda x: (x.max() - x) / (x.max() - x.min()), rescale("max", "min")),
    "区间化": (lambda x: 1 + (x - x.min()) / (x.max() - x.min()), [("minmax", {"to": (1.0, 2.0)})]),
    "均值化 MC": (lambda x: x / x.mean(), [("relative", {"base": "mean", "scale": 1.0})]),
    "最小值化 MinS": (lambda x: x / x.min(), [("relative", {"base": "min", "scale": 1.0})]),
    "最大值化 MaxS": (lambda x: x / x.max(), [("relative", {"base": "max", "scale": 1.0})]),
    "求和归一化 SN": (lambda x: x / x.sum(), [("share", {})]),
    "平方和归一化 SSN": (lambda x: x / np.sqrt((x**2).sum()), [("vector", {})]),
    "固定值化": (lambda x: 1 - abs(x - K) / abs(x - K).max(), [("interval", {"best": K})]),
    "近区间化": (
        lambda x: 1 - np.maximum(np.maximum(P - x, x - Q), 0) / max(P - x.min(), x.max() - Q),
        [("interval", {"best": (P, Q)})],
    ),
    "适度化 -|x - k|": (lambda x: -abs(x - K), [("distance", {"to": K}), *rescale(0.0, 1.0, (0.0, -1.0))]),
}


@pytest.mark.parametrize("name", list(SPSSAU))
def test_spssau(name):
    formula, steps = SPSSAU[name]
    x = X[:, 1]
    np.testing.assert_allclose(through(x, steps), formula(x), rtol=1e-12, atol=1e-12)
