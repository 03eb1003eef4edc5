"""The engine: runs a compiled plan over arrays. The only code that calls the kernels in earnest."""

from __future__ import annotations

from cityindex.engine.inputs import Inputs, Labels
from cityindex.engine.learned import Learned, pack, unpack
from cityindex.engine.run import Outcome, run

__all__ = ["Inputs", "Labels", "Learned", "Outcome", "pack", "run", "unpack"]
