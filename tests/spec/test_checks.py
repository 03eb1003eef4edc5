"""What has to hold between values: each breach is told once, where the mark ¦ stands in the text."""

from __future__ import annotations

import re

import pytest

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._registry import STEPS
from cityindex.errors import SpecError
from cityindex.spec import load_spec
from cityindex.spec.checks import TURNING

HEAD = "cityindex: 1\nid: example\nunit: {kind: city, period: year}\n"


def place(marked: str) -> tuple[str, str]:
    """The text without its mark, and line:column of the mark."""
    before, _, after = marked.partition("¦")
    return before + after, f"text:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def index(children: str, keys: str = "", rest: str = "") -> str:
    """A spec with these children, keys of the index, and keys of the spec."""
    return f"index:\n  id: score\n{keys and f'  {keys}{chr(10)}'}  children: [{children}]\n{rest}"


def group(children: str, keys: str, rest: str = "") -> str:
    """A spec whose index, in braces, can be marked as a whole."""
    return f"index: {{id: score, {keys}, children: [{children}]}}\n{rest}"


KINDS = {
    "'aggregate' is a key of a group; this is an indicator (it has no children)": index("{id: a, ¦aggregate: sum}"),
    "'goalposts' is a key of an indicator; this is a group (it has children)": index("a", "¦goalposts: [0, 1]"),
    "'edition' is a key of the spec; this is a group": index("a", "¦edition: 2020"),
    "'tiers' is a key of a group; this is the spec (the top of the file)": index("a", rest="¦tiers: {equal: 10}"),
    "'steps' is a key of a group; this is a use": index("{use: z, ¦steps: []}", rest="also: [{id: z, children: [b]}]"),
    "children: found an empty list; allowed: a list of nodes": "index: {id: score, children: ¦[]}",
    "children: found an empty mapping; allowed: a name": index("a, ¦{}"),
    "index: a group is wanted, and its children are missing": "index: ¦{id: score}",
    "index: found a list; allowed: a group": "index: ¦[a, b]",
    "also: found a mapping; allowed: a list of groups": index("a", rest="also: ¦{id: z}"),
    "index stands in no group: it takes no weight": index("a", "weight: ¦1"),
    "also[0] stands in no group": index("a", rest="also: [{id: z, weight: ¦1, children: [b]}]"),
    "steps: found text 'minmax'; allowed: a list of steps": index("{id: a, steps: ¦minmax}"),
    "a list of methods stands under steps and publish only": index("a", "aggregate: ¦[sum]"),
    "edition: found nothing; allowed: text": index("a", rest="edition:¦"),
}

WEIGHTS = {
    "1 of 2 children of 'score' have a weight; all or none is allowed. Without: 'b'": index("{id: a, weight: 1}, ¦b"),
    "this one is a plain number: 0.5": index("{id: a, weight: 50%}, {id: b, weight: ¦0.5}"),
    "the weights of 'score' are all 0": index("{id: a, weight: ¦0}, {id: b, weight: 0}"),
    "arithmetic takes no weight below 0: found -1": index("{id: a, weight: 2}, {id: b, weight: ¦-1}"),
    "geometric takes no weight below 0": index("{id: a, weight: 2}, {id: b, weight: ¦-1}", "aggregate: geometric"),
    "minimum takes no weights (group 'score')": index("b, {id: a, weight: ¦2}", "aggregate: minimum"),
    "maximum takes no weights (group 'score')": index("a, b", "weights: ¦equal\n  aggregate: maximum"),
    "the weights of 'score' are learned or elicited": index("b, {id: a, weight: ¦2}", "weights: equal"),
    "the weights of 'score' are unpublished": index("b, {id: a, weight: ¦2}", "weights: unpublished"),
    "weights_sum of 'score' is for weights in per cent": index("{id: a, weight: 1}", "weights_sum: ¦99.9%"),
    "is for weights in per cent; there are none": index("a", "weights_sum: ¦99.9%"),
    "weights_sum: found 0.999; allowed: a per cent (20%). Write 99.9%.": index(
        "{id: a, weight: 99.9%}", "weights_sum: ¦0.999"
    ),
    "the weights of 'score' add to 100%, not 99.9% (weights_sum)": group(
        "{id: a, weight: 100%}", "weights_sum: 99.9%"
    ).replace("{id: s", "¦{id: s"),
    "the weights of 'score' add to 99.999999%, not 100%; if that": group(
        "{id: a, weight: 99.999999%}", "note: x"
    ).replace("{id: s", "¦{id: s"),
    "weight: found .nan; allowed: a number or a per cent (1, 1/3, 20%), finite": index("{id: a, weight: ¦.nan}"),
    "defaults give indicators a weight and groups a way to learn weights": index(
        "a", rest="defaults: {indicator: {weight: ¦1}, group: {weights: equal}}"
    ),
}

INDICATORS = {
    "'a' has the step goalposts, so it needs the key goalposts": index("{id: a, steps: ¦[goalposts]}"),
    "'a' has the step goalposts (from the defaults), so": index(
        "¦a", rest="defaults: {indicator: {publish: [goalposts]}}"
    ),
    "no step of 'a' uses its goalposts": index("{id: a, goalposts: ¦[0, 1]}"),
    "goalposts: both are 3; allowed: [bottom, top]": index("{id: a, goalposts: ¦[3, 3.0], steps: [goalposts]}"),
    "goalposts[1]: found .inf": index("{id: a, goalposts: [3, ¦.inf], steps: [goalposts]}"),
    "goalposts: found a list; allowed: [bottom, top]": index("{id: a, goalposts: ¦[1, 2, 3], steps: [goalposts]}"),
    "'score' is a group: the step goalposts uses an indicator's": index("a", "steps: ¦[goalposts]"),
    "'a' is a constant (value), so it takes no column": index("{id: a, value: 1, column: ¦b}"),
    "'a' is a constant (value), so it takes no per": index("{id: a, value: 1, per: ¦b}"),
    "but it has no steps that turn it": index("{id: a, direction: ¦less}"),
    "its steps (rescale) give a result that rises with it": index(
        "{id: a, direction: ¦less, steps: [{rescale: {from: [0, 1], to: [0, 1]}}]}"
    ),
    "its steps (rescale) give a result that falls with it": index(
        "{id: a, direction: ¦more, steps: [{rescale: {from: [1, 0], to: [0, 1]}}]}"
    ),
    "its steps (goalposts) give a result that rises": index(
        "{id: a, direction: ¦less, goalposts: [0, 9], steps: [goalposts]}"
    ),
    "its steps (minmax, rescale) give a result that rises": index(
        "{id: a, direction: ¦less, steps: [minmax, {rescale: {from: [0, 1], to: [1, 0]}}]}"
    ),
    "says direction: less (from the defaults), but it has no steps": index(
        "¦a", rest="defaults: {indicator: {direction: less}}"
    ),
    "direction: less, but whether its step bands rises or falls cannot be told": index(
        "{id: a, direction: ¦less, steps: [{bands: {cuts: [1, 2], points: [1, 5, 2]}}]}"
    ),
    "(from the defaults), but whether its step categories rises or falls cannot": index(
        "¦{id: a, steps: [{categories: {scores: {1: 0, 2: 9, 3: 4}}}]}",
        rest="defaults: {indicator: {direction: less}}",
    ),
    "but whether its step percentile_bands rises or falls cannot be told": index(
        "{id: a, direction: ¦less, steps: [{percentile_bands: {cuts: [p20, p80], points: [1, 5, 2]}}]}"
    ),
    "but whether its step piecewise rises or falls cannot be told": index(
        "{id: a, direction: ¦less, steps: [{piecewise: {at: [0, 5, 9], to: [0, 1, 0]}}]}"
    ),
    "but whether its step rescale rises or falls cannot be told": index(
        "{id: a, direction: ¦less, steps: [{log: {}}, {rescale: {from: [0, mean], to: [0, 1]}}]}"
    ),
    "but its steps (bands) give a result that rises with it": index(
        "{id: a, direction: ¦less, steps: [{bands: {cuts: [1, 2], points: [1, 2, 5]}}]}"
    ),
    "direction: found text 'fewer'; allowed: more, less": index("{id: a, direction: ¦fewer}"),
}

REST = {
    "product cannot reweight; allowed: refuse, propagate, impute": index(
        "a", "aggregate: product\n  missing: ¦reweight"
    ),
    "sum cannot reweight (from the defaults)": group(
        "a", "aggregate: sum", "defaults: {group: {missing: reweight}}"
    ).replace("{id: s", "¦{id: s"),
    "'score': at_least is 3, and there are 2 children": index("a, b", "missing: ¦{reweight: {at_least: 3}}"),
    "the cuts have to fall where the highest is first (rank), found 1, 2": index("a", "tiers: ¦{cuts: [1, 2]}"),
    "the cuts have to rise where the lowest is first (rank), found 2, 1": index(
        "a", "rank: {first: lowest}\n  tiers: ¦{cuts: [2, 1]}"
    ),
    "3 labels for 2 tiers (cuts)": index("a", "tiers: ¦{cuts: [1], labels: [x, y, z]}"),
    "3 labels for 10 tiers (equal)": index("a", "tiers: ¦{equal: 10, labels: [x, y, z]}"),
    "1 labels for 2 tiers (sizes)": index("a", "tiers: ¦{sizes: [1, 2], labels: [x]}"),
    "'x' stands twice": index("a", "tiers: {cuts: [1], labels: [x, ¦x]}"),
    "one tiering is wanted, found cuts, equal": index("a", "tiers: ¦{cuts: [1], equal: 2}"),
    "one tiering is wanted, found none": index("a", "tiers: ¦{labels: [x]}"),
    "unknown tiering 'cut'. Did you mean 'cuts'?": index("a", "tiers: {¦cut: [1]}"),
    "there is no node 'aa' to use. Did you mean 'a'?": index("{use: ¦aa}, {id: a}"),
    "a node cannot be used inside itself: score → score": index("{use: ¦score}"),
    "a node cannot be used inside itself: score → z → score": index(
        "{use: z}", rest="also: [{id: z, children: [{use: ¦score}]}]"
    ),
    "'a' is a child of 'score' already": index("a, {use: ¦a}"),
    "the id 'a' is taken (by line 6); to use that node here too, write {use: a}": index(
        "a", rest="also: [{id: z, children: [¦a]}]"
    ),
    "the id 'score' is taken (by line 5)": index("a", rest="also: [{id: ¦score, children: [b]}]"),
    "provenance: 'colour' is no key that has a provenance here": index("{id: a, provenance: {¦colour: assumed}}"),
    "provenance: 'tiers' is no key": index("{id: a, provenance: {¦tiers: assumed}}"),
    "provenance.weight: found text 'guessed'; allowed: published, inferred, assumed": index(
        "{id: a, provenance: {weight: ¦guessed}}"
    ),
    "where.eu: found text 'true'; allowed: a value or a list of values. Write it in quotes": index(
        "{id: a, where: {eu: ¦true}}"
    ),
    "where: found text 'coastal'; allowed: {column: value}": index("{id: a, where: ¦coastal}"),
    "'id' is a key of a single node; this is defaults for every group": index("a", rest="defaults: {group: {¦id: x}}"),
    "'column' is a key of a single node": index("a", rest="defaults: {indicator: {¦column: x}}"),
    "'children' is a key of a group; this is defaults for every indicator": index(
        "a", rest="defaults: {indicator: {¦children: [x]}}"
    ),
    "unknown key 'indicators' of defaults. Did you mean 'indicator'?": index(
        "a", rest="defaults: {¦indicators: {per: x}}"
    ),
    "rank.ties: found text 'mean'; allowed: min, max, average, dense": index("a", "rank: {ties: ¦mean}"),
}


@pytest.mark.parametrize(("words", "marked"), [*KINDS.items(), *WEIGHTS.items(), *INDICATORS.items(), *REST.items()])
def test_a_breach_is_told_at_its_place(words, marked):
    text, where = place(HEAD + marked)
    with pytest.raises(SpecError) as caught:
        load_spec(text)
    (problem,) = caught.value.problems
    assert words.casefold() in problem.message.casefold()
    assert problem.place == where


ALLOWED = [
    index("{id: a, weight: 1}, {id: b, weight: -1}", "aggregate: sum"),
    index("{id: a, weight: 1}, {id: b, weight: -1}", "aggregate: product"),
    index("{id: a, weight: 1/3}, {id: b, weight: 0.1}, {id: c, weight: 1e-3}"),
    index(", ".join(f"{{id: a{i}, weight: 10%}}" for i in range(10))),
    index("{id: a, weight: 33.3%}, {id: b, weight: 33.3%}, {id: c, weight: 33.3%}", "weights_sum: 99.9%"),
    index("{id: a, weight: 0}, {id: b, weight: 2}"),
    index("{id: a, direction: less, steps: [minmax, zscore]}"),
    index("{id: a, direction: less, steps: [{rescale: {from: [0, 1], to: [1, 0]}}]}"),
    index("{id: a, direction: less, goalposts: [9, 0], steps: [goalposts]}"),
    index("{id: a, direction: less, steps: [{bands: {cuts: [1, 2], points: [5, 2, 1]}}]}"),
    index("{id: a, direction: less, steps: [{bands: {cuts: [1, 2], points: [1, 5, 2]}}, minmax]}"),
    index("{id: a, direction: less, steps: [{share: {inverse: true}}]}"),
    index("{id: a, direction: less, steps: [vector]}, {id: b, direction: less, steps: [robust]}"),
    index("{id: a, direction: less, steps: [{distance: 3}, minmax]}"),
    index("{id: a, goalposts: [9, 0], publish: [goalposts]}"),
    index("a, b", "aggregate: minimum\n  missing: reweight"),
    index("a", "rank: {first: lowest}\n  tiers: {cuts: [1, 2], labels: [x, y, z]}"),
    index("a", "tiers: {quantiles: [10%, 0.5], labels: [x, y, z]}"),
    index(
        "{use: z}", rest="also: [{id: z, children: [b]}, {id: y, children: [{use: b}, {use: score, of: published}]}]"
    ),
    index("{id: a, value: 1}", rest="defaults: {indicator: {per: people, goalposts: [0, 1]}}"),
    index("{id: 010}, 2020, no, 2020-06-04, {id: '1.50'}"),
]


def test_the_hint_names_every_step_that_turns():
    own = {name: method for name, method in STEPS.items() if method.built_in}
    by_direction, by_options = TURNING.split(" By the order of their numbers", 1)
    assert {name for name, method in own.items() if method.turns} == set(re.findall(r"\w+", by_direction)) & set(own)
    unclear = {"interval", "gaussian"}  # their sign is that of being near the best, which direction speaks of there
    assert {name for name, method in own.items() if callable(method.sign) and not method.turns} - unclear <= set(
        re.findall(r"\w+", by_options)
    )


@pytest.mark.parametrize("text", ALLOWED)
def test_what_is_allowed(text):
    load_spec(HEAD + text)


def test_ids_stay_text():
    spec = load_spec(HEAD + ALLOWED[-1])
    assert [node.column for node in spec.indicators] == ["010", "2020", "no", "2020-06-04", "1.50"]


def test_a_default_gives_way_where_it_cannot_apply():
    text = """
defaults:
  indicator: {weight: 1, goalposts: [0, 100], per: people, steps: [goalposts]}
  group: {weights_sum: 99.9%}
index:
  id: score
  children:
    - a
    - {id: b, weight: 0.5}
    - {id: c, steps: [minmax]}
    - {id: d, value: 1, steps: []}
    - {id: e, weight: 1, aggregate: minimum, children: [f, g]}
    - {id: h, weight: 1, weights: equal, children: [i, j]}
    - {id: k, weight: 1, children: [{id: l, weight: 99.9%}]}
"""
    spec = load_spec(HEAD + text)
    weights = [spec[name].weight for name in "abcdefgij"]
    assert weights == [1, 0.5, 1, 1, 1, None, None, None, None]
    assert [spec[name].goalposts for name in "acd"] == [(0, 100), None, None]
    assert [spec[name].per for name in "acd"] == ["people", "people", None]
    assert [spec[name].weights_sum for name in ("score", "e", "k")] == [None, None, 0.999]


def test_a_written_weight_goes_before_a_default_way_to_learn_them():
    text = index("{id: a, weight: 1}, {id: g, weight: 2, children: [b, c]}", rest="defaults: {group: {weights: equal}}")
    spec = load_spec(HEAD + text)
    assert spec["score"].weights is None
    assert spec["g"].weights.name == "equal"


def test_direction_acts_in_the_first_turning_step():
    spec = load_spec(
        HEAD + index("{id: a, direction: less, steps: [{log: {}}, minmax, zscore]}, {id: b, steps: [minmax]}")
    )
    assert spec["a"].turning == 1
    assert spec["b"].turning is None
