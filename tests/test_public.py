"""The public surface: what is exported, that it is documented, and what an import costs in modules."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import cityindex


def test_everything_exported_is_there_and_documented():
    for name in cityindex.__all__:
        thing = getattr(cityindex, name)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert inspect.getdoc(thing), name


def test_dir_shows_the_public_names():
    assert set(cityindex.__all__) <= set(dir(cityindex))


def test_an_unknown_name_is_an_attribute_error_with_the_nearest():
    with pytest.raises(AttributeError, match="score"):
        cityindex.scroe  # noqa: B018  # the access is the test


def test_import_loads_nothing_heavy():
    heavy = ("sklearn", "scipy", "matplotlib", "typer", "rich")
    code = f"import cityindex, sys; print(' '.join(name for name in {heavy} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
