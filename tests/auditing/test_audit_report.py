"""The audit as a whole: records, text, JSON, HTML, files, folders."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from claims_support import TABLES, whole_file

import cityindex as ci
from cityindex.auditing.finding import VERDICTS
from cityindex.auditing.report import html_report, json_report, text_report

SPEC = ci.load_spec(
    {
        "cityindex": 1,
        "id": "small",
        "title": {"en": "Small index", "zh": "小指数"},
        "index": {"id": "score", "children": "unpublished"},
    }
)
CLAIMS = whole_file(
    {"id": "good", "claim": {"en": "Five cities", "zh": "五个城市"}, "kind": "count", "of": "score", "published": 5},
    {"id": "bad", "claim": "<b>Six</b> & more", "kind": "count", "of": "score", "published": 6, "line": 9},
    {"id": "open", "claim": "Rich cities", "kind": "mean", "needs": "the <GDP> of each city", "section": "Part 1"},
    file="report.txt",
    publication="The report",
)
FIELDS = {"index", "id", "claim", "file", "line", "kind", "published", "computed", "verdict", "note"}


def found(**keys):
    return ci.audit(SPEC, tables={"score": TABLES["score"]}, claims=CLAIMS, **keys)


def claims_only(audit):
    return [finding for finding in audit.findings if finding.id in ("good", "bad", "open")]


def test_findings_and_counts():
    audit = found()
    assert [finding.verdict for finding in claims_only(audit)] == ["holds", "fails", "undecided"]
    assert audit.failed
    assert sum(audit.counts.values()) == len(audit) == len(audit.findings)
    assert set(audit.counts) == set(VERDICTS)
    assert audit["bad"].computed == "5"
    with pytest.raises(ci.NotFoundError, match="Did you mean 'good'"):
        audit["goood"]
    with pytest.raises(AttributeError):
        audit.index = "other"


def test_language():
    assert found()["good"].claim == "五个城市 · Five cities"
    assert found(language="en")["good"].claim == "Five cities"


def test_text_tells_both_numbers_and_the_place():
    text = str(found())
    assert "✗ <b>Six</b> & more [bad]\n      published 6, computed 5\n      report.txt:9" in text
    assert "? Rich cities [open]\n      needed: the <GDP> of each city\n      report.txt, Part 1" in text
    assert "✓ 五个城市 · Five cities [good]" in text
    assert repr(found()).startswith("Audit('small', ")


def test_frame_and_json_have_the_promised_fields():
    audit = found()
    items = json.loads(audit.to_json())
    assert items == audit.as_dict() == json.loads(json_report([audit]))
    assert all(set(item) >= FIELDS for item in items)
    assert all(item["verdict"] in VERDICTS for item in items)
    frame = audit.to_frame()
    assert isinstance(frame, pd.DataFrame)
    assert frame.shape[0] == len(audit)
    assert frame.set_index("id").loc["bad", "line"] == 9
    assert frame["line"].isna().any()


def test_html_escapes_what_users_write_and_needs_nothing_else():
    page = found().to_html()
    assert "<b>Six</b>" not in page
    assert "&lt;b&gt;Six&lt;/b&gt; &amp; more" in page
    assert "the &lt;GDP&gt; of each city" in page
    assert "<script" not in page
    assert "src=" not in page
    assert "http" not in page
    for word in ("不成立", "Fails", "无法判定", "成立", "✗", "✓", "report.txt:9"):
        assert word in page


def test_html_in_one_language():
    assert "不成立" not in found().to_html(language="en")
    assert "Cannot be decided" not in found().to_html(language="zh")


def test_an_index_with_nothing_to_check_is_said_so():
    empty = ci.Audit("x", None, ())
    assert text_report([empty]) == "x\nnothing to check"
    assert "Nothing to check" in html_report([empty])
    assert empty.to_frame().empty
    assert not empty.failed


@pytest.mark.parametrize("kind", ["html", "json", "txt"])
def test_save(tmp_path, kind):
    path = found().save(tmp_path / f"report.{kind}")
    text = path.read_text(encoding="utf-8")
    assert "Six" in text
    assert text.endswith("\n")
    with pytest.raises(ci.TableError, match=r"the kind \.pdf is not known"):
        found().save(tmp_path / "report.pdf")


def test_a_folder_and_its_neighbour(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for place in (one, other):
        (place / "published").mkdir(parents=True)
        (place / "published" / "score.csv").write_text("name,score\nx,57.0\n", encoding="utf-8")
    (one / "spec.yaml").write_text(ci.dump(SPEC), encoding="utf-8")
    (one / "claims.yaml").write_text(
        "cityindex: 1\nclaims:\n"
        "  - {id: same, claim: x, kind: value, of: score.score, unit: x, published: 57.0}\n"
        "  - {id: there, claim: x, kind: value, of: other/score.score, unit: x, published: 57.0}\n",
        encoding="utf-8",
    )
    audit = ci.audit(one)
    assert audit["same"].verdict == audit["there"].verdict == "holds"
    assert ci.audit(one / "spec.yaml")["same"].verdict == "holds"
    moved = ci.audit(str(one), tables={"score": {"name": ["x"], "score": ["58.0"]}})
    assert moved["same"].verdict == "fails"


def test_problems_name_the_claims_file(tmp_path):
    (tmp_path / "spec.yaml").write_text(ci.dump(SPEC), encoding="utf-8")
    (tmp_path / "claims.yaml").write_text("cityindex: 1\nclaims:\n  - {id: a, kind: count}\n", encoding="utf-8")
    with pytest.raises(ci.SpecError, match=r"claims\.yaml:3:5: a claim of kind 'count' needs 'of'"):
        ci.audit(tmp_path)


def test_no_such_index():
    with pytest.raises(ci.NotFoundError, match="Did you mean 'tech-capability-2021'"):
        ci.audit("tech-capability-2012")


def test_the_report_on_technology_contradicts_itself_where_it_does():
    audit = ci.audit("tech-capability-2021")
    claims = [finding for finding in audit.findings if finding.file]
    failing = {finding.id for finding in claims if finding.verdict == "fails"}
    names = {"name-technology", "name-economy", "name-livelihood", "name-chapters"}
    assert failing == {*names, "first-ten-number", "first-ten-names"}
    assert audit["first-ten-names"].note == "not named: 广州市"
    assert audit["first-ten-number"].computed == "9"
    assert all(finding.line for finding in claims)
