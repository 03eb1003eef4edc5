"""The printed trees of the city and the county index (columns apart), each laid against the tree of its spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import yaml
from pdftext import ROOT, Cell, Source, claim


class Tree(NamedTuple):
    """Where a tree is printed: levels 1 and 2 with the weights of level 3; then the names of level 3."""

    index: str
    shares: tuple[tuple[int, int], ...]
    leaves: tuple[tuple[int, int], ...]
    dimensions: tuple[str, ...]
    counts: tuple[int, int, int]


CITY = Tree(
    "digital-economy-city-2020",
    ((2336, 2420), (2641, 2672)),
    ((2575, 2639), (2674, 2698)),
    ("数据及信息化基础设施", "城市服务", "城市治理", "产业融合"),
    (4, 12, 46),
)
COUNTY = Tree(
    "digital-economy-county-2020",
    ((2423, 2505),),
    ((2509, 2571),),
    ("数据及信息化基础设施", "服务与治理", "产业融合"),
    (3, 9, 32),
)


class Printed(NamedTuple):
    """A node as printed: its level, its name and its weight."""

    level: int
    name: Cell
    weight: Cell


def read_printed(source: Source, tree: Tree) -> list[Printed]:
    """The nodes of the tree from the top down; leaf names are taken in the order of the leaf weights."""
    shares = [cell for span in tree.shares for cell in source.cells(*span)]
    leaves = iter([cell for span in tree.leaves for cell in source.cells(*span)])
    nodes = []
    for cell in shares:
        if cell.kind == "share":
            nodes.append(Printed(3, next(leaves), cell))
        elif named := re.fullmatch(r"(\S+) (\d+(?:\.\d+)?%)", cell.text):
            level = 1 if named[1] in tree.dimensions else 2
            nodes.append(Printed(level, Cell(named[1], cell.line), Cell(named[2], cell.line)))
        else:
            claim(f"line {cell.line} is the head of a column", cell.text.startswith("一级指标"))
    claim("no leaf name is left over", next(leaves, None) is None)
    counts = [sum(node.level == level for node in nodes) for level in (1, 2, 3)]
    claim(f"the tree has {counts} nodes on its three levels", tuple(counts) == tree.counts)
    return nodes


def walk(group: Mapping[str, Any], level: int = 1) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Level, parent and keys of every node under a group of the spec, top down."""
    for child in group["children"]:
        yield level, group["id"], child
        if "children" in child:
            yield from walk(child, level + 1)


def share(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


def read_tree(source: Source, tree: Tree) -> list[dict[str, object]]:
    """One row a node: the ids of the spec, the names and weights of the source and their lines."""
    printed = read_printed(source, tree)
    spec = ROOT / "specs" / tree.index / "spec.yaml"
    written = list(walk(yaml.safe_load(spec.read_text(encoding="utf-8"))["index"]))
    claim("the spec has as many nodes", len(written) == len(printed))
    table: list[dict[str, object]] = []
    totals: dict[str, Decimal] = {}
    for (level, parent, node), there in zip(written, printed, strict=True):
        same = (level, node["title"]["zh"], node["weight"]) == (there.level, there.name.text, there.weight.text)
        if not same:
            raise SystemExit(f"the spec has {node['id']} on level {level}, the source {there}")
        totals[parent] = totals.get(parent, Decimal(0)) + share(there.weight.text)
        table.append(
            {
                "id": node["id"],
                "parent": parent,
                "level": level,
                "title_zh": there.name.text,
                "weight": there.weight.text,
                "line": there.name.line,
                "weight_line": there.weight.line,
            }
        )
    claim("level, name and weight of every node agree with the spec", True)
    claim(f"the weights of each of {len(totals)} groups add up to 100%", set(totals.values()) == {Decimal(100)})
    return table
