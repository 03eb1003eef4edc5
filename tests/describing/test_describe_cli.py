"""The command `describe`."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cityindex.cli import main

SPEC = """
cityindex: 1
id: cities
unit: {key: city}
index: {id: score, children: [{id: gdp, steps: [minmax]}, {id: jobs, steps: [minmax]}]}
"""
DATA = "city,gdp,jobs\n甲,1,2\n乙,2,4.5\n丙,4,7\n丁,,3\n"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    (tmp_path / "whole.csv").write_text(DATA.replace("丁,,3\n", ""), encoding="utf-8")


def run(capsys, *arguments, status=0):
    assert main(["describe", *arguments]) == status
    return capsys.readouterr()


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_the_page(capsys):
    out = run(capsys, "spec.yaml", "data.csv").out
    assert out.startswith("cities: 4 units, 2 indicators in 1 group; 1 of 8 cells are missing (12.5%), 3 units")
    assert "丁: 1 of 2 indicators (50%)" in out


def test_a_table_that_is_refused_is_described_and_told_of_when_it_has_to_be_scored(capsys):
    assert "gdp" in run(capsys, "spec.yaml", "data.csv", "--scored", status=2).err
    out = run(capsys, "spec.yaml", "whole.csv", "--scored").out
    assert "(a result)" in out


def test_json_holds_every_table(capsys):
    found = json.loads(run(capsys, "spec.yaml", "data.csv", "--format", "json").out)
    assert list(found) == ["index", "columns", "units", "flags", "alpha"]
    assert found["columns"][0]["missing"] == 1
    assert found["columns"][0]["skewness"] == pytest.approx(0.9352, abs=1e-4)
    assert found["columns"][0]["kurtosis"] is None  # of three numbers


def test_csv_is_the_columns(capsys):
    found = rows(run(capsys, "spec.yaml", "data.csv", "--format", "csv").out)
    assert [row["node"] for row in found] == ["gdp", "jobs"]
    assert found[0]["flags"] == "missing in 1 of 4 units"


@pytest.mark.parametrize(
    ("part", "first"),
    [("columns", "node"), ("units", "city"), ("groups", "city"), ("correlations", "node"), ("flags", "kind")],
)
def test_one_table(capsys, part, first):
    found = run(capsys, "spec.yaml", "data.csv", "--part", part, "--format", "csv").out
    assert found.split(",")[0] == first


def test_correlations(capsys):
    found = rows(run(capsys, "spec.yaml", "data.csv", "--correlations", "--method", "kendall", "--format", "csv").out)
    assert float(found[0]["jobs"]) == 1
    assert "gdp" in run(capsys, "spec.yaml", "data.csv", "--correlations", "--of", "score").out
    assert "score" in run(capsys, "spec.yaml", "data.csv", "--correlations", "--of", "scor", status=2).err


def test_of_is_for_columns_and_correlations(capsys):
    found = rows(run(capsys, "spec.yaml", "data.csv", "--part", "columns", "--of", "score", "--format", "csv").out)
    assert [row["node"] for row in found] == ["gdp", "jobs"]
    assert "--part columns" in " ".join(run(capsys, "spec.yaml", "data.csv", "--of", "score", status=2).err.split())


@pytest.mark.parametrize("arguments", [("--part", "colums"), ("--method", "pearsn"), ("--format", "text")])
def test_wrong_words_are_bad_usage(capsys, arguments):
    assert "Traceback" not in run(capsys, "spec.yaml", "data.csv", *arguments, status=2).err
