"""Judgements of nine children: one matrix, a hundred experts, ten thousand draws; beside pymcdm and plain numpy.

    python benchmarks/judgements.py

Times are process CPU milliseconds, the best of several runs; trust the ratios, not the milliseconds.
"""

from __future__ import annotations

import os

for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(name, "1")

import time
import warnings

import numpy as np

from cityindex.methods._power import principal
from cityindex.methods.ahp import analyse_judgements
from cityindex.methods.consensus import consensus
from cityindex.methods.judgement_draws import judgement_draws

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from pymcdm.weights.subjective import AHP

CHILDREN, EXPERTS, DRAWS, RUNS = 9, 100, 10_000, 7
SCALE = np.array([1 / v for v in range(9, 1, -1)] + [float(v) for v in range(1, 10)])


def matrices(count):
    """Nearly consistent judgements on Saaty's scale."""
    rng = np.random.default_rng(1)
    weights = rng.dirichlet(np.full(CHILDREN, 4.0), count)
    ratios = weights[:, :, None] / weights[:, None, :] * np.exp(rng.normal(0, 0.2, (count, CHILDREN, CHILDREN)))
    nearest = SCALE[np.abs(np.log(ratios)[..., None] - np.log(SCALE)).argmin(axis=-1)]
    upper = np.triu(nearest, 1)
    return upper + np.divide(1, upper, out=np.zeros_like(upper), where=upper > 0).swapaxes(1, 2) + np.eye(CHILDREN)


def best(work):
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times) * 1000


def eig(stack):
    """Weights by numpy alone."""
    values, vectors = np.linalg.eig(stack)
    found = np.abs(np.take_along_axis(vectors, values.real.argmax(axis=-1)[:, None, None], axis=-1)[..., 0].real)
    return found / found.sum(axis=-1, keepdims=True)


def pymcdm(stack):
    for matrix in stack:
        method = AHP(matrix=matrix)
        method(), method.get_cr()


def main():
    stack = matrices(EXPERTS)
    many = np.concatenate([stack] * (DRAWS // EXPERTS))
    rows = [matrix.tolist() for matrix in stack]
    experts = {f"expert {at}": row for at, row in enumerate(rows)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        work = {
            "1 matrix: analyse_judgements (weights, ratio, worst judgement)": lambda: analyse_judgements(rows[0]),
            "1 matrix: pymcdm (weights, ratio)": lambda: pymcdm(stack[:1]),
            "1 matrix: numpy eig (weights)": lambda: eig(stack[:1]),
            f"{EXPERTS} experts: analyse_judgements (group, and all that of each)": lambda: analyse_judgements(
                experts=experts
            ),
            f"{EXPERTS} experts: consensus": lambda: consensus(experts),
            f"{EXPERTS} experts: pymcdm (each alone)": lambda: pymcdm(stack),
            f"{EXPERTS} experts: numpy eig": lambda: eig(stack),
            f"{EXPERTS} experts: power iteration": lambda: principal(stack),
            f"{DRAWS} draws: judgement_draws": lambda: judgement_draws(rows[0], draws=DRAWS),
            f"{DRAWS} draws: numpy eig alone": lambda: eig(many),
        }
        print("| what | CPU ms |\n|---|---:|")
        for what, run in work.items():
            print(f"| {what} | {best(run):.3g} |")


if __name__ == "__main__":
    main()
