"""Weights from components and factors: published cases, agreement with COINr, laws, what is refused."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structure_support import HARMAN, PILLARS, TAI, together
from support import shared

import cityindex as ci
from cityindex._registry import WEIGHTINGS
from cityindex._values import Percent
from cityindex.errors import DomainError
from cityindex.methods._rotation import varimax
from cityindex.methods.components import principal_components as weigh
from cityindex.methods.factors import factor_analysis, principal_factors
from cityindex.methods.principal import components_of, correlations_of, principal_components

WAYS = [
    {},
    {"of": "retained", "rotation": "varimax", "components": 2, "signs": "absolute"},
    {"of": "retained", "components": 2, "signs": "absolute"},
    {"of": "combined", "explained": Percent(0.9), "signs": "absolute"},
]


def spec(**index):
    return {"cityindex": 1, "id": "own", "index": {"id": "score", "children": ["x", "y", "z"]} | index}


FRAME = pd.DataFrame({"city": list("abcdef"), "x": range(6), "y": [2.0, 1, 6, 3, 4, 7], "z": [4.0, 1, 3, 2, 9, 8]})


# -- the kernel -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", PILLARS)
def test_loadings_are_those_of_coinr_up_to_sign(group):
    scores = pd.read_csv(shared("asem", "07_agg_amean.csv"))
    theirs = pd.read_csv(shared("asem", "09_pca_loadings_level2.csv")).query("group == @group")
    vectors = theirs.pivot(index="iCode", columns="PC", values="loading").loc[PILLARS[group]].to_numpy()
    deviations = theirs.drop_duplicates("PC")["sdev"].to_numpy()
    found = principal_components(scores[PILLARS[group]].to_numpy(float))
    np.testing.assert_allclose(np.abs(found.vectors), np.abs(vectors), atol=1e-9)
    np.testing.assert_allclose(np.sqrt(found.eigenvalues), deviations, atol=1e-9)
    signs = np.sign((found.vectors * vectors).sum(axis=0))
    np.testing.assert_allclose(found.vectors * signs, vectors, atol=1e-9)


def test_eigenvalues_and_sampling_adequacy_of_harmans_five_variables():
    """SAS/STAT User's Guide, The FACTOR Procedure, examples 1 and 2: all printed digits."""
    found = principal_components(HARMAN)
    np.testing.assert_allclose(
        found.eigenvalues, [2.87331359, 1.79666009, 0.21483689, 0.09993405, 0.01525537], atol=5e-9
    )
    assert found.kmo == pytest.approx(0.57536759, abs=5e-9)
    np.testing.assert_allclose(found.adequacy, [0.47207897, 0.55158839, 0.48851137, 0.80664365, 0.61281377], atol=5e-9)
    np.testing.assert_allclose(found.loadings[:, 0], [0.58096, 0.76704, 0.67243, 0.93239, 0.79116], atol=5e-6)


def test_the_test_of_sphericity():
    from scipy.stats import chi2

    found = principal_components(HARMAN)
    logarithm = np.log(np.linalg.det(np.corrcoef(HARMAN.T)))
    assert found.chi2 == pytest.approx(-(12 - 1 - 15 / 6) * logarithm)
    assert found.freedom == 10
    assert found.p == pytest.approx(chi2.sf(found.chi2, 10))
    assert components_of(np.eye(3), 50).p == 1
    assert np.isnan(principal_components(HARMAN[:, :1]).p)


def test_two_columns_have_a_sampling_adequacy_of_one_half():
    assert principal_components(HARMAN[:, [0, 2]]).kmo == pytest.approx(0.5)


@given(seed=st.integers(0, 10**6), n=st.integers(3, 12), k=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_what_holds_of_components(seed, n, k):
    x = together(seed, n, k)
    found = principal_components(x)
    assert found.units == n
    assert (np.diff(found.eigenvalues) <= 1e-12).all()
    assert found.eigenvalues.sum() == pytest.approx(k)
    assert found.explained.sum() == pytest.approx(1)
    np.testing.assert_allclose(found.vectors.T @ found.vectors, np.eye(k), atol=1e-12)
    np.testing.assert_allclose(found.loadings @ found.loadings.T, np.corrcoef(x.T).reshape(k, k), atol=1e-10)
    assert (found.vectors.max(axis=0) >= -found.vectors.min(axis=0) - 1e-12).all()
    scaled = principal_components(x * np.arange(1, k + 1) + 3)
    np.testing.assert_allclose(scaled.eigenvalues, found.eigenvalues, atol=1e-9)


def test_of_the_covariance_matrix_it_is_what_scikit_learn_finds():
    from sklearn.decomposition import PCA

    found = principal_components(TAI, of="covariance")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = PCA().fit(TAI)
    np.testing.assert_allclose(found.eigenvalues, theirs.explained_variance_, rtol=1e-9)
    np.testing.assert_allclose(np.abs(found.vectors.T), np.abs(theirs.components_), atol=1e-9)
    assert found.kmo == principal_components(TAI).kmo


def test_rows_with_a_gap_are_left_out_and_counted():
    x = np.append(HARMAN, [[1.0, np.nan, 3.0, 4.0, 5.0]], axis=0)
    found = principal_components(x)
    assert found.units == 12
    np.testing.assert_array_equal(found.loadings, principal_components(HARMAN).loadings)


def test_columns_that_are_combinations_have_no_adequacy():
    x = np.column_stack([HARMAN[:, :2], HARMAN[:, 0] + 1000 * HARMAN[:, 1]])
    found = principal_components(x)
    assert np.isnan(found.kmo)
    assert found.chi2 == np.inf
    assert found.p == 0
    assert found.eigenvalues[-1] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize(
    ("x", "columns", "words"),
    [
        (np.array([[1.0, 2.0], [1.0 + 1e-14, 3.0], [1.0, 5.0]]), (0,), "same number"),
        (np.array([[1.0, 2.0]]), (0, 1), "two units"),
        (np.array([[1.0, np.nan], [2.0, 3.0]]), (0, 1), "two units"),
        (np.array([[1.0, 2.0], [np.inf, 3.0], [1.0, 5.0]]), (0,), "infinite"),
    ],
)
def test_columns_without_a_correlation_are_refused(x, columns, words):
    with pytest.raises(DomainError, match=words) as caught:
        principal_components(x)
    assert caught.value.columns == columns


@pytest.mark.parametrize("factor", [1e-200, 1e200])
def test_numbers_whose_squares_no_float_holds(factor):
    far = HARMAN * [1, 1, factor, 1, 1]
    np.testing.assert_allclose(principal_components(far).loadings, principal_components(HARMAN).loadings, atol=1e-12)
    for name, options in (
        ("principal_components", {"signs": "absolute"}),
        ("factor_analysis", {"communalities": "squared_multiple"}),
    ):
        function = WEIGHTINGS[name].function
        np.testing.assert_allclose(function(far, **options), function(HARMAN, **options), atol=1e-9)
    with pytest.raises(DomainError, match="too large or too small"):
        principal_components(far, of="covariance")


# -- rotation ---------------------------------------------------------------------------------------------------------


def criterion(loadings):
    squares = (loadings / np.sqrt((loadings**2).sum(axis=1, keepdims=True))) ** 2
    return (squares**2).sum() - (squares.sum(axis=0) ** 2).sum() / len(squares)


@given(seed=st.integers(0, 10**6), k=st.integers(3, 8), m=st.integers(2, 3))
@settings(max_examples=30, deadline=None)
def test_varimax_turns_and_no_other_turn_is_better(seed, k, m):
    rng = np.random.default_rng(seed)
    loadings = rng.uniform(-1, 1, (k, m))
    turned = varimax(loadings)
    np.testing.assert_allclose(turned @ turned.T, loadings @ loadings.T, atol=1e-10)
    best = criterion(turned)
    assert best >= criterion(loadings) - 1e-12
    for angle in (-0.02, 0.02):
        for i, j in [(0, 1), (0, m - 1), (m - 2, m - 1)]:
            if i != j:
                other = turned.copy()
                cos, sin = np.cos(angle), np.sin(angle)
                other[:, [i, j]] = other[:, [i, j]] @ np.array([[cos, -sin], [sin, cos]])
                assert criterion(other) <= best + 1e-10


def test_a_column_without_loadings_stays():
    assert varimax(np.array([[0.0, 0.0], [0.6, 0.6], [0.5, -0.5]]))[0].tolist() == [0, 0]


# -- weights from components ------------------------------------------------------------------------------------------


def test_the_weights_of_the_technology_achievement_index():
    """OECD and JRC (2008), Handbook on Constructing Composite Indicators, tables 16 to 18 (principal components)."""
    found = principal_components(TAI)
    np.testing.assert_allclose(found.explained * 100, [41.9, 21.8, 12.3, 11.1, 6.0, 3.7, 2.2, 0.9], atol=0.12)
    turned = np.abs(varimax(found.loadings[:, :4]))
    printed = np.array(
        [
            [0.07, 0.97, 0.06, 0.06],
            [0.13, 0.07, 0.07, 0.93],
            [0.79, 0.21, 0.21, 0.42],
            [0.64, 0.56, 0.04, 0.36],
            [0.37, 0.17, 0.38, 0.68],
            [0.82, 0.04, 0.25, 0.35],
            [0.88, 0.23, 0.09, 0.09],
            [0.08, 0.04, 0.96, 0.04],
        ]
    )
    np.testing.assert_allclose(turned, printed, atol=0.015)  # their rotation stopped earlier
    w = weigh(TAI, of="retained", components=4, rotation="varimax", signs="absolute")
    np.testing.assert_allclose(w, [0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16], atol=0.0055)


def test_the_handbook_hides_that_exports_move_against_the_rest_of_their_factor():
    with pytest.raises(DomainError, match="moves against the others") as caught:
        weigh(TAI, of="retained", components=4, rotation="varimax")
    assert caught.value.columns == (3,)
    dropped = weigh(TAI, of="retained", components=4, rotation="varimax", signs="drop")
    assert dropped[3] == 0
    assert dropped.sum() == pytest.approx(1)


def test_negative_loadings_are_refused_by_name_where_coinr_passes_them_on():
    """The Sust pillars have first loadings 0.651, -0.744 and 0.147, which COINr's get_PCA hands on as weights."""
    scores = pd.read_csv(shared("asem", "07_agg_amean.csv"))[PILLARS["Sust"]].to_numpy(float)
    with pytest.raises(DomainError, match="signs: absolute") as caught:
        weigh(scores)
    assert caught.value.columns == (0, 2)  # Social has the largest loading, and so the sign
    raw = np.array([0.65131929, 0.74436788, 0.14731124])
    np.testing.assert_allclose(weigh(scores, signs="absolute"), raw / raw.sum(), atol=2e-6)
    np.testing.assert_allclose(weigh(scores, signs="drop"), [0, 1, 0], atol=1e-12)


def test_where_all_loadings_agree_the_weights_are_those_of_coinr():
    scores = pd.read_csv(shared("asem", "07_agg_amean.csv"))[PILLARS["Conn"]].to_numpy(float)
    theirs = pd.read_csv(shared("asem", "09_pca_loadings_level2.csv")).query("group == 'Conn' and PC == 'PC1'")
    loadings = theirs.set_index("iCode").loc[PILLARS["Conn"], "loading"].to_numpy()
    np.testing.assert_allclose(weigh(scores), loadings / loadings.sum(), atol=1e-9)


@pytest.mark.parametrize("way", WAYS)
@given(seed=st.integers(0, 10**6), n=st.integers(8, 20), k=st.integers(3, 6), data=st.data())
@settings(max_examples=20, deadline=None)
def test_what_holds_of_all_of_them(way, seed, n, k, data):
    x = together(seed, n, k, common=4.0 if way.get("signs") is None else 1.0)
    w = weigh(x, **way)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1)
    order = data.draw(st.permutations(range(k)))
    np.testing.assert_allclose(weigh(x[:, order], **way), w[order], atol=1e-8)
    np.testing.assert_allclose(weigh(x[::-1], **way), w, atol=1e-8)
    np.testing.assert_allclose(weigh(x * np.arange(1, k + 1) - 5, **way), w, atol=1e-8)


def test_the_three_ways_by_hand():
    found = principal_components(TAI[:, [0, 1, 2, 4, 5, 6]])
    kept = found.loadings[:, :2]
    assert (found.eigenvalues[:3] > 1).tolist() == [True, True, False]
    x = TAI[:, [0, 1, 2, 4, 5, 6]]
    first = np.abs(kept[:, 0]) / np.abs(kept[:, 0]).sum()
    np.testing.assert_allclose(weigh(x, signs="absolute"), first)
    squares = (kept**2).max(axis=1)
    np.testing.assert_allclose(weigh(x, of="retained", signs="absolute"), squares / squares.sum())
    coefficients = (kept / np.sqrt(found.eigenvalues[:2])) @ (found.explained[:2] / found.explained[:2].sum())
    expected = np.abs(coefficients) / np.abs(coefficients).sum()
    np.testing.assert_allclose(weigh(x, of="combined", signs="absolute"), expected)


def test_how_many_are_retained():
    explained = np.cumsum(principal_components(TAI).explained)
    for count, share in [(1, 0.4), (2, 0.6), (4, 0.87), (8, 1.0)]:
        assert explained[count - 1] >= share - 1e-9
        np.testing.assert_array_equal(
            weigh(TAI, of="retained", explained=Percent(share), signs="absolute"),
            weigh(TAI, of="retained", components=count, signs="absolute"),
        )
    with pytest.raises(DomainError, match="2 components that explain anything, not 3"):
        weigh(TAI[:3], of="retained", components=3)


def test_one_child_and_two_children():
    assert weigh(TAI[:, :1]).tolist() == [1]
    np.testing.assert_allclose(weigh(TAI[:, [1, 2]]), [0.5, 0.5])
    with pytest.raises(DomainError) as caught:
        weigh(TAI[:, [2, 3]])
    assert caught.value.columns == (1,)


def test_a_sign_that_decides_and_is_arbitrary_is_refused():
    with pytest.raises(DomainError, match="factor 2 has loadings as large in both directions"):
        weigh(TAI[:, [1, 2]], of="combined", components=2)
    with pytest.raises(DomainError, match="factor 1 has loadings as large in both directions"):
        weigh(TAI[:, [2, 3]], signs="drop")
    np.testing.assert_allclose(weigh(TAI[:, [2, 3]], signs="absolute"), [0.5, 0.5])


def test_raw_columns_are_turned_by_their_direction():
    turned = TAI[:, [0, 1, 2]] * np.array([1, -1, 1])
    assert weigh(turned, directions=np.array([1.0, -1.0, 1.0])).tolist() == weigh(TAI[:, [0, 1, 2]]).tolist()


@pytest.mark.parametrize("of", ["first", "combined", "retained"])
def test_components_that_explain_the_same_are_refused(of):
    x = np.array([[1.0, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]])  # uncorrelated
    with pytest.raises(DomainError, match="explain exactly the same"):
        weigh(x, of=of)


@pytest.mark.parametrize("weighting", ["principal_components", "factor_analysis"])
def test_bad_columns_are_refused_where_they_are(weighting):
    function = WEIGHTINGS[weighting].function
    with pytest.raises(DomainError, match="every number is needed") as caught:
        function(np.where(np.eye(12, 5) > 0, np.nan, HARMAN))
    assert set(caught.value.cells) == {(place, place) for place in range(5)}
    with pytest.raises(DomainError, match="same number") as caught:
        function(HARMAN * [1, 0, 1, 1, 1])
    assert caught.value.columns == (1,)
    with pytest.raises(DomainError, match="two units"):
        function(HARMAN[:1])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"components": 0, "of": "retained"}, "not a number from 1 on"),
        ({"components": 2}, "only the first component"),
        ({"rotation": "varimax"}, "rotation: says nothing"),
        ({"of": "retained", "explained": Percent(1.2)}, "above 0% up to 100%"),
        ({"of": "retained", "explained": Percent(0.8), "components": 2}, "said by components already"),
    ],
)
def test_options_that_cannot_be_are_told_at_load(options, words):
    assert words in " ".join(WEIGHTINGS["principal_components"].check_option(options))
    with pytest.raises(DomainError, match=words):
        weigh(TAI, **options)
    if "explained" not in options:
        with pytest.raises(ci.SpecError, match=words):
            ci.load_spec(spec(weights={"principal_components": options}))


# -- weights from factors ---------------------------------------------------------------------------------------------


def test_the_principal_factors_of_harmans_five_variables():
    """SAS/STAT User's Guide, The FACTOR Procedure, example 2 (squared multiple correlations as communalities)."""
    r, _, _ = correlations_of(HARMAN)
    loadings = principal_factors(r, 2, communalities="squared_multiple")
    printed = [[0.62533, 0.76621], [0.71370, -0.55515], [0.71447, 0.67936], [0.87899, -0.15847], [0.74215, -0.57806]]
    np.testing.assert_allclose(loadings, printed, atol=6e-6)


def test_a_communality_above_one_is_refused_where_programs_go_on():
    with pytest.raises(DomainError, match="Heywood") as caught:
        factor_analysis(HARMAN)
    assert caught.value.columns == (0,)
    w = factor_analysis(HARMAN, communalities="squared_multiple")
    assert w.sum() == pytest.approx(1)
    assert (w > 0.1).all()


def of_correlations(r, n=40):
    """Data with exactly these correlations."""
    rng = np.random.default_rng(0)
    z = rng.normal(size=(n, len(r)))
    z -= z.mean(axis=0)
    return np.linalg.qr(z)[0] @ np.linalg.cholesky(r).T


def test_loadings_that_made_the_correlations_are_found_again():
    one = np.array([0.9, 0.8, 0.7, 0.6])
    r = np.outer(one, one)
    np.fill_diagonal(r, 1)
    np.testing.assert_allclose(factor_analysis(of_correlations(r)), one**2 / (one**2).sum(), atol=1e-8)
    two = np.array([[0.8, 0], [0.7, 0], [0.6, 0], [0, 0.9], [0, 0.7], [0, 0.5]])
    r = two @ two.T
    np.fill_diagonal(r, 1)
    w = factor_analysis(of_correlations(r), factors=2)
    np.testing.assert_allclose(w, (two**2).sum(axis=1) / (two**2).sum(), atol=1e-6)


def test_many_units_give_what_maximum_likelihood_gives():
    from sklearn.decomposition import FactorAnalysis

    x = together(3, 3000, 6) * np.arange(1, 7)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        squares = FactorAnalysis(1, tol=1e-8, max_iter=5000).fit(z).components_[0] ** 2
    np.testing.assert_allclose(factor_analysis(x, factors=1), squares / squares.sum(), atol=2e-3)


@given(seed=st.integers(0, 10**6), k=st.integers(3, 6), data=st.data())
@settings(max_examples=25, deadline=None)
def test_what_holds_of_weights_from_factors(seed, k, data):
    x = together(seed, 40, k, common=1.5)
    options = {"factors": 1, "communalities": "squared_multiple"}
    w = factor_analysis(x, **options)
    assert (w >= 0).all()
    assert w.sum() == pytest.approx(1)
    order = data.draw(st.permutations(range(k)))
    np.testing.assert_allclose(factor_analysis(x[:, order], **options), w[order], atol=1e-9)
    np.testing.assert_allclose(factor_analysis(x[::-1] * np.arange(1, k + 1), **options), w, atol=1e-9)


@pytest.mark.parametrize(
    ("x", "options", "words", "columns"),
    [
        (HARMAN[:, :2], {}, "too few to tell 1 common factor", ()),
        (HARMAN, {"factors": 3}, "too few to tell 3 common factors", ()),
        (HARMAN, {"factors": 0}, "not a number from 1 on", ()),
        (np.column_stack([HARMAN, HARMAN[:, 1] * 2]), {}, "combination of others", (1, 5)),
        (HARMAN[:, [0, 1, 2, 4]] * [1, -1, 1, 1], {"factors": 1}, "is negative", (1,)),
    ],
)
def test_what_factors_cannot_do(x, options, words, columns):
    with pytest.raises(DomainError, match=words) as caught:
        factor_analysis(x, **({"communalities": "squared_multiple"} | options))
    assert caught.value.columns == columns


# -- in a spec --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "weights",
    [
        "principal_components",
        {"principal_components": {"of": "retained", "explained": "90%", "rotation": "varimax"}},
        {"principal_components": {"on": "raw"}},
        {"factor_analysis": 1},
    ],
)
def test_weights_in_a_spec_are_kept_in_the_calibration(weights):
    result = ci.score(spec(weights=weights), FRAME)
    kept = result.calibration.nodes["score"]["weights"]
    assert sum(kept.values()) == pytest.approx(1)
    np.testing.assert_allclose(result.column(), FRAME[["x", "y", "z"]].to_numpy() @ np.array(list(kept.values())))


def test_a_child_that_moves_against_the_others_is_named():
    with pytest.raises(ci.ScoreError, match="y: principal_components: its loading on the first component is negative"):
        ci.score(spec(weights="principal_components"), FRAME.assign(y=-FRAME.y))
