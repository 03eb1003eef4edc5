"""Figures: what they show is what the records say, whatever the names, the numbers and the counts."""

from __future__ import annotations

import io
import itertools
import json
import sys
import warnings

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("matplotlib")

import matplotlib as mpl
import matplotlib.pyplot as plt
from matplotlib.axes import Axes

import cityindex as ci
from cityindex.views import fonts

plot = ci.plot
SPEC = """
cityindex: 1
id: three
title: {zh: 三项指数, en: Index of three}
unit: {kind: city, key: city}
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  publish: [{round: 1}]
  tiers: {cuts: [60, 40], labels: [领先, 良好, 一般]}
  missing: reweight
  children:
    - id: economy
      title: {zh: 经济, en: Economy}
      weight: 70%
      children: [{id: output, weight: 60%}, {id: patents, weight: 40%}]
    - {id: air, title: {zh: 空气, en: Air}, weight: 30%, children: [{id: smoke, direction: less}]}
"""
CITIES = {
    "city": ["昆山", "江阴", "张家港", "晋江", "常熟", "慈溪", "义乌", "太仓"],
    "region": ["苏", "苏", "苏", "闽", "苏", "浙", "浙", "苏"],
    "output": [5006, 4960, 3302, 3363, 2760, 2639, 2056, 1735],
    "patents": [31, 17, 15, 9, 16, 18, 22, 12],
    "smoke": [31, 38, 35, 24, 30, 27, 29, 28],
}
FLAT = {"cityindex": 1, "id": "flat", "index": {"id": "score", "missing": "propagate", "children": ["a", "b", "c"]}}


@pytest.fixture(autouse=True)
def quiet_fonts():
    """On a machine without Chinese fonts the figures are drawn all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fonts.FontWarning)
        if fonts.missing_characters(["昆山市"]):
            warnings.filterwarnings("ignore", message="Glyph")
        yield
    plt.close("all")


@pytest.fixture(scope="module")
def result():
    return ci.score(SPEC, CITIES)


@pytest.fixture(scope="module")
def draws(result):
    return ci.uncertainty(result, choices=ci.vary.weights(factor=0.5), draws=500, seed=1, pairs=True)


@pytest.fixture(scope="module")
def bounds(result):
    return ci.rank_bounds(result, 0.5)


@pytest.fixture(scope="module")
def panel():
    spec = {**FLAT, "unit": {"key": "city", "period": "year"}}
    rows = [(name, year) for year in (2022, 2023, 2024) for name in ("x", "y", "z")]
    values = np.arange(9.0)
    data = {
        "city": [name for name, _ in rows],
        "year": [year for _, year in rows],
        "a": values,
        "b": values[::-1] ** 1.3,
    }
    return ci.score(spec, {**data, "c": (values * 7) % 5})


def flat(count, **changes):
    """A result of so many units."""
    random = np.random.default_rng(1)
    data = {"city": [f"unit {place}" for place in range(count)], **{name: random.random(count) * 100 for name in "abc"}}
    return ci.score(FLAT, {**data, **changes})


def drawn(ax):
    """The figure drawn as it is saved, and its size in bytes; every glyph is there, since warnings are errors."""
    assert isinstance(ax, Axes)
    page = io.BytesIO()
    ax.get_figure(root=True).savefig(page, dpi=50)
    return page.tell()


def texts(ax):
    found = [text.get_text() for text in ax.findobj(mpl.text.Text)]
    return [text for text in found if text]


def ticks(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


def every_figure(result, draws, bounds):
    unit = result.units[0]
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    feature = {"type": "Feature", "properties": {"city": unit}, "geometry": square}
    choices = [ci.vary.weights(factor=0.5), ci.vary.methods("score.aggregate", ["arithmetic", "power"])]
    choices[1] = ci.vary.rounding({"smoke": 5})
    return {
        "tree": lambda **o: plot.tree(result, **o),
        "ranking": lambda **o: plot.ranking(result, **o),
        "unit_dots": lambda **o: plot.unit_dots(result, unit, **o),
        "distribution": lambda **o: plot.distribution(result, "smoke", **o),
        "correlations": lambda **o: plot.correlations(ci.describe(result), **o),
        "scatter": lambda **o: plot.scatter(result, "economy", "air", **o),
        "rank_intervals": lambda **o: plot.rank_intervals(draws, bounds, **o),
        "acceptability": lambda **o: plot.acceptability(draws, **o),
        "sobol": lambda **o: plot.sobol(ci.sensitivity(result, choices=choices, samples=64, seed=1), **o),
        "bump": lambda **o: plot.bump({"1": result, "2": result}, **o),
        "slope": lambda **o: plot.slope(result, result, **o),
        "changes": lambda **o: plot.changes(ci.compare(result, result), **o),
        "waterfall": lambda **o: plot.waterfall({"economy/output": 3.0, "air/smoke": -1}, start=50, **o),
        "dominance": lambda **o: plot.dominance(bounds, **o),
        "regions": lambda **o: plot.regions(ci.regions(result, by="region", weights="output"), **o),
        "tier_map": lambda **o: plot.tier_map(result, {"type": "FeatureCollection", "features": [feature]}, **o),
    }


# -- all of them -------------------------------------------------------------------------------------------------------


def test_every_figure_draws_in_both_languages_and_sets_nothing_globally(result, draws, bounds):
    before = dict(mpl.rcParams)
    figures = every_figure(result, draws, bounds)
    assert set(figures) | {"radar"} == set(plot.__all__)
    for name, draw in figures.items():
        for language in ("zh", "en"):
            assert drawn(draw(language=language)) > 1000, name
        plt.close("all")
    assert dict(mpl.rcParams) == before


def test_every_figure_draws_into_given_axes(result, draws, bounds):
    for name, draw in every_figure(result, draws, bounds).items():
        _, ax = plt.subplots()
        assert draw(ax=ax) is ax, name
        plt.close("all")


LONG = {"zh": "国家中心城市及新一线城市高质量发展与科技创新综合能力评价指数" * 2, "en": "An index of development " * 5}


def test_long_titles_and_names_stay_on_the_page():
    spec = {**FLAT, "title": LONG}
    names = [f"新疆维吾尔自治区克孜勒苏柯尔克孜自治州阿克陶县{place}" for place in range(4)]
    found = ci.score(spec, {"city": names, "a": [1, 2, 3, 4], "b": [2, 4, 1, 3], "c": [3, 1, 4, 2]})
    draws = ci.uncertainty(found, choices=ci.vary.weights(factor=0.5), draws=50, seed=1)
    figures = [plot.rank_intervals(draws, language="en"), plot.correlations(ci.describe(found), language="en")]
    figures += [plot.unit_dots(found, names[0]), plot.radar(found, names[0], names[1], language="en")]
    figures += [plot.tree(found), plot.scatter(found, "a", "b")]
    for ax in figures:
        figure = ax.get_figure(root=True)
        figure.draw_without_rendering()
        parts = [ax.get_title(loc="left") and ax._left_title, ax.get_legend(), ax]
        for box in (part.get_window_extent() for part in parts if part):
            assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1 + 1, ax
            assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1 + 1, ax


def test_titles_of_axes_side_by_side_do_not_meet(result):
    spec = {**FLAT, "title": LONG}
    found = ci.score(spec, {"city": ["x", "y"], "a": [1, 2], "b": [2, 4], "c": [3, 1]})
    figure, both = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    for ax in both:
        plot.scatter(found, "a", "b", ax=ax)
    figure.draw_without_rendering()
    assert both[0]._left_title.get_window_extent().x1 <= both[1].get_window_extent().x0


def test_a_language_that_is_not_there_is_told(result):
    with pytest.raises(ci.NotFoundError, match="'zh' or 'en'"):
        plot.ranking(result, language="fr")


def test_the_wrong_record_is_told_in_words(result):
    with pytest.raises(ci.ScoreError, match=r"plot\.ranking draws a Result; it was given a Spec"):
        plot.ranking(result.spec)
    with pytest.raises(ci.ScoreError, match=r"Uncertainty \(cityindex\.uncertainty\)"):
        plot.acceptability(result)
    with pytest.raises(ci.ScoreError, match="ax"):
        plot.ranking(result, ax="here")


def test_without_matplotlib_it_says_what_to_install(result, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(ci.DependencyError, match=r"cityindex\[plot\]"):
        plot.ranking(result)


def test_names_are_names_and_no_mathematics():
    names = ["$x^2$", "_hidden", "a\x00b\nc", "100 $ & more", "=1+1", "<script>"]
    spec = {
        "cityindex": 1,
        "id": "odd",
        "index": {"id": "score", "children": [{"id": "a", "title": "_under $\\frac{"}, "b"]},
    }
    ax = plot.ranking(ci.score(spec, {"city": names, "a": range(6), "b": range(6)}))
    assert drawn(ax) > 1000
    assert ticks(ax) == ["1  <script>", "2  =1+1", "3  100 $ & more", "4  a b c", "5  _hidden", "6  $x^2$"]
    assert "_under $\\frac{" in texts(ax)
    drawn(plot.scatter(ci.score(spec, {"city": names, "a": range(6), "b": range(6)}), "a", "b"))


def test_a_figure_that_is_not_there_is_told_with_the_nearest():
    with pytest.raises(AttributeError, match="Did you mean 'ranking'"):
        plot.rankng  # noqa: B018  # the access is the test


def test_figures_of_a_period_are_saved_as_print_needs_them(panel, tmp_path):
    draws = ci.uncertainty(panel, choices=ci.vary.weights(factor=0.5), draws=100, seed=1, pairs=True)
    bounds = ci.rank_bounds(panel, 0.5)
    figures = [
        plot.rank_intervals(draws, bounds, period="2023"),
        plot.acceptability(draws, period="2023"),
        plot.dominance(bounds, period="2023"),
        plot.dominance(draws, share=0.8),
        plot.unit_dots(panel, "x", period="2023"),
        plot.tree(panel, unit="x", period="2023"),
    ]
    for place, ax in enumerate(figures):
        for kind in ("pdf", "svg"):
            path = tmp_path / f"{place}.{kind}"
            ax.get_figure(root=True).savefig(path)
            assert path.stat().st_size > 1000
    told = [*figures[:3], *figures[4:]]
    assert all(any("2023" in text for text in texts(ax)) for ax in told)
    assert len(ticks(figures[0])) == 3


# -- regions -----------------------------------------------------------------------------------------------------------


def test_regions_show_every_unit_and_the_means(result):
    found = ci.regions(result, by="region", weights="output")
    ax = plot.regions(found, language="en")
    means = found.means
    assert ticks(ax) == [f"{name}  {count}" for name, count in zip(means["region"], means["units"], strict=True)]
    dots, plain, weighted = (points.get_offsets() for points in ax.collections)
    assert np.sort(dots[:, 0]).tolist() == np.sort(result.column()).tolist()
    assert plain[:, 0].tolist() == means["mean"].tolist()
    assert weighted[:, 0].tolist() == means["weighted_mean"].tolist()
    for name, row in zip(means["region"], range(len(means)), strict=True):
        own = np.abs(dots[:, 1] - row) < 0.5
        assert own.sum() == CITIES["region"].count(name)
    assert {"mean weighted by output", "领先", "良好", "一般"} <= set(texts(ax))
    assert drawn(ax) > 1000


def test_regions_by_tier_have_the_most_first(result):
    found = ci.regions(result, by="region")
    ax = plot.regions(found, "tiers")
    assert ticks(ax) == ["苏  5", "浙  2", "闽  1"]
    counts = found.counts.set_index("region").loc[["苏", "浙", "闽"], ["领先", "良好", "一般"]]
    for tier, bars in zip(counts, ax.containers, strict=True):
        assert [bar.get_width() for bar in bars] == counts[tier].tolist()
    assert drawn(ax) > 1000
    assert len(ticks(plot.regions(found, "tiers", top=2))) == 2


def test_regions_say_who_is_on_no_row(result):
    frame = result.table.to_frame()
    frame.loc[0, "region"] = ""
    found = ci.regions(ci.score(result.spec, frame), by="region")
    for kind in ("scores", "tiers"):
        assert "by region; 1 without a label are not shown" in texts(plot.regions(found, kind, language="en"))
        assert "按region分组；1 个未标注，图上没有" in texts(plot.regions(found, kind, language="zh"))
    ax = plot.regions(found, language="en")
    assert f"mean of all units {result.column().mean():.2f}" in texts(ax)


def test_regions_of_a_period(panel):
    frame = panel.table.to_frame().assign(area=["$N_", "S", "S"] * 3)
    found = ci.regions(ci.score(panel.spec, frame), by="area")
    ax = plot.regions(found, period="2022")
    assert any("2022" in text for text in texts(ax))
    means = found.at("means", "2022")
    assert ax.collections[1].get_offsets()[:, 0].tolist() == means["mean"].tolist()
    assert drawn(ax) > 1000
    with pytest.raises(ci.NotFoundError, match="no tiers"):
        plot.regions(found, "tiers")
    with pytest.raises(ci.NotFoundError, match="Did you mean 'tiers'"):
        plot.regions(found, "tier")
    with pytest.raises(ci.NotFoundError, match="2030"):
        plot.regions(found, period="2030")


# -- rankings ----------------------------------------------------------------------------------------------------------


def test_ranking_stacks_contributions_that_add_up(result):
    ax = plot.ranking(result)
    carried = np.sort(result.column(of="carried"))[::-1]
    reach = np.zeros(len(carried))
    for bars in ax.containers:
        for row, bar in enumerate(bars):
            reach[row] += bar.get_width()
    assert reach == pytest.approx(carried)
    assert ticks(ax)[0] == "1  昆山"
    assert {"经济", "空气", "领先", "良好", "一般", "85.0"} <= set(texts(ax))


def test_ranking_says_how_many_of_how_many():
    ax = plot.ranking(flat(300), top=25, language="en")
    assert len(ticks(ax)) == 25
    assert "the first 25 of 300 units" in texts(ax)
    zh = plot.ranking(flat(300), top=25, language="zh")
    assert "前 25 个，共 300 个" in texts(zh)


def test_ranking_leaves_units_without_a_score_out_and_counts_them():
    ax = plot.ranking(flat(4, a=[1.0, np.nan, 3.0, np.nan]))
    assert len(ticks(ax)) == 2
    assert "2 without a value" in texts(ax)


def test_ranking_of_one_unit_of_ties_and_of_none():
    assert drawn(plot.ranking(flat(1))) > 1000
    tied = plot.ranking(ci.score(FLAT, {"city": ["x", "y"], "a": [1, 1], "b": [2, 2], "c": [3, 3]}))
    assert ticks(tied) == ["1  x", "1  y"]
    assert drawn(plot.ranking(flat(2, a=[np.nan, np.nan]))) > 1000


def test_ranking_of_negative_parts_goes_to_the_left():
    spec = {**FLAT, "defaults": {"indicator": {"steps": ["zscore"]}}}
    ax = plot.ranking(ci.score(spec, {"city": ["x", "y", "z"], "a": [1, 2, 3], "b": [3, 1, 2], "c": [1, 1, 2]}))
    assert min(bar.get_x() + bar.get_width() for bars in ax.containers for bar in bars) < 0
    assert ax.get_xlim()[0] < 0


def test_ranking_marks_what_negative_parts_add_up_to():
    spec = {**FLAT, "defaults": {"indicator": {"steps": ["zscore"]}}}
    found = ci.score(spec, {"city": ["x", "y", "z"], "a": [1, 2, 3], "b": [3, 1, 2], "c": [1, 1, 2]})
    marks = np.asarray(plot.ranking(found).collections[0].get_offsets())
    assert marks[:, 0] == pytest.approx(np.sort(found.column(of="carried"))[::-1])
    plain = plot.ranking(found, stacked=False)
    for text, score in zip(plain.texts, np.sort(found.column())[::-1], strict=False):
        assert text.get_ha() == ("right" if score < 0 else "left")


def test_ranking_shows_published_scores_with_all_their_decimals():
    spec = {**FLAT, "index": {**FLAT["index"], "publish": [{"round": 2}]}}
    ax = plot.ranking(ci.score(spec, {"city": ["x", "y"], "a": [300.1, 300.2], "b": [1, 1], "c": [0.5, 0.4]}))
    assert {"100.53"} <= set(texts(ax))


def test_ranking_by_a_column_of_the_table(result):
    ax = plot.ranking(result, by="region", stacked=False)
    assert {"region", "苏", "浙", "闽"} <= set(texts(ax))
    with pytest.raises(ci.NotFoundError, match="Did you mean 'region'"):
        plot.ranking(result, by="regoin")


def test_ranking_refuses_what_is_no_count(result):
    for top in (0, -1, 2.5, True, "all"):
        with pytest.raises(ci.ScoreError, match="top="):
            plot.ranking(result, top=top)


def test_ranking_of_a_period(panel):
    ax = plot.ranking(panel)
    assert any("2024" in text for text in texts(ax))
    assert len(ticks(ax)) == 3
    with pytest.raises(ci.NotFoundError, match="2022"):
        plot.ranking(panel, period="1999")
    with pytest.raises(ci.NotFoundError, match="no periods"):
        plot.ranking(flat(2), period="2024")


# -- one unit ----------------------------------------------------------------------------------------------------------


def test_unit_dots_show_the_unit_its_tier_and_the_mean(result):
    ax = plot.unit_dots(result, "江阴")
    assert ticks(ax) == ["三项指数", "经济", "空气"]
    assert {"51.6", "平均：良好", "江阴"} <= set(texts(ax))
    with pytest.raises(ci.NotFoundError, match="江阴"):
        plot.unit_dots(result, "江阳")


def test_unit_dots_of_nodes_on_different_scales_say_their_ends():
    ax = plot.unit_dots(flat(5, a=[1e6, 2e6, 3e6, 4e6, 5e6]), "unit 0", nodes=["a", "b"])
    assert "each row has its own scale" in texts(ax)
    assert {"1,000,000", "5,000,000"} <= set(texts(ax))


def test_unit_dots_of_a_unit_without_a_value():
    assert drawn(plot.unit_dots(flat(3, a=[np.nan, 1.0, 2.0]), "unit 0")) > 1000
    assert drawn(plot.unit_dots(flat(1), "unit 0")) > 1000


def test_radar_against_the_mean_the_tier_and_others(result):
    nodes = ["output", "patents", "smoke"]
    for against, said in ((None, "平均"), ("tier", "平均：良好"), (["昆山", "晋江"], "晋江")):
        ax = plot.radar(result, "江阴", against, nodes=nodes)
        assert said in texts(ax)
        assert drawn(ax) > 1000
    line = plot.radar(result, "江阴", nodes=nodes).lines[0]
    assert line.get_ydata()[:3] == pytest.approx([result.column(node)[1] for node in nodes])


def test_radar_says_what_a_circle_cannot_show(result):
    with pytest.raises(ci.ScoreError, match="three nodes"):
        plot.radar(result, "江阴")
    with pytest.raises(ci.ScoreError, match="unit_dots"):
        plot.radar(flat(4, a=[1e6, 2e6, 3e6, 4e6]), "unit 0")
    with pytest.raises(ci.ScoreError, match="polar"):
        plot.radar(flat(4), "unit 0", ax=plt.subplots()[1])
    with pytest.raises(ci.NotFoundError, match="no tier"):
        plot.radar(flat(4), "unit 0", "tier")


# -- data --------------------------------------------------------------------------------------------------------------


def test_distribution_has_a_panel_for_each_step(result):
    panels = plot.distribution(result, "smoke").child_axes
    assert [panel.get_title(loc="left").split("(")[0] for panel in panels] == ["原始值", "1. minmax"]
    assert sum(bar.get_height() for bar in panels[0].patches) == len(result)
    marks = np.sort([segment[0][0] for segment in panels[1].collections[0].get_segments()])
    assert marks == pytest.approx(np.sort(result.column("smoke", of="carried")))
    assert len(plot.distribution(result, "score", stages=False).child_axes) == 1


def test_distribution_of_one_number_and_of_none():
    assert drawn(plot.distribution(flat(3, a=[5.0, 5.0, 5.0]), "a")) > 1000
    assert drawn(plot.distribution(flat(2, a=[np.nan, np.nan]), "a")) > 1000
    with pytest.raises(ci.NotFoundError, match="no node"):
        plot.distribution(flat(2), "aa")


def test_correlations_show_the_matrix_of_the_description(result):
    description = ci.describe(result)
    ax = plot.correlations(description)
    assert np.asarray(ax.images[0].get_array()) == pytest.approx(description.correlations().to_numpy())
    above = plot.correlations(description, with_=1)
    assert above.images[0].get_array().shape == (3, 2)
    parents = plot.correlations(description, with_="parent")
    assert np.ma.count_masked(parents.images[0].get_array()) == 3
    assert drawn(parents) > 1000


def test_correlations_of_what_does_not_vary():
    assert drawn(plot.correlations(ci.describe(flat(3, a=[5.0, 5.0, 5.0])))) > 1000


def boxes(ax):
    ax.get_figure(root=True).draw_without_rendering()
    return [text.get_window_extent().extents for text in ax.texts[1:]]


def test_labels_of_a_scatter_do_not_lie_on_each_other_and_the_rest_is_counted():
    ax = plot.scatter(flat(300), "a", "b", language="en")
    placed = boxes(ax)
    assert 20 < len(placed) < 300
    for place, (x0, y0, x1, y1) in enumerate(placed):
        for a0, b0, a1, b1 in placed[place + 1 :]:
            assert min(x1, a1) - max(x0, a0) < 1 or min(y1, b1) - max(y0, b0) < 1
    assert f"{300 - len(placed)} without a label" in ax.texts[0].get_text()


def test_a_scatter_labels_those_that_are_asked_for():
    ax = plot.scatter(flat(50), "a", "score", labels=["unit 7", "unit 9"])
    assert [text.get_text() for text in ax.texts[1:]] == ["unit 7", "unit 9"]
    assert len(plot.scatter(flat(50), "a", "score", labels=False).texts) == 1


def test_a_scatter_of_a_column_of_the_table(result):
    ax = plot.scatter(result, "output", "score")
    assert ax.get_ylabel() == "三项指数"
    with pytest.raises(ci.ScoreError, match="region"):
        plot.scatter(result, "region", "score")
    with pytest.raises(ci.NotFoundError, match="Did you mean 'smoke'"):
        plot.scatter(result, "smoek", "score")


# -- robustness --------------------------------------------------------------------------------------------------------


def test_rank_intervals_show_the_quantiles_and_the_bounds(result, draws, bounds):
    frame = draws.to_frame().sort_values("rank", kind="stable")
    ax = plot.rank_intervals(draws, bounds)
    bars = [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]
    assert [low for low, _ in bars] == pytest.approx(frame["low"].tolist())
    assert [high for _, high in bars] == pytest.approx(frame["high"].tolist())
    proved = bounds.to_frame().sort_values("rank", kind="stable")
    lines = [(segment[0][0], segment[1][0]) for segment in ax.collections[0].get_segments()]
    assert lines == list(zip(proved["best"].tolist(), proved["worst"].tolist(), strict=True))


def test_an_axis_of_ranks_begins_at_the_first(draws):
    ticks = plot.rank_intervals(draws).get_xticks()
    assert ticks[0] == 1
    assert all(tick == int(tick) for tick in ticks)
    assert draws.to_frame()["rank"].max() < plot.rank_intervals(draws).get_xlim()[1]  # the last dot is whole
    one = ci.uncertainty(flat(1), choices=ci.vary.weights(factor=0.5), draws=20, seed=1)
    assert list(plot.acceptability(one).get_xticks()) == [0]  # there is no second rank


def test_many_ranks_keep_a_page_wide_and_their_numbers_apart():
    found = ci.uncertainty(flat(150), choices=ci.vary.weights(factor=0.9), draws=100, seed=1)
    ax = plot.acceptability(found)
    assert ax.get_figure(root=True).get_figwidth() <= 12
    ends = [label.get_window_extent() for label in ax.get_xticklabels() if label.get_text()]
    assert all(left.x1 < right.x0 for left, right in itertools.pairwise(ends))


def test_bounds_of_other_units_are_refused(draws):
    other = ci.rank_bounds(flat(5), 0.5)
    with pytest.raises(ci.ScoreError, match="other units"):
        plot.rank_intervals(draws, other)


def test_acceptability_shows_the_shares(draws):
    shares = draws.acceptability().to_numpy()
    image = plot.acceptability(draws).images[0].get_array().filled(0)
    order = np.argsort(draws.to_frame()["rank"].to_numpy(), kind="stable")
    assert image == pytest.approx(np.where(shares < 0.0005, 0, shares)[order][:, : image.shape[1]])


def test_sobol_shows_both_shares_and_refuses_what_does_not_vary(result):
    choices = [ci.vary.weights(factor=0.5), ci.vary.rounding({"smoke": 5})]
    found = ci.sensitivity(result, choices=choices, samples=64, seed=1)
    widths = sorted(bar.get_width() for bar in plot.sobol(found).patches)
    frame = found.to_frame()
    assert widths == pytest.approx(sorted([*frame["first"], *frame["total"]]))
    still = ci.sensitivity(result, choices=ci.vary.weights(factor=1e-9), samples=16, seed=1)
    with pytest.raises(ci.ScoreError, match="does not vary"):
        plot.sobol(still)


def test_choices_and_outputs_are_told_in_the_language_of_the_figure(result):
    choices = [ci.vary.weights(factor=0.5), ci.vary.methods("score.aggregate", ["arithmetic", "minimum"])]
    found = ci.sensitivity(result, choices=choices, samples=64, seed=1)
    zh = plot.sobol(found)
    assert {"权重", "三项指数：合成方法"} == set(ticks(zh))
    assert not any("rank" in text for text in texts(zh))
    assert {"weights", "Index of three: aggregate"} == set(ticks(plot.sobol(found, language="en")))


def test_dominance_leaves_out_what_follows(bounds, draws):
    frame = bounds.dominance()
    above = {(row.unit, row.over) for row in frame[frame["relation"] == "above"].itertuples()}
    direct = {
        (a, b) for a, b in above if not any((a, other) in above and (other, b) in above for other in CITIES["city"])
    }
    ax = plot.dominance(bounds)
    arrows = [text for text in ax.texts if getattr(text, "arrow_patch", None) is not None]
    assert len(arrows) == len(direct) > 0
    assert {f"1 {CITIES['city'][0]}"} <= set(texts(ax))
    assert drawn(plot.dominance(draws, share=0.9, top=5)) > 1000
    with pytest.raises(ci.ScoreError, match="share="):
        plot.dominance(draws, share=0.4)


def test_dominance_in_small_axes_keeps_its_boxes_apart(bounds):
    _, ax = plt.subplots(figsize=(3, 3))
    plot.dominance(bounds, ax=ax, top=8)
    ax.get_figure(root=True).draw_without_rendering()
    held = [text.get_bbox_patch().get_window_extent() for text in ax.texts if text.get_bbox_patch() is not None]
    assert len(held) == 8
    for one, other in itertools.combinations(held, 2):
        across = min(one.x1, other.x1) - max(one.x0, other.x0)
        assert across < 1 or min(one.y1, other.y1) - max(one.y0, other.y0) < 1


def test_dominance_needs_pairs(result):
    found = ci.uncertainty(result, choices=ci.vary.weights(factor=0.5), draws=50, seed=1)
    with pytest.raises(ci.NotFoundError, match="pairs=True"):
        plot.dominance(found)


# -- periods and changes -----------------------------------------------------------------------------------------------


def test_bump_draws_the_ranks_of_each_period(panel):
    ax = plot.bump(panel)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2022", "2023", "2024"]
    frame = pd.DataFrame({"unit": panel.units, "year": panel.periods, "rank": panel.ranks()})
    wanted = frame.pivot_table("rank", "unit", "year").to_numpy()
    lines = np.array([line.get_ydata() for line in ax.lines])
    assert sorted(map(tuple, lines)) == sorted(map(tuple, wanted))


def test_bump_of_results_with_different_units_has_gaps(result):
    fewer = ci.score(SPEC, {key: values[:6] for key, values in CITIES.items()})
    ax = plot.bump({"all": result, "six": fewer, "again": result})
    assert sum(np.isnan(line.get_ydata()).any() for line in ax.lines) == 2
    assert drawn(ax) > 1000


def test_bump_names_a_unit_that_is_at_neither_end():
    data = {"city": ["x", "y", "z"], "a": [3, 2, 1], "b": [3, 2, 1], "c": [3, 2, 1]}
    ends = {key: values[:2] for key, values in data.items()}
    ax = plot.bump({"1": ci.score(FLAT, ends), "2": ci.score(FLAT, data), "3": ci.score(FLAT, ends)})
    assert [text.get_text() for text in ax.texts if text.get_text().endswith("z")] == ["z"]


def test_bump_says_which_units_are_shown():
    ax = plot.bump([flat(300), flat(300, a=np.arange(300.0))], top=5, language="en")
    assert any("of 300 units that are among the first 5" in text for text in texts(ax))
    assert drawn(ax) > 1000


def test_bump_and_slope_need_two(result, panel):
    with pytest.raises(ci.ScoreError, match="two columns"):
        plot.bump(result)
    with pytest.raises(ci.ScoreError, match="several periods"):
        plot.slope(panel, panel)
    with pytest.raises(ci.ScoreError, match="names="):
        plot.slope(result, result, names=("a", "a"))
    with pytest.raises(ci.NotFoundError, match="of="):
        plot.slope(result, result, of="scores")


def test_slope_of_scores_keeps_names_apart(result):
    ax = plot.slope(result, result, of="score", names=("a", "b"))
    left = [box for box, text in zip(boxes_all(ax), ax.texts, strict=True) if text.get_ha() == "right"]
    bottoms = sorted((box[1], box[3]) for box in left)
    assert all(upper[0] >= lower[1] - 2.5 for lower, upper in itertools.pairwise(bottoms))


def boxes_all(ax):
    ax.get_figure(root=True).draw_without_rendering()
    return [mpl.text.Text.get_window_extent(text).extents for text in ax.texts]


def test_waterfall_ends_where_the_change_leads():
    ax = plot.waterfall(pd.Series({"economy/output": 3.0, "air/smoke": -1.5}), start=50, language="en")
    assert ax.patches[-1].get_width() == pytest.approx(51.5)
    assert ax.patches[2].get_x() == pytest.approx(53.0)
    assert {"50.0", "+3.0", "−1.5", "51.5"} <= set(texts(ax))
    assert "the axis does not begin at 0" in texts(ax)


def test_waterfall_shows_titles_and_merges_the_small_ones(result):
    change = {f"part {place}": 1.0 + place for place in range(30)}
    ax = plot.waterfall(change, top=10, language="zh")
    assert "其他 20 项" in ticks(ax)
    assert ax.patches[-1].get_width() == pytest.approx(sum(change.values()))
    titles = plot.waterfall({"economy": 1.0}, spec=result.spec)
    assert ticks(titles)[0] == "经济"


def test_waterfall_refuses_what_cannot_add_up():
    with pytest.raises(ci.ScoreError, match="economy"):
        plot.waterfall({"economy": np.nan})
    with pytest.raises(ci.ScoreError, match="no change"):
        plot.waterfall({})
    with pytest.raises(ci.ScoreError, match="list"):
        plot.waterfall([1, 2])


# -- trees and maps ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["sunburst", "icicle"])
def test_a_tree_gives_each_node_its_weight(result, kind):
    ax = plot.tree(result.spec, kind, language="en")
    if kind == "icicle":
        heights = sorted(round(box.get_height(), 10) for box in ax.patches)
        assert heights == sorted([1.0, 0.7, 0.42, 0.28, 0.3, 0.3])
    else:
        shares = sorted(round(wedge.theta2 - wedge.theta1, 6) for wedge in ax.patches)
        assert shares == sorted(round(360 * share, 6) for share in (0.7, 0.42, 0.28, 0.3, 0.3))
    assert any("Economy" in text for text in texts(ax))
    assert drawn(ax) > 1000


def test_a_tree_of_a_unit_is_coloured_by_its_values(result):
    ax = plot.tree(result, "icicle", unit="江阴")
    colours = {box.get_facecolor() for box in ax.patches}
    assert len(colours) > 3
    assert "江阴 51.6" in texts(ax)
    with pytest.raises(ci.ScoreError, match="result only"):
        plot.tree(result.spec, unit="江阴")
    with pytest.raises(ci.NotFoundError, match="Did you mean 'icicle'"):
        plot.tree(result, "icycle")


def test_a_tree_with_learned_weights_needs_a_result():
    spec = ci.load_spec({**FLAT, "index": {**FLAT["index"], "weights": "entropy"}})
    with pytest.raises(ci.ScoreError, match=r"learned \(entropy\)"):
        plot.tree(spec)
    data = {"city": ["x", "y", "z"], "a": [1, 2, 3], "b": [3, 1, 9], "c": [1, 5, 2]}
    assert drawn(plot.tree(ci.score(spec, data))) > 1000


def test_a_tree_of_a_minimum_and_of_an_index_that_ships():
    spec = {"cityindex": 1, "id": "least", "index": {"id": "score", "aggregate": "minimum", "children": ["a", "b"]}}
    ax = plot.tree(ci.score(spec, {"city": ["x", "y"], "a": [1, 2], "b": [2, 1]}), "icicle")
    assert sorted(box.get_height() for box in ax.patches) == [0.5, 0.5, 1.0]
    assert drawn(plot.tree(ci.load_index("digital-economy-city-2020"))) > 1000


def squares(names, key="name"):
    def square(x):
        ring = [[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]
        hole = [[x + 0.4, 0.4], [x + 0.6, 0.4], [x + 0.6, 0.6], [x + 0.4, 0.4]]
        return {"type": "Polygon", "coordinates": [ring, hole]}

    features = [
        {"type": "Feature", "properties": {"code": place, key: name}, "geometry": square(place)}
        for place, name in enumerate(names)
    ]
    return {"type": "FeatureCollection", "features": features}


class Frame:
    """What a GeoDataFrame has."""

    def __init__(self, data):
        self.__geo_interface__ = data


def test_a_map_finds_the_property_that_names_the_units(result, tmp_path):
    data = squares([*CITIES["city"][:6], "nowhere"])
    path = tmp_path / "map.geojson"
    path.write_text(json.dumps(data), encoding="utf-8")
    for geometry in (data, Frame(data), path, str(path), json.dumps(data)):
        ax = plot.tier_map(result, geometry)
        assert len(ax.patches) == 7
        assert len({patch.get_facecolor() for patch in ax.patches}) == 4  # three tiers and no unit
        assert any("图上没有: 2" in text or "图上没有：2" in text for text in texts(ax))


def test_a_map_of_scores_points_and_holes(result):
    data = squares(CITIES["city"][:2])
    data["features"].append(
        {"type": "Feature", "properties": {"name": "晋江"}, "geometry": {"type": "Point", "coordinates": [3, 0.5]}}
    )
    data["features"].append({"type": "Feature", "properties": None, "geometry": None})
    ax = plot.tier_map(result, data, by="score", names=True, key="name")
    assert {"昆山", "江阴", "晋江"} <= set(texts(ax))
    outer, hole = (corners[:, 0] @ np.roll(corners[:, 1], -1) - corners[:, 1] @ np.roll(corners[:, 0], -1)
                   for corners in np.split(ax.patches[0].get_path().vertices, [5]))  # fmt: skip
    assert outer > 0 > hole  # it is left open only if it runs the other way round
    assert drawn(ax) > 1000


def test_a_map_says_what_is_wrong(result, tmp_path):
    with pytest.raises(ci.NotFoundError, match="Did you mean 'name'"):
        plot.tier_map(result, squares(["昆山"]), key="nmae")
    with pytest.raises(ci.NotFoundError, match="no unit is named"):
        plot.tier_map(result, squares(["Kunshan"]))
    for bad in ({}, {"features": []}, "{not json", 7, squares([]), {"features": [{"geometry": {"type": "Polygon"}}]}):
        with pytest.raises(ci.TableError, match="geometry"):
            plot.tier_map(result, bad)
    with pytest.raises(ci.TableError, match="cannot be read"):
        plot.tier_map(result, tmp_path / "none.geojson")
