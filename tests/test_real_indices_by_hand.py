"""The five world indices that ship, on made-up units worked by hand from the printed formulas; no data is needed."""

from __future__ import annotations

import math

import numpy as np
import pytest

import cityindex as ci
from cityindex.catalog import open_spec
from cityindex.cli import main
from cityindex.errors import ScoreError
from cityindex.spec.model import Indicator

INDICES = ("undp-hdi-2021", "cdc-svi-2018", "wales-wimd-2019", "england-imd-2025", "calenviroscreen-2.0")
MISSING = None


def exponential(rank, areas):
    """The formula of the British indices of deprivation, for the rank 1 = most deprived."""
    share = (areas - rank + 1) / areas
    return -23 * math.log(1 - share * (1 - math.exp(-100 / 23)))


# -- what a reader finds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", INDICES)
def test_every_node_is_named_in_both_languages_and_every_indicator_has_its_unit(index):
    spec = ci.load_index(index)
    for node in spec.nodes.values():
        assert set(node.title) == {"zh", "en"}, node.id
        if isinstance(node, Indicator):
            assert node.measured_in, node.id
    assert spec.note
    assert all(set(source) == {"zh", "en"} for source in spec.source)


@pytest.mark.parametrize("index", INDICES)
def test_it_is_found_by_its_id_and_has_no_published_tables(index, capsys):
    assert open_spec(index) == ci.load_index(index)
    assert ci.load_published(index) == {}
    assert main(["show", index]) == 0
    assert capsys.readouterr().out.startswith(f"{index}: ")


def test_what_was_found_from_the_data_is_inferred():
    def words(index, *pairs):
        return [ci.load_index(index).provenance_of(node, key) for node, key in pairs]

    assert words("undp-hdi-2021", ("hdi", "rank"), ("hdi", "aggregate"), ("le", "goalposts")) == [
        "inferred",
        "published",
        "published",
    ]
    assert words("cdc-svi-2018", ("EP_POV", "steps"), ("svi", "missing")) == ["inferred", "published"]
    assert words("wales-wimd-2019", ("Income", "weight"), ("Income", "steps")) == ["published", "inferred"]
    assert words("england-imd-2025", ("Crime", "steps"), ("imd", "aggregate")) == ["published", "inferred"]
    assert words("calenviroscreen-2.0", ("Cleanup", "weight"), ("popchar", "missing"), ("Ozone", "steps")) == [
        "published",
        "inferred",
        "published",
    ]


# -- Human Development Index ------------------------------------------------------------------------------------------


def test_human_development_by_hand():
    """20 years of expected schooling count as 18; the income is half-way between the goalposts on the log scale."""
    half_way = math.sqrt(100 * 75000)
    countries = {
        "iso3": ["X", "Y", "Z"],
        "le": [70, 70.01, 60],
        "eys": [20, 18, 9],
        "mys": [7.5, 7.5, 7.5],
        "gnipc": [half_way, half_way, 90000],
    }
    result = ci.score(ci.load_index("undp-hdi-2021"), countries)
    np.testing.assert_allclose(result.column("education"), [0.75, 0.75, 0.5])
    np.testing.assert_allclose(result.column("income"), [0.5, 0.5, 1])
    np.testing.assert_allclose(result.column(of="carried")[0], (50 / 65 * 0.75 * 0.5) ** (1 / 3))
    assert result.column().tolist() == [0.661, 0.661, 0.675]
    assert result.ranks().tolist() == [2, 2, 1]  # X and Y differ before rounding


def test_a_country_at_a_lower_goalpost_is_refused():
    country = {"iso3": ["X"], "le": [15], "eys": [9], "mys": [9], "gnipc": [1000]}
    with pytest.raises(ScoreError, match="health"):
        ci.score(ci.load_index("undp-hdi-2021"), country)


def test_a_table_of_dimensions_enters_the_human_development_index():
    dimensions = {"iso3": ["X"], "health": [0.9], "education": [0.6], "income": [0.75]}
    assert ci.score(ci.load_index("undp-hdi-2021"), dimensions).column().tolist() == [0.74]  # 0.405^(1/3) = 0.73986


# -- Social Vulnerability Index ---------------------------------------------------------------------------------------


def test_social_vulnerability_by_hand():
    """Four counties. Theme 1 of C and D is 3 before rounding; rounded, three times 0.6667 and 1 is the more."""
    spec = ci.load_index("cdc-svi-2018")
    counties = {"FIPS": ["A", "B", "C", "D"], **{leaf.id: [5, 10, 20, 40] for leaf in spec.indicators}}
    counties |= {"EP_PCI": [20000, 30000, 20000, 40000], "EP_NOVEH": [9, MISSING, 3, 1]}
    result = ci.score(spec, counties)
    assert result.column("EP_POV").tolist() == [0, 0.3333, 0.6667, 1]
    assert result.column("EP_PCI").tolist() == [1, 0.3333, 1, 0]  # turned: those that tie have the highest place
    np.testing.assert_array_equal(result.column("EP_NOVEH"), [1, np.nan, 0.5, 0])  # of three
    np.testing.assert_allclose(result.column("theme1", of="carried"), [1, 1.3332, 3.0001, 3])
    assert result.column("theme1").tolist() == [0, 0.3333, 1, 0.6667]
    np.testing.assert_allclose(result.column("theme4", of="carried"), [1, np.nan, 3.1668, 4])
    np.testing.assert_allclose(result.column(of="carried"), [2, np.nan, 10.1671, 13])
    np.testing.assert_array_equal(result.column(), [0, np.nan, 0.5, 1])


# -- indices of multiple deprivation ----------------------------------------------------------------------------------


def test_welsh_deprivation_by_hand():
    """One area that is the most deprived everywhere, and one with another rank in every domain."""
    ranks = {"Income": 1, "Employment": 1909, "Health": 955, "Education": 200}
    ranks |= {"Access": 1500, "Housing": 20, "Crime": 800, "Environment": 1200}
    per_cent = {"Income": 22, "Employment": 22, "Health": 15, "Education": 14}
    per_cent |= {"Access": 10, "Housing": 7, "Crime": 5, "Environment": 5}
    spec = ci.replace(ci.load_index("wales-wimd-2019"), "wimd", tiers=None)
    result = ci.score(spec, {"lsoa11_code": ["x", "y"], **{f"{name}_rank": [1, ranks[name]] for name in ranks}})
    scores = {name: exponential(ranks[name], 1909) for name in ranks}
    for name, score in scores.items():
        np.testing.assert_allclose(result.column(name), [100, score])
    np.testing.assert_allclose(result.column(), [100, sum(per_cent[name] * scores[name] for name in ranks) / 100])


def test_english_deprivation_by_hand():
    """The weights add to 99.9 %, so that the most deprived area there can be has 99.9."""
    ranks = {"Income": 33755, "Employment": 1, "Education": 16000, "Health": 3000}
    ranks |= {"Crime": 25000, "Housing_and_Services": 40, "Environment": 12000}
    per_cent = {"Income": 22.5, "Employment": 22.5, "Education": 13.5, "Health": 13.5}
    per_cent |= {"Crime": 9.3, "Housing_and_Services": 9.3, "Environment": 9.3}
    spec = ci.replace(ci.load_index("england-imd-2025"), "imd", tiers=None)
    result = ci.score(spec, {"lsoa21_code": ["x", "y"], **{f"{name}_rank": [1, ranks[name]] for name in ranks}})
    by_hand = sum(per_cent[name] * exponential(ranks[name], 33755) for name in ranks) / 100
    np.testing.assert_allclose(result.column(of="carried"), [99.9, by_hand])
    assert result.column().tolist() == [99.9, round(by_hand, 3)]


def test_with_23_the_most_deprived_tenth_of_areas_has_half_of_the_scale():
    assert 50 < exponential(3375, 33755) < 50.5 < exponential(1, 33755) == pytest.approx(100)


def test_english_deciles_of_ten_areas_are_their_ranks():
    spec = ci.load_index("england-imd-2025")
    areas = {"lsoa21_code": list("abcdefghij"), **{leaf.column: list(range(10, 0, -1)) for leaf in spec.indicators}}
    assert [int(tier) for tier in ci.score(spec, areas).tiers()] == list(range(10, 0, -1))


@pytest.mark.parametrize(("index", "key"), [("wales-wimd-2019", "lsoa11_code"), ("england-imd-2025", "lsoa21_code")])
def test_a_few_areas_have_scores_but_no_deciles(index, key):
    spec = ci.load_index(index)
    result = ci.score(spec, {key: ["a", "b"], **{leaf.column: [1, 2] for leaf in spec.indicators}})
    assert result.ranks().tolist() == [1, 2]
    assert result.tiers() == (None, None)
    (note,) = [note.message for note in result.notes if note.kind == "tiers"]
    assert "no tiers, for" in note
    assert "a calibration of more units would hold cuts" in note
    with pytest.raises(ci.NotFoundError, match="has no tiers here"):
        result.cuts()


# -- CalEnviroScreen --------------------------------------------------------------------------------------------------


def tracts():
    spec = ci.load_index("calenviroscreen-2.0")
    table = {"FIPS": ["a", "b", "c", "d"], **{leaf.id: [10, 20, 30, 40] for leaf in spec.indicators}}
    table |= {"Ozone": [0, 0, 0.2, MISSING], "PestUse": [0, 0, 5, 80]}
    table |= {"Traffic": [7, 7, 7, 9], "HazWaste": [0, 5, 5, 5]}
    table |= {name: [MISSING, MISSING, 30, 40] for name in ("Age", "Asthma", "LBW")}
    return ci.score(spec, table | {"Edu": [10, MISSING, 30, 40]})


def test_calenviroscreen_percentiles_by_hand():
    """What is 0 is not ranked and has 0; ties share the highest place, and the highest of all is 100."""
    result = tracts()
    assert result.column("PM25").tolist() == [25, 50, 75, 100]
    assert result.column("PestUse").tolist() == [0, 0, 50, 100]
    np.testing.assert_array_equal(result.column("Ozone"), [0, 0, 100, np.nan])
    assert result.column("Traffic").tolist() == [75, 75, 75, 100]
    assert result.column("HazWaste").tolist() == [0, 100, 100, 100]


def test_calenviroscreen_groups_and_score_by_hand():
    """Exposures weigh 7, environmental effects 2.5; d lacks one exposure; b has 3 of 7 of its people, a has 4."""
    result = tracts()
    pollution = [225 / 9.5, 425 / 9.5, 725 / 9.5, 850 / 8.5]
    np.testing.assert_allclose(result.column("pollution"), [round(x, 3) / 10 for x in pollution])
    people = [(3 * 25 + 100 / 3) / 4, np.nan, (3 * 50 + 200 / 3 + 3 * 75) / 7, 100]
    np.testing.assert_allclose(result.column("popchar"), [round(x, 3) / 10 for x in people])
    np.testing.assert_allclose(result.column(), [2.3684 * 2.7083, np.nan, 7.6316 * 6.3095, 100])
    assert result.tiers("Range") == ("1-5% (lowest scores)", None, "46-50%", "96-100% (highest scores)")
