"""What a comparison found: movers, agreement, turnover, and the effects that the changes are made of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
import pandas as pd

from cityindex._shown import Shown
from cityindex.comparing.effects import Effects
from cityindex.comparing.mixing import Mixer
from cityindex.comparing.sides import Side
from cityindex.comparing.unit import UnitChange
from cityindex.errors import NotFoundError, ScoreError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.methods.rank_agreement import RankComparison
from cityindex.part import IntArray
from cityindex.spec import Difference
from cityindex.spec.model import Spec
from cityindex.table import Note

__all__ = ["Comparison", "Turnover"]

MOVERS = ["unit", "label", "score_before", "score_after", "rank_before", "rank_after", "places"]


@dataclass(frozen=True, slots=True)
class Turnover:
    """Who is among the first so many, before and after.

    Attributes
    ----------
    n
        How many first places (who ties for the last of them is among them).
    stayed, came, went
        Among them in both; after alone; before alone: in the order of their ranks.
    """

    n: int
    stayed: tuple[str, ...]
    came: tuple[str, ...]
    went: tuple[str, ...]

    @property
    def share(self) -> float:
        """The share of those before that are among them after."""
        return len(self.stayed) / max(len(self.stayed) + len(self.went), 1)


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Shown):
    """Two results side by side, and what every change is made of. Frozen: everything handed out is a copy.

    Attributes
    ----------
    sides
        Before and after: each knows its result, its group, its period and its name.
    names
        What before and after are called.
    agreement
        Rank correlations and the like, of the units that both have (None: fewer than two).
    differences
        What differs between the two specs.
    notes
        What was done that is not plain: data that come with the structure, effects that cannot be told apart.

    Notes
    -----
    Effects are points of the published score. *data*, *weights*, *structure* and *calibration* add up to the change of
    the score before it is rounded; *rounding* is the rest of the change that is printed. *joint* is there where the
    states between before and after cannot be scored, and says in a note what it holds together.
    """

    sides: tuple[Side, Side]
    agreement: RankComparison | None
    differences: tuple[Difference, ...]
    notes: tuple[Note, ...]
    _table: pd.DataFrame
    _common: IntArray  # rows of the table that both sides have
    _effects: Effects
    _mixer: Mixer
    _moves: tuple[FloatArray, FloatArray]  # places by a unit's own change, and by those of others

    @property
    def names(self) -> tuple[str, str]:
        """What the two sides are called."""
        return self.sides[0].name, self.sides[1].name

    @property
    def spec(self) -> Spec:
        """The spec after."""
        return self.sides[1].part.plan.spec

    def __len__(self) -> int:
        """How many units both sides have."""
        return len(self._common)

    def __repr__(self) -> str:
        before, after = self.names
        return f"Comparison({self.spec.id!r}, {before} → {after}, {len(self)} units in both)"

    def __str__(self) -> str:
        from cityindex.comparing.text import told

        return told(self)

    @property
    def differing(self) -> tuple[str, ...]:
        """The factors in which the two differ at all, of data, weights, structure and calibration."""
        return self._effects.differing

    def to_frame(self) -> pd.DataFrame:
        """One row a unit: scores, ranks (and tiers) before and after, their changes, and each effect on the score.

        ``places`` is above 0 for a unit that rose. ``status``: both, entered, left (or unscored: no score on either
        side). Units stand in the order of the table after; those that left come last.
        """
        return self._table.join(self.effects.add_prefix("by_"), on="unit")

    @property
    def effects(self) -> pd.DataFrame:
        """Units × effects, of the units in both; a row adds up to the change of the printed score."""
        table = self._table.iloc[self._common]
        before, after = self._effects.shown
        found = {name: self._effects.parts[place].sum(axis=0) for name, place in self._effects.told.items()}
        found["rounding"] = table["change"].to_numpy() - (after - before)
        return self._framed(found)

    @property
    def rank_effects(self) -> pd.DataFrame:
        """Units × effects in places gained; a row adds up to the change of rank.

        ``entered_left`` is what those did who are in one result alone.
        """
        found = {name: self._effects.ranks[place] for name, place in self._effects.told.items()}
        places = self._table["places"].to_numpy(dtype=np.float64)[self._common]
        found["entered_left"] = places - self._effects.ranks.sum(axis=0)
        return self._framed(found)

    def _framed(self, found: dict[str, FloatArray]) -> pd.DataFrame:
        return pd.DataFrame(found, index=pd.Index(self._table["unit"].to_numpy()[self._common], name="unit"))

    def by_effect(self) -> pd.DataFrame:
        """Effect → how much it moved: the mean size of its effect on scores (points) and on ranks (places).

        The first row moved the ranking most.
        """
        points, places = self.effects.abs().mean(), self.rank_effects.abs().mean()
        names = list(dict.fromkeys([*points.index, *places.index]))
        frame = pd.DataFrame({"points": points.reindex(names), "places": places.reindex(names)}).fillna(0.0)
        frame.index.name = "effect"
        return frame.sort_values(["places", "points"], ascending=False, kind="stable")

    def by_indicator(self, unit: str | None = None) -> pd.DataFrame:
        """What each indicator did: to one unit, or (None) the mean size of its effects over all units.

        Raises
        ------
        NotFoundError
            No unit is called so; the message names the nearest.
        """
        if unit is not None:
            return self.unit(unit).to_frame()
        from cityindex.comparing.indicators import mean_sizes

        return mean_sizes(self)

    def movers(self, n: int = 10) -> pd.DataFrame:
        """The units that moved the most places, up or down; of those that moved as far, the larger change of score."""
        _whole(n)
        table = self._table.iloc[self._common]
        order = np.lexsort((-table["change"].abs().to_numpy(), -table["places"].abs().to_numpy()))[:n]
        columns = [*MOVERS[:4], "change", *MOVERS[4:]]
        return table.iloc[order][columns].join(self.effects, on="unit").reset_index(drop=True)

    def top(self, n: int = 10) -> Turnover:
        """Who stayed among the first `n`, who came, who went."""
        _whole(n)
        table = self._table
        first = [set(table.index[table[f"rank_{when}"] <= n]) for when in ("before", "after")]
        after, before = (table.sort_values(f"rank_{when}", kind="stable").index for when in ("after", "before"))
        called = table["label"]
        return Turnover(
            n=n,
            stayed=tuple(called[row] for row in after if row in first[0] & first[1]),
            came=tuple(called[row] for row in after if row in first[1] - first[0]),
            went=tuple(called[row] for row in before if row in first[0] - first[1]),
        )

    def tier_changes(self) -> pd.DataFrame:
        """How many units went from which tier (rows) to which (columns), the best first.

        A row ``entered`` and a column ``left`` count the units of one side alone, where there are some.

        Raises
        ------
        NotFoundError
            One of the two has no tiers.
        """
        from cityindex.comparing.indicators import tier_matrix

        return tier_matrix(self)

    @cached_property
    def _rows(self) -> dict[str, list[int]]:
        """What a unit may be called → its rows of the table."""
        found: dict[str, list[int]] = {}
        for column in ("unit", "label"):
            for row, name in enumerate(self._table[column]):
                if row not in found.setdefault(str(name), []):
                    found[str(name)].append(row)
        return found

    def row(self, unit: str) -> int:
        """The row of a unit in `to_frame`, by its key or its label.

        Raises
        ------
        NotFoundError
            No unit is called so (the nearest is named), or several are.
        """
        rows, keys = self._rows.get(str(unit), []), self._table["unit"].to_numpy()
        keyed = [row for row in rows if keys[row] == unit]
        if not rows:
            raise NotFoundError(f"there is no unit {unit!r}.{nearest(str(unit), self._rows)}")
        if len(keyed or rows) != 1:
            some = ", ".join(str(keys[row]) for row in rows[:8])
            raise NotFoundError(f"{len(rows)} units are called {unit!r}; their keys: {some}")
        return (keyed or rows)[0]

    def unit(self, unit: str) -> UnitChange:
        """Why one unit's score and rank changed.

        Raises
        ------
        NotFoundError
            No unit is called so; the message names the nearest.
        """
        from cityindex.comparing.indicators import unit_change

        return unit_change(self, self.row(unit))


def _whole(n: Any) -> None:
    if isinstance(n, bool) or not isinstance(n, Integral) or n < 1:
        raise ScoreError(f"n={n!r}: a whole number from 1 on is wanted")
