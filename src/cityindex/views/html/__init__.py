"""Cards: what a notebook shows of a spec, a table, a result and everything that is made of them."""

from __future__ import annotations

from cityindex.views.html.cards import Html, show

__all__ = ["Html", "show"]
