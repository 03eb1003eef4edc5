"""Every method, as a plain function over arrays. Importing this package registers the built-in ones."""

from __future__ import annotations

from cityindex.methods import (
    aggregate,
    ahp,
    cluster,
    impute,
    missing,
    normalise,
    ordinal,
    rescale,
    rounding,
    tier,
    transform,
    treat,
    weight,
)

__all__ = [
    "aggregate",
    "ahp",
    "cluster",
    "impute",
    "missing",
    "normalise",
    "ordinal",
    "rescale",
    "rounding",
    "tier",
    "transform",
    "treat",
    "weight",
]
