"""The explorer: a page in which weights are moved and ranks follow, with the numbers of the library."""

from __future__ import annotations

from cityindex.views.explorer.page import explorer_html, write_explorer
from cityindex.views.explorer.widget import explore

__all__ = ["explore", "explorer_html", "write_explorer"]
