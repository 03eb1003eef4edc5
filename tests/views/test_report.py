"""The report: what it says, in both languages, that it is escaped, what it refuses, and that it reads and prints."""

from __future__ import annotations

import html
import re
import time
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
import yaml
from views.browser import DESKTOP, PHONE, chromium, opened

import cityindex as ci
from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS
from cityindex.cli import main
from cityindex.views.report import report_html
from cityindex.views.report.drawing import Scale, ramp
from cityindex.views.report.words import TEXTS, voice_of

SPEC = """
cityindex: 1
id: county-cities
title: {zh: 县级市发展指数, en: Index of county cities}
edition: 2024
source: [{zh: 示例研究院, en: Example Institute}]
note: {zh: 数据是虚构的, en: The numbers are made up}
unit: {kind: city, key: city}
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  title: {zh: 综合得分, en: Score}
  publish: [{round: 1}]
  tiers: {cuts: [60, 40], labels: [领先, 追赶, 起步]}
  children:
    - id: economy
      title: {zh: 经济, en: Economy}
      weight: 60%
      missing: reweight
      provenance: {weights: assumed}
      children:
        - {id: output, title: {zh: 产出, en: Output}, steps: [{clip: {high: 90}}, {minmax: {to: [0, 100]}}]}
        - {id: patents, title: {zh: 专利, en: Patents}}
    - id: smoke
      title: {zh: 烟尘, en: Smoke}
      weight: 40%
      direction: less
"""
CITIES = {
    "city": ["昆山", "江阴", "晋江", "常熟", "慈溪", "太仓"],
    "区域": ["苏南", "苏南", "福建", "苏南", "浙江", "苏南"],
    "output": [100, 80, 70, 50, 40, 10],
    "patents": [31, 17, None, 16, 18, 12],
    "smoke": [31, 38, 24, 30, 27, 28],
}
VOID = {"meta", "br"}


class Outline(HTMLParser):
    """Whether the tags close as they open, and what they are."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.texts = [], [], []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def words_of(page):
    """The text of a page without its style, white space as one space."""
    body = page.split("<body>", 1)[1]
    return re.sub(r"\s+", " ", " ".join(Outline(body.split("</body>")[0]).texts))


@pytest.fixture(scope="module")
def result():
    return ci.score(SPEC, pd.DataFrame(CITIES))


@pytest.fixture(scope="module")
def whole():
    """The same without a gap, so that ranks are linear in the weights and can be bounded."""
    return ci.score(SPEC, pd.DataFrame(CITIES | {"patents": [31, 17, 9, 16, 18, 12]}))


@pytest.fixture(scope="module")
def found(whole):
    return {
        "uncertainty": ci.uncertainty(whole, choices=ci.vary.weights(factor=0.25), draws=400, seed=11),
        "sensitivity": ci.sensitivity(
            whole,
            choices=[ci.vary.weights(factor=0.25), ci.vary.rounding({"smoke": 1}, label="烟尘取整")],
            samples=64,
        ),
        "bounds": ci.rank_bounds(whole, ci.vary.weights(factor=0.25)),
    }


# -- content ----------------------------------------------------------------------------------------------------------


def test_it_says_what_the_index_is(result):
    zh, en = (words_of(report_html(result, language=language)) for language in ("zh", "en"))
    for word in ("县级市发展指数", "示例研究院", "数据是虚构的", "2024", "6（城市）"):
        assert word in zh
    for word in ("Index of county cities", "Example Institute", "The numbers are made up", "6 (City)"):
        assert word in en
    assert "Example Institute" not in zh.split("指数定义（YAML）")[0]
    assert "示例研究院" not in en.split("The spec (YAML)")[0]


def test_the_tree_has_weights_and_where_they_come_from(result):
    page = words_of(report_html(result, language="en"))
    tree = page.split("The tree and its weights", 2)[2].split("Data quality", 1)[0]
    assert re.search(r"60%\s+Economy\s+economy\s+published\s+arithmetic", tree)
    assert "equal (assumed)" in tree
    assert "global 30%" in tree
    assert "less is better" in tree


def test_the_ranking_is_by_rank_with_scores_as_published(result):
    page = report_html(result, language="zh")
    rows = re.findall(r'<tr><td class="n">(\d)</td><td class="name">([^<]+)</td><td class="n"><b>([\d.]+)</b>', page)
    frame = result.to_frame().sort_values("rank", kind="stable")
    assert [(rank, name) for rank, name, _ in rows] == [
        (str(r), n) for r, n in zip(frame["rank"], frame["city"], strict=True)
    ]
    assert [float(score) for *_, score in rows] == frame["score"].tolist()


def test_bars_are_as_long_as_the_scores(result):
    page = report_html(result).split('id="tiers"')[0]
    table = page.split("<thead>", 1)[1].split("</table>", 1)[0]
    widths = [float(width) for width in re.findall(r'<td class="draw"><svg.*?width="([\d.]+)" height="8"', table)]
    scores = np.sort(result.column())[::-1]
    assert widths == pytest.approx((100 * scores / scores.max()).tolist(), abs=0.01)


def test_tiers_have_their_scores_and_members(result):
    page = words_of(report_html(result, language="zh")).split("分档方法", 1)[1]
    members = {tier: [] for tier in ("领先", "追赶", "起步")}
    for row in np.argsort(result.ranks(), kind="stable"):
        members[result.tiers()[row]].append(result.units[row])
    for names in members.values():
        assert "、".join(names) in page
    for words in ("≥ 60.0", "≥ 40.0，< 60.0", "< 40.0"):
        assert words in page


def test_means_by_a_column(result):
    page = report_html(result, language="en", by="区域")
    expected = result.group_scores("区域", node="score").set_index("区域")["score"]
    section = page.split("Means by 区域", 2)[2].split("</table>", 1)[0]
    for region, mean in expected.items():
        assert re.search(rf'{region}</td>.*?<td class="n">{mean:.1f}</td>', section)


def test_what_was_done_to_the_data_is_told(result):
    zh, en = (words_of(report_html(result, language=language)) for language in ("zh", "en"))
    assert "18 个单元格中缺 1 个" in zh
    assert "1 of 18 cells are missing" in en
    assert "经济：1 个评价对象的缺失子项的权重由其余子项分担" in zh
    assert "economy: the weights of missing children were shared by the others in 1 unit" in en
    assert "截断 (high=90)" in zh  # what clip moved
    moved = en.split("treatments of outliers moved", 1)[1].split("What was noted", 1)[0]
    assert "昆山 Output clip (high=90) 100 90" in moved


def test_methods_are_told_with_formula_use_and_source(result):
    zh, en = (words_of(report_html(result, language=language)) for language in ("zh", "en"))
    assert "y = t₀ + (x − min) / (max − min) · (t₁ − t₀)" in zh
    assert "y = to[0] + (x - min) / (max - min) · (to[1] - to[0])" in en
    for page in (zh, en):
        assert "OECD and JRC (2008)" in page
        assert "to: [0, 100]" in page
    assert "entropy" not in en.split("Method notes")[-1]  # only those that are used


def test_it_can_be_done_again_from_the_page(whole, found):
    page = report_html(whole, language="en", uncertainty=found["uncertainty"], command="cityindex report a b")
    text = words_of(page)
    for value in (ci.fingerprint(whole.spec), whole.table.fingerprint, ci.__version__, "seed=11", "draws=400"):
        assert value in text
    assert "cityindex report a b" in text
    written = re.search(r"In full</summary>\s*<pre>(.*?)</pre>", page, re.DOTALL)[1]
    assert ci.load_spec(html.unescape(written)) == whole.spec


def test_the_lines_of_python_are_those_that_were_run(whole):
    choices = [
        ci.vary.weights("dirichlet", concentration=50),
        ci.vary.methods("score.aggregate", ["arithmetic", "sum"]),
    ]
    for each in (choices, choices[:1], [ci.vary.leave_out(["smoke"])]):
        drawn = ci.uncertainty(whole, choices=each, draws=20, seed=2)
        page = words_of(report_html(whole, language="en", uncertainty=drawn))
        (line,) = re.findall(r"uncertainty = (ci\.uncertainty\(.*?seed=2\))", page)
        again = eval(line, {"ci": ci, "result": whole, "choices": each})
        np.testing.assert_array_equal(again.rank_mean(), drawn.rank_mean())
        assert ("choices=choices" in line) is (each[0].label == "left out")


def test_given_nodes_stand_in_the_order_of_the_index():
    names = [f"g{place}" for place in range(8)]
    children = ", ".join(f"{{id: {name}, children: [x{name}, y{name}]}}" for name in names)
    result = ci.score(
        f"{{cityindex: 1, id: g, index: {{id: score, children: [{children}]}}}}",
        {"city": ["a", "b"], **{name: [1.0, 2.0] for name in names}},
    )
    assert f"given={names!r}" in words_of(report_html(result))


# -- robustness -------------------------------------------------------------------------------------------------------


def test_intervals_are_those_of_the_run(whole, found):
    page = report_html(whole, language="en", **found)
    section = page.split("Rank intervals", 1)[1].split("</table>", 1)[0]
    low, high = found["uncertainty"].rank_quantile(0.05), found["uncertainty"].rank_quantile(0.95)
    for row, name in enumerate(whole.units):
        span = f"{low[row]:g}" if low[row] == high[row] else f"{low[row]:g}–{high[row]:g}"
        best, worst = found["bounds"].best[row], found["bounds"].worst[row]
        proved = f"{best:g}" if best == worst else f"{best:g}–{worst:g}"
        assert f'{name}</td><td class="n">{span}</td><td class="n">{proved}</td>' in section


def test_who_is_on_the_edge_of_a_tier(whole, found):
    safety = found["uncertainty"].tier_safety()
    unsafe = set(safety.index[safety["same"] < 0.9])
    assert unsafe  # else this tests nothing
    section = report_html(whole, **found).split("处在两档之间", 1)[1].split("<h3>", 1)[0]
    assert set(re.findall(r'<td class="name">([^<]+)</td>', section)) == unsafe


def test_sensitivity_names_the_choice_that_matters(whole, found):
    text = words_of(report_html(whole, language="zh", **found))
    assert "最取决于“权重”" in text
    assert "烟尘取整" in text
    assert "名次的平均变动" in text


def test_without_a_run_the_page_says_so(result):
    assert "没有做稳健性计算" in report_html(result)
    assert "No robustness run" in report_html(result, language="en")


def test_what_is_of_another_result_is_refused(whole, found):
    other = ci.score(SPEC, pd.DataFrame(CITIES).assign(smoke=[1, 2, 3, 4, 5, 6]))
    for name in ("uncertainty", "sensitivity"):
        with pytest.raises(ci.ScoreError, match=f"{name}: it is of another"):
            report_html(other, **{name: found[name]})
    with pytest.raises(ci.ScoreError, match="description: it is of another"):
        report_html(whole, description=ci.describe(other))
    two = ci.load_spec(SPEC.replace("weight: 60%", "weight: 70%").replace("weight: 40%", "weight: 30%"))
    with pytest.raises(ci.ScoreError, match="bounds: it is of another"):  # the same units, other weights
        report_html(whole, bounds=ci.rank_bounds(ci.score(two, whole.table), 0.25))
    held = ci.calibrate(SPEC, pd.DataFrame(CITIES).assign(patents=[90, 17, 9, 16, 18, 12]))
    with pytest.raises(ci.ScoreError, match="bounds: it is of another"):  # the same data on another scale
        report_html(whole, bounds=ci.rank_bounds(ci.score(SPEC, whole.table, calibration=held), 0.25))
    with pytest.raises(ci.ScoreError, match="bounds: a RankBounds is wanted, not a str"):
        report_html(whole, bounds="all")


# -- tables of other shapes -------------------------------------------------------------------------------------------


def test_a_panel_shows_its_latest_period_and_names_the_others():
    spec = "{cityindex: 1, id: p, unit: {kind: city, key: city, period: year}, index: {id: score, children: [a, b]}}"
    years = pd.DataFrame({"city": ["甲", "乙"] * 3, "year": [9, 9, 10, 10, 8, 8], "a": range(6), "b": range(6)})
    result = ci.score(spec, years)
    page = words_of(report_html(result, language="zh"))
    assert "12 个单元格全部有数。（表中全部时期）" in page
    assert "10 · 表中还有：8、9" in page  # by size, not by spelling
    assert re.search(r"1 乙 3\.000", page)
    assert re.search(r"1 乙 1\.000", words_of(report_html(result, period="9")))
    with pytest.raises(ci.NotFoundError, match="period='11'"):
        report_html(result, period="11")


def test_editions_have_a_tree_each():
    spec = """
    cityindex: 1
    id: e
    unit: {key: city, period: year}
    index: {id: score, children: [{id: a, weight: 30%}, {id: b, weight: 70%}]}
    editions: {2020: {a: {weight: 50%}, b: {weight: 50%}}}
    """
    table = {"city": ["x", "y"] * 2, "year": [2020, 2020, 2021, 2021], "a": [1, 2, 3, 4], "b": [1, 3, 3, 5]}
    page = words_of(report_html(ci.score(spec, table), language="en"))
    assert re.search(r"Edition 2020\W+score.*?50%\s+a.*?Other periods\W+score.*?30%\s+a.*?70%\s+b", page)


def test_negative_scores_missing_units_lowest_first_and_many_children():
    children = ", ".join(f"{{id: {name}, steps: [zscore]}}" for name in "abcdefghi")
    spec = f"""
    cityindex: 1
    id: many
    unit: {{key: code, label: name}}
    index:
      {{id: score, rank: {{first: lowest}}, tiers: {{cuts: [-0.1, 0.1]}}, missing: propagate, children: [{children}]}}
    also: [{{id: side, title: 附带, children: [{{use: a}}, {{use: b}}]}}]
    """
    random = np.random.default_rng(3)
    table = pd.DataFrame({"code": [f"{place:03}" for place in range(9)], "name": list("甲乙丙丁戊己庚辛壬")})
    table = table.assign(**{name: random.normal(size=9) for name in "abcdefghi"})
    table.loc[4, "c"] = np.nan
    result = ci.score(spec, table)
    uncertainty = ci.uncertainty(result, choices=ci.vary.weights(factor=0.25), draws=50)
    page = report_html(result, language="zh", uncertainty=uncertainty)
    text = words_of(page)
    assert "1 个评价对象没有得分" in text
    assert "≤ −0.100" in text
    assert "> −0.100，≤ 0.100" in text
    assert "> 0.100" in text
    assert "其余" in text  # more parts than colours
    assert "附带" in text
    assert "戊 004" in text
    for start, width in re.findall(r'<rect x="([-\d.]+)" y="1" width="([\d.]+)"', page):
        assert -0.01 <= float(start) <= 100
        assert float(start) + float(width) <= 100.02


def test_an_index_whose_scores_stand_in_the_table():
    printed = ci.load_published("digital-economy-city-2020")["score"]
    result = ci.score(ci.load_index("digital-economy-city-2020"), printed[["name", "score"]])
    text = words_of(report_html(result))
    assert "148 个单元格全部有数" in text
    assert "35% 城市服务 services" in text
    assert "一线" in text


def test_every_shipped_tree_can_be_told():
    told = 0
    for entry in ci.list_indices():
        spec = ci.load_index(entry.id)
        key = spec.unit.key or "city"
        row = {key: "甲", spec.index.id: 1.0}
        for column in (spec.unit.label, spec.unit.period):
            if column is not None:
                row[column] = "2020"
        try:
            result = ci.score(spec, {name: [value] for name, value in row.items()})
        except ci.CityIndexError:
            continue  # needs more than its score
        told += 1
        Outline(report_html(result, language="zh").split("<body>", 1)[1].split("</body>")[0])
    assert told > 5


def test_drawings_say_their_numbers_or_are_hidden(result):
    tags = Outline(report_html(result, language="en").split("<body>", 1)[1].split("</body>")[0]).tags
    drawings = [attributes for tag, attributes in tags if tag == "svg"]
    assert all(("aria-label" in each) is (each.get("role") == "img") for each in drawings)
    assert all("aria-label" in each or each.get("aria-hidden") == "true" for each in drawings)
    frame = result.contributions().values
    leader = frame.iloc[int(np.argmin(result.ranks()))]
    economy = sum(value for path, value in leader.items() if str(path).startswith("economy"))
    assert any(each.get("aria-label", "").startswith(f"Economy: {economy:.6g}; Smoke: ") for each in drawings)


def test_why_there_are_no_tiers_is_told_in_chinese():
    spec = """
    {cityindex: 1, id: same, index: {id: score, title: {zh: 得分一样}, tiers: {natural_breaks: 2}, children: [a, b]}}
    """
    page = words_of(report_html(ci.score(spec, {"city": list("xyz"), "a": [1] * 3, "b": [2] * 3})))
    assert page.count("分 2 档至少要有 2 个不同的得分，这里只有 1 个") == 2  # the section, and the notes
    assert "“得分一样”在此没有分档" in page


# -- escaping ---------------------------------------------------------------------------------------------------------

NASTY = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;{{7*7}}{}"


def nasty_result():
    spec = ci.load_spec(
        {
            "cityindex": 1,
            "id": "nasty",
            "title": NASTY,
            "source": [NASTY],
            "note": NASTY,
            "unit": {"kind": "city", "key": "city"},
            "index": {
                "id": "score",
                "title": NASTY,
                "tiers": {"cuts": [2], "labels": [NASTY, "other"]},
                "children": [
                    {"id": "a", "title": NASTY, "note": NASTY, "measured_in": NASTY, "column": f"a {NASTY}"},
                    {"id": "b", "steps": [{"clip": {"high": 2}}]},
                ],
            },
        }
    )
    table = {
        "city": [NASTY, "乙", "丙"],
        f"a {NASTY}": [1.0, 2.0, 4.0],
        "b": [3.0, 2.0, 1.0],
        f"by {NASTY}": [NASTY, "x", "x"],
    }
    return ci.score(spec, table)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_text_of_users_is_never_markup(language):
    result = nasty_result()
    uncertainty = ci.uncertainty(result, choices=ci.vary.weights(factor=0.25, label=NASTY), draws=20)
    page = report_html(result, language=language, by=f"by {NASTY}", uncertainty=uncertainty, command=NASTY)
    tags = Outline(page.split("<body>", 1)[1].split("</body>")[0]).tags
    assert {tag for tag, _ in tags}.isdisjoint({"script", "img", "iframe", "object", "link"})
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on")]
    assert "49{}" not in page  # no template is run twice
    assert NASTY in words_of(page)


def test_the_page_loads_nothing(whole, found):
    page = report_html(whole, **found)
    assert "default-src 'none'" in page
    for tag, attributes in Outline(page.split("<body>", 1)[1].split("</body>")[0]).tags:
        assert "src" not in attributes
        if "href" in attributes:
            assert tag == "a"
            assert attributes["href"].startswith(("#", "https://"))
    assert "@import" not in page
    assert "url(" not in page


# -- files, errors, the command ---------------------------------------------------------------------------------------


def test_it_is_written_whole(result, tmp_path):
    path = tmp_path / "报告.html"
    assert ci.write_report(result, path) == path
    assert path.read_text(encoding="utf-8") == report_html(result)
    with pytest.raises(ci.NotFoundError, match="language='english'"):
        ci.write_report(result, path, language="english")
    assert path.read_text(encoding="utf-8") == report_html(result)
    assert [each.name for each in tmp_path.iterdir()] == ["报告.html"]


def test_what_is_wrong_is_told(result, tmp_path):
    with pytest.raises(ci.TableError, match=r"a report is an \.html file, and not \.pdf"):
        ci.write_report(result, tmp_path / "report.pdf")
    with pytest.raises(ci.TableError, match="a report is made of a Result"):
        ci.write_report({"a": 1}, tmp_path / "report.html")
    with pytest.raises(ci.NotFoundError, match="'区域'"):
        ci.write_report(result, tmp_path / "report.html", by="区 城域")
    with pytest.raises(ci.NotFoundError, match="names no column of periods"):
        ci.write_report(result, tmp_path / "report.html", period="2020")


def test_without_figures_there_are_none(whole, found):
    page = report_html(whole, figures=False, by="区域", **found)
    assert 'class="bar"' not in page
    assert 'class="hist"' not in page
    assert "昆山" in page


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    pd.DataFrame(CITIES).to_csv("data.csv", index=False)
    return tmp_path


def test_the_command(folder, capsys):
    options = ["--seed", "3", "--draws", "50", "--by", "区域"]
    assert main(["report", "spec.yaml", "data.csv", "-o", "report.html", *options]) == 0
    text = words_of((folder / "report.html").read_text(encoding="utf-8"))
    assert "scored 50 times" in text
    assert "cityindex report spec.yaml data.csv --output report.html --by '区域' --draws 50 --seed 3" in text
    assert "ci.score(\"county-cities.yaml\", 'data.csv')" in text
    assert capsys.readouterr().err == "report.html: 6 units\n"


def test_the_command_refuses_in_words(folder, capsys):
    assert main(["report", "spec.yaml", "data.csv", "-o", "report.xlsx"]) == 2
    assert ".xlsx" in capsys.readouterr().err
    assert main(["report", "spec.yaml", "data.csv", "-o", "report.html", "--by", "区城", "--draws", "0"]) == 2
    assert "Did you mean '区域'" in capsys.readouterr().err
    assert not (folder / "report.html").exists()


# -- words ------------------------------------------------------------------------------------------------------------


def test_every_word_stands_in_both_languages_with_the_same_blanks():
    for key, texts in yaml.safe_load((TEXTS / "words.yaml").read_text(encoding="utf-8")).items():
        assert set(texts) == {"zh", "en"}, key
        blanks = [sorted(re.findall(r"{\w*}", texts[language])) for language in ("zh", "en")]
        assert blanks[0] == blanks[1], key


def test_every_word_is_used():
    here = TEXTS.parent
    code = "".join(path.read_text(encoding="utf-8") for path in [*here.glob("*.py"), *here.glob("templates/*.html")])
    words = yaml.safe_load((TEXTS / "words.yaml").read_text(encoding="utf-8"))
    built = ("provenance_", "note_", "unit_", "choice_", "pair_", "kind_")
    unused = [key for key in words if not re.search(rf"[\"']{key}[\"']", code) and not key.startswith(built)]
    assert unused == []


def test_every_built_in_method_has_chinese_words():
    voice = voice_of("zh")
    for registry in (STEPS, WEIGHTINGS, AGGREGATORS, TIERINGS, MISSING):
        for name, method in registry.items():
            if method.built_in:
                assert all(voice.method(registry.kind, name)), f"{registry.kind} {name}"


def test_usual_notes_are_said_in_chinese():
    table = {
        "city": ["甲", "乙", "丙", "合计"],
        "宽带（%）": ["95%", "88%", "90%", "91%"],
        "出口": ["1,200", "—", "３", "4"],
        "other": [1, 2, 3, 4],
    }
    spec = """
    {cityindex: 1, id: n, unit: {key: city}, index: {id: score, missing: reweight, provenance: {weights: assumed},
    children: [{id: a, title: 宽带, steps: [minmax]}, {id: b, title: 出口, steps: [minmax]}]}}
    """
    result = ci.score(spec, table)
    voice = voice_of("zh")
    assert len(result.notes) >= 7
    for note in result.notes:
        assert voice.said(note.message) != note.message, note.message
    flags = "; ".join(ci.describe(result).columns()["flags"]).split("; ")
    assert all(voice.said(flag) != flag for flag in flags if flag)


def test_numbers_and_shares_as_they_are_written():
    voice = voice_of("en")
    assert voice.number(-1.25, 1) == "−1.2"
    assert voice.number(float("nan")) == "—"
    assert voice.share(1 / 3) == "33.33%"
    assert voice.share(0.6) == "60%"
    assert voice.share(0.004, 0) == "0%"
    assert voice.provenance("ahp (assumed)") == "ahp (assumed)"
    assert voice_of("zh").provenance("ahp (assumed)") == "层次分析法（假定）"


def test_tier_colours_are_told_apart_by_lightness():
    assert ramp(0) == []
    for count in (2, 5, 8):
        found = [
            int(colour[1:3], 16) * 0.3 + int(colour[3:5], 16) * 0.59 + int(colour[5:], 16) * 0.11
            for colour in ramp(count)
        ]
        assert (np.diff(found) > 8).all()
    assert Scale(0.0, 0.0).at(3.0) == 0.0


# -- in time, and in a browser ----------------------------------------------------------------------------------------


def test_three_hundred_units_in_under_five_seconds():
    random = np.random.default_rng(1)
    table = pd.DataFrame({"city": [f"市{place}" for place in range(300)]})
    table = table.assign(**{name: random.uniform(10, 95, 300) for name in ("output", "patents", "smoke")})
    result = ci.score(SPEC, table)
    uncertainty = ci.uncertainty(result, choices=ci.vary.weights(factor=0.25), draws=200)
    start = time.perf_counter()
    page = report_html(result, uncertainty=uncertainty)
    assert time.perf_counter() - start < 5
    assert page.count("市299<") == 2  # ranking, interval


def test_it_reads_on_a_phone_and_a_desk_and_prints_what_is_folded(whole, found, tmp_path):
    path = ci.write_report(whole, tmp_path / "report.html", by="区域", **found)
    with chromium() as browser:
        for size in (PHONE, DESKTOP):
            with opened(browser, path, size=size) as page:
                assert page.evaluate("document.documentElement.scrollWidth") == size["width"]
                assert page.locator("h2").count() == 8
                leaf = page.get_by_text("专利", exact=True).first
                assert leaf.is_visible()
                page.locator("#tree summary").first.click()
                assert not leaf.is_visible()
                page.emulate_media(media="print")
                assert leaf.bounding_box()["height"] > 0
                assert page.locator("nav").is_hidden()
