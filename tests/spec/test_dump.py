"""A spec written as YAML reads as the same spec again, and looks like something that a person wrote."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import specs
from support import ROOT, shared

from cityindex._values import Percent
from cityindex.spec import dump, fingerprint, load_spec

SKETCHES = ("calenviroscreen_2_0", "cdc_svi_2018_county", "england_imd_2025", "undp_hdi_2021", "wales_wimd_2019")


def small(data):
    """A spec around values that stand under where (any label) and note (any text)."""
    return {"cityindex": 1, "id": "x", "index": {"id": "score", "children": ["a"]}, **data}


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
@given(specs())
def test_dump_reloads_equal_and_is_stable(data):
    spec = load_spec(data)
    text = dump(spec)
    again = load_spec(text)
    assert again == spec
    assert again.data == spec.data
    assert again.index == spec.index
    assert dump(again) == text
    assert fingerprint(again) == fingerprint(spec)


@settings(deadline=None, max_examples=200)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co")), min_size=1))
def test_any_text_survives(text):
    if not text.strip():
        return
    spec = load_spec(small({"note": text, "reference": {text: [text, "b"]}}))
    again = load_spec(dump(spec))
    assert again.data == spec.data


@settings(deadline=None, max_examples=200)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-(10**20), 10**20))
def test_any_number_survives_to_the_last_bit(share, number):
    index = {"id": "score", "aggregate": "sum", "children": [{"id": "a", "value": share, "weight": number}]}
    spec = load_spec(small({"index": index}))
    again = load_spec(dump(spec))
    assert (again["a"].value, again["a"].weight) == (spec["a"].value, spec["a"].weight)


@settings(deadline=None, max_examples=200)
@given(st.floats(1e-12, 1e6))
def test_any_per_cent_survives_to_the_last_bit(share):
    index = {"id": "score", "weights_sum": Percent(share), "children": [{"id": "a", "weight": Percent(share)}]}
    again = load_spec(dump(load_spec(small({"index": index}))))
    assert float(again["a"].weight) == share
    assert isinstance(again["a"].weight, Percent)


ODD = [
    "no",
    "on",
    "y",
    "null",
    "~",
    "true",
    "12:30",
    "010",
    "0x1F",
    "1_000",
    "2020-06-04",
    "1e-3",
    ".5",
    ".inf",
    "20%",
    "1/3",
    "- a",
    "? a",
    "a: b",
    "a #b",
    "#b",
    "[a",
    "{a",
    "a]",
    "*a",
    "&a",
    "!a",
    "|",
    ">",
    "'a",
    '"a',
    "@a",
    "`a",
    "%a",
    "=",
    "<<",
    " a",
    "a ",
    "a,b",
    "a:",
    ":",
    "-",
    "--- a",
    "a\\b",
    "a'b",
    "城市，数字：经济",
    "（一）",
    "\u3000a",
    "a\x85b",
    "a\u2028b",
]


@pytest.mark.parametrize("text", ODD)
def test_text_that_would_read_as_something_else_is_quoted(text):
    spec = load_spec(small({"note": text, "reference": {"column": [text, "b"]}}))
    written = dump(spec)
    assert load_spec(written).data == spec.data
    assert spec.reference["column"] == (text, "b")
    assert yaml.safe_load(written)["reference"]["column"][0] == text, "another reader takes it for something else"


def test_the_style():
    spec = load_spec("""\
cityindex: 1
id:    style
title: {zh: 指数, en: "Index"}
edition: 2020
note: |
  First line.

    Second.
source: >-
  A very long sentence that stands in the file as one line and would be awkward to read as one, so that it is folded
  into lines that one can read.
defaults: {indicator: {steps: [minmax]}, group: {publish: [{round: 1}]}}
index:
  children:
  - a
  - id: b
    direction: less
  - {id: c, children: [d, e]}
  - {id: h, children: [{use: c, of: published}]}
  - id: g
    title: {zh: 一个很长的指标名称, en: The name of an indicator so long that it does not fit into one line of the file}
  id: score
""")
    assert (
        dump(spec, schema="schema.json")
        == """\
# yaml-language-server: $schema=schema.json
cityindex: 1
id: style
title: {zh: 指数, en: Index}
edition: "2020"
note: |
  First line.

    Second.
source: >-
  A very long sentence that stands in the file as one line and would be awkward to read as one, so that it is folded
  into lines that one can read.
defaults:
  indicator: {steps: [minmax]}
  group: {publish: [{round: 1}]}
index:
  children:
    - a
    - {id: b, direction: less}
    - id: c
      children: [d, e]
    - id: h
      children:
        - {use: c, of: published}
    - id: g
      title:
        zh: 一个很长的指标名称
        en: The name of an indicator so long that it does not fit into one line of the file
  id: score
"""
    )


@pytest.mark.parametrize("name", SKETCHES)
def test_sketches_load_and_survive(name):
    path = shared("indices", name, "sketch.yaml")
    spec = load_spec(path)
    again = load_spec(dump(spec))
    assert again == spec
    assert again.nodes == spec.nodes
    assert dump(again) == dump(spec)
    assert spec.places[spec.index.id].startswith(f"{path}:")


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*/spec.yaml")), ids=lambda path: path.parent.name)
def test_shipped_specs_survive(path):
    spec = load_spec(path)
    assert load_spec(dump(spec)) == spec
    assert path.read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=")
