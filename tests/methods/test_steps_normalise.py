"""rescale, goalposts, minmax, zscore: ends, signs, what they refuse."""

from __future__ import annotations

import numpy as np
import pytest
from steps_support import learn, problems, run, sign

from cityindex.errors import DomainError

NAN = np.nan


def rescaled(x, start, end, to=(0.0, 1.0), **more):
    return run("rescale", x, **{"from": (start, end), "to": to}, **more)


# -- rescale ----------------------------------------------------------------------------------------------------------


def test_a_scale_moves_onto_another_and_goes_on_beyond_it():
    np.testing.assert_array_equal(rescaled([0, 5, 10, 12, NAN], 0.0, 10.0, (0.0, 7.0)), [0, 3.5, 7, 8.4, NAN])
    np.testing.assert_array_equal(rescaled([0, 5, 10], 0.0, 10.0, (10.0, 1.0)), [10, 5.5, 1])


def test_words_are_learned_from_the_reference():
    y = rescaled([50.0, 300.0], 0.0, "max", (0.0, 100.0), ref=[100.0, 200.0])
    np.testing.assert_array_equal(y, [25, 150])
    assert learn("rescale", [[1.0], [3.0]], **{"from": ("mean", 10.0), "to": (0, 1)}) == {"from": [[2.0, 10.0]]}
    assert learn("rescale", [[1.0], [3.0]], **{"from": (0.0, 10.0), "to": (0, 1)}) == {}


def test_the_distance_to_a_target():
    np.testing.assert_allclose(rescaled([2.0, 3.0, 4.0, 5.0], "min", 4.0), [0, 0.5, 1, 1.5])
    np.testing.assert_allclose(rescaled([2.0, 3.0, 5.0], "max", 3.0), [1.5, 1, 0])


# COINr's n_dist2targ gives 0, -2, -4 for 1, 2, 3 and a target of 0.5: turned round, with a warning only.
@pytest.mark.parametrize(("worst", "target"), [("min", 0.5), ("min", 1.0), ("max", 3.0), ("max", 4.0)])
def test_a_target_on_the_wrong_side_is_refused(worst, target):
    with pytest.raises(DomainError, match=r"which (would turn the scale|leaves nothing to scale)") as caught:
        rescaled([1.0, 2.0, 3.0], worst, target)
    assert caught.value.columns == (0,)
    assert f"from: [{worst}, {target}] is learned as" in str(caught.value)


def test_a_maximum_of_zero_has_no_share():
    with pytest.raises(DomainError, match=r"from: \[0.0, max\] is learned as \[0, 0\]"):
        rescaled([0.0, 0.0], 0.0, "max")
    with pytest.raises(DomainError):
        rescaled([7.0], "min", "max")


@pytest.mark.parametrize(
    ("ends", "to", "expected"),
    [
        ((0.0, 10.0), (0.0, 1.0), 1),
        ((0.0, 10.0), (10.0, 1.0), -1),
        ((5.0, 1.0), (0.0, 1.0), -1),
        (("min", "max"), (0.0, 1.0), 1),
        (("max", "min"), (0.0, 1.0), -1),
        (("max", "min"), (1.0, 0.0), 1),
        ((0.0, "max"), (0.0, 1.0), 1),
        (("max", 0.0), (0.0, 1.0), -1),
        (("min", 4.1), (0.0, 1.0), 1),
        (("p95", "p5"), (0.0, 1.0), -1),
        (("median", "max"), (0.0, 1.0), 1),
        (("mean", "max"), (0.0, 1.0), 1),
        (("mean", "median"), (0.0, 1.0), 0),
        ((0.0, "mean"), (0.0, 1.0), 0),
        ((0.0, "min"), (0.0, 1.0), 0),
    ],
)
def test_it_turns_by_the_order_of_its_ends(ends, to, expected):
    assert sign("rescale", **{"from": ends, "to": to}) == expected


def test_options_of_rescale_are_checked():
    assert problems("rescale", **{"from": (1.0, 1.0), "to": (0.0, 1.0)})
    assert problems("rescale", **{"from": ("max", "max"), "to": (0.0, 1.0)})
    assert problems("rescale", **{"from": (0.0, "mex"), "to": (0.0, 1.0)})[0].endswith("Did you mean 'max'?")
    assert problems("rescale", **{"from": (0.0, 1.0), "to": (2.0, 2.0)}) == [
        "to: both ends are 2: every unit would get the same"
    ]
    assert problems("rescale", **{"from": (0.0, "max"), "to": (0.0, 1.0)}) == []


# -- goalposts --------------------------------------------------------------------------------------------------------


def test_goalposts_hold_or_allow_what_lies_beyond():
    x = [-5.0, 0.0, 20.0, 40.0, 50.0, NAN]
    np.testing.assert_array_equal(run("goalposts", x, goalposts=[(0, 40)]), [0, 0, 0.5, 1, 1, NAN])
    np.testing.assert_array_equal(
        run("goalposts", x, goalposts=[(40, 0)], to=(0, 100), beyond="allow"), [112.5, 100, 50, 0, -25, NAN]
    )


def test_each_column_has_its_own():
    x = np.array([[1.0, 1.0], [2.0, 2.0]])
    np.testing.assert_array_equal(run("goalposts", x, goalposts=[(1, 2), (4, 0)]), [[0, 0.75], [1, 0.5]])


def test_a_log_scale_needs_numbers_above_zero():
    np.testing.assert_allclose(run("goalposts", [1.0, 10.0, 100.0], goalposts=[(1, 100)], scale="log"), [0, 0.5, 1])
    with pytest.raises(DomainError, match="numbers above 0") as caught:
        run("goalposts", [1.0, 0.0, NAN], goalposts=[(1, 100)], scale="log")
    assert caught.value.cells == ((1, 0),)
    with pytest.raises(DomainError, match="goalposts above 0") as caught:
        run("goalposts", [1.0], goalposts=[(0, 100)], scale="log")
    assert caught.value.columns == (0,)
    with pytest.raises(DomainError, match="same number"):
        run("goalposts", [1.0], goalposts=[(3, 3)])


def test_options_of_goalposts():
    assert sign("goalposts", goalposts=(0, 40)) == 1
    assert sign("goalposts", goalposts=(40, 0)) == -1
    assert sign("goalposts", goalposts=(40, 0), to=(1, 0)) == 1
    assert sign("goalposts") == 0
    assert problems("goalposts", goalposts=(0, 5), scale="log") == [
        "goalposts: a log scale needs both above 0, found 0"
    ]
    assert problems("goalposts", goalposts=(5, 5))
    assert problems("goalposts", to=(1, 1))
    assert problems("goalposts", goalposts=(0, 5)) == []


# -- minmax and zscore ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["minmax", "zscore"])
@pytest.mark.parametrize("column", [[5.0, 5.0, 5.0], [5.0], [0.3, 0.1 + 0.2], [NAN, 4.0]])
def test_a_constant_column_has_no_range(name, column):
    table = np.array([[1.0, value] for value in column] + [[2.0, NAN]])
    with pytest.raises(DomainError, match="every unit has the same number") as caught:
        run(name, table)
    assert caught.value.columns == (1,)


@pytest.mark.parametrize("name", ["minmax", "zscore", "percent_rank", "rank", "winsorise"])
def test_a_column_without_a_number_is_refused(name):
    options = {"points": 2} if name == "winsorise" else {}
    with pytest.raises(DomainError, match="no number") as caught:
        run(name, [[1.0, NAN], [2.0, NAN]], **options)
    assert caught.value.columns == (1,)


def test_minmax_is_exact_at_both_ends_and_can_hold():
    x = [0.1, 0.7, 0.3]
    y = run("minmax", x, to=(0.1, 0.7))
    assert y[0] == 0.1
    assert y[1] == 0.7
    np.testing.assert_array_equal(run("minmax", [0.0, 30.0], ref=[10.0, 20.0]), [-1, 2])
    np.testing.assert_array_equal(run("minmax", [0.0, 30.0, NAN], ref=[10.0, 20.0], beyond="hold"), [0, 1, NAN])
    assert sign("minmax", to=(100, 0)) == -1
    assert problems("minmax", to=(3, 3))


def test_zscore_has_mean_zero_and_deviation_one():
    x = np.array([2.0, 4.0, 9.0, NAN])
    for sd, freedom in (("sample", 1), ("population", 0)):
        y = run("zscore", x, sd=sd)
        np.testing.assert_allclose([np.nanmean(y), np.nanstd(y, ddof=freedom)], [0, 1], atol=1e-15)
        np.testing.assert_allclose(run("zscore", x[:3], sd=sd), y[:3], rtol=1e-14)


@pytest.mark.parametrize("factor", [1e200, 1e-200])
@pytest.mark.parametrize("gap", [[], [NAN]])
def test_a_standard_score_of_numbers_whose_squares_no_float_holds(factor, gap):
    plain = np.array([1.0, 4.0, 2.5, -3.0, *gap])
    np.testing.assert_allclose(run("zscore", plain * factor), run("zscore", plain), rtol=1e-12)
