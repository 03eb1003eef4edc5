"""For tests and doctests alike: whatever methods a test registers are gone after it."""

from __future__ import annotations

import pytest

import cityindex.methods  # noqa: F401  # registers the built-in ones, which stay
from cityindex._registry import AGGREGATORS, MISSING, STEPS, TIERINGS, WEIGHTINGS


@pytest.fixture(autouse=True)
def registries_as_they_were():
    registries = (STEPS, WEIGHTINGS, AGGREGATORS, TIERINGS, MISSING)
    before = [dict(registry._methods) for registry in registries]
    yield
    for registry, methods in zip(registries, before, strict=True):
        registry._methods.clear()
        registry._methods.update(methods)
