"""Five published indices that nobody here designed, in the words of their sketches, against what was published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci

KEYS = {
    "undp_hdi_2021": "iso3",
    "cdc_svi_2018_county": "FIPS",
    "calenviroscreen_2_0": "FIPS",
    "england_imd_2025": "lsoa21_code",
    "wales_wimd_2019": "lsoa11_code",
}


def load(name):
    spec = ci.load_spec(shared("indices", name, "sketch.yaml"))
    table = ci.read_table(shared("indices", name, "inputs.csv"))
    expected = pd.read_csv(shared("indices", name, "expected.csv"), dtype={KEYS[name]: str}).set_index(KEYS[name])
    return spec, table, expected


def scored(name):
    spec, table, expected = load(name)
    result = ci.score(spec, table)
    return result, expected.loc[list(result.units)]


def test_human_development_index_reproduces_exactly():
    result, expected = scored("undp_hdi_2021")
    np.testing.assert_array_equal(result.column("hdi"), expected["hdi"])
    np.testing.assert_array_equal(result.ranks(), expected["rank"])


def test_social_vulnerability_index_reproduces_exactly():
    """Every percentile, theme sum and overall percentile of 3,142 counties, the one with gaps included."""
    result, expected = scored("cdc_svi_2018_county")
    for column in expected.columns:
        if column.startswith("EPL_"):
            node = column.replace("EPL_", "EP_")
            np.testing.assert_array_equal(result.column(node), expected[column], err_msg=column)
    for number in range(1, 5):
        np.testing.assert_allclose(
            result.column(f"theme{number}", of="carried"), expected[f"SPL_THEME{number}"], atol=1e-9
        )
        np.testing.assert_array_equal(result.column(f"theme{number}"), expected[f"RPL_THEME{number}"])
    np.testing.assert_allclose(result.column("svi", of="carried"), expected["SPL_THEMES"], atol=1e-9)
    np.testing.assert_array_equal(result.column("svi"), expected["RPL_THEMES"])


def test_calenviroscreen_reproduces():
    result, expected = scored("calenviroscreen_2_0")
    np.testing.assert_allclose(result.column("score"), expected["Score"], rtol=0, atol=1e-12)
    wanted = expected["Score"].rank(ascending=False, method="min")
    np.testing.assert_array_equal(result.ranks(), wanted)
    for node in ("Ozone", "Traffic", "LBW", "Poverty"):
        np.testing.assert_allclose(result.column(node), expected[f"pctl_{node}"], rtol=0, atol=1e-9, err_msg=node)


def test_english_deprivation_reproduces_but_for_two_tied_areas():
    result, expected = scored("england_imd_2025")
    assert (result.column() != expected["IMD_score"]).sum() == 2
    assert (result.ranks() != expected["IMD_rank"]).sum() <= 2
    assert (np.array([int(tier) for tier in result.tiers()]) != expected["IMD_decile"]).sum() == 0


def test_welsh_deprivation_reproduces():
    result, expected = scored("wales_wimd_2019")
    np.testing.assert_allclose(result.column(), expected["IMD_score"], rtol=0, atol=6e-9)
    np.testing.assert_array_equal(result.ranks(), expected["IMD_rank"])
    np.testing.assert_allclose(result.column("Access"), expected["Access_score"], rtol=0, atol=6e-9)


@pytest.mark.parametrize("name", list(KEYS))
def test_some_of_the_rows_score_to_the_last_bit_with_a_saved_calibration(name, tmp_path):
    spec, table, _ = load(name)
    whole = ci.score(spec, table)
    whole.calibration.save(tmp_path / "calibration.json")
    chosen = np.sort(np.random.default_rng(40).permutation(len(table))[: int(len(table) * 0.4)])
    part = ci.score(spec, table.take(chosen), calibration=tmp_path / "calibration.json")
    for node in whole.nodes:
        for of in ("published", "carried"):
            np.testing.assert_array_equal(part.column(node, of=of), whole.column(node, of=of)[chosen], err_msg=node)
    one = ci.score(spec, table.take(chosen[:1]), calibration=tmp_path / "calibration.json")
    for node in whole.nodes:
        np.testing.assert_array_equal(one.column(node, of="carried"), whole.column(node, of="carried")[chosen[:1]])
    for group in whole.spec.groups:
        if group.tiers:
            tiers = np.array(whole.tiers(group.id), dtype=object)
            assert part.tiers(group.id) == tuple(tiers[chosen])


def test_keys_keep_their_leading_zero():
    result, _ = scored("calenviroscreen_2_0")
    assert "06001400100" in result.units
