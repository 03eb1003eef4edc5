"""The keys of the language, by what they stand on: the table of DESIGN, section 4, as data.

The reader and the JSON Schema are both made from these tables. Keys that hold nodes (`index`, `also`, `children`,
`defaults`, `editions`) are read by `read`.
"""

from __future__ import annotations

from typing import Any

from cityindex.spec.calls import MethodField, MethodList, TiersField
from cityindex.spec.fields import Choice, Identifier, Number, Pair, Source, Text_, Title, Version
from cityindex.spec.model import UNPUBLISHED
from cityindex.spec.records import Labels, Provenance, Record

__all__ = ["DEFAULTS", "FIELDS", "KEYS", "NODES", "WHAT"]

COLUMN = Text_("the name of a column")

_said = ("title", "note", "measured_in", "provenance", "id", "use")  # keys about the node, not about its numbers
_node: dict[str, Any] = {
    "id": Identifier(),
    "title": Title(),
    "note": Title(),
    "weight": Number("yes"),
    "steps": MethodList(),
    "publish": MethodList(),
    "where": Labels(),
}
_indicator: dict[str, Any] = {
    **_node,
    "column": COLUMN,
    "value": Number(),
    "per": COLUMN,
    "goalposts": Pair(),
    "direction": Choice(("more", "less")),
    "measured_in": Title(),
}
_group: dict[str, Any] = {
    **_node,
    "aggregate": MethodField("aggregator"),
    "missing": MethodField("missing"),
    "weights": MethodField("weighting", UNPUBLISHED),
    "weights_sum": Number("only"),
    "rank": Record(
        {
            "of": Choice(("published", "carried")),
            "ties": Choice(("min", "max", "average", "dense")),
            "first": Choice(("highest", "lowest")),
        },
        "rank",
    ),
    "tiers": TiersField(),
}
_use: dict[str, Any] = {
    "use": Identifier("the id of a node"),
    "of": Choice(("carried", "published")),
    "weight": Number("yes"),
}
_sources_of_indicator = tuple(key for key in _indicator if key not in _said)
_sources_of_group = (*(key for key in _group if key not in _said), "children")

FIELDS: dict[str, dict[str, Any]] = {
    "spec": {
        "cityindex": Version(),
        "id": Identifier(),
        "title": Title(),
        "edition": Text_("text"),
        "source": Source(),
        "note": Title(),
        "unit": Record(
            {"kind": Text_("text"), "key": COLUMN, "label": COLUMN, "period": COLUMN}, "unit", text=Text_("text")
        ),
        "provenance": Provenance(tuple(dict.fromkeys((*_sources_of_indicator, *_sources_of_group)))),
        "reference": Labels(),
    },
    "indicator": {**_indicator, "provenance": Provenance(_sources_of_indicator)},
    "group": {**_group, "provenance": Provenance(_sources_of_group)},
    "use": _use,
}
NODES = {"spec": ("defaults", "index", "also", "editions"), "indicator": (), "group": ("children",), "use": ()}
KEYS: dict[str, tuple[str, ...]] = {kind: (*FIELDS[kind], *NODES[kind]) for kind in FIELDS}
DEFAULTS: dict[str, tuple[str, ...]] = {
    "indicator": tuple(key for key in FIELDS["indicator"] if key not in ("id", "title", "column", "value")),
    "group": tuple(key for key in FIELDS["group"] if key not in ("id", "title")),
}
WHAT = {
    "spec": "the spec (the top of the file)",
    "indicator": "an indicator (it has no children)",
    "group": "a group (it has children)",
    "use": "a use (a group of one child, {use: id}, can have steps and all else)",
}
