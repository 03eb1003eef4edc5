"""Weightings combined: a published game, laws of the four ways, what is passed on, and every refusal."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from judgements_support import nothing

from cityindex import weighting
from cityindex._registry import WEIGHTINGS
from cityindex.errors import DomainError
from cityindex.methods._nested import call_nested, check_nested, resolve
from cityindex.methods.combined import check_combined, check_options, combine_weights, combined, game_shares

HOWS = ["multiplicative", "geometric", "additive", "game"]
ABC = ["a", "b", "c"]

# 侯克鹏 et al. (2021), 安全与环境学报 21(6), doi:10.13637/j.issn.1009-6094.2020.1302: weights by fuzzy AHP and by
# CRITIC, the shares of the game, and what comes out of it, as printed. (Their first set adds up to 0.998, and their
# shares solve their own two equations only to 1e-3: by hand α = 0.6355, 0.6506, and they print 0.6364, 0.6485.)
SLOPES = np.array(
    [
        [0.1691, 0.0764, 0.0828, 0.0533, 0.2469, 0.0828, 0.0763, 0.0553, 0.0553, 0.0111, 0.0887],
        [0.0209, 0.0495, 0.0565, 0.0390, 0.0351, 0.1682, 0.1766, 0.1899, 0.0209, 0.1217, 0.1217],
    ]
)
SLOPES_SHARES = [0.4953, 0.5047]
SLOPES_RESULT = [0.0943, 0.0628, 0.0695, 0.0461, 0.1400, 0.1259, 0.1269, 0.1232, 0.0379, 0.0669, 0.1054]

values = hnp.arrays(
    np.float64, st.tuples(st.integers(2, 4), st.integers(2, 6)), elements=st.floats(0.01, 1).map(lambda v: round(v, 3))
)


def normalised(sets):
    return sets / sets.sum(axis=1, keepdims=True)


def written(*weights, names=ABC):
    return {"given": {"weights": dict(zip(names, weights, strict=True))}}


def test_published_game():
    shares = game_shares(SLOPES)
    np.testing.assert_allclose(shares, SLOPES_SHARES, atol=2e-3)
    np.testing.assert_allclose((shares[:, None] * SLOPES).sum(axis=0), SLOPES_RESULT, atol=3e-4)


def test_the_published_game_as_a_weighting():
    names = [f"x{at}" for at in range(1, 12)]
    of = tuple({"given": {"weights": dict(zip(names, row.tolist(), strict=True)), "total": "any"}} for row in SLOPES)
    found = combined(nothing(11), of=of, how="game", children=names)
    np.testing.assert_allclose(found, np.array(SLOPES_RESULT) / sum(SLOPES_RESULT), atol=4e-4)


def test_the_game_against_a_general_least_squares():
    """The shares before dividing solve the rows' own equations: Σⱼ sⱼ (vⱼ · vᵢ) = vᵢ · vᵢ."""
    sets = normalised(np.array([[5, 3, 2, 1], [1, 3, 5, 2], [2, 2, 1, 6.0]]))
    raw = np.linalg.solve(sets @ sets.T, np.diag(sets @ sets.T))
    np.testing.assert_allclose(game_shares(sets), raw / raw.sum(), rtol=1e-10)


def test_by_hand():
    sets = np.array([[0.5, 0.3, 0.2], [0.2, 0.2, 0.6]])
    np.testing.assert_allclose(combine_weights(sets), np.array([0.10, 0.06, 0.12]) / 0.28)
    roots = np.sqrt([0.10, 0.06, 0.12])
    np.testing.assert_allclose(combine_weights(sets, how="geometric"), roots / roots.sum())
    np.testing.assert_allclose(combine_weights(sets, how="additive", shares=(0.75, 0.25)), [0.425, 0.275, 0.3])


# -- laws -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", HOWS)
@given(sets=values, data=st.data())
@settings(max_examples=30)
def test_bounds_and_orders(how, sets, data):
    sets = normalised(sets)
    found = combine_weights(sets, how=how)
    assert found.sum() == pytest.approx(1, abs=1e-12)
    assert (found >= 0).all()
    children = list(data.draw(st.permutations(range(sets.shape[1]))))
    np.testing.assert_allclose(combine_weights(sets[:, children], how=how), found[children], rtol=1e-6)
    if how == "additive":
        assert (found <= sets.max(axis=0) + 1e-12).all()
        assert (found >= sets.min(axis=0) - 1e-12).all()


@pytest.mark.parametrize("how", ["geometric", "additive", "game"])
@given(sets=values)
@settings(max_examples=30)
def test_weightings_that_agree_are_met(how, sets):
    same = np.repeat(normalised(sets)[:1], len(sets), axis=0)
    np.testing.assert_allclose(combine_weights(same, how=how), same[0], rtol=1e-9)


@given(sets=values)
def test_equal_weights_change_nothing_in_a_product(sets):
    sets = normalised(sets)
    flat = np.full((1, sets.shape[1]), 1 / sets.shape[1])
    np.testing.assert_allclose(combine_weights(np.concatenate([sets, flat])), combine_weights(sets), rtol=1e-9)


@pytest.mark.parametrize("how", HOWS)
@given(sets=values)
@settings(max_examples=30)
def test_draws_are_combined_one_by_one(how, sets):
    stack = np.stack([normalised(sets), normalised(sets**2)])
    each = np.stack([combine_weights(one, how=how) for one in stack])
    np.testing.assert_allclose(combine_weights(stack, how=how), each, rtol=1e-9)


def test_small_weights_of_many_weightings_do_not_vanish():
    sets = np.tile([[1e-30, 1 - 1e-30]], (20, 1))
    sets[10:] = sets[10:, ::-1]
    np.testing.assert_allclose(combine_weights(sets), [0.5, 0.5])


# -- what is passed on ------------------------------------------------------------------------------------------------


def register(seen):
    @weighting("test_range", from_data=True)
    def by_range(ref, *, power: float = 1.0, directions=None, children=()):
        """Weights by range."""
        seen.append((directions, tuple(children)))
        spread = np.ptp(ref, axis=0) ** power
        return spread / spread.sum()

    @weighting("test_blind", from_data=True)
    def blind(ref):
        """Looks at carried columns only."""
        return np.full(ref.shape[1], 1 / ref.shape[1])


DATA = np.array([[0.0, 0.0, 0.0], [1.0, 2.0, 5.0]])


def test_data_directions_and_children_are_passed_on():
    seen = []
    register(seen)
    of = (written(0.5, 0.3, 0.2), {"test_range": {"power": 2.0}})
    found = combined(DATA, of=of, how="additive", children=ABC, directions=np.array([1.0, -1, 1]))
    np.testing.assert_allclose(found, (np.array([0.5, 0.3, 0.2]) + np.array([1, 4, 25]) / 30) / 2)
    assert seen[0][0].tolist() == [1, -1, 1]
    assert seen[0][1] == tuple(ABC)
    combined(DATA, of=of, children=ABC)
    assert seen[1][0] is None


def test_one_that_does_not_know_raw_columns_says_so():
    register([])
    with pytest.raises(DomainError, match=r"test_blind cannot be shown raw columns \(on: raw\)"):
        combined(DATA, of=("equal", "test_blind"), directions=np.ones(3))
    assert combined(DATA, of=("equal", "test_blind")).sum() == pytest.approx(1)


def test_a_combination_inside_a_combination():
    of = ("equal", {"combined": {"of": ("equal", written(0.6, 0.3, 0.1)), "how": "additive"}})
    np.testing.assert_allclose(
        combined(nothing(3), of=of, children=ABC), (np.array([0.6, 0.3, 0.1]) + 1 / 3) / 2, rtol=1e-12
    )


def test_judgements_and_data():
    judgements = ((1, 2, 6), (None, 1, 3), (None, None, 1))
    found = combined(nothing(3), of=({"ahp": judgements}, written(0.2, 0.3, 0.5)), children=ABC)
    product = np.array([0.6, 0.3, 0.1]) * [0.2, 0.3, 0.5]
    np.testing.assert_allclose(found, product / product.sum())


def test_items_as_they_stand_in_a_spec():
    assert resolve("equal")[1] == {}
    assert resolve({"combined": ("equal", "equal")})[1]["of"] == ("equal", "equal")
    assert resolve({"ahp": ((1, 2), (0.5, 1))})[1]["judgements"] == ((1, 2), (0.5, 1))
    assert resolve({"ahp": {"limit": 0.2}})[1]["limit"] == 0.2
    assert check_nested({"ahp": {"judgements": {"a": {"x": 2}}}}, ["a", "b"]) == [
        "ahp: 'x' is none of the children. Known: 'a', 'b'."
    ]


# -- refusals ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["multiplicative", "geometric"])
def test_a_zero_in_a_product_has_to_be_allowed(how):
    of = (written(0.5, 0.5, 0), written(0.2, 0.2, 0.6))
    with pytest.raises(DomainError, match="given gives a weight of 0, and a product with it is 0") as caught:
        combined(nothing(3), of=of, how=how, children=ABC)
    assert caught.value.columns == (2,)
    np.testing.assert_allclose(combined(nothing(3), of=of, how=how, zeros="allow", children=ABC), [0.5, 0.5, 0])
    np.testing.assert_allclose(combined(nothing(3), of=of, how="additive", children=ABC), [0.35, 0.35, 0.3])


def test_products_that_are_all_nought():
    of = (written(1, 0, 0), written(0, 0.5, 0.5))
    with pytest.raises(DomainError, match="the products are all 0"):
        combined(nothing(3), of=of, zeros="allow", children=ABC)


def test_the_game_gives_equal_weights_nothing_and_says_so():
    of = ("equal", written(0.6, 0.3, 0.1))
    with pytest.raises(DomainError, match=r"a share that is not above 0 \(equal 0, given 1\)"):
        combined(nothing(3), of=of, how="game", children=ABC)
    found = combined(nothing(3), of=of, how="game", negative="absolute", children=ABC)
    np.testing.assert_allclose(found, [0.6, 0.3, 0.1], atol=1e-9)


def test_a_negative_share_is_refused_or_counts_without_its_sign():
    flat, steep = (0.45, 0.3, 0.25), (0.8, 0.15, 0.05)
    shares = game_shares(np.array([flat, steep]))
    assert shares[0] < 0 < 1 < shares[1]
    of = (written(*flat), written(*steep))
    with pytest.raises(DomainError, match="not above 0"):
        combined(nothing(3), of=of, how="game", children=ABC)
    s = np.abs(shares) / np.abs(shares).sum()
    found = combined(nothing(3), of=of, how="game", negative="absolute", children=ABC)
    np.testing.assert_allclose(found, s[0] * np.array(flat) + s[1] * np.array(steep), rtol=1e-12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"of": ("equal",)}, "of: two weightings are the least"),
        ({"of": ("equal", "equal"), "shares": (0.5, 0.5), "how": "game"}, "shares: they belong to how: additive"),
        ({"of": ("equal", "equal"), "shares": (1.0,), "how": "additive"}, "shares: there are 1, and 2 weightings"),
        ({"of": ("equal", "equal"), "shares": (0.5, 0.6), "how": "additive"}, "shares: numbers from 0 on that add up"),
        ({"of": ("equal", "equal"), "shares": (1.5, -0.5), "how": "additive"}, "shares: numbers from 0 on"),
    ],
)
def test_options_that_are_refused(options, message):
    assert any(problem.startswith(message) for problem in check_options(options))
    with pytest.raises(DomainError):
        combined(nothing(2), children=["a", "b"], **options)


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("entropi", "unknown weighting 'entropi'."),
        ({"given": {"weights": {"a": 1}}}, "given: b has no weight"),
        ({"given": {}}, "given: the option weights is missing"),
        ({"ahp": {"judgments": 1}}, "ahp: unknown option 'judgments' Did you mean 'judgements'?"),
        ({"equal": {"within": "region"}}, "equal: within (a column) is said of the combination as a whole"),
        ({"equal": 3}, "equal takes its options by name: it has none"),
        ({"equal": {}, "ahp": {}}, "one weighting is wanted"),
        (3, "one weighting is wanted"),
        ({"combined": {"of": ("equal",)}}, "combined: of: two weightings"),
    ],
)
def test_items_that_are_refused(item, message):
    problems = check_combined({"of": ("equal", item)}, ["a", "b"])
    assert any(problem.startswith(message) for problem in problems), problems
    with pytest.raises(DomainError):
        call_nested(item, nothing(2), children=["a", "b"])


def test_a_weighting_whose_weights_are_none_is_refused():
    @weighting("test_seven")
    def seven(ref):
        """Adds up to 7."""
        return np.full(ref.shape[1], 7 / ref.shape[1])

    with pytest.raises(DomainError, match="test_seven: its weights are not numbers from 0 on that add up to 1"):
        combined(nothing(2), of=("equal", "test_seven"))


def test_a_refusal_inside_carries_the_weighting_s_name():
    with pytest.raises(DomainError, match="ahp: the judgements are unpublished"):
        combined(nothing(2), of=("equal", "ahp"), children=["a", "b"])


def test_it_is_registered():
    method = WEIGHTINGS["combined"]
    assert method.bare == "of"
    assert method.from_data
    assert method.reads_raw
    assert method.check is check_combined
    assert str(method.options["of"].type.__metadata__) == "('weightings',)"
