"""The printed tree of the city index (two pages, columns apart), laid against the tree of the spec."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

import yaml
from pdftext import ROOT, Cell, Source, claim

SPEC = ROOT / "specs" / "digital-economy-city-2020" / "spec.yaml"
SHARES = ((2336, 2420), (2641, 2672))  # names and weights of levels 1 and 2, weights of level 3
LEAVES = ((2575, 2639), (2674, 2698))  # names of level 3; those of the counties' tree stand before
DIMENSIONS = ("数据及信息化基础设施", "城市服务", "城市治理", "产业融合")


class Printed(NamedTuple):
    """A node as printed: its level, its name and its weight."""

    level: int
    name: Cell
    weight: Cell


def read_printed(source: Source) -> list[Printed]:
    """The nodes of the tree from the top down; leaf names are taken in the order of the leaf weights."""
    shares = [cell for span in SHARES for cell in source.cells(*span)]
    leaves = iter([cell for span in LEAVES for cell in source.cells(*span)])
    nodes = []
    for cell in shares:
        if cell.kind == "share":
            nodes.append(Printed(3, next(leaves), cell))
        elif named := re.fullmatch(r"(\S+) (\d+(?:\.\d+)?%)", cell.text):
            level = 1 if named[1] in DIMENSIONS else 2
            nodes.append(Printed(level, Cell(named[1], cell.line), Cell(named[2], cell.line)))
        else:
            claim(f"line {cell.line} is the head of a column", cell.text.startswith("一级指标"))
    claim("no leaf name is left over", next(leaves, None) is None)
    counts = [sum(node.level == level for node in nodes) for level in (1, 2, 3)]
    claim(f"the tree has {counts} nodes on its three levels", counts == [4, 12, 46])
    return nodes


def walk(group: Mapping[str, Any], level: int = 1) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Level, parent and keys of every node under a group of the spec, top down."""
    for child in group["children"]:
        yield level, group["id"], child
        if "children" in child:
            yield from walk(child, level + 1)


def share(text: str) -> Decimal:
    return Decimal(text.removesuffix("%"))


def read_tree(source: Source) -> list[dict[str, object]]:
    """One row a node: the ids of the spec, the names and weights of the source and their lines."""
    printed = read_printed(source)
    written = list(walk(yaml.safe_load(SPEC.read_text(encoding="utf-8"))["index"]))
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
