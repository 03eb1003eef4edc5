"""For tests and doctests alike: whatever methods a test registers, and figures it draws, are gone after it."""

from __future__ import annotations

import os
import sys

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


os.environ.setdefault("MPLBACKEND", "Agg")  # no test opens a window


@pytest.fixture(autouse=True)
def no_figures_are_left():
    yield
    if (pyplot := sys.modules.get("matplotlib.pyplot")) is not None:
        pyplot.close("all")
