"""Results in files: what a result was made from is saved, and it is made again when it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cityindex._files import write_whole
from cityindex._values import Percent, thaw
from cityindex.calibration import Calibration
from cityindex.errors import CalibrationError, Problem
from cityindex.pipeline import score
from cityindex.result import Result
from cityindex.spec import dump, load_spec
from cityindex.table import Table

__all__ = ["load_result", "save_result"]

FORMAT = 1


def save_result(result: Result, path: str | Path) -> Path:
    """Write a result to a JSON file: its spec, its calibration and its data, from which `load_result` makes it again.

    The file is written whole or not at all.
    """
    record = {
        "result": FORMAT,
        "version": result.version,
        "spec": dump(result.spec),
        "calibration": result.calibration.to_dict(),
        "given": list(result.given),
        "table": result.table.to_record(),
        "score": [None if value != value else value for value in result.column(of="carried").tolist()],
    }
    return write_whole(path, json.dumps(record, ensure_ascii=False, allow_nan=False, default=_number) + "\n")


def _number(value: Any) -> Any:
    if isinstance(value, Percent | np.generic):
        return float(value)
    return thaw(value)


def load_result(path: str | Path) -> Result:
    """Read a result that `save_result` wrote: the data is scored again with the saved calibration.

    Raises
    ------
    CalibrationError
        Where the file is no result, or does not score to the saved values again.
    """
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
    try:
        spec, table = load_spec(record["spec"]), Table.from_record(record["table"])
        calibration, given, saved = Calibration.from_dict(record["calibration"]), record["given"], record["score"]
    except (KeyError, TypeError, AttributeError) as error:
        raise CalibrationError(Problem(f"not a whole result: {error} is lacking or wrong", str(path))) from None
    result = score(spec, table, calibration=calibration, given=given)
    found = result.column(of="carried")
    wanted = np.array([np.nan if value is None else value for value in saved], dtype=np.float64)
    if wanted.shape != found.shape or not np.allclose(found, wanted, rtol=1e-12, atol=0, equal_nan=True):
        raise CalibrationError(
            Problem(f"saved by version {record.get('version')}; scored now, it gives other values", str(path))
        )
    return result
