"""The weights that judgements would give had they been made a little differently: draws for a robustness check.

Source of perturbing judgements: T. L. Saaty, L. G. Vargas (1987), Uncertainty and rank order in the analytic hierarchy
process, *European Journal of Operational Research* 32(1), 107–117, doi:10.1016/0377-2217(87)90275-X.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, get_args

import numpy as np

from cityindex.errors import DomainError
from cityindex.methods._arrays import FloatArray
from cityindex.methods._consistency import WEIGHTS, Ahp
from cityindex.methods._judgements import Judgements, said_by, unconnected, unknown_words
from cityindex.methods._ladder import TOP, at_place, place_of
from cityindex.methods._power import principal
from cityindex.methods.ahp import combined, expert_votes, names_said, read_experts

__all__ = ["judgement_draws"]

Law = Literal["steps", "lognormal"]


def judgement_draws(
    judgements: Judgements | None = None,
    *,
    experts: Mapping[str, Judgements] | None = None,
    expert_weights: Mapping[str, float] | None = None,
    children: Sequence[str] = (),
    draws: int = 1000,
    seed: int = 0,
    law: Law = "steps",
    spread: float = 1.0,
    method: Ahp = "eigenvector",
) -> FloatArray:
    """Weights of judgements that are each moved at random, independently; consistency is not asked for.

    Parameters
    ----------
    judgements, experts, expert_weights, method
        As for `ahp`; every expert's judgements are moved, and their geometric mean taken.
    children
        Their names; if not given, those in the pairs, or numbers from 1 on.
    draws
        How many.
    seed
        Of numpy's generator: the same seed gives the same draws.
    law
        ``steps``: each judgement moves by a whole number of steps of the scale 1/9, 1/8, …, 1/2, 1, 2, …, 9, from
        −`spread` to `spread`, all alike; those that would leave the scale are not drawn. ``lognormal``: it is
        multiplied by exp(z), z normal with mean 0 and standard deviation `spread`.
    spread
        Steps (a whole number), or a standard deviation; 0: nothing moves.

    Returns
    -------
    Shape (draws, k), each adding up to 1.

    Raises
    ------
    DomainError
        As `ahp`, but for consistency. No draws; a spread that is negative or, for steps, not whole.

    Notes
    -----
    Peers: pysensmcda perturbs weights; no package of the field moves the judgements, which is what experts are unsure
    of and what bounds how far the weights can go.

    Examples
    --------
    >>> said = [[1, 2, 6], [1 / 2, 1, 3], [1 / 6, 1 / 3, 1]]
    >>> drawn = judgement_draws(said, draws=2000, seed=1)
    >>> drawn.shape, bool(np.abs(drawn.mean(axis=0) - [0.6, 0.3, 0.1]).max() < 0.02)
    ((2000, 3), True)
    """
    problems = unknown_words(law=(law, get_args(Law)), method=(method, get_args(Ahp)))
    if problems:
        raise DomainError("; ".join(problems))
    if draws < 1:
        raise DomainError(f"draws: {draws}; one at least is needed")
    if not (0 <= spread < np.inf) or (law == "steps" and spread != int(spread)):
        raise DomainError(
            f"spread: {spread:g}; {'a whole number of steps' if law == 'steps' else 'a number'} from 0 on"
        )
    said, both = said_by(judgements, experts)
    names = children or names_said(judgements, experts)
    matrices, problems = read_experts(said, names)
    votes, found = expert_votes(list(said), expert_weights)
    problems += both or found or ([] if said else ["there are no judgements"])
    problems = problems or unconnected(combined(matrices, votes), names)
    if problems:
        raise DomainError("; ".join(problems))
    logs = _mean_of_moved(list(matrices.values()), votes, draws, np.random.default_rng(seed), law, spread)
    n = len(names)
    moved = np.ones((draws, n, n))
    rows, columns = np.triu_indices(n, 1)
    moved[:, rows, columns], moved[:, columns, rows] = np.exp(logs), np.exp(-logs)
    return principal(moved) if method == "eigenvector" else WEIGHTS[method](moved)


def _mean_of_moved(
    matrices: Sequence[FloatArray],
    votes: FloatArray,
    draws: int,
    generator: np.random.Generator,
    law: Law,
    spread: float,
) -> FloatArray:
    """The logarithms of the group's judgements above the diagonal, (draws, pairs); ``nan`` where nobody made one."""
    upper = np.triu_indices(len(matrices[0]), 1)
    total, count = np.zeros((draws, len(upper[0]))), np.zeros(len(upper[0]))
    for matrix, vote in zip(matrices, votes, strict=True):
        judged = matrix[upper]
        made = ~np.isnan(judged)
        total[:, made] += vote * _moved(judged[made], draws, generator, law, spread)
        count[made] += vote
    return np.where(count > 0, total / np.where(count > 0, count, 1.0), np.nan)


def _moved(judged: FloatArray, draws: int, generator: np.random.Generator, law: Law, spread: float) -> FloatArray:
    """The logarithms of judgements, each moved independently, (draws, pairs)."""
    if law == "lognormal":
        return np.log(judged) + generator.normal(0.0, spread, (draws, len(judged)))
    places = place_of(judged)
    end = np.maximum(TOP, np.abs(places))  # who judged beyond the scale may stay there
    down = np.minimum(spread, np.floor(places + end + 1e-9))
    up = np.minimum(spread, np.floor(end - places + 1e-9))
    steps = generator.integers(-down.astype(np.int64), up.astype(np.int64) + 1, (draws, len(judged)))
    return np.log(at_place(places + steps))
