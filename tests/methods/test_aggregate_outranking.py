"""Copeland, Borda and PROMETHEE II: published cases, laws, gaps, new units, draws; agreement with COINr and pymcdm."""

from __future__ import annotations

import csv
import warnings

import numpy as np
import pytest
from aggregate_support import NAN, groups, learn, parts, problems, run
from hypothesis import given, settings
from hypothesis import strategies as st
from support import shared

from cityindex.errors import DomainError
from cityindex.methods import _preference, outranking
from cityindex.methods._decimals import significant

CASES = [
    ("copeland", {}),
    ("copeland", {"points": "share"}),
    ("borda", {}),
    ("borda", {"points": "share", "ties": "min"}),
    ("borda", {"ties": "max"}),
    ("promethee", {}),
    ("promethee", {"preference": "u_shape", "q": 2.0}),
    ("promethee", {"preference": "v_shape", "p": 5.0}),
    ("promethee", {"preference": "level", "q": 2.0, "p": 7.0}),
    ("promethee", {"preference": "linear", "q": 2.0, "p": 7.0}),
    ("promethee", {"preference": "gaussian", "s": 3.0}),
]
IDS = [f"{name}-{number}" for number, (name, _) in enumerate(CASES)]
few = settings(max_examples=8)  # of each of many cases
each = pytest.mark.parametrize(("name", "options"), CASES, ids=IDS)
split = pytest.mark.parametrize(("name", "options"), CASES[2:], ids=IDS[2:])
TOWNS = -np.array([[1.0, 4, 4, 4], [2, 1, 3, 3], [3, 2, 1, 2], [4, 3, 2, 1]])  # places of four towns, by four groups
VOTERS = np.array([0.42, 0.26, 0.15, 0.17])


# -- published cases --------------------------------------------------------------------------------------------------


def test_the_capital_of_tennessee():
    """The usual textbook election: 42, 26, 15 and 17 voters; Borda counts 126, 194, 173, 107; the second beats all."""
    np.testing.assert_allclose(run("borda", TOWNS, VOTERS) * 100, [126, 194, 173, 107], rtol=1e-12)
    assert run("copeland", TOWNS, VOTERS).tolist() == [-3, 3, 1, -1]


def test_the_six_power_stations_of_brans_vincke_and_mareschal():
    """European Journal of Operational Research 24 (1986), 228-238: six sites, six criteria, one of each function.

    Their table of preference indices, to three decimals; its rows and columns give the net flows.
    """
    x = np.array([
        [80, 90, 6, 5.4, 8, 5], [65, 58, 2, 9.7, 1, 1], [83, 60, 4, 7.2, 4, 7],
        [40, 80, 10, 7.5, 7, 10], [52, 72, 6, 2.0, 3, 8], [94, 96, 7, 3.6, 5, 6],
    ]) * [-1, 1, -1, -1, -1, 1]  # fmt: skip
    printed = np.array([
        [0, 0.296, 0.250, 0.268, 0.100, 0.185], [0.462, 0, 0.389, 0.333, 0.296, 0.500],
        [0.236, 0.180, 0, 0.333, 0.056, 0.429], [0.399, 0.506, 0.305, 0, 0.224, 0.212],
        [0.444, 0.515, 0.487, 0.380, 0, 0.448], [0.286, 0.399, 0.250, 0.432, 0.133, 0],
    ])  # fmt: skip
    options = {
        "preference": ("u_shape", "v_shape", "linear", "level", "usual", "gaussian"),
        "q": (10.0, 0.0, 0.5, 1.0, 0.0, 0.0),
        "p": (0.0, 30.0, 5.0, 6.0, 0.0, 0.0),
        "s": (0.0, 0.0, 0.0, 0.0, 0.0, 5.0),
    }
    assert problems("promethee", **options) == []
    flows = run("promethee", x, np.ones(6), **options)
    np.testing.assert_allclose(flows, (printed.sum(axis=1) - printed.sum(axis=0)) / 5, atol=1e-3)
    assert np.argsort(-flows).tolist() == [4, 1, 3, 5, 2, 0]


# -- laws -------------------------------------------------------------------------------------------------------------


@each
@few
@given(case=groups(gaps=True), data=st.data())
def test_a_unit_has_the_same_bits_alone_and_among_others(name, options, case, data):
    x, w = case
    known = learn(name, x, w, **options)
    whole = run(name, x, w, *known, **options)
    rows = data.draw(st.lists(st.integers(0, len(x) - 1), min_size=1, max_size=4))
    np.testing.assert_array_equal(run(name, x[rows], w, *known, **options), whole[rows])
    for row in range(len(x)):
        np.testing.assert_array_equal(run(name, x[[row]], w, *known, **options), whole[[row]])


@each
@few
@given(case=groups(gaps=True), data=st.data())
def test_the_order_of_units_and_of_children_does_not_matter(name, options, case, data):
    x, w = case
    found = run(name, x, w, **options)
    units, children = data.draw(st.permutations(range(len(x)))), data.draw(st.permutations(range(len(w))))
    np.testing.assert_allclose(run(name, x[units], w, **options), found[units], atol=1e-10)
    np.testing.assert_allclose(run(name, x[:, children], w[children], **options), found, atol=1e-10)


@each
@few
@given(case=groups(), data=st.data())
def test_a_unit_never_loses_by_a_higher_child(name, options, case, data):
    x, w = case
    known = learn(name, x, w, **options)
    row, child = data.draw(st.integers(0, len(x) - 1)), data.draw(st.integers(0, len(w) - 1))
    better = x[[row]].copy()
    better[0, child] += data.draw(st.floats(0, 100))
    assert run(name, better, w, *known, **options)[0] >= run(name, x[[row]], w, *known, **options)[0] - 1e-10


@each
@few
@given(case=groups())
def test_the_reference_adds_up_and_stays_in_its_bounds(name, options, case):
    x, w = case
    found, m = run(name, x, w, **options), len(x)
    low, high = {
        "copeland": (1 - m, m - 1) if not options else (-1, 1),
        "borda": (0, m - 1) if "points" not in options else (0, 1),
        "promethee": (-1, 1),
    }[name]
    assert (found >= low - 1e-9).all()
    assert (found <= high + 1e-9).all()
    if name != "borda":
        assert abs(found.sum()) < 1e-7
    elif not options:
        assert found.mean() == pytest.approx((m - 1) / 2)


@pytest.mark.parametrize(("name", "options"), [case for case in CASES if case[0] != "promethee"] + [("promethee", {})])
@few
@given(case=groups(gaps=True))
def test_only_order_counts(name, options, case):
    x, w = case
    np.testing.assert_array_equal(run(name, np.round(x, 6), w, **options), run(name, np.round(x, 6) * 2, w, **options))


@each
def test_the_weights_count_relative_to_each_other(name, options):
    x = np.random.default_rng(0).integers(0, 9, (12, 4)).astype(float)
    w = np.array([1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(run(name, x, w * 7, **options), run(name, x, w, **options), atol=1e-12)


@split
@few
@given(case=groups(gaps=True))
def test_parts_add_up(name, options, case):
    x, w = case
    split_up = parts(name, x, w, **options)
    np.testing.assert_array_equal(np.isnan(split_up), np.isnan(x))
    whole = run(name, x, w, **options)
    some = ~np.isnan(whole)
    np.testing.assert_allclose(np.nansum(split_up, axis=1)[some], whole[some], atol=1e-9)


@each
def test_draws_of_weights_of_values_and_of_both(name, options, monkeypatch):
    generator = np.random.default_rng(1)
    x = np.round(generator.lognormal(1, 1, (4, 7, 3)), 1)
    x[:, 2, 1] = NAN
    w = generator.dirichlet(np.ones(3), 4)
    known = learn(name, x[0], w[0], **options)
    one = lambda values, weights: run(name, values, weights, *known, **options)  # noqa: E731 (a line)
    expected = np.array([one(a, b) for a, b in zip(x, w, strict=True)])
    for block in (1 << 18, 30, 1):
        monkeypatch.setattr(outranking, "BLOCK", block)
        monkeypatch.setattr(_preference, "BLOCK", block)
        np.testing.assert_array_equal(one(x, w), expected)
        np.testing.assert_array_equal(one(x[0], w), [one(x[0], own) for own in w])
        np.testing.assert_array_equal(one(x, w[0]), [one(own, w[0]) for own in x])
        np.testing.assert_array_equal(one(x[:, None], w)[2, 1], one(x[2], w[1]))


# -- definitions, pair by pair ----------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(case=groups(gaps=True))
def test_copeland_is_its_definition(case):
    x, w = significant(case[0]), case[1]
    for row, score in enumerate(run("copeland", x, w)):
        expected = 0
        for other in x:
            common = ~np.isnan(x[row]) & ~np.isnan(other)
            if common.any():
                wins = (x[row] > other) + (x[row] == other) / 2
                share = (w * wins)[common].sum() / w[common].sum()
                expected += int(share > 0.5 + 1e-9) - int(share < 0.5 - 1e-9)
        assert score == expected or np.isnan(x[row]).all()


PREFERENCES = {
    "usual": lambda d: d > 0,
    "u_shape": lambda d: d > 2,
    "v_shape": lambda d: np.clip(d / 5, 0, 1),
    "level": lambda d: ((d > 2) * 1.0 + (d > 7)) / 2,
    "linear": lambda d: np.clip((d - 2) / 5, 0, 1),
    "gaussian": lambda d: np.where(d > 0, 1 - np.exp(-(d**2) / 18), 0),
}


@pytest.mark.parametrize("options", [options for name, options in CASES if name == "promethee"])
def test_promethee_is_its_definition(options):
    preferred = PREFERENCES[options.get("preference", "usual")]
    x = np.random.default_rng(2).integers(0, 30, (25, 4)) / 2
    w = np.array([0.1, 0.2, 0.3, 0.4])
    difference = x[:, None] - x
    flow = (preferred(difference) * w).sum(axis=(1, 2)) - (preferred(-difference) * w).sum(axis=(1, 2))
    np.testing.assert_allclose(run("promethee", x, w, **options), flow / 24, atol=1e-12)


@few
@given(case=groups(gaps=True))
def test_promethee_usual_is_borda_on_another_scale(case):
    x, w = case
    np.testing.assert_allclose(run("promethee", x, w), 2 * run("borda", x, w, points="share") - 1, atol=1e-12)


# -- ties, gaps, degenerate tables ------------------------------------------------------------------------------------


def test_ties_share_points_and_dust_is_a_tie():
    x = np.array([[0.1 + 0.2], [0.3], [0.0], [1.0]])
    assert run("borda", x, [1.0]).tolist() == [1.5, 1.5, 0, 3]
    assert run("borda", x, [1.0], ties="min").tolist() == [1, 1, 0, 3]
    assert run("borda", x, [1.0], ties="max").tolist() == [2, 2, 0, 3]
    assert run("copeland", x, [1.0]).tolist() == [-1 + 1, 0, -3, 3]
    assert run("promethee", x, [1.0])[0] == run("promethee", x, [1.0])[1]


def test_a_majority_of_float_dust_is_a_draw():
    """COINr tests 0.1 + 0.2 of 0.6 > 0.5 on bare floats."""
    w = np.array([0.1, 0.2, 0.3])
    assert w[0] + w[1] > w[2]
    assert run("copeland", [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]], w).tolist() == [0, 0]


def test_a_difference_on_a_threshold_is_on_it_whatever_its_dust():
    """pymcdm has 0.8 - 0.6 > 0.2."""
    x = np.array([[0.8, 1.0], [0.6, 1.0], [0.1, 2.0]])
    options = {"preference": "u_shape", "q": 0.2}
    np.testing.assert_allclose(run("promethee", x, [0.5, 0.5], **options), [0, 0, 0], atol=1e-15)
    assert (0.8 - 0.6) > 0.2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm.methods import PROMETHEE_II

        theirs = PROMETHEE_II("ushape", q=[0.2, 0.2])(x, np.array([0.5, 0.5]), np.ones(2))
    np.testing.assert_allclose(theirs, [0.25, -0.25, 0])


def test_a_missing_child_is_left_to_the_others_and_pymcdm_lets_it_tie():
    x, w = np.array([[4.0, 3, 2], [3, NAN, 4], [5, 1, 3]]), np.array([0.5, 0.3, 0.2])
    flows = np.array([[0, 1, -1], [-1, NAN, 1], [1, -1, 0]])
    expected = np.nansum(flows * w, axis=1) / (~np.isnan(flows) * w).sum(axis=1)
    np.testing.assert_allclose(run("promethee", x, w), expected, atol=1e-15)
    assert run("copeland", x, w).tolist() == [0, -2, 2]  # the second meets the others on 0.5 against 0.2
    assert run("copeland", [[1.0, NAN], [NAN, 2.0], [0.0, 0.0]], [1.0, 1.0]).tolist() == [1, 1, -2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm.methods import PROMETHEE_II

        assert PROMETHEE_II("usual")(x, w, np.ones(3))[1] == pytest.approx(-0.3)  # ours is -3/7


@each
def test_a_unit_without_a_child_that_counts_has_no_score(name, options):
    x = np.array([[1.0, 5.0], [NAN, 7.0], [NAN, NAN], [3.0, 2.0]])
    w = np.array([1.0, 0.0])
    np.testing.assert_array_equal(np.isnan(run(name, x, w, **options)), [False, True, True, False])


def test_a_reference_unit_without_any_child_is_no_opponent():
    x = np.array([[1.0], [NAN], [3.0]])
    np.testing.assert_array_equal(run("copeland", x, [1.0], points="share"), [-1, NAN, 1])
    np.testing.assert_array_equal(run("borda", x, [1.0]), [0, NAN, 1])


def test_a_child_that_fewer_units_have_counts_less_unless_shares_are_asked_for():
    x = np.array([[1.0, 1.0], [2.0, 2.0], [3.0, NAN], [4.0, NAN], [5.0, 3.0]])
    assert run("borda", x, [1.0, 1.0]).tolist() == [0, 1, 2, 3, 3]
    assert run("borda", x, [1.0, 1.0], points="share").tolist() == [0, 0.375, 0.5, 0.75, 1]


def test_a_constant_child_parts_nobody():
    x = np.array([[1.0, 7.0], [2.0, 7.0], [3.0, 7.0]])
    assert run("borda", x, [1.0, 1.0]).tolist() == [0.5, 1, 1.5]
    assert run("copeland", x, [1.0, 1.0]).tolist() == [-2, 0, 2]
    assert run("promethee", x, [1.0, 1.0]).tolist() == [-0.5, 0, 0.5]


@each
def test_new_units_meet_the_stored_reference(name, options):
    x, w = np.array([[1.0], [2.0], [3.0]]), np.ones(1)
    known = learn(name, x, w, **options)
    below, between, on, above = run(name, [[-99.0], [2.5], [2.0], [99.0]], w, *known, **options)
    assert below <= on <= between <= above
    assert on == run(name, x, w, **options)[1]
    if name == "copeland":
        scale = 2 if options else 1
        assert [below, between, above] == [-3 / scale, 1 / scale, 3 / scale]
    if (name, options) == ("borda", {}):
        assert [below, between, above] == [-0.5, 1.5, 2.5]


def test_one_unit_alone():
    x, w = [[5.0, 6.0]], [1.0, 1.0]
    assert run("copeland", x, w).tolist() == run("borda", x, w).tolist() == [0]
    with pytest.raises(DomainError, match="two reference units or more"):
        run("copeland", x, w, points="share")
    for name, options in (("borda", {"points": "share"}), ("promethee", {})):
        with pytest.raises(DomainError, match="numbers of fewer than 2 units") as error:
            run(name, x, w, **options)
        assert error.value.columns == (0, 1)


@each
def test_a_child_without_a_number_to_compare_with(name, options):
    x = np.array([[1.0, NAN], [2.0, NAN]])
    if name == "copeland":
        assert run(name, x, [1.0, 1.0], **options)[1] > 0
        x[:] = NAN
    with pytest.raises(DomainError, match="to compare with") as error:
        run(name, x, [1.0, 1.0], **options)
    assert 1 in error.value.columns


@each
def test_weights_that_are_none(name, options):
    x = np.array([[1.0, 2.0], [2.0, 1.0]])
    with pytest.raises(DomainError, match="negative") as error:
        run(name, x, [1.0, -1.0], **options)
    assert error.value.columns == (1,)
    with pytest.raises(DomainError, match="add up to 0"):
        run(name, x, [0.0, 0.0], **options)


def test_zeros_and_negatives_are_numbers_like_others():
    x = np.array([[-2.0, 0.0], [0.0, -1.0], [3.0, -5.0]])
    w = np.array([0.6, 0.4])
    for name, options in CASES[:6]:
        np.testing.assert_array_equal(run(name, x, w, **options), run(name, x + 100, w, **options))


# -- thresholds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"preference": "linear", "q": 1.0}, "p: linear needs it"),
        ({"preference": ("u_shape", "level"), "p": 1.0}, "q: u_shape and level need it"),
        ({"q": 1.0}, "q: usual takes no such threshold"),
        ({"preference": "linear", "q": 2.0, "p": 2.0}, "q: 2 is not below p, 2"),
        ({"preference": "v_shape", "p": 0.0}, "p: 0 is not above 0"),
        ({"preference": "u_shape", "q": -1.0}, "q: -1 is not 0 or more"),
        ({"preference": "gaussian", "s": NAN}, "s: nan is not above 0"),
        ({"preference": "v_shape", "p": (1.0, -1.0)}, r"p: -1 is not above 0 \(child 2\)"),
        ({"preference": ("usual", "v_shape"), "p": (0.0, 1.0, 2.0)}, "different lengths: 2, 3"),
    ],
)
def test_thresholds_are_checked(options, told):
    assert len(problems("promethee", **options)) == 1
    with pytest.raises(DomainError, match=told):
        run("promethee", np.eye(2), np.ones(2), **options)


def test_a_list_that_does_not_fit_the_children():
    assert problems("promethee", preference="v_shape", p=(1.0, 2.0)) == []
    with pytest.raises(DomainError, match="p: 2 entries for 3 children"):
        run("promethee", np.eye(3), np.ones(3), preference="v_shape", p=(1.0, 2.0))


def test_a_list_gives_each_child_its_own_threshold():
    x, w = np.random.default_rng(3).normal(size=(9, 2)), np.array([0.3, 0.7])
    options = {"preference": ("v_shape", "usual"), "p": (0.5, 0.0)}
    first = run("promethee", x[:, :1], [1.0], preference="v_shape", p=0.5)
    second = run("promethee", x[:, 1:], [1.0])
    np.testing.assert_allclose(run("promethee", x, w, **options), 0.3 * first + 0.7 * second, atol=1e-12)


# -- agreement --------------------------------------------------------------------------------------------------------


def table(name):
    with shared("asem", name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {key: np.array([float(row[key]) for row in rows]) for key in rows[0] if key != "uCode"}


def test_copeland_is_coinr_s_at_every_level():
    expected = table("07_agg_copeland_all_levels_orig.csv")
    with shared("asem", "00_iMeta.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Parent"] not in ("", "NA")]
    parents = {row["Parent"] for row in rows if row["Parent"] in expected}
    assert len(parents) == 11
    for parent in parents:
        own = [row for row in rows if row["Parent"] == parent and row["iCode"] in expected]
        x = np.column_stack([expected[row["iCode"]] for row in own])
        found = run("copeland", x, [float(row["Weight"]) for row in own])
        np.testing.assert_array_equal(found, expected[parent])


def test_borda_with_ties_at_the_lowest_is_coinr_s_n_borda():
    """`n_borda` is rank - 1, ascending, ties at the lowest; `n_rank` is exported."""
    x, ranks = table("06_norm_minmax_0_100.csv"), table("06_norm_rank.csv")
    for name in ("LPI", "CO2", "Poverty", "Embs"):
        np.testing.assert_array_equal(run("borda", x[name][:, None], [1.0], ties="min"), ranks[name] - 1)


@pytest.mark.parametrize(
    ("theirs", "thresholds", "options"),
    [
        ("usual", {}, {}),
        ("ushape", {"q": [0.4] * 4}, {"preference": "u_shape", "q": 0.4}),
        ("vshape", {"p": [0.4, 0.5, 0.6, 0.7]}, {"preference": "v_shape", "p": (0.4, 0.5, 0.6, 0.7)}),
        ("level", {"q": [0.2] * 4, "p": [0.8] * 4}, {"preference": "level", "q": 0.2, "p": 0.8}),
        ("vshape_2", {"q": [0.2] * 4, "p": [0.8] * 4}, {"preference": "linear", "q": 0.2, "p": 0.8}),
    ],
)
def test_flows_are_pymcdm_s(theirs, thresholds, options):
    generator = np.random.default_rng(4)
    x, w = generator.normal(size=(30, 4)), generator.dirichlet(np.ones(4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pymcdm.methods import PROMETHEE_II

        expected = PROMETHEE_II(theirs, **thresholds)(x, w, np.ones(4))
    np.testing.assert_allclose(run("promethee", x, w, **options), expected, atol=1e-12)
