"""Run notebooks from beginning to end, in place, and keep what their cells show: text, tables and figures.

Run: python tools/run_notebook.py examples/how-sure-are-the-ranks.ipynb. No Jupyter is needed. A cell that fails stops
the run, and the file stays as it was.
"""

from __future__ import annotations

import ast
import base64
import contextlib
import io
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

DPI = 80


def run_cell(source: str, names: dict[str, Any], file: str = "notebook") -> Any:
    """What a notebook does with a cell: run it; the value of its last line, where that is an expression."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), names)
    return None if last is None else eval(compile(ast.Expression(last.value), file, "eval"), names)


def sources(notebook: dict[str, Any]) -> list[str]:
    """The text of the code cells, in order."""
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


def executed(notebook: dict[str, Any], file: str = "notebook") -> dict[str, Any]:
    """The notebook with the outputs of a fresh run."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells, count = [], 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            count += 1
            cell = {**cell, "execution_count": count, "outputs": _outputs("".join(cell["source"]), names, count, file)}
        cells.append(cell)
    return {**notebook, "cells": cells}


def _outputs(source: str, names: dict[str, Any], count: int, file: str) -> list[dict[str, Any]]:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        value = run_cell(source, names, f"{file}, cell [{count}]")
    found: list[dict[str, Any]] = []
    if printed.getvalue():
        found.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None and not source.rstrip().endswith(";"):
        data = {"text/plain": _lines(repr(value))}
        if (html := getattr(value, "_repr_html_", None)) and (page := html()) is not None:
            data["text/html"] = _lines(page)
        found.append({"output_type": "execute_result", "execution_count": count, "data": data, "metadata": {}})
    return found + _figures()


def _figures() -> list[dict[str, Any]]:
    """The figures that the cell has left open, as pictures; they are closed."""
    if (plt := sys.modules.get("matplotlib.pyplot")) is None:
        return []
    found = []
    for number in plt.get_fignums():
        file = io.BytesIO()
        figure = plt.figure(number)
        figure.savefig(file, format="png", dpi=DPI, bbox_inches="tight", metadata={"Software": None})
        picture = base64.b64encode(file.getvalue()).decode()
        data = {"image/png": picture, "text/plain": ["<Figure>"]}
        found.append({"output_type": "display_data", "data": data, "metadata": {}})
    plt.close("all")
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main(paths: list[str]) -> None:
    os.environ["MPLBACKEND"] = "Agg"
    for path in map(Path, paths):
        start = time.perf_counter()
        notebook = executed(json.loads(path.read_text(encoding="utf-8")), path.name)
        text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        path.write_text(text, encoding="utf-8")
        print(f"{path}: {time.perf_counter() - start:.1f} s, {len(text.encode()) / 1000:.0f} KB")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: python tools/run_notebook.py NOTEBOOK …")
    main(sys.argv[1:])
