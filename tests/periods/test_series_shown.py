"""Series on the command line and in a notebook."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import cityindex as ci
from cityindex.cli import main

SPEC = """
cityindex: 1
id: p
title: {zh: 指数, en: Index}
unit: {kind: city, key: city, label: name, period: year}
index:
  id: score
  children:
    - {id: a, weight: 1, goalposts: [0, 10], steps: [{goalposts: {to: [0, 100]}}]}
    - {id: b, weight: 1, goalposts: [0, 10], steps: [{goalposts: {to: [0, 100]}}]}
editions:
  2021: {a: {weight: 3}}
"""
DATA = pd.DataFrame(
    {
        "city": ["1", "2", "1", "2", "1", "2", "3"],
        "name": ["甲", "<b>", "甲", "<b>", "甲", "<b>", "丙"],
        "year": [2021, 2021, 2022, 2022, 2023, 2023, 2023],
        "a": [2.0, 4, 3, 4, 3, 12, 1],
        "b": [2.0, 4, 5, 8, 6, 8, 1],
        "people": [1.0, 3, 1, 3, 2, 3, 1],
    }
)


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p.yaml").write_text(SPEC, encoding="utf-8")
    DATA.to_csv("p.csv", index=False)
    return tmp_path


def run(capsys, *arguments, code=0):
    found = main(list(arguments))
    out, err = capsys.readouterr()
    assert found == code, err
    return out, err


def test_the_command_prints_a_series_and_its_notes(files, capsys):
    out, err = run(capsys, "series", "p.yaml", "p.csv", "--chain", "--base", "2022")
    assert out.splitlines()[0].startswith("score: chain, 100 in 2022")
    rows = [line.split() for line in out.splitlines()[2:]]
    assert rows[0] == ["city", "label", "2021", "2022", "2023"]
    assert rows[1] == ["1", "甲", "50", "100", "112.5"]
    assert rows[-1] == ["mean", "60", "100", "135"]
    assert "note: without a score in 2022, so without index numbers: 3" in err
    assert "note: a: outside the goalposts (0 to 10): 2023: 1 unit above 10 (held): 2" in err


def test_the_command_prints_changes_csv_and_json(files, capsys):
    out, _ = run(capsys, "series", "p.yaml", "p.csv", "--chain", "--changes", "--format", "csv")
    assert out.splitlines()[:2] == ["city,label,2022,2023", "1,甲,200.0,112.5"]
    out, _ = run(capsys, "series", "p.yaml", "p.csv", "--chain", "--mean-by", "people", "--format", "json")
    found = json.loads(out)
    assert found["units"][0] == {"city": "1", "label": "甲", "2021": 100.0, "2022": 200.0, "2023": 225.0}
    assert found["units"][2]["2023"] is None
    assert found["total"]["2022"] == pytest.approx(100 * (40 + 3 * 60) / (20 + 3 * 40))
    assert [link["scheme"] for link in found["links"]] == ["p", "p"]
    assert found["base"] == "2021"


def test_the_command_writes_a_file_whole_and_measures_points(files, capsys):
    run(capsys, "series", "p.yaml", "p.csv", "--chain", "--difference", "--base-value", "0", "-o", "out.csv")
    frame = pd.read_csv("out.csv", dtype={"city": "str"}, encoding="utf-8-sig")
    assert frame["2023"].tolist()[:2] == [25.0, 50.0]
    _, err = run(capsys, "series", "p.yaml", "p.csv", "-o", "p.csv", code=2)
    assert "read as input" in err


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        ((), ["chain_index", "edition 2021"], 2),
        (("--chain", "--base", "2019"), ["no period '2019'", "Did you mean '2022'", "2021"], 2),
        (("--chain", "--node", "scor"), ["'scor'", "'score'"], 2),
        (("--chain", "--mean-by", "peple"), ["'peple'", "'people'"], 2),
    ],
)
def test_the_command_tells_what_it_cannot_do(files, capsys, arguments, words, code):
    _, err = run(capsys, "series", "p.yaml", "p.csv", *arguments, code=code)
    assert any(word in err for word in words), err
    assert "Traceback" not in err


def test_a_card_in_both_languages(files):
    series = ci.chain_index(ci.score(SPEC, DATA))
    card = ci.show(series)
    for word in ("指数序列", "链式：100（2021），逐期相乘", "甲", "&lt;b&gt;", "退出", "新进入：3", "200"):
        assert (word in card) is (word != "退出"), word
    english = ci.show(series, language="en")
    assert "chain: 100 in 2021, times each change" in english
    assert "<b>" not in english.split("<tbody>")[1].replace("<b>平均", "").split("甲")[1]
    by = ci.chain_index(ci.score(SPEC, DATA), how="difference", weights="people")
    assert "按 people 加权的平均" in by._repr_html_()
    fixed = ci.base_index(ci.score(ci.replace(ci.load_spec(SPEC), editions=None), DATA), 2022)
    assert "定基：100 × 得分 ÷ 2022 的得分" in ci.show(fixed)


def test_a_card_folds_what_is_long_and_stays_small():
    rows = [(f"c{unit:03d}", year, 1.0 + unit + year % 7) for year in (2021, 2022) for unit in range(400)]
    data = pd.DataFrame(rows, columns=["city", "year", "a"])
    spec = {
        "cityindex": 1,
        "id": "p",
        "unit": {"key": "city", "period": "year"},
        "index": {"id": "s", "children": ["a"]},
    }
    card = ci.show(ci.base_index(ci.score(spec, data)))
    assert "and 380 more" in card
    assert "100 more are not shown" in card
    assert len(card) < 60_000


def test_a_long_series_is_cut_in_text():
    rows = [(f"c{unit:02d}", year, 1.0 + unit) for year in (2021, 2022) for unit in range(20)]
    data = pd.DataFrame(rows, columns=["city", "year", "a"])
    spec = {
        "cityindex": 1,
        "id": "p",
        "unit": {"key": "city", "period": "year"},
        "index": {"id": "s", "children": ["a"]},
    }
    series = ci.base_index(ci.score(spec, data))
    text = str(series)
    assert "… 8 more" in text
    assert text.splitlines()[0] == "s: fixed base, 2021 = 100 (20 units, 2021 to 2022)"
    assert repr(series) == "IndexSeries('s', fixed base, 2021 = 100, 20 units)"
