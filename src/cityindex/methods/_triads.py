"""Three judgements at a time: circles of preference, and how far a triad is from agreeing with itself.

A judgement matrix has shape (n, n), is reciprocal, has 1 on the diagonal, and ``nan`` where a judgement was not made.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from cityindex.methods._arrays import BoolArray, FloatArray

__all__ = ["Triads", "triads"]

DUST = 1e-9  # logarithms of judgements up to here are float dust: the two children are alike


@dataclass(frozen=True, slots=True)
class Triads:
    """Every three children whose three judgements were made, t of them.

    Attributes
    ----------
    children
        Shape (t, 3), positions. Round a circle the first goes before the second, the second before the third, and the
        third before the first.
    koczkodaj
        Shape (t,): 1 − min(q, 1 / q), where q is the direct judgement over the one that the other two imply; 0 where
        the three agree, towards 1 the less they do.
    circular
        Shape (t,): each is preferred to the next one round.
    halting
        Shape (t,): a circle in which one or two of the three judgements are 1 (A over B, B over C, yet A and C alike).
    """

    children: npt.NDArray[np.intp]
    koczkodaj: FloatArray
    circular: BoolArray
    halting: BoolArray


def triads(matrix: FloatArray) -> Triads:
    """The triads of a judgement matrix, with Koczkodaj's inconsistency and the circles among them.

    For judgements a of i over j, b of j over k and c of i over k, it is 1 − min(ab / c, c / ab): which share of the
    judgement would have to go. It looks at three judgements alone, so that it says where a contradiction is, which
    the consistency ratio does not.

    Parameters
    ----------
    matrix
        Shape (n, n), above 0; ``nan``: not judged.

    Returns
    -------
    A `Triads`; empty for fewer than three children.

    Source: W. W. Koczkodaj (1993), A new definition of consistency of pairwise comparisons, *Mathematical and Computer
    Modelling* 18(7), 79–84, doi:10.1016/0895-7177(93)90059-8; circles: M. G. Kendall, B. Babington Smith (1940), On the
    method of paired comparisons, *Biometrika* 31(3–4), 324–345, doi:10.1093/biomet/31.3-4.324; with ties: K. Kułakowski
    (2018), Inconsistency in the ordinal pairwise comparisons method with and without ties, *European Journal of
    Operational Research* 270(1), 314–327, doi:10.1016/j.ejor.2018.03.024.

    Examples
    --------
    >>> found = triads(np.array([[1, 2, 1 / 4], [1 / 2, 1, 3], [4, 1 / 3, 1]]))
    >>> found.circular.tolist(), found.koczkodaj.round(4).tolist()
    ([True], [0.9583])
    """
    n = len(matrix)
    places = np.array(list(combinations(range(n), 3)), np.intp).reshape(-1, 3)
    logs = np.log(matrix)
    round_ = np.stack([logs[places[:, step], places[:, (step + 1) % 3]] for step in range(3)], axis=1)
    made = ~np.isnan(round_).any(axis=1)
    places, round_ = places[made], round_[made]
    signs = np.where(np.abs(round_) <= DUST, 0.0, np.sign(round_))
    backward = signs.sum(axis=1) < 0
    places = np.where(backward[:, None], places[:, [0, 2, 1]], places)
    signs = np.where(backward[:, None], -signs, signs)
    one_way = np.asarray((signs >= 0).all(axis=1) & (signs > 0).any(axis=1))
    circular = np.asarray((signs > 0).all(axis=1))
    koczkodaj = -np.expm1(-np.abs(round_.sum(axis=1)))
    return Triads(places, np.where(koczkodaj > DUST, koczkodaj, 0.0), circular, one_way & ~circular)
