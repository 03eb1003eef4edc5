"""The AHP example: its table says that it is synthetic, its judgements that they are assumed; what it prints holds."""

from __future__ import annotations

import runpy

import pytest
import yaml
from source_support import table
from support import ROOT

import cityindex as ci

EXAMPLE = ROOT / "examples" / "ahp_industrial_county.py"
DATA = ROOT / "examples" / "data"
MAKE = ROOT / "tools" / "make_industrial_county_dimensions.py"
INDEX = "industrial-county-2023"


@pytest.fixture
def printed(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(EXAMPLE), run_name="__main__")
    return capsys.readouterr().out


def judgements():
    return yaml.safe_load((DATA / "industrial_county_judgements.yaml").read_text(encoding="utf-8"))


def dimensions():
    return [child.id for child in ci.load_index(INDEX).index.children]


def test_the_table_says_in_its_first_line_that_it_is_synthetic_and_is_the_one_of_the_script():
    text = (DATA / "industrial_county_dimensions.csv").read_text(encoding="utf-8")
    made = runpy.run_path(str(MAKE))
    rows = [line.split(",") for line in text.splitlines()]
    assert rows[0][0].startswith("# SYNTHETIC")
    assert rows[0] == [made["REMARK"]]
    assert rows[1] == ["name", *dimensions()]
    names = [row["name"] for row in table(INDEX, "counties")]
    scores = made["scores"](len(names)).tolist()
    assert rows[2:] == [[name, *map(str, row)] for name, row in zip(names, scores, strict=True)]


def test_the_table_is_read_with_its_remark():
    path = DATA / "industrial_county_dimensions.csv"
    assert ci.read_table(path, header=2, key="name").notes == ()
    with pytest.raises(ci.TableError, match="say header=2"):
        ci.read_table(path)


def test_the_judgements_are_marked_assumed_and_complete():
    held = judgements()
    assert held["provenance"] == "assumed"
    for pairs in held["experts"].values():
        report = ci.analyse_judgements(pairs, children=dimensions(), random_index=held["random_index"])
        assert report.missing == 0
        assert 0 < report.consistency_ratio <= held["limit"]


def test_the_draft_contradicts_itself_in_the_judgement_that_was_revised():
    held = judgements()
    draft = ci.analyse_judgements(held["drafts"]["planner"], children=dimensions())
    assert draft.consistency_ratio > held["limit"]
    assert (draft.worst.row, draft.worst.column, draft.worst.value) == ("openness", "green", 3)
    assert held["experts"]["planner"]["green"]["openness"] == 4
    with pytest.raises(ci.SpecError, match="contradict one another"):
        ci.with_weights(ci.load_index(INDEX), {"score": {"ahp": {"judgements": held["drafts"]["planner"]}}})


def test_it_prints_consistency_weights_scores_and_tiers(printed):
    for said in ("assumed", "SYNTHETIC", "'saaty': 1.24", "worst judgement, planner", "would be refused"):
        assert said in printed
    held = judgements()
    report = ci.analyse_judgements(experts=held["experts"], children=dimensions())
    for weight in report.weights:
        assert f"{weight:.3f}".rstrip("0") in printed
    assert "the weights of score are assumed, not published" in printed


def test_it_compares_tier_sizes_with_the_printed_ones(printed):
    lines = printed.splitlines()
    sizes = {}
    for line in lines[lines.index(next(line for line in lines if line.startswith("tiers by"))) + 1 :][:4]:
        name, *cells = line.split()
        sizes[name] = [int(cell) for cell in cells[:4]]
    assert list(sizes) == ["printed", "natural_breaks", "kmeans", "mixture"]
    assert sizes["printed"] == [int(row["count"]) for row in table(INDEX, "tiers")] == [6, 37, 40, 17]
    assert all(sum(row) == 100 for row in sizes.values())


def test_units_in_another_tier_are_counted_by_their_order():
    moves = runpy.run_path(str(EXAMPLE))["moves"]
    assert moves([6, 37, 40, 17], [6, 37, 40, 17]) == 0
    assert moves([1, 2, 1], [2, 1, 1]) == 1
    assert moves([2, 0], [0, 2]) == 2
