"""Local and global weights as far as the spec alone tells them, and exactly as they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from cityindex._registry import keywords
from cityindex._values import Percent
from cityindex.spec.model import UNPUBLISHED, Call, Group, Spec

__all__ = ["decimals_of", "effective_weights", "exact", "local_weights"]

COLUMNS = ("root", "path", "node", "parent", "local", "global", "uses", "provenance")


def exact(weight: float) -> Fraction:
    """A weight as it was written, as a fraction: 9.3% is 93/1000.

    >>> exact(Percent(0.093)), exact(1), exact(0.1)
    (Fraction(93, 1000), Fraction(1, 1), Fraction(1, 10))
    """
    return Fraction(Decimal(repr(float(weight))))


def decimals_of(weight: float) -> int:
    """How many decimals a weight was written with, those of a per cent counted in per cents.

    >>> decimals_of(Percent(0.093)), decimals_of(Percent(0.2)), decimals_of(0.25)
    (1, 0, 2)
    """
    number = Decimal(repr(float(weight)))
    if isinstance(weight, Percent):
        number = number.scaleb(2)
    return max(-int(number.normalize().as_tuple().exponent), 0)


def local_weights(group: Group) -> list[Fraction] | None:
    """What each child counts in its group: shares that add to 1, or weights as they stand (sum, product).

    None where data or the user has to say (learned, unpublished), and under an aggregate that takes no weights.
    """
    if not group.aggregate.method.takes_weights or not group.children:
        return None
    if isinstance(group.weights, Call):
        return _found(group, group.weights)
    if group.weights == UNPUBLISHED:
        return None
    written = [Fraction(1) if child.weight is None else exact(child.weight) for child in group.children]
    total = sum(written) if group.aggregate.method.averages else Fraction(1)
    return [weight / total for weight in written]


def _found(group: Group, call: Call) -> list[Fraction] | None:
    """The weights that a method finds without looking at data; a user's own may look at it without having said so."""
    if call.method.from_data or not call.method.built_in or group.unprinted:
        return None
    options = keywords(call.method.function, call.settings)
    if "children" in call.method.reserved:
        options["children"] = tuple(child.id for child in group.children)
    found = call.method.function(np.empty((0, len(group.children))), **options)
    return [Fraction(float(weight)) for weight in found]


def effective_weights(spec: Spec) -> pd.DataFrame:
    """Every path of every tree: what its last node counts in its group and in the root.

    Returns
    -------
    One row a path. ``path`` reads ``group/child``; ``local`` and ``global`` are shares (`nan`: the spec does not tell),
    ``uses`` says by how many paths the node enters that root.

    Notes
    -----
    A global weight is the product of the local ones. Under a geometric mean it is an exponent, and not points.

    Examples
    --------
    >>> from cityindex.spec import load_spec
    >>> spec = load_spec({"cityindex": 1, "id": "example", "index": {"id": "score", "children": [
    ...     {"id": "a", "weight": "40%"}, {"id": "rest", "weight": "60%", "children": ["b", {"use": "a"}]}]}})
    >>> effective_weights(spec)[["path", "local", "global", "uses"]].to_dict("list")
    {'path': ['a', 'rest', 'rest/b', 'rest/a'], 'local': [0.4, 0.6, 0.5, 0.5], 'global': [0.4, 0.6, 0.3, 0.3],
     'uses': [2, 1, 1, 2]}
    """
    rows = []
    for root in spec.roots:
        paths = list(_paths(spec, root, (), Fraction(1)))
        uses = Counter(path[-1] for path, *_ in paths)
        rows += [
            _row(spec, root.id, path, parent, local, share, uses[path[-1]]) for path, parent, local, share in paths
        ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


Step = tuple[tuple[str, ...], Group, Fraction | None, Fraction | None]


def _paths(spec: Spec, group: Group, path: tuple[str, ...], share: Fraction | None) -> Iterator[Step]:
    weights: list[Fraction] | list[None] = local_weights(group) or [None] * len(group.children)
    for child, local in zip(group.children, weights, strict=True):
        below = None if local is None or share is None else share * local
        yield (*path, child.id), group, local, below
        node = spec.nodes[child.id]
        if isinstance(node, Group):
            yield from _paths(spec, node, (*path, child.id), below)


def _row(
    spec: Spec,
    root: str,
    path: tuple[str, ...],
    parent: Group,
    local: Fraction | None,
    share: Fraction | None,
    uses: int,
) -> dict[str, Any]:
    return {
        "root": root,
        "path": "/".join(path),
        "node": path[-1],
        "parent": parent.id,
        "local": np.nan if local is None else float(local),
        "global": np.nan if share is None else float(share),
        "uses": uses,
        "provenance": spec.weight_provenance(parent.id, path[-1]),
    }
