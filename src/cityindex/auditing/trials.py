"""Changed specs, scored and compared: one combination of changes after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from cityindex.auditing.comparing import Misses, Target
from cityindex.auditing.spelt import spelt_out
from cityindex.auditing.variants import Variant
from cityindex.errors import CityIndexError, ScoreError, UnpublishedError
from cityindex.pipeline import score
from cityindex.spec import fingerprint, load_spec
from cityindex.spec.model import Spec
from cityindex.table import Table

__all__ = ["Search", "Trial"]


@dataclass(frozen=True, slots=True)
class Trial:
    """One combination of changes, and what it leaves.

    Attributes
    ----------
    changes
        In words; none: the spec as it is written.
    misses
        How many rows differ, and by how much; None where such an index cannot be scored.
    refused
        Why it cannot.
    """

    changes: tuple[str, ...]
    misses: Misses | None = None
    refused: str = ""

    @property
    def closes(self) -> bool:
        """Whether every row is as it was published."""
        return self.misses is not None and self.misses.rows == 0

    @property
    def order(self) -> tuple[float, float, float]:
        """The fewer rows differ the better, then the less scores do."""
        if self.misses is None:
            return np.inf, np.inf, np.inf
        scores = [self.misses.typical, self.misses.largest]
        typical, largest = (0.0 if np.isnan(value) else float(f"{value:.4g}") for value in scores)
        return float(self.misses.rows), typical, largest

    def __str__(self) -> str:
        said = " and ".join(self.changes) or "as written"
        if self.misses is None:
            return f"{said}: cannot be scored"
        cells = ", ".join(f"{count} {what}" for what, count in self.misses.cells.items() if count)
        by = f", by {self.misses.largest:.3g} at most" if "scores" in cells else ""
        return f"{said}: {f'{self.misses.rows} rows differ ({cells}{by})' if cells else 'every row is as published'}"


@dataclass(slots=True)
class Search:
    """The spec, the data and what was published; `gaps`: whether some node has no value for some unit."""

    spec: Spec
    table: Table
    target: Target
    gaps: bool = True
    seen: set[str] = field(default_factory=set)

    def run(self, variants: list[Variant], most: int, trials: int) -> tuple[list[Trial], bool]:
        """Every change alone, then together, the most promising first, until a size has one that closes the gap."""
        found: list[Trial] = []
        order = list(range(len(variants)))
        for size in range(1, most + 1):
            told: dict[tuple[int, ...], Trial] = {}
            for chosen in _sets(order, size):
                if len(found) >= trials:
                    return found, False
                trial = self.trial(tuple(variants[at] for at in chosen))
                if trial is not None:
                    told[chosen] = trial
                    found.append(trial)
            if any(trial.closes for trial in told.values()):
                break
            if size == 1:
                order = [chosen[0] for chosen, _ in sorted(told.items(), key=lambda item: item[1].order)]
        return found, True

    def written(self) -> Trial:
        """The spec as it is."""
        self.seen.add(fingerprint(self.spec))
        try:
            result = score(self.spec, self.table)
            self.gaps = any(bool(np.isnan(result.column(name, of="carried")).any()) for name in result.nodes)
            return Trial((), self.target.compare(result))
        except UnpublishedError:
            raise
        except ScoreError as error:
            return Trial((), refused=str(error))

    def trial(self, chosen: tuple[Variant, ...]) -> Trial | None:
        """The spec with these changes, scored; None where they do nothing, or what others did."""
        said = tuple(variant.said for variant in chosen)
        data = spelt_out(self.spec)
        changed = [variant.change(data) for variant in chosen]
        if not all(changed) or len({variant.slot for variant in chosen}) < len(chosen):
            return None
        try:
            spec = load_spec(data)
            if (known := fingerprint(spec)) in self.seen:
                return None
            self.seen.add(known)
            return Trial(said, self.target.compare(score(spec, self.table)))
        except CityIndexError as error:
            return Trial(said, refused=str(error))


def _sets(order: list[int], size: int) -> Iterator[tuple[int, ...]]:
    """Sets of changes, those first whose members came nearest alone."""
    places = sorted(combinations(range(len(order)), size), key=sum)
    return (tuple(order[place] for place in chosen) for chosen in places)
