"""The command ``places``."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from cityindex.cli import main


@pytest.fixture
def cities(tmp_path):
    path = tmp_path / "cities.csv"
    path.write_text("name,prov,gdp\n昆山市,江苏,1\n朝阳区,吉林,2\n海门市,江苏,3\n", encoding="utf-8")
    return path


def test_single_names(capsys):
    assert main(["places", "--name", "昆山", "--name", "朝阳区"]) == 1
    out = capsys.readouterr().out
    assert "320583" in out
    assert "'朝阳区' is ambiguous" in out
    assert main(["places", "--name", "朝阳区", "--province", "吉林"]) == 0


def test_a_table_is_written_with_its_codes(cities, tmp_path, capsys):
    target = tmp_path / "out.csv"
    arguments = [
        "places",
        str(cities),
        "--column",
        "name",
        "--province",
        "prov",
        "--level",
        "county",
        "-o",
        str(target),
    ]
    assert main(arguments) == 0
    frame = pd.read_csv(target, dtype=str, encoding="utf-8-sig")
    assert frame["code"].tolist() == ["320583", "220104", "320614"]
    assert frame.columns[:3].tolist() == ["name", "prov", "gdp"]
    assert frame["place_name"].tolist() == ["昆山市", "朝阳区", "海门区"]
    assert "3 of 3 names resolved (100.0%)" in capsys.readouterr().out


def test_refused_names_exit_with_1_and_are_written_all_the_same(cities, tmp_path, capsys):
    target = tmp_path / "out.json"
    assert main(["places", str(cities), "--column", "name", "-o", str(target)]) == 1
    rows = json.loads(target.read_text(encoding="utf-8"))
    assert [row["status"] for row in rows] == ["exact", "ambiguous", "former"]
    assert "candidates: 北京市朝阳区" in capsys.readouterr().out


def test_no_column_of_the_table_is_written_over(tmp_path):
    table, target = tmp_path / "own.csv", tmp_path / "out.csv"
    table.write_text("name,code,place_code\n昆山市,x,y\n", encoding="utf-8")
    assert main(["places", str(table), "--column", "name", "-o", str(target)]) == 0
    row = pd.read_csv(target, dtype=str, encoding="utf-8-sig").iloc[0]
    assert row[["name", "code", "place_code", "place_place_code"]].tolist() == ["昆山市", "x", "y", "320583"]


@pytest.mark.parametrize("form", ["csv", "json"])
def test_formats(cities, form, capsys):
    assert main(["places", str(cities), "--column", "name", "--province", "prov", "--format", form]) == 0
    out = capsys.readouterr().out
    found = [row["code"] for row in json.loads(out)] if form == "json" else [
        line.split(",")[1] for line in out.splitlines()[1:]
    ]  # fmt: skip
    assert found == ["320583", "220104", "320614"]


def test_a_gazetteer_of_ones_own(tmp_path, capsys):
    path = tmp_path / "lands.csv"
    path.write_text("code,name\nD1,Bayern\n", encoding="utf-8")
    assert main(["places", "--name", "Bayern", "--gazetteer", str(path)]) == 0
    assert "D1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "give a table and --column, or --name"),
        (["cities.csv"], "--column says which column"),
        (["cities.csv", "--name", "昆山"], "give a table and --column, or --name"),
        (["cities.csv", "--column", "nam"], "Did you mean 'name'"),
        (["cities.csv", "--column", "name", "--province", "province"], "no column 'province'"),
        (["nothing.csv", "--column", "name"], "nothing.csv"),
        (["--name", "昆山", "--level", "country"], "Did you mean 'county'"),
        (["--name", "昆山", "-o", "x.csv"], "--output writes a table"),
        (["cities.csv", "--column", "name", "-o", "cities.csv"], "it is read as input"),
        (["cities.csv", "--column", "name", "-o", "x.doc"], "the kind .doc is not known"),
        (["--name", "昆山", "--gazetteer", "cities.csv"], "no column 'code'"),
    ],
)
def test_bad_usage(arguments, words, cities, monkeypatch, capsys):
    monkeypatch.chdir(cities.parent)
    assert main(["places", *arguments]) == 2
    told = capsys.readouterr()
    assert words in told.err + told.out
