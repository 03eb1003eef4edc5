"""A description: tables of what the data look like, each made when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from cityindex._shown import Shown
from cityindex.describing.gather import Data, Of, Stage
from cityindex.describing.relations import Bounds, correlations_frame, flags_frame
from cityindex.describing.screening import Screening, screen
from cityindex.describing.statistics import Limits, availability_frame, columns_frame
from cityindex.describing.structure import GroupComponents, alpha_frame, group_components
from cityindex.methods.correlation import Coefficient

if TYPE_CHECKING:
    from cityindex.result import Result
    from cityindex.spec.model import Spec
    from cityindex.table import Note, Table

__all__ = ["Description"]


@dataclass(frozen=True, eq=False, repr=False)
class Description(Shown):
    """An index and its data, looked at. ``print(description)`` shows a page; the methods give the tables behind it.

    Most of them take a `stage`, the point at which the numbers are looked at:

    - ``read``: as they stand in the table;
    - ``raw``: what the steps start from (divided by `per`);
    - ``turned``: the same, times -1 where less is better;
    - ``carried``, ``published``: what the index makes of them (of a result only; groups have these alone).

    Where a node does not apply to a unit (`where`, editions), the unit is neither counted nor missing.
    """

    _data: Data

    @property
    def spec(self) -> Spec:
        """The index."""
        return self._data.spec

    @property
    def table(self) -> Table:
        """The data as read."""
        return self._data.table

    @property
    def result(self) -> Result | None:
        """The result that is described; None: a spec and its table."""
        return self._data.result

    @property
    def notes(self) -> tuple[Note, ...]:
        """What was noticed while reading: cells read otherwise than they stand, columns that nothing reads."""
        return self._data.notes

    def __len__(self) -> int:
        return len(self._data)

    def __str__(self) -> str:
        from cityindex.describing.page import page

        return page(self._data)

    __repr__ = __str__

    def columns(
        self,
        of: Of = "indicators",
        *,
        stage: Stage = "raw",
        coverage: float = 0.65,
        zeros: float = 0.5,
        same: float = 0.5,
        skewness: float = 2.0,
        kurtosis: float = 3.5,
    ) -> pd.DataFrame:
        """One row an indicator: counts, quantiles, moments, outliers, and what is odd about it in words.

        Parameters
        ----------
        of
            ``indicators``, a group (its children), a depth (0 is the index), or ids.
        stage
            See the class.
        coverage
            The least share of units that should have a number.
        zeros, same
            The largest shares of the numbers that may be 0, and that may be the same number.
        skewness, kurtosis
            A shape passes if its absolute skewness is below the one, or its excess kurtosis below the other.

        Returns
        -------
        pandas.DataFrame
            By node: title; units (to which it applies); available, missing, share; zeros; distinct (different numbers);
            same, same_share (those equal to the most frequent one); min, q1, median, q3, max; mean, sd (by n - 1);
            skewness (G1), kurtosis (G2); outliers (beyond Tukey's fences); to_winsorise (how many numbers the step
            `winsorise` would move, 5 at most); shape (whether it passes); flags (in words, the worst first).
        """
        limits = Limits(coverage, zeros, same, skewness, kurtosis)
        return columns_frame(self._data, of, self._data.stage(stage), limits)

    def availability(self, by: Literal["units", "groups"] = "units", *, stage: Stage = "raw") -> pd.DataFrame:
        """How much of each unit is there.

        Parameters
        ----------
        by
            ``units``: how many indicators apply to the unit, are available, missing, 0; the shares available and (of
            those) not 0. ``groups``: the share of the indicators under each group that is available.
        stage
            See the class.
        """
        return availability_frame(self._data, by, self._data.stage(stage))

    def screen(
        self,
        coverage: float | Mapping[str, float] = 0.65,
        *,
        zeros: float | None = None,
        force_in: Iterable[str] = (),
        force_out: Iterable[str] = (),
        stage: Stage = "raw",
    ) -> Screening:
        """Which units have enough data, which have not and why, and the table without them.

        Parameters
        ----------
        coverage
            The least share of the indicators that has to be available; or such shares by group.
        zeros
            The largest share of a unit's numbers that may be 0; None: any.
        force_in, force_out
            Keys of units that stay, or go, whatever they have; the reasons are told all the same.
        stage
            See the class.

        Raises
        ------
        NotFoundError
            A unit or a group that is not there.
        TableError
            A share that is none; a unit that is forced both ways.
        """
        return screen(self._data, coverage, zeros, force_in, force_out, self._data.stage(stage))

    def correlations(
        self,
        of: Of = "indicators",
        with_: Of | None = None,
        *,
        method: Coefficient = "pearson",
        stage: Stage | None = None,
        p: bool = False,
    ) -> pd.DataFrame:
        """Correlations of nodes with one another, each pair over the units that have both numbers.

        Parameters
        ----------
        of
            ``indicators``, a group (its children), a depth (0 is the index), or ids.
        with_
            The other nodes, said alike; None: the same; ``parent``: each node's own groups; ``denominators``: the
            columns that indicators are divided by.
        method
            ``pearson``, ``spearman`` or ``kendall`` (τ-b).
        stage
            See the class; None: carried where there is a result, else turned.
        p
            Whether to give a row a pair, with its units and its two-sided p-value.

        Returns
        -------
        pandas.DataFrame
            A matrix; with `p`, or parents, a row a pair: node, with, units, r (, p). ``nan`` where there are fewer than
            two units, or one of the two does not vary.
        """
        return correlations_frame(self._data, of, with_, method, stage, p)

    def flags(
        self,
        *,
        high: float = 0.92,
        low: float = -0.4,
        weak: float = 0.3,
        denominator: float = 0.6,
        method: Coefficient = "pearson",
        stage: Stage | None = None,
    ) -> pd.DataFrame:
        """The pairs that ask for a second look, the worst first.

        ``parent``: a child that runs against its group (of a result only). ``negative``: children of one group with a
        correlation of `low` or less. ``high``: of `high` or more, so that they count one thing twice. ``denominator``:
        an indicator that goes with a column others are divided by, or still goes with its own (`denominator` or more,
        in either direction): it measures size. ``weak``: a child whose correlation with its group is below `weak` (of a
        result only).

        Returns
        -------
        pandas.DataFrame
            kind, node, other, group, r, units, p (two-sided), and words.
        """
        return flags_frame(self._data, Bounds(high, low, weak, denominator), method, stage)

    def alpha(
        self, *, stage: Stage | None = None, missing: Literal["pairwise", "listwise"] = "pairwise"
    ) -> pd.DataFrame:
        """Cronbach's alpha of each group of two or more children, and of all indicators together.

        Parameters
        ----------
        stage
            See the class; None: carried where there is a result, else turned (then look at `standardised`: raw columns
            have units of their own).
        missing
            Covariances of a pair from the units that have both, or all from the units that have everything.

        Returns
        -------
        pandas.DataFrame
            By group: children, units, alpha, standardised, weakest (the child without which alpha is highest),
            alpha_without (it), why (there is no alpha).
        """
        return alpha_frame(self._data, stage, missing)

    def components(self, group: str, *, stage: Stage | None = None) -> GroupComponents:
        """The principal components of a group's children: loadings, explained variance, KMO, Bartlett's test.

        Parameters
        ----------
        group
            Its id.
        stage
            See the class; None: carried where there is a result, else turned. Units with a gap are left out (`units`
            of what comes back says how many are used).

        Raises
        ------
        NotFoundError
            The index computes no such group, or its children have no columns at that stage.
        ScoreError
            A child is constant, or fewer than two units have every number.
        """
        return group_components(self._data, group, stage)

    def to_dict(self) -> dict[str, Any]:
        """The tables as plain records: columns, units, flags, alpha."""
        from cityindex.describing.page import plain

        return plain(self._data)
