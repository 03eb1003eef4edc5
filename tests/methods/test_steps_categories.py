"""categories, percentile_bands, efficacy, piecewise: tables of scores and the lines between them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import learn, problems, run, sign

import cityindex as ci
from cityindex.errors import DomainError

NAN = np.nan
few = settings(max_examples=40, deadline=None)


# -- categories -------------------------------------------------------------------------------------------------------

SCORES = {"1": 0.0, "2": 50.0, "3.5": 100.0}


def test_each_category_has_its_score():
    np.testing.assert_array_equal(run("categories", [2.0, 3.5, 1.0, NAN], scores=SCORES), [50, 100, 0, NAN])
    dust = run("categories", [0.1 + 0.2], scores={"0.3": 7.0, "1": 0.0})
    np.testing.assert_array_equal(dust, [7])


# A spreadsheet's VLOOKUP would give the score of the next lower category.
def test_a_category_without_a_score_is_refused_by_cell():
    with pytest.raises(DomainError, match=r"no score for the category 2\.5, 9; there are 1, 2, 3\.5") as caught:
        run("categories", [[1.0, 2.5], [9.0, 2.0]], scores=SCORES)
    assert caught.value.cells == ((0, 1), (1, 0))


def test_options_of_categories():
    assert problems("categories", scores=SCORES) == []
    assert problems("categories", scores={"good": 1.0, "2": 0.0})[0].startswith("scores: 'good' is no number; a column")
    assert problems("categories", scores={"1": 1.0, "1.0": 0.0}) == ["scores: a category is there twice"]
    assert problems("categories", scores={"1": 1.0, "2": 1.0}) == ["scores: every unit would get the same"]
    assert sign("categories", scores=SCORES) == 1
    assert sign("categories", scores={"10": 0.0, "9": 5.0}) == -1  # by number, not by text
    assert sign("categories", scores={"1": 0.0, "2": 5.0, "3": 1.0}) == 0


def test_in_a_spec_the_unit_without_a_score_is_named():
    spec = """
    cityindex: 1
    id: parks
    index:
      id: score
      children: [{id: level, direction: more, steps: [{categories: {scores: {1: 0, 2: 50, 3: 100}}}]}]
    """
    assert ci.score(spec, {"city": ["a", "b"], "level": [3, 1]}).column("level").tolist() == [100, 0]
    with pytest.raises(Exception, match="no score for the category 4") as caught:
        ci.score(spec, {"city": ["a", "b"], "level": [3, 4]})
    assert "unit b, level" in str(caught.value)


# -- percentile_bands -------------------------------------------------------------------------------------------------


def test_a_quarter_of_the_units_is_in_each_band():
    options = {"cuts": ("p25", "median", "p75"), "points": (0.0, 30.0, 60.0, 100.0)}
    y = run("percentile_bands", np.arange(100.0), **options)
    assert np.unique(y, return_counts=True)[1].tolist() == [25, 25, 25, 25]
    assert learn("percentile_bands", [[1.0], [3.0]], cuts=("p50", 9.0), points=(0, 1, 2)) == {"cuts": [[2.0, 9.0]]}
    on = run("percentile_bands", [2.0, 2.0 - 1e-15, 1.9, NAN], ref=[1.0, 3.0], cuts=("p50",), points=(0.0, 1.0))
    np.testing.assert_array_equal(on, [1, 1, 0, NAN])


@given(
    rows=st.lists(st.integers(-50, 50), min_size=3, max_size=20).filter(lambda rows: len(set(rows)) == len(rows)),
    new=st.lists(st.floats(-60, 60), min_size=1, max_size=9),
)
@few
def test_bands_by_percentiles_are_bands_by_what_was_learned(rows, new):
    ref = np.array(rows, float)
    points = (5.0, 3.0, 3.0, 0.0)
    cuts = tuple(np.quantile(ref, [0.1, 0.5, 0.9]).tolist())
    y = run("percentile_bands", new, ref=ref, cuts=("p10", "median", "p90"), points=points)
    np.testing.assert_array_equal(y, run("bands", new, cuts=cuts, points=points))


# With three quarters of zeros the lowest value would be in the third band.
def test_cuts_that_tie_are_refused():
    with pytest.raises(
        DomainError, match=r"are learned as \[0, 0, 0.25\], which do not rise: too many units tie"
    ) as caught:
        run("percentile_bands", [0.0, 0.0, 0.0, 1.0], cuts=("p25", "median", "p75"), points=(1.0, 2.0, 3.0, 4.0))
    assert caught.value.columns == (0,)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"cuts": ("p75", "p25"), "points": (1, 2, 3)}, "cuts: [p75, p25] do not rise"),
        ({"cuts": ("median", "p50"), "points": (1, 2)}, "points: 2 for 2 cuts, which make 3 bands"),
        ({"cuts": (1.0, 2.0), "points": (1, 2, 3)}, "cuts: none of them is learned; write bands"),
        ({"cuts": ("p25", "p75"), "points": (1, 1, 1)}, "points: every band has 1"),
        ({"cuts": ("q25",), "points": (1, 2)}, "neither a number nor a word"),
    ],
)
def test_options_of_percentile_bands_are_checked(options, told):
    assert any(told in problem for problem in problems("percentile_bands", **options))
    assert problems("percentile_bands", cuts=("p25", 3.0, "max"), points=(1, 2, 3, 3)) == []


# -- efficacy ---------------------------------------------------------------------------------------------------------


def test_published_coefficients():
    # a class example of four firms, profit and tax for 100 yuan of sales: 83.404 for firm D (60 + 40 d)
    y = run("efficacy", [16.7, 7.3, 10.7, 12.8])
    np.testing.assert_allclose(y, [100, 60, 74.468, 83.404], atol=5e-4)
    # an examination question: contribution of total assets 5.81 %, between 6 % and 12 %, as 40 d + 60: 58.73
    assert run("efficacy", [5.81], **{"from": (6.0, 12.0)})[0] == pytest.approx(58.73, abs=5e-3)
    # another convention of the same name: 40 + 60 d
    assert run("efficacy", [9.0], **{"from": (6.0, 12.0), "to": (40.0, 100.0)})[0] == 70


@given(rows=st.lists(st.integers(-50, 50), min_size=2, max_size=12).filter(lambda rows: len(set(rows)) > 1))
@few
def test_both_forms_are_exact_at_their_ends_and_keep_the_order(rows):
    x = np.array(rows, float)
    low, high = x.min(), x.max()
    for form in ("linear", "exponential"):
        y = run("efficacy", x, form=form)
        assert (y[x.argmin()], y[x.argmax()]) == (60, 100)
        assert (np.diff(y[np.argsort(x)]) >= 0).all()
        less = run("efficacy", x, form=form, **{"from": ("max", "min")})
        np.testing.assert_allclose(less, run("efficacy", -x, form=form), rtol=1e-13)
    np.testing.assert_allclose(y, 60 * np.exp((x - low) / (high - low) * -np.log(0.6)), rtol=1e-13)
    np.testing.assert_allclose(run("efficacy", x), run("minmax", x, to=(60.0, 100.0)), rtol=1e-14)


def test_efficacy_beyond_its_values_goes_on_or_is_held():
    options = {"from": (0.0, 10.0), "form": "exponential"}
    y = run("efficacy", [-10.0, 20.0, NAN], **options)
    np.testing.assert_allclose(y, [36, 100 / 0.6, NAN], rtol=1e-14)
    np.testing.assert_array_equal(run("efficacy", [-1e9, 1e9], beyond="hold", **options), [60, 100])
    np.testing.assert_array_equal(run("efficacy", [-1e9, 1e9], beyond="hold", **{"from": (0.0, 10.0)}), [60, 100])
    assert sign("efficacy") == 1
    assert sign("efficacy", **{"from": ("max", "min")}) == -1
    with pytest.raises(DomainError, match="leaves nothing to scale"):
        run("efficacy", [4.0, 4.0])
    usual = {"from": ("min", "max"), "to": (60.0, 100.0), "form": "exponential"}
    assert problems("efficacy", **usual) == []
    assert problems("efficacy", **{**usual, "to": (0.0, 100.0)})[0].startswith("to: an exponential curve needs both")
    assert problems("efficacy", **{**usual, "from": (1.0, 1.0)})


# -- piecewise --------------------------------------------------------------------------------------------------------

STANDARDS = {"at": (-20.0, -3.6, 1.7, 9.5, 16.5), "to": (20.0, 40.0, 60.0, 80.0, 100.0), "before": 0.0}


def test_graded_standards():
    """Return on equity of large machine builders: poor -20, low -3.6, average 1.7, good 9.5, excellent 16.5 per cent.

    An accounting exercise scores 8 per cent with a weight of 20: 20 × 0.6 + (8 - 1.7) / (9.5 - 1.7) × (20 × 0.8 - 12).
    (It prints 16.85, having taken 20 × 0.8 for 18.)
    """
    score = run("piecewise", [8.0], **STANDARDS)[0]
    assert score * 20 / 100 == pytest.approx(12 + 6.3 / 7.8 * 4, rel=1e-12)
    x = [-20.1, -20.0, -3.6, 9.5, 16.5, 30.0, NAN]
    np.testing.assert_array_equal(run("piecewise", x, **STANDARDS), [0, 20, 40, 80, 100, 100, NAN])


def test_falling_standards_where_less_is_better():
    debt = {"at": (95.0, 85.0, 75.0, 60.0, 45.0), "to": (20.0, 40.0, 60.0, 80.0, 100.0), "before": 0.0}
    np.testing.assert_allclose(run("piecewise", [99.0, 95.0, 80.0, 52.5, 10.0], **debt), [0, 20, 50, 90, 100])
    assert sign("piecewise", **debt) == -1


def test_float_dust_on_the_first_standard_is_not_below_it():
    y = run("piecewise", [0.3, 0.3 - 1e-16, 0.29], at=(0.1 + 0.2, 1.0), to=(20.0, 100.0), before=0.0)
    np.testing.assert_allclose(y, [20, 20, 0], rtol=1e-14)


@given(x=st.lists(st.floats(-50, 50), min_size=1, max_size=12), falling=st.booleans())
@few
def test_it_is_linear_interpolation_in_either_direction(x, falling):
    at, to = (-20.0, -3.6, 1.7, 9.5, 16.5), (20.0, 10.0, 60.0, 80.0, 100.0)
    expected = np.interp(x, at, to)
    options = {"at": at[::-1], "to": to[::-1]} if falling else {"at": at, "to": to}
    y = run("piecewise", x, **options)
    np.testing.assert_allclose(y, expected, rtol=1e-12)
    assert ((y >= 10) & (y <= 100)).all()
    np.testing.assert_array_equal(run("piecewise", at, **options), to)


def test_lines_go_on_where_they_are_allowed_to():
    y = run("piecewise", [-1.0, 3.0], at=(0.0, 1.0, 2.0), to=(0.0, 10.0, 30.0), before="allow", after="allow")
    np.testing.assert_array_equal(y, [-10, 50])
    np.testing.assert_array_equal(run("piecewise", [3.0], at=(0.0, 2.0), to=(0.0, 10.0), after=7.0), [7])


def test_values_may_be_learned_and_must_stand_as_they_are_named():
    y = run("piecewise", [0.0, 4.0, 9.0, 10.0], at=("min", "median", "max"), to=(0.0, 50.0, 100.0))
    np.testing.assert_allclose(y, [0, 50 * 4 / 6.5, 50 + 50 * 2.5 / 3.5, 100])
    with pytest.raises(DomainError, match=r"at: \[min, 12.0, max\] is learned as \[1, 12, 3\], which does not rise"):
        run("piecewise", [1.0, 3.0], at=("min", 12.0, "max"), to=(0.0, 1.0, 2.0))
    with pytest.raises(DomainError, match="which does not fall"):
        run("piecewise", [2.0, 2.0], at=("max", "min"), to=(0.0, 1.0))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"at": (1.0,), "to": (1.0,)}, "at: two values or more are needed"),
        ({"at": (1.0, 3.0, 2.0), "to": (1.0, 2.0, 3.0)}, "at: [1.0, 3.0, 2.0] neither rise nor fall"),
        ({"at": (1.0, 1.0), "to": (1.0, 2.0)}, "at: [1.0, 1.0] neither rise nor fall"),
        ({"at": ("max", "p5", "median"), "to": (1.0, 2.0, 3.0)}, "neither rise nor fall"),
        ({"at": (1.0, 2.0), "to": (1.0, 2.0, 3.0)}, "to: 3 scores for 2 values"),
        ({"at": (1.0, 2.0), "to": (3.0, 3.0)}, "to: every value has 3"),
        ({"at": (1.0, "mix"), "to": (3.0, 4.0)}, "neither a number nor a word"),
    ],
)
def test_options_of_piecewise_are_checked(options, told):
    assert any(told in problem for problem in problems("piecewise", **options))
    assert problems("piecewise", at=("min", 5.0, "max"), to=(0.0, 1.0, 3.0)) == []


def test_its_sign_counts_what_lies_outside():
    line = {"at": (1.0, 2.0), "to": (10.0, 20.0)}
    assert sign("piecewise", **line) == 1
    assert sign("piecewise", before=0.0, **line) == 1
    assert sign("piecewise", before=15.0, **line) == 0
    assert sign("piecewise", after=0.0, **line) == 0
    assert sign("piecewise", at=(1.0, 2.0, 3.0), to=(0.0, 1.0, 0.0)) == 0
