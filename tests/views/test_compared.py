"""What a comparison looks like: its cards, its figures, and the notes in Chinese."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from browser import DESKTOP, PHONE, chromium, opened
from test_cards import CITIES, NASTY, SPEC, rows_of, safe

import cityindex as ci
from cityindex.views import fonts

LATER = {**CITIES, "output": [5200, 5100, 3900, 3400, 2500], "patents": ["33", "17", "16", "20", "12"]}


@pytest.fixture(scope="module")
def found():
    revised = ci.load_spec(SPEC.replace("70%", "60%").replace("30%", "40%"))
    return ci.compare(ci.score(SPEC, CITIES), ci.score(revised, LATER))


# -- cards ------------------------------------------------------------------------------------------------------------


def test_a_comparison_shows_what_made_the_changes_and_who_moved(found):
    text = safe(ci.show(found))
    assert text.startswith("结果比较 三项指数 此前 → 此后 · 5 个两期都有")
    rows = rows_of(ci.show(found, language="en"))
    effects = {row[0]: row[1] for row in rows if len(row) == 5 and row[0] in ("data", "weights", "calibration")}
    sizes = found.by_effect()
    assert {name: float(value) for name, value in effects.items()} == pytest.approx(
        {name: sizes.loc[name, "points"] for name in ("data", "weights", "calibration")}, rel=1e-3
    )
    movers = [row for row in rows if len(row) == 6][1:]
    assert [row[0] for row in movers] == found.movers(20).query("places != 0")["label"].tolist()
    english = safe(ci.show(found, language="en"))
    assert "Results compared Three before → after" in english
    assert "Tiers (rows: before, columns: after)" in english
    assert "economy.weight: 70% → 60%" in english


def test_a_unit_shows_its_effects_and_indicators(found):
    told = found.unit("晋江")
    text = safe(ci.show(told, language="zh"))
    assert text.startswith("变化说明 晋江 三项指数 · 此前 → 此后")
    assert "自身变化" in text
    rows = rows_of(ci.show(told, language="en"))
    values = {row[0]: row[3] for row in rows if row[0] in ("output", "patents", "烟尘")}
    assert {name: float(value.replace("−", "-")) for name, value in values.items()} == pytest.approx(
        {line.title.shown("en") if line.title else line.node: line.change for line in told.indicators}, rel=1e-3
    )
    weights = {row[0]: row[2] for row in rows if row[0] == "烟尘"}
    assert weights == {"烟尘": "30% → 40%"}


def test_who_entered_has_no_effects():
    later = {name: values[1:] for name, values in CITIES.items()}
    found = ci.compare(ci.score(SPEC, later), ci.score(SPEC, CITIES))
    text = safe(ci.show(found.unit("昆山"), language="en"))
    assert "there is no change to explain" in text
    assert "1 entered" in safe(ci.show(found, language="en"))


def test_nothing_differs():
    result = ci.score(SPEC, CITIES)
    assert "Nothing differs" in safe(ci.show(ci.compare(result, result), language="en"))
    assert "两边没有差别" in safe(ci.show(ci.compare(result, result)))


def test_nothing_in_a_card_can_run():
    spec = {
        "cityindex": 1,
        "id": "x",
        "title": NASTY,
        "index": {"id": "score", "children": [{"id": "a", "title": NASTY}]},
    }
    one, other = ({"city": [NASTY, "b", "c"], "a": values} for values in ([1.0, 2.0, 3.0], [4.0, 2.0, 3.0]))
    found = ci.compare(ci.score(spec, one), ci.score(spec, other))
    for record in (found, found.unit(NASTY)):
        for language in ("zh", "en"):
            safe(ci.show(record, language=language))


def test_notes_are_told_in_chinese():
    def table(**columns):
        return {"city": ["甲市", "乙市", "丙市"], "a": [1.0, 2.0, 4.0], **columns}

    flat = {"cityindex": 1, "id": "x", "title": "指数", "index": {"id": "score", "children": ["a"]}}
    wide = {**flat, "index": {"id": "score", "children": ["a", {"id": "b", "title": "乙项"}], "rank": {"ties": "max"}}}
    more = {"city": ["甲区", "乙市", "丙市"], "a": [1.0, 2.0, 4.0], "b": [1.0, 2.0, 3.0]}
    found = ci.compare(ci.score(flat, table()), ci.score(wide, more))
    text = safe(ci.show(found))
    assert len(found.notes) == 3
    for said in ("甲市 → 甲区", "计入结构", "排名规则不同"):
        assert said in text
    steps = [{"rescale": {"from": ["min", 30], "to": [1, 2]}}]
    spec = {**flat, "index": {"id": "score", "aggregate": "geometric", "children": [{"id": "a", "steps": steps}]}}
    low = table(a=[-90.0, 2.0, 4.0])
    text = safe(ci.show(ci.compare(ci.score(spec, table()), ci.score(spec, low))))
    assert "合为一项（不可分）" in text


def test_in_a_browser_nothing_sticks_out(found, tmp_path):
    page = tmp_path / "cards.html"
    cards = "".join(ci.show(record, language="en") for record in (found, found.unit("晋江")))
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{cards}", encoding="utf-8")
    with chromium() as browser:
        for size in (PHONE, DESKTOP):
            with opened(browser, page, size=size) as tab:
                tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]


# -- figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def plot():
    pytest.importorskip("matplotlib")
    import matplotlib.pyplot as plt

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fonts.FontWarning)
        if fonts.missing_characters(["昆山市"]):
            warnings.filterwarnings("ignore", message="Glyph")
        yield ci.plot
    plt.close("all")


def test_bars_of_effects_end_at_their_sum(found, plot):
    for of, frame in (("rank", found.rank_effects), ("score", found.effects)):
        ax = plot.changes(found, of=of, language="en")
        names = [label.get_text().split("  ")[0] for label in ax.get_yticklabels()]
        widths = np.zeros(len(names))
        for bar in ax.patches:
            widths[round(bar.get_y() + bar.get_height() / 2)] += bar.get_width()
        totals = frame.sum(axis=1)
        np.testing.assert_allclose(widths, [totals[name] for name in names], atol=1e-9)
        dots = ax.collections[0].get_offsets()[:, 0]
        np.testing.assert_allclose(dots, widths, atol=1e-9)
    assert "三项指数：此前 → 此后" in plot.changes(found).get_title(loc="left")


def test_a_waterfall_of_one_unit(found, plot):
    told = found.unit("晋江")
    ax = plot.waterfall(told, language="en")
    names = [label.get_text() for label in ax.get_yticklabels()]
    assert (names[0], names[-1]) == ("before", "after")
    assert "rounding" in names
    assert ax.patches[-1].get_width() == pytest.approx(told.scores[1])
    assert plot.waterfall(told).get_yticklabels()[0].get_text() == "此前"


def test_a_slope_of_a_comparison(found, plot):
    ax = plot.slope(found, language="en")
    assert [label.get_text() for label in ax.get_xticklabels()] == ["before", "after"]
    assert len(ax.lines) == 5
    with pytest.raises(ci.ScoreError, match="a comparison is of score"):
        plot.slope(found, node="economy")
    with pytest.raises(ci.ScoreError, match=r"plot\.changes draws a Comparison"):
        plot.changes(found.sides[0].result)
