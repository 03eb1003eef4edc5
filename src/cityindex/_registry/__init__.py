"""Name → method. Four kinds of method (and the four rules for missing children), one mapping each.

A method is a plain function over arrays; its options are its keyword-only parameters, and their annotations say
what is allowed. A user's method is registered with the same decorator as a built-in one:

>>> from cityindex import step
>>> @step(sign=+1)
... def halve(x, params):
...     "Half of each number."
...     return x / 2
"""

from __future__ import annotations

from cityindex._registry.decorators import aggregator, missing_rule, step, tiering, weighting
from cityindex._registry.records import (
    AGGREGATORS,
    MISSING,
    STEPS,
    TIERINGS,
    WEIGHTINGS,
    Method,
    Option,
    Range,
    Registry,
    Weightings,
    keywords,
)

__all__ = [
    "AGGREGATORS",
    "MISSING",
    "STEPS",
    "TIERINGS",
    "WEIGHTINGS",
    "Method",
    "Option",
    "Range",
    "Registry",
    "Weightings",
    "aggregator",
    "keywords",
    "missing_rule",
    "step",
    "tiering",
    "weighting",
]
