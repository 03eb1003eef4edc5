"""Weightings inside a weighting: from an item as it stands in a spec to a method, its settings and its weights.

An item is a name, ``{name: {option: value}}`` or ``{name: value of its one bare option}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cityindex._registry import WEIGHTINGS, Method, keywords
from cityindex.errors import DomainError, MethodError, nearest
from cityindex.methods._arrays import FloatArray

__all__ = ["Item", "call_nested", "check_nested", "resolve"]

Item = str | Mapping[str, Any]
ENGINE = {"within": "a column", "on": "raw columns"}  # options that the engine settles once for all


def resolve(item: Item) -> tuple[Method, dict[str, Any]]:
    """The weighting that an item names, and its settings, defaults included.

    Raises `MethodError` for an item that names no weighting.

    >>> method, settings = resolve({"equal": {}})
    >>> method.name, settings
    ('equal', {})
    """
    if isinstance(item, str):
        return WEIGHTINGS[item], WEIGHTINGS[item].defaults()
    if not isinstance(item, Mapping) or len(item) != 1:
        raise MethodError(f"one weighting is wanted, as its name or {{name: options}}; found {item!r}")
    ((name, value),) = item.items()
    method = WEIGHTINGS[name]
    if isinstance(value, Mapping):
        return method, {**method.defaults(), **value}
    if not method.obvious:
        raise MethodError(f"{name} takes its options by name: {', '.join(method.options) or 'it has none'}")
    parts = value if len(method.obvious) > 1 else (value,)
    return method, {**method.defaults(), **dict(zip(method.obvious, parts, strict=True))}


def check_nested(item: Item, children: Sequence[str]) -> list[str]:
    """Every problem of an item for these children, as texts that begin with the weighting's name.

    >>> check_nested({"equal": {"power": 2}}, ["a", "b"])
    ["equal: unknown option 'power'; it has none"]
    """
    try:
        method, settings = resolve(item)
    except MethodError as error:
        return [problem.message for problem in error.problems]
    problems = []
    for name in settings:
        if name in ENGINE:
            problems.append(f"{name} ({ENGINE[name]}) is said of the combination as a whole, not inside it")
        elif name not in method.options:
            hint = nearest(name, method.options) or "; it has none"
            problems.append(f"unknown option {name!r}{hint}")
    missing = [option.name for option in method.options.values() if option.required and option.name not in settings]
    problems += [f"the option {name} is missing" for name in missing]
    if not problems:
        problems += method.check_option(settings) if method.check_option else []
        problems += method.check(settings, children) if method.check else []
    return [text if text.startswith(f"{method.name}:") else f"{method.name}: {text}" for text in problems]


def call_nested(
    item: Item, ref: FloatArray, *, directions: FloatArray | None = None, children: Sequence[str] = ()
) -> FloatArray:
    """The weights that an item gives, (k,), after its own checks; errors begin with the weighting's name.

    >>> call_nested("equal", np.empty((0, 2)))
    array([0.5, 0.5])
    """
    names = children or [f"child {child + 1}" for child in range(ref.shape[-1])]
    problems = check_nested(item, names)
    if problems:
        raise DomainError("; ".join(problems))
    method, settings = resolve(item)
    options = keywords(method.function, settings)
    if "children" in method.reserved:
        options["children"] = names
    if directions is not None and method.reads_raw:
        options["directions"] = directions
    elif directions is not None and method.from_data:
        raise DomainError(f"{method.name} cannot be shown raw columns (on: raw)")
    try:
        weights = np.asarray(method.function(ref, **options), np.float64)
    except DomainError as error:
        told = error.reason if error.reason.startswith(f"{method.name}:") else f"{method.name}: {error.reason}"
        raise DomainError(told, columns=error.columns, cells=error.cells) from error
    usable = np.isfinite(weights).all() and (weights >= 0).all() and abs(weights.sum() - 1) <= 1e-9
    if weights.shape != (ref.shape[-1],) or not usable:
        raise DomainError(f"{method.name}: its weights are not numbers from 0 on that add up to 1: {weights.tolist()}")
    return weights
