"""Whether units, and the means of groups, draw together over the periods."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from cityindex.errors import DomainError, NotFoundError, TableError
from cityindex.methods._arrays import FloatArray
from cityindex.methods.convergence import Beta, Trend, beta_convergence, log_spread, trend
from cityindex.methods.inequality import variation
from cityindex.regional.gather import Gathered, refused
from cityindex.table.periods import times_of

__all__ = ["Convergence", "Course", "convergence_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """Levels over the periods, of units or of the means of groups.

    Attributes
    ----------
    names
        Those compared: they have a number above 0 in every period.
    left_out
        Those that lack one in some period.
    log_sd, cv
        The standard deviation of the logarithms, and the coefficient of variation, by period, shape (periods,);
        ``nan`` where nobody is compared.
    sigma
        The straight line through `log_sd` over time: sigma convergence is a slope below 0. None: fewer than two are
        compared.
    beta
        Growth from the first to the last period on the first level: beta convergence is a slope below 0. None: fewer
        than two compared, or all begin alike.
    """

    names: tuple[str, ...]
    left_out: tuple[str, ...]
    log_sd: FloatArray
    cv: FloatArray
    sigma: Trend | None
    beta: Beta | None


@dataclass(frozen=True, slots=True, eq=False)
class Convergence:
    """Sigma and beta convergence over the periods of a result.

    Attributes
    ----------
    periods, times
        The periods in their order, and their places in time, in years (2019Q3 is 2019.5); 0, 1, 2, … where they have
        none (`counted`).
    counted
        Whether the periods are counted, so that "a year" is a step from one to the next.
    units
        Of the units, each alike, those without a label too.
    groups
        Of the means of the groups, weighted where the call weighs.
    """

    periods: tuple[str, ...]
    times: FloatArray
    counted: bool
    units: Course
    groups: Course

    @property
    def years(self) -> float:
        """From the first period to the last."""
        return float(self.times[-1] - self.times[0])

    def by_period(self) -> pd.DataFrame:
        """One row a period: the spread of the units, and that of the means of the groups."""
        kinds = {"units": self.units, "groups": self.groups}
        columns = {
            f"{kind}_{name}": getattr(course, name) for kind, course in kinds.items() for name in ("log_sd", "cv")
        }
        return pd.DataFrame({"period": pd.array(self.periods, dtype="str"), **columns})

    def to_frame(self) -> pd.DataFrame:
        """Two rows, units and groups: the slopes with their standard errors, and what they imply."""
        return pd.DataFrame([self._row("units", self.units), self._row("groups", self.groups)])

    def _row(self, kind: str, course: Course) -> dict[str, Any]:
        sigma, beta = course.sigma, course.beta
        row: dict[str, Any] = {"of": kind, "compared": len(course.names), "left_out": len(course.left_out)}
        row |= {"years": self.years, "log_sd_first": course.log_sd[0], "log_sd_last": course.log_sd[-1]}
        row |= {f"sigma_{name}": getattr(sigma, name, np.nan) for name in ("slope", "error", "r_squared")}
        line = beta.line if beta else None
        row |= {f"beta_{name}": getattr(line, name, np.nan) for name in ("slope", "error", "r_squared")}
        return row | {name: getattr(beta, name, np.nan) for name in ("speed", "half_life")}

    def __str__(self) -> str:
        kinds = (("units", self.units), ("groups", self.groups))
        return "\n".join(f"{kind}: {_told(course)}" for kind, course in kinds)


def _told(course: Course) -> str:
    out = f" ({len(course.left_out)} left out: no score above 0 in every period)" if course.left_out else ""
    if course.sigma is None:
        return f"{len(course.names)} compared{out}: too few"
    sigma = f"sd of logs {course.log_sd[0]:.4g} → {course.log_sd[-1]:.4g}"
    if course.beta is None:
        return f"{len(course.names)} compared{out}: {sigma}; all begin alike"
    line, speed, half = course.beta.line, course.beta.speed, course.beta.half_life
    known = line.error == line.error and line.r_squared == line.r_squared
    fit = f" (standard error {line.error:.2g}, R² {line.r_squared:.3g})" if known else ""
    pace = f"; half of a gap closes in {half:.3g} years" if half == half else ""
    pace = "; units pass one another" if speed != speed else pace or "; gaps do not close"
    return f"{len(course.names)} compared{out}: {sigma}; beta {line.slope:.4g}{fit}{pace}"


def convergence_of(found: Gathered, means: pd.Series[Any]) -> Convergence:
    """The convergence of the units of a result, and of the means of its groups (by period and group).

    Raises
    ------
    NotFoundError
        There are no two periods.
    ScoreError
        Scores of 0 or less, by unit: they have no logarithm.
    """
    if len(found.periods) < 2:
        why = "has no periods" if found.result.periods is None else f"has one period alone ({found.periods[0]})"
        raise NotFoundError(f"{found.result.spec.id} {why}: convergence is seen over two or more")
    scores, units = found.of("score"), pd.factorize(np.asarray(found.result.units, dtype=object))
    wide = np.full((len(units[1]), len(found.periods)), np.nan)
    wide[units[0], found.of("when")] = scores
    whole = ~np.isnan(wide).any(axis=1)
    wrong = np.flatnonzero(whole[units[0]] & (scores <= 0))
    if len(wrong):
        raise refused(found, wrong, "is not above 0", "growth takes logarithms, and needs scores above 0")
    groups = np.full((len(found.groups), len(found.periods)), np.nan)
    groups[means.index.get_level_values("group"), means.index.get_level_values("when")] = means
    names = ["/".join(group) for group in found.groups]
    times, counted = _times(found.periods)
    return Convergence(
        periods=found.periods,
        times=times,
        counted=counted,
        units=_course([str(name) for name in units[1]], wide, times),
        groups=_course(names, groups, times),
    )


def _times(periods: tuple[str, ...]) -> tuple[FloatArray, bool]:
    """The places of the periods in time; counted where they have none, or two have the same."""
    try:
        times = times_of(periods)
    except TableError:
        times = np.zeros(len(periods))
    counted = bool((np.diff(times) <= 0).any())
    return (np.arange(float(len(periods))) if counted else times), counted


def _course(names: list[str], wide: FloatArray, times: FloatArray) -> Course:
    """The course of those that have a number in every period."""
    whole = np.asarray((wide > 0).all(axis=1), bool)
    kept = wide[whole]
    apart = list(kept.T) if len(kept) else []
    log_sd = np.array([log_spread(column) for column in apart] or [np.nan] * len(times))
    cv = np.array([variation(column) for column in apart] or [np.nan] * len(times))
    beta: Beta | None = None
    if len(kept) > 1:
        try:
            beta = beta_convergence(kept[:, 0], kept[:, -1], years=float(times[-1] - times[0]))
        except DomainError:  # all begin alike
            beta = None
    compared = tuple(name for name, there in zip(names, whole, strict=True) if there)
    left = tuple(name for name, there in zip(names, whole, strict=True) if not there)
    return Course(compared, left, log_sd, cv, trend(times, log_sd) if len(kept) > 1 else None, beta)
