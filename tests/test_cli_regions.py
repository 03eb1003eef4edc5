"""The command ``regions``: what it prints and writes, and one clear message for whatever is wrong."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cityindex.cli import main

SPEC = """\
cityindex: 1
id: small
unit: {kind: city, key: city}
index:
  id: score
  tiers: {cuts: [4], labels: [高, 低]}
  children: [gdp_growth, school]
"""
DATA = """\
city,province,area,gdp,gdp_growth,school
甲市,江苏,苏南,100,1,2
乙市,江苏,苏北,50,3,4
丙市,浙江,浙北,70,2,8
丁市,,,20,6,3
"""


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(capsys, *options, status=0):
    assert main(["regions", "spec.yaml", "data.csv", *options]) == status
    return capsys.readouterr()


def test_the_page(capsys):
    out = run(capsys, "--by", "province", "--weights", "gdp").out
    for words in ("score by province, weighted by gdp", "浙江", "Theil T", "note: 1 unit with no province"):
        assert words in out


def test_several_levels_and_first_places(capsys):
    out = run(capsys, "--by", "province", "--by", "area", "--top", "1", "--top", "2").out
    assert "score by province/area" in out
    assert "top_1  top_2" in out


def test_one_table_as_csv(capsys):
    printed = run(capsys, "--by", "province", "--table", "counts", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(printed.out)))
    assert [row["province"] for row in rows] == ["浙江", "江苏", "(none)", "total"]
    assert [row["高"] for row in rows] == ["1", "0", "1", "2"]
    assert "1 unit with no province" in printed.err


def test_csv_without_a_name_is_the_means(capsys):
    printed = run(capsys, "--by", "province", "--format", "csv").out
    assert printed.splitlines()[0] == "province,units,without_score,mean,median,lowest,highest"


def test_json_holds_every_table(capsys):
    tables = json.loads(run(capsys, "--by", "province", "--format", "json").out)
    assert list(tables) == ["means", "ranks", "counts", "shares", "quotients", "dispersion", "parts"]
    assert tables["means"][0] == {
        **{"province": "浙江", "units": 1, "without_score": 0, "mean": 5.0},
        **{"median": 5.0, "lowest": 5.0, "highest": 5.0},
    }


def test_files(capsys, files):
    run(capsys, "--by", "province", "-o", "out.json")
    assert next(iter(json.loads((files / "out.json").read_text(encoding="utf-8")))) == "means"
    run(capsys, "--by", "province", "--table", "shares", "-o", "out.csv")
    assert (files / "out.csv").read_text(encoding="utf-8-sig").startswith("province,units,高,低")
    run(capsys, "--by", "province", "--weights", "gdp", "-o", "out.xlsx")
    import openpyxl

    book = openpyxl.load_workbook(files / "out.xlsx")
    assert book.sheetnames == ["means", "ranks", "counts", "shares", "quotients", "dispersion", "parts"]
    assert book["means"]["A2"].value == "浙江"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--by", "provnce", "--weights", "gpd"], ["'provnce'. Did you mean 'province'", "'gpd'. Did you mean 'gdp'"]),
        (["--by", "province", "--table", "mean"], ["Did you mean 'means'"]),
        (["--by", "province", "--table", "convergence"], ["has no periods"]),
        (["--by", "province", "-o", "out.txt"], ["the kind .txt is not known"]),
        (["--by", "province", "-o", "data.csv"], ["read as input"]),
        ([], ["--by"]),
    ],
)
def test_what_is_wrong_is_told_in_words(capsys, options, words):
    error = run(capsys, *options, status=2).err
    for word in words:
        assert word in error
    assert "Traceback" not in error
