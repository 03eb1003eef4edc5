"""Slips that an outside reading of the language found: each is refused, allowed or worded as the design says."""

from __future__ import annotations

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from cityindex import diff, dump, fingerprint, load_spec, replace, schema, score
from cityindex.errors import SpecError

HEAD = "cityindex: 1\nid: example\nunit: {kind: city, key: city, period: year}\n"
EDITION = "editions:\n  2011: {s: {children: [{id: c, weight: 1}, {id: d, weight: 1}]}, a: {weight: 3}}\n"


def place(marked: str) -> tuple[str, str]:
    """The text without its mark ¦, and line:column of the mark."""
    before, _, after = marked.partition("¦")
    return before + after, f"text:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def index(children: str, keys: str = "", rest: str = "") -> str:
    return f"index:\n  id: s\n{keys and f'  {keys}{chr(10)}'}  children: [{children}]\n{rest}"


def block(*lines: str) -> str:
    """The children of the index, in lines of their own."""
    return "\n".join(["index:", "  id: s", "  children:", *(f"    {line}" for line in lines)]) + "\n"


REFUSED = {
    "'a': goalposts: a log scale needs both above 0, found 0": index(
        "{id: a, goalposts: ¦[0, 100], steps: [{goalposts: {scale: log}}]}"
    ),
    "'s': at_least is 5, and there are 2 children": index("a, b", "missing: ¦{impute: {at_least: 5}}"),
    "edition 2011: 'a' is not in it any more, as it gives the group around it other children": index(
        "{id: a, weight: 1}, {id: b, weight: 1}", rest=EDITION.replace("a: {weight: 3}", "¦a: {weight: 3}")
    ),
    "edition 2011: the id 'a' is taken (by line 6); give this one another id": index(
        "a, b", rest="editions: {2011: {a: {children: [¦a, c]}}}\n"
    ),
    "is taken (by line 5); give this one another id, and say column: s": index("¦s, b"),
    "clip: found 3; allowed: [low, high], or its options by name": index("{id: a, steps: [{clip: ¦3}]}"),
    "clip: found a list; allowed: [low, high], or its options": index("{id: a, steps: [{clip: ¦[1, 2, 3]}]}"),
    "clip: high: 'medain' is neither a number nor a word to be learned. Did you mean 'median'?": index(
        "{id: a, steps: [{clip: [p5, ¦medain]}]}"
    ),
    "steps[0]: found an empty mapping; allowed: a step, as its name": index("{id: a, steps: [¦{}]}"),
    "ahp.judgements: found text 'x' in a list; allowed": index("a, b", "weights: {ahp: [[1, 3], [¦x, 1]]}"),
    "bands.cuts: found nothing in a list; allowed: a list of numbers.": index(
        "{id: a, steps: [{bands: {cuts: [1, ¦null], points: [1, 2, 3]}}]}"
    ),
}


@pytest.mark.parametrize("words", REFUSED)
def test_it_is_refused_at_its_place_and_once(words):
    text, where = place(HEAD + REFUSED[words])
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    (problem,) = caught.value.problems
    assert words in problem.message
    assert problem.place == where


# what a statistician writes → how the message says to mend it, at the mark
MENDED = {
    "Indent to further, under minmax.": block("- id: a", "  steps:", "    - ¦minmax:", "      to: [0, 100]"),
    "[name, {id: …}, {use: id}], or unpublished. Begin each node on": block("¦a: {weight: 20%}", "b: {weight: 80%}"),
    "children: found text '-a -b'; allowed: a list of nodes: [name, {id: …}, {use: id}], or unpublished": block(
        "¦-a", "-b"
    ),
    "not indented like the lines above it, or lacks its '- '": block("- id: a", "  weight: 20%", "¦id: b"),
    "steps: found text 'minmax'; allowed: a list of steps: [name, {name: options}]. Write [minmax].": index(
        "{id: a, steps: ¦minmax}"
    ),
    "allowed: a list of steps: [name, {name: options}]. Put it into [ ], or begin its line with '- '.": index(
        "{id: a, steps: ¦{minmax: {to: [0, 1]}}}"
    ),
    "tiers.labels: found text 'A, B'; allowed: a list of labels, the best tier first. Write [A, B].": index(
        "a", "tiers: {cuts: [1], labels: ¦'A, B'}"
    ),
    "tiers: found a list; allowed: a tiering, such as {cuts: [80, 60]} or {equal: 4}.": index("a", "tiers: ¦[85, 65]"),
    "unknown tiering 'jenks'. Known: 'natural_breaks',": index("a", "tiers: {¦jenks: 5, labels: [a]}"),
    "It is an option of reweight and of impute: write {reweight: {at_least: …}}.": index(
        "a", "missing: {¦at_least: 2}"
    ),
    "missing: found a list; allowed: a rule for missing children, as its name": index("a", "missing: ¦[reweight]"),
    "aggregate: found a list; allowed: an aggregator, as its name": index("a", "aggregate: ¦[sum]"),
    "Weights of your own stand at the children: {id: …, weight: 20%}.": index("a, b", "weights: ¦{a: 20%, b: 80%}"),
    "weights of 's' are in per cent, this one is a plain number: 0.8. Write 80%.": index(
        "{id: a, weight: 20%}, {id: b, weight: ¦0.8}"
    ),
    "this one is a plain number: 80. Write 80%.": index("{id: a, weight: 20%}, {id: b, weight: ¦80}"),
    "rank: found text 'descending'; allowed: {of: …, ties: …, first: …}.": index("a", "rank: ¦descending"),
    "found text '33,3%'; allowed: a number or a per cent (1, 1/3, 20%). Write 33.3%.": block(
        "- id: a", "  weight: ¦33,3%", "- {id: b, weight: 66.7%}"
    ),
    "a comma ends a value, and 3% stands alone; decimals are written with a point": index("{id: a, weight: 33,¦3%}"),
    "weight: found text '0,125'; allowed: a number or a per cent (1, 1/3, 20%). Write 0.125.": block(
        "- id: a", "  weight: ¦0,125"
    ),
    "weight: found text '−1'; allowed: a number or a per cent (1, 1/3, 20%). Write -1.": index(
        "{id: a, weight: ¦−1}", "aggregate: sum"
    ),
    "found text '80 percent'; allowed: a number or a per cent (1, 1/3, 20%). Write 80%.": index(
        "{id: a, weight: ¦80 percent}"
    ),
    "found text '100km'; allowed: a number (1, 0.5, 1/3). Write the number alone and in full, without a unit.": index(
        "{id: a, goalposts: [0, ¦100km], steps: [goalposts]}"
    ),
    "a key without its colon: 'key: value' is wanted": "index:\n  ¦id = s\n  children: [a]\n",
    "text goes on behind the closing quote; use the other kind of quotes": index("a", "title: 'the city'¦s index'"),
    "is not closed, or lacks a comma (by line 7); what follows ' #' is a comment": index("¦{id: a #1, weight: 100%}"),
    "cuts: they must fall (or rise, where": index("a", "tiers: {cuts: ¦[85, 50, 65]}"),
    "cuts: found 85; allowed: a list of numbers.": index("a", "tiers: {cuts: ¦85}"),
    "reweight.at_least: found text '60％'; allowed: a whole number or a per cent (60%). There is a full-": index(
        "a, b", "missing: {reweight: ¦60％}"
    ),
    "reweight.at_least: found 0.6; allowed: a whole number or a per cent (60%). Write 60%.": index(
        "a, b", "missing: {reweight: ¦0.6}"
    ),
    "reweight.covered: found 51; allowed: a per cent (60%). Write 51%.": index(
        "a, b", "missing: {reweight: {covered: ¦51}}"
    ),
    "round.digits: found text '２'; allowed: a whole number. Write 2.": index("a", "publish: [{round: ¦２}]"),
    "cuts: found text '65,2' in a list; allowed: a list of numbers. Write 65.2.": (
        "index:\n  id: s\n  children: [a]\n  tiers:\n    cuts:\n    - 85,5\n    - ¦65,2\n"
    ),
    "cuts: found text '85' in a list; allowed: a list of numbers. Leave out the quotes.": index(
        "a", "tiers: {cuts: [¦'85', 65]}"
    ),
    "minmax.to: found text '0，100' in a list; allowed: [a number, a number]. There is a full-width '，'": index(
        "{id: a, steps: [{minmax: {to: [¦0，100]}}]}"
    ),
    "'weights' is a key of a group; this is an indicator (it has no children). Did you mean 'weight'?": index(
        "{id: a, ¦weights: 100%}"
    ),
    "goalposts: found a list; allowed: [bottom, top], two different numbers. Write 1000000, not 1,000,000.": index(
        "{id: a, goalposts: ¦[0, 1,000,000], steps: [goalposts]}"
    ),
    "'steps' is a key of a node, and stands under indicator or group; this is defaults.": index(
        "a", rest="defaults: {¦steps: [minmax]}\n"
    ),
    "a key without its colon": block("- id: a", "  steps:", "    - ¦minmax", "      to: [0, 1]"),
    "Text that holds a comma needs quotes.": index("{id: a, title: GDP, ¦per head}"),
    "nothing is open that '}' could close": "index: {id: s, children: [a]}¦}\n",
    "the line goes on behind the end of a value": block("- {id: a} ¦20%"),
    "add to 99%, not 100%; if that is how it is printed, say so: weights_sum: 99%": "index: ¦{id: s, children: "
    "[{id: a, weight: 99%}]}\n",
    "clip: high: 'medain' is neither a number nor a word": block(
        "- id: a", "  steps:", "  - clip:", "      high: ¦medain"
    ),
}


@pytest.mark.parametrize("words", MENDED)
def test_the_message_says_how_to_mend_it(words):
    text, where = place(HEAD + MENDED[words])
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    (problem,) = [problem for problem in caught.value.problems if words in problem.message]
    assert problem.place == where


VALID = [
    index("{id: a, steps: [{clip: [p5, 95]}]}"),
    index("a, b, c", "weights: {ahp: [[1, 2, null], [~, 1, 3], [null, null, 1]]}"),
    index("{id: true, title: false, note: {en: true}}"),
    index("a", rest="defaults: {}\n"),
    index("a", rest="defaults: {indicator: {}, group: {}}\n"),
]


def plain(value):
    """What an editor hands to the schema."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [plain(item) for item in value]
    return {"true": True, "false": False}.get(value, value)


@pytest.mark.parametrize("text", VALID)
def test_what_the_design_allows_loads_writes_back_and_is_known_to_editors(text):
    spec = load_spec(HEAD + text)
    again = load_spec(dump(spec))
    assert again == spec
    assert dump(again) == dump(spec)
    assert diff(spec, again) == ()
    assert fingerprint(again) == fingerprint(spec)
    Draft202012Validator(schema()).validate(plain(spec.data))


def test_both_limits_of_a_clip_may_stand_bare():
    spec = load_spec(HEAD + index("{id: a, steps: [{clip: [2, max]}]}"))
    assert spec["a"].steps == load_spec(HEAD + index("{id: a, steps: [{clip: {low: 2, high: max}}]}"))["a"].steps
    data = {"city": ["x", "y", "z"], "year": [1, 1, 1], "a": [1.0, 3.0, 9.0]}
    np.testing.assert_array_equal(score(spec, data).column("s"), [2, 3, 9])


def test_judgements_that_were_not_made_are_null():
    spec = load_spec(HEAD + index("a, b, c", "weights: {ahp: [[1, 2, null], [null, 1, 3], [null, null, 1]]}"))
    data = {"city": ["x", "y"], "year": [1, 1], "a": [1, 0], "b": [0, 1], "c": [0, 0]}
    np.testing.assert_allclose(score(spec, data).column("s"), [0.6, 0.3])


def test_nodes_that_say_the_same_share_their_calls():
    spec = load_spec(HEAD + index("{id: a, steps: [minmax, {round: 1}]}, {id: b, steps: [minmax, {round: 1}]}"))
    assert spec["a"].steps is spec["b"].steps
    assert replace(spec, "a", steps=["zscore"])["b"].steps[0].name == "minmax"
