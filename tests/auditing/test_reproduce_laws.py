"""Laws of reproduction: what was computed and rounded never fails; what cannot be is found, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import cityindex as ci
from cityindex.auditing.reproduce import reproduce

MEANS = ["arithmetic", "geometric", "harmonic", {"power": 2}, "minimum", "maximum", "sum"]
numbers = st.integers(1, 9999).map(lambda value: value / 100)


@st.composite
def cases(draw):
    """(spec, data, decimals): a tree of two levels; what is published is rounded, sometimes what moves up as well."""
    decimals = draw(st.integers(0, 3))
    units = draw(st.integers(2, 9))
    how = draw(st.sampled_from(["half up", "half even", "down"]))
    publish = [{"round": {"digits": decimals, "how": how}}]
    steps = draw(st.sampled_from([[], [{"round": decimals + 1}], [{"rescale": {"from": [0, 100], "to": [10, 0]}}]]))
    top = draw(st.sampled_from(MEANS))
    weighted = top not in ("minimum", "maximum")

    def group(name, members, weight):
        said = {"id": name, "publish": publish, "children": members, "rank": draw(ranks)}
        said["aggregate"] = draw(st.sampled_from(["arithmetic", "sum"]))
        return said | ({"weight": weight} if weighted else {})

    ranks = st.fixed_dictionaries(
        {"of": st.sampled_from(["carried", "published"]), "ties": st.sampled_from(["min", "max", "average", "dense"])}
    )
    leaves = [[f"x{g}{at}" for at in range(draw(st.integers(1, 3)))] for g in range(draw(st.integers(1, 3)))]
    children = [group(f"g{g}", names, draw(st.integers(1, 5))) for g, names in enumerate(leaves)]
    index = {"id": "score", "aggregate": top, "publish": publish, "steps": steps, "children": children}
    index["rank"] = draw(ranks)
    index["tiers"] = {"cuts": sorted(draw(st.lists(st.integers(1, 99), min_size=1, max_size=3, unique=True)))[::-1]}
    indicator = {"publish": publish}
    spec = ci.load_spec(
        {"cityindex": 1, "id": "law", "defaults": {"indicator": indicator}, "unit": {"kind": "city", "key": "name"}}
        | {"index": index}
    )
    frame = {"name": [f"市{row}" for row in range(units)]}
    for names in leaves:
        for name in names:
            frame[name] = draw(st.lists(numbers, min_size=units, max_size=units))
    return spec, pd.DataFrame(frame), decimals


def printed_tables(result, decimals):
    """Every node as it would be printed, the best first."""
    tables = {}
    for node in result.nodes:
        values, ranks = result.column(node), result.ranks(node)
        order = np.argsort(ranks, kind="stable")
        table = {
            "name": [result.units[row] for row in order],
            "score": [f"{values[row]:.{decimals}f}" for row in order],
        }
        table["rank"] = [f"{ranks[row]:g}" for row in order]
        if node == "score":
            tiers = result.tiers()
            table["tier"] = [tiers[row] for row in order]
        tables[node] = table
    return tables


@settings(deadline=None)
@given(cases())
def test_what_was_computed_and_rounded_never_fails(case):
    spec, data, decimals = case
    result = ci.score(spec, data)
    found = reproduce(spec, printed_tables(result, decimals))
    assert found.failing == ()
    assert {row.verdict for row in found.rows} == {"holds"}


@settings(deadline=None)
@given(cases(), st.integers(1, 8))
def test_heads_of_lists_never_fail(case, kept):
    spec, data, decimals = case
    tables = printed_tables(ci.score(spec, data), decimals)
    heads = {name: {column: cells[:kept] for column, cells in table.items()} for name, table in tables.items()}
    heads["score"] = tables["score"]
    found = reproduce(spec, heads)
    assert [row for row in found.failing if row.kind == "reproduction"] == []


@settings(deadline=None)
@given(cases(), st.data())
def test_one_total_that_is_too_far_off_is_found_alone(case, data):
    spec, frame, decimals = case
    tables = printed_tables(ci.score(spec, frame), decimals)
    table = tables["score"]
    table.pop("rank"), table.pop("tier")
    row = data.draw(st.integers(0, len(frame) - 1))
    before = {each.unit: each for each in reproduce(spec, tables).rows if each.node == "score"}[table["name"][row]]
    off = float(before.bounds.high) + data.draw(st.integers(2, 50)) * 10.0**-decimals
    table["score"][row] = f"{off:.{decimals}f}"
    assert [each.unit for each in reproduce(spec, tables).failing if each.node == "score"] == [table["name"][row]]


@settings(deadline=None, max_examples=40)
@given(cases())
def test_a_row_that_holds_can_be_printed_so(case):
    """Every total between the ends of its interval holds, and no other."""
    spec, frame, decimals = case
    tables = printed_tables(ci.score(spec, frame), decimals)
    tables["score"] = {column: cells[:1] for column, cells in tables["score"].items() if column in ("name", "score")}
    bounds = reproduce(spec, tables).rows[0].bounds
    unit = 10.0**-decimals
    for at in np.arange(-3, 4):
        value = round(float(bounds.middle) + at * unit, decimals)
        tables["score"]["score"] = [f"{value:.{decimals}f}"]
        row = reproduce(spec, tables).rows[0]
        outside = max(float(bounds.low) - value, value - float(bounds.high))
        if outside > unit * 1.01:
            assert row.verdict == "fails"
        if outside <= 0:
            assert row.verdict == "holds"


@given(st.lists(st.integers(0, 20), min_size=2, max_size=8), st.randoms(use_true_random=False))
def test_ranks_that_no_order_of_hidden_digits_allows(scores, random):
    """Brute force: any permutation of ranks against all that whole numbers with hidden digits can mean."""
    spec = ci.load_spec(
        {"cityindex": 1, "id": "t", "index": {"id": "score", "rank": {"of": "carried"}, "children": ["a"]}}
    )
    names = [f"市{at}" for at in range(len(scores))]
    order = list(range(len(scores)))
    random.shuffle(order)
    ranks = [0] * len(scores)
    for place, at in enumerate(order):
        ranks[at] = place + 1
    table = {"name": names, "score": [str(score) for score in scores], "rank": [str(rank) for rank in ranks]}
    possible = all(scores[one] >= scores[other] - 1 for i, one in enumerate(order) for other in order[i + 1 :])
    assert (reproduce(spec, {"score": table}).failing == ()) == possible
