"""The tiers of the index on the page: cuts that are held, or places among the ranks that tiers follow."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from cityindex.errors import NotFoundError
from cityindex.methods._arrays import FloatArray, significant
from cityindex.methods.tier import assign
from cityindex.views.explorer.payload import Scope

__all__ = ["tier_record"]


def tier_record(scope: Scope) -> dict[str, Any] | None:
    """Labels and cuts; ``places`` besides, where tiers are ranges of ranks among exactly the units shown."""
    index = scope.part.plan.spec.index
    if index.tiers is None:
        return None
    try:
        cuts = scope.result.cuts(scope.root, scope.part)
    except NotFoundError:  # too few different scores were there to learn from
        return None
    labels = list(index.tiers.named(len(cuts) + 1))
    record: dict[str, Any] = {"method": index.tiers.call.name, "labels": labels, "cuts": cuts.tolist()}
    values = scope.result.column(of=scope.rank.of)[scope.rows]
    published = assign(values, cuts, first=scope.rank.first)
    return record | {"places": _places(scope, values, cuts), "published": published.tolist()}


def _places(scope: Scope, values: FloatArray, cuts: FloatArray) -> list[int] | None:
    """Which score, counted from the best, is the lowest of each tier; None where the tiers do not follow from ranks.

    That is so where other units were learned from: then the cuts are held, as the library holds them.
    """
    call, rule = scope.part.plan.spec.index.tiers.call, scope.rank  # type: ignore[union-attr]  # asked by the caller
    scores = np.sort(significant(values[~np.isnan(values)]))
    scores = scores[::-1] if rule.first == "highest" else scores
    count, options = len(scores), call.settings
    if call.name == "equal":
        places = [tier * count // options["count"] - 1 for tier in range(1, options["count"])]
    elif call.name == "quantiles":
        places = [math.floor(share * count + 1e-9) - 1 for share in options["at"]]
    elif call.name == "sizes":
        places = [int(end) - 1 for end in np.cumsum(options["sizes"][:-1])]
    else:
        return None
    if not all(0 <= place < count for place in places):
        return None
    return places if np.array_equal(scores[places], significant(cuts)) else None
