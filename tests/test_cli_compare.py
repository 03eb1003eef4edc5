"""The command ``compare``: every way to name two results, what it prints, and one clear message for what is wrong."""

from __future__ import annotations

import json

import pandas as pd
import pytest

import cityindex as ci
from cityindex.cli import main

SPEC = """\
cityindex: 1
id: living
unit: {kind: city, key: city}
index:
  id: score
  publish: [{round: 1}]
  tiers: {cuts: [60, 40], labels: [A, B, C]}
  children:
    - {id: gdp, weight: 60%, steps: [{minmax: {to: [0, 100]}}]}
    - {id: smog, weight: 40%, direction: less, steps: [{minmax: {to: [0, 100]}}]}
"""
BEFORE = "city,gdp,smog\n甲市,100,30\n乙市,80,20\n丙市,60,10\n丁市,90,40\n"
AFTER = "city,gdp,smog\n甲市,105,32\n乙市,99,20\n丙市,70,12\n戊市,95,15\n"


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    texts = {"spec.yaml": SPEC, "revised.yaml": SPEC.replace("60%", "50%").replace("40%", "50%")}
    texts |= {"a.csv": BEFORE, "b.csv": AFTER, "panel.yaml": SPEC.replace("key: city", "key: city, period: year")}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    both = pd.concat([pd.read_csv(name).assign(year=year) for name, year in (("a.csv", 2023), ("b.csv", 2024))])
    both.to_csv("panel.csv", index=False)
    return tmp_path


def run(capsys, *arguments, status=0):
    assert main(["compare", *arguments]) == status
    return capsys.readouterr()


def effects(text):
    return {
        line["unit"]: {key: value for key, value in line.items() if key.startswith("by_")} for line in text["units"]
    }


def asked(capsys, *arguments):
    return json.loads(run(capsys, *arguments, "--format", "json").out)


def test_two_tables_by_one_spec(capsys):
    out = run(capsys, "spec.yaml", "a.csv", "b.csv").out
    assert out.startswith("living: a → b: 3 units in both, 1 entered, 1 left\n")
    assert "what differs: data, calibration" in out
    assert "甲市          73.3           60   -13.3            1           3      -2" in out
    assert "weights" not in out.splitlines()[-2]  # effects that are 0 everywhere are no columns


def test_a_frozen_calibration(capsys):
    found = asked(capsys, "spec.yaml", "a.csv", "b.csv", "--frozen")
    assert found["differing"] == ["data"]
    assert asked(capsys, "spec.yaml", "a.csv", "b.csv")["differing"] == ["data", "calibration"]


def test_one_table_by_two_specs(capsys):
    found = asked(capsys, "spec.yaml", "revised.yaml", "a.csv")
    assert found["differing"] == ["weights"]
    assert found["differences"] == ["gdp.weight: 60% → 50%", "smog.weight: 40% → 50%"]
    assert (found["before"], found["after"]) == ("before", "after")


def test_both_differ_and_saved_results_are_the_same(capsys):
    pairs = asked(capsys, "spec.yaml", "a.csv", "revised.yaml", "b.csv")
    for spec, table, saved in (("spec.yaml", "a.csv", "ra.json"), ("revised.yaml", "b.csv", "rb.json")):
        assert main(["score", spec, table, "--save", saved]) == 0
    assert "ra.json: the result, for compare" in capsys.readouterr().err
    assert effects(asked(capsys, "ra.json", "rb.json")) == effects(pairs)
    expected = ci.compare(ci.score("spec.yaml", "a.csv"), ci.score("revised.yaml", "b.csv"))
    assert effects(pairs)["甲市"]["by_weights"] == expected.effects.loc["甲市", "weights"]
    assert effects(pairs)["戊市"]["by_weights"] is None


def test_two_periods_of_one_table(capsys):
    found = asked(capsys, "panel.yaml", "panel.csv", "--periods", "2023, 2024")
    assert (found["before"], found["after"], found["differing"]) == ("2023", "2024", ["data"])
    assert main(["score", "panel.yaml", "panel.csv", "--save", "panel.json"]) == 0
    capsys.readouterr()
    assert effects(asked(capsys, "panel.json", "--periods", "2023,2024")) == effects(found)


def test_one_unit(capsys):
    out = run(capsys, "spec.yaml", "a.csv", "b.csv", "--unit", "甲市").out
    assert out.startswith("甲市, a → b: 73.3 → 60 (-13.3), rank 1 → 3 (down 2), tier A\n")
    told = asked(capsys, "spec.yaml", "a.csv", "b.csv", "--unit", "甲市")
    assert sum(told["effects"].values()) == pytest.approx(told["scores"][1] - told["scores"][0], abs=1e-12)
    assert [line["indicator"] for line in told["indicators"]] == ["smog", "gdp"]  # the larger change first
    rows = run(capsys, "spec.yaml", "a.csv", "b.csv", "--unit", "甲市", "--format", "csv").out.splitlines()
    assert rows[0].startswith("indicator,title,raw_before,raw_after")
    assert asked(capsys, "spec.yaml", "a.csv", "b.csv", "--unit", "戊市")["status"] == "entered"


def test_a_renamed_unit(capsys):
    found = asked(capsys, "spec.yaml", "a.csv", "b.csv", "--rename", "丁市=戊市")
    assert [line["status"] for line in found["units"]] == ["both"] * 4


def test_what_is_written(capsys, files):
    err = run(capsys, "spec.yaml", "a.csv", "b.csv", "-o", "out.csv").err
    assert "out.csv: 5 units" in err
    frame = pd.read_csv(files / "out.csv")
    assert list(frame["status"]) == ["both", "both", "both", "entered", "left"]
    assert run(capsys, "spec.yaml", "a.csv", "b.csv", "--unit", "甲市", "-o", "one.xlsx").err.endswith("2 indicators\n")


def test_the_number_of_movers(capsys):
    lines = run(capsys, "spec.yaml", "revised.yaml", "a.csv", "--top", "1").out.splitlines()
    assert len([line for line in lines[lines.index("") + 1 :] if line]) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["spec.yaml", "revised.yaml"], "SPEC SPEC (found spec.yaml, revised.yaml) is no pair"),
        (["a.csv", "b.csv"], "DATA DATA"),
        (["spec.yaml", "a.csv"], "SPEC DATA (found spec.yaml, a.csv) is no pair"),
        (["spec.yaml", "revised.yaml", "a.csv", "--frozen"], "--frozen is for two tables by one spec"),
        (["spec.yaml", "a.csv", "--periods", "2023"], "--periods is written A,B"),
        (["spec.yaml", "a.csv", "b.csv", "--rename", "x"], "--rename is written OLD=NEW"),
        (["spec.yaml", "a.csv", "b.csv", "--rename", "a=b", "--by-label"], "not both"),
        (["spec.yaml", "a.csv", "b.csv", "--unit", "丙"], "no unit '丙'. Did you mean '丙市'?"),
        (["spec.yaml", "a.csv", "b.csv", "--rename", "x=y"], "before has no unit 'x'"),
        (["spec.yaml", "a.csv", "b.csv", "-o", "out.txt"], "the kind .txt is not known"),
        (["spec.yaml", "a.csv", "b.csv", "-o", "b.csv"], "it is read as input"),
        (["spec.yaml", "a.csv", "c.csv"], "c.csv"),
        (["nothing.json", "spec.yaml", "a.csv"], "is no pair"),
        (["nothing.json", "nothing.json"], "nothing.json: no such file"),
        (["spec.yaml", "a.csv", "--periods", "1,2"], "periods: before has none"),
        (["panel.yaml", "panel.csv", "--periods", "2023,2025"], "after has no period '2025'"),
    ],
)
def test_what_is_wrong_is_told(capsys, arguments, told):
    err = run(capsys, *arguments, status=2).err
    assert told in " ".join(err.split())
    assert "Traceback" not in err
