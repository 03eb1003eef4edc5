"""treat and fences: COINr's two stages point by point, what is forced, what is refused, laws."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from steps_support import apply, columns, learn, problems, run, sign
from support import shared
from test_steps_asem import columns as asem
from test_steps_asem import meta
from test_steps_treat import follow

from cityindex._registry import STEPS
from cityindex.errors import DomainError
from cityindex.methods._shape import skewness_kurtosis
from cityindex.methods.treatment import treatment_details

NAN = np.nan
few = settings(max_examples=40, deadline=None)

N = 200
SKEWED = np.exp(np.linspace(-3, 7, N))  # fails, and five moves do not help
ONE = np.array([*np.linspace(0, 1, N - 1), 50.0])  # one number too high
FINE = np.linspace(0, 1, N)


def log_ct(x):
    """COINr's log_CT, literally."""
    low, high = np.nanmin(x), np.nanmax(x)
    return np.log(x - low + 0.01 * (high - low))


# -- agreement with COINr ---------------------------------------------------------------------------------------------


def details(file):
    return pd.read_csv(shared("asem", file)).set_index("iCode").loc[list(meta().index)]


def points(file):
    """COINr's mark of each cell: nothing, winhi, winlo, log_CT, or two of them."""
    return pd.read_csv(shared("asem", file), dtype=str, keep_default_na=False)[list(meta().index)].to_numpy(str)


def check_details(told, theirs):
    """Every figure of COINr's table of a treatment, where it has one."""
    for number, prefix in enumerate(("", "winsorised_", "final_")):
        if f"check_SkewKurt{number}.Skew" not in theirs:
            continue
        there = theirs[f"check_SkewKurt{number}.Skew"].notna().to_numpy()
        for ours, column in (("skewness", "Skew"), ("kurtosis", "Kurt")):
            expected = theirs[f"check_SkewKurt{number}.{column}"].to_numpy(float)
            np.testing.assert_allclose(told[prefix + ours][there], expected[there], rtol=1e-9)
        passes = np.array([str(value).upper() == "TRUE" for value in theirs[f"check_SkewKurt{number}.Pass"]])
        np.testing.assert_array_equal(told[prefix + "passes"][there], passes[there])
    np.testing.assert_array_equal(told["tried_low"] + told["tried_high"], theirs["winsorise.nwin"].fillna(0))


@pytest.mark.parametrize(
    ("options", "file"),
    [
        ({}, "05_treated"),
        ({"combine": True}, "05_treat_default_combined"),
        ({"points": 1}, "05_treat_win1_then_logCT"),
    ],
)
def test_the_treated_data_and_the_details_are_coinrs(options, file):
    x = asem("03_imputed.csv")
    name = f"{file}.csv" if file == "05_treated" else f"{file}_data.csv"
    np.testing.assert_allclose(run("treat", x, **options), asem(name), rtol=1e-12, atol=0)
    check_details(treatment_details(x, **options), details(f"{file}_details.csv"))


def test_the_points_that_were_moved_are_coinrs():
    x, marks = asem("03_imputed.csv"), points("05_treated_points.csv")
    y = run("treat", x)
    np.testing.assert_array_equal(y < x, marks == "winhi")
    np.testing.assert_array_equal(y > x, marks == "winlo")


def test_coinrs_record_marks_points_whose_winsorising_was_undone():
    x, marks = asem("03_imputed.csv"), points("05_treat_win1_then_logCT_points.csv")
    told = treatment_details(x, points=1)
    undone = (told["tried_low"] + told["tried_high"] > 0) & ~told["winsorised"]
    np.testing.assert_array_equal((marks == "winhi+log_CT").sum(axis=0), np.where(undone, told["tried_high"], 0))
    np.testing.assert_array_equal((marks == "+log_CT").any(axis=0), told["transformed"])
    logged = told["transformed"]
    np.testing.assert_array_equal(run("treat", x, points=1)[:, logged], run("log_shift", x[:, logged]))


def test_skewness_and_kurtosis_of_the_raw_data():
    theirs = details("05_skew_kurt_raw.csv")
    told = treatment_details(asem("01_raw_dset.csv"))
    np.testing.assert_allclose(told["skewness"], theirs["skew"], rtol=1e-9)
    np.testing.assert_allclose(told["kurtosis"], theirs["kurt"], rtol=1e-9)


@pytest.mark.parametrize("size", ["300_50", "3000_100"])
def test_the_synthetic_tables_to_the_index(size):
    frame = pd.read_csv(shared("bench", f"data_{size}_iData.csv"))
    tree = pd.read_csv(shared("bench", f"data_{size}_iMeta.csv"))
    theirs = pd.read_csv(shared("bench", f"ref_{size}_agg_amean.csv")).set_index("uCode")
    leaves, pillars = tree[tree.Level == 1], tree[tree.Level == 2]
    x = frame[list(leaves.iCode)].to_numpy(float)
    table = pd.read_csv(shared("bench", f"ref_{size}_treat_details.csv")).set_index("iCode").loc[list(leaves.iCode)]
    check_details(treatment_details(x), table)
    y = run("minmax", run("treat", x), to=(1.0, 100.0))
    y = np.where(leaves.Direction.to_numpy() < 0, 101.0 - y, y)
    found = []
    for pillar in pillars.iCode:
        mine = (leaves.Parent == pillar).to_numpy()
        found.append(np.average(y[:, mine], axis=1, weights=leaves.Weight[mine]))
        np.testing.assert_allclose(found[-1], theirs[pillar], rtol=1e-12)
    index = np.average(np.column_stack(found), axis=1, weights=pillars.Weight)
    np.testing.assert_allclose(index, theirs["Index"], rtol=1e-12)


# -- the rule ---------------------------------------------------------------------------------------------------------


def test_the_example_of_coinrs_help_page():
    x = np.array([*range(1, 11), 30.0, 100.0])  # numbers between 1 and 10, and two outliers; two may be moved
    np.testing.assert_array_equal(run("treat", x, points=2), [*range(1, 11), 30, 30])
    told = treatment_details(x[:, None], points=2)
    assert (told["tried_high"], told["winsorised_passes"], told["winsorised"]) == ([1], [True], [True])


def test_what_passes_is_untouched_what_one_move_cures_is_moved_what_fails_still_is_bent():
    x = np.column_stack([FINE, ONE, SKEWED])
    y = run("treat", x)
    np.testing.assert_array_equal(y[:, 0], x[:, 0])
    np.testing.assert_array_equal(y[:, 1], np.where(x[:, 1] == 50, 1, x[:, 1]))
    np.testing.assert_allclose(y[:, 2], log_ct(SKEWED), rtol=1e-14)
    told = treatment_details(x)
    assert told["passes"].tolist() == [True, False, False]
    assert told["tried_high"].tolist() == [0, 1, 5]
    assert told["winsorised_passes"].tolist() == [False, True, False]
    assert told["winsorised"].tolist() == [False, True, False]
    assert told["transformed"].tolist() == [False, False, True]
    assert told["final_passes"].tolist() == [True, True, True]
    assert np.isnan(told["winsorised_skewness"]).tolist() == [True, False, False]


def test_combined_the_logarithm_is_of_the_winsorised_column():
    np.testing.assert_array_equal(
        run("treat", SKEWED, combine=True), run("log_shift", run("winsorise", SKEWED, points=5))
    )
    later = run("treat", [1e9], ref=SKEWED, combine=True)  # held at the limit first
    np.testing.assert_array_equal(later, run("treat", SKEWED, combine=True)[-1:])


def test_without_a_second_stage_what_was_moved_stays_and_is_told_to_fail():
    np.testing.assert_array_equal(run("treat", SKEWED, transform="none"), run("winsorise", SKEWED, points=5))
    told = treatment_details(SKEWED[:, None], transform="none")
    assert (told["winsorised"], told["final_passes"]) == ([True], [False])


def test_a_long_lower_tail_is_lengthened_by_coinrs_logarithm_and_drawn_in_by_the_longer_tail():
    x = -SKEWED
    plain, longer = treatment_details(x[:, None]), treatment_details(x[:, None], tail="longer")
    assert plain["transformed"].all()
    assert plain["final_skewness"] < plain["skewness"] < -2
    assert not plain["final_passes"].any()
    assert abs(longer["final_skewness"]) < 1
    np.testing.assert_allclose(run("treat", x, tail="longer"), -log_ct(SKEWED), rtol=1e-14)  # COINr's log_CT_plus


@pytest.mark.parametrize("transform", ["log_gii", "boxcox", "yeo_johnson"])
def test_other_second_stages_are_the_steps_of_their_names(transform):
    x = np.column_stack([FINE, SKEWED])
    y = run("treat", x, transform=transform)
    np.testing.assert_array_equal(y[:, 0], FINE)
    np.testing.assert_array_equal(y[:, 1], run(transform, SKEWED))


def test_missing_cells_do_not_count_and_stay():
    x = np.insert(SKEWED, 7, NAN)
    y = run("treat", x)
    assert np.isnan(y[7])
    np.testing.assert_array_equal(np.delete(y, 7), run("treat", SKEWED))
    np.testing.assert_allclose(treatment_details(x[:, None])["skewness"], stats.skew(SKEWED, bias=False), rtol=1e-9)


def test_long_columns_give_the_same_as_the_rule_beside_huge_outliers_and_ties():
    rng = np.random.default_rng(11)
    for x in (
        np.append(rng.normal(size=3000), [1e6, 1e9, 1e12]),
        np.append(rng.lognormal(0, 0.3, 2500), rng.lognormal(12, 0.1, 20)),
        np.append(rng.normal(size=2000), [50.0, -300.0, -2000.0, 40.0]),
        np.round(rng.lognormal(0, 1, 5000), 1),
        np.concatenate([np.zeros(3000), np.full(30, 7.0), [8.0, 9.0]]),
    ):
        rng.shuffle(x)
        np.testing.assert_array_equal(run("treat", x, transform="none"), follow(x, 5, 2.0, 3.5))


def test_an_outlier_beyond_all_measure_is_moved_and_one_without_a_fourth_power_refused():
    x = np.append(np.linspace(0, 1e-9, 60), 1e70)
    np.testing.assert_array_equal(run("treat", x), np.minimum(x, 1e-9))
    with pytest.raises(DomainError, match="so large that their shape cannot be told") as caught:
        run("treat", np.column_stack([FINE, np.append(FINE[1:], 1e90)]))
    assert caught.value.columns == (1,)


@pytest.mark.parametrize("name", ["treat", "winsorise"])
def test_numbers_without_a_fourth_power_are_refused_and_not_left_alone(name):
    x = np.column_stack([ONE, ONE * 1e-100, np.full(N, 1e-100)])
    with pytest.raises(DomainError, match="so small that their shape cannot be told") as caught:
        STEPS[name].learn(x, points=5)
    assert caught.value.columns == (1,)


# -- forced -----------------------------------------------------------------------------------------------------------


def test_a_forced_winsorising_moves_points_though_the_shape_passes():
    """COINr's issue 53: with force_win the column is returned as it was."""
    x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0]
    assert treatment_details(np.array(x)[:, None])["passes"].all()
    np.testing.assert_array_equal(run("treat", x, points=1, force="winsorise"), [1, 2, 3, 4, 5, 6, 6])
    np.testing.assert_array_equal(run("treat", SKEWED, force="winsorise"), run("winsorise", SKEWED, points=5))


def forced(x, points):
    """So many numbers moved, whatever the shape: literally."""
    start, y = np.array(x, float), np.array(x, float)
    while (y != start).sum() < points and len(set(y.tolist())) > 2:
        high = stats.skew(y, bias=False) >= 0
        extreme = y.max() if high else y.min()
        others = y[y != extreme]
        y[y == extreme] = others.max() if high else others.min()
    return y


@given(x=st.lists(st.integers(0, 9).map(lambda n: float(3**n)), min_size=3, max_size=40), points=st.integers(1, 9))
@few
def test_a_forced_winsorising_follows_the_rule_to_the_middle_of_a_short_column(x, points):
    if len(set(x)) > 1:
        np.testing.assert_array_equal(run("treat", x, points=points, force="winsorise"), forced(x, points))


def test_a_forced_transformation_and_none_at_all():
    np.testing.assert_array_equal(run("treat", FINE, force="transform"), run("log_shift", FINE))
    np.testing.assert_array_equal(run("treat", SKEWED, force="neither"), SKEWED)
    assert not treatment_details(SKEWED[:, None], force="neither")["final_passes"].any()


# -- refusals and edges -----------------------------------------------------------------------------------------------


def test_constant_short_and_two_valued_columns_are_left_as_they_are():
    for x in ([4.0] * 9, [1.0], [1.0, 99.0], [1.0, 2.0, 99.0], [NAN, 3.0]):
        np.testing.assert_array_equal(run("treat", x), x)
        np.testing.assert_array_equal(run("treat", x[:2], force="winsorise"), x[:2])
    told = treatment_details(np.full((9, 1), 4.0))
    assert np.isnan(told["skewness"]).all()
    assert told["final_passes"].all()


def test_a_column_of_two_numbers_is_not_made_constant_but_bent():
    x = [0.0] * 50 + [1.0] * 2
    np.testing.assert_allclose(run("treat", x), log_ct(np.array(x)), rtol=1e-14)
    told = treatment_details(np.array(x)[:, None])
    assert (told["tried_high"], told["final_passes"]) == ([0], [False])  # no curve helps two numbers: it is told


def test_refusals_name_the_column_and_the_cells():
    x = np.column_stack([FINE, SKEWED - 1])
    with pytest.raises(DomainError, match="transform: boxcox: Box and Cox's powers need numbers above 0") as caught:
        run("treat", x, transform="boxcox")
    assert caught.value.cells[0] == (0, 1)
    with pytest.raises(
        DomainError, match=r"transform: log_gii: the highest number is 0\.5; it must be above 1"
    ) as caught:
        run("treat", np.column_stack([FINE, SKEWED / SKEWED.max() / 2]), transform="log_gii")
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="no number to learn from") as caught:
        run("treat", [[1.0, NAN], [2.0, NAN]])
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="needs a range") as caught:
        run("treat", np.column_stack([FINE, np.ones(N)]), force="transform")
    assert caught.value.columns == (1,)


def test_a_later_number_too_far_below_is_refused_not_floored():
    ref = np.column_stack([FINE, SKEWED])
    params = learn("treat", ref)
    just = SKEWED.min() - 0.009 * np.ptp(SKEWED)
    assert np.isfinite(apply("treat", [[0.5, just]], params)).all()
    with pytest.raises(DomainError, match="so far beyond the reference") as caught:
        apply("treat", [[-99.0, 1.0], [0.5, -50.0]], params)
    assert caught.value.cells == ((1, 1),)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"points": -1}, "points: -1; 0 (none may be moved) or more"),
        ({"share": 0}, "share: 0; above 0"),
        ({"points": 0, "force": "winsorise"}, "points: 0 moves no number"),
        ({"points": 0, "transform": "none"}, "points: 0 moves no number"),
        ({"transform": "none", "force": "transform"}, "force: transform, but transform: none"),
        ({"combine": True, "force": "winsorise"}, "combine: says nothing with force: winsorise"),
    ],
)
def test_options_of_treat_are_checked(options, text):
    assert text in problems("treat", **options)[0]
    assert problems("treat") == problems("treat", points=0) == problems("treat", combine=True) == []


# -- laws of treat ----------------------------------------------------------------------------------------------------

LOOSE = {"skewness": 0.5, "kurtosis": 0.0, "points": 2}
VARIANTS = [LOOSE, {**LOOSE, "combine": True}, {**LOOSE, "tail": "longer"}, {"force": "transform"}]


@pytest.mark.parametrize("options", VARIANTS)
@given(x=columns())
@few
def test_it_rises_row_by_row_and_keeps_gaps(options, x):
    params = learn("treat", x, **options)
    whole = apply("treat", x, params, **options)
    np.testing.assert_array_equal(np.isnan(whole), np.isnan(x))
    for j in range(x.shape[1]):
        order = np.argsort(x[:, j], kind="stable")[: np.isfinite(x[:, j]).sum()]
        assert (np.diff(whole[order, j]) >= 0).all()
    for i in range(len(x)):
        np.testing.assert_array_equal(apply("treat", x[[i]], params, **options), whole[[i]])
    np.testing.assert_array_equal(apply("treat", np.ascontiguousarray(x), params, **options), whole)
    np.testing.assert_array_equal(apply("treat", np.stack([x, x]), params, **options), np.stack([whole, whole]))
    assert learn("treat", x[::-1], **options) == params
    assert sign("treat", **options) == 1


@given(
    x=st.lists(st.integers(0, 9).map(lambda n: float(2**n)), min_size=6, max_size=40).filter(lambda x: len(set(x)) > 2),
    factor=st.sampled_from([0.25, 8.0, 1024.0]),
    shift=st.integers(-64, 64),
)
@few
def test_in_other_units_the_column_is_treated_alike(x, factor, shift):
    """After min-max: winsorising is moved and stretched, the shifted logarithm is moved."""
    y, z = run("treat", x, **LOOSE), run("treat", np.array(x) * factor + shift, **LOOSE)
    np.testing.assert_allclose(run("minmax", z), run("minmax", y), rtol=0, atol=1e-12)


# -- fences -----------------------------------------------------------------------------------------------------------

NIST = """30 171 184 201 212 250 265 270 272 289 305 306 322 322 336 346 351 370 390 404 409 411 436 437 439
441 444 448 451 453 470 480 482 487 494 495 499 503 514 521 522 527 548 550 559 560 570 572 574 578
585 592 592 607 616 618 621 629 637 638 640 656 668 707 709 719 737 739 752 758 766 792 792 794 802
818 830 832 843 858 860 869 918 925 953 991 1000 1005 1068 1441"""


def test_the_outlier_of_nists_handbook():
    """NIST/SEMATECH e-Handbook of Statistical Methods, 7.1.6: 1441 is the one beyond the inner fences, -39 and 1211.

    Its quartiles are type 6 (429.75, 742.25); ours are type 7, so the fences stand a little closer.
    """
    x = np.array(NIST.split(), float)
    quartiles = np.quantile(x, [0.25, 0.75], method="weibull")
    np.testing.assert_array_equal(quartiles, [429.75, 742.25])
    limits = learn("fences", x[:, None])
    np.testing.assert_array_equal([limits["low"][0], limits["high"][0]], [-17.125, 1191.875])
    y = run("fences", x)
    np.testing.assert_array_equal(x[y != x], [1441])
    assert y.max() == 1191.875
    np.testing.assert_array_equal(run("fences", x, k=3.0), x)


def test_fences_of_columns_with_gaps_and_later_numbers():
    ref = np.array([[1.0, 5.0], [2.0, NAN], [3.0, 6.0], [4.0, 7.0], [90.0, 8.0]])
    np.testing.assert_array_equal(run("fences", ref)[:, 0], [1, 2, 3, 4, 7])
    np.testing.assert_array_equal(run("fences", [[-50.0, NAN]], ref=ref), [[-1, NAN]])


def test_fences_that_would_make_every_unit_equal_are_refused():
    with pytest.raises(DomainError, match="half of the numbers or more are the same") as caught:
        run("fences", [[1.0, 0.0], [2.0, 0.0], [3.0, 0.0], [4.0, 0.0], [5.0, 9.0]])
    assert caught.value.columns == (1,)
    for x in ([3.0], [3.0, 3.0]):
        with pytest.raises(DomainError, match="are the same"):
            run("fences", x)
    with pytest.raises(DomainError, match="no number to learn from"):
        run("fences", [NAN, NAN])


@given(x=columns(), k=st.sampled_from([0.0, 1.5, 3.0]))
@few
def test_fences_rise_and_move_nothing_within(x, k):
    try:
        params = learn("fences", x, k=k)
    except DomainError:
        return
    y = apply("fences", x, params, k=k)
    low, high = (np.array(params[name]) for name in ("low", "high"))
    within = (x >= low) & (x <= high)
    np.testing.assert_array_equal(y[within], x[within])
    assert (y[~np.isnan(y)] >= np.broadcast_to(low, x.shape)[~np.isnan(y)]).all()
    assert (y[~np.isnan(y)] <= np.broadcast_to(high, x.shape)[~np.isnan(y)]).all()
    np.testing.assert_array_equal(apply("fences", x[:1], params, k=k), y[:1])


def test_traits_and_options():
    assert {name for name, method in STEPS.items() if method.treats} >= {"clip", "winsorise", "fences", "treat"}
    assert (STEPS["treat"].bare, STEPS["fences"].bare) == ("points", "k")
    assert (sign("treat"), sign("fences")) == (1, 1)
    assert problems("fences", k=-1.0) == ["k: -1.0; 0 or more is allowed"]
    assert problems("fences", k=1.5) == []


def test_a_shape_near_the_limits_is_told_as_it_is_tested():
    skew, kurt = (float(values[0]) for values in skewness_kurtosis(SKEWED[:, None]))
    at = treatment_details(SKEWED[:, None], skewness=skew, kurtosis=kurt)
    assert not at["passes"].any()  # at the limit it fails: below it is asked for
    above = treatment_details(SKEWED[:, None], skewness=np.nextafter(skew, 99))
    assert above["passes"].all()
