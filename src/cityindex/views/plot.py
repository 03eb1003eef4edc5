"""Figures of an index: ``ci.plot.ranking(result)`` and its like. Every one takes a record and returns axes.

They are matplotlib's (``pip install 'cityindex[plot]'``). Each draws into the axes that it is given (``ax=``), or makes
a figure of its own; nothing is set globally. In a grid of several figures ``plt.subplots(…, layout="constrained")``
keeps names and legends apart. ``language=`` chooses the words and titles, and Chinese text gets an installed font that
holds it.
"""

from __future__ import annotations

from typing import NoReturn

from cityindex.errors import nearest
from cityindex.views.figures.changes import changes
from cityindex.views.figures.correlations import correlations
from cityindex.views.figures.distribution import distribution
from cityindex.views.figures.dominance import dominance
from cityindex.views.figures.maps import tier_map
from cityindex.views.figures.periods import bump, slope
from cityindex.views.figures.profile import radar, unit_dots
from cityindex.views.figures.ranking import ranking
from cityindex.views.figures.regions import regions
from cityindex.views.figures.robust import acceptability, rank_intervals, sobol
from cityindex.views.figures.scatter import scatter
from cityindex.views.figures.tree import tree
from cityindex.views.figures.waterfall import waterfall

__all__ = [
    "acceptability",
    "bump",
    "changes",
    "correlations",
    "distribution",
    "dominance",
    "radar",
    "rank_intervals",
    "ranking",
    "regions",
    "scatter",
    "slope",
    "sobol",
    "tier_map",
    "tree",
    "unit_dots",
    "waterfall",
]


def __getattr__(name: str) -> NoReturn:
    raise AttributeError(f"cityindex.plot has no {name!r}.{nearest(name, __all__)}")
