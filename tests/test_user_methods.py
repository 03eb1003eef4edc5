"""A user's own step, weighting, aggregator and tiering work from YAML exactly like built-in ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import cityindex as ci

FRAME = pd.DataFrame({"city": ["甲", "乙", "丙"], "a": [1.0, 2.0, 4.0], "b": [10.0, 30.0, 20.0]})


@pytest.fixture(autouse=True)
def registered():
    """Register the methods of this module (conftest.py takes them away again)."""

    def learn_share(ref, *, base: float = 1.0):
        return {"total": np.nansum(ref, axis=0) * base}

    @ci.step("share_of_total", learn=learn_share, sign=+1, bare="base")
    def share_of_total(x, params, *, base: float = 1.0):
        """Each number over the sum of the reference."""
        return x / params["total"]

    @ci.weighting("by_spread", bare="power")
    def by_spread(ref, *, power: float = 1.0):
        """Weights in proportion to the range."""
        spread = np.ptp(ref, axis=0) ** power
        return spread / spread.sum()

    @ci.aggregator("median_child", takes_weights=False)
    def median_child(x, w):
        """The median of the children."""
        return np.nanmedian(x, axis=-1)

    @ci.tiering("above_mean")
    def above_mean(ref):
        """Two tiers: at or above the mean, and below."""
        return np.array([np.nanmean(ref)])


def spec(**index):
    return {
        "cityindex": 1,
        "id": "own",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": ["a", "b"]} | index,
    }


def test_a_step_learns_applies_and_is_calibrated(tmp_path):
    written = spec(children=[{"id": "a", "steps": [{"share_of_total": 2}]}, {"id": "b", "steps": ["share_of_total"]}])
    result = ci.score(written, FRAME)
    np.testing.assert_allclose(result.column("a"), np.array([1, 2, 4]) / 14)
    assert result.calibration.nodes["a"]["steps"][0] == {"total": 14.0}
    saved = result.calibration.save(tmp_path / "c.json")
    one = ci.score(written, FRAME.iloc[[2]], calibration=saved)
    assert one.column("a")[0] == result.column("a")[2]


def test_a_weighting_is_learned_at_its_group():
    result = ci.score(spec(weights={"by_spread": 2}), FRAME)
    assert result.calibration.nodes["score"]["weights"] == pytest.approx({"a": 9 / 409, "b": 400 / 409})
    np.testing.assert_allclose(result.column(), (FRAME.a * 9 + FRAME.b * 400) / 409)


def test_an_aggregator_and_a_tiering():
    result = ci.score(spec(aggregate="median_child", tiers={"above_mean": {}, "labels": ["高", "低"]}), FRAME)
    np.testing.assert_allclose(result.column(), [5.5, 16.0, 12.0])
    assert result.tiers() == ("低", "高", "高")
    np.testing.assert_allclose(result.contributions().values.sum(axis=1), result.column())


@pytest.mark.parametrize(
    ("index", "words"),
    [
        ({"children": [{"id": "a", "steps": [{"share_of_totl": 2}]}]}, ["share_of_totl", "share_of_total"]),
        ({"children": [{"id": "a", "steps": [{"share_of_total": {"bas": 2}}]}]}, ["bas", "base"]),
        ({"children": [{"id": "a", "steps": [{"share_of_total": {"base": "two"}}]}]}, ["base", "two"]),
        ({"weights": {"by_spread": {"powr": 2}}}, ["powr", "power"]),
        ({"aggregate": {"median_child": {"x": 1}}}, ["x", "median_child"]),
        ({"aggregate": "median_child", "children": [{"id": "a", "weight": 1}]}, ["weight"]),
    ],
)
def test_options_are_checked_at_load(index, words):
    with pytest.raises(ci.SpecError) as caught:
        ci.load_spec(spec(**index))
    for word in words:
        assert word in str(caught.value)


def test_a_stated_direction_is_checked_against_its_sign():
    with pytest.raises(ci.SpecError, match="direction"):
        ci.load_spec(spec(children=[{"id": "a", "direction": "less", "steps": ["share_of_total"]}]))


def test_results_that_are_no_weights_are_refused():
    @ci.weighting("broken")
    def broken(ref):
        """Two negative weights."""
        return np.array([-1.0, 2.0])

    with pytest.raises(ci.ScoreError, match="negative"):
        ci.score(spec(weights="broken"), FRAME)


def test_a_built_in_name_cannot_be_taken():
    with pytest.raises(ci.MethodError, match="minmax"):

        @ci.step("minmax")
        def minmax(x, params):
            """Not that one."""
            return x
