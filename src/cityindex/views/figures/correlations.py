"""Correlations as a heat map: indicators with each other, or with the levels above them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from cityindex.describing import Description
from cityindex.describing.gather import Of, Stage
from cityindex.methods._arrays import FloatArray
from cityindex.methods.correlation import Coefficient
from cityindex.views.figures._canvas import GREY, axes, finish, frameless, heading, on, scale_bar
from cityindex.views.figures._words import Language, Words, expect, share_words, shorten

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["correlations"]

WRITTEN = 18  # columns up to which numbers stand in the cells


def correlations(
    description: Description,
    of: Of = "indicators",
    with_: Of | None = None,
    *,
    ax: Axes | None = None,
    method: Coefficient = "pearson",
    stage: Stage | None = None,
    language: Language | None = None,
) -> Axes:
    """Correlations as a heat map, siblings side by side and lines between groups. Grey: there is none.

    Parameters
    ----------
    description
        What `cityindex.describe` gives.
    of, with_, method, stage
        As for `Description.correlations`: ``of="indicators", with_=1`` shows them against the groups under the index,
        ``with_="parent"`` against their own.
    ax
        Where to draw; None: a figure of its own.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a", "b"]}}
    >>> data = {"city": ["x", "y", "z"], "a": [1.0, 2.0, 3.0], "b": [3.0, 1.0, 2.0]}
    >>> ax = ci.plot.correlations(ci.describe(spec, data))
    >>> [text.get_text() for text in ax.texts]
    ['1.00', '−0.50', '−0.50', '1.00', '3 units']
    """
    expect(description, Description, "correlations", "a Description (cityindex.describe)")
    words = Words(description.spec, language)
    found = description.correlations(of, with_, method=method, stage=stage)
    if "node" in found.columns:  # a row a pair
        order = list(dict.fromkeys(found["node"])), list(dict.fromkeys(found["with"]))
        found = found.pivot_table("r", "node", "with", dropna=False).reindex(index=order[0], columns=order[1])
    r = found.to_numpy(np.float64)
    rows, columns = r.shape
    wide, high = (0.5 if count <= WRITTEN else 0.26 for count in (columns, rows))
    ax = axes(ax, max(3.6 + wide * columns, 6.5), 3.0 + high * rows)
    image = ax.imshow(
        np.ma.masked_invalid(r), cmap=_shades(), vmin=-1, vmax=1, aspect="equal" if rows == columns else "auto"
    )
    ax.set_xticks(np.arange(columns), labels=_titles(words, found.columns), rotation=90, fontsize=8)
    ax.set_yticks(np.arange(rows), labels=_titles(words, found.index), fontsize=8)
    frameless(ax)
    ax.tick_params(labelsize=8)
    _between_groups(ax, words, found)
    if columns <= WRITTEN:
        _written(ax, r, image)
    scale_bar(ax, image, f"{words['correlation']} ({method})", shrink=min(1.0, 4 / rows + 0.25))
    heading(ax, words.index, words.units(len(description)))
    return finish(ax)


def _shades() -> Any:
    import matplotlib as mpl

    return mpl.colormaps["RdBu_r"].with_extremes(bad="#E4E4E4")


def _titles(words: Words, names: pd.Index[str]) -> list[str]:
    return [shorten(words.node(str(name)), 28) for name in names]


def _between_groups(ax: Axes, words: Words, found: pd.DataFrame) -> None:
    """White lines where one group's children end."""
    for names, line in ((found.index, ax.axhline), (found.columns, ax.axvline)):
        parents = [words.spec.parents.get(str(name)) for name in names]
        for place in range(1, len(parents)):
            if parents[place] != parents[place - 1]:
                line(place - 0.5, color="white", linewidth=2.5)


def _written(ax: Axes, r: FloatArray, image: Any) -> None:
    shades, scale = image.cmap, image.norm
    for (row, column), value in np.ndenumerate(r):
        if np.isfinite(value):
            ax.text(
                column, row, share_words(value), ha="center", va="center", fontsize=7, color=on(shades(scale(value)))
            )
        else:
            ax.text(column, row, "–", ha="center", va="center", fontsize=7, color=GREY)
