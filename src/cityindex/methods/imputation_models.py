"""Gaps filled from other columns of the same table: nearest neighbours, and regressions in turn (scikit-learn)."""

from __future__ import annotations

import warnings
from typing import Literal

import numpy as np

from cityindex.errors import DomainError, nearest
from cityindex.methods._arrays import FloatArray, extremes, mean, significant
from cityindex.methods._scales import deviation

__all__ = ["fill_from_neighbours", "fill_iteratively"]


def fill_from_neighbours(
    x: FloatArray, *, neighbours: int = 5, weights: Literal["uniform", "distance"] = "uniform"
) -> FloatArray:
    """A missing cell becomes the mean of that column among the rows that are nearest in the others.

    Distances are Euclidean over the columns that both rows have, scaled up for those they have not; columns are
    standardised first (population deviation), so that their units do not matter.

    Parameters
    ----------
    x
        Shape (n, k), in any units.
    neighbours
        How many rows the mean is of: the nearest among those that have the column.
    weights
        ``uniform``, or ``distance``: by 1 / distance.

    Returns
    -------
    A new array of the shape of `x`. A row that shares no column with any other stays missing.

    Raises
    ------
    DomainError
        Fewer than two columns; a column without a number, or fewer rows with it than neighbours.

    References
    ----------
    Troyanskaya, O. et al. (2001). Missing value estimation methods for DNA microarrays. Bioinformatics 17(6).
    https://doi.org/10.1093/bioinformatics/17.6.520

    Notes
    -----
    Peers: scikit-criteria passes the matrix to scikit-learn as it stands, so that the column with the largest unit
    chooses the neighbours; here columns are standardised.

    Examples
    --------
    >>> x = np.array([[1.0, 10.0], [2.0, 20.0], [9.0, 90.0], [2.1, np.nan]])
    >>> fill_from_neighbours(x, neighbours=1)[3]
    array([ 2.1, 20. ])
    """
    from sklearn.impute import KNNImputer

    _whole("neighbours", neighbours, 1)
    if weights not in ("uniform", "distance"):
        hint = nearest(str(weights), ("uniform", "distance"))
        raise DomainError(f"weights: {weights!r} is neither uniform nor distance.{hint}")
    scaled, centre, spread = _standard(x)
    here = ~np.isnan(x)
    there = here.sum(axis=0)
    few = np.flatnonzero((there < neighbours) & (there < len(x)))
    if len(few):
        found = f"{int(there[few[0]])} rows have a number there: too few for {neighbours} neighbours"
        raise DomainError(found, columns=few)
    counts = here.astype(np.float64)
    near = counts @ (counts.T @ counts) > 0  # cells of a row that shares a column with some row that has theirs
    model = KNNImputer(n_neighbors=neighbours, weights=weights, keep_empty_features=True)
    filled = np.asarray(model.fit_transform(scaled), np.float64) * spread + centre
    return np.where(here, x, np.where(near, filled, np.nan))


def fill_iteratively(x: FloatArray, *, rounds: int = 50, seed: int = 0, within: bool = True) -> FloatArray:
    """Each column with gaps is regressed on the others (Bayesian ridge), in turn, until the fills settle.

    Parameters
    ----------
    x
        Shape (n, k), in any units; columns are standardised first.
    rounds
        How often every column may be taken.
    seed
        Of the ties in the order of columns; the same seed gives the same fills.
    within
        Fills stay within what the column has: between its lowest and its highest number.

    Returns
    -------
    A new array of the shape of `x`. A row without any number stays missing.

    Raises
    ------
    DomainError
        Columns without a number, fewer than two columns; fills that do not settle in so many rounds.

    References
    ----------
    van Buuren, S. and Groothuis-Oudshoorn, K. (2011). mice: Multivariate imputation by chained equations in R.
    Journal of Statistical Software 45(3). https://doi.org/10.18637/jss.v045.i03

    Notes
    -----
    Peers: scikit-learn warns where it has not settled and goes on; here that is refused. Single imputation shows no
    uncertainty: let ``robust`` draw the cells, or say in the report how many were filled.

    Examples
    --------
    >>> x = np.column_stack([np.arange(8.0), 2 * np.arange(8.0) + 1])
    >>> x[3, 1] = np.nan
    >>> fill_iteratively(x)[3].round(2)
    array([3., 7.])
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.experimental import enable_iterative_imputer  # noqa: F401  # importing it is what enables it
    from sklearn.impute import IterativeImputer

    _whole("rounds", rounds, 1)
    _whole("seed", seed, 0)
    scaled, centre, spread = _standard(x)
    some = ~np.isnan(x).all(axis=1)
    scaled = scaled[some]
    low, high = (np.nanmin(scaled, axis=0), np.nanmax(scaled, axis=0)) if within else (-np.inf, np.inf)
    flat = low == high  # a constant column: any fill is scaled back to its number
    low, high = np.where(flat, -np.inf, low), np.where(flat, np.inf, high)
    model = IterativeImputer(max_iter=rounds, random_state=seed, min_value=low, max_value=high, tol=1e-4)
    filled = np.full(x.shape, np.nan)
    with warnings.catch_warnings():
        warnings.simplefilter("error", ConvergenceWarning)
        try:
            filled[some] = np.asarray(model.fit_transform(scaled), np.float64) * spread + centre
        except ConvergenceWarning:
            raise DomainError(
                f"the fills do not settle in {rounds} rounds: ask for more, or for fewer columns"
            ) from None
    return np.where(np.isnan(x), filled, x)


def _whole(name: str, value: int, least: int) -> None:
    if not isinstance(value, int | np.integer) or isinstance(value, bool) or value < least:
        raise DomainError(f"{name}: {value!r}; a whole number from {least} on is allowed")


def _standard(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Columns of mean 0 and deviation 1 (a constant one: 0), and what to scale them back by (a constant one: 0)."""
    if x.shape[1] < 2:
        raise DomainError("there are no others to be filled from", columns=range(x.shape[1]))
    low, high = extremes(x)
    centre = np.clip(mean(x), low, high)
    spread = np.where(significant(low) == significant(high), 0.0, deviation(x, centre, 0))
    return (x - centre) / np.where(spread > 0, spread, 1.0), centre, spread
