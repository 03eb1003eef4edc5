"""The workbook of a result: its cells are the library's, its formulas follow the weights, its texts cannot run."""

from __future__ import annotations

import warnings
import zipfile
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.formula.translate import Translator
from views.recalculating import recalculated

import cityindex as ci
from cityindex.cli import main

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")

SPEC = """
cityindex: 1
id: county
title: {zh: 县域发展指数, en: County index}
unit: {kind: county, key: code, label: 县市}
defaults: {indicator: {steps: [{minmax: {to: [1, 100]}}]}}
index:
  id: score
  title: {zh: 综合得分, en: Score}
  publish: [{round: 1}]
  tiers: {cuts: [60, 50, 40], labels: [领先, 良好, 追赶, 起步]}
  children:
    - id: economy
      title: {zh: 经济, en: Economy}
      weight: 45%
      missing: reweight
      rank: {of: carried, ties: average}
      children:
        - {id: gdp, weight: 60%, title: {zh: 人均地区生产总值, en: GDP per head}}
        - {id: patents, weight: 25%, title: 每万人发明专利}
        - {id: exports, weight: 15%}
    - id: air
      title: {zh: 环境, en: Environment}
      weight: 30%
      missing: {impute: mean}
      publish: [{round: {digits: 2, how: down}}]
      children: [{id: smoke, direction: less, title: PM2.5}, {id: green, title: 绿化率}]
    - {id: beds, title: 床位, weight: 25%}
"""
WEIGHTS = {
    "score": {"economy": 20, "air": 30, "beds": 50},
    "economy": {"gdp": 1, "patents": 2, "exports": 4},
    "air": {"smoke": 3, "green": 1},
}
CITIES = ["昆山", "江阴", "张家港", "晋江", "常熟", "慈溪", "义乌", "太仓"]


def county(units=24, seed=1):
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"code": [f"{place:03d}" for place in range(units)]})
    data["县市"] = [f"{CITIES[place % 8]}{place // 8 or ''}" for place in range(units)]
    for name in ("gdp", "patents", "exports", "smoke", "green", "beds"):
        data[name] = rng.gamma(2, 20, units).round(1)
    data.loc[3, "patents"] = data.loc[7, "exports"] = data.loc[5, "green"] = np.nan
    data.loc[9, ["gdp", "patents"]] = np.nan
    data.loc[12:13, ["gdp", "patents", "exports"]] = 20.0  # these two tie in economy
    return data


def book_of(path, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of the data bars
        return openpyxl.load_workbook(path, **options)


def cells(sheet, head=1):
    rows = list(sheet.iter_rows(values_only=True))
    return pd.DataFrame(rows[head:], columns=rows[head - 1])


def edges(sheet):
    """(group, child) → the cell of its weight, the first of several."""
    rows = list(enumerate(sheet.iter_rows(min_row=2, values_only=True), start=2))
    return {(row[2], row[1]): f"D{place}" for place, row in reversed(rows)}


def changes(path, weights):
    where = edges(book_of(path)["weights"])
    return [("weights", where[group, child], weight) for group, own in weights.items() for child, weight in own.items()]


def assert_shows(book, result, titles):
    """Every number of the sheets is that of the result."""
    shown, ranks = cells(book["results"]), cells(book["ranks"])
    carried = cells(book["calculation"], head=2)
    for node, title in titles.items():
        found = pd.to_numeric(carried[title]).to_numpy(float)
        np.testing.assert_allclose(found, result.column(node, of="carried"), rtol=0, atol=1e-9, err_msg=node)
        if node in result.groups:
            np.testing.assert_allclose(pd.to_numeric(shown[title]), result.column(node), rtol=0, atol=1e-9)
            np.testing.assert_array_equal(pd.to_numeric(ranks[title]), result.ranks(node))
    np.testing.assert_array_equal(pd.to_numeric(shown["rank"]), result.ranks())
    if result.tiered:
        assert tuple(shown["tier"]) == result.tiers()
    split = cells(book["contributions"], head=2).iloc[:, 2 if result.labels else 1 :].astype(float)
    np.testing.assert_allclose(split.to_numpy(), result.contributions().values, rtol=0, atol=1e-9)


TITLES = {"score": "Score", "economy": "Economy", "air": "Environment", "gdp": "GDP per head", "smoke": "PM2.5"}


@pytest.fixture(scope="module")
def county_book(tmp_path_factory):
    result = ci.score(SPEC, county())
    return result, ci.write_workbook(result, tmp_path_factory.mktemp("books") / "county.xlsx")


def test_the_values_kept_with_the_formulas_are_the_librarys(county_book):
    result, path = county_book
    assert_shows(book_of(path, data_only=True), result, TITLES)


def test_scores_ranks_and_tiers_are_formulas(county_book):
    _, path = county_book
    book = book_of(path)
    assert book["results"]["C2"].value.startswith("=ROUND(")
    assert book["results"]["E2"].value.startswith("=ROUNDDOWN(")
    assert "RANK(" in book["ranks"]["C2"].value
    assert "SUMPRODUCT" in book["calculation"]["I3"].value
    assert book["results"].freeze_panes == "C2"
    assert len(book["charts"]._charts) == 2


def test_recalculated_as_it_stands(county_book, tmp_path):
    result, path = county_book
    assert_shows(recalculated(path, tmp_path), result, TITLES)


def test_a_changed_weight_moves_everything_as_the_library_does(county_book, tmp_path):
    result, path = county_book
    other = ci.score(ci.with_weights(result.spec, WEIGHTS), county())
    assert not np.array_equal(other.ranks(), result.ranks())
    book = recalculated(path, tmp_path, changes(path, WEIGHTS))
    assert_shows_but_air(book, other)


def assert_shows_but_air(book, other):
    """As `assert_shows`, but for the contributions, of which those with an imputed cell are values."""
    shown, carried = cells(book["results"]), cells(book["calculation"], head=2)
    np.testing.assert_allclose(carried["Score"].astype(float), other.column(of="carried"), rtol=0, atol=1e-9)
    np.testing.assert_allclose(carried["Environment"].astype(float), other.column("air", of="carried"), atol=1e-9)
    np.testing.assert_allclose(shown["Score"].astype(float), other.column(), rtol=0, atol=1e-12)
    np.testing.assert_array_equal(shown["rank"].astype(float), other.ranks())
    np.testing.assert_array_equal(cells(book["ranks"])["Economy"].astype(float), other.ranks("economy"))
    assert tuple(shown["tier"]) == other.tiers()
    split = cells(book["contributions"], head=2)[["GDP per head", "每万人发明专利", "exports", "床位"]].astype(float)
    wanted = other.contributions().values[["economy/gdp", "economy/patents", "economy/exports", "beds"]]
    np.testing.assert_allclose(split.to_numpy(), wanted, rtol=0, atol=1e-9)
    top = cells(book["charts"])[:20]
    order = np.argsort(other.ranks(), kind="stable")[:20]
    assert top["unit"].tolist() == [other.labels[row] for row in order]
    tiers = cells(book["tiers"], head=2)
    assert tiers["units"].tolist() == [other.tiers().count(label) for label in tiers["tier"]]


def sorted_rows(sheet, order):
    """What sorting does to a sheet of units: a formula moves with its row, and what is relative in it moves too."""
    for place, row in enumerate(order.tolist()):
        for cell in sheet[row + 2]:
            new, value = f"{cell.column_letter}{place + 2}", cell.value
            if isinstance(value, str) and value.startswith("="):
                value = Translator(value, origin=cell.coordinate).translate_formula(new)
            yield sheet.title, new, value


def test_the_results_can_be_sorted(county_book, tmp_path):
    result, path = county_book
    order = np.argsort(result.ranks(), kind="stable")
    moved = [*sorted_rows(book_of(path)["results"], order), *changes(path, WEIGHTS)]
    other = ci.score(ci.with_weights(result.spec, WEIGHTS), county())
    book = recalculated(path, tmp_path, moved)
    shown = cells(book["results"])
    assert shown["code"].tolist() == [result.units[row] for row in order]
    np.testing.assert_allclose(shown["Score"].astype(float), other.column()[order], rtol=0, atol=1e-12)
    np.testing.assert_array_equal(shown["rank"].astype(float), other.ranks()[order])
    assert shown["tier"].tolist() == [other.tiers()[row] for row in order]
    np.testing.assert_array_equal(cells(book["ranks"])["Score"].astype(float), other.ranks())
    top = cells(book["charts"])[:20]
    best = np.argsort(other.ranks(), kind="stable")[:20]
    assert top["unit"].tolist() == [other.labels[row] for row in best]
    np.testing.assert_allclose(top["Score"].astype(float), other.column()[best], rtol=0, atol=1e-12)


@pytest.mark.parametrize(("step", "least"), [("{minmax: {to: [90, 100]}}", 0), ("zscore", None)])
def test_bars_begin_at_zero(tmp_path, step, least):
    path = ci.write_workbook(
        ci.score(SPEC.replace("{minmax: {to: [1, 100]}}", step), county()), tmp_path / "book.xlsx", language="en"
    )
    charts = book_of(path)["charts"]._charts
    assert [chart.x_axis.scaling.orientation for chart in charts] == ["maxMin", "maxMin"]
    assert [chart.y_axis.scaling.min for chart in charts] == [least, least]
    assert {chart.x_axis.crosses for chart in charts} == {"autoZero"}
    with zipfile.ZipFile(path) as archive:
        assert archive.read("xl/drawings/drawing1.xml").decode().count('descr="County index') == 2


def test_no_formula_is_longer_than_excel_takes(tmp_path):
    names = [f"indicator_{place}" for place in range(150)]
    spec = {"cityindex": 1, "id": "wide", "index": {"id": "score", "missing": {"impute": "mean"}, "children": names}}
    rng = np.random.default_rng(0)
    data = pd.DataFrame({"city": list("abcd"), **{name: rng.random(4) / 3 for name in names}})
    data.loc[0, names[:100]] = np.nan
    book = book_of(ci.write_workbook(ci.score(spec, data), tmp_path / "wide.xlsx"))
    longest = max(len(str(cell.value)) for sheet in book for row in sheet.iter_rows() for cell in row)
    assert longest < 8192
    assert "too many" in " ".join(cells(book["notes"])["message"])


def test_published_scores_that_are_no_formula_hold_the_charts(tmp_path):
    spec = SPEC.replace("publish: [{round: 1}]", "publish: [{round: {digits: 1, how: half even}}]")
    result = ci.score(spec, county())
    book = book_of(ci.write_workbook(result, tmp_path / "book.xlsx"))
    assert book["charts"]["D2"].value == result.column().max()
    assert "The charts show values" in " ".join(cells(book["notes"])["message"])


def test_notes_and_provenance_are_in_the_language(tmp_path):
    path = ci.write_workbook(ci.score(SPEC, county()), tmp_path / "book.xlsx", language="zh")
    book = book_of(path)
    assert set(cells(book["权重"])["来源"]) == {"公布", "等权（公布）"}
    notes = cells(book["备注"])
    assert set(notes["类别"]) == {"工作簿", "缺失"}
    assert "economy：3 个评价对象的缺失子项的权重由其余子项分担" in set(notes["内容"])
    assert cells(book["分档"], head=2).columns.tolist() == ["档", "下限", "个数"]


def test_sums_uses_and_lowest_first(tmp_path):
    spec = """
cityindex: 1
id: risk
unit: {key: city}
index:
  id: risk
  aggregate: sum
  rank: {first: lowest, ties: max}
  tiers: {cuts: [100, 200], labels: [low, middle, high]}
  children:
    - {id: a, aggregate: sum, weight: 2, publish: [{round: 0}], children: [{id: x, weight: 1}, {id: y, weight: -1}]}
    - {id: z, weight: 1}
also:
  - {id: second, children: [{use: a, of: published, weight: 1}, {use: z, weight: 3}]}
"""
    data = {"city": list("abcdef"), "x": [90.5, 80, 70, 60, 50, 80], "y": [1, 2, 30, 4, 5, 2], "z": [9, 8, 7, 6, 50, 8]}
    result = ci.score(spec, data)
    path = ci.write_workbook(result, tmp_path / "risk.xlsx")
    weights = {"risk": {"a": 1, "z": 4}, "a": {"x": 2, "y": -3}, "second": {"a": 5, "z": 1}}
    other = ci.score(ci.with_weights(result.spec, weights), data)
    titles = {name: name for name in ("risk", "a", "second", "x")}
    assert_shows(book_of(path, data_only=True), result, titles)
    assert_shows(recalculated(path, tmp_path, changes(path, weights)), other, titles)


def test_what_is_no_weighted_sum_holds_values_and_the_notes_say_so(tmp_path):
    spec = SPEC.replace("missing: {impute: mean}", "aggregate: geometric\n      missing: {impute: mean}")
    result = ci.score(spec, county())
    path = ci.write_workbook(result, tmp_path / "book.xlsx", language="zh")
    book = book_of(path)
    head = [cell.value for cell in book["计算"][2]]
    assert isinstance(book["计算"].cell(3, head.index("环境") + 1).value, float)
    assert str(book["计算"].cell(3, head.index("综合得分") + 1).value).startswith("=")
    notes = " ".join(cells(book["备注"])["内容"])
    assert "环境 的单元格是数值" in notes
    assert "geometric" in notes
    comment = book["计算"].cell(2, head.index("环境") + 1).comment.text
    assert "geometric" in comment


def test_contributions_below_a_held_group_follow_its_weight(tmp_path):
    spec = SPEC.replace("missing: {impute: mean}", "aggregate: harmonic")
    data = county().fillna(30.0)
    result = ci.score(spec, data)
    path = ci.write_workbook(result, tmp_path / "book.xlsx")
    weights = {"score": WEIGHTS["score"]}
    other = ci.score(ci.with_weights(result.spec, weights), data)
    assert_shows(recalculated(path, tmp_path, changes(path, weights)), other, TITLES)


def test_periods_are_ranked_apart(tmp_path):
    spec = SPEC.replace("label: 县市", "label: 县市, period: year")
    data = pd.concat([county(12, 1).assign(year=2023), county(12, 2).assign(year="2024")])
    data = data.fillna(9).iloc[np.random.default_rng(0).permutation(24)]
    result = ci.score(spec, data)
    path = ci.write_workbook(result, tmp_path / "book.xlsx")
    weights = {name: WEIGHTS[name] for name in ("score", "economy")}
    other = ci.score(ci.with_weights(result.spec, weights), data)
    book = recalculated(path, tmp_path, changes(path, weights))
    np.testing.assert_array_equal(cells(book["results"])["rank"].astype(float), other.ranks())
    np.testing.assert_array_equal(cells(book["ranks"])["Economy"].astype(float), other.ranks("economy"))
    assert "2024" in " ".join(cells(book["notes"])["message"])


def test_editions_are_values(tmp_path):
    spec = SPEC.replace("label: 县市", "label: 县市, period: year")
    spec = f"{spec}editions:\n  2024: {{economy: {{weight: 25%}}, air: {{weight: 50%}}}}\n"
    data = pd.concat([county(12, 1).assign(year="2023"), county(12, 2).assign(year="2024")])
    result = ci.score(spec, data.fillna(9))
    assert len(result.parts) == 2
    path = ci.write_workbook(result, tmp_path / "book.xlsx")
    book = book_of(path, data_only=True)
    np.testing.assert_allclose(cells(book["results"])["Score"].astype(float), result.column())
    assert "several editions" in " ".join(cells(book["notes"])["message"])
    assert isinstance(book_of(path)["results"]["D2"].value, float)


def test_a_table_that_enters_above_the_tree(tmp_path):
    printed = ci.load_published("digital-economy-city-2020")["score"][["name", "score"]]
    result = ci.score(ci.load_index("digital-economy-city-2020"), printed)
    path = ci.write_workbook(result, tmp_path / "book.xlsx", language="zh")
    book = recalculated(path, tmp_path)
    shown = cells(book["结果"])
    np.testing.assert_array_equal(shown["名次"].astype(float), result.ranks())
    assert tuple(shown["档"]) == result.tiers()
    assert shown["name"].tolist() == list(result.units)


NASTY = ['=HYPERLINK("http://x","y")', "+1", "-1+1", "@SUM(1)", "\t=1", "\r=2", "</script>\"'", "http://x", "007"]


def test_texts_do_not_run(tmp_path):
    spec = ci.replace(ci.load_spec(SPEC), "gdp", title="=1+1", note="@note")
    spec = ci.replace(spec, title={"zh": "=县", "en": "=cmd|' /C calc'!A0"})
    data = county(len(NASTY) + 11)
    data.loc[: len(NASTY) - 1, "县市"] = NASTY
    path = ci.write_workbook(ci.score(spec, data), tmp_path / "book.xlsx")
    book = book_of(path)
    names = [cell.value for cell in book["results"]["B"][1 : len(NASTY) + 1]]
    assert [str(name).strip() for name in names] == [name.strip() for name in NASTY]
    own = {name.strip() for name in NASTY} | {"=1+1"}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert not (cell.data_type == "f" and str(cell.value).strip() in own), (sheet.title, cell.coordinate)
    with zipfile.ZipFile(path) as archive:
        xml = "".join(archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name)
    assert "<f>HYPERLINK" not in xml
    assert "<hyperlink " not in xml


def test_uncertainty_has_a_sheet(county_book, tmp_path):
    result, _ = county_book
    found = ci.uncertainty(result, choices=ci.vary.weights(factor=0.2), draws=50, seed=1)
    book = book_of(ci.write_workbook(result, tmp_path / "book.xlsx", uncertainty=found))
    table = cells(book["uncertainty"])
    assert table["rank"].tolist() == sorted(result.ranks().tolist())
    assert len(book["uncertainty"]._charts) == 1
    other = ci.score(SPEC, county(seed=2).assign(code=lambda frame: "x" + frame["code"]))
    with pytest.raises(ci.TableError, match="not found for this result"):
        ci.write_workbook(other, tmp_path / "book.xlsx", uncertainty=found)


def test_the_spec_sheet_is_the_spec(county_book):
    result, path = county_book
    text = "\n".join(cell.value or "" for cell in book_of(path)["spec"]["A"])
    assert ci.load_spec(text) == result.spec


@pytest.mark.parametrize(
    ("path", "word"), [("x.xls", "as .xlsx"), ("none/x.xlsx", "no folder"), ("folder.xlsx", "it is a folder")]
)
def test_bad_paths(county_book, tmp_path, path, word):
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(ci.TableError, match=word):
        ci.write_workbook(county_book[0], tmp_path / path)


def test_control_characters_and_long_names_leave_a_file_that_opens(tmp_path):
    data = county().fillna(30.0)
    data.loc[[0, 1], "县市"] = ["a\x0bb\x00_x000D_", "长" * 40_000]
    path = ci.write_workbook(ci.score(SPEC, data), tmp_path / "book.xlsx")
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(archive.read(name))
    names = book_of(path, data_only=True)["results"]["B"]
    assert names[1].value == "a b _x000D_"
    assert names[2].value.endswith("… (40,000)")
    assert max(len(str(cell.value)) for cell in book_of(path, data_only=True)["charts"]["C"]) < 32_767


@pytest.mark.parametrize("other", [pd.DataFrame(), "result", None])
def test_only_a_result_is_written(tmp_path, other):
    with pytest.raises(ci.TableError, match="made of a Result"):
        ci.write_workbook(other, tmp_path / "x.xlsx")
    with pytest.raises(ci.TableError, match="made of a Spec"):
        ci.write_template(other, tmp_path / "x.xlsx")
    assert not list(tmp_path.iterdir())


def test_an_unknown_language(county_book, tmp_path):
    with pytest.raises(ci.NotFoundError, match="zh"):
        ci.write_workbook(county_book[0], tmp_path / "x.xlsx", language="zn")
    assert not list(tmp_path.iterdir())


def test_the_command_writes_it(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    county().to_csv("data.csv", index=False)
    assert main(["score", "spec.yaml", "data.csv", "-o", "out.xlsx", "--language", "zh"]) == 0
    assert book_of("out.xlsx").sheetnames[:2] == ["结果", "图表"]
    assert "24 units" in capsys.readouterr().err


def test_three_thousand_units_by_sixty_indicators(tmp_path):
    groups = [
        {"id": f"g{k}", "weight": 1, "missing": "reweight", "children": [f"g{k}x{j}" for j in range(10)]}
        for k in range(6)
    ]
    defaults = {"indicator": {"steps": ["minmax"]}}
    spec = {"cityindex": 1, "id": "big", "defaults": defaults, "index": {"id": "score", "children": groups}}
    rng = np.random.default_rng(0)
    data = pd.DataFrame({f"g{k}x{j}": rng.random(3000) for k in range(6) for j in range(10)})
    data = data.mask(rng.random(data.shape) < 0.02)
    data.insert(0, "city", [f"c{k}" for k in range(3000)])
    result = ci.score(spec, data)
    path = ci.write_workbook(result, tmp_path / "big.xlsx")
    assert ci.read_table(path, sheet="results").to_frame()["city"].tolist() == list(result.units)
