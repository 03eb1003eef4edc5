"""What it would take: the changes that lead a unit to a rank, a tier, a score or another unit."""

from __future__ import annotations

from cityindex.gap.answer import gap
from cityindex.gap.record import Change, Gap, LeastChange, Move, Recalibrated, Rival, RivalMoves

__all__ = ["Change", "Gap", "LeastChange", "Move", "Recalibrated", "Rival", "RivalMoves", "gap"]
