"""What a newcomer's review of the command line and of tables found: each stays mended."""

from __future__ import annotations

import json
import warnings

import openpyxl
import pandas as pd
import pytest

from cityindex import TableError, read_table
from cityindex.cli import main

SPEC = """\
cityindex: 1
id: small
unit: {kind: city, key: city}
defaults: {indicator: {steps: [{minmax: {to: [0, 100]}}]}}
index:
  id: score
  missing: propagate
  children:
    - {id: gdp, weight: 60%}
    - id: safety
      weight: 40%
      children: [{id: crime, direction: less}, police]
"""
DATA = "city,gdp,crime,police\n=1+1,1,5,1\n乙市,3,9,2\n丙市,2,7,4\n丁市,,7,3\n"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(capsys, *arguments, status=0):
    assert main(list(arguments)) == status
    return capsys.readouterr()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_unit_without_a_score_is_printed_with_an_empty_rank(capsys, form):
    out = run(capsys, "score", "spec.yaml", "data.csv", "--format", form).out
    assert "丁市" in out
    assert "NA" not in out.replace("NaN", "NA")


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "json"])
def test_a_unit_without_a_score_is_written(capsys, files, kind):
    run(capsys, "score", "spec.yaml", "data.csv", "-o", f"结果 1.{kind}")
    assert (files / f"结果 1.{kind}").stat().st_size > 0


def test_a_unit_that_looks_like_a_formula_is_told_in_csv_and_is_text_in_a_workbook(capsys, files):
    err = run(capsys, "score", "spec.yaml", "data.csv", "-o", "out.csv").err
    assert "1 text begins like a formula (first: '=1+1')" in err
    assert pd.read_csv("out.csv", encoding="utf-8-sig")["city"][0] == "=1+1"
    assert "formula" not in run(capsys, "score", "spec.yaml", "data.csv", "-o", "out.xlsx").err
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*extension is not supported")  # the bars in the cells
        cell = openpyxl.load_workbook("out.xlsx").active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


@pytest.mark.parametrize("name", ["data.csv", "./data.csv"])
def test_the_input_is_never_overwritten(capsys, files, name):
    assert "read as input" in run(capsys, "score", "spec.yaml", "data.csv", "-o", name, status=2).err
    assert (files / "data.csv").read_text(encoding="utf-8") == DATA


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("score", "spec.yaml", "data.csv", "-o", "nowhere/out.csv"), "there is no folder nowhere"),
        (("score", "spec.yaml", "data.csv", "-o", "."), "it is a folder"),
        (("calibrate", "spec.yaml", "data.csv", "-o", "nowhere/c.json"), "there is no folder nowhere"),
        (("calibrate", "spec.yaml", "data.csv", "-o", "c.csv"), "Known: '.json'"),
        (("explain", "spec.yaml", "data.csv", "乙市", "--to", "²"), "tier"),
        (("explain", "spec.yaml", "data.csv", "乙市", "--to", "1", "--format", "csv"), "--format table or json"),
    ],
)
def test_bad_usage_is_told_before_anything_is_printed(capsys, arguments, words):
    captured = run(capsys, *arguments, status=2)
    assert words in captured.err
    assert captured.out == ""
    assert ".out-" not in captured.err


def test_a_failure_while_writing_is_told_by_the_name_of_the_file(capsys, monkeypatch):
    def fail(*arguments, **options):
        raise PermissionError(13, "Permission denied", "/hidden/.out-x1.csv")

    monkeypatch.setattr("cityindex.cli.output.replacing", fail)
    err = run(capsys, "score", "spec.yaml", "data.csv", "-o", "out.csv", status=2).err
    assert "cannot write out.csv: Permission denied" in err


def test_explain_as_json_is_one_document_and_keeps_the_notes(capsys):
    done = run(capsys, "explain", "spec.yaml", "data.csv", "乙市", "--to", "1", "--format", "json")
    assert set(json.loads(done.out)) == {"explanation", "gap"}
    assert "note: score: no value" in done.err


def test_the_columns_of_the_tree_line_up(capsys):
    lines = run(capsys, "show", "spec.yaml").out.splitlines()
    start = next(line for line in lines if line.startswith("node")).index("method")
    assert all(line[start - 2 : start] == "  " for line in lines[2:] if len(line) > start)


def test_an_alias_that_the_table_does_not_have_is_noted(capsys):
    err = run(capsys, "score", "spec.yaml", "data.csv", "--alias", "gdp=GPD").err
    assert "note: --alias gdp=GPD: data.csv has no column 'GPD'" in err


def test_help_shows_optional_arguments_once_and_the_exit_status(capsys):
    assert "[[" not in run(capsys, "check", "--help").out
    top = run(capsys, "--help").out
    assert "Exit status" in top
    assert "..." not in top.replace("[ARGS]...", "")


@pytest.mark.parametrize("options", [{"encoding": 3}, {"aliases": {"gdp": 3}}, {"key": 3}])
def test_options_of_the_wrong_kind_are_told(options):
    with pytest.raises(TableError, match="is wanted"):
        read_table("data.csv", **options)


def test_one_row_without_a_key_is_one_row(capsys, files):
    (files / "data.csv").write_text(DATA.replace("乙市", ""), encoding="utf-8")
    assert "(row 3)" in run(capsys, "check", "spec.yaml", "data.csv", status=2).err
