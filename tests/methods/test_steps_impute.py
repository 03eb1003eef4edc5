"""impute, and the four rules for missing children."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from steps_support import columns, learn, problems, run

from cityindex._registry import MISSING
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods import impute, missing

NAN = np.nan
X = np.array([[1.0, 2.0, 3.0], [NAN, 5.0, 6.0], [NAN, NAN, 9.0], [NAN, NAN, NAN]])


# -- the step ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "value"), [("mean", 4.0), ("median", 3.0), ("min", 1.0), ("max", 8.0), ("p25", 2.0), (-1.0, -1.0)]
)
def test_gaps_get_a_word_or_a_number(use, value):
    np.testing.assert_array_equal(run("impute", [1.0, NAN, 3.0, 8.0], use=use), [1, value, 3, 8])


def test_words_are_learned_of_the_reference_and_numbers_stand_for_themselves():
    np.testing.assert_array_equal(run("impute", [NAN, 5.0], ref=[2.0, 4.0]), [3, 5])
    assert learn("impute", [[2.0, 8.0], [4.0, NAN]]) == {"value": [3.0, 8.0]}
    np.testing.assert_array_equal(impute.apply(np.array([[NAN]]), {}, use=7), [[7]])
    with pytest.raises(DomainError, match="no number") as caught:
        run("impute", [[1.0, NAN], [2.0, NAN]])
    assert caught.value.columns == (1,)
    np.testing.assert_array_equal(run("impute", [NAN, NAN], use=0.5), [0.5, 0.5])
    assert "Did you mean 'median'?" in problems("impute", use="medium")[0]


# -- the rules --------------------------------------------------------------------------------------------------------


def test_there_are_four():
    assert set(MISSING) == {"refuse", "propagate", "reweight", "impute"}
    assert {name: method.bare for name, method in MISSING.items()} == {
        "refuse": None,
        "propagate": None,
        "reweight": "at_least",
        "impute": "use",
    }
    assert list(MISSING["impute"].options) == ["use", "at_least"]
    assert MISSING["impute"].reserved == {"within"}


def test_refuse_lists_the_cells():
    with pytest.raises(DomainError, match="a child is missing") as caught:
        missing.refuse(X[:2])
    assert caught.value.cells == ((1, 0),)


def test_propagate_empties_rows():
    np.testing.assert_array_equal(missing.propagate(X), [[1, 2, 3], [NAN] * 3, [NAN] * 3, [NAN] * 3])


@pytest.mark.parametrize(
    ("at_least", "left"), [(1, 3), (2, 2), (3, 1), (Percent(0.34), 2), (Percent(2 / 3), 2), (Percent(0.01), 3)]
)
def test_reweight_empties_rows_that_have_too_few(at_least, left):
    y = missing.reweight(X, at_least=at_least)
    np.testing.assert_array_equal(y[:left], X[:left])
    assert np.isnan(y[left:]).all()


def test_a_share_is_not_missed_by_float_dust():
    present = np.arange(100) < 7
    assert missing.enough(present[None], at_least=Percent(0.07))  # 0.07 * 100 is 7.000000000000001
    assert not missing.enough(present[None], at_least=Percent(0.071))


def test_a_thin_child_does_not_count_but_keeps_its_weight():
    coverage = np.array([[1.0, 0.5, 0.51], [1.0, 0.5, 0.5]])
    x = np.array([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    y = missing.reweight(x, coverage, at_least=2, covered=Percent(0.51))
    np.testing.assert_array_equal(y, [[1, 2, 3], [NAN] * 3])


def test_impute_fills_where_enough_are_there():
    y = missing.impute(X, {"value": [10.0, 20.0, 30.0]}, at_least=2)
    np.testing.assert_array_equal(y, [[1, 2, 3], [10, 5, 6], [NAN] * 3, [NAN] * 3])


@given(x=columns())
@settings(max_examples=40, deadline=None)
def test_the_rules_leave_what_is_whole_and_the_input_alone(x):
    before = x.copy()
    whole = ~np.isnan(x).any(axis=1)
    for y in (missing.propagate(x), missing.reweight(x), missing.impute(x, impute.learn(x))):
        np.testing.assert_array_equal(y[whole], x[whole])
    np.testing.assert_array_equal(x, before)


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"at_least": 0}, "1 or more is allowed"),
        ({"at_least": Percent(0)}, "above 0% and up to 100% is allowed"),
        ({"at_least": Percent(1.2)}, "120% is not a share"),
        ({"covered": Percent(1.2)}, "covered: 120% is not a share"),
    ],
)
def test_options_of_the_rules_are_checked(options, text):
    check = MISSING["reweight"].check_option
    assert check is not None
    assert text in check(options)[0]
    assert check({"at_least": Percent(0.6), "covered": Percent(0.51)}) == []
    imputed = MISSING["impute"].check_option
    assert imputed is not None
    assert len(imputed({"use": "avg", "at_least": 0})) == 2
