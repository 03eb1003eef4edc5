"""Counts of provinces, regions and city groups that reports print, made again from their lists."""

from __future__ import annotations

import pytest
from region_support import region, short

import cityindex as ci

COUNTY, DISTRICT, CITY = "industrial-county-2023", "industrial-district-2023", "digital-economy-city-2020"


def listed(index, name, cuts=(), labels=()):
    """A printed list of ranks as a result: the rank is the score, and the lowest is first."""
    group = {"id": "place", "rank": {"first": "lowest"}, "children": ["rank"]}
    if cuts:
        group["tiers"] = {"cuts": list(cuts), "labels": list(labels)}
    spec = {"cityindex": 1, "id": index, "unit": {"key": "name"}, "index": group}
    rows = ci.load_published(index)[name]
    provinces = [short(province) for province in rows["province"]]
    areas = [region(province) for province in provinces]
    return ci.score(spec, rows.drop(columns=["tier"], errors="ignore").assign(province=provinces, region=areas))


@pytest.fixture(scope="module")
def counties():
    tiers = ci.load_published(COUNTY)["tiers"]
    return listed(COUNTY, "counties", [int(last) for last in tiers["last_rank"]][:-1], tiers["tier"])


def printed(index, table, key, value="count"):
    rows = ci.load_published(index)[table]
    return {name: int(count) for name, count in zip(rows[key], rows[value], strict=True)}


def counted(found, column):
    counts = found.counts.iloc[:-1]
    return {name: int(count) for name, count in zip(counts[found.by[0]], counts[column], strict=True) if count}


def test_counties_by_province(counties):
    """江苏 and 浙江 are not in the text."""
    ours = counted(ci.regions(counties, by="province"), "units")
    theirs = {name: count for name, count in printed(COUNTY, "provinces", "province").items() if count}
    assert {name: count for name, count in ours.items() if name in theirs} == theirs
    assert set(ours) - set(theirs) == {"江苏", "浙江"}


def test_counties_by_region_and_the_first_twenty(counties):
    """The text says that 17 of the first twenty are of the east; the list has 16."""
    found = ci.regions(counties, by="region")
    assert counted(found, "units") == printed(COUNTY, "regions", "region")
    figures = ci.load_published(COUNTY)["figures"].set_index("item")["value"]
    assert counted(found, "top_10")["东部"] == int(figures["top_10_east"]) == 8
    assert (counted(found, "top_20")["东部"], int(figures["top_20_east"])) == (16, 17)


@pytest.mark.parametrize("tier", ["第一梯队", "第二梯队", "第三梯队", "第四梯队"])
def test_counties_by_tier(counties, tier):
    rows = ci.load_published(COUNTY)["tier_counts"]
    rows = rows[rows["tier"] == tier]
    theirs = dict(zip(rows["area"], map(int, rows["count"]), strict=True))
    by = "region" if tier == "第四梯队" else "province"
    assert counted(ci.regions(counties, by=by), tier) == theirs


def test_deciles_of_counties(counties):
    """The first 15 columns of the printed table have their province's name."""
    found = ci.regions(counties, by="province", top=list(range(10, 101, 10)))
    rows = ci.load_published(COUNTY)["deciles"]
    rows = rows[rows["province"].notna() & (rows["province"] != "")]
    assert len(rows) == 150
    tops = found.counts.set_index("province")
    for first, province, count in zip(rows["first"], rows["province"], rows["count"], strict=True):
        below = 0 if int(first) == 1 else tops.loc[province, f"top_{int(first) - 1}"]
        assert tops.loc[province, f"top_{int(first) + 9}"] - below == int(count)


def test_two_levels_of_counties(counties):
    found = ci.regions(counties, by=["region", "province"])
    shares = found.shares.groupby("region")["units"].sum()
    assert shares["东部"] == pytest.approx(0.68)
    row = found.dispersion.iloc[0]
    assert row["theil_t"] == pytest.approx(
        row["theil_t_between_region"] + row["theil_t_between_province"] + row["theil_t_within"], rel=1e-12
    )


def test_the_gini_of_a_hundred_places_is_that_of_1_to_100(counties):
    """(n - 1) / 3n for the numbers 1 to n."""
    assert ci.regions(counties, by="region").dispersion["gini"][0] == pytest.approx(99 / 300, rel=1e-12)


def test_districts_by_region_and_province():
    districts = listed(DISTRICT, "districts")
    assert counted(ci.regions(districts, by="region"), "units") == printed(DISTRICT, "regions", "region")
    ours = counted(ci.regions(districts, by="province"), "units")
    theirs = {short(name): count for name, count in printed(DISTRICT, "provinces", "province").items()}
    assert ours == {name: count for name, count in theirs.items() if count}


@pytest.fixture(scope="module")
def cities():
    tables = ci.load_published(CITY)
    names = dict(zip(tables["city_groups"]["group"], tables["city_groups"]["title_zh"], strict=True))
    members = tables["city_group_members"]
    members = members.assign(城市群=members["group"].map(names))[["name", "城市群"]]
    table = tables["score"][["name", "score"]].merge(members, on="name", how="left")
    return ci.score(ci.load_index(CITY), table)


def test_city_groups(cities):
    """All members but 香港 and 澳门 are scored; each printed mean, weighted by GDP, is above the plain one."""
    found = ci.regions(cities, by="城市群")
    groups = ci.load_published(CITY)["city_groups"].set_index("title_zh")
    means = found.means.set_index("城市群")
    assert means["mean"].round(1).to_dict() == {
        "粤港澳大湾区": 69.2,
        "京津冀城市群": 58.0,
        "长三角城市群": 57.3,
        "成渝城市群": 46.9,
    }
    for name, group in groups.iterrows():
        assert means.loc[name, "units"] == int(group["cities"]) - (2 if name == "粤港澳大湾区" else 0)
        assert means.loc[name, "mean"] < float(group["score"]) < means.loc[name, "highest"]


def test_cities_by_tier(cities):
    tiers = ci.load_published(CITY)["tiers"]
    total = ci.regions(cities, by="城市群").counts.iloc[-1]
    assert {label: int(total[label]) for label in tiers["label"]} == printed(CITY, "tiers", "label")
