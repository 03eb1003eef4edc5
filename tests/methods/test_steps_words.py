"""What is learned of columns, linear maps, and sums over children."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from steps_support import columns

import cityindex as ci
from cityindex.errors import DomainError
from cityindex.methods._arrays import add_children, cells_of, is_word, linear, statistic, word_problems

REF = np.array([[1.0, 4.0], [2.0, np.nan], [3.0, 8.0], [10.0, 6.0]])


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("min", [1, 4]),
        ("max", [10, 8]),
        ("mean", [4, 6]),
        ("median", [2.5, 6]),
        ("p25", [1.75, 5]),
        ("p0", [1, 4]),
        ("p100", [10, 8]),
        ("p97.5", [9.475, 7.9]),
    ],
)
def test_words_ignore_what_is_missing(word, expected):
    np.testing.assert_allclose(statistic(REF, word), expected)
    np.testing.assert_allclose(statistic(REF[[0, 2, 3]], word)[1], expected[1])


@pytest.mark.parametrize("word", ["min", "mean", "median", "p5"])
def test_a_column_without_a_number_is_named(word):
    with pytest.raises(DomainError, match="no number to learn from") as caught:
        statistic(np.array([[1.0, np.nan], [2.0, np.nan]]), word)
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="no unit to learn from"):
        statistic(np.empty((0, 2)), word)


@given(ref=columns())
@settings(max_examples=40, deadline=None)
def test_a_mean_has_the_same_bits_in_either_memory_layout_and_beside_other_columns(ref):
    mean = statistic(ref, "mean")
    np.testing.assert_array_equal(statistic(np.ascontiguousarray(ref), "mean"), mean)
    np.testing.assert_allclose([statistic(ref[:, [j]], "mean")[0] for j in range(ref.shape[1])], mean, rtol=1e-14)


def test_words_are_told_from_other_text():
    assert all(is_word(word) for word in ("min", "max", "mean", "median", "p5", "p99.9"))
    assert not any(is_word(word) for word in ("P5", "p", "p-1", "p100.5", "avg", 5, None))
    assert word_problems("high", "max") == word_problems("high", 3.0) == word_problems("high", None) == []
    assert word_problems("high", "maximum") == [
        "high: 'maximum' is neither a number nor a word to be learned. Did you mean 'max'?"
    ]
    with pytest.raises(ValueError, match="unknown word 'avg'"):
        statistic(REF, "avg")


@given(
    ends=st.tuples(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6)).filter(lambda ends: abs(ends[0] - ends[1]) > 1e-6),
    to=st.tuples(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3)).filter(lambda to: abs(to[0] - to[1]) > 1e-6),
    share=st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_the_ends_of_a_linear_map_are_exact_and_bound_what_lies_between(ends, to, share):
    inside = ends[0] + share * (ends[1] - ends[0])
    inside = min(max(inside, min(ends)), max(ends))
    y = linear(np.array([ends[0], ends[1], inside]), *ends, to)
    assert (y[0], y[1]) == to
    assert min(to) <= y[2] <= max(to)


@given(
    rows=st.lists(st.lists(st.floats(-1e6, 1e6), min_size=9, max_size=9), min_size=1, max_size=6),
    some=st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_a_sum_over_children_has_the_same_bits_in_any_company_and_layout(rows, some):
    p = np.array(rows)
    total = add_children(p)
    expected = [sum(row[1:], row[0]) for row in rows]  # Python adds from left to right
    np.testing.assert_array_equal(total, expected)
    np.testing.assert_array_equal(add_children(np.asfortranarray(p)), total)
    one = some % len(rows)
    np.testing.assert_array_equal(add_children(np.asfortranarray(p[[one]])), total[[one]])
    np.testing.assert_array_equal(add_children(np.stack([p, p])), [total, total])


def test_no_children_add_up_to_nothing():
    np.testing.assert_array_equal(add_children(np.empty((2, 0))), [0, 0])


def test_cells_are_named_by_row_and_column_up_to_twenty():
    mask = np.zeros((3, 2), bool)
    mask[2, 1] = True
    assert cells_of(mask) == [(2, 1)]
    assert cells_of(np.stack([mask, mask])) == [(2, 1)]
    assert len(cells_of(np.ones((100, 3), bool))) == 20


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ({"clip": ["p95", "p5"]}, "low: p95 is not below high: p5"),
        ({"clip": ["mean", "mean"]}, "low: mean is not below high: mean"),
        ({"interval": {"best": 5, "outer": ["max", "min"]}}, r"outer: \[max, min\] does not lie outside"),
        ({"categories": {"scores": {"1": 0, "1.0000000000001": 1}}}, "a category is there twice"),
    ],
)
def test_words_that_stand_the_wrong_way_round_are_refused_at_load(step, words):
    spec = {"cityindex": 1, "id": "t", "index": {"id": "s", "children": [{"id": "a", "steps": [step]}]}}
    with pytest.raises(ci.SpecError, match=words):
        ci.load_spec(spec)
    for fine in ({"clip": ["p5", 3]}, {"clip": ["mean", "median"]}, {"interval": {"best": 5, "outer": ["min", 9]}}):
        assert ci.load_spec({**spec, "index": {"id": "s", "children": [{"id": "a", "steps": [fine]}]}})
