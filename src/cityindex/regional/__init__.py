"""Groups of units, such as provinces and city groups: means, counts, inequality and convergence."""

from __future__ import annotations

from cityindex.regional.build import regions
from cityindex.regional.convergence import Convergence
from cityindex.regional.record import Regions

__all__ = ["Convergence", "Regions", "regions"]
