"""How far the shares of a column's sum are from even: 1 - entropy, in pieces that stay in cache."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._moments import levelled
from cityindex.methods._spread import INFINITE, constant, ends, refuse, refuse_alone, refuse_columns
from cityindex.methods._summary import Summary

__all__ = ["divergence", "unevenness"]

PIECE = 1 << 15  # numbers handled at once: they stay in cache
NEAR = 1e-3  # below it the sums cancel, and the divergence is taken from each number's distance to the mean
TINY = float(np.finfo(np.float64).tiny)
NEGATIVE = "shares of a sum need numbers from 0 on: scale: minmax or a shift moves the column there"


def divergence(x: FloatArray | Summary) -> FloatArray:
    """1 + Σ p ln p / ln n of the shares p of each column's sum, (…, n, k) → (…, k), with 0 ln 0 = 0.

    ``nan`` is ignored, n is the count of what is present. No share is ever made: Σ p ln p = Σ x ln x / Σ x - ln Σ x.
    Refused: numbers below 0, a column of zeros, fewer than two numbers.

    >>> divergence(np.array([[1.0, 1.0], [1.0, 0.0]])).round(12)
    array([0., 1.])
    """
    if isinstance(x, Summary):
        return _of_summary(x)
    with np.errstate(over="ignore", invalid="ignore"):
        counts, total, product = _sums(x)
    refuse_alone(counts)
    if not np.isfinite(product).all():
        refuse(np.isinf(x), INFINITE)
        return divergence(levelled(x, *ends(x))[0])
    refuse_columns(total == 0, "every number is 0: there are no shares of a sum")
    uneven = product / total - np.log(total / counts)
    near = np.flatnonzero((uneven < NEAR).reshape(-1, x.shape[-1]).any(axis=0))
    if len(near):
        uneven[..., near] = _from_mean(x[..., near], (total / counts)[..., near], counts[..., near])
    return np.asarray(uneven / np.log(counts), np.float64)


def _of_summary(x: Summary) -> FloatArray:
    refuse_alone(x.counts)
    refuse_columns(x.low < 0, NEGATIVE)
    refuse_columns(x.high == 0, "every number is 0: there are no shares of a sum")
    uneven = np.where(constant(x.low, x.high), 0.0, x.totals["unevenness"] / x.counts)
    return np.asarray(uneven / np.log(x.counts), np.float64)


def _sums(x: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Over the units: how many numbers, Σ x and Σ x ln x, (…, k) each."""
    shape = (*x.shape[:-2], x.shape[-1])
    counts, total, product = np.full(shape, float(x.shape[-2])), np.zeros(shape), np.zeros(shape)
    for rows, columns in _pieces(x):
        piece = x[..., rows, columns]
        ones = np.ones(piece.shape[-2])
        if piece.min() >= TINY:
            logs = np.log(piece)
        else:
            refuse(x < 0, NEGATIVE)
            counts[..., columns] -= np.isnan(piece).sum(axis=-2)
            piece = np.where(piece >= TINY, piece, 0.0)
            logs = np.log(np.maximum(piece, TINY))
        logs *= piece
        product[..., columns] += ones @ logs
        total[..., columns] += ones @ piece
    return counts, total, product


def _pieces(x: FloatArray) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of pieces that lie together in memory."""
    units, children = x.shape[-2:]
    if x.strides[-2] == x.itemsize:  # units side by side: whole columns, or long pieces of one
        height, width = PIECE, max(PIECE // max(units, 1), 1)
    else:
        height, width = max(PIECE * units // max(x.size, 1), 64), children
    for column in range(0, children, width):
        for row in range(0, units, height):
            yield slice(row, row + height), slice(column, column + width)


def _from_mean(x: FloatArray, mean: FloatArray, counts: FloatArray) -> FloatArray:
    """Σ ((1 + v) ln (1 + v) - v) / n with v = x / mean - 1: the same number, without cancelling next to 0."""
    return np.where(constant(*ends(x)), 0.0, unevenness(x, mean) / counts)


def unevenness(x: FloatArray, mean: FloatArray) -> FloatArray:
    """Σ ((1 + v) ln (1 + v) - v) with v = x / mean - 1, (…, n, k) → (…, k), ``nan`` ignored.

    >>> unevenness(np.array([[1.0], [3.0]]), np.array([2.0])).round(4)
    array([0.2616])
    """
    v = (x - mean[..., None, :]) / mean[..., None, :]
    v[np.isnan(v)] = 0.0
    series = v * v * (1 / 2 - v * (1 / 6 - v * (1 / 12 - v / 20)))
    u = np.maximum(1 + v, TINY)
    terms = np.where(np.abs(v) < NEAR, series, u * np.log(u) - v)
    return np.asarray(terms.sum(axis=-2), np.float64)
