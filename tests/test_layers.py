"""A module imports only from lower layers; neighbours in a layer do not import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "cityindex"
LAYERS = {
    "errors": 0, "_values": 0, "_files": 0, "_version": 0, "_shown": 0, "_homes": 0,
    "_registry": 1,
    "methods": 2, "_citations": 2,
    "spec": 3,
    "table": 4, "plan": 4, "calibration": 4,
    "engine": 5,
    "part": 6,
    "notes": 7, "frame": 7, "contributions": 7, "explain": 7, "gap": 7, "treated": 7, "card": 7,
    "standings": 7, "grouping": 7,
    "result": 8,
    "pipeline": 9, "catalog": 9, "rankings": 9, "places": 9,
    "saved": 10, "auditing": 10, "robustness": 10, "describing": 10,
    "comparing": 10, "regional": 10, "periods": 10, "scale": 10,
    "views": 11,
    "cli": 12,
}  # fmt: skip
HEAVY = {
    "scipy",
    "sklearn",
    "typer",
    "rich",
    "matplotlib",
    "python_calamine",
    "openpyxl",
    "pyarrow",
    "polars",
    "dask",
    "distributed",
}


def room(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path, *, only_at_import: bool) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if only_at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.append(node.module or "")
            found += [f"{node.module}.{alias.name}" for alias in node.names]
        pending += list(ast.iter_child_nodes(node))
    return found


MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.parent != SOURCE or path.stem != "__init__")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_from_lower_layers(path):
    own = room(path)
    assert own in LAYERS, f"{own} has no layer yet"
    lazily_up = {
        "result": {"frame", "contributions", "explain", "gap", "treated", "standings", "card", "grouping"},
        "_shown": {"views"},  # a record in a notebook asks for its card
    }.get(own, set())
    for name in imports(path, only_at_import=False):
        parts = name.split(".")
        if parts[0] != "cityindex" or len(parts) < 2 or parts[1] not in LAYERS:
            continue
        other = parts[1]
        assert other == own or LAYERS[other] < LAYERS[own] or other in lazily_up, f"{own} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_heavy_libraries_are_imported_inside_functions(path):
    if room(path) == "cli":
        return
    top = {name.split(".")[0] for name in imports(path, only_at_import=True)}
    assert not top & HEAVY


def test_methods_know_arrays_only():
    for path in (SOURCE / "methods").rglob("*.py"):
        top = {name.split(".")[0] for name in imports(path, only_at_import=False)}
        assert not top & {"pandas", "pydantic", "yaml", "narwhals"}, path


def test_files_and_functions_stay_small():
    for path in SOURCE.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300, f"{path} is two files"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                documented = ast.get_docstring(node, clean=False)
                lines -= len(documented.splitlines()) if documented else 0
                assert lines <= 40, f"{path}:{node.lineno} {node.name} is two functions ({lines} lines)"
