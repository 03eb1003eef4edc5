"""Every built-in method says what it computes, what it takes, where it comes from and how its peers differ."""

from __future__ import annotations

import inspect
import re

import pytest

import cityindex.methods  # noqa: F401  # registers the built-in methods
from cityindex._citations import source_of
from cityindex._registry import AGGREGATORS, STEPS, TIERINGS, WEIGHTINGS

METHODS = [
    method
    for registry in (STEPS, AGGREGATORS, WEIGHTINGS, TIERINGS)
    for method in registry.values()
    if method.function.__module__.startswith("cityindex.methods.")
]
HEAD = re.compile(r"^(\w[\w ]*)\n-{3,}\n", re.MULTILINE)
YEAR = re.compile(r"\b(1[5-9]|20)\d\d\b")

every_method = pytest.mark.parametrize("method", METHODS, ids=lambda method: f"{method.kind}-{method.name}")


def sections(method):
    """What stands before the first heading, and each section by its heading."""
    parts = HEAD.split(inspect.getdoc(method.function) or "")
    return parts[0], dict(zip(parts[1::2], parts[2::2], strict=True))


def described(section):
    """The names that a section of parameters describes; a trailing underscore is not part of an option's name."""
    heads = [line for line in section.splitlines() if line and not line.startswith(" ")]
    return {name.strip().rstrip("_") for head in heads for name in head.split(":")[0].split(",")}


def test_there_are_methods_of_every_kind():
    assert {method.kind for method in METHODS} == {"step", "aggregator", "weighting", "tiering"}
    assert len(METHODS) > 60


@every_method
def test_it_says_in_one_line_what_it_computes_and_then_more(method):
    text, _ = sections(method)
    first = text.split("\n", 1)[0]
    assert first.endswith((".", ":")) or "\n" in text.strip(), "the summary is no sentence"
    assert len(first) <= 120
    assert re.search(r"[=∝Σ∏√⌈/]", first) or text.replace(first, "", 1).strip(), "neither a formula nor prose"


@every_method
def test_every_option_is_described(method):
    _, told = sections(method)
    options = {*method.options, *(method.reserved - {"labels", "via", "within"})}
    assert options - described(told["Parameters"]) == set()


@every_method
def test_nothing_is_described_that_it_does_not_take(method):
    _, told = sections(method)
    taken = {name.rstrip("_") for name in inspect.signature(method.function).parameters}
    assert described(told["Parameters"]) - taken - set(method.options) == set()


@every_method
def test_it_has_references(method):
    _, told = sections(method)
    assert YEAR.search(told["References"]), "no year"
    assert source_of(method)


@every_method
def test_its_notes_begin_with_its_peers(method):
    _, told = sections(method)
    first = told["Notes"].split("\n\n")[0]
    assert first.startswith("Peers: ")
    assert 60 < len(first) < 700


@every_method
def test_it_has_an_example_that_runs(method):
    _, told = sections(method)
    assert ">>> " in told["Examples"]
    called = [function.__name__ for function in (method.function, method.learn) if function is not None]
    assert re.search(rf"\b({'|'.join(called)})\(", told["Examples"]), "the example does not call it"


@every_method
def test_what_it_refuses_is_told(method):
    module = inspect.getmodule(method.function)
    _, told = sections(method)
    if "DomainError" in inspect.getsource(method.function):
        assert "DomainError" in told["Raises"], f"{module.__name__} raises in {method.name}"
