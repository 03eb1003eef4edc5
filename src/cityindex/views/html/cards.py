"""Which record has which card. A card's module is imported when its record is shown, and not before."""

from __future__ import annotations

import importlib
from operator import attrgetter
from typing import Any

from cityindex.errors import NotFoundError
from cityindex.views._language import chosen
from cityindex.views.html.words import Words

__all__ = ["Html", "show"]

CARDS = {  # class → the module here whose `card` shows it, and where the record has its index, or the title of that
    "Audit": ("audit", "title"),
    "Calibration": ("calibration", ""),
    "Card": ("unit", "explanation.title"),
    "Comparison": ("compared", "spec"),
    "Contributions": ("contributions", "spec"),
    "Description": ("description", "spec"),
    "Explanation": ("explanation", "title"),
    "Finding": ("finding", ""),
    "Gap": ("gap", "title"),
    "Identification": ("identification", ""),
    "IndexSeries": ("series", "spec"),
    "RankBounds": ("bounds", "_linear.base.result.spec"),
    "RankComparison": ("comparison", ""),
    "Regions": ("regions", "result.spec"),
    "ResolvedPlaces": ("resolved", ""),
    "Result": ("result", "spec"),
    "Sensitivity": ("sensitivity", "design.sampler.base.result.spec"),
    "Spec": ("spec", ""),
    "Table": ("table", ""),
    "UnitChange": ("unit_change", "title"),
    "Uncertainty": ("uncertainty", "result.spec"),
}


class Html(str):
    """A piece of HTML that a notebook shows; ``str`` of it is its source."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)

    def __repr__(self) -> str:
        return f"Html({len(self):,} characters)"


def show(record: Any, *, language: str | None = None) -> Html:
    """The card of a record, as a notebook shows it: HTML without scripts, its style inside.

    A notebook shows the card of a record by itself; `show` is for another language, or for a page of one's own.

    Parameters
    ----------
    record
        A spec, a table, a result, or what is made of them: an explanation, contributions, a gap, a unit's card, a
        description, an audit or one of its findings, results or rankings compared, a unit's change, regions, an
        uncertainty, a sensitivity, bounds of ranks, identified weights, index numbers over time, a calibration,
        names of places that were resolved.
    language
        ``"zh"`` or ``"en"``: the card's own words, the usual notes, and titles that have that language; None: Chinese
        where the title of the index has it, else English (and where no title is known: of a table, rankings, weights
        that were identified, a calibration, a single finding, names of places). Names and findings stand as they are.

    Raises
    ------
    NotFoundError
        The record has no card, or there are no words in that language.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = ci.load_spec({"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "<u>"]}})
    >>> card = ci.show(spec, language="zh")
    >>> "&lt;u&gt;" in card, "<u>" in card, "权重" in card
    (True, False, True)
    """
    for kind in type(record).__mro__:
        if kind.__module__.startswith("cityindex.") and kind.__name__ in CARDS:
            module, index = CARDS[kind.__name__]
            of = record if kind.__name__ == "Spec" else attrgetter(index)(record) if index else None
            words = Words(chosen(of, language))
            return Html(importlib.import_module(f"cityindex.views.html.{module}").card(record, words))
    raise NotFoundError(f"a {type(record).__name__} has no card; these have one: {', '.join(sorted(CARDS))}")
