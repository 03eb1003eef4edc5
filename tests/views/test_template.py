"""The empty table: it has the columns that a spec reads, says what they are, and scores once it is filled."""

from __future__ import annotations

import warnings

import numpy as np
import openpyxl
import pytest

import cityindex as ci
from cityindex.cli import main
from cityindex.table import match

SPEC = """
cityindex: 1
id: county
title: {zh: 县域发展指数, en: County index}
unit: {kind: county, key: code, label: 县市, period: year}
reference: {year: 2023}
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  title: {zh: 综合得分, en: Score}
  children:
    - {id: exports, column: 出口, per: gdp, weight: 40%, title: 出口依存度, measured_in: 亿元, note: =海关}
    - {id: gdp, weight: 30%, title: {zh: 地区生产总值, en: GDP}, where: {region: [east, west]}}
    - {id: smoke, weight: 30%, direction: less, title: '@PM2.5', steps: [{zscore: {within: region}}]}
    - {id: bonus, weight: 0%, value: 5, steps: []}
"""


def book_of(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path)


def header(sheet):
    return [cell.value for cell in sheet[1]]


@pytest.fixture
def county(tmp_path):
    return ci.write_template(ci.load_spec(SPEC), tmp_path / "data.xlsx", language="zh")


def test_it_has_the_columns_that_are_read_each_once(county):
    names = header(book_of(county).worksheets[0])
    assert names == ["code", "县市", "year", "region", "出口", "gdp", "smoke"]


def test_comments_and_guide_say_what_they_are(county):
    data, guide = book_of(county).worksheets
    comments = {cell.value: cell.comment.text for cell in data[1]}
    assert "出口依存度" in comments["出口"]
    assert "计量单位: 亿元" in comments["出口"]
    assert "除以列 gdp" in comments["出口"]
    assert "分母" in comments["gdp"]
    assert "越小越好" in comments["smoke"]
    assert "地区生产总值 只适用于：east, west" in comments["region"]
    assert "@PM2.5 按它分组计算" in comments["region"]
    assert "2023" in comments["year"]
    rows = {row[0]: row for row in guide.iter_rows(min_row=8, values_only=True)}
    assert set(rows) == set(comments)
    assert rows["出口"][6].splitlines() == ["=海关", "除以列 gdp"]
    assert all(cell.data_type != "f" for sheet in (data, guide) for row in sheet.iter_rows() for cell in row)


def test_only_numbers_are_taken_where_numbers_are_wanted(county):
    data = book_of(county).worksheets[0]
    checked = {str(each.sqref).rstrip("0123456789:").split(":")[0][0] for each in data.data_validations.dataValidation}
    assert checked == {"E", "F", "G"}
    assert {each.type for each in data.data_validations.dataValidation} == {"decimal"}
    assert data.column_dimensions["A"].number_format == "@" or data.column_dimensions["A"].has_style


def test_filled_in_it_scores(county, capsys):
    (county.parent / "spec.yaml").write_text(SPEC, encoding="utf-8")
    book = book_of(county)
    rng = np.random.default_rng(0)
    for place in range(8):
        region, year = ("east", "west")[place % 2], ("2023", "2024")[place // 4]
        book.worksheets[0].append([f"00{place % 4}", f"={place % 4}县", year, region, *rng.uniform(1, 9, 3).tolist()])
    book.save(county)
    out = county.parent / "out.json"
    assert main(["score", str(county.parent / "spec.yaml"), str(county), "-o", str(out)]) == 0, capsys.readouterr().err
    assert '"000"' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("entry", [entry.id for entry in ci.list_indices()])
def test_every_shipped_index_finds_all_its_columns_again(entry, tmp_path):
    spec = ci.load_index(entry)
    path = ci.write_template(spec, tmp_path / "data.xlsx")
    book = book_of(path)
    book.worksheets[0].append(range(1, len(header(book.worksheets[0])) + 1))
    book.save(path)
    found = match(spec, ci.read_table(path))
    assert found.keys == ["1"]
    assert not [note for note in found.notes if note.kind == "unused"]
    assert {group.id for group in spec.groups if group.unprinted} >= set(found.given)


def test_unpublished_weights_ask_for_the_group_or_take_weights(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["template", "tech-capability-2021", "-o", "data.xlsx", "--language", "zh"]) == 0
    assert "cityindex score" in capsys.readouterr().err
    data = book_of("data.xlsx").worksheets[0]
    assert header(data) == ["name", "technology", "economy", "governance", "livelihood"]
    assert "权重 未公布" in data["B1"].comment.text
    spec = ci.load_index("tech-capability-2021")
    own = "\n".join(f"  {child.id}: 1" for child in spec["technology"].children)
    (tmp_path / "weights.yaml").write_text(f"technology:\n{own}\n", encoding="utf-8")
    assert main(["template", "tech-capability-2021", "-o", "more.xlsx", "--weights", "weights.yaml"]) == 0
    assert "incubators" in header(book_of("more.xlsx").worksheets[0])
    assert "more.xlsx --weights weights.yaml" in capsys.readouterr().err


def test_the_guide_names_what_can_be_run(county, tmp_path):
    assert "cityindex score SPEC.yaml" in book_of(county).worksheets[1]["A5"].value
    path = ci.write_template(ci.load_index("tech-capability-2021"), tmp_path / "tech.xlsx")
    assert "cityindex score tech-capability-2021" in book_of(path).worksheets[1]["A5"].value


def test_editions_bring_their_own_columns(tmp_path):
    spec = SPEC + "editions:\n  2024: {smoke: {column: smoke_new}}\n"
    data = book_of(ci.write_template(ci.load_spec(spec), tmp_path / "data.xlsx")).worksheets[0]
    comments = {cell.value: cell.comment.text for cell in data[1]}
    assert "editions 2024 only" in comments["smoke_new"]
    assert "only" not in comments["smoke"]


def test_a_key_of_its_own_where_the_spec_names_none(tmp_path):
    spec = ci.load_spec("cityindex: 1\nid: two\nunit: city\nindex: {id: score, children: [city, b]}")
    path = ci.write_template(spec, tmp_path / "data.xlsx")
    book = book_of(path)
    names = header(book.worksheets[0])
    assert len(names) == 3
    book.worksheets[0].append(["昆山", 1, 3])
    book.save(path)
    assert ci.score(spec, path).column().tolist() == [2.0]


@pytest.mark.parametrize(
    "arguments", [["-o", "data.csv"], ["-o", "none/data.xlsx"], ["-o", "d.xlsx", "--language", "fr"]]
)
def test_bad_arguments(arguments, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["template", "tech-capability-2021", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err
