"""Codes and regions in a table, and in the index that is computed from it."""

from __future__ import annotations

import pytest

import cityindex as ci

CITIES = {"city": ["昆山市", "海门市", "南昌县", "朝阳区"], "province": ["江苏", "江苏", "江西", "北京"],
          "gdp": [5006.0, 1600.0, 1200.0, 9000.0]}  # fmt: skip


def test_columns_are_added_and_the_rest_stays():
    table = ci.read_table(CITIES, key="city")
    joined = ci.with_places(table, "city", province="province")
    assert joined.columns == ("city", "province", "gdp", "code", "prefecture", "region")
    assert joined.text("code").tolist() == ["320583", "320614", "360121", "110105"]
    assert joined.text("province").tolist() == CITIES["province"]
    assert joined.numbers("gdp").values.tolist() == CITIES["gdp"]
    assert table.columns == ("city", "province", "gdp")
    told = [str(note) for note in joined.notes]
    assert "columns kept as they were: province; prefix='place_' adds those of the places beside them" in told
    assert "column city: 1 former name (first: 海门市 until 2020, now 海门区)" in told


def test_prefix_and_choice_of_columns():
    joined = ci.with_places(
        ci.read_table(CITIES), "city", province="province", prefix="place_", add=["province", "level"]
    )
    assert joined.columns[3:] == ("place_province", "place_level")
    assert joined.text("place_province").tolist() == ["江苏省", "江苏省", "江西省", "北京市"]
    with pytest.raises(ci.NotFoundError, match="no column 'regoin'\\. Did you mean 'region'"):
        ci.with_places(ci.read_table(CITIES), "city", add=["regoin"])


def test_refused_names_stop_it_or_are_noted():
    table = ci.read_table(CITIES, key="city")
    with pytest.raises(ci.TableError, match="unit 朝阳区, column city: '朝阳区' is ambiguous"):
        ci.with_places(table, "city")
    joined = ci.with_places(table, "city", strict=False)
    assert joined.text("code").tolist()[-1] == ""
    assert any("'朝阳区' is ambiguous" in str(note) and "its new cells are empty" in str(note) for note in joined.notes)


def test_an_area_that_changed_is_noted():
    table = ci.read_table({"city": ["余杭区", "昆山市"], "gdp": [1, 2]}, key="city")
    assert [str(note) for note in ci.with_places(table, "city").notes] == [
        "column city: the area of 1 unit changed while the name stayed (first: 余杭区: 2021年析出临平区)"
    ]


def test_a_missing_column_names_the_nearest():
    with pytest.raises(ci.NotFoundError, match="no column 'cty'\\. Did you mean 'city'"):
        ci.with_places(ci.read_table(CITIES), "cty")
    with pytest.raises(ci.NotFoundError, match="no column 'prov'"):
        ci.with_places(ci.read_table(CITIES), "city", province="prov")


def test_rows_of_one_place_are_told_but_not_those_of_several_periods():
    table = ci.read_table({"city": ["新建区", "湾里区"], "x": [1, 2]}, key="city")
    notes = [str(note) for note in ci.with_places(table, "city", level="county").notes]
    assert "column city: 2 rows are 江西省南昌市新建区 360112: 新建区, 湾里区" in notes
    panel = ci.read_table({"city": ["昆山", "昆山"], "year": [2022, 2023], "x": [1, 2]}).keyed("city", period="year")
    assert not ci.with_places(panel, "city").notes


def test_codes_in_a_column_are_checked():
    table = ci.read_table({"code": ["320583", "999999"], "x": [1, 2]})
    with pytest.raises(ci.TableError, match="'999999' is unknown"):
        ci.with_places(table, "code", add=["name"])


def test_an_index_can_use_the_region():
    """Within a region a city is compared with its own; the mean of a region is that of its cities."""
    spec = ci.load_spec(
        "cityindex: 1\nid: t\nunit: {kind: city, key: city}\n"
        "index:\n  id: score\n  children:\n    - {id: gdp, steps: [{minmax: {to: [0, 100], within: region}}]}\n"
    )
    table = ci.read_table(
        {"city": ["昆山市", "江阴市", "南昌县", "长沙县"], "gdp": [5000.0, 4000.0, 1000.0, 2000.0]}, key="city"
    )
    result = ci.score(spec, ci.with_places(table, "city"))
    assert result.column("gdp").tolist() == [100.0, 0.0, 0.0, 100.0]
    means = result.group_scores(by="region")
    assert sorted(means.reset_index()["region"]) == ["东部", "中部"]
