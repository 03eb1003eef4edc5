"""Make the synthetic table of the AHP example: six dimensions of the hundred industrial counties of 2023.

The report prints the names and ranks of the counties and no number of theirs. Here each gets scores out of a random
generator with a fixed seed, which knows nothing of the county: neither its printed rank nor anything else about it.

Run: python tools/make_industrial_county_dimensions.py
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
COUNTIES = ROOT / "specs" / "industrial-county-2023" / "published" / "counties.csv"
TARGET = ROOT / "examples" / "data" / "industrial_county_dimensions.csv"
DIMENSIONS = ("quality", "innovation", "coordination", "green", "openness", "sharing")
SEED = 2023
REMARK = f"# SYNTHETIC: random numbers of seed {SEED} by tools/{Path(__file__).name}. Only the names are real."


def scores(count: int) -> np.ndarray:
    """Shape (count, 6), on 0 to 100: a common part with a long upper tail, and a part of each dimension's own."""
    generator = np.random.default_rng(SEED)
    common = generator.gamma(2.5, 6.0, size=(count, 1))
    own = generator.normal(0.0, 6.0, size=(count, len(DIMENSIONS)))
    return np.clip(38.0 + common + own, 0.0, 100.0).round(1)


def main() -> None:
    with COUNTIES.open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        file.write(REMARK + "\n")
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", *DIMENSIONS])
        writer.writerows([name, *row] for name, row in zip(names, scores(len(names)).tolist(), strict=True))
    print(f"wrote {TARGET.relative_to(ROOT).as_posix()}: {len(names)} counties")


if __name__ == "__main__":
    main()
