"""Random indices: the mean consistency index of random judgement matrices, by which a consistency ratio divides.

Published tables differ in how many matrices were drawn and how; 0.52 or 0.58 for three children is enough to turn a
ratio of 0.1 into one of 0.11. So a table is named, never assumed, and never carried on beyond its end.
"""

from __future__ import annotations

from dataclasses import dataclass

from cityindex.errors import DomainError, nearest

__all__ = ["RANDOM_INDICES", "RandomIndex", "random_index"]


@dataclass(frozen=True, slots=True)
class RandomIndex:
    """A published table: its values for 3, 4, 5, … children (0 for fewer), and where it stands."""

    values: tuple[float, ...]
    source: str

    @property
    def largest(self) -> int:
        """The largest number of children it is tabled for."""
        return len(self.values) + 2


_DONEGAN_DODD_FROM_12 = (1.4497, 1.4643, 1.4822, 1.4969, 1.5078, 1.5153, 1.5262, 1.5313, 1.5371)

RANDOM_INDICES = {
    "saaty": RandomIndex(
        (0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59),
        "T. L. Saaty (1980), The Analytic Hierarchy Process: 500 matrices up to 11 children, 100 beyond",
    ),
    "saaty_2005": RandomIndex(
        (0.52, 0.89, 1.11, 1.25, 1.35, 1.40, 1.45, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
        "T. L. Saaty (2005), Theory and Applications of the Analytic Network Process, p. 31",
    ),
    "gong_xu": RandomIndex(
        (0.52, 0.89, 1.12, 1.26, 1.36, 1.41, 1.46, 1.49, 1.52, 1.54, 1.56, 1.58, 1.59),
        "龚木森、许树柏 (1986): 1,000 matrices; the table of the Chinese textbooks",
    ),
    "golden_wang": RandomIndex(
        (0.5799, 0.8921, 1.1159, 1.2358, 1.3322, 1.3952, 1.4537, 1.4882, 1.5117, 1.5356, 1.5571, 1.5714, 1.5831),
        "B. L. Golden, Q. Wang (1989), An alternate measure of consistency: 1,000 matrices; the table of pymcdm",
    ),
    "donegan_dodd": RandomIndex(
        (0.4914, 0.8286, 1.0591, 1.1797, 1.2519, 1.3171, 1.3733, 1.4055, 1.4213, *_DONEGAN_DODD_FROM_12),
        "H. A. Donegan, F. J. Dodd (1991), Mathematical and Computer Modelling 15(10), 135–137, "
        "doi:10.1016/0895-7177(91)90098-R; the table of AHPy",
    ),
    "alonso_lamata": RandomIndex(
        (0.5245, 0.8815, 1.1086, 1.2479, 1.3417, 1.4056, 1.4499, 1.4854, 1.5141, 1.5365, 1.5551, 1.5713, 1.5838),
        "J. A. Alonso, M. T. Lamata (2006), International Journal of Uncertainty, Fuzziness and Knowledge-Based "
        "Systems 14(4), 445–459, doi:10.1142/S0218488506004114: 100,000 matrices",
    ),
}


def random_index(children: int, table: str, missing: int = 0) -> float:
    """The random index for so many children, of which `missing` pairs were not compared.

    With judgements missing it is lower, near enough by 1 − 2m / ((n − 1)(n − 2)) times the table's value, and 0 where
    no judgement can contradict another.

    Source of that estimate: K. C. Ágoston, L. Csató (2022), Inconsistency thresholds for incomplete pairwise comparison
    matrices, *Omega* 108, 102576, doi:10.1016/j.omega.2021.102576.

    Raises
    ------
    DomainError
        More children than the table has.

    Examples
    --------
    >>> random_index(4, "saaty"), random_index(4, "saaty", missing=3)
    (0.9, 0.0)
    """
    if table not in RANDOM_INDICES:
        raise ValueError(f"unknown table {table!r}.{nearest(table, RANDOM_INDICES)}")
    if children < 3:
        return 0.0
    found = RANDOM_INDICES[table]
    if children > found.largest:
        larger = [f"{name!r} to {known.largest}" for name, known in RANDOM_INDICES.items() if known.largest >= children]
        raise DomainError(
            f"random_index: the table {table!r} ends at {found.largest} children, and there are {children}; "
            + (f"use {', '.join(larger)}" if larger else "no table goes so far: put the children into groups")
        )
    return found.values[children - 3] * (1 - 2 * missing / ((children - 1) * (children - 2)))
