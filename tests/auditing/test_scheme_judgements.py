"""Judgement matrices under audit: published ones, planted circles and slips, tables that decide, printed ratios."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.auditing.judgements import audit_judgements, printed_as
from cityindex.auditing.scheme import audit_scheme
from cityindex.errors import NotFoundError, TableError
from cityindex.methods._random_index import RANDOM_INDICES

N = None


def spec_of(judgements=None, children="abcdefgh", **options):
    said = {"judgements": judgements, **options} if judgements is not None else options
    size = len(judgements) if judgements is not None else len(next(iter(options["experts"].values())))
    return ci.load_spec(
        {
            "cityindex": 1,
            "id": "made-up",
            "index": {"id": "score", "weights": {"ahp": said}, "children": list(children[:size])},
        }
    )


def of(scheme, name):
    return next(finding for finding in scheme.findings if finding.id == f"scheme-{name}")


def filled(rows):
    """One triangle, as the spec takes it."""
    return [[N] * at + [1.0] + list(row) for at, row in enumerate([*rows, ()])]


# T. L. Saaty (1977), doi:10.1016/0022-2496(77)90033-5; Saaty (2008), doi:10.1504/IJSSCI.2008.017590
SCHOOL = filled([(4, 3, 1, 3, 4), (7, 3, 1 / 5, 1), (1 / 5, 1 / 5, 1 / 6), (1, 1 / 3), (3,)])
WEALTH = filled(
    [(4, 9, 6, 6, 5, 5), (7, 5, 5, 3, 4), (1 / 5, 1 / 5, 1 / 7, 1 / 5), (1, 1 / 3, 1 / 3), (1 / 3, 1 / 3), (2,)]
)


def test_published_judgements_that_hold():
    scheme = audit_scheme(spec_of(WEALTH, random_index="saaty"), ratios={"score": "0.08"})
    found = of(scheme, "judgements-score")
    assert (found.verdict, found.published) == ("holds", "0.1")
    assert float(found.computed) == pytest.approx(0.08, abs=0.005)
    assert of(scheme, "ratio-score").verdict == "holds"
    assert scheme.judgements["score"][0].on_scale is None


def test_published_judgements_that_do_not():
    """Saaty prints 0.24 for the choice of a school, and takes it as it is."""
    scheme = audit_scheme(spec_of(SCHOOL, random_index="saaty", limit=0.3))
    found = of(scheme, "judgements-score")
    assert found.verdict == "fails"
    assert "the spec lets 0.3 pass" in found.note
    assert "worst triads by Koczkodaj: b, d, e (0.93)" in found.note
    audit = scheme.judgements["score"][0]
    assert len(audit.on_scale.changes) == 3
    assert audit.on_scale.ratio <= 0.1
    assert str(audit.on_scale) in found.note
    matrix = audit.matrix.copy()
    places = {name: at for at, name in enumerate(audit.report.children)}
    for change in audit.on_scale.changes:
        row, column = places[change.row], places[change.column]
        assert matrix[row, column] == pytest.approx(change.was)
        assert change.was >= 1
        matrix[row, column], matrix[column, row] = change.becomes, 1 / change.becomes
    assert ci.analyse_judgements(matrix.tolist()).consistency_ratio == pytest.approx(audit.on_scale.ratio)


def test_a_planted_slip_is_the_one_that_is_named():
    weights = [8, 4, 2, 1]
    rows = [[one / other for other in weights] for one in weights]
    rows[0][3], rows[3][0] = 1 / 8, 8  # the wrong way round
    scheme = audit_scheme(spec_of(rows, limit=10))
    [change] = scheme.judgements["score"][0].anyhow.changes
    assert (change.row, change.column, change.was) == ("d", "a", 8)
    assert change.becomes == pytest.approx(1 / 8, rel=1e-3)
    [change] = scheme.judgements["score"][0].on_scale.changes
    assert (change.row, change.column) == ("d", "a")


def test_circles_are_found_and_named_in_their_order():
    scheme = audit_scheme(spec_of(filled([(2, 1 / 2), (2,)]), limit=10))
    found = of(scheme, "circles-score")
    assert (found.verdict, found.computed) == ("fails", "1 circles")
    assert found.note.startswith("a over b over c over a")
    assert of(audit_scheme(spec_of(SCHOOL, limit=1)), "circles-score").verdict == "holds"


def crossing():
    """Judgements that Saaty's table of 1980 accepts (0.58 for three) and that of the Chinese textbooks (0.52) not."""
    for value in np.linspace(1, 9, 2000):
        judgements = [[1, 3, float(value)], [N, 1, 1 / 1.3], [N, N, 1]]
        index = ci.analyse_judgements(judgements).consistency_index
        if index / 0.58 < 0.1 < index / 0.52:
            return judgements
    raise AssertionError


def test_the_table_decides_and_must_be_named():
    found = of(audit_scheme(spec_of(crossing(), limit=1)), "judgements-score")
    assert found.verdict == "undecided"
    assert "the default; the spec names none" in found.note
    assert "the verdict hangs on the table: saaty 0.0" in found.note
    accepted = of(audit_scheme(spec_of(crossing(), limit=1, random_index="saaty")), "judgements-score")
    assert accepted.verdict == "holds"
    refused = of(audit_scheme(spec_of(crossing(), limit=1, random_index="gong_xu")), "judgements-score")
    assert refused.verdict == "fails"


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(sorted(RANDOM_INDICES)), st.integers(0, 2**32 - 1))
def test_a_printed_ratio_names_its_table(table, seed):
    generator = np.random.default_rng(seed)
    rows = filled([generator.choice([1 / 3, 1 / 2, 1, 2, 3, 5], 4 - at).tolist() for at in range(4)])
    spec = spec_of(rows, limit=10)
    said = f"{ci.analyse_judgements(rows, random_index=table).consistency_ratio:.4f}"
    found = of(audit_scheme(spec, ratios={"score": said}), "ratio-score")
    assert found.verdict == "holds"
    assert table in found.note


def test_a_ratio_that_nothing_gives_fails_with_the_nearest():
    found = of(audit_scheme(spec_of(WEALTH), ratios={"score": "0.031"}), "ratio-score")
    assert found.verdict == "fails"
    assert "the nearest is 0.07378 (geometric means of rows, gong_xu)" in found.note


def test_ratios_by_hand():
    """和积法 and 方根法 for a matrix of the textbooks; λ = 3.0037 by each."""
    [audit] = audit_judgements(spec_of([[1, 1 / 3, 2], [3, 1, 5], [1 / 2, 1 / 5, 1]]).index)
    found = printed_as(audit)
    for way in ("largest eigenvalue", "geometric means of rows", "means of normalised columns"):
        assert found[f"{way}, saaty"] == pytest.approx(0.0037 / 2 / 0.58, abs=1e-4)


def test_ratios_of_what_has_no_judgements_are_refused():
    with pytest.raises(NotFoundError, match=r"'scor' is no group with judgements. Did you mean 'score'"):
        audit_scheme(spec_of(WEALTH), ratios={"scor": "0.08"})
    with pytest.raises(TableError, match=r"'about 0.1' is no number"):
        audit_scheme(spec_of(WEALTH), ratios={"score": "about 0.1"})


def test_experts():
    experts = {"Li": filled([(3, 5), (2,)]), "Wang": filled([(2, 1 / 2), (2,)])}
    together = audit_scheme(spec_of(experts=experts, limit=10))
    assert [audit.expert for audit in together.judgements["score"]] == [""]
    apart = audit_scheme(spec_of(experts=experts, combine="priorities", limit=10))
    assert [audit.expert for audit in apart.judgements["score"]] == ["Li", "Wang"]
    assert of(apart, "circles-score-Wang").verdict == "fails"
    assert of(apart, "judgements-score-Li").verdict == "holds"


def test_judgements_that_were_not_made_or_not_published():
    pairs = {"a": {"b": 2, "c": 4}, "b": {"c": 2}, "c": {"d": 2}}
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": "t",
            "index": {"id": "score", "weights": {"ahp": {"judgements": pairs}}, "children": list("abcd")},
        }
    )
    found = of(audit_scheme(spec), "judgements-score")
    assert found.verdict == "holds"
    assert "2 pairs not judged" in found.note
    spec = ci.load_spec(
        {"cityindex": 1, "id": "t", "index": {"id": "score", "weights": {"ahp": "unpublished"}, "children": ["a", "b"]}}
    )
    scheme = audit_scheme(spec)
    assert of(scheme, "judgements-score").verdict == "undecided"
    assert dict(scheme.judgements) == {}


def test_two_children_cannot_contradict_each_other():
    scheme = audit_scheme(spec_of([[1, 9], [N, 1]]))
    assert of(scheme, "judgements-score").verdict == "holds"
    assert not [finding for finding in scheme.findings if "circles" in finding.id]


def test_the_matrix_cannot_be_written_to():
    [audit] = audit_judgements(spec_of(WEALTH).index)
    with pytest.raises(ValueError, match="read-only"):
        audit.matrix[0, 1] = 99
