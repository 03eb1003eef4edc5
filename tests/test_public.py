"""The public surface: what is exported, that it is documented, and what an import costs in modules."""

from __future__ import annotations

import inspect
import subprocess
import sys

import cityindex


def test_everything_exported_is_there_and_documented():
    for name in cityindex.__all__:
        thing = getattr(cityindex, name)
        if inspect.isfunction(thing) or inspect.isclass(thing):
            assert inspect.getdoc(thing), name


def test_dir_shows_the_public_names():
    assert set(cityindex.__all__) <= set(dir(cityindex))


def test_an_unknown_name_is_an_attribute_error_with_the_nearest():
    try:
        cityindex.scroe  # noqa: B018  # the access is the test
    except AttributeError as error:
        assert "score" in str(error)
    else:
        raise AssertionError("no error")


def test_import_loads_nothing_heavy():
    code = "import cityindex, sys; print(' '.join(m for m in ('sklearn', 'scipy', 'matplotlib', 'typer', 'rich') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
