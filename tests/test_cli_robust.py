"""The commands of robustness: what they print, and one clear message for whatever is wrong."""

from __future__ import annotations

import json

import pytest
import typer

from cityindex.cli import main
from cityindex.cli._choices import choices_of

SPEC = """\
cityindex: 1
id: small
unit: {kind: city, key: city}
index:
  id: score
  children:
    - {id: economy, children: [gdp, trade]}
    - {id: society, children: [school, safety]}
"""
DATA = """\
city,gdp,trade,school,safety
甲市,1,5,2,9
乙市,3,2,4,4
丙市,2,7,1,5
丁市,6,4,3,1
"""


@pytest.fixture(autouse=True)
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "spec.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "data.csv").write_text(DATA, encoding="utf-8")
    return tmp_path


def run(capsys, *arguments, status=0):
    assert main([*arguments]) == status
    return capsys.readouterr()


def ask(capsys, *options, status=0):
    return run(capsys, "sensitivity", "spec.yaml", "data.csv", "--samples", "64", *options, status=status)


# -- sensitivity ------------------------------------------------------------------------------------------------------


def test_sensitivity_of_weights_alone_is_by_group(capsys):
    out = ask(capsys).out
    for word in ("weights of economy", "weights of society", "weights of score", "64 samples × 5 = 320 runs"):
        assert word in out


def test_sensitivity_to_weights_and_methods(capsys):
    out = ask(capsys, "--weights", "simplex", "--methods", "score.aggregate=arithmetic,geometric").out
    assert "weights  " in out
    assert "score.aggregate" in out
    assert "weights of" not in out
    by_group = ask(capsys, "--weights", "simplex", "--methods", "score.aggregate=arithmetic,geometric", "--by-group")
    assert "weights of economy" in by_group.out


def test_sensitivity_as_json_and_csv(capsys):
    found = json.loads(ask(capsys, "--format", "json", "--output", "rank:乙市", "--seed", "3").out)
    assert found["output"] == "the rank of 乙市"
    assert (found["samples"], found["runs"], found["seed"]) == (64, 320, 3)
    assert [row["choice"] for row in found["shares"]] == [
        "weights of economy",
        "weights of society",
        "weights of score",
    ]
    assert found["most"] in {row["choice"] for row in found["shares"]}
    assert ask(capsys, "--format", "csv").out.startswith(
        "choice,first,first_low,first_high,total,total_low,total_high\n"
    )


def test_sensitivity_of_every_unit(capsys):
    found = json.loads(ask(capsys, "--output", "units", "--format", "json").out)
    assert {row["city"] for row in found["rank"]} == {"甲市", "乙市", "丙市", "丁市"}
    assert len(found["score"]) == 4 * 3
    assert "the rank of each unit" in ask(capsys, "--output", "units").out


def test_sensitivity_twice_is_the_same(capsys):
    assert ask(capsys, "--format", "json").out == ask(capsys, "--format", "json", "--threads", "2").out
    assert ask(capsys).out != ask(capsys, "--seed", "1").out


def test_sensitivity_below_the_index(capsys):
    assert "weights of society" not in ask(capsys, "--node", "economy").out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--weights", "dirichlett"], "Did you mean 'dirichlet'"),
        (["--weights", "factor:a"], "'a' is no number"),
        (["--weights", "factor:2"], "from 0 to 1"),
        (["--weights", "simplex:3"], "takes no number"),
        (["--methods", "score.aggregate"], "PATH=A,B"),
        (["--methods", "score.aggregate=geometric"], "two alternatives"),
        (["--methods", "score.aggregate=[,{"], "no list"),
        (["--methods", "score.aggregate=2024-13-45,b"], "no list"),
        (["--weights", "dirichlet:inf"], "concentration: inf"),
        (["--methods", "score.agregate=arithmetic,geometric"], "aggregate"),
        (["--methods", "score.aggregate=arithmetic,geometrik"], "geometric"),
        (["--output", "ranks"], "rank:UNIT"),
        (["--output", "rank:戊市"], "戊市"),
        (["--node", "econmy"], "economy"),
        (["--level", "95"], "0.95"),
    ],
)
def test_sensitivity_says_what_is_wrong(capsys, options, words):
    text = ask(capsys, *options, status=2).err
    assert words in " ".join(text.replace("│", " ").split())


# -- choices ----------------------------------------------------------------------------------------------------------


def test_choices_of_a_command_line():
    (weights,) = choices_of()
    assert (weights.law, weights.amount, weights.label) == ("factor", 0.25, "weights")
    (weights,) = choices_of("dirichlet:50")
    assert (weights.law, weights.amount) == ("dirichlet", 50)
    (only,) = choices_of(None, ["indicators.steps=[minmax], [zscore]"])
    assert (only.path, only.alternatives) == ("indicators.steps", (["minmax"], ["zscore"]))
    found = choices_of("simplex", ["a.aggregate=arithmetic,{power: {exponent: 2}}"], ["one", "two"])
    assert [choice.label for choice in found] == ["weights of one", "weights of two", "a.aggregate"]
    assert found[2].alternatives[1] == {"power": {"exponent": 2}}
    with pytest.raises(typer.BadParameter):
        choices_of("equal")
