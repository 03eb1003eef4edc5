"""Whatever is done to a file: it loads, or it is told in our words; nothing else ever comes out."""

from __future__ import annotations

import contextlib

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_typos import CITY, DEPRIVATION, DEVELOPMENT

from cityindex.errors import SpecError
from cityindex.spec import dump, load_spec

PIECES = st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ":",
        ": ",
        ",",
        "- ",
        "\n",
        "\n  ",
        "\t",
        "'",
        '"',
        "#",
        "|",
        ">",
        "&a ",
        "*a",
        "!t ",
        "? ",
        "%",
        "---\n",
        "：",
        "，",
        "％",
        "＃",
        "\u3000",
        "null",
        "id",
        "use: services",
        "children",
        "1/0",
        ".nan",
        "1e999",
        "\x85",
        "\r",
        "\ufeff",
    ]
)


@st.composite
def mangled(draw):
    """A spec with a few pieces cut out and others put in."""
    text = draw(st.sampled_from([CITY, DEPRIVATION, DEVELOPMENT]))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        cut = draw(st.sampled_from([0, 0, 1, 2, 5, 40]))
        text = text[:start] + draw(st.one_of(PIECES, st.just(""))) + text[start + cut :]
    return text + "\n"


@pytest.mark.parametrize("loader", [yaml.Loader, getattr(yaml, "CLoader", yaml.Loader)], ids=["Python", "C"])
@settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=mangled())
def test_a_mangled_file_is_told_or_loads(loader, monkeypatch, text):
    monkeypatch.setattr("cityindex.spec.parse.LOADER", loader)
    try:
        spec = load_spec(text)
    except SpecError as error:
        told = error.problems
    else:
        told = ()
        assert load_spec(dump(spec)) == spec
    assert all(problem.place and problem.message for problem in told)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just("a")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["id", "children", "weight", "steps", "use", "minmax", "to"]), inner, max_size=4
        ),
    ),
    max_leaves=8,
)


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["id", "title", "unit", "index", "also", "defaults", "editions", "reference", "source"]), VALUES
    )
)
def test_any_data_is_told_or_loads(data):
    with contextlib.suppress(SpecError):
        load_spec({"cityindex": 1, **data})
