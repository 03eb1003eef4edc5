"""Aggregators: values, laws, gaps, draws, domains; agreement with COINr."""

from __future__ import annotations

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from support import shared

from cityindex._registry import AGGREGATORS
from cityindex.errors import DomainError
from cityindex.methods import _weighted
from cityindex.methods.aggregate import arithmetic, geometric, harmonic, maximum, minimum, power, product, sum_

MEANS = {
    "arithmetic": {},
    "geometric": {},
    "harmonic": {},
    "power": {"exponent": 2.5},
}
ALL = {**MEANS, "sum": {}, "product": {}, "minimum": {}, "maximum": {}}
NAN = np.nan


def run(name, x, w):
    return AGGREGATORS[name].function(x, w, **ALL[name])


def parts_of(name, x, w):
    return AGGREGATORS[name].parts(x, w, **ALL[name])


@st.composite
def groups(draw, gaps=False, low=1e-3, high=1e3):
    """Positive numbers of n units and k children, perhaps with gaps, and weights."""
    n, k = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    x = draw(hnp.arrays(np.float64, (n, k), elements=st.floats(low, high)))
    if gaps:
        x = np.where(draw(hnp.arrays(np.bool_, (n, k))), NAN, x)
    w = draw(hnp.arrays(np.float64, k, elements=st.floats(0.01, 10)))
    return x, w


# -- values -----------------------------------------------------------------------------------------------------------


def test_known_values():
    x, w = np.array([[1.0, 4.0, 16.0]]), np.array([1.0, 1.0, 2.0])
    assert arithmetic(x, w) == pytest.approx([(1 + 4 + 32) / 4])
    assert geometric(x, w) == pytest.approx([2 ** (10 / 4)])
    assert harmonic(x, w) == pytest.approx([4 / (1 + 1 / 4 + 2 / 16)])
    assert power(x, w, exponent=2) == pytest.approx([np.sqrt((1 + 16 + 512) / 4)])
    assert power(x, w, exponent=-2) == pytest.approx([((1 + 1 / 16 + 2 / 256) / 4) ** -0.5])
    assert sum_(x, w) == pytest.approx([37])
    assert product(x, w) == pytest.approx([1 * 4 * 256])
    assert minimum(x).tolist() == [1]
    assert maximum(x).tolist() == [16]


def test_human_development_index():
    """UNDP, Technical notes to the Human Development Report: the worked example of a country's index."""
    assert geometric(np.array([[0.6971, 0.3447, 0.5506]]), np.ones(3)) == pytest.approx([0.510], abs=5e-4)


def test_a_power_of_one_is_the_arithmetic_mean_of_any_numbers():
    x, w = np.array([[-1.0, 2.0]]), np.array([1.0, 3.0])
    assert power(x, w, exponent=1) == arithmetic(x, w)
    np.testing.assert_array_equal(AGGREGATORS["power"].parts(x, w, exponent=1), [[-0.25, 1.5]])


def test_huge_exponents_do_not_overflow():
    x, w = np.array([[1e-3, 1e3]]), np.ones(2)
    assert power(x, w, exponent=500) == pytest.approx([1e3], rel=2e-3)
    assert power(x, w, exponent=-500) == pytest.approx([1e-3], rel=2e-3)


def test_a_ratio_is_the_quotient_to_the_last_bit():
    x = np.array([[0.7, 0.3], [1e-7, 3.3]])
    np.testing.assert_array_equal(product(x, np.array([1.0, -1.0])), x[:, 0] / x[:, 1])


def test_a_difference_is_a_sum_with_a_weight_of_minus_one():
    assert sum_(np.array([[5.0, 8.0]]), np.array([1.0, -1.0])).tolist() == [-3]


@pytest.mark.parametrize("name", ALL)
def test_a_single_child_is_itself(name):
    x = np.array([[0.1], [7.3], [100.0]])
    np.testing.assert_array_equal(run(name, x, np.ones(1)), x[:, 0])


# -- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEANS)
@given(case=groups(gaps=True))
def test_a_mean_lies_among_its_children(name, case):
    x, w = case
    y = run(name, x, w)
    low, high = np.fmin.reduce(x, axis=-1), np.fmax.reduce(x, axis=-1)
    found = ~np.isnan(y)
    assert (found == ~np.isnan(x).all(axis=-1)).all()
    assert (y[found] >= low[found] * (1 - 1e-14)).all()
    assert (y[found] <= high[found] * (1 + 1e-14)).all()


@pytest.mark.parametrize("name", MEANS)
@given(value=st.floats(1e-3, 1e3), w=hnp.arrays(np.float64, 5, elements=st.floats(0.01, 10)), gap=st.integers(0, 5))
def test_equal_children_give_exactly_their_value(name, value, w, gap):
    x = np.full((3, 5), value)
    x[1, :gap] = NAN
    assert run(name, x, w)[[0, 2]].tolist() == [value] * 2
    if gap < 5:
        assert run(name, x, w)[1] == value


@pytest.mark.parametrize("name", ALL)
@given(case=groups(gaps=True), data=st.data())
def test_the_order_of_children_does_not_matter(name, case, data):
    x, w = case
    order = data.draw(st.permutations(range(x.shape[1])))
    np.testing.assert_allclose(run(name, x[:, order], w[order]), run(name, x, w), rtol=1e-12)


@pytest.mark.parametrize("name", MEANS)
@given(case=groups())
def test_means_grow_with_their_children_and_ignore_the_sum_of_weights(name, case):
    x, w = case
    y = run(name, x, w)
    assert (run(name, x * 1.5, w) >= y).all()
    np.testing.assert_allclose(run(name, x * 1.5, w), 1.5 * y, rtol=1e-12)
    np.testing.assert_allclose(run(name, x, w * 7), y, rtol=1e-12)


@given(case=groups(gaps=True))
def test_harmonic_geometric_arithmetic_stand_in_order(case):
    x, w = case
    found = ~np.isnan(x).all(axis=-1)
    h, g, a = harmonic(x, w)[found], geometric(x, w)[found], arithmetic(x, w)[found]
    assert (h <= g * (1 + 1e-12)).all()
    assert (g <= a * (1 + 1e-12)).all()


@pytest.mark.parametrize("name", ALL)
@given(case=groups(gaps=True))
def test_parts_add_up_to_the_aggregate(name, case):
    x, w = case
    y, parts = run(name, x, w), parts_of(name, x, w)
    assert parts.shape == x.shape
    found = ~np.isnan(y)
    np.testing.assert_allclose(np.nansum(parts[found], axis=-1), y[found], rtol=1e-11)
    assert np.isnan(parts[~found]).all()
    np.testing.assert_array_equal(np.isnan(parts[found]), np.isnan(x[found]))


def test_additive_parts_are_weight_times_value():
    x, w = np.array([[80.0, 60.0], [NAN, 50.0]]), np.array([1.0, 3.0])
    np.testing.assert_allclose(parts_of("arithmetic", x, w), [[20, 45], [NAN, 50]])
    np.testing.assert_allclose(parts_of("sum", x, w), [[80, 180], [NAN, NAN]])
    assert {name for name in AGGREGATORS if AGGREGATORS[name].additive} == {"arithmetic", "sum"}


def test_parts_of_the_others():
    x, w = np.array([[4.0, 1.0]]), np.ones(2)
    np.testing.assert_allclose(parts_of("geometric", x, w), [[1, 1]])
    np.testing.assert_allclose(parts_of("harmonic", x, w), [[0.32, 1.28]])
    np.testing.assert_allclose(parts_of("minimum", x, w), [[0, 1]])
    np.testing.assert_allclose(parts_of("maximum", np.array([[0.3, 0.1 + 0.2, 0.1]]), w), [[0.15, 0.15, 0]])
    np.testing.assert_allclose(AGGREGATORS["power"].parts(np.zeros((1, 2)), w, exponent=2), [[0, 0]])


def test_a_ratio_has_no_parts():
    assert np.isnan(parts_of("product", np.array([[4.0, 2.0]]), np.array([1.0, -1.0]))).all()


# -- the same bits, whoever else is in the table ----------------------------------------------------------------------


@pytest.mark.parametrize("gaps", [0.0, 0.3])
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("k", [1, 3, 8, 17, 40])
def test_a_row_has_the_same_bits_alone_and_among_others(name, k, gaps):
    generator = np.random.default_rng(k)
    nodes = generator.lognormal(0, 2, (k, 61))
    nodes[:, 50:][generator.random((k, 11)) < gaps] = NAN
    w = generator.dirichlet(np.ones(k))
    whole = run(name, nodes.T, w)
    for rows in (slice(0, 1), slice(60, 61), slice(0, 2), slice(7, 30), slice(45, 61, 3)):
        part = nodes[:, rows]
        for layout in (part.T, np.ascontiguousarray(part).T, np.ascontiguousarray(part.T)):
            np.testing.assert_array_equal(run(name, layout, w), whole[rows])


@pytest.mark.parametrize("name", ["arithmetic", "sum", "geometric"])
def test_rows_with_gaps_have_the_same_bits_in_any_block(name, monkeypatch):
    generator = np.random.default_rng(5)
    x = generator.lognormal(0, 2, (9, 40)).T
    x[3, 4] = NAN
    w = generator.random(9)
    whole = run(name, x, w)
    monkeypatch.setattr(_weighted, "BLOCK", 27)
    np.testing.assert_array_equal(run(name, x, w), whole)


def test_a_sum_has_the_same_bits_whoever_else_is_there():
    """What `weighted_sum` relies on; an einsum that did otherwise would move last bits."""
    generator = np.random.default_rng(0)
    for k in (1, 2, 3, 8, 9, 130):
        terms = generator.lognormal(0, 3, (k, 67))
        w = generator.random(k)
        whole = _weighted.weighted_sum(terms.T, w)
        for rows in ([0], [66], [5, 9], list(range(3, 20)), list(range(1, 67, 2))):
            np.testing.assert_array_equal(_weighted.weighted_sum(terms[:, rows].T, w), whole[rows])
        np.testing.assert_array_equal(_weighted.weighted_sum(np.array([terms.T, terms.T]), w)[1], whole)


# -- draws ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["arithmetic", "geometric", "harmonic", "power", "sum", "product"])
def test_draws_of_weights_of_values_and_of_both(name):
    generator = np.random.default_rng(1)
    x = generator.lognormal(0, 1, (4, 7, 3))
    w = generator.dirichlet(np.ones(3), 4)
    if name in MEANS:
        x[:, 2, 1] = NAN
        x[1, 3] = NAN
    each = lambda xs, ws: np.array([run(name, a, b) for a, b in zip(xs, ws, strict=True)])  # noqa: E731 (a line)
    np.testing.assert_array_equal(run(name, x[0], w), each([x[0]] * 4, w))
    np.testing.assert_array_equal(run(name, x, w[0]), each(x, [w[0]] * 4))
    np.testing.assert_array_equal(run(name, x, w), each(x, w))


@pytest.mark.parametrize("name", ALL)
def test_parts_take_draws(name):
    generator = np.random.default_rng(1)
    x = generator.lognormal(0, 1, (4, 7, 3))
    w = generator.dirichlet(np.ones(3), 4)
    np.testing.assert_allclose(parts_of(name, x, w).sum(axis=-1), run(name, x, w))


# -- gaps -------------------------------------------------------------------------------------------------------------


def test_an_absent_child_shares_its_weight():
    x, w = np.array([[1.0, NAN, 4.0], [NAN, NAN, NAN], [2.0, 2.0, 2.0]]), np.array([1.0, 5.0, 3.0])
    np.testing.assert_allclose(arithmetic(x, w), [13 / 4, NAN, 2])
    np.testing.assert_allclose(geometric(x, w), [4**0.75, NAN, 2])
    np.testing.assert_allclose(harmonic(x, w), [4 / (1 + 3 / 4), NAN, 2])
    np.testing.assert_allclose(power(x, w, exponent=2), [np.sqrt(49 / 4), NAN, 2])
    np.testing.assert_allclose(minimum(x), [1, NAN, 2])
    np.testing.assert_allclose(maximum(x), [4, NAN, 2])


def test_sums_and_products_lack_what_a_child_lacks():
    x = np.array([[1.0, NAN], [2.0, 3.0]])
    np.testing.assert_array_equal(sum_(x, np.ones(2)), [NAN, 5])
    np.testing.assert_array_equal(product(x, np.ones(2)), [NAN, 6])
    np.testing.assert_array_equal(product(x, np.array([1.0, 0.0])), [NAN, 2])


def test_children_without_weight_do_not_count():
    x, w = np.array([[1.0, NAN], [NAN, 2.0]]), np.array([0.0, 1.0])
    np.testing.assert_array_equal(arithmetic(x, w), [NAN, 2])


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MEANS)
@pytest.mark.parametrize(
    ("w", "message"), [([0.0, 0.0], "add up to 0"), ([1.0, -1.0], "negative"), ([1.0, NAN], "negative")]
)
def test_weights_that_cannot_average(name, w, message):
    with pytest.raises(DomainError, match=message):
        run(name, np.ones((2, 2)), np.array(w))


def test_one_draw_without_weights_is_refused():
    with pytest.raises(DomainError, match="add up to 0"):
        arithmetic(np.ones((2, 2)), np.array([[1.0, 1.0], [0.0, 0.0]]))


@pytest.mark.parametrize("bad", [0.0, -1.0])
@pytest.mark.parametrize(
    "function", [geometric, harmonic, lambda x, w: power(x, w, exponent=-0.5)], ids=["geometric", "harmonic", "power"]
)
def test_numbers_that_a_mean_cannot_take_are_named(function, bad):
    x = np.ones((3, 4))
    x[2, 1] = bad
    x[0, 0] = NAN
    with pytest.raises(DomainError, match="above 0") as error:
        function(x, np.ones(4))
    assert error.value.cells == ((2, 1),)
    with pytest.raises(DomainError) as error:
        function(np.stack([x, x]), np.ones(4))
    assert error.value.cells == ((2, 1),)


def test_power_means_of_zero_and_of_less():
    assert power(np.array([[0.0, 0.0]]), np.ones(2), exponent=0.5).tolist() == [0]
    assert power(np.array([[0.0, 4.0]]), np.ones(2), exponent=0.5) == pytest.approx([1])
    with pytest.raises(DomainError, match="exponent 3 needs numbers from 0 on"):
        power(np.array([[-1.0, 4.0]]), np.ones(2), exponent=3)


@pytest.mark.parametrize("exponent", [0.0, np.inf, NAN])
def test_exponents_that_make_no_mean(exponent):
    assert AGGREGATORS["power"].check_option({"exponent": exponent})
    with pytest.raises(DomainError, match="exponent"):
        power(np.ones((1, 2)), np.ones(2), exponent=exponent)


def test_products_that_are_no_numbers():
    with pytest.raises(DomainError, match="division by 0") as error:
        product(np.array([[1.0, 2.0], [1.0, 0.0]]), np.array([1.0, -1.0]))
    assert error.value.cells == ((1, 1),)
    with pytest.raises(DomainError, match="not whole") as error:
        product(np.array([[-1.0, -2.0]]), np.array([2.0, 0.5]))
    assert error.value.cells == ((0, 1),)
    assert product(np.array([[-2.0, 0.0]]), np.array([3.0, 0.0])).tolist() == [-8]


# -- agreement with COINr ---------------------------------------------------------------------------------------------


def read(name):
    with shared("asem", name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    number = lambda text: NAN if text in ("", "NA") else float(text)  # noqa: E731 (a line)
    return {key: np.array([number(row[key]) for row in rows]) for key in rows[0] if key != "uCode"}


def tree():
    with shared("asem", "00_iMeta.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["Type"] in ("Indicator", "Aggregate")]
    weights = {row["iCode"]: float(row["Weight"]) for row in rows}
    children: dict[str, list[str]] = {}
    for row in sorted(rows, key=lambda row: int(row["Level"])):
        if row["Parent"] not in ("", "NA"):
            children.setdefault(row["Parent"], []).append(row["iCode"])
    return children, weights


@pytest.mark.parametrize(
    ("file", "aggregate", "weights"),
    [
        ("07_agg_amean.csv", arithmetic, None),
        ("07_agg_mm1_100_gmean_orig.csv", geometric, None),
        ("07_agg_mm1_100_amean_altw.csv", arithmetic, "07_weights_alt.csv"),
        ("07_agg_rawNA_amean.csv", arithmetic, None),
    ],
)
def test_agreement_with_coinr(file, aggregate, weights):
    expected = read(file)
    children, used = tree()
    if weights:
        with shared("asem", weights).open(encoding="utf-8") as opened:
            used |= {row["iCode"]: float(row["Weight"]) for row in csv.DictReader(opened)}
    nodes = dict(read("07_norm_raw_mm1_100_with_NA.csv") if "rawNA" in file else expected)
    for parent, ids in children.items():
        found = aggregate(np.array([nodes[child] for child in ids]).T, np.array([used[child] for child in ids]))
        np.testing.assert_allclose(found, expected[parent], rtol=1e-12)
        nodes[parent] = found


def test_a_product_of_roots_has_the_same_bits_alone_and_among_others():
    """numpy takes one exponent ½ of many rows as a square root, of one row as a power."""
    x = np.random.default_rng(0).uniform(1, 10, (3000, 3)).round(1)
    w = np.array([0.5, 0.3, 0.5])
    alone = np.array([product(row[None], w)[0] for row in x])
    np.testing.assert_array_equal(product(x, w), alone)


@pytest.mark.parametrize(("x", "exponent"), [([1e10, 1.0], 100.0), ([1e-10, 1.0], -100.0)])
def test_a_child_without_weight_does_not_drown_a_power_mean(x, exponent):
    assert power(np.array([x]), np.array([0.0, 1.0]), exponent=exponent).tolist() == [1.0]
