"""Centred sums over pairs of columns, each pair over the rows where both have a number.

A table without gaps takes one pass of centred cross-products; one with gaps takes masked matrix products: of the
numbers, 0 in the gaps, and of the mask. Where those would lose digits (the rows of a pair lie far from the column's
mean), the pair is summed by itself.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from cityindex.methods._arrays import BoolArray, FloatArray, significant
from cityindex.methods._moments import ROWS, moments

__all__ = ["Pairwise", "pairwise"]

KEPT = 1e-3  # the share of a sum of squares that has to be left once it is centred


class Pairwise(NamedTuple):
    """For each two columns, (k, k): how many rows have both; Σ (a - ā)(b - b̄) and Σ (a - ā)² over those rows.

    ``squares[i, j]`` is that of column i in the rows shared with j; 0 exactly where it is constant there.
    """

    n: FloatArray
    products: FloatArray
    squares: FloatArray


def pairwise(z: FloatArray) -> Pairwise:
    """The centred sums of every two columns of a table, (n, k), ``nan`` missing.

    >>> n, products, squares = pairwise(np.array([[1.0, 4.0], [2.0, np.nan], [6.0, 2.0]]))
    >>> n.tolist(), products.tolist()
    ([[3.0, 2.0], [2.0, 2.0]], [[14.0, -5.0], [-5.0, 2.0]])
    >>> squares.tolist()
    [[14.0, 12.5], [2.0, 2.0]]
    """
    width = z.shape[-1]
    if not z.size:
        return Pairwise(*np.zeros((3, width, width)))
    low, high = z.min(axis=0), z.max(axis=0)
    if np.isnan(low).any():
        return _masked(z)
    n, _, products = moments(z)
    squares = np.diagonal(products).copy()
    squares[significant(low) == significant(high)] = 0.0
    return Pairwise(np.full((width, width), float(n)), products, np.repeat(squares[:, None], width, axis=1))


def _masked(z: FloatArray) -> Pairwise:
    gaps = np.isnan(z)
    count = (~gaps).sum(axis=0)
    centre = np.where(gaps, 0.0, z).sum(axis=0) / np.maximum(count, 1)
    n, products, sums, squares = np.zeros((4, z.shape[1], z.shape[1]))
    for start in range(0, len(z), ROWS):
        part = slice(start, start + ROWS)
        here = (~gaps[part]).astype(np.float64)
        c = np.where(gaps[part], 0.0, z[part] - centre)
        n += here.T @ here
        products += c.T @ c
        sums += c.T @ here
        squares += (c * c).T @ here
    rows = np.maximum(n, 1)
    whole, squares = squares, squares - sums * sums / rows
    found = Pairwise(n, products - sums * sums.T / rows, squares)
    _sum_singly(z, ~gaps, found, squares <= KEPT * whole)
    return found


def _sum_singly(z: FloatArray, here: BoolArray, found: Pairwise, lost: BoolArray) -> None:
    """Sum the pairs that lost digits by themselves, in place."""
    for i, j in np.argwhere(lost | lost.T):
        if i > j:
            continue
        pair = z[here[:, i] & here[:, j]][:, [i, j]]
        if not len(pair):
            continue
        c = pair - pair.mean(axis=0)
        c[:, significant(pair.min(axis=0)) == significant(pair.max(axis=0))] = 0.0
        found.products[i, j] = found.products[j, i] = c[:, 0] @ c[:, 1]
        found.squares[i, j], found.squares[j, i] = c[:, 0] @ c[:, 0], c[:, 1] @ c[:, 1]
