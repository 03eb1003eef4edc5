"""Random specs that are valid: uneven trees, weights of every kind, steps that agree with the direction.

``specs()`` gives the mapping that `load_spec` reads; ``trees()`` the index alone. Columns have the indicators' names.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from cityindex._values import Percent

NAMES = st.text("abcdefgxyz_0123456789城市数字经济no，：#'\" .", min_size=1, max_size=8).map(str.strip).filter(bool)
TITLES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=30).filter(
    str.strip
)
NUMBERS = st.one_of(st.integers(-1000, 1000), st.floats(-1e6, 1e6, allow_nan=False, allow_infinity=False))
RISING = st.sampled_from(
    [
        [],
        ["minmax"],
        ["zscore", {"round": 3}],
        [{"minmax": {"to": [0, 100]}}],
        [{"percent_rank": {"ties": "max", "formula": "highest"}}],
        [{"clip": {"low": "p5", "high": "p95"}}, "minmax"],
        [{"rescale": {"from": ["min", "max"], "to": [1, 10]}}],
        [{"impute": "median"}, {"minmax": {"to": [1, 2], "beyond": "hold"}}],
    ]
)
FALLING = st.sampled_from(
    [
        ["minmax"],
        ["zscore"],
        [{"percent_rank": {"ties": "average"}}],
        [{"rescale": {"from": ["min", "max"], "to": [10, 1]}}],
    ]
)
PUBLISH = st.sampled_from([[{"round": 1}], [{"round": {"digits": 2, "how": "half even"}}], ["percent_rank"], []])
AVERAGES = st.sampled_from(["arithmetic", {"power": 2}, {"arithmetic": {"via": {"from": [0, 10], "to": [10, 1]}}}])
MISSING = st.sampled_from(
    ["refuse", "propagate", "reweight", {"reweight": {"at_least": Percent(0.6)}}, {"impute": "mean"}]
)
TIERS = st.sampled_from(
    [{"cuts": [80, 60.5], "labels": ["一线", "二线", "no"]}, {"equal": 2}, {"natural_breaks": {"count": 2}}]
)
WORDS = st.sampled_from(["published", "inferred", "assumed"])


def _maybe(draw: Any, node: dict[str, Any], key: str, values: st.SearchStrategy[Any]) -> None:
    if draw(st.booleans()):
        node[key] = draw(values)


@st.composite
def indicators(draw: Any, name: str) -> Any:
    """One indicator, now and then as its name alone."""
    if draw(st.integers(0, 3)) == 0:
        return name
    node: dict[str, Any] = {"id": name}
    _maybe(draw, node, "title", st.one_of(TITLES, st.fixed_dictionaries({"zh": TITLES, "en": TITLES})))
    kind = draw(st.sampled_from(["plain", "less", "goalposts"]))
    if kind == "less":
        node |= {"direction": "less", "steps": draw(FALLING)}
    elif kind == "goalposts":
        low, high = sorted(draw(st.lists(st.integers(-50, 50), min_size=2, max_size=2, unique=True)))
        node |= {"goalposts": [low, high], "steps": [{"goalposts": {"to": [0, 100], "beyond": "allow"}}]}
    else:
        _maybe(draw, node, "steps", RISING)
    _maybe(draw, node, "provenance", st.one_of(WORDS, st.fixed_dictionaries({"steps": WORDS, "weight": WORDS})))
    return node


@st.composite
def weighted(draw: Any, children: list[Any]) -> list[Any]:
    """The children with weights in per cent, as shares, or without."""
    kind = draw(st.sampled_from(["none", "shares", "per cent"]))
    if kind == "none":
        return children
    parts = draw(st.lists(st.integers(1, 9), min_size=len(children), max_size=len(children)))
    nodes = [{"id": child} if isinstance(child, str) else child for child in children]
    if kind == "shares":
        return [{**node, "weight": part / 2} for node, part in zip(nodes, parts, strict=True)]
    shares = [round(part / sum(parts), 3) for part in parts]
    shares[0] = round(1 - sum(shares[1:]), 3)
    return [{**node, "weight": Percent(share)} for node, share in zip(nodes, shares, strict=True)]


@st.composite
def trees(draw: Any, names: list[str], depth: int = 0) -> dict[str, Any]:
    """A group over at least one indicator; it takes its names off the end of `names`."""
    node: dict[str, Any] = {"id": names.pop()}
    children: list[Any] = []
    for _ in range(draw(st.integers(1, 4))):
        if len(names) > 1 and depth < 3 and draw(st.booleans()):
            children.append(draw(trees(names, depth + 1)))
        elif names:
            children.append(draw(indicators(names.pop())))
    _maybe(draw, node, "aggregate", AVERAGES)
    _maybe(draw, node, "missing", MISSING)
    _maybe(draw, node, "publish", PUBLISH)
    _maybe(
        draw, node, "rank", st.sampled_from([{"of": "carried"}, {"ties": "max"}, {"of": "published", "ties": "dense"}])
    )
    _maybe(draw, node, "tiers", TIERS)
    _maybe(draw, node, "note", st.one_of(TITLES, st.just("two\nlines")))
    node["children"] = draw(weighted(children))
    return node


@st.composite
def specs(draw: Any, names: st.SearchStrategy[str] = NAMES, least: int = 3) -> dict[str, Any]:
    """A whole spec as plain data; ``names`` are the ids (and columns) it draws from."""
    taken = draw(st.lists(names, min_size=least, max_size=14, unique=True))
    data: dict[str, Any] = {"cityindex": 1, "id": draw(names)}
    _maybe(draw, data, "title", TITLES)
    _maybe(draw, data, "edition", st.one_of(st.integers(1990, 2030), st.just("2.0")))
    _maybe(draw, data, "unit", st.sampled_from(["city", {"kind": "city", "key": "code"}]))
    _maybe(draw, data, "defaults", st.fixed_dictionaries({"group": st.fixed_dictionaries({"publish": PUBLISH})}))
    data["index"] = draw(trees(taken))
    return data
