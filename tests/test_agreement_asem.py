"""Agreement with COINr 1.1.14 on its worked example (ASEM, 51 units × 49 indicators), to 1e-9.

Each test writes the same step as a spec and compares what the library scores with what COINr wrote out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci

TOLERANCE = 1e-9


def read(name):
    return pd.read_csv(shared("asem", name))


def meta():
    return read("00_iMeta.csv")


def tree(leaf_keys=lambda row: {}, *, aggregate="arithmetic", missing="refuse", steps=(), publish=(), weights=None):
    """The ASEM tree (49 indicators, 8 pillars, 2 sub-indices, 1 index) as a spec."""
    rows = meta()
    given = {row.iCode: float(row.Weight) for row in rows.itertuples() if row.Type in ("Indicator", "Aggregate")}
    given |= weights or {}

    def node(row):
        children = rows[rows.Parent == row.iCode]
        record = {"id": row.iCode, "weight": given[row.iCode]}
        if row.Type == "Indicator":
            return record | leaf_keys(row)
        return record | {"children": [node(child) for child in children.itertuples()]}

    top = next(row for row in rows.itertuples() if row.Type == "Aggregate" and pd.isna(row.Parent))
    index = {key: value for key, value in node(top).items() if key != "weight"}
    defaults = {
        "indicator": {"steps": list(steps), "publish": list(publish)},
        "group": {"aggregate": aggregate, "missing": missing},
    }
    return {
        "cityindex": 1,
        "id": "asem",
        "unit": {"kind": "country", "key": "uCode"},
        "defaults": defaults,
        "index": index,
    }


def close(result, expected, columns):
    for column in columns:
        got = result.column(column, of="carried")
        np.testing.assert_allclose(got, expected[column], rtol=0, atol=TOLERANCE, err_msg=column)


def indicators():
    rows = meta()
    return [row.iCode for row in rows.itertuples() if row.Type == "Indicator"]


def aggregates():
    rows = meta()
    return [row.iCode for row in rows.itertuples() if row.Type == "Aggregate"]


def turned(row):
    return {"direction": "less" if row.Direction < 0 else "more"}


def normalised(name, step, *, keys=turned):
    result = ci.score(tree(keys, steps=[step], missing={"reweight": 1}), read("05_treated.csv"))
    close(result, read(name), indicators())


def test_min_max():
    normalised("06_norm_minmax_0_100.csv", {"minmax": {"to": [0, 100]}})
    normalised("06_norm_minmax_1_100.csv", {"minmax": {"to": [1, 100]}})


def test_z_scores():
    normalised("06_norm_zscore_0_1.csv", "zscore")


def test_ranks():
    """COINr turns the numbers before it ranks them: the rank step says which end is first.

    COINr ranks by bits and gives 3.4 and 3.4000000000000004 two places; here numbers compare at 12 digits and tie.
    """

    def keys(row):
        return {"steps": [{"rank": {"first": "highest" if row.Direction < 0 else "lowest"}}]}

    data, expected = read("05_treated.csv"), read("06_norm_rank.csv")
    result = ci.score(tree(keys), data)
    apart = {code: np.flatnonzero(result.column(code) != expected[code]) for code in indicators()}
    cells = [f"{data[code][row]:.12g}" for code, rows in apart.items() for row in rows]
    assert sorted(cells) == ["3.4", "5.1", "5.1"]


def test_distance_to_target():
    def keys(row):
        return {"steps": [{"rescale": {"from": ["max" if row.Direction < 0 else "min", row.Target], "to": [0, 1]}}]}

    close(ci.score(tree(keys), read("05_treated.csv")), read("06_norm_dist2targ_iMeta.csv"), indicators())


def test_goalposts_on_raw_data():
    """The posts of that file stand at 5 % and 95 % of each range, the better one last."""
    data = read("01_raw_dset.csv")

    def keys(row):
        low, high = data[row.iCode].min(), data[row.iCode].max()
        posts = [low + 0.05 * (high - low), low + 0.95 * (high - low)]
        return {"goalposts": posts[::-1] if row.Direction < 0 else posts}

    spec = tree(keys, steps=[{"goalposts": {"to": [0, 100]}}], missing={"reweight": 1})
    close(ci.score(spec, data), read("06_norm_raw_goalposts.csv"), indicators())


def test_min_max_of_raw_data_with_gaps():
    spec = tree(turned, steps=[{"minmax": {"to": [0, 100]}}], missing={"reweight": 1})
    close(ci.score(spec, read("01_raw_dset.csv")), read("06_norm_raw_minmax_0_100.csv"), indicators())


def test_the_whole_pipeline_from_the_raw_table_in_one_spec():
    """Denominators, imputation by group, winsorising, min-max, weighted means: raw cells in, COINr's index out."""

    def keys(row):
        return turned(row) | ({} if pd.isna(row.Denominator) else {"per": row.Denominator})

    steps = [
        {"impute": {"use": "mean", "within": "EurAsia_group"}},
        {"winsorise": {"points": 5}},
        {"minmax": {"to": [0, 100]}},
    ]
    result = ci.score(tree(keys, steps=steps), read("00_iData.csv"))
    expected = read("07_agg_amean.csv").set_index("uCode").loc[list(result.units)]
    close(result, expected, [*aggregates(), *indicators()])


def test_imputation_by_group_mean():
    """The rule `impute` of a group fills its children; a step `impute` fills the column itself."""
    raw = read("02_denominated.csv").merge(read("00_iData.csv")[["uCode", "EurAsia_group"]], on="uCode")
    spec = tree(steps=[{"impute": {"use": "mean", "within": "EurAsia_group"}}])
    close(ci.score(spec, raw), read("03_imputed.csv"), indicators())
    spec = tree(steps=[{"impute": "mean"}])
    close(ci.score(spec, read("01_raw_dset.csv")), read("03_imputed_raw_i_mean.csv"), indicators())
    raw = read("01_raw_dset.csv").merge(read("00_iData.csv")[["uCode", "EurAsia_group"]], on="uCode")
    spec = tree(steps=[{"impute": {"use": "median", "within": "EurAsia_group"}}])
    close(ci.score(spec, raw), read("03_imputed_raw_i_median_grp_EurAsia.csv"), indicators())


def test_arithmetic_means_of_the_main_pipeline():
    spec = tree(turned, steps=[{"minmax": {"to": [0, 100]}}])
    close(ci.score(spec, read("05_treated.csv")), read("07_agg_amean.csv"), [*aggregates(), *indicators()])


def test_geometric_means():
    spec = tree(turned, steps=[{"minmax": {"to": [1, 100]}}], aggregate="geometric")
    close(ci.score(spec, read("05_treated.csv")), read("07_agg_mm1_100_gmean_orig.csv"), aggregates())


def test_other_weights():
    alternative = read("07_weights_alt.csv")
    weights = dict(zip(alternative.iCode, alternative.Weight, strict=True))
    spec = tree(turned, steps=[{"minmax": {"to": [1, 100]}}], weights=weights)
    close(ci.score(spec, read("05_treated.csv")), read("07_agg_mm1_100_amean_altw.csv"), aggregates())


def test_missing_children_share_their_weight():
    data = read("07_norm_raw_mm1_100_with_NA.csv")
    result = ci.score(tree(missing="reweight"), data)
    close(result, read("07_agg_rawNA_amean.csv"), aggregates())
    assert any(note.kind == "missing" for note in result.notes)


def test_ranks_of_every_node():
    spec = tree(turned, steps=[{"minmax": {"to": [0, 100]}}])
    result = ci.score(spec, read("05_treated.csv"))
    expected = read("08_results_full_ranks.csv").set_index("uCode").loc[list(result.units)]
    for node in aggregates():
        np.testing.assert_array_equal(result.ranks(node), expected[node].to_numpy(dtype=float), err_msg=node)


def test_effective_weights():
    result = ci.score(tree(turned, steps=["minmax"]), read("05_treated.csv"))
    expected = read("09_eff_weights.csv")
    got = result.weights.set_index("node")["global"]
    for row in expected.itertuples():
        if row.iCode in got.index:
            assert got[row.iCode] == pytest.approx(row.EffWeight, abs=TOLERANCE), row.iCode
    assert len(got) == 59


def test_a_panel_is_aggregated_period_by_period_as_coinr_does_it():
    """230 rows (46 countries, 5 years), normalised over the whole panel by COINr; its groups, to the last digits."""
    spec = tree(missing={"reweight": 1}) | {"unit": {"kind": "country", "key": "uCode", "period": "Time"}}
    result = ci.score(spec, read("13_purse_normalised_global.csv"))
    theirs = read("13_purse_aggregated.csv")
    theirs = theirs.set_index(["uCode", theirs["Time"].astype(str)]).loc[list(result.index)]
    for group in aggregates():
        np.testing.assert_allclose(result.column(group), theirs[group], rtol=1e-12)
    series = ci.base_index(result, 2018)
    np.testing.assert_allclose(ci.chain_index(result, 2018).to_frame(), series.to_frame(), rtol=1e-12)
