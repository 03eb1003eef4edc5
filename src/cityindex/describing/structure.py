"""Whether the children of a group measure one thing: Cronbach's alpha, principal components."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from cityindex.describing.gather import Data, Stage
from cityindex.errors import DomainError, Problem, ScoreError
from cityindex.methods.principal import principal_components
from cityindex.methods.reliability import cronbach

__all__ = ["GroupComponents", "alpha_frame", "group_components"]


def alpha_frame(data: Data, stage: Stage | None, missing: Literal["pairwise", "listwise"]) -> pd.DataFrame:
    """The table that `Description.alpha` gives."""
    at = data.stage(stage)
    rows: dict[str, dict[str, Any]] = {}
    for group, children in data.families.items():
        names = data.standing(children, at)
        if len(names) > 1:
            rows[group] = _row(data, names, at, missing)
    for root in data.roots:
        if root in data.children and data.children[root] != data.indicators and len(data.indicators) > 1:
            rows[f"{root}, all indicators"] = _row(data, data.indicators, at, missing)
    columns = ["children", "units", "alpha", "standardised", "weakest", "alpha_without", "why"]
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
    return frame.rename_axis("group")


def _row(data: Data, names: tuple[str, ...], stage: Stage, missing: Literal["pairwise", "listwise"]) -> dict[str, Any]:
    row: dict[str, Any] = {"children": len(names), "units": 0, "alpha": np.nan, "standardised": np.nan}
    row |= {"weakest": "", "alpha_without": np.nan, "why": ""}
    try:
        found = cronbach(data.matrix(names, stage), missing=missing)
    except DomainError as error:
        return row | {"why": _told(error, names)}
    row |= {"units": found.units, "alpha": found.alpha, "standardised": found.standardised}
    if not np.isnan(found.without).all():
        best = int(np.nanargmax(found.without))
        row |= {"weakest": names[best], "alpha_without": float(found.without[best])}
    return row


def _told(error: DomainError, names: tuple[str, ...]) -> str:
    """What a kernel refused, with the names of the columns."""
    columns = list(dict.fromkeys([*error.columns, *(column for _, column in error.cells)]))
    if not columns or len(columns) == len(names):
        return error.reason
    return f"{error.reason} ({', '.join(names[column] for column in columns)})"


@dataclass(frozen=True, eq=False, repr=False)
class GroupComponents:
    """The principal components of a group's children, of their correlations.

    Attributes
    ----------
    group
        Its id.
    units
        How many units have every number, and were used.
    loadings
        Children × components: the correlation of each child with each component.
    vectors
        The same at length 1, which COINr and R call loadings; the largest of each component is positive.
    variance
        By component: eigenvalue, explained (share of all variance), cumulative.
    kmo
        Kaiser's measure of sampling adequacy, from 0 to 1 (below 0.5: not worth a factor analysis); `nan`: a child is
        a combination of others.
    adequacy
        The same by child.
    chi2, freedom, p
        Bartlett's test that no child correlates with any other.
    """

    group: str
    units: int
    loadings: pd.DataFrame
    vectors: pd.DataFrame
    variance: pd.DataFrame
    kmo: float
    adequacy: pd.Series[float]
    chi2: float
    freedom: int
    p: float

    def __str__(self) -> str:
        first = self.variance.iloc[0]
        head = (
            f"{self.group}: the first component explains {first['explained']:.0%} of {len(self.loadings)} children "
            f"({self.units:,} complete units); KMO {self.kmo:.2f}, Bartlett χ² {self.chi2:.4g}, p {self.p:.2g}"
        )
        lines = [f"  {child}: {row.iloc[0]:.2f}" for child, row in self.loadings.iterrows()]
        return "\n".join([head, *lines])

    __repr__ = __str__


def group_components(data: Data, group: str, stage: Stage | None) -> GroupComponents:
    """What `Description.components` gives."""
    at = data.stage(stage)
    children = data.select(group, at)
    try:
        found = principal_components(data.matrix(children, at))
    except DomainError as error:
        raise ScoreError(Problem(_told(error, children), group), summary="there are no principal components:") from None
    names = [f"PC{number}" for number in range(1, len(children) + 1)]
    index = pd.Index(children, name="node", dtype="str")
    explained = {"eigenvalue": found.eigenvalues, "explained": found.explained}
    variance = pd.DataFrame({**explained, "cumulative": np.cumsum(found.explained)}, index=names)
    return GroupComponents(
        group=group,
        units=found.units,
        loadings=pd.DataFrame(found.loadings, index=index, columns=names),
        vectors=pd.DataFrame(found.vectors, index=index, columns=names),
        variance=variance.rename_axis("component"),
        kmo=found.kmo,
        adequacy=pd.Series(found.adequacy, index=index, name="kmo"),
        chi2=found.chi2,
        freedom=found.freedom,
        p=found.p,
    )
