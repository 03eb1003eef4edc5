"""What a spec becomes: nodes with defaults filled in, methods with their options, editions."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from fractions import Fraction

import numpy as np
import pytest

from cityindex._values import Percent, Text
from cityindex.errors import NotFoundError, SpecError
from cityindex.spec import dump, load_spec
from cityindex.spec.model import Call, Rank, Unit, Use
from cityindex.spec.scalars import number_of

SPEC = """\
cityindex: 1
id: example
title: {en: Example, zh: 例子}
edition: 2.0
source: [A yearbook, {zh: 年鉴}]
unit: {kind: city, key: code, label: name, period: year}
provenance: inferred
reference: {year: [2010, "2011"]}
defaults:
  indicator: {steps: [{minmax: {to: [0, 100]}}], provenance: {steps: assumed}}
  group: {publish: [{round: 1}], provenance: {publish: inferred}}
index:
  id: score
  publish: []
  rank: {of: carried}
  tiers: {cuts: [85, 65], labels: [一线, 二线, 三线]}
  children:
    - broadband
    - {id: exports, per: gdp, goalposts: [1/2, 4], steps: [{goalposts: {scale: log}}], provenance: published}
    - {id: men, value: 1, steps: []}
    - id: services
      aggregate: {power: {exponent: 2, via: {from: [0, 10], to: [10, 1]}}}
      missing: {impute: {use: median, within: region}}
      where: {landlocked: 0, region: [Africa, 010]}
      children: [{id: a, column: 列, direction: less, steps: [{zscore: {within: year}}]}]
also:
  - id: loss
    aggregate: sum
    children: [{use: services, weight: 1}, {use: broadband, of: published, weight: -1}]
"""


def test_the_whole_becomes_records():
    spec = load_spec(SPEC)
    assert (spec.id, spec.edition, str(spec.title)) == ("example", "2.0", "例子 · Example")
    assert spec.source == (Text({"en": "A yearbook"}), Text({"zh": "年鉴"}))
    assert spec.unit == Unit("city", "code", "name", "year")
    assert spec.reference == {"year": (2010, "2011")}
    assert list(spec.nodes) == ["score", "broadband", "exports", "men", "services", "a", "loss"]
    assert spec.parents["a"] == "services"
    assert [root.id for root in spec.roots] == ["score", "loss"]
    assert spec.places["services"] == "text:21:7"


def test_defaults_fill_what_a_node_leaves_out_and_are_replaced_whole():
    spec = load_spec(SPEC)
    assert spec["broadband"].steps == (Call("step", "minmax", {"to": (0, 100)}),)
    assert spec["broadband"].column == "broadband"
    assert spec["men"].steps == ()
    assert spec["men"].value == 1
    assert spec["men"].column is None
    assert spec["score"].publish == ()
    assert [call.options for call in spec["services"].publish] == [{"digits": 1}]
    assert spec["exports"].provenance == {"weight": "published"}
    assert spec.provenance_of("exports") == "published"
    assert spec.provenance_of("broadband") == "inferred"
    assert spec.provenance_of("broadband", "steps") == "assumed"
    assert spec.provenance_of("services", "publish") == "inferred"


def test_methods_and_what_stands_beside_their_options():
    spec = load_spec(SPEC)
    services = spec["services"]
    assert services.aggregate == Call("aggregator", "power", {"exponent": 2}, via=((0, 10), (10, 1)))
    assert services.missing.within == "region"
    assert services.missing.settings == {"use": "median", "at_least": 1}
    assert services.where == {"landlocked": 0, "region": ("Africa", "010")}
    assert spec["a"].steps == (Call("step", "zscore", {}, within="year"),)
    assert spec["exports"].goalposts == (0.5, 4)
    assert spec["score"].rank == Rank(of="carried")
    assert spec["score"].tiers.labels == ("一线", "二线", "三线")
    assert spec["loss"].children == (Use("services", "carried", 1), Use("broadband", "published", -1))
    assert spec["score"].missing.name == "refuse"
    assert spec["score"].aggregate.name == "arithmetic"


def test_a_spec_is_frozen_and_crosses_a_process():
    spec = load_spec(SPEC)
    with pytest.raises(TypeError, match="frozen"):
        spec.data["id"] = "other"
    with pytest.raises(AttributeError):
        spec.id = "other"
    assert pickle.loads(pickle.dumps(spec)) == spec
    with pytest.raises(NotFoundError, match=r"has no node 'brodband'\. Did you mean 'broadband'"):
        spec["brodband"]


def test_data_is_as_written():
    spec = load_spec(SPEC)
    assert list(spec.data) == [
        "cityindex",
        "id",
        "title",
        "edition",
        "source",
        "unit",
        "provenance",
        "reference",
        "defaults",
        "index",
        "also",
    ]
    assert spec.data["edition"] == "2.0"
    assert spec.data["index"]["children"][0] == "broadband"
    assert spec.data["index"]["children"][1]["goalposts"] == (0.5, 4)


def test_text_and_file_and_mapping_are_one(tmp_path):
    path = tmp_path / "spec.yaml"
    path.write_text(SPEC, encoding="utf-8")
    spec = load_spec(path)
    assert spec == load_spec(str(path)) == load_spec(SPEC) == load_spec(spec.data)
    assert spec.places["loss"] == f"{path}:27:5"
    assert load_spec(spec.data).places["a"] == "index.children[3].children[0]"


def test_json_is_a_way_to_write_a_spec():
    children = [{"id": "a", "weight": "60%"}, {"id": "b", "weight": "40%", "steps": [{"power": "1/3"}]}]
    data = {"cityindex": 1, "id": "x", "index": {"id": "score", "children": children}}
    spec = load_spec(json.dumps(data))
    assert spec == load_spec(data)
    assert spec["a"].weight == Percent(0.6)
    assert spec["b"].steps[0].options["exponent"] == pytest.approx(1 / 3)


def test_python_numbers_of_any_kind():
    children = [{"id": "a", "weight": np.float64(1.5)}, {"id": np.int64(7), "weight": Fraction(1, 2)}]
    spec = load_spec({"cityindex": 1, "id": "x", "index": {"id": "score", "children": children}})
    assert [child.weight for child in spec.index.children] == [1.5, 0.5]
    assert spec["7"].column == "7"


NUMBERS = {
    "0": 0,
    "-3": -3,
    "+3": 3,
    "1.50": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "1e-3": 1e-3,
    "1E5": 1e5,
    "20%": 0.2,
    "-1.5%": -0.015,
    "9.3%": 0.093,
    "1/3": 1 / 3,
    "-1/4": -0.25,
    "010": None,
    "0x1F": None,
    "1_000": None,
    "12:30": None,
    "1/0": None,
    "2020-06-04": None,
    "no": None,
    "": None,
    "%": None,
    "1 %": None,
    "1e9999": None,
    "９": None,
    "--1": None,
    "1e5e5": None,
}


@pytest.mark.parametrize("text", NUMBERS)
def test_what_reads_as_a_number(text):
    assert number_of(text) == NUMBERS[text]
    assert isinstance(number_of(text), Percent) == (NUMBERS[text] is not None and "%" in text)


EDITIONS = """\
cityindex: 1
id: universities
unit: {kind: university, key: name, period: year}
index:
  id: score
  children:
    - {id: citations, weight: 30%}
    - {id: income, weight: 70%}
    - {id: third, weight: 0%}
editions:
  2011: {citations: {weight: 32.5%}, income: {weight: 67.5%, steps: [minmax]}}
  2012: {score: {aggregate: geometric, children: [{id: citations, weight: 1}]}}
"""


def test_each_edition_is_a_whole_spec():
    spec = load_spec(EDITIONS)
    assert list(spec.editions) == ["2011", "2012"]
    early = spec.editions["2011"]
    assert [early[name].weight for name in ("citations", "income", "third")] == [0.325, 0.675, 0]
    assert early["income"].steps[0].name == "minmax"
    assert early.editions == {}
    assert [node.id for node in spec.editions["2012"].nodes.values()] == ["score", "citations"]
    assert spec["citations"].weight == 0.3
    assert load_spec(dump(spec)) == spec
    assert dump(load_spec(dump(spec))) == dump(spec)
    assert load_spec(dump(spec)).editions["2012"].index == spec.editions["2012"].index


BROKEN_EDITIONS = {
    "11:3: edition 2011: the weights of 'score' add to 99.5%, not 100%": ("67.5%", "67%"),
    "11:10: editions.2011: there is no node 'citation'. Did you mean 'citations'?": (
        "{citations: {weight: 3",
        "{citation: {weight: 3",
    ),
    "11:55: edition 2011: weight: found text 'x'": ("67.5%", "x"),
    "11:70: edition 2011: steps[0]: unknown step 'minmx'": ("minmax", "minmx"),
    "11:62: edition 2011: unknown key 'stps' of an indicator": ("steps", "stps"),
    "11:62: edition 2011: 'aggregate' is a key of a group": ("steps: [minmax]", "aggregate: sum"),
    "11:47: editions.2011.income: an edition cannot change an id": ("weight: 67.5%", "id: other"),
    "11:9: editions.2011: found text 'x'; allowed: {node id: {key: value}}": (
        "{citations: {weight: 32.5%}, income: {weight: 67.5%, steps: [minmax]}}",
        "x",
    ),
    "12:3: editions 2011 and 2011.0 are the same period": ("  2012:", "  2011.0:"),
    "11:3: editions are told apart by the period column; name it": (", period: year", ""),
}


@pytest.mark.parametrize("words", BROKEN_EDITIONS)
def test_an_edition_is_told_at_its_own_lines(words):
    with pytest.raises(SpecError) as caught:
        load_spec(EDITIONS.replace(*BROKEN_EDITIONS[words]))
    (problem,) = caught.value.problems
    assert str(problem).startswith(f"text:{words}")


def test_the_language_is_light_to_import():
    heavy = "[name for name in ('numpy', 'pandas', 'scipy', 'sklearn', 'pydantic') if name in sys.modules]"
    code = f"import sys, cityindex.spec; print({heavy})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
