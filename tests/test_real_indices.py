"""Five published indices that nobody here designed, in the words of the specs that ship, against what was published."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from support import shared

import cityindex as ci

INDICES = {  # shipped index: folder of its data, column of its keys
    "undp-hdi-2021": ("undp_hdi_2021", "iso3"),
    "cdc-svi-2018": ("cdc_svi_2018_county", "FIPS"),
    "calenviroscreen-2.0": ("calenviroscreen_2_0", "FIPS"),
    "england-imd-2025": ("england_imd_2025", "lsoa21_code"),
    "wales-wimd-2019": ("wales_wimd_2019", "lsoa11_code"),
}


def inputs(index):
    return ci.read_table(shared("indices", INDICES[index][0], "inputs.csv"))


def scored(index):
    """The result of the shipped spec, and what was published for the same units in the same order."""
    folder, key = INDICES[index]
    result = ci.score(ci.load_index(index), inputs(index))
    expected = pd.read_csv(shared("indices", folder, "expected.csv"), dtype={key: str}).set_index(key)
    assert len(expected) == len(result)
    return result, expected.loc[list(result.units)]


def near(found, expected, tolerance, name=""):
    """Equal to a tolerance, and missing in the same places."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance, err_msg=name)


def test_human_development_index_reproduces_exactly():
    result, expected = scored("undp-hdi-2021")
    np.testing.assert_array_equal(result.column("hdi"), expected["hdi"])
    np.testing.assert_array_equal(result.ranks(), expected["rank"])


def test_human_development_ranks_follow_the_rounded_values():
    result, expected = scored("undp-hdi-2021")
    before_rounding = ci.replace(result.spec, "hdi", rank={"of": "carried"})
    assert (ci.score(before_rounding, inputs("undp-hdi-2021")).ranks() != expected["rank"]).sum() == 29


def test_social_vulnerability_index_reproduces_exactly():
    """Every percentile, theme sum and overall percentile of 3,142 counties, the one with gaps included."""
    result, expected = scored("cdc-svi-2018")
    variables = [column for column in expected.columns if column.startswith("EPL_")]
    assert len(variables) == len(result.spec.indicators) == 15
    for column in variables:
        np.testing.assert_array_equal(result.column(column.replace("EPL_", "EP_")), expected[column], err_msg=column)
    for number in range(1, 5):
        near(result.column(f"theme{number}", of="carried"), expected[f"SPL_THEME{number}"], 1e-9)
        np.testing.assert_array_equal(result.column(f"theme{number}"), expected[f"RPL_THEME{number}"])
    near(result.column("svi", of="carried"), expected["SPL_THEMES"], 1e-9)
    np.testing.assert_array_equal(result.column("svi"), expected["RPL_THEMES"])
    assert np.flatnonzero(np.isnan(result.column("svi"))).tolist() == [result.row("35039")]


def test_calenviroscreen_reproduces_at_every_node():
    result, expected = scored("calenviroscreen-2.0")
    assert len(result.spec.indicators) == 19
    for node in result.spec.indicators:
        near(result.column(node.id), expected[f"pctl_{node.id}"], 1e-9, node.id)
    near(result.column("pollution"), expected["Pollution"], 1e-9)
    near(result.column("popchar"), expected["PopChar"], 1e-9)
    near(result.column("score"), expected["Score"], 1e-12)
    wanted = expected["Score"].rank(ascending=False, method="min")
    np.testing.assert_array_equal(result.ranks(), wanted)
    assert np.isnan(result.column("score")).sum() == 62


def test_calenviroscreen_bands_reproduce():
    result, expected = scored("calenviroscreen-2.0")
    assert result.tiers("Range") == tuple(expected["Range"].astype(object).where(expected["Range"].notna(), None))
    assert len(set(result.tiers("Range"))) == 21  # the tracts without a score are in none of the twenty


def test_english_deprivation_reproduces_but_for_two_tied_areas():
    result, expected = scored("england-imd-2025")
    assert (result.column() != expected["IMD_score"]).sum() == 2
    near(result.column(of="carried"), expected["IMD_score"], 0.001)
    assert (result.ranks() != expected["IMD_rank"]).sum() <= 2
    near(result.ranks(), expected["IMD_rank"], 1)
    assert (np.array([int(tier) for tier in result.tiers()]) != expected["IMD_decile"]).sum() == 0


def test_english_weights_are_not_scaled_up_to_the_whole():
    _, expected = scored("england-imd-2025")
    mean = ci.replace(ci.load_index("england-imd-2025"), "imd", aggregate="arithmetic")
    missed = ci.score(mean, inputs("england-imd-2025")).column() - expected["IMD_score"]
    assert (missed != 0).sum() == 33748
    assert 0.09 < missed.abs().max() < 0.1


def test_welsh_deprivation_reproduces():
    result, expected = scored("wales-wimd-2019")
    near(result.column(), expected["IMD_score"], 6e-9)
    np.testing.assert_array_equal(result.ranks(), expected["IMD_rank"])
    assert len(result.spec.indicators) == 8
    for domain in result.spec.indicators:
        near(result.column(domain.id), expected[f"{domain.id}_score"], 6e-9, domain.id)
    assert (np.array([int(tier) for tier in result.tiers()]) != expected["IMD_decile"]).sum() == 0


@pytest.mark.parametrize("index", list(INDICES))
def test_the_first_sketch_gives_the_same_numbers(index):
    """Bit for bit, at every node that the sketch has: values, ranks, and tiers (which the sketch only numbers)."""
    sketch = ci.score(ci.load_spec(shared("indices", INDICES[index][0], "sketch.yaml")), inputs(index))
    shipped = ci.score(ci.load_index(index), inputs(index))
    assert shipped.units == sketch.units
    for node in sketch.nodes:
        for of in ("published", "carried"):
            np.testing.assert_array_equal(shipped.column(node, of=of), sketch.column(node, of=of), err_msg=node)
    for group in sketch.groups:
        np.testing.assert_array_equal(shipped.ranks(group), sketch.ranks(group), err_msg=group)
    for group in sketch.tiered:
        labels = shipped.spec[group].tiers.labels
        numbered = [tier and (labels[int(tier) - 1] if labels else tier) for tier in sketch.tiers(group)]
        assert shipped.tiers(group) == tuple(numbered)


@pytest.mark.parametrize("index", list(INDICES))
def test_some_of_the_rows_score_to_the_last_bit_with_a_saved_calibration(index, tmp_path):
    spec, table = ci.load_index(index), inputs(index)
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
    result, _ = scored("calenviroscreen-2.0")
    assert "06001400100" in result.units
