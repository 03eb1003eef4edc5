"""The cards: what they show, that nothing in them can run, and that they stay small."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from browser import DESKTOP, PHONE, chromium, opened

import cityindex as ci
from cityindex.views.html.cards import CARDS
from cityindex.views.html.render import mark, number, percent, short, signed, span, tones
from cityindex.views.html.words import _WORDS

NASTY = "</script><script>alert(1)</script><img src=x onerror=\"alert('2')\">&"
SPEC = """
cityindex: 1
id: three
title: {zh: 三项指数, en: Three}
unit: {kind: city, key: city}
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  publish: [{round: 1}]
  missing: reweight
  tiers: {cuts: [60, 40], labels: [领先, 良好, 一般]}
  children:
    - id: economy
      title: {zh: 经济, en: Economy}
      weight: 70%
      missing: reweight
      provenance: assumed
      children: [{id: output, weight: 60%}, {id: patents, weight: 40%}]
    - {id: smoke, title: 烟尘, weight: 30%, direction: less}
"""
CITIES = {
    "city": ["昆山", "江阴", "张家港", "晋江", "常熟"],
    "output": ["5,006", "4960", "3302", "3363", "2760"],
    "patents": ["31", "17", "—", "9", "16"],
    "smoke": [31, 38, 35, 24, 30],
}
VOID = {"br", "img", "meta", "hr", "input", "link"}
LAX = {"tr", "td", "th", "thead", "tbody"}  # whose end tags HTML lets one leave out


class Page(HTMLParser):
    """The tags of a card, its text, and whether what is opened is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.words = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]
        if tag not in VOID | LAX:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in LAX:
            assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data.strip())

    @property
    def text(self):
        return " ".join(word for word in self.words if word)


def safe(text):
    page = Page(text)
    assert page.open == []
    assert set(page.tags) <= {
        *("div", "style", "span", "b", "i", "br", "details", "summary", "table", "thead", "tbody", "tr", "th", "td")
    }
    assert not [name for name in page.attributes if name.startswith("on") or name in ("src", "href")]
    assert "url(" not in text
    assert "@import" not in text
    return page.text


@pytest.fixture(scope="module")
def result():
    return ci.score(SPEC, CITIES)


def rows_of(text):
    """The rows of the tables of a card, as lists of cells."""
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.split(r"<t[dh][^>]*>", row)[1:]]
        for row in re.findall(r"<tr>(.*?)(?=<tr>|</thead>|</tbody>)", text, re.DOTALL)
    ]


# -- what they show -----------------------------------------------------------------------------------------------


def test_a_spec_shows_its_tree_with_weights_and_provenance():
    card = ci.show(ci.load_spec(SPEC))
    text = safe(card)
    assert "三项指数" in text
    assert "economy 经济 70% 70% 假定 加权算术平均、缺失：" in text
    assert "output 60% 42%" in text
    assert card.count("<details") == 2  # the index and the economy
    english = safe(ci.show(ci.load_spec(SPEC), language="en"))
    assert "Index Three" in english
    assert "economy Economy 70% 70% assumed arithmetic, missing: reweight" in english
    assert "smoke 烟尘 30% 30% less is better, minmax" in english  # has no English title


def test_a_table_marks_what_is_missing_read_otherwise_or_no_number():
    table = ci.read_table({"city": ["甲", "乙", "丙", "丁"], "x": ["1,200", "—", "约3", "4"]}, key="city")
    card = ci.show(table)
    safe(card)
    cells = dict(re.findall(r'<td class="ci-n (ci-\w+)" title="([^"]*)">', card))
    assert cells == {"ci-odd": "read as 1200", "ci-gone": "read as missing", "ci-bad": "no number"}
    assert '<td class="ci-n">4' in card
    assert "bound or an estimate" in card
    assert "1 cell with thousands separators" in card


def test_a_column_of_words_is_no_column_of_problems():
    card = ci.show(ci.read_table({"city": ["甲", "乙"], "region": ["south", ""]}))
    assert "Cannot be read" not in card
    assert '<td class="ci-gone" title="missing">' in card


def test_a_long_table_says_how_much_is_not_there():
    table = ci.read_table(pd.DataFrame(np.arange(3000.0 * 15).reshape(3000, 15), columns=[f"c{k}" for k in range(15)]))
    text = safe(ci.show(table))
    assert "and 2,992 more" in text
    assert "3 more columns" in text
    assert "first 2,000 rows" in text


def test_a_result_is_ranked_with_scores_and_tiers(result):
    card = result._repr_html_()
    safe(card)
    head, *rows = rows_of(card)
    assert head == ["名次", "评价对象", "得分", "", "档", "经济", "烟尘"]
    frame = result.to_frame().sort_values("rank")
    assert [row[1] for row in rows] == frame["city"].tolist()
    assert [float(row[2]) for row in rows] == frame["score"].tolist()
    assert [row[4] for row in rows] == frame["tier"].tolist()
    assert "left:0%;width:100%" in card


def test_long_results_show_twenty_and_fold_the_others():
    spec = {"cityindex": 1, "id": "long", "index": {"id": "score", "children": ["a"]}}
    data = {"city": [f"城市{k:03d}" for k in range(320)], "a": np.arange(320.0)}
    text = safe(ci.show(ci.score(spec, data)))
    assert "and 300 more" in text
    assert "20 more are not shown" in text
    assert "城市319" in text
    assert "城市299" in text  # folded
    assert "城市019" not in text


def test_of_several_periods_the_last_is_shown():
    spec = {
        "cityindex": 1,
        "id": "years",
        "unit": {"key": "city", "period": "year"},
        "index": {"id": "score", "children": ["a"]},
    }
    data = {"city": ["x", "y", "x", "y"], "year": [9, 9, 10, 10], "a": [1.0, 2.0, 4.0, 3.0]}
    card = ci.show(ci.score(spec, data))
    assert "period 10 (of 2 periods)" in card
    assert [row[1] for row in rows_of(card)[1:]] == ["x", "y"]


def test_numbers_below_zero_have_bars_to_the_left():
    spec = {"cityindex": 1, "id": "minus", "index": {"id": "score", "children": ["a"]}}
    card = ci.show(ci.score(spec, {"city": ["x", "y"], "a": [1.0, -1.0]}))
    assert '<i class="ci-down" style="left:0%;width:50%">' in card
    assert '<i style="left:50%;width:50%">' in card
    assert "−1" in card


def test_contributions_add_up_and_fold_many_paths(result):
    card = ci.show(result.contributions())
    head, *rows = rows_of(card)
    assert head == ["评价对象", "得分", "", "output", "patents", "烟尘"]
    for row in rows:
        assert math.isclose(float(row[1]), sum(map(float, row[3:])), rel_tol=1e-3)
    many = {
        "cityindex": 1,
        "id": "many",
        "index": {"id": "score", "children": [{"id": f"g{k}", "children": [f"a{k}", f"b{k}"]} for k in range(9)]},
    }
    data = {"city": ["x", "y"]} | {f"{side}{k}": [1.0 + k, 2.0] for k in range(9) for side in "ab"}
    head, *rows = rows_of(ci.show(ci.score(many, data).contributions()))
    assert len(head) == 3 + 8
    assert head[-1] == "…"
    for row in rows:
        assert math.isclose(float(row[1]), sum(map(float, row[3:])), rel_tol=1e-3)


def test_explanation_gap_and_calibration_show_what_their_text_says(result):
    told = safe(ci.show(result.explain("张家港"), language="en"))
    assert "column output 3302 · minmax(to=[0, 100])" in told
    assert "weight of patents shared among the others" in told
    gap = result.gap("常熟", to="良好")
    told = safe(ci.show(gap, language="zh"))
    assert f"“良好”档需要 40 (+{40 - gap.score:.4g})" in told
    assert all(move.node in told for move in gap.moves)
    assert "min 2760, max 5006" in safe(ci.show(result.calibration))
    assert "reached" in safe(ci.show(result.gap("昆山", to=5), language="en"))


def test_a_description_puts_what_is_odd_first(result):
    for language, said in (("en", "missing in 1 of 5 units"), ("zh", "5 个中缺 1 个")):
        rows = rows_of(ci.show(ci.describe(result), language=language))
        assert rows[1][0] == "patents"
        assert rows[1][1] == "80%"
        assert said in rows[1][-1]


def test_an_audit_shows_both_numbers():
    spec = ci.load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": ["a"]}})
    claims = [
        {"id": "mean", "claim": "The mean is 49.8", "kind": "mean", "of": "score.score", "published": 49.8},
        {"id": "count", "claim": NASTY, "kind": "count", "of": "score", "published": 2},
    ]
    found = ci.audit(
        spec,
        tables={"score": {"name": ["x", "y"], "score": ["57.3", "42.0"]}},
        claims={"cityindex": 1, "claims": claims},
    )
    text = safe(found._repr_html_())
    assert "✗ The mean is 49.8 Published 49.8 Computed 49.65 (49.6 to 49.7)" in text
    assert NASTY in text
    assert "Finding fails" in safe(ci.show(found["mean"]))
    assert "ci-holds" in ci.show(found["count"])


def test_rankings_compared_show_who_moves():
    found = ci.compare_ranks({"x": 1, "y": 2, "z": 3}, {"x": 3, "y": 2, "z": 1, "w": 4})
    text = safe(ci.show(found))
    assert "▼ 2" in text
    assert "▲ 2" in text
    assert "0 in A alone, 1 in B alone" in text


def test_robustness_shows_ranges_beside_ranks():
    spec = ci.replace(ci.load_spec(SPEC), "economy", missing={"impute": {"use": "mean"}})
    result = ci.score(spec, CITIES)
    weights = ci.vary.weights(factor=0.5)
    run = ci.uncertainty(result, choices=weights, draws=200, seed=1)
    rows = {row[1]: row for row in rows_of(ci.show(run))[1:]}
    frame = run.to_frame().set_index("city")
    assert {city: row[2] for city, row in rows.items()} == {
        city: f"{row.low:g} – {row.high:g}" for city, row in frame.iterrows()
    }
    assert {row[5] for row in rows.values()} <= {"领先", "良好", "一般"}
    bounds = ci.rank_bounds(result, 0.5)
    rows = {row[1]: row for row in rows_of(ci.show(bounds))[1:]}
    best = dict(zip(bounds.to_frame()["unit"], bounds.to_frame()["best"], strict=True))
    assert {city: int(row[2]) for city, row in rows.items()} == best
    shares = ci.sensitivity(result, choices=[weights, ci.vary.leave_out(["patents"])], samples=32, seed=1)
    text = safe(ci.show(shares, language="en"))
    assert f"It depends most on {shares.most}" in text


def test_identified_weights_and_a_contradiction():
    parts = {"a": ["0.2", "0.6"], "b": ["0.8", "0.1"]}
    text = safe(ci.show(ci.identify_weights(parts, ["0.50", "0.35"])))
    assert "equal weights: possible" in text
    found = ci.identify_weights(parts, ["0.90", "0.05"])
    assert not found.feasible
    assert "No weights explain these rows" in safe(ci.show(found))


# -- one unit -----------------------------------------------------------------------------------------------------


def test_the_differences_of_a_unit_add_up_to_that_of_the_scores(result):
    card = result.card("江阴")
    carried = result.column(of="carried")
    assert math.isclose(sum(line.difference for line in card.lines), carried[1] - carried.mean(), abs_tol=1e-9)
    assert card.others == 5
    assert [line.path for line in card.strengths(1)] == [max(card.lines, key=lambda line: line.difference).path]
    assert all(line.difference < 0 for line in card.weaknesses())
    assert card.to_frame()["difference"].sum() == pytest.approx(carried[1] - carried.mean())


def test_the_next_rank_and_the_next_tier_are_the_steps(result):
    card = result.card("江阴")
    rank = int(result.ranks()[1])
    assert card.steps[0].target == f"rank {rank - 1}"
    first = result.card("昆山")
    assert first.steps == ()
    assert "nothing is above it" in safe(ci.show(first, language="en"))
    assert str(card).startswith("江阴: ")


def test_against_the_tier_its_own_units_are_the_measure(result):
    card = result.card("常熟", against="tier")
    own = [place for place, tier in enumerate(result.tiers()) if tier == card.explanation.tier]
    assert card.others == len(own)
    assert card.mean == pytest.approx(result.column()[own].mean())
    assert "units of its tier" in safe(ci.show(card, language="en"))
    with pytest.raises(ci.NotFoundError, match="Did you mean 'tier'"):
        result.card("常熟", against="tiers")


def test_where_the_lowest_is_first_fewer_points_are_a_strength():
    spec = {"cityindex": 1, "id": "low", "index": {"id": "score", "rank": {"first": "lowest"}, "children": ["a", "b"]}}
    card = ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [5.0, 1.0]}).card("x")
    assert [line.path for line in card.strengths()] == ["a"]
    assert [line.path for line in card.weaknesses()] == ["b"]


def test_a_unit_without_a_score_has_a_card():
    spec = {"cityindex": 1, "id": "gaps", "index": {"id": "score", "missing": "propagate", "children": ["a", "b"]}}
    card = ci.score(spec, {"city": ["x", "y"], "a": [1.0, None], "b": [1.0, 2.0]}).card("y")
    assert card.steps == ()
    assert "not ranked" in safe(ci.show(card))
    assert str(card).startswith("y: missing")


COUNTY = {"cityindex": 1, "id": "county", "title": "县域指数",
          "unit": {"kind": "county", "key": "code", "label": "name"},
          "defaults": {"indicator": {"steps": [{"minmax": {"to": [0, 100]}}]}},
          "index": {"id": "score", "children": [
              {"id": "economy", "title": "经济", "weight": 0.75, "children": [
                  {"id": "gdp", "title": "地区生产总值", "measured_in": "亿元"},
                  {"id": "doctors", "title": "医生", "per": "people"}]},
              {"id": "air", "title": "空气", "weight": 0.25, "children": [
                  {"id": "smoke", "title": "烟尘", "direction": "less"}]}]}}  # fmt: skip
TOWNS = {
    "code": ["001", "002", "003", "004"],
    "name": ["甲县", "乙县", "丙县", "丁县"],
    "gdp": [500.0, 300.0, 200.0, 100.0],
    "doctors": [40.0, 90.0, 30.0, 10.0],
    "people": [10.0, 10.0, 10.0, 10.0],
    "smoke": [9.0, 5.0, 1.0, 5.0],
}


def test_a_card_has_what_stands_in_the_table_and_the_place_in_each_indicator():
    card = ci.score(COUNTY, TOWNS).card("丙县")
    frame = card.to_frame().set_index("node")
    assert frame["raw"].tolist() == [200.0, 3.0, 1.0]
    assert frame["raw_mean"].tolist() == [275.0, 4.25, 5.0]
    assert frame["rank"].tolist() == [3, 3, 1]
    assert frame["falls"].tolist() == [False, False, True]
    assert "烟尘 越小越好" in safe(ci.show(card))
    assert frame["measured_in"].tolist() == ["亿元", "", ""]  # what is divided has another unit
    assert [(line.path, line.rank) for line in card.parts] == [("economy", 3), ("air", 1)]
    assert sum(line.difference for line in card.parts) == pytest.approx(frame["difference"].sum())
    result = ci.score(COUNTY, TOWNS)
    for line in card.parts:
        assert line.rank == result.ranks(line.node)[2]


def test_the_place_in_an_indicator_is_that_of_its_value_whatever_the_points():
    spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "aggregate": "geometric", "children": ["a", "b"]}}
    card = ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [3.0, 3.0]}).card("x")
    assert card.to_frame()["rank"].tolist() == [2, 1]  # though x has fewer points for b
    assert "no weighted sum" in safe(ci.show(card))


def test_a_card_names_who_is_next():
    result = ci.score(COUNTY, TOWNS)
    order = result.to_frame().sort_values("rank")
    cards = [result.card(name) for name in order["name"]]
    assert [card.above and card.above.unit for card in cards] == [None, *order["name"][:-1]]
    assert [card.below and card.below.unit for card in cards] == [*order["name"][1:], None]
    assert cards[0].below == (order["name"].iloc[1], 2.0, pytest.approx(order["score"].iloc[1]))
    ties = ci.score(COUNTY, {key: [values[0], *values[:3]] if key not in ("code", "name") else values
                             for key, values in TOWNS.items()})  # fmt: skip
    assert ties.ranks().tolist().count(2.0) == 2
    assert ties.card("甲县").above.rank == 1
    assert ties.card("乙县").below.rank == 4


def test_a_card_says_in_sentences_why_it_stands_where_it_stands():
    result = ci.score(COUNTY, TOWNS)
    card = result.card("丁县")
    text = safe(ci.show(card))
    assert "县域指数 · county · 004" in text
    assert f"第 4 名 ，共 4 个 · 得分 {card.explanation.score:.6g}" in text
    below = card.mean - card.explanation.score
    assert f"比 4 个评价对象的平均（{card.mean:.4g}）低 {below:.3g}。" in text
    first, second, *_ = card.weaknesses()
    assert f"拖累最大：{first.title}（−{-first.difference:.3g} 分）、{second.title}（" in text
    assert f"前一名：丙县，得分 {card.above.score:.6g}（+{card.above.score - card.explanation.score:.3g}）。" in text
    assert "后一名" not in text
    assert "地区生产总值 (亿元) 100 275 4" in text  # its data, the mean, its place
    english = safe(ci.show(card, language="en"))
    assert (
        f"It scores {card.explanation.score:.6g}; the mean of 4 units is {card.mean:.4g}: it is {below:.3g} below."
        in english
    )


def test_one_unit_alone_is_compared_with_nobody():
    spec = {"cityindex": 1, "id": "flat", "index": {"id": "score", "children": ["gdp", "smoke"]}}
    card = ci.score(spec, {"name": ["甲县"], "gdp": [1.0], "smoke": [2.0]}).card("甲县")
    text = safe(ci.show(card, language="en"))
    assert "Rank 1 of 1" in text
    assert "nothing is above it" in text
    for word in ("mean", "Strengths", "Difference", "Next"):
        assert word.lower() not in text.lower(), word


def test_where_few_leaves_are_the_parts_they_stand_there_once(result):
    spec = {"cityindex": 1, "id": "flat", "index": {"id": "score", "children": ["a", "b"]}}
    text = safe(ci.show(ci.score(spec, {"city": ["x", "y"], "a": [1.0, 2.0], "b": [5.0, 1.0]}).card("x")))
    assert "Strengths" not in text
    assert "Most lifted by b" in text
    assert "优势" in safe(ci.show(result.card("江阴")))


def test_units_are_called_by_their_labels():
    result = ci.score(COUNTY, TOWNS)
    assert [row[0] for row in rows_of(ci.show(result.contributions()))[1:]] == ["乙县", "甲县", "丙县", "丁县"]
    assert '<b class="ci-name">丁县</b>' in ci.show(result.gap("丁县", to=1))


# -- safety, size, errors -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def nasty():
    """Every text that a user may give is markup here."""
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": NASTY,
            "title": NASTY,
            "note": NASTY,
            "source": NASTY,
            "unit": {"kind": NASTY, "key": NASTY},
            "index": {
                "id": "score",
                "title": NASTY,
                "tiers": {"cuts": [1], "labels": [NASTY, "other"]},
                "children": [{"id": f"{NASTY}{k}", "title": NASTY, "note": NASTY} for k in range(2)],
            },
        }
    )
    data = {NASTY: [f"{NASTY}{k}" for k in range(3)], f"{NASTY}0": [1.0, 2.0, 3.5], f"{NASTY}1": [1.0, 4.0, 2.5]}
    table = ci.read_table(data, key=NASTY)
    result = ci.score(spec, table)
    unit = f"{NASTY}0"
    weights = ci.vary.weights(factor=0.2)
    return [
        spec,
        table,
        result,
        result.card(unit),
        result.explain(unit),
        result.gap(unit, to=1),
        result.contributions(),
        ci.calibrate(spec, table),
        ci.describe(result),
        ci.compare_ranks(result, {f"{NASTY}{k}": k for k in range(3)}),
        ci.uncertainty(result, choices=weights, draws=20, seed=1),
        ci.sensitivity(result, choices=[weights, ci.vary.leave_out([unit])], samples=16, seed=1),
        ci.rank_bounds(result, 0.2),
    ]


def test_no_text_of_a_user_becomes_markup(nasty):
    for record in nasty:
        for language in (None, "zh", "en"):
            text = safe(ci.show(record, language=language))
            if type(record).__name__ not in ("Calibration",):
                assert "alert(1)" in text, type(record).__name__


def test_cards_of_300_units_stay_small():
    random = np.random.default_rng(1)
    groups = [{"id": f"g{g}", "title": f"分组{g}", "children": [f"i{g}_{k}" for k in range(4)]} for g in range(8)]
    spec = {
        "cityindex": 1,
        "id": "big",
        "index": {"id": "score", "tiers": {"quantiles": [0.3, 0.6]}, "children": groups},
    }
    data = {"city": [f"某某县级市{k}" for k in range(300)]}
    result = ci.score(spec, data | {f"i{g}_{k}": random.normal(size=300) for g in range(8) for k in range(4)})
    run = ci.uncertainty(result, choices=ci.vary.weights(factor=0.2), draws=50, seed=1)
    records = [result, result.contributions(), result.card("某某县级市7"), ci.describe(result), run]
    for record in records:
        assert len(record._repr_html_().encode()) < 60_000, type(record).__name__


def test_only_what_has_a_card_is_shown(result):
    with pytest.raises(ci.NotFoundError, match="a str has no card; these have one: Audit"):
        ci.show("text")
    with pytest.raises(ci.NotFoundError, match="Did you mean 'zh'"):
        ci.show(result, language="zn")


def test_the_text_of_records_stays(result):
    assert repr(result) == "Result('three', 5 units, 5 nodes, 4 notes)"
    assert str(result.explain("昆山")).startswith("昆山: ")
    card = ci.show(result)
    assert repr(card) == f"Html({len(card):,} characters)"
    assert card._repr_html_() == str(card)


def test_every_class_with_a_card_asks_for_it():
    homes = {name: getattr(ci, name) for name in CARDS}
    assert all("_repr_html_" in dir(kind) for kind in homes.values())


def test_every_word_is_there_in_both_languages_with_the_same_gaps():
    for key, (chinese, english) in _WORDS.items():
        assert chinese, key
        assert chinese.count("{") == english.count("{"), key


# -- numbers ------------------------------------------------------------------------------------------------------


def test_numbers_as_people_read_them():
    assert [number(value) for value in (1.0, -0.5, 1 / 3, None, np.nan)] == ["1", "−0.5", "0.333333", "—", "—"]
    assert [number(value) for value in (-12345678.9, 2e12, 1e18)] == ["−12345679", "2000000000000", "1e+18"]
    assert [short(value) for value in (3227.625, 0.434467, 1250000)] == ["3228", "0.4345", "1250000"]
    assert [signed(value) for value in (0.25, -0.25, 0.0)] == ["+0.25", "−0.25", "0"]
    assert [percent(value) for value in (0.2, np.nan)] == ["20%", ""]


def test_spans_stay_inside_their_bar():
    assert span(-5, 20, (0, 10)) == "left:0%;width:100%"
    assert span(7, 3, (0, 10)) == "left:30%;width:40%"
    assert span(np.nan, 3, (0, 10)) == span(1, 2, (3, 3)) == "display:none"
    assert mark(np.nan, (0, 10)) == mark(1, (3, 3)) == "display:none"


def test_a_mark_is_whole_at_both_ends_of_its_bar(tmp_path):
    spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    result = ci.score(spec, {"city": ["x", "y", "z"], "a": [3.0, 2.0, 1.0], "b": [3.0, 2.0, 1.0]})
    page = tmp_path / "bounds.html"
    page.write_text(f"<!doctype html><body>{ci.show(ci.rank_bounds(result, 0.2))}", encoding="utf-8")
    with chromium() as browser, opened(browser, page) as tab:
        inside = """[...document.querySelectorAll('.ci-tick')].map(tick => {
            const [own, bar] = [tick, tick.parentNode].map(each => each.getBoundingClientRect());
            return own.width >= 2 && own.left >= bar.left - 0.1 && own.right <= bar.right + 0.1;
        })"""
        assert tab.evaluate(inside) == [True, True, True]


def test_tones_go_from_blue_to_vermilion():
    found = tones(["a", "b", "c"])
    assert found["a"] == "background:#0072b2;color:#fff"
    assert found["c"].startswith("background:#d55e00")
    assert tones(["only"])["only"] == found["a"]


# -- in a browser -------------------------------------------------------------------------------------------------


def test_in_a_browser_nothing_runs_and_nothing_sticks_out(nasty, tmp_path):
    page = tmp_path / "cards.html"
    cards = "".join(ci.show(record, language="zh") for record in nasty)
    page.write_text(f"<!doctype html><meta charset=utf-8><body>{cards}", encoding="utf-8")
    with chromium() as browser:
        for size in (PHONE, DESKTOP):
            with opened(browser, page, size=size) as tab:
                tab.on("dialog", lambda dialog: pytest.fail(f"a script ran: {dialog.message}"))
                tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                assert tab.evaluate("document.documentElement.scrollWidth") <= size["width"]
                assert tab.locator(".ci-card").count() == len(nasty)


def test_ink_follows_the_page_on_light_and_on_dark(result, tmp_path):
    page = tmp_path / "dark.html"
    page.write_text(f"<body style='background:#111;color:#dddddd'>{ci.show(result)}", encoding="utf-8")
    with chromium() as browser, opened(browser, page) as tab:
        ink = tab.evaluate("getComputedStyle(document.querySelector('.ci-card td')).color")
        assert ink == "rgb(221, 221, 221)"
