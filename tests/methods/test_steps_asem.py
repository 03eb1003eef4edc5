"""Agreement with COINr 1.1.14 on its own example (ASEM), and on two synthetic tables: to 1e-9."""

from __future__ import annotations

import functools

import numpy as np
import pandas as pd
import pytest
from steps_support import learn, run
from support import shared

from cityindex.methods._shape import skewness_kurtosis

TOLERANCE = 1e-9  # COINr writes 17 digits; what is left is the order of its sums


@functools.cache
def table(name: str) -> pd.DataFrame:
    return pd.read_csv(shared("asem", name)).set_index("uCode")


@functools.cache
def meta() -> pd.DataFrame:
    frame = pd.read_csv(shared("asem", "00_iMeta.csv"))
    return frame[frame["Type"] == "Indicator"].set_index("iCode")


def columns(name: str) -> np.ndarray:
    return table(name)[list(meta().index)].to_numpy(float)


def less() -> np.ndarray:
    return meta()["Direction"].to_numpy() < 0


def close(ours: np.ndarray, file: str) -> None:
    np.testing.assert_allclose(ours, columns(file), rtol=TOLERANCE, atol=TOLERANCE)


@pytest.mark.parametrize(
    ("source", "to", "file"),
    [
        ("05_treated.csv", (0.0, 100.0), "06_norm_minmax_0_100.csv"),
        ("05_treated.csv", (1.0, 100.0), "06_norm_minmax_1_100.csv"),
        ("01_raw_dset.csv", (0.0, 100.0), "06_norm_raw_minmax_0_100.csv"),
    ],
)
def test_minmax(source, to, file):
    y = run("minmax", columns(source), to=to)
    close(np.where(less(), sum(to) - y, y), file)


def test_zscore():
    y = run("zscore", columns("05_treated.csv"))
    close(np.where(less(), -y, y), "06_norm_zscore_0_1.csv")


def test_rank():
    x, theirs = columns("05_treated.csv"), columns("06_norm_rank.csv")
    ours = np.where(less(), run("rank", x, first="highest"), run("rank", x))
    apart = ours != theirs
    # COINr ranks by bits: 3.4 and 3.4000000000000004 get two places. Here numbers compare at 12 digits, so they tie.
    assert [f"{value:.12g}" for value in x[apart]] == ["5.1", "5.1", "3.4"]
    np.testing.assert_array_equal(theirs[apart] - ours[apart], 1)


def test_distance_to_a_target_is_a_rescale():
    x, targets = columns("05_treated.csv"), meta()["Target"]
    ours = np.empty_like(x)
    for j, (name, target) in enumerate(targets.items()):
        column = x[:, [j]]
        worst = "max" if less()[j] else "min"
        if (target >= column.max()) if less()[j] else (target <= column.min()):
            pytest.fail(f"{name}: its target is not on the good side")
        ours[:, [j]] = run("rescale", column, **{"from": (worst, float(target)), "to": (0.0, 1.0)})
    close(ours, "06_norm_dist2targ_iMeta.csv")


def test_goalposts():
    x = columns("01_raw_dset.csv")
    low, high = np.nanmin(x, axis=0), np.nanmax(x, axis=0)
    first, second = low + 0.05 * (high - low), low + 0.95 * (high - low)  # so the posts of that file were made
    posts = list(zip(np.where(less(), second, first), np.where(less(), first, second), strict=True))
    close(run("goalposts", x, goalposts=posts, to=(0.0, 100.0)), "06_norm_raw_goalposts.csv")


def test_imputed_means():
    close(run("impute", columns("01_raw_dset.csv")), "03_imputed_raw_i_mean.csv")


def test_skewness_and_kurtosis():
    expected = pd.read_csv(shared("asem", "05_skew_kurt_raw.csv")).set_index("iCode").loc[meta().index]
    skew, kurt = skewness_kurtosis(columns("01_raw_dset.csv"))
    np.testing.assert_allclose(skew, expected["skew"], rtol=TOLERANCE)
    np.testing.assert_allclose(kurt, expected["kurt"], rtol=TOLERANCE)


def test_winsorised_columns_are_equal_to_the_last_bit():
    source = "03_imputed.csv"
    details = pd.read_csv(shared("asem", "05_treated_details.csv")).set_index("iCode")
    y = run("winsorise", columns(source), points=5)
    np.testing.assert_array_equal(y, columns("05_treated.csv"))
    moved = (y != columns(source)).sum(axis=0)
    counts = details["winsorise.nwin"].fillna(0).loc[meta().index]
    np.testing.assert_array_equal(moved, counts)


def test_one_point_at_most():
    details = pd.read_csv(shared("asem", "05_treat_win1_then_logCT_details.csv")).set_index("iCode").loc[meta().index]
    logged = details["check_SkewKurt1.Pass"] == False  # noqa: E712  # blanks are neither
    y = run("winsorise", columns("03_imputed.csv"), points=1)
    kept = ~logged.to_numpy()
    np.testing.assert_array_equal(y[:, kept], columns("05_treat_win1_then_logCT_data.csv")[:, kept])


@pytest.mark.parametrize("size", ["300_50", "3000_100"])
def test_how_many_points_are_moved_in_the_synthetic_tables(size):
    frame = pd.read_csv(shared("bench", f"data_{size}_iData.csv"))
    details = pd.read_csv(shared("bench", f"ref_{size}_treat_details.csv")).set_index("iCode")
    x = frame[list(details.index)].to_numpy(float)
    limits = learn("winsorise", x, points=5)
    high = np.array([values[0] if values else np.inf for values in limits["high"]])
    low = np.array([values[0] if values else -np.inf for values in limits["low"]])
    moved = ((x > high) | (x < low)).sum(axis=0)
    np.testing.assert_array_equal(moved, details["winsorise.nwin"].fillna(0))
    treated = np.clip(x, low, high)
    skew, kurt = skewness_kurtosis(treated)
    tried = details["winsorise.nwin"].notna().to_numpy()
    np.testing.assert_allclose(skew[tried], details["check_SkewKurt1.Skew"][tried], rtol=TOLERANCE)
    np.testing.assert_allclose(kurt[tried], details["check_SkewKurt1.Kurt"][tried], rtol=TOLERANCE)
