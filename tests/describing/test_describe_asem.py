"""Agreement of descriptions with COINr 1.1.14 on its worked example (ASEM), to 1e-9."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from test_agreement_asem import aggregates, indicators, read, tree, turned

import cityindex as ci

TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def raw():
    """The raw table under a spec without directions: COINr looks at numbers as they stand."""
    return ci.describe(ci.load_spec(tree()), read("01_raw_dset.csv"))


@pytest.fixture(scope="module")
def scored():
    spec = tree(turned, steps=[{"minmax": {"to": [0, 100]}}])
    return ci.describe(ci.score(spec, read("05_treated.csv")))


def close(got, expected, **options):
    np.testing.assert_allclose(np.asarray(got, float), np.asarray(expected, float), rtol=0, atol=TOLERANCE, **options)


def test_the_19_statistics(raw):
    """`get_stats`, flags included; one count differs, and why is told in tests/methods/test_distribution.py."""
    expected = read("09_stats_Raw.csv").set_index("iCode")
    got = raw.columns().loc[expected.index]
    names = {
        "Min": "min", "Max": "max", "Mean": "mean", "Median": "median", "Std": "sd", "Skew": "skewness",
        "Kurt": "kurtosis", "N.Avail": "available", "N.Same": "same", "Frc.Avail": "share", "Frc.Same": "same_share",
    }  # fmt: skip
    for theirs, ours in names.items():
        close(got[ours], expected[theirs], err_msg=theirs)
    close(got["available"] - got["zeros"], expected["N.NonZero"])
    close(1 - got["zeros"] / got["available"], expected["Frc.NonZero"])
    unlike = got["distinct"] != expected["N.Unique"]
    assert list(got.index[unlike]) == ["TolMin"]
    close((got["distinct"] / got["available"])[~unlike], expected["Frc.Unique"][~unlike])
    flags = {
        "Flag.Avail": np.where(got["share"] >= 0.65, "ok", "LOW"),
        "Flag.NonZero": np.where(1 - got["zeros"] / got["available"] >= 0.5, "ok", "LOW"),
        "Flag.Unique": np.where(got["distinct"] / got["available"] >= 0.5, "ok", "LOW"),
        "Flag.SkewKurt": np.where(got["shape"], "ok", "OUT"),
    }
    for name, words in flags.items():
        np.testing.assert_array_equal(words, expected[name], err_msg=name)


def test_availability_by_unit():
    expected = read("04_screened_summary.csv").set_index("uCode")
    description = ci.describe(ci.load_spec(tree()), read("03_imputed.csv"))
    got = description.availability().loc[expected.index]
    close(got["missing"], expected["N_missing"])
    close(got["zeros"], expected["N_zero"])
    close(got["missing"] + got["zeros"], expected["N_miss_or_zero"])
    close(got["share"], expected["Dat_Avail"])
    close(got["nonzero_share"], expected["Non_Zero"])
    screened = description.screen(0.9)
    assert list(screened.units["passes"]) == list(expected["Included"])
    assert len(screened.table) == len(read("04_screened.csv"))


def test_availability_by_group_is_that_of_its_indicators(raw):
    """No file of COINr's holds it: counted here from the cells."""
    cells = read("01_raw_dset.csv").set_index("uCode")
    meta = read("00_iMeta.csv")
    got = raw.availability("groups")
    for pillar in meta[meta.Level == 2].iCode:
        children = meta[(meta.Parent == pillar) & (meta.Type == "Indicator")].iCode
        if len(children):
            close(got[pillar], cells[list(children)].notna().mean(axis=1), err_msg=pillar)
    close(got["Index"], cells.notna().mean(axis=1))


def test_correlations_of_all_raw_indicators(raw):
    expected = read("09_corr_raw_level1_pearson.csv")
    got = raw.correlations(stage="raw")
    assert len(expected) == got.size == 49**2
    for row in expected.itertuples():
        assert got.loc[row.Var1, row.Var2] == pytest.approx(row.Correlation, abs=TOLERANCE)


def test_correlations_with_the_parent(scored):
    expected = read("09_corr_agg_1_2_withparent.csv").set_index(["Var1", "Var2"])["Correlation"]
    got = scored.correlations(with_="parent")
    assert len(got) == len(expected) == 49
    for row in got.itertuples():
        assert row.r == pytest.approx(expected[row._2, row.node], abs=TOLERANCE)


def test_alpha(raw, scored):
    expected = read("09_cronbach.csv").set_index(["dset", "iCode"])["alpha"]
    for data, description in (("Raw", raw), ("Normalised", scored)):
        alphas = description.alpha()["alpha"]
        for group in aggregates():
            if (data, group) in expected.index:
                assert alphas[group] == pytest.approx(expected[data, group], abs=TOLERANCE), group
        assert alphas["Index, all indicators"] == pytest.approx(expected[data, "ALL"], abs=TOLERANCE)


def test_principal_components(scored):
    """COINr takes the pillars of the two sub-indices; its loadings are vectors of length 1, of any sign."""
    expected = read("09_pca_loadings_level2.csv")
    for group, rows in expected.groupby("group"):
        got = scored.components(group)
        for component, loadings in rows.groupby("PC"):
            theirs = loadings.set_index("iCode")["loading"]
            ours = got.vectors.loc[theirs.index, component]
            close(ours * np.sign(ours @ theirs), theirs)
            close(np.sqrt(got.variance.loc[component, "eigenvalue"]), loadings["sdev"].iloc[0])
        assert got.units == 51


def test_effective_weights(scored):
    expected = read("09_eff_weights.csv").set_index("iCode")["EffWeight"]
    got = scored.result.weights.set_index("node")["global"]
    close(got, expected[got.index])


def test_an_indicator_that_measures_size():
    """`get_denom_corr`: raw indicators with the columns that others are divided by, and after division."""

    def keys(row):
        return {} if pd.isna(row.Denominator) else {"per": row.Denominator}

    data = read("00_iData.csv")
    description = ci.describe(ci.load_spec(tree(keys)), data)
    got = description.correlations(with_="denominators", stage="read")
    assert set(got.columns) == {"Area", "GDP", "Population", "Energy"}
    for name in indicators():
        for per in got.columns:
            assert got.loc[name, per] == pytest.approx(data[name].corr(data[per]), abs=TOLERANCE)
    flagged = description.flags()
    sizes = flagged[flagged["kind"] == "denominator"]
    after = description.correlations(with_="denominators", stage="raw")
    assert len(sizes) == int((after.abs() >= 0.6).sum().sum())
