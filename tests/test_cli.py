"""The command line: every command, every format, and one clear message for whatever is wrong."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from cityindex.cli import main

SPEC = """\
cityindex: 1
id: small
title: {zh: 小指数, en: Small index}
unit: {kind: city, key: city}
index:
  id: score
  publish: [{round: 1}]
  tiers: {cuts: [50], labels: [上, 下]}
  children:
    - {id: gdp, weight: 60%, steps: [{minmax: {to: [0, 100]}}]}
    - {id: crime, weight: 40%, direction: less, steps: [{minmax: {to: [0, 100]}}]}
"""
DATA = "city,gdp,crime\n甲市,1,5\n乙市,3,9\n丙市,2,7\n"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(capsys, *arguments, status=0):
    assert main(list(arguments)) == status
    return capsys.readouterr()


def test_list_and_show(capsys):
    out = run(capsys, "list").out
    assert "digital-economy-city-2020" in out
    assert "tech-capability-2021" in out
    rows = json.loads(run(capsys, "list", "--format", "json").out)
    assert {row["id"]: row["indicators"] for row in rows}["digital-economy-city-2020"] == 46
    tree = run(capsys, "show", "digital-economy-city-2020").out
    assert "35%" in tree
    assert "inferred" in tree
    assert "城市服务" in tree


def test_show_in_one_language(capsys):
    english = run(capsys, "show", "digital-economy-city-2020", "--language", "en").out
    assert "City services" in english
    assert "城市服务" not in english
    assert "arithmetic (assumed)" in english


def test_list_groups_by_source(capsys):
    blocks = run(capsys, "list").out.split("\n\n")
    (block,) = [block for block in blocks if "digital-economy-city-2020" in block]
    assert "新华三" in block.splitlines()[0]
    assert "tech-capability-2021" not in block


def test_score_prints_and_writes_every_kind(capsys, files):
    assert "乙市" in run(capsys, "score", "spec.yaml", "data.csv").out
    for kind, read in {
        "csv": lambda path: pd.read_csv(path, encoding="utf-8-sig"),
        "xlsx": lambda path: pd.read_excel(path, engine="calamine"),
        "parquet": pd.read_parquet,
        "json": lambda path: pd.DataFrame(json.loads(path.read_text(encoding="utf-8"))),
    }.items():
        out = files / f"out.{kind}"
        run(capsys, "score", "spec.yaml", "data.csv", "-o", str(out))
        frame = read(out)
        assert list(frame.columns) == ["city", "score", "rank", "tier"]
        assert frame["score"].tolist() == [40, 60, 50]
        assert frame["rank"].tolist() == [3, 1, 2]
        assert frame["tier"].tolist() == ["下", "上", "上"]
    assert sorted(path.name for path in files.iterdir() if path.name.startswith(".")) == []


def test_calibrate_then_score_one_city_alone(capsys, files):
    run(capsys, "calibrate", "spec.yaml", "data.csv", "-o", "learned.json")
    (files / "one.csv").write_text("city,gdp,crime\n丁市,2,5\n", encoding="utf-8")
    out = run(capsys, "score", "spec.yaml", "one.csv", "--calibration", "learned.json", "--format", "csv").out
    assert out == "city,score,rank,tier\n丁市,70.0,1,上\n"
    by_reference = run(capsys, "score", "spec.yaml", "one.csv", "--reference", "data.csv", "--format", "csv").out
    assert by_reference == out


def test_explain_with_a_gap(capsys):
    out = run(capsys, "explain", "spec.yaml", "data.csv", "丙市", "--to", "1").out
    assert "rank 2 of 3" in out
    assert "column gdp 2" in out
    assert "would have to move" in out
    rows = json.loads(run(capsys, "explain", "spec.yaml", "data.csv", "丙市", "--format", "json").out)
    assert [row["node"] for row in rows] == ["score", "gdp", "crime"]


def test_methods_and_schema(capsys):
    out = run(capsys, "methods").out
    for word in ("minmax", "geometric", "ahp", "natural_breaks", "reweight", "options:", "source:"):
        assert word in out
    frame = json.loads(run(capsys, "methods", "tiering", "--format", "json").out)
    assert {row["kind"] for row in frame} == {"tiering"}
    assert json.loads(run(capsys, "schema").out)["$schema"].startswith("https://json-schema.org/")


def test_check_tells_what_is_fine_and_what_is_not(capsys, files):
    assert "3 units" in run(capsys, "check", "spec.yaml", "data.csv").out
    (files / "gaps.csv").write_text(DATA.replace("1,5", ",5"), encoding="utf-8")
    err = run(capsys, "check", "spec.yaml", "gaps.csv", status=1).err
    assert "甲市" in err
    assert "gdp" in err


def test_check_tells_of_a_total_where_its_cells_are_missing(capsys, files):
    (files / "data.csv").write_text(DATA + "合计,6,\n", encoding="utf-8")
    err = run(capsys, "check", "spec.yaml", "data.csv", status=1).err.splitlines()
    assert err[1].startswith("  unit 合计, crime: missing")
    assert err[2:] == [
        "note: unit 合计 (row 5) is named like a total, and is scored like any other: is it one of them?"
    ]


def test_a_spec_that_an_editor_saved_as_text_is_named(capsys, files):
    (files / "mine.yaml.txt").write_text(SPEC, encoding="utf-8")
    err = run(capsys, "check", "mine.yaml", status=2).err
    assert err == "cityindex: no file 'mine.yaml', but 'mine.yaml.txt': take the .txt off its name\n"


def test_user_weights_for_an_index_that_prints_none(capsys, files):
    open_spec = SPEC.replace("weight: 60%, ", "").replace("weight: 40%, ", "")
    open_spec = open_spec.replace("  publish:", "  weights: unpublished\n  publish:")
    (files / "open.yaml").write_text(open_spec, encoding="utf-8")
    assert "weights" in run(capsys, "score", "open.yaml", "data.csv", status=2).err
    (files / "weights.yaml").write_text("score: {gdp: 60%, crime: 40%}\n", encoding="utf-8")
    out = run(capsys, "score", "open.yaml", "data.csv", "--weights", "weights.yaml", "--format", "csv").out
    assert "乙市,60.0,1" in out


BAD_SPECS = {
    "a typo in a key": (SPEC.replace("children", "childern"), "childern"),
    "a typo in a method": (SPEC.replace("minmax", "minmx", 1), "minmax"),
    "a wrong sum": (SPEC.replace("60%", "50%"), "90%"),
    "a duplicate id": (SPEC.replace("id: crime", "id: gdp"), "gdp"),
    "a tab": (SPEC.replace("  id: score", "\tid: score"), "tab"),
    "an open bracket": (SPEC.replace("[0, 100]}}]}", "[0, 100}}]}", 1), ""),
    "a negative weight": (SPEC.replace("60%", "-60%"), "-60%"),
    "a weight that is no number": (SPEC.replace("60%", ".nan"), "weight"),
    "an unknown version": (SPEC.replace("cityindex: 1", "cityindex: 7"), "7"),
    "a python tag": (SPEC.replace("id: small", "id: !!python/object/apply:os.system [ls]"), "tag"),
    "an anchor": (SPEC.replace("children:", "children: &a", 1), "anchor"),
    "5,000 levels": ("cityindex: 1\nid: deep\nindex: " + "[" * 5000 + "]" * 5000, "deep"),
    "a full-width colon": (SPEC.replace("id: score", "id：score"), "："),
    "a full-width per cent": (SPEC.replace("60%", "60％"), "％"),
    "an empty file": ("", "empty"),
}


@pytest.mark.parametrize("case", BAD_SPECS)
def test_bad_specs_give_a_place_and_no_traceback(capsys, files, case):
    text, word = BAD_SPECS[case]
    (files / "bad.yaml").write_text(text, encoding="utf-8")
    captured = run(capsys, "check", "bad.yaml", status=2)
    assert "bad.yaml" in captured.err
    assert word in captured.err
    assert "Traceback" not in captured.err
    assert len(captured.err) < 3000


@pytest.mark.parametrize("content", [b"\x00\x01\x02\xff", "cityindex: 1\nid: 小\n".encode("gbk"), b"\xff\xfe\x00"])
def test_bytes_that_are_no_text(capsys, files, content):
    (files / "bad.yaml").write_bytes(content)
    assert "bad.yaml" in run(capsys, "check", "bad.yaml", status=2).err


BAD_DATA = {
    "duplicate units": (DATA + "甲市,2,2\n", ["甲市"]),
    "text in a number column": (DATA.replace("1,5", "many,5"), ["甲市", "gdp", "many"]),
    "an infinite value": (DATA.replace("1,5", "inf,5"), ["甲市", "gdp"]),
    "missing columns": ("city,gpd\n甲市,1\n", ["gdp", "crime", "gpd"]),
    "swapped columns": ("city,gdp,crime\n1,甲市,5\n3,乙市,9\n2,丙市,7\n", ["gdp"]),
    "an empty table": ("city,gdp,crime\n", ["row"]),
    "an empty file": ("", ["empty"]),
    "two header rows": ("city,gdp,crime\n城市,亿元,件\n甲市,1,5\n乙市,3,9\n", ["header"]),
    "ragged rows": (DATA + "丁市,1,2,3\n", ["5"]),
    "duplicate columns": ("city,gdp,gdp,crime\n甲市,1,1,5\n", ["gdp"]),
    "a unit without a key": (DATA + ",2,2\n", ["city"]),
}


@pytest.mark.parametrize("case", BAD_DATA)
def test_bad_data_gives_unit_and_column_and_no_traceback(capsys, files, case):
    text, words = BAD_DATA[case]
    (files / "bad.csv").write_text(text, encoding="utf-8")
    err = run(capsys, "score", "spec.yaml", "bad.csv", status=2).err
    for word in words:
        assert word in err, err
    assert "Traceback" not in err


def test_a_wrong_encoding_is_named_and_can_be_said(capsys, files):
    (files / "gbk.csv").write_bytes(DATA.encode("gb18030"))
    err = run(capsys, "score", "spec.yaml", "gbk.csv", status=2).err
    assert "gb18030" in err.lower()
    assert "乙市" in run(capsys, "score", "spec.yaml", "gbk.csv", "--encoding", "gb18030").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "tech-capability-2012"), "tech-capability-2021"),
        (("show", "specc.yaml"), "spec.yaml"),
        (("score", "spec.yaml", "dat.csv"), "data.csv"),
        (("score", "spec.yaml", "data.csv", "-o", "out.doc"), ".csv"),
        (("score", "spec.yaml", "data.csv", "-o", "nowhere/out.csv"), "nowhere"),
        (("score", "spec.yaml", "data.csv", "--calibration", "none.json"), "none.json"),
        (("explain", "spec.yaml", "data.csv", "丙"), "丙市"),
        (("explain", "spec.yaml", "data.csv", "丙市", "--to", "99"), "99"),
        (("methods", "stpe"), "step"),
        (("score", "spec.yaml"), "DATA"),
        (("scroe",), "scroe"),
        (("score", "spec.yaml", "data.csv", "--alias", "gdp"), "--alias"),
        (("score", "spec.yaml", "data.csv", "--given", "gpd"), "gdp"),
        (("score", "spec.yaml", "data.csv", "--calibration", "a", "--reference", "b"), "--reference"),
    ],
)
def test_wrong_usage_is_told_with_the_nearest(capsys, arguments, words):
    captured = run(capsys, *arguments, status=2)
    assert words in captured.err
    assert "Traceback" not in captured.err


def test_a_file_that_cannot_be_written_stays_as_it_was(capsys, files):
    out = files / "out.csv"
    out.write_text("old", encoding="utf-8")
    (files / "bad.csv").write_text(DATA.replace("1,5", "x,5"), encoding="utf-8")
    run(capsys, "score", "spec.yaml", "bad.csv", "-o", str(out), status=2)
    assert out.read_text(encoding="utf-8") == "old"
