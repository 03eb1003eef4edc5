"""What scoring a data set gives: where the scores are, and what was done on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cityindex._version import __version__
from cityindex.calibration import Calibration
from cityindex.spec.model import Spec
from cityindex.table import Note

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Scored"]

LARGE = 1 << 20  # characters of a calibration that are too many for the footer of a file
SHOWN = 8  # notes printed


@dataclass(frozen=True, eq=False)
class Scored:
    """A data set scored block by block; the scores themselves are in the Parquet file (or folder) at `path`.

    Attributes
    ----------
    spec, calibration
        The index, and what was learned for it (or was given).
    source
        The path of the data.
    path
        The output: key, label, period, the published value of each group, rank, tier.
    rows
        How many rows there are.
    blocks, reused
        In how many blocks they were scored, and how many of these a run before had left.
    passes
        How often the data were read: to calibrate, and once to score.
    notes
        Everything that was done to the data, counted over all blocks.
    seconds
        How long it took.
    """

    spec: Spec
    calibration: Calibration
    source: Path
    path: Path
    rows: int
    blocks: int
    reused: int
    passes: int
    notes: tuple[Note, ...]
    seconds: float

    def __repr__(self) -> str:
        return f"Scored({self.spec.id!r}, {self.rows:,} rows, {str(self.path)!r})"

    def __str__(self) -> str:
        reused = f", {self.reused:,} of them kept from the run before" if self.reused else ""
        lines = [
            f"{self.spec.id}: {self.rows:,} rows of {self.source.name} scored in {self.seconds:.1f} s",
            f"  {_counted(self.blocks, 'block')}{reused}; {_counted(self.passes, 'pass', 'passes')} over the data",
            f"  written to {self.path}",
        ]
        lines += [f"  note: {note}" for note in self.notes[:SHOWN]]
        if len(self.notes) > SHOWN:
            lines.append(f"  … and {len(self.notes) - SHOWN} more notes (all of them are in .notes)")
        return "\n".join(lines)

    def to_frame(self) -> pd.DataFrame:
        """The whole output as a frame, as `Result.to_frame` gives it: it has to fit in memory."""
        import pandas as pd

        return pd.read_parquet(self.path, engine="pyarrow")

    def to_dict(self) -> dict[str, Any]:
        """The record as plain data: what stands in the footer of the output, under ``cityindex``."""
        learned = self.calibration.to_dict()
        whole = len(json.dumps(learned)) <= LARGE
        return {
            "index": self.spec.id,
            "fingerprint": self.calibration.fingerprint,
            "version": __version__,
            "rows": self.rows,
            "blocks": self.blocks,
            "passes": self.passes,
            "notes": [[note.kind, note.message] for note in self.notes],
            "calibration": learned if whole else "too large to stand here: save it with calibration.save(path)",
        }


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
