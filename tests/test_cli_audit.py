"""The commands audit and new."""

from __future__ import annotations

import json

import pytest

import cityindex as ci
from cityindex.cli import main


@pytest.fixture
def folder(tmp_path):
    assert main(["new", str(tmp_path / "mine")]) == 0
    return tmp_path / "mine"


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_new_passes_check_and_audit_as_it_stands(folder, capsys):
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert names == {"spec.yaml", "published/score.csv", "claims.yaml", "README.md"}
    assert main(["check", str(folder)]) == 0
    assert main(["audit", str(folder)]) == 0
    out = capsys.readouterr().out
    assert "the population of each city" in out
    audit = ci.audit(folder)
    assert not audit.failed
    assert audit.counts["holds"] >= 3


def test_new_refuses_a_folder_that_holds_something(folder, tmp_path, capsys):
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert main(["new", str(folder)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert main(["new", str(tmp_path / "file")]) == 2
    assert "is a file" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert main(["new", str(tmp_path / "empty")]) == 0


def test_what_fails_gives_exit_status_1_and_both_numbers(folder, capsys):
    edit(folder / "claims.yaml", "published: 73.5", "published: 74.5")
    assert main(["audit", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "published 74.5, computed 73.4667 (73.4167 to 73.5167)" in out
    assert "report.txt:5" in out


def test_bad_input_gives_exit_status_2_and_a_place(folder, capsys):
    edit(folder / "claims.yaml", "score.score", "score.scoer")
    assert main(["audit", str(folder)]) == 2
    err = capsys.readouterr().err
    assert "claims.yaml:" in err
    assert "Did you mean 'score'?" in err
    assert main(["audit", "no-such-index"]) == 2
    assert main(["audit"]) == 2
    assert main(["audit", str(folder), "--all"]) == 2


def test_json(folder, capsys):
    assert main(["audit", str(folder), "--format", "json"]) == 0
    items = json.loads(capsys.readouterr().out)
    fields = {"index", "id", "claim", "file", "line", "kind", "published", "computed", "verdict", "note"}
    assert all(fields <= set(item) for item in items)
    assert {item["index"] for item in items} == {"my-index"}


@pytest.mark.parametrize("kind", ["html", "json", "txt"])
def test_output_is_what_its_name_says(folder, tmp_path, capsys, kind):
    path = tmp_path / f"report.{kind}"
    assert main(["audit", str(folder), "-o", str(path)]) == 0
    starts = {"html": "<!doctype html>", "json": "[", "txt": "my-index"}
    assert path.read_text(encoding="utf-8").startswith(starts[kind])
    assert capsys.readouterr().out == ""
    assert list(tmp_path.glob(".report*")) == []


def test_output_that_cannot_be(folder, tmp_path, capsys):
    assert main(["audit", str(folder), "-o", str(tmp_path / "report.pdf")]) == 2
    assert main(["audit", str(folder), "-o", str(tmp_path / "none" / "report.html")]) == 2
    assert main(["audit", str(folder), "--format", "json", "-o", str(tmp_path / "report.html")]) == 2
    assert main(["audit", str(folder), "--format", "html", "-o", str(tmp_path / "report.html")]) == 0
    assert capsys.readouterr().err.count("cannot write") == 2


def test_several_and_languages(folder, capsys):
    assert main(["audit", str(folder), str(folder), "--language", "en"]) == 0
    assert capsys.readouterr().out.count("The mean score is 73.5") == 2


def test_an_index_that_ships(capsys):
    assert main(["audit", "tech-capability-2021"]) == 1
    assert "广州市" in capsys.readouterr().out
