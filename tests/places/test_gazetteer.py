"""A gazetteer of one's own, and what is no gazetteer."""

from __future__ import annotations

import pandas as pd
import pytest

import cityindex as ci

LANDS = {
    "code": ["BY", "BY1", "HE", "HE1", "BY2", "X1"],
    "name": ["Bayern", "München", "Hessen", "Neustadt", "Neustadt", "Pasing"],
    "level": ["land", "city", "land", "city", "city", "city"],
    "parent": ["", "BY", "", "HE", "BY", ""],
    "region": ["South", "", "West", "", "", ""],
    "aliases": ["Bavaria", "Munich|Muenchen", "", "", "", ""],
    "until": ["", "", "", "", "", "1938"],
    "to": ["", "", "", "", "", "BY1"],
}


@pytest.fixture
def lands():
    return ci.Gazetteer.read(LANDS)


def test_names_aliases_codes_and_context(lands):
    found = ci.resolve_places(
        ["MUNICH", "Bavaria / Neustadt", "he1", "Pasing", "Neustadt", "Hessen", "Muenchen", "Frankfurt", ""],
        gazetteer=lands,
    )
    assert found.codes == ("BY1", "BY2", "HE1", "BY1", None, "HE", "BY1", None, None)
    assert [match.status for match in found] == [
        "exact", "exact", "code", "former", "ambiguous", "exact", "exact", "unknown", "empty",
    ]  # fmt: skip
    inside = ci.resolve_places(["Neustadt", "Neustadt"], within=["Bavaria", "HE"], gazetteer=lands)
    assert inside.codes == ("BY2", "HE1")
    assert ci.resolve_places("Bayern", level="city", gazetteer=lands)[0].status == "outside"


def test_the_region_comes_from_above(lands):
    frame = ci.resolve_places(["Munich"], gazetteer=lands).to_frame()
    assert frame.loc[0, ["code", "name", "level", "region"]].tolist() == ["BY1", "München", "city", "South"]


def test_no_chinese_short_forms_in_it():
    own = ci.Gazetteer.read({"code": ["1"], "name": ["昆山市"]})
    assert ci.resolve_places(["昆山", "昆山市"], gazetteer=own).codes == (None, "1")


def test_codes_keep_their_zeros(tmp_path):
    path = tmp_path / "states.csv"
    path.write_text("code,name\n01,Alabama\n02,Alaska\n", encoding="utf-8")
    assert ci.resolve_places(["02", "Alabama"], gazetteer=ci.Gazetteer.read(path)).codes == ("02", "01")


def test_a_frame_will_do():
    assert len(ci.Gazetteer.read(pd.DataFrame(LANDS))) == 5


def test_everything_that_is_wrong_is_told_at_once():
    with pytest.raises(ci.TableError) as caught:
        ci.Gazetteer.read(
            {
                "code": ["A", "A", "", "B", "C"],
                "name": ["x", "y", "z", "", "w"],
                "parent": ["", "", "", "Q", ""],
                "to": ["", "", "", "", "R"],
            }
        )
    text = str(caught.value)
    for words in (
        "z has no code",
        "B has no name",
        "A stands twice: x and y",
        "no unit has the code Q of its parent",
        "w: no unit has the code R of its successor",
    ):
        assert words in text


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"code": ["1"], "nam": ["x"]}, "no column 'name'. Did you mean 'nam'"),
        ({"code": ["1", "2"], "name": ["x", "y"], "parent": ["2", "1"]}, "x stands under itself"),
        ({"code": ["1"], "name": ["x"], "parent": ["1"]}, "x stands under itself"),
        ({"code": ["1", "2"], "name": ["x", "y"], "until": ["", "1938/39"]}, "y: until is no year"),
    ],
)
def test_what_is_no_gazetteer(columns, words):
    with pytest.raises(ci.TableError, match=words):
        ci.Gazetteer.read(columns)


def test_a_path_is_read_first():
    with pytest.raises(ci.TableError, match="str is none; Gazetteer"):
        ci.resolve_places(["x"], gazetteer="lands.csv")


def test_an_unknown_code_names_the_nearest(lands):
    assert lands["HE1"].name == "Neustadt"
    assert "HE1" in lands
    with pytest.raises(ci.NotFoundError, match="Did you mean"):
        lands["HE9"]


def test_an_empty_gazetteer_is_none():
    with pytest.raises(ci.TableError, match="has no rows"):
        ci.Gazetteer.read({"code": [], "name": []})
    assert ci.resolve_places(["x"], gazetteer=ci.Gazetteer("nothing", ()))[0].status == "unknown"


def test_former_names_in_it_may_be_split_or_gone():
    own = ci.Gazetteer.read(
        {
            "code": ["1", "2", "9", "8"],
            "name": ["Czechia", "Slovakia", "Czechoslovakia", "Atlantis"],
            "until": ["", "", "1992", "1"],
            "to": ["", "", "1|2", ""],
        }
    )
    found = ci.resolve_places(["Czechoslovakia", "Atlantis"], gazetteer=own)
    assert [match.status for match in found] == ["split", "abolished"]
    assert [place.name for place in found[0].candidates] == ["Czechia", "Slovakia"]
