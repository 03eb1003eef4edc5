"""Results in files: what a result was made from is saved, and it is made again when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from cityindex._files import write_whole
from cityindex.calibration import Calibration
from cityindex.errors import CalibrationError, Problem
from cityindex.pipeline import score
from cityindex.result import Result
from cityindex.spec import dump, load_spec
from cityindex.table import Note, Table, read_table

__all__ = ["load_result", "save_result"]

FORMAT = 1


def save_result(result: Result, path: str | Path) -> Path:
    """Write a result to a JSON file: its spec, its calibration and its data, from which `load_result` makes it again.

    The file is written whole or not at all. It holds the data: mind that where the data is closed.

    Raises
    ------
    OSError
        As the file system says.
    """
    record = {
        "result": FORMAT,
        "version": result.version,
        "spec": dump(result.spec),
        "calibration": result.calibration.to_dict(),
        "given": list(result.given),
        "table": _table_record(result.table),
        "notes": [asdict(note) for note in result.notes],
        "score": _numbers(result.column(of="carried")),
    }
    return write_whole(path, json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


def _numbers(values: Any) -> list[Any]:
    return [None if value != value else value for value in values.tolist()]


def _table_record(table: Table) -> dict[str, Any]:
    """The table as plain data: number columns as numbers, the others as the text that stood there."""
    frame = table.to_frame()
    columns = {
        name: _numbers(frame[name]) if frame[name].dtype.kind in "iuf" else list(table.text(name))
        for name in table.columns
    }
    aliases = {name: list(found) for name, found in table.aliases.items()}
    return {"source": table.source, "columns": columns, "missing": list(table.missing), "aliases": aliases}


def load_result(path: str | Path) -> Result:
    """Read a result that `save_result` wrote: the data is scored again with the saved calibration.

    Raises
    ------
    CalibrationError
        Where the file is no result, or does not score to the saved values again.
    """
    record = _read(path)
    try:
        spec, written = load_spec(record["spec"]), record["table"]
        table = read_table(written["columns"], missing=written["missing"], aliases=written["aliases"])
        calibration, given = Calibration.from_dict(record["calibration"]), record["given"]
        notes = tuple(Note(**{**note, "units": tuple(note["units"])}) for note in record["notes"])
        wanted = np.array([np.nan if value is None else value for value in record["score"]], dtype=np.float64)
        source = str(written["source"])
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CalibrationError(Problem(f"not a whole result: {error}", str(path))) from None
    result = score(spec, replace(table, source=source), calibration=calibration, given=given)
    found = result.column(of="carried")
    if wanted.shape != found.shape or not np.allclose(found, wanted, rtol=1e-12, atol=0, equal_nan=True):
        raise CalibrationError(
            Problem(f"saved by version {record.get('version')}; scored now, it gives other values", str(path))
        )
    return replace(result, notes=notes)


def _read(path: str | Path) -> Mapping[str, Any]:
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CalibrationError(Problem("no such file", str(path))) from None
    except OSError as error:
        raise CalibrationError(Problem(f"cannot be read: {error.strerror}", str(path))) from None
    except (ValueError, RecursionError) as error:
        raise CalibrationError(Problem(f"not a saved result: {error}", str(path))) from None
    if not isinstance(record, Mapping) or record.get("result") != FORMAT:
        raise CalibrationError(Problem("this is not a result that this version can read", str(path)))
    return record
