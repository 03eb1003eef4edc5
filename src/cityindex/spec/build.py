"""Drafts without a fault → the frozen records of `model`. Nothing is checked here, so nothing fails here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cityindex._values import Frozen, Percent, Text, freeze
from cityindex.spec.calls import call_of, tiers_of
from cityindex.spec.checks import every
from cityindex.spec.model import UNPUBLISHED, Call, Group, Indicator, Rank, Spec, Unit, Use
from cityindex.spec.read import Draft, SpecDraft
from cityindex.spec.tree import Problems

__all__ = ["build", "data_of"]

ARITHMETIC = Call("aggregator", "arithmetic")
REFUSE = Call("missing", "refuse")


def data_of(draft: SpecDraft, editions: Any) -> dict[str, Any]:
    """The spec as plain data, in the order written."""
    nodes = {
        "defaults": {kind: {key: v.data for key, v in table.items()} for kind, table in draft.defaults.items()},
        "index": draft.roots[0].data(),
        "also": [root.data() for root in draft.roots[1:]],
        "editions": editions,
    }
    data = {key: nodes.get(key, value.data) for key, value in draft.values.items()}
    return {key: value for key, value in data.items() if value is not None}


def build(draft: SpecDraft, problems: Problems, *, editions: Mapping[str, Spec], written: Any = None) -> Spec:
    """The spec that a checked draft stands for."""
    source = draft.get("source")
    edition = draft.get("edition")
    return Spec(
        data=freeze(data_of(draft, written)),
        id=str(draft.get("id")),
        title=_text(draft.get("title")),
        edition=edition,
        source=tuple(Text.of(item) for item in (source if isinstance(source, list) else [source] if source else [])),
        note=_text(draft.get("note")),
        unit=_unit(draft.get("unit")),
        provenance=_provenance(draft.get("provenance")),
        reference=freeze(draft.get("reference")),
        index=_group(draft.roots[0]),
        also=tuple(_group(root) for root in draft.roots[1:]),
        editions=Frozen(editions),
        places=Frozen({str(node.id): problems.place(node.at) for node in every(draft.roots) if node.kind != "use"}),
    )


def _unit(data: Any) -> Unit:
    return Unit(**data) if isinstance(data, dict) else Unit(data) if data else Unit()


def _text(data: Any) -> Text | None:
    return None if data is None else Text.of(data)


def _provenance(data: Any) -> Frozen:
    """A bare word speaks for the weight."""
    return Frozen({"weight": data}) if isinstance(data, str) else Frozen(data or {})


def _shared(draft: Draft) -> dict[str, Any]:
    return {
        "id": draft.id,
        "title": _text(draft.get("title")),
        "note": _text(draft.get("note")),
        "weight": draft.get("weight"),
        "steps": draft.calls("steps"),
        "publish": draft.calls("publish"),
        "where": freeze(draft.get("where")),
        "provenance": _provenance(draft.get("provenance")),
    }


def _indicator(draft: Draft) -> Indicator:
    posts = draft.get("goalposts")
    constant = draft.get("value")
    return Indicator(
        **_shared(draft),
        column=None if constant is not None else draft.get("column") or draft.id,
        value=constant,
        per=draft.get("per"),
        goalposts=None if posts is None else (posts[0], posts[1]),
        direction=draft.get("direction"),
        measured_in=_text(draft.get("measured_in")),
    )


def _group(draft: Draft) -> Group:
    weights, aggregate, missing, tiers = (draft.get(key) for key in ("weights", "aggregate", "missing", "tiers"))
    given = draft.get("weights_sum")
    if given is None and any(isinstance(child.get("weight"), Percent) for child in draft.children):
        given = Percent(1.0)
    return Group(
        **_shared(draft),
        children=tuple(_child(child) for child in draft.children),
        aggregate=ARITHMETIC if aggregate is None else call_of("aggregator", aggregate),
        missing=REFUSE if missing is None else call_of("missing", missing),
        weights=weights if weights is None or weights == UNPUBLISHED else call_of("weighting", weights),
        weights_sum=given,
        rank=Rank(**(draft.get("rank") or {})),
        tiers=None if tiers is None else tiers_of(tiers),
    )


def _child(draft: Draft) -> Indicator | Group | Use:
    if draft.kind == "use":
        return Use(str(draft.id), draft.get("of") or "carried", draft.get("weight"))
    return _group(draft) if draft.kind == "group" else _indicator(draft)
