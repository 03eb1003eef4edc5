"""The notebooks run from beginning to end, each in names of its own; what they conclude, they assert."""

from __future__ import annotations

import json
import os
import re
import warnings

import pytest
from support import ROOT, tool

from cityindex.views import fonts

NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))
LARGEST = 600_000  # bytes
PATHS = re.compile(r"/(?:home|root|tmp|work|Users)/|[A-Za-z]:\\\\")


@pytest.fixture(scope="module")
def runner():
    return tool("run_notebook")


@pytest.fixture
def quiet_fonts():
    """On a machine without Chinese fonts the figures are drawn all the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", fonts.FontWarning)
        if fonts.missing_characters(["昆山市"]):
            warnings.filterwarnings("ignore", message="Glyph")
        yield


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_it_runs(path, runner, quiet_fonts, tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    run = runner.executed(notebook, path.name)
    assert runner.sources(run) == runner.sources(notebook)
    assert any(cell.get("outputs") for cell in run["cells"])


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_what_is_kept_is_small_and_whole(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) <= LARGEST
    notebook = json.loads(text)
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in code]
    assert counts in ([None] * len(code), list(range(1, len(code) + 1)))  # never run, or run in order
    for cell in notebook["cells"]:
        told = ["".join(cell["source"])]
        for output in cell.get("outputs", ()):
            assert output["output_type"] != "error"
            told += ["".join(lines) for kind, lines in output.get("data", {}).items() if kind != "image/png"]
            told.append("".join(output.get("text", ())))
        assert not PATHS.search("\n".join(told))


def test_the_runner_keeps_what_a_cell_shows(runner):
    cells = [
        {"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["words"]},
        *(
            {"cell_type": "code", "id": name, "metadata": {}, "source": [source], "execution_count": 9, "outputs": [1]}
            for name, source in (("b", "x = 2\nprint(x)\nx + 1"), ("c", "x;"), ("d", "# nothing"))
        ),
    ]
    found = runner.executed({"cells": cells})["cells"]
    assert found[0] == cells[0]
    printed, value = found[1]["outputs"]
    assert (printed["text"], value["data"]) == (["2\n"], {"text/plain": ["3"]})
    assert [cell["outputs"] for cell in found[2:]] == [[], []]
    assert [cell["execution_count"] for cell in found[1:]] == [1, 2, 3]


def test_a_cell_that_fails_is_named_and_the_file_stays(runner, tmp_path, monkeypatch):
    monkeypatch.setitem(os.environ, "MPLBACKEND", "Agg")
    path = tmp_path / "wrong.ipynb"
    text = json.dumps({"cells": [{"cell_type": "code", "source": ["assert 1 > 2"], "outputs": []}]})
    path.write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError) as caught:
        runner.main([str(path)])
    assert str(caught.traceback[-1].path).endswith("wrong.ipynb, cell [1]")
    assert path.read_text(encoding="utf-8") == text


def test_its_figures_are_kept_as_pictures(runner):
    pytest.importorskip("matplotlib")
    source = ["import matplotlib.pyplot as plt\n", "plt.subplots(figsize=(1, 1));"]
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "source": source, "execution_count": None, "outputs": []}
    (shown,) = runner.executed({"cells": [cell]})["cells"][0]["outputs"]
    assert shown["output_type"] == "display_data"
    assert shown["data"]["image/png"].startswith("iVBOR")
