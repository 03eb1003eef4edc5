"""What a notebook shows of a record."""

from __future__ import annotations

__all__ = ["Shown"]


class Shown:
    """A record that a notebook shows as a card; where no HTML is shown, its ``repr`` stands.

    The views stand above every record and no record knows them, but here: one import upwards, when a notebook asks,
    which the test of the layers lists. So a record of any layer has a card without a word about it, and
    ``import cityindex`` loads no template.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        from cityindex.views.html import show

        return show(self)
