"""Look at an index and its data before computing, and at what it is made of afterwards."""

from cityindex.describing.entry import describe
from cityindex.describing.record import Description
from cityindex.describing.screening import Screening

__all__ = ["Description", "Screening", "describe"]
