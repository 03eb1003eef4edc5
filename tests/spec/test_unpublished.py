"""What a source does not print: weights, judgements and parts that are refused in words, and supplied by the user."""

from __future__ import annotations

import pytest

import cityindex as ci
from cityindex.spec import read_weights

SPEC = """
cityindex: 1
id: opaque
index:
  id: score
  weights: {ahp: {judgements: unpublished}}
  tiers: {natural_breaks: 2}
  children:
    - {id: quality, title: {zh: 综合质效, en: Quality}, children: unpublished}
    - {id: green, children: unpublished}
    - {id: grain, measured_in: {zh: 公斤/亩, en: kg per mu}}
"""
TABLE = {"city": ["u", "v", "w"], "综合质效": [1.0, 2.0, 3.0], "green": [3.0, 1.0, 2.0], "grain": [1.0, 2.0, 3.0]}
JUDGED = {"score": {"ahp": {"judgements": {"quality": {"green": 2, "grain": 4}, "green": {"grain": 2}}}}}


@pytest.fixture
def spec():
    return ci.load_spec(SPEC)


def test_it_loads_and_is_written_as_it_was(spec):
    assert spec["quality"].children == ()
    assert str(spec["grain"].measured_in) == "公斤/亩 · kg per mu"
    assert ci.load_spec(ci.dump(spec)) == spec
    assert "{id: green, children: unpublished}" in ci.dump(spec)
    assert [spec[name].unprinted for name in ("score", "quality", "green")] == ["judgements", "children", "children"]
    assert spec.weight_provenance("score", "green") == "ahp (unpublished)"


def test_a_unit_of_measurement_changes_no_fingerprint(spec):
    other = ci.replace(spec, "grain", measured_in="t")
    assert ci.fingerprint(other) == ci.fingerprint(spec)


def test_judgements_are_asked_for(spec):
    with pytest.raises(ci.UnpublishedError, match="the judgements of score are not published; its children: quality"):
        ci.score(spec, TABLE)


def test_parts_are_asked_for_all_at_once(spec):
    with pytest.raises(ci.TableError) as told:
        ci.score(ci.with_weights(spec, JUDGED), {"city": ["u"], "grain": [1.0]})
    text = str(told.value)
    assert "group quality (综合质效 · Quality), whose parts are not published: supply its values in that column" in text
    assert "replace(spec, 'green', children=[…])" in text


def test_it_scores_once_they_are_supplied_and_says_whose_they_are(spec):
    result = ci.score(ci.with_weights(spec, JUDGED), TABLE)
    assert result.ranks().tolist() == [3, 2, 1]
    weights = dict(zip(result.weights["node"], result.weights["local"], strict=True))
    assert weights == pytest.approx({"quality": 4 / 7, "green": 2 / 7, "grain": 1 / 7})
    assert set(result.weights["provenance"]) == {"ahp (assumed)"}
    told = [note.message for note in result.notes]
    assert "the weights of score are assumed, not published" in told
    assert "column green: read as the value of group green, whose parts are not published" in told


def test_parts_may_be_supplied(spec):
    spec = ci.replace(ci.with_weights(spec, JUDGED), "quality", children=["profit", "tax"])
    table = {**TABLE, "profit": [0.0, 2.0, 4.0], "tax": [2.0, 2.0, 2.0]}
    del table["综合质效"]
    assert ci.score(spec, table).column("quality").tolist() == [1.0, 2.0, 3.0]


def test_plain_weights_take_the_place_of_a_method(spec):
    weighted = ci.with_weights(spec, {"score": {"quality": "50%", "green": "30%", "grain": "20%"}})
    assert weighted.index.weights is None
    back = ci.with_weights(weighted, JUDGED)
    assert all(child.weight is None for child in back.index.children)


def test_there_is_nothing_to_weigh_in_a_group_without_parts(spec):
    with pytest.raises(ci.SpecError, match="its children are not published, so there is nothing to weigh"):
        ci.with_weights(spec, {"quality": {"a": 1}})


def test_judgements_about_others_are_refused(spec):
    with pytest.raises(ci.SpecError, match="'gren' is none of the children"):
        ci.with_weights(spec, {"score": {"ahp": {"judgements": {"quality": {"gren": 2}}}}})


def test_weights_from_a_file_may_be_judgements(spec):
    read = read_weights("score: {ahp: {judgements: {quality: {green: 2, grain: 4}, green: {grain: 2}}}}\n")
    assert ci.with_weights(spec, read).index.unprinted == ""
    with pytest.raises(ci.SpecError, match=r"unknown key 'judgement' of ahp\. Did you mean 'judgements'"):
        read_weights("score: {ahp: {judgement: {quality: {green: 2}}}}\n")


def test_a_misspelt_word_is_told():
    with pytest.raises(ci.SpecError, match=r"found text 'unpublishd'.*Did you mean 'unpublished'\?"):
        ci.load_spec(SPEC.replace("children: unpublished", "children: unpublishd"))


def test_an_edition_may_leave_the_parts_as_they_are():
    text = SPEC.replace("\nindex:", "\nunit: {kind: city, period: year}\nindex:")
    spec = ci.load_spec(text + "editions: {2020: {green: {title: Green}}}\n")
    assert spec.editions["2020"]["green"].children == ()
