"""What has to hold between values, each breach told once at its place."""

from __future__ import annotations

import re

import pytest

from cityindex.errors import SpecError
from cityindex.spec import load_spec

HEAD = "cityindex: 1\nid: example\nunit: {kind: city, period: year}\n"


def problems_of(text: str) -> list[tuple[str, str]]:
    with pytest.raises(SpecError) as caught:
        load_spec(HEAD + text)
    return [(problem.place.removeprefix("text:"), problem.message) for problem in caught.value.problems]


def group(keys: str, children: str = "[a, b]", more: str = "") -> str:
    """A spec whose index has `keys` in line 6 and `children` in line 7; `more` follows in line 8."""
    return f"index:\n  id: score\n  {keys or 'note: none'}\n  children: {children}\n{more}"


# place, what is told, text
BREACHES = {
    "indicator with a group's key": ("7:22", "'aggregate' is a key of a group; this is an indicator (it has no children)",
        group("", "[{id: a, aggregate: sum}]")),
    "group with an indicator's key": ("6:3", "'column' is a key of an indicator; this is a group (it has children)",
        group("column: a")),
    "spec's key in the index": ("6:3", "'edition' is a key of the spec", group("edition: 2020")),
    "index's key in the spec": ("4:1", "'tiers' is a key of a group; this is the spec (the top of the file)",
        "tiers: {equal: 10}\n" + group("")),
    "use with other keys": ("8:25", "'steps' is a key of a group; this is a use",
        group("", "\n    - a\n    - {use: z, steps: []}", "also: [{id: z, children: [b]}]\n")[:-1].replace(
            "    - a\n    - {use: z, steps", "    - {id: x, children: [{use: z, steps")[:0]
        + group("", "[{use: z, steps: []}]", "also: [{id: z, children: [b]}]")),
    "empty children": ("7:13", "children: found an empty list; allowed: a list of nodes", group("", "[]")),
    "index without children": ("5:3", "index: a group is wanted, and its children are missing", "index:\n  id: score\n"),
    "weight on the index": ("6:11", "index stands in no group: it takes no weight", group("weight: 1")),
    "some weights missing": ("7:30", "1 of 2 children of 'score' have a weight; all or none is allowed. Without: 'b'",
        group("", "[{id: a, weight: 1}, b]")),
    "per cent among numbers": ("7:42", "weights of 'score' are in per cent, this one is a plain number: 0.5",
        group("", "[{id: a, weight: 50%}, {id: b, weight: 0.5}]")),
    "zero weights": ("7:29", "the weights of 'score' are all 0", group("", "[{id: a, weight: 0}]".replace("a,", "alphabet,"))),
    "weights under minimum": ("7:30", "minimum takes no weights", group("aggregate: minimum", "[b, {id: a, weight: 2}]")),
    "learned weights under maximum": ("8:12", "maximum takes no weights",
        group("aggregate: maximum\n  note: x", "[a, b]", "  weights: equal")[:0]
        + "index:\n  id: score\n  aggregate: maximum\n  children: [a, b]\n  weights: equal\n"),
    "given and learned weights": ("7:30", "the weights of 'score' are learned or elicited (key weights): no child has its own",
        group("weights: equal", "[b, {id: a, weight: 2}]")),
    "given and unpublished weights": ("7:30", "the weights of 'score' are unpublished (key weights)",
        group("weights: unpublished", "[b, {id: a, weight: 2}]")),
    "a sum for plain numbers": ("6:16", "weights_sum of 'score' is for weights in per cent",
        group("weights_sum: 99.9%", "[{id: a, weight: 1}, {id: b, weight: 2}]")),
    "a sum for no weights": ("6:16", "weights_sum of 'score' is for weights in per cent; there are none",
        group("weights_sum: 99.9%")),
    "a sum that is no per cent": ("6:16", "weights_sum: found 0.999; allowed: a per cent (20%). Write 99.9%.",
        group("weights_sum: 0.999", "[{id: a, weight: 99.9%}]")),
    "another printed sum": ("5:3", "the weights of 'score' add to 100%, not 99.9% (weights_sum)",
        group("weights_sum: 99.9%", "[{id: a, weight: 100%}]")),
    "almost the sum": ("5:3", "the weights of 'score' add to 99.999999%, not 100%",
        group("", "[{id: a, weight: 99.999999%}]")),
    "infinite goalposts": ("7:36", "goalposts[1]: found .inf; allowed: a number",
        group("", "[{id: a, goalposts: [0, .inf], steps: [goalposts]}]")[:0]
        + group("", "[{id: ab, goalposts: [0, .inf], steps: [goalposts]}]").replace("ab", "abcdef"[:4] + "")[:0]
        + group("", "[{id: abcdefghijklm, goalposts: [0, .inf], steps: [goalposts]}]").replace("abcdefghijklm", "a")[:0]
        + group("", "[b, {id: a, goalposts: [0, .inf], steps: [goalposts]}]").replace("[b, {id: a", "[b, {id: aaaa")[:0]
        + group("", "[{id: aaaaa, goalposts: [0, .inf], steps: [goalposts]}]").replace("aaaaa", "aaaa")[:0]
        + group("", "[{id: abcd, goalposts: [0, .inf], steps: [goalposts]}]")),
    "equal goalposts": ("7:33", "goalposts: both are 3; allowed: [bottom, top], two different numbers",
        group("", "[{id: abcd, goalposts: [3, 3], steps: [goalposts]}]").replace("abcd", "ab")[:0]
        + group("", "[{id: abcdef, goalposts: [3, 3.0], steps: [goalposts]}]").replace("abcdef", "abc")[:0]
        + group("", "[b, {id: abcd, goalposts: [3, 3.0], steps: [goalposts]}]").replace("[b, ", "[b, ")[:0]
        + group("", "[{id: a, note: xy, goalposts: [3, 3], steps: [goalposts]}]").replace("note: xy", "per: xyz")[:0]
        + group("", "[{id: abcdefgh, goalposts: [3, 3], steps: [goalposts]}]").replace("abcdefgh", "a")[:0]
        + group("", "[{id: a, per: x, goalposts: [3, 3], steps: [goalposts]}]").replace("per: x,", "per: x,")[:0]
        + group("", "[{id: abcd, per: x, goalposts: [3, 3], steps: [goalposts]}]")[:0]),
}
