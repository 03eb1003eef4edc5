"""The JSON Schema for editors: it takes every valid spec, and marks what is misspelt."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator
from strategies import specs
from support import ROOT, shared
from test_typos import CITY, DEPRIVATION, DEVELOPMENT

from cityindex._values import Percent
from cityindex.spec import dump, load_spec, schema
from cityindex.spec.parse import parse
from cityindex.spec.scalars import BOOLEANS, number_of
from cityindex.spec.tree import Items, Pairs, Problems

SCHEMA = schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def as_an_editor_reads(text):
    """The YAML as an editor hands it to the schema: per cents and fractions are text there."""

    def plain(tree):
        if isinstance(tree, Pairs):
            return {key: plain(entry.tree) for key, entry in tree.entries.items()}
        if isinstance(tree, Items):
            return [plain(item) for item in tree.items]
        number = number_of(tree.text)
        if not tree.plain:
            return tree.text
        if number is not None and not isinstance(number, Percent) and "/" not in tree.text:
            return number
        return BOOLEANS.get(tree.text, tree.text)

    return plain(parse(text, Problems()))


def test_it_is_a_schema_and_plain_json():
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(specs())
def test_it_takes_every_spec_that_loads(data):
    VALIDATOR.validate(as_an_editor_reads(dump(load_spec(data))))


@pytest.mark.parametrize("text", [CITY, DEVELOPMENT, DEPRIVATION])
def test_it_takes_specs_with_everything_in_them(text):
    VALIDATOR.validate(as_an_editor_reads(text))


@pytest.mark.parametrize("name", ["calenviroscreen_2_0", "cdc_svi_2018_county", "england_imd_2025", "undp_hdi_2021"])
def test_it_takes_the_sketches(name):
    VALIDATOR.validate(as_an_editor_reads(shared("indices", name, "sketch.yaml").read_text(encoding="utf-8")))


@pytest.mark.parametrize("path", sorted((ROOT / "specs").glob("*/spec.yaml")), ids=lambda path: path.parent.name)
def test_it_takes_the_shipped_specs(path):
    VALIDATOR.validate(as_an_editor_reads(path.read_text(encoding="utf-8")))


BROKEN = {
    "key of the spec": ("edition:", "editon:"),
    "key of an indicator": ("direction: less", "directon: less"),
    "key of a group": ("aggregate: {geometric", "agregate: {geometric"),
    "group's key on an indicator": ("{id: outage, direction: less}", "{id: outage, aggregate: sum}"),
    "step": ("minmax: {to", "minmx: {to"),
    "option": ("beyond: hold", "beyound: hold"),
    "word of an option": ("beyond: hold", "beyond: held"),
    "number": ("digits: 1", "digits: one"),
    "tiering": ("tiers: {cuts", "tiers: {cutts"),
    "two tierings": ("tiers: {cuts: [85, 65],", "tiers: {cuts: [85, 65], equal: 3,"),
    "aggregator": ("aggregate: product", "aggregate: products"),
    "missing rule": ("missing: propagate", "missing: propogate"),
    "per cent": ("weights_sum: 100%", "weights_sum: 100"),
    "weight": ("weight: 35%", "weight: heavy"),
    "via": ("to: [1, 2]", "too: [1, 2]"),
    "version": ("cityindex: 1", "cityindex: 2"),
    "word of rank": ("ties: dense", "ties: dens"),
    "empty children": ("children: [patents, {use: services, of: published}]", "children: []"),
    "default": ("  indicator: {steps", "  indicators: {steps"),
    "key of an edition": ("outage: {direction: more}", "outage: {directon: more}"),
    "language": ("{zh: 城市", "{cn: 城市"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_it_marks(case):
    before, after = BROKEN[case]
    assert before in CITY
    assert not VALIDATOR.is_valid(as_an_editor_reads(CITY.replace(before, after)))
