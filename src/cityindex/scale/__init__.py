"""Tables larger than memory: Parquet data calibrated by adding up blocks, scored block by block, ranked exactly."""

from __future__ import annotations

from cityindex.scale.record import Scored
from cityindex.scale.scoring import calibrate_dataset, score_dataset

__all__ = ["Scored", "calibrate_dataset", "score_dataset"]
