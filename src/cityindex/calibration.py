"""What was learned from the reference, as a small record that can be read, published and used again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from cityindex._files import write_whole
from cityindex._shown import Shown
from cityindex._values import Frozen
from cityindex.errors import CalibrationError, Problem

__all__ = ["Calibration"]

FORMAT = 1


@dataclass(frozen=True, eq=False)
class Calibration(Shown):
    """Everything relative in an index, learned once: minima and maxima, ranks, imputed values, weights, tier cuts.

    Scoring with a calibration is row by row: a unit's score does not depend on who else is in the table.

    Attributes
    ----------
    index
        The id of the spec.
    fingerprint
        Of the spec (`cityindex.fingerprint`): a calibration fits the spec that it was learned for and no other.
    nodes
        Node id → what was learned there: ``steps`` and ``publish`` (one entry a step, None where nothing is
        learned), ``missing`` (child → value), ``weights`` (child → weight), ``tiers`` (cuts). Under ``within``,
        an entry is a mapping from label to what was learned for it. Nodes that learn nothing are left out.
    units
        How many rows of the table were learned from.
    source
        Where those rows came from.
    editions
        Period → the calibration of that edition, learned from its own rows.

    Notes
    -----
    Ranks among the reference (`percent_rank`, `rank`) are learned as the distinct values and their counts: such
    a calibration holds the distribution of the data, in plain text once saved.
    """

    index: str
    fingerprint: str
    nodes: Mapping[str, Mapping[str, Any]]
    units: int
    source: str = ""
    editions: Mapping[str, Calibration] = field(default_factory=Frozen)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Calibration) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.index, self.fingerprint, self.units))

    def __repr__(self) -> str:
        return f"Calibration({self.index!r}, {len(self.nodes)} nodes learned from {self.units} units)"

    def to_dict(self) -> dict[str, Any]:
        """The calibration as plain data, ready for JSON."""
        record: dict[str, Any] = {
            "calibration": FORMAT,
            "index": self.index,
            "fingerprint": self.fingerprint,
            "units": self.units,
            "source": self.source,
            "nodes": _plain(self.nodes),
        }
        if self.editions:
            record["editions"] = {period: part.to_dict() for period, part in self.editions.items()}
        return record

    def to_json(self) -> str:
        """The calibration as JSON text; numbers come back to the last bit."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=1, allow_nan=False) + "\n"

    def save(self, path: str | Path) -> Path:
        """Write the calibration to a JSON file (whole or not at all)."""
        return write_whole(path, self.to_json())

    @classmethod
    def from_dict(cls, record: Any, *, source: str = "") -> Calibration:
        """Rebuild a calibration from `to_dict`.

        Raises
        ------
        CalibrationError
            Where the record is not a calibration of this format.
        """
        if not isinstance(record, Mapping) or "calibration" not in record:
            raise CalibrationError(Problem("this is not a calibration (no key 'calibration')", source))
        if record["calibration"] != FORMAT:
            found = record["calibration"]
            raise CalibrationError(Problem(f"calibration format {found!r} is not known; this version reads 1", source))
        wanted = {"index": str, "fingerprint": str, "units": int, "nodes": Mapping, "editions": Mapping}
        record = {"editions": {}, **record}
        bad = [key for key, kind in wanted.items() if not isinstance(record.get(key), kind)]
        if bad:
            raise CalibrationError([Problem(f"{key!r} is missing or of the wrong kind", source) for key in bad])
        bad = [str(node) for node, entry in record["nodes"].items() if not isinstance(entry, Mapping)]
        if bad:
            raise CalibrationError([Problem(f"what node {node!r} learned is not a mapping", source) for node in bad])
        try:
            nodes = _arrays(record["nodes"])
        except (ValueError, OverflowError) as error:
            raise CalibrationError(Problem(f"not a calibration: {error}", source)) from None
        return cls(
            index=record["index"],
            fingerprint=record["fingerprint"],
            nodes=nodes,
            units=record["units"],
            source=str(record.get("source", "")),
            editions=Frozen(
                {str(name): cls.from_dict(part, source=source) for name, part in record["editions"].items()}
            ),
        )

    @classmethod
    def load(cls, path: str | Path) -> Calibration:
        """Read a calibration that `save` wrote.

        Raises
        ------
        CalibrationError
            Where the file is not there, not JSON, or not a calibration.
        """
        try:
            record = json.loads(Path(path).read_text(encoding="utf-8"), parse_constant=_refuse_constant)
        except TypeError:
            raise CalibrationError(f"the path of a calibration is wanted, not a {type(path).__name__}") from None
        except FileNotFoundError:
            raise CalibrationError(Problem("no such file", str(path))) from None
        except OSError as error:
            raise CalibrationError(Problem(f"cannot be read: {error.strerror}", str(path))) from None
        except json.JSONDecodeError as error:
            place = f"{path}:{error.lineno}:{error.colno}"
            raise CalibrationError(Problem(f"not valid JSON: {error.msg}", place)) from None
        except (ValueError, RecursionError) as error:
            raise CalibrationError(Problem(f"not a calibration: {error}", str(path))) from None
        return cls.from_dict(record, source=str(path))


def _refuse_constant(word: str) -> float:
    raise ValueError(f"{word} stands where a number is wanted")


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _arrays(value: Any) -> Any:
    """Mappings frozen; lists of numbers as read-only arrays, so that large ones stay cheap."""
    if isinstance(value, Mapping):
        return Frozen({key: _arrays(item) for key, item in value.items()})
    if isinstance(value, list):
        if value and all(isinstance(item, int | float) and not isinstance(item, bool) for item in value):
            array = np.array(value, dtype=np.float64)
            if not np.isfinite(array).all():
                raise ValueError("a number is not finite")
            array.setflags(write=False)
            return array
        return tuple(_arrays(item) for item in value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} stands where a number is wanted")
    return value
