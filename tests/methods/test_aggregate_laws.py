"""Laws of the aggregators that punish imbalance, look at places or measure distances: one test each for all of them."""

from __future__ import annotations

import numpy as np
import pytest
from aggregate_support import NAN, groups, learn, parts, run
from hypothesis import given, note, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex._registry import AGGREGATORS
from cityindex.errors import DomainError
from cityindex.methods import _distances

CASES = {
    "mazziotta_pareto": ("mazziotta_pareto", {}),
    "mazziotta_pareto plus sample": ("mazziotta_pareto", {"penalty": "plus", "sd": "sample"}),
    "mean_min": ("mean_min", {"alpha": 0.6}),
    "mean_min beta": ("mean_min", {"alpha": 1.0, "beta": 3.0}),
    "owa exponent": ("owa", {"exponent": 2.5}),
    "median": ("median", {}),
    "weighted_median": ("weighted_median", {}),
    "weighted_median lower": ("weighted_median", {"half": "lower"}),
    "weighted_median upper": ("weighted_median", {"half": "upper"}),
    "topsis": ("topsis", {"beyond": "allow"}),
    "topsis vector": ("topsis", {"normalise": "vector", "beyond": "allow"}),
    "topsis minmax": ("topsis", {"normalise": "minmax", "beyond": "allow"}),
    "topsis ideal": ("topsis", {"ideal": (3000.0, 0.0)}),
    "wroclaw": ("wroclaw", {"beyond": "allow"}),
    "wroclaw sample": ("wroclaw", {"sd": "sample", "beyond": "allow"}),
    "vikor": ("vikor", {}),
    "vikor sum": ("vikor", {"v": 1.0}),
}
SPLIT = [name for name in CASES if not name.startswith("vikor")]
WEIGHTED = [name for name in CASES if name != "median"]
MEANS = [name for name in CASES if name.split()[0] in ("mean_min", "owa", "median", "weighted_median")]
every = pytest.mark.parametrize("case", CASES)
few = settings(max_examples=40, deadline=None)  # each of them for all cases


def taken(case, x, w, *known):
    name, options = CASES[case]
    return run(name, x, w, *known, **options)


def each(cases):
    for case in cases:
        note(case)  # which one it was, if it fails
        yield case


def known_of(case, x, w):
    name, options = CASES[case]
    return learn(name, x, w, **options)


@few
@given(group=groups(gaps=True), data=st.data())
def test_the_order_of_children_does_not_matter(group, data):
    x, w = group
    order = data.draw(st.permutations(range(x.shape[1])))
    for case in each(CASES):
        np.testing.assert_allclose(taken(case, x[:, order], w[order]), taken(case, x, w), rtol=1e-9, atol=1e-12)


@few
@given(group=groups(gaps=True), data=st.data())
def test_the_order_of_units_does_not_matter(group, data):
    x, w = group
    order = data.draw(st.permutations(range(len(x))))
    for case in each(CASES):
        np.testing.assert_allclose(taken(case, x[order], w), taken(case, x, w)[order], rtol=1e-9, atol=1e-12)


@few
@given(group=groups(gaps=True), factor=st.floats(0.01, 100))
def test_only_proportions_of_weights_count(group, factor):
    x, w = group
    for case in each(WEIGHTED):
        np.testing.assert_allclose(taken(case, x, w * factor), taken(case, x, w), rtol=1e-9, atol=1e-12)


@few
@given(group=groups(gaps=True), at=st.integers(0, 5), value=st.floats(1, 9))
def test_a_child_without_weight_changes_nothing(group, at, value):
    x, w = group
    at = min(at, x.shape[1])
    for case in each(WEIGHTED):
        column = np.linspace(value, value + 1, len(x))
        wider, weights = np.insert(x, at, column, axis=1), np.insert(w, at, 0.0)
        found = taken(case, wider, weights)
        expected = taken(case, x, w)
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@few
@given(group=groups(), at=st.integers(0, 5))
def test_an_absent_child_shares_its_weight(group, at):
    """A unit without a child scores as if that child had no weight, against the same reference."""
    x, w = group
    at = min(at, x.shape[1] - 1)
    for case in each(WEIGHTED):
        known = known_of(case, x, w)
        lacking, weights = x.copy(), w.copy()
        lacking[:, at], weights[at] = NAN, 0.0
        np.testing.assert_allclose(
            taken(case, lacking, w, *known), taken(case, x, weights, *known), rtol=1e-9, atol=1e-12
        )


@every
def test_a_unit_without_children_has_no_score(case):
    x = np.array([[1.0, 2.0], [NAN, NAN], [3.0, 9.0], [2.0, 1.0]])
    found = taken(case, x, np.ones(2))
    assert np.isnan(found).tolist() == [False, True, False, False]
    assert np.isfinite(taken(case, x[[0]], np.ones(2), *known_of(case, x, np.ones(2)))).all()


@few
@given(group=groups(gaps=True), at=st.integers(0, 60), more=st.floats(0, 100))
def test_means_lie_among_their_children_and_grow_with_them(group, at, more):
    x, w = group
    for case in each(MEANS):
        y = taken(case, x, w)
        found = ~np.isnan(x).all(axis=-1)
        assert (y[found] >= np.fmin.reduce(x[found], axis=-1) * (1 - 1e-13)).all()
        assert (y[found] <= np.fmax.reduce(x[found], axis=-1) * (1 + 1e-13)).all()
        higher = x.copy()
        higher.flat[at % x.size] += more
        risen = taken(case, higher, w)
        assert (risen[found] >= y[found] * (1 - 1e-13)).all()


@few
@given(value=st.floats(1e-3, 1e3), w=st.lists(st.floats(0.01, 10), min_size=4, max_size=4), gap=st.integers(0, 3))
def test_equal_children_give_exactly_their_value(value, w, gap):
    for case in each([*MEANS, "mazziotta_pareto", "mazziotta_pareto plus sample"]):
        x = np.full((3, 4), value)
        x[1, :gap] = NAN
        assert taken(case, x, np.array(w)).tolist() == [value] * 3


@few
@given(group=groups(gaps=True), factor=st.floats(0.1, 10))
def test_a_larger_unit_of_the_children_is_that_of_the_aggregate(group, factor):
    x, w = group
    for case in each(["mazziotta_pareto", "mean_min", "owa exponent", "median", "weighted_median lower"]):
        np.testing.assert_allclose(taken(case, x * factor, w), taken(case, x, w) * factor, rtol=1e-9)


@few
@given(group=groups(gaps=True), at=st.integers(0, 5), factor=st.floats(0.01, 100))
def test_the_unit_of_one_child_does_not_matter_where_it_is_normalised(group, at, factor):
    x, w = group
    for case in each(["topsis vector", "topsis minmax", "vikor"]):
        other = x.copy()
        other[:, min(at, x.shape[1] - 1)] *= factor
        np.testing.assert_allclose(taken(case, other, w), taken(case, x, w), rtol=1e-8, atol=1e-10)


@few
@given(group=groups(gaps=True), at=st.integers(0, 60), share=st.floats(0, 1))
def test_distances_grow_with_a_child_up_to_the_best(group, at, share):
    x, w = group
    for case in each(["topsis", "topsis vector", "wroclaw", "vikor", "vikor sum"]):
        known = known_of(case, x, w)
        best = np.fmax.reduce(x, axis=0)
        higher = x.copy()
        row, child = divmod(at % x.size, x.shape[1])
        higher[row, child] += share * (best[child] - x[row, child])
        before, after = taken(case, x, w, *known), taken(case, higher, w, *known)
        found = ~np.isnan(before)
        assert (after[found] >= before[found] - 1e-12).all()


@few
@given(group=groups(gaps=True))
def test_units_of_the_reference_lie_between_0_and_1(group):
    x, w = group
    for case in each(["topsis", "topsis vector", "topsis ideal", "vikor", "vikor sum"]):
        y = taken(case, x, w)
        y = y[~np.isnan(y)]
        assert (y >= -1e-12).all()
        assert (y <= 1 + 1e-12).all()


@few
@given(group=groups(gaps=True))
def test_parts_add_up_to_the_aggregate(group):
    x, w = group
    for case in each(SPLIT):
        name, options = CASES[case]
        known = known_of(case, x, w)
        y, split = run(name, x, w, *known, **options), parts(name, x, w, *known, **options)
        assert split.shape == x.shape
        found = ~np.isnan(y)
        np.testing.assert_allclose(np.nansum(split[found], axis=-1), y[found], rtol=1e-9, atol=1e-12)
        np.testing.assert_array_equal(np.isnan(split[found]), np.isnan(x[found]))
        assert np.isnan(split[~found]).all()


@few
@given(group=groups(gaps=True), data=st.data())
def test_parts_go_with_their_children_in_any_order(group, data):
    x, w = group
    order = data.draw(st.permutations(range(x.shape[1])))
    for case in each(SPLIT):
        name, options = CASES[case]
        split = parts(name, x[:, order], w[order], **options)
        np.testing.assert_allclose(split, parts(name, x, w, **options)[:, order], rtol=1e-8, atol=1e-9)


# -- the same bits, whoever else is in the table ----------------------------------------------------------------------


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("k", [2, 3, 8, 17, 40])
@every
def test_a_row_has_the_same_bits_alone_and_among_others(case, k, gaps):
    generator = np.random.default_rng(k)
    nodes = generator.lognormal(0, 1, (k, 61))
    nodes[:, 50:][generator.random((k, 11)) < gaps] = NAN
    w = generator.dirichlet(np.ones(k))
    known = known_of(case, nodes.T, w)
    whole = taken(case, nodes.T, w, *known)
    for rows in (slice(0, 1), slice(60, 61), slice(0, 2), slice(7, 30), slice(45, 61, 3)):
        part = nodes[:, rows]
        for layout in (part.T, np.ascontiguousarray(part).T, np.ascontiguousarray(part.T)):
            np.testing.assert_array_equal(taken(case, layout, w, *known), whole[rows])


def test_blocks_of_rows_change_no_bit(monkeypatch):
    generator = np.random.default_rng(5)
    x = generator.lognormal(0, 2, (9, 40)).T
    x[3, 4] = NAN
    w = generator.random(9)
    known = learn("topsis", x, w)
    whole = run("topsis", x, w, *known)
    for rows in (1, 7, 13, 39):
        monkeypatch.setattr(_distances, "ROWS", rows)
        np.testing.assert_array_equal(run("topsis", x, w, *known), whole)


# -- draws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", WEIGHTED)
def test_draws_of_weights_of_values_and_of_both(case):
    generator = np.random.default_rng(1)
    x = generator.lognormal(0, 1, (4, 7, 3))
    w = generator.dirichlet(np.ones(3), 4)
    known = known_of(case, x[0], w[0])
    x[:, 2, 1] = NAN
    x[1, 3] = NAN
    each = lambda xs, ws: np.array([taken(case, a, b, *known) for a, b in zip(xs, ws, strict=True)])  # noqa: E731 (a line)
    np.testing.assert_array_equal(taken(case, x[0], w, *known), each([x[0]] * 4, w))
    np.testing.assert_array_equal(taken(case, x, w[0], *known), each(x, [w[0]] * 4))
    np.testing.assert_array_equal(taken(case, x, w, *known), each(x, w))


@pytest.mark.parametrize("case", SPLIT)
def test_parts_take_draws(case):
    generator = np.random.default_rng(1)
    x = generator.lognormal(0, 1, (4, 7, 3))
    w = generator.dirichlet(np.ones(3), 4)
    known = known_of(case, x[0], w[0])
    name, options = CASES[case]
    for values, weights in ((x, w), (x[0], w), (x, w[0])):
        split = parts(name, values, weights, *known, **options)
        expected = taken(case, values, weights, *known)
        np.testing.assert_allclose(split.sum(axis=-1), np.broadcast_to(expected, split.shape[:-1]))


# -- refusals, and a spec ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("case", WEIGHTED)
@pytest.mark.parametrize(
    ("w", "message"), [([0.0, 0.0], "add up to 0"), ([1.0, -1.0], "negative"), ([1.0, NAN], "neg")]
)
def test_weights_that_cannot_average(case, w, message):
    x = np.array([[1.0, 2.0], [3.0, 9.0], [2.0, 1.0]])
    known = known_of(case, x, np.ones(2))
    with pytest.raises(DomainError, match=message):
        taken(case, x, np.array(w), *known)
    if AGGREGATORS[CASES[case][0]].learn is not None:
        with pytest.raises(DomainError, match=message):
            known_of(case, x, np.array(w))


@pytest.mark.parametrize("name", ["topsis", "wroclaw", "vikor"])
def test_a_child_without_numbers_and_a_reference_without_units(name):
    with pytest.raises(DomainError, match="no number") as error:
        learn(name, [[1.0, NAN], [2.0, NAN]], [1, 1])
    assert error.value.columns == (1,)
    with pytest.raises(DomainError, match="no unit"):
        learn(name, np.ones((0, 2)), [1, 1])


FRAME = {"city": ["a", "b", "c", "d"], "x": [62.0, 75.0, 88.0, 93.0], "y": [90.0, 60.0, 85.0, 70.0]}


@every
def test_a_spec_scores_keeps_its_reference_and_adds_up(case, tmp_path):
    name, options = CASES[case]
    written = {k: list(v) if isinstance(v, tuple) else v for k, v in options.items()}
    spec = {
        "cityindex": 1,
        "id": "own",
        "unit": {"kind": "city", "key": "city"},
        "index": {"id": "score", "children": ["x", "y"], "aggregate": {name: written} if written else name},
    }
    result = ci.score(spec, FRAME)
    expected = taken(case, np.array([FRAME["x"], FRAME["y"]]).T, np.ones(2))
    np.testing.assert_allclose(result.column(), expected, rtol=1e-12)
    np.testing.assert_allclose(result.contributions().values.sum(axis=1), expected, rtol=1e-9, atol=1e-12)
    saved = result.calibration.save(tmp_path / "c.json")
    one = ci.score(spec, {key: values[2:3] for key, values in FRAME.items()}, calibration=saved)
    assert one.column()[0] == result.column()[2]
