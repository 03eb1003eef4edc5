"""Results in files: what a result was made from is saved, and it is made again when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

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
        "given": _given_everywhere(result),
        "table": _table_record(result.table),
        "notes": [asdict(note) for note in result.notes],
        "score": _cells(pd.Series(result.column(of="carried"))),
    }
    return write_whole(path, json.dumps(record, ensure_ascii=False, allow_nan=False) + "\n")


def _given_everywhere(result: Result) -> list[str]:
    """The nodes that enter as given wherever they stand; one that an edition computes enters by itself elsewhere."""
    parts = result.parts
    return [
        name for name in result.given if all(name in part.plan.given for part in parts if name in part.plan.spec.nodes)
    ]


def _cells(column: pd.Series[Any]) -> list[Any]:
    """Numbers (or yes and no) as plain data, None where there is none."""
    gone = column.isna().tolist()
    return [None if blank else value for blank, value in zip(gone, column.tolist(), strict=True)]


def _table_record(table: Table) -> dict[str, Any]:
    """The table as plain data: number columns as numbers, the others as the text that stood there."""
    frame = table.to_frame()
    columns = {
        name: _cells(frame[name]) if _is_plain(frame[name]) else table.text(name).tolist() for name in table.columns
    }
    return {
        "source": table.source,
        "key": table.key,
        "period": table.period,
        "columns": columns,
        "missing": list(table.missing),
        "aliases": {name: list(found) for name, found in table.aliases.items()},
    }


def _is_plain(column: pd.Series[Any]) -> bool:
    """Whether JSON can hold the column as it is: yes or no, or finite numbers."""
    kind = column.dtype.kind
    return kind in "iub" or (kind == "f" and not np.isinf(column.to_numpy(dtype=np.float64, na_value=np.nan)).any())


def _table(record: Mapping[str, Any]) -> Table:
    """The reverse of `_table_record`."""
    columns = {name: _column(cells) for name, cells in record["columns"].items()}
    table = read_table(columns, missing=record["missing"], aliases=record["aliases"])
    if record["key"] is not None:
        table = table.keyed(record["key"], period=record["period"])
    return replace(table, source=str(record["source"]))


def _column(cells: Any) -> Any:
    """Cells as a column; yes and no with gaps between them need to be told apart from text."""
    truths = isinstance(cells, list) and {type(cell) for cell in cells} == {bool, type(None)}
    return pd.array(cells, dtype="boolean") if truths else cells


def load_result(path: str | Path) -> Result:
    """Read a result that `save_result` wrote: the data is scored again with the saved calibration.

    Raises
    ------
    CalibrationError
        Where the file is no result, or does not score to the saved values again.
    """
    record = _read(path)
    try:
        spec, table = load_spec(record["spec"]), _table(record["table"])
        calibration, given = Calibration.from_dict(record["calibration"]), record["given"]
        notes = tuple(Note(**{**note, "units": tuple(note["units"])}) for note in record["notes"])
        wanted = np.array([np.nan if value is None else value for value in record["score"]], dtype=np.float64)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise CalibrationError(Problem(f"not a whole result: {error}", str(path))) from None
    result = score(spec, table, calibration=calibration, given=given)
    found = result.column(of="carried")
    if wanted.shape != found.shape or not np.allclose(found, wanted, rtol=1e-12, atol=0, equal_nan=True):
        raise CalibrationError(
            Problem(f"saved by version {record.get('version')}; scored now, it gives other values", str(path))
        )
    return replace(result, notes=notes)


def _read(path: str | Path) -> Mapping[str, Any]:
    try:
        record = json.loads(Path(path).read_text(encoding="utf-8"))
    except TypeError:
        raise CalibrationError(f"the path of a saved result is wanted, not a {type(path).__name__}") from None
    except FileNotFoundError:
        raise CalibrationError(Problem("no such file", str(path))) from None
    except OSError as error:
        raise CalibrationError(Problem(f"cannot be read: {error.strerror}", str(path))) from None
    except (ValueError, RecursionError) as error:
        raise CalibrationError(Problem(f"not a saved result: {error}", str(path))) from None
    if not isinstance(record, Mapping) or record.get("result") != FORMAT:
        raise CalibrationError(Problem("this is not a result that this version can read", str(path)))
    return record
