"""Claims files that are wrong: every problem is told, by line and column, with the nearest name."""

from __future__ import annotations

import pytest
from claims_support import problems, sheets, whole_file

import cityindex as ci
from cityindex.auditing.claims import read_claims

HEAD = "cityindex: 1\nclaims:\n"


def one(**keys):
    lines = [f"  - id: {keys.pop('id', 'a')}", *(f"    {key.rstrip('_')}: {value}" for key, value in keys.items())]
    return HEAD + "\n".join(lines) + "\n"


def mean(**keys):
    return one(**{"claim": "x", "kind": "mean", "of": "score.score", "published": 1, **keys})


MALFORMED = [
    ("cityindex: 1\n", "text:1:1: a claims file needs 'claims'"),
    ("claims: []\ncityindex: 2\n", "text:2:12: cityindex: found 2; allowed: 1"),
    (HEAD.replace("claims:\n", "claims: no\n"), "text:2:9: claims: found text 'no'; allowed: a list of claims"),
    (HEAD + "  - mean\n", "text:3:5: claims: found text 'mean'; allowed: a claim"),
    (one(claim="x", of="score", published=1), "text:3:5: a claim needs 'kind'"),
    (one(claim="x", kind="meen", of="score.score", published=1), "kind: found text 'meen'; allowed: value, count"),
    (one(claim="x", kind="meen", of="score.score", published=1), "Did you mean 'mean'?"),
    (one(claim="x", kind="mean", published=1), "text:3:5: a claim of kind 'mean' needs 'of'"),
    (mean(publihsed=1), "text:8:5: unknown key 'publihsed' of a claim of kind 'mean'. Did you mean 'published'?"),
    (mean(units="[Ash]"), "'units' is no key of kind 'mean'; it is one of order"),
    (mean(of="scor.score"), "text:6:9: of: there is no table 'scor'. Did you mean 'score'?"),
    (mean(of="score.scoer"), "of: table 'score' has no column 'scoer'. Did you mean 'score'?"),
    (mean(of="score"), "of: found text 'score'; allowed: table.column; the columns are rank, name"),
    (mean(where="{teir: A}"), "text:8:13: where: table 'score' has no column 'teir'. Did you mean 'tier'?"),
    (mean(where="{score: {abvoe: 3}}"), "unknown key 'abvoe' of a condition. Did you mean 'above'?"),
    (mean(where="{score: {above: many}}"), "where.score.above: found text 'many'; allowed: a number as it is printed"),
    (mean(where="A"), "where: found text 'A'; allowed: {column: value}"),
    (mean(top="{by: scoer}"), "top.by: table 'score' has no column 'scoer'. Did you mean 'score'?"),
    (mean(top="{by: score, number: 0}"), "number: found 0; allowed: a whole number from 1"),
    (mean(published="about 5"), "published: found text 'about 5'; allowed: a number as it is printed"),
    (mean(published="５７．３："), "published: found"),
    (mean(relation="abuot"), "relation: found text 'abuot'; allowed: equal, about"),
    (mean(relation="between"), "published: found 1; allowed: [low, high]"),
    (mean(line="twelve"), "line: found text 'twelve'; allowed: a whole number from 1"),
    (mean(times="ten"), "times: found text 'ten'; allowed: a number as it is printed"),
    (mean(rounded="maybe"), "rounded: found text 'maybe'; allowed"),
    (mean(of="[1, score.score]"), "For a column say how: {kind: sum, of: score.score}."),
    (mean(of="[1, {kind: sum, of: score.scoer}]"), "table 'score' has no column 'scoer'"),
    (mean(of="other-index/score.score"), "no index 'other-index'"),
    (one(claim="x", kind="rank", of="score.score", unit="Asch", published=1), "no name 'Asch'. Did you mean 'Ash'?"),
    (one(claim="x", kind="order", of="score.score", units="[Ash, Ash]"), "units: 'Ash' stands twice"),
    (one(claim="x", kind="order", of="score.score", units="[Ash]"), "units: found a list; allowed: two names or more"),
    (one(claim="x", kind="set", of="score.name", names="Ash"), "names: found text 'Ash'; allowed: a list of names"),
    (one(claim="x", kind="set", of="score.name", names="[Ash]", published=3), "what is printed stands under 'names'"),
    (
        one(claim="x", kind="set", of="score.name", names="[Ash]", subset="yes"),
        "subset: found text 'yes'; allowed: true",
    ),
    (one(claim="x", kind="sum", of="score.score"), "a claim of kind 'sum' needs 'published'"),
    (
        one(claim="x", kind="share", of="score", as_="percent", published=1),
        "as: found text 'percent'; allowed: fraction",
    ),
    (
        one(claim="x", kind="share", of="score", in_=5, where="{tier: A}", published=1),
        "put it inside `of`: {kind: count, of: …, where: …}",
    ),
    (
        one(claim="x", kind="weighted mean", of="[1, 2]", weights="[1]", published=1),
        "weights: 1 for 2 numbers; there has to be one for each",
    ),
    (
        one(claim="x", kind="weighted mean", of="score.score", weights="weights.weight", published=1),
        "weights: found text 'weights.weight'; allowed: a column of the table 'score'",
    ),
    (
        one(claim="x", kind="tier", of="score.score", cuts="[85]", labels="[A]", tier="score.tier"),
        "labels: 1 for 1 cuts; there has to be one more than there are cuts",
    ),
    (
        one(claim="x", kind="tier", of="score.score", cuts="[50, 85]", labels="[A, B, C]", tier="score.tier"),
        "cuts: found a list; allowed: numbers that fall from one to the next",
    ),
    (
        one(claim="x", kind="tier", of="score.score", cuts="[50]", labels="[A, B]", unit="Ash", published="a1"),
        "published: 'a1' is none of the labels",
    ),
    (one(claim="x", kind="tier", of="score.score", cuts="[50]", labels="[A, B]"), "needs either 'tier'"),
    (one(claim="x", kind="name", published="A"), "a claim of kind 'name' needs 'elsewhere'"),
    (one(claim="x", kind="count", of="{kind: sum, of: score.score}", published=1), "allowed: table.column, or a list"),
    (one(claim="x", kind="difference", of="{unknown: any}", minus=3, published=1), "unknown: found text 'any'"),
    (one(claim="x", kind="value", of="{vlaue: 3}", published=1), "Did you mean 'value'?"),
    ("cityindex： 1\nclaims: []\n", "full-width '：'"),
    ("cityindex: 1\ncityindex: 1\nclaims: []\n", "text:2:1: the key 'cityindex' stands twice"),
]


@pytest.mark.parametrize(("text", "message"), MALFORMED, ids=range(len(MALFORMED)))
def test_malformed_claims(text, message):
    told = problems(text)
    assert any(message in each for each in told), told
    assert all(each.startswith("text:") for each in told)


def test_everything_is_told_at_once_in_the_order_of_the_file():
    text = one(id="a", claim="x", kind="mean", of="score.scoer", published="many") + one(
        id="a", kind="sum", of="scor.score", published=1
    ).removeprefix(HEAD)
    told = problems(text)
    lines = [int(each.split(":")[1]) for each in told]
    assert lines == sorted(lines)
    joined = "\n".join(told)
    for part in (
        "no column 'scoer'",
        "published",
        "needs 'claim'",
        "no table 'scor'",
        "id: 'a' is that of another claim",
    ):
        assert part in joined


def test_the_index_has_to_be_the_one_beside_it():
    with pytest.raises(ci.SpecError, match="the spec beside this file is 'this'"):
        read_claims(whole_file(index="that"), sheets(), index="this")


def test_digits_are_kept():
    claims = read_claims(HEAD + "  - {id: a, claim: x, kind: mean, of: score.score, published: 57.0}\n", sheets())
    assert claims.claims[0].published == ("57.0",)


def test_a_claim_that_needs_facts_needs_no_more_than_its_kind():
    claims = read_claims(HEAD + "  - {id: a, claim: x, kind: weighted mean, needs: GDP}\n", sheets())
    assert claims.claims[0].body is None


def test_underscores_may_stand_for_spaces():
    text = (
        HEAD + "  - {id: a, claim: x, kind: weighted_mean, of: [1], weights: [1], relation: at_least, published: 1}\n"
    )
    claim = read_claims(text, sheets()).claims[0]
    assert (claim.kind, claim.relation) == ("weighted mean", "at least")


def test_another_key_column_may_name_the_units():
    tables = {"t": {"code": ["01", "02"], "v": ["1", "2"]}}
    claim = {"kind": "rank", "of": "t.v", "unit": "02", "published": 1}
    read_claims(whole_file(claim, key="code"), sheets(tables))
    read_claims(whole_file({**claim, "key": "code"}), sheets(tables))
    with pytest.raises(ci.SpecError, match="table 't' has no column 'name'"):
        read_claims(whole_file(claim), sheets(tables))


def test_a_table_that_cannot_be_read_is_told_where_it_is_named(tmp_path):
    from cityindex.auditing.claims import Sheets, published_sheets

    (tmp_path / "published").mkdir()
    (tmp_path / "published" / "bad.csv").write_text("a,a\n1,2\n", encoding="utf-8")
    with pytest.raises(ci.SpecError, match=r"claims\[0\].of: of: 2 columns have this name"):
        read_claims(whole_file({"kind": "count", "of": "bad", "published": 1}), Sheets(published_sheets(tmp_path)))


def test_the_page_on_claims_names_every_kind_key_and_word():
    from support import ROOT

    from cityindex.auditing.claims import kinds

    page = (ROOT / "docs" / "claims.md").read_text(encoding="utf-8")
    words = {
        *kinds.FILE,
        *kinds.CLAIM,
        *kinds.NUMBER,
        *kinds.TOP,
        *kinds.RELATIONS,
        *kinds.TESTS,
        *kinds.FIRST,
        *kinds.KINDS,
    }
    words |= {key for rule in kinds.KINDS.values() for key in (*rule.keys, *rule.words)}
    code = "\n".join(part for i, part in enumerate(page.split("`")) if i % 2)
    assert [word for word in sorted(words) if word not in code] == []
