"""Four more world indices that ship, on rows worked by hand from the formulas; no data is needed."""

from __future__ import annotations

import math
import statistics

import numpy as np
import pytest

import cityindex as ci
from cityindex.catalog import open_spec
from cityindex.cli import main
from cityindex.errors import ScoreError
from cityindex.spec.model import Indicator

INDICES = ("undp-gii-2021", "fragile-states-index", "corruption-perceptions-index", "freedom-in-the-world")
MISSING = None


# -- what a reader finds ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("index", INDICES)
def test_it_is_found_by_its_id_and_every_node_is_named_in_both_languages(index, capsys):
    spec = ci.load_index(index)
    assert open_spec(index) == spec
    assert ci.load_published(index) == {}
    assert main(["show", index]) == 0
    assert capsys.readouterr().out.startswith(f"{index}: ")
    for node in spec.nodes.values():
        assert set(node.title) == {"zh", "en"}, node.id
        if isinstance(node, Indicator):
            assert node.measured_in, node.id
    assert spec.note
    assert all(set(source) == {"zh", "en"} for source in spec.source)


def test_what_is_not_printed_is_said():
    def words(index, *pairs):
        return [ci.load_index(index).provenance_of(node, key) for node, key in pairs]

    assert words("undp-gii-2021", ("mmr", "steps"), ("pr_m", "steps")) == ["published", "inferred"]
    assert words("undp-gii-2021", ("gii", "rank"), ("gii", "missing")) == ["inferred", "assumed"]
    assert words("fragile-states-index", ("fsi", "aggregate"), ("fsi", "tiers")) == ["published", "inferred"]
    assert words("corruption-perceptions-index", ("wb", "steps"), ("cpi", "missing")) == ["inferred", "published"]
    assert words("freedom-in-the-world", ("PR_rating", "steps"), ("rating", "tiers")) == ["assumed", "published"]


# -- Gender Inequality Index ------------------------------------------------------------------------------------------

GENDER = ("mmr", "abr", "pr_f", "se_f", "se_m", "lfpr_f", "lfpr_m")


def gender_inequality(mmr, abr, pr_f, se_f, se_m, lfpr_f, lfpr_m):
    """Steps 1 to 5 of technical note 4, in shares."""
    health = math.sqrt(10 / min(max(mmr, 10), 1000) / abr)
    empowerment_f = math.sqrt(max(pr_f, 0.1) * se_f) / 100
    empowerment_m = math.sqrt((100 - pr_f) * se_m) / 100
    women = (health * empowerment_f * lfpr_f / 100) ** (1 / 3)
    men = (1 * empowerment_m * lfpr_m / 100) ** (1 / 3)
    both = 2 / (1 / women + 1 / men)
    standard = (health + 1) / 2 * (empowerment_f + empowerment_m) / 2 * (lfpr_f + lfpr_m) / 200
    return 1 - both / standard ** (1 / 3)


def gender(rows, **changed):
    table = {"iso3": [f"X{i}" for i in range(len(rows))], **dict(zip(GENDER, zip(*rows, strict=True), strict=True))}
    return ci.score(ci.load_index("undp-gii-2021"), table | changed)


def test_gender_inequality_by_hand():
    rows = [(50, 20, 25, 36, 64, 40, 80), (250, 90.5, 12, 31.5, 44, 55, 71), (10, 1, 50, 80, 80, 60, 60)]
    result = gender(rows)
    by_hand = [gender_inequality(*row) for row in rows]
    np.testing.assert_allclose(result.column(of="carried"), by_hand, atol=1e-12)
    assert result.column().tolist() == [round(value, 3) for value in by_hand]
    assert result.column()[2] == 0  # women and men fare alike, and health is as good as it can be
    assert result.ranks().tolist() == [2, 3, 1]  # the lowest first
    np.testing.assert_allclose(result.column("health_f")[0], math.sqrt(10 / 50 / 20))
    np.testing.assert_allclose(result.column("empowerment_f")[0], 0.3)
    np.testing.assert_allclose(result.column("health")[0], (0.1 + 1) / 2)


def test_gender_inequality_at_its_limits():
    """10 and 1,000 deaths, 0.1 % of seats: what lies beyond counts as the limit."""
    rest = (20, 25, 36, 64, 40, 80)
    result = gender([(0, *rest), (3, *rest), (10, *rest), (1000, *rest), (1200, *rest)])
    assert len(set(result.column(of="carried")[:3].tolist())) == 1
    assert len(set(result.column(of="carried")[3:].tolist())) == 1
    none, some = gender([(50, 20, 0, 36, 64, 40, 80), (50, 20, 0.1, 36, 64, 40, 80)]).column("empowerment_f")
    assert none == some == pytest.approx(math.sqrt(0.001 * 0.36))


@pytest.mark.parametrize(
    ("published", "row"),
    [
        (0.678, (638, 82.565, 27.21518987, 6.395730019, 14.86571026, 14.848, 66.515)),  # Afghanistan, all digits
        (0.537, (241, 138.402, 29.54545455, 28.1639, 51.54617, 73.968, 79.071)),  # Angola, all digits
        (0.013, (4, 1.9, 39.7, 95.1, 95.2, 57.7, 66.7)),  # Denmark, mortality below 10
        (0.631, (52, 19, 0, 93.5, 93.1, 37.3, 55.3)),  # Tonga, no woman in parliament
        (0.725, (145, 55.3, 0, 10.8, 15.5, 46.3, 48.1)),  # Papua New Guinea, likewise
        (0.633, (1120, 100.9, 12.3, 34.7, 51.5, 56.1, 55.9)),  # Sierra Leone, mortality above 1,000
    ],
)
def test_published_values_of_2021(published, row):
    """Human Development Report 2021/22, statistical tables: six of the countries compared."""
    assert gender([row]).column().tolist() == [published]


@pytest.mark.parametrize(
    ("column", "value", "complaint"),
    [
        ("abr", 0, "abr: power: the power -1 needs numbers above 0"),
        ("se_f", 0, "se_f: geometric"),
        ("pr_f", 100, "pr_m: geometric"),
        ("mmr", MISSING, "mmr: missing, and health_f refuses missing children"),
        ("lfpr_m", MISSING, "lfpr_m: missing"),
    ],
)
def test_gender_inequality_refuses_what_it_cannot_use(column, value, complaint):
    with pytest.raises(ScoreError, match=complaint):
        gender([(50, 20, 25, 36, 64, 40, 80)], **{column: [value]})


def test_an_index_without_learning_scores_a_newcomer_alone():
    row = (50, 20, 25, 36, 64, 40, 80)
    assert gender([row]).column(of="carried")[0] == gender([(9, 1, 2, 3, 4, 5, 6), row]).column(of="carried")[1]


# -- Fragile States Index ---------------------------------------------------------------------------------------------


def fragile(*rows):
    ids = [leaf.id for leaf in ci.load_index("fragile-states-index").indicators]
    assert ids == ["C1", "C2", "C3", "E1", "E2", "E3", "P1", "P2", "P3", "S1", "S2", "X1"]
    table = {"Country": [f"X{i}" for i in range(len(rows))], "Year": [2020] * len(rows)}
    return ci.score(ci.load_index("fragile-states-index"), table | dict(zip(ids, zip(*rows, strict=True), strict=True)))


def test_fragility_by_hand():
    result = fragile((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 0.5), [5.25] * 12, (9, *[5.25] * 10, 1.5))
    assert result.column().tolist() == [55.5, 63, 63]
    assert [result.column(group)[0] for group in ("cohesion", "economic", "political", "social")] == [6, 15, 24, 10]
    assert result.column("cross_cutting").tolist() == [0.5, 5.25, 1.5]
    assert result.ranks().tolist() == [3, 1, 1]  # the most fragile first, equal totals share a rank
    assert result.tiers() == ("less stable", "warning", "warning")


BANDS = {
    "very high alert": (120, 110),
    "high alert": (109.9, 100),
    "alert": (99.9, 90, 89.95),  # printed as 90.0
    "high warning": (89.94, 80),
    "elevated warning": (79.9, 70),
    "warning": (69.9, 60),
    "less stable": (59.9, 50),
    "stable": (49.9, 40),
    "more stable": (39.9, 30),
    "sustainable": (29.9, 20),
    "very sustainable": (19.9, 0),
}


@pytest.mark.parametrize(("total", "band"), [(total, band) for band, totals in BANDS.items() for total in totals])
def test_bands_of_fragility_at_their_borders(total, band):
    low = min(total, 110) / 11
    assert fragile([*[low] * 11, total - min(total, 110)]).tiers() == (band,)


def test_fragility_is_read_by_the_publishers_headers_too_and_refuses_gaps():
    spec = ci.load_index("fragile-states-index")
    table = {"Country": ["X"], "Year": [2020], **{leaf.title["en"]: [5] for leaf in spec.indicators}}
    assert ci.score(spec, table).column().tolist() == [60]
    with pytest.raises(ScoreError, match="X1: missing, and cross_cutting refuses missing children"):
        ci.score(spec, table | {"X1: External Intervention": [MISSING]})


# -- Corruption Perceptions Index -------------------------------------------------------------------------------------

OF_2012 = {"wb": [2, 3, 4, 6], "wef": [10, 40, 25, 55], "wjp": [0.2, 0.3, MISSING, 0.9]}


def standardised(source, value):
    there = [number for number in OF_2012[source] if number is not None]
    y = 45 + 20 * (value - statistics.mean(there)) / statistics.stdev(there)
    return min(max(y, 0), 100)


def perceptions(**later):
    spec = ci.load_index("corruption-perceptions-index")
    others = {leaf.id: [1, 2, 3, 4] for leaf in spec.indicators}
    base = {"iso3": list("ABCD"), "year": [2012] * 4, **others, **OF_2012}
    count = len(next(iter(later.values())))
    rows = {"iso3": [f"X{i}" for i in range(count)], "year": [2024] * count}
    return spec, base, rows | {leaf.id: [MISSING] * count for leaf in spec.indicators} | later


def test_corruption_by_hand():
    """X0 has three sources, X1 two, X2 three of which one is above 100 and one below 0."""
    spec, base, rows = perceptions(wb=[5, 4, 60], wef=[30, 30, -90], wjp=[0.5, MISSING, 0.4])
    result = ci.score(spec, rows, calibration=ci.calibrate(spec, base))
    by_hand = statistics.mean(map(standardised, ("wb", "wef", "wjp"), (5, 30, 0.5)))
    np.testing.assert_allclose(result.column(of="carried")[0], by_hand)
    assert result.column()[0] == round(by_hand)
    assert np.isnan(result.column()[1])
    assert result.to_frame()["rank"].isna().tolist() == [False, True, False]
    assert result.column("wb")[2] == 100
    assert result.column("wef")[2] == 0
    np.testing.assert_allclose(result.column(of="carried")[2], (100 + 0 + standardised("wjp", 0.4)) / 3)


def test_corruption_of_later_years_does_not_move_the_scale_and_a_saved_one_scores_a_newcomer(tmp_path):
    spec, base, rows = perceptions(wb=[5, 9], wef=[30, 99], wjp=[0.5, 0.1])
    together = ci.score(spec, {name: [*base[name], *rows[name]] for name in base})
    ci.calibrate(spec, base).save(tmp_path / "cpi.json")
    alone = {name: column[:1] for name, column in rows.items()}
    newcomer = ci.score(spec, alone, calibration=tmp_path / "cpi.json")
    assert newcomer.column(of="carried")[0] == together.column(of="carried")[4]
    np.testing.assert_allclose(np.mean(together.column("wb")[:4]), 45)  # nothing of 2012 had to be held


def test_rows_of_2012_or_a_calibration_are_needed():
    spec, base, rows = perceptions(wb=[5], wef=[30], wjp=[0.5])
    with pytest.raises(ScoreError, match="no rows to learn from where"):
        ci.score(spec, rows)
    with pytest.raises(ScoreError, match="vdem: zscore: the column has no number to learn from"):
        ci.calibrate(spec, base | {"vdem": [MISSING] * 4})


def test_a_source_that_counts_the_other_way_is_turned():
    """Times -1 as the publisher does it, or direction: less: the same."""
    spec, base, rows = perceptions(wb=[5], wef=[30], wjp=[0.5])
    turned = ci.replace(spec, "wb", direction="less")
    minus = [{**table, "wb": [-value for value in table["wb"]]} for table in (base, rows)]
    one = ci.score(turned, rows, calibration=ci.calibrate(turned, base)).column(of="carried")
    other = ci.score(spec, minus[1], calibration=ci.calibrate(spec, minus[0])).column(of="carried")
    np.testing.assert_allclose(one, other)


def test_the_example_of_the_publisher_with_standardised_scores():
    """Edition 2015, "The method": sources of 61, 63, 61, 65 and 65 give 63."""
    spec, base, rows = perceptions(wb=[61], bti=[63], wjp=[61], eiu=[65], wef=[65])
    given = [leaf.id for leaf in spec.indicators]
    assert ci.score(spec, rows, given=given, calibration=ci.calibrate(spec, base)).column().tolist() == [63]


# -- Freedom in the World ---------------------------------------------------------------------------------------------


def freedom(**columns):
    count = len(next(iter(columns.values())))
    units = {"country": [f"X{i}" for i in range(count)], "edition": [2023] * count}
    return ci.score(ci.load_index("freedom-in-the-world"), units | columns)


def test_freedom_by_hand():
    spec = ci.load_index("freedom-in-the-world")
    points = {leaf.id: [i % 5] for i, leaf in enumerate(spec.indicators)}
    points["AddQ"] = [2]
    result = freedom(**points)
    rights = sum(value for (name, (value,)) in points.items() if name[0] in "ABC" and name != "AddQ")
    liberties = sum(value for (name, (value,)) in points.items() if name[0] in "DEFG")
    assert (rights, liberties) == (20, 30)
    assert result.column("PR").tolist() == [18]
    assert result.column("CL").tolist() == [30]
    assert result.column().tolist() == [48]
    assert result.column("rating").tolist() == [4]
    assert result.tiers("rating") == ("Partly Free",)


def test_limits_of_the_ratings():
    rights = freedom(PR=[-4, 0, 5, 6, 11, 12, 17, 18, 23, 24, 29, 30, 35, 36, 40], CL=[60] * 15)
    assert rights.column("PR_rating").tolist() == [7, 7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1]
    liberties = freedom(PR=[40] * 14, CL=[0, 7, 8, 16, 17, 25, 26, 34, 35, 43, 44, 52, 53, 60])
    assert liberties.column("CL_rating").tolist() == [7, 7, 6, 6, 5, 5, 4, 4, 3, 3, 2, 2, 1, 1]


def test_status_at_its_limits_and_against_the_total():
    """2.5 is free, 3 and 5 are partly free, 5.5 is not free; 74 points can be less free than 73."""
    result = freedom(PR=[24, 23, 12, 11, 23, 29], CL=[44, 44, 17, 17, 51, 44])
    assert result.column("rating").tolist() == [2.5, 3, 5, 5.5, 3, 2.5]
    assert result.tiers("rating") == ("Free", "Partly Free", "Partly Free", "Not Free", "Partly Free", "Free")
    assert result.column()[[4, 5]].tolist() == [74, 73]
    assert result.ranks().tolist() == [3, 4, 5, 6, 1, 2]
    assert result.ranks("rating").tolist() == [1, 3, 5, 6, 3, 1]


def test_published_ratings_and_statuses():
    """Armenia, Azerbaijan and Belarus of the edition 2021; Ukraine and Kyrgyzstan of 2023."""
    result = freedom(PR=[22, 2, 2, 22, 4], CL=[33, 8, 9, 28, 23])
    assert result.column("PR_rating")[:3].tolist() == [4, 7, 7]
    assert result.column("CL_rating")[:3].tolist() == [4, 6, 6]
    assert result.tiers("rating") == ("Partly Free", "Not Free", "Not Free", "Partly Free", "Not Free")


def test_freedom_refuses_a_gap():
    spec = ci.load_index("freedom-in-the-world")
    with pytest.raises(ScoreError, match="G4: missing"):
        freedom(**{leaf.id: [4] for leaf in spec.indicators} | {"G4": [MISSING]})
