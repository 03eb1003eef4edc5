"""What is known of the groups of a result: means, places, counts, inequality and convergence."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from cityindex._shown import Shown
from cityindex._values import label_of
from cityindex.errors import CityIndexError, NotFoundError, nearest
from cityindex.regional.convergence import Convergence
from cityindex.regional.gather import Gathered
from cityindex.regional.tables import counts_frame, framed, quotients_frame, ranks_frame, shares_frame

if TYPE_CHECKING:
    from cityindex.regional.dispersion import Spread
    from cityindex.result import Result
    from cityindex.table import Note

__all__ = ["TABLES", "Regions"]

TABLES = ("means", "ranks", "counts", "shares", "quotients", "dispersion", "parts", "convergence", "spread")
OVER_ALL = TABLES[-2:]


@dataclass(frozen=True, eq=False, repr=False)
class Regions(Shown):
    """The groups of a result. Made by `regions`; ``print(found)`` shows the last period; every table is a copy.

    A table has a row a group (and period), the best mean first; its first columns are the period, where there is one,
    and the labels. Where a measure cannot be had the number is ``nan``, and a note says why.

    Attributes
    ----------
    notes
        Who is left out of what: units without a score, a label or a weight; labels in two places; scores of 0.
    """

    notes: tuple[Note, ...]
    _found: Gathered
    _means: pd.DataFrame
    _order: pd.Index[Any]
    _spread: Spread | CityIndexError
    _convergence: Convergence | CityIndexError

    # -- what was asked for ---------------------------------------------------------------------------------------

    @property
    def result(self) -> Result:
        """The result whose units are grouped."""
        return self._found.result

    @property
    def node(self) -> str:
        """The node whose published values are looked at."""
        return self._found.asked.node

    @property
    def by(self) -> tuple[str, ...]:
        """The columns of labels, the coarsest first."""
        return self._found.asked.by

    @property
    def weights(self) -> str | None:
        """The column that weighs; None: every unit counts alike."""
        return self._found.asked.weights

    @property
    def top(self) -> tuple[int, ...]:
        """The numbers of first places that are counted."""
        return self._found.asked.top

    @property
    def tier_labels(self) -> tuple[str, ...]:
        """The tiers that are counted, the best first."""
        return self._found.asked.tiers

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods in their order; none where the result has none."""
        return () if self.result.periods is None else self._found.periods

    def __len__(self) -> int:
        return len(self._found.groups)

    # -- groups ---------------------------------------------------------------------------------------------------

    @property
    def means(self) -> pd.DataFrame:
        """``units`` that have a score (and ``without_score``), their ``mean``, ``median``, ``lowest``, ``highest``.

        With weights also ``weighted_mean`` = Σ w x / Σ w, and how many of the units are ``without_weight``: they are in
        the mean and not in the weighted one.
        """
        return self._framed("means")

    @property
    def ranks(self) -> pd.DataFrame:
        """The best and the worst unit with their ranks, and the median rank; of units that tie the first one."""
        return self._framed("ranks")

    @property
    def counts(self) -> pd.DataFrame:
        """``units``, the sum of the weights, those with a rank up to n (``top_n``), and those of each tier.

        Of units that have a score. Those without a label have a row ``(none)``; the last row is the ``total``.
        """
        return self._framed("counts")

    @property
    def shares(self) -> pd.DataFrame:
        """Each number of `counts` over its total: of all units, of all weight, of the first n, of a tier."""
        return self._framed("shares")

    @property
    def quotients(self) -> pd.DataFrame:
        """Location quotients: each share over the group's share of the units; above 1: more than its size suggests.

        Source: W. Isard (1960), *Methods of Regional Analysis*, MIT Press.
        """
        return self._framed("quotients")

    # -- inequality -----------------------------------------------------------------------------------------------

    @property
    def dispersion(self) -> pd.DataFrame:
        """How unequal the units are: a row a period and weighting (``equal``, and the column of weights).

        ``cv`` (standard deviation of the population over the mean), ``gini``, ``theil_t`` and ``theil_l``; both Theil
        measures are the sum of their ``_between`` and ``_within``. With several columns of labels ``_between_<column>``
        is the part between the groups of that level, within those of the level above. Units without a label are left
        out.

        Raises
        ------
        ScoreError
            Scores below 0, by unit.
        """
        return self._framed("dispersion")

    @property
    def parts(self) -> pd.DataFrame:
        """What each group adds to the inequality: a row a group and weighting.

        Its ``share`` of the weights and ``score_share`` of the weighted scores; its own ``cv``, ``gini``, ``theil_t``
        and ``theil_l``; and what it adds to the parts within and between, which add up to those of `dispersion`.

        Raises
        ------
        ScoreError
            As `dispersion`.
        """
        return self._framed("parts")

    # -- behind the tables ----------------------------------------------------------------------------------------

    def _framed(self, name: str) -> pd.DataFrame:
        return framed(self._found, self._keyed(name))

    def _keyed(self, name: str) -> pd.DataFrame:
        """A table by (period, group), its columns under our own names; of the dispersion by period."""
        if name == "means":
            return self._means
        if name == "ranks":
            return ranks_frame(self._found, self._order)
        if name in ("dispersion", "parts"):
            if isinstance(self._spread, CityIndexError):
                raise self._spread
            return self._spread.whole if name == "dispersion" else self._spread.parts
        counts = counts_frame(self._found, self._order)
        if name == "counts":
            return counts
        shares = shares_frame(counts)
        return shares if name == "shares" else quotients_frame(shares)

    def _when(self, period: str | None) -> int:
        """The place of a period (None: the last)."""
        if not self.periods:
            if period is not None:
                raise NotFoundError(f"{self.result.spec.id} has no periods; period={period!r} says which one is meant")
            return 0
        wanted = self.periods[-1] if period is None else label_of(period)
        if wanted not in self.periods:
            raise NotFoundError(f"there is no period {period!r}.{nearest(str(period), self.periods)}")
        return self.periods.index(wanted)

    def _seen(self, name: str, period: str | None = None) -> pd.DataFrame:
        """What a view shows of a table: one period, by group."""
        frame = self._keyed(name)
        own = frame[frame.index.get_level_values("when") == self._when(period)]
        return own.droplevel("when") if "group" in own.index.names else own

    @property
    def convergence(self) -> Convergence:
        """Sigma and beta convergence, of the units and of the means of the groups.

        Raises
        ------
        NotFoundError
            The result has no two periods.
        ScoreError
            Scores of 0 or less, by unit: growth takes logarithms.
        """
        if isinstance(self._convergence, CityIndexError):
            raise self._convergence
        return self._convergence

    def at(self, name: str, period: str | None = None) -> pd.DataFrame:
        """The rows of a table (such as ``means``) in one period (None: the last), without the column of periods.

        Raises
        ------
        NotFoundError
            There is no such period; or the table is of all periods together.
        """
        if name in OVER_ALL:
            raise NotFoundError(f"{name} is of all periods together: .table({name!r})")
        frame, when = self.table(name), self._when(period)
        if not self.periods:
            return frame
        column = self.result.names["period"]
        return frame[frame[column] == self.periods[when]].drop(columns=column).reset_index(drop=True)

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name; ``convergence`` is its `to_frame`, and ``spread`` its `by_period`.

        Raises
        ------
        NotFoundError
            There is no such table.
        ScoreError
            As the property of that name.
        """
        if name not in TABLES:
            raise NotFoundError(f"there is no table {name!r}.{nearest(str(name), TABLES)}")
        if name == "convergence":
            return self.convergence.to_frame()
        if name == "spread":
            return self.convergence.by_period()
        frame: pd.DataFrame = getattr(self, name)
        return frame

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Every table that can be had, by its name."""
        for name in TABLES:
            with contextlib.suppress(CityIndexError):
                yield name, self.table(name)

    def __repr__(self) -> str:
        weighed = f", weighted by {self.weights}" if self.weights is not None else ""
        return f"Regions({self.result.spec.id!r}, {self.node} by {'/'.join(self.by)}{weighed}: {len(self)} groups)"

    def __str__(self) -> str:
        from cityindex.regional.page import page

        return page(self)
