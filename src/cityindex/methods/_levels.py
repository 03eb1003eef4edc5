"""A score that is linear in weights, level by level: groups whose weights lie in regions, over columns.

What a leaf weighs in the whole is the product of the weights on its way. In these products, every level is linear: a
child's product lies between its limits times the product of its parent. So the least difference of two units is found
from the leaves up, each group for itself, and the whole tree is one system of linear rows, however many levels vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.methods._share_regions import Fixed, Mean, Polytope, Shares, WeightRegion

__all__ = ["Level", "System"]


@dataclass(frozen=True, eq=False)
class Level:
    """One group: where its weights lie, and its children: columns (by position), or levels; and its own name."""

    region: WeightRegion
    children: tuple[int | Level, ...]
    name: str = ""

    @cached_property
    def columns(self) -> tuple[int, ...]:
        """The columns under it."""
        return tuple(c for child in self.children for c in ([child] if isinstance(child, int) else child.columns))

    @cached_property
    def flat(self) -> bool:
        """Whether its children are all the columns, in their order."""
        return self.children == tuple(range(len(self.children)))

    @cached_property
    def _beside(self) -> slice | None:
        """Its children, where all of them are columns that stand side by side."""
        first = self.columns[0]
        beside = slice(first, first + len(self.children))
        return beside if self.children == tuple(range(beside.start, beside.stop)) else None

    @cached_property
    def costly(self) -> bool:
        """Whether a least sum needs linear programs."""
        return self.region.costly or any(isinstance(child, Level) and child.costly for child in self.children)

    def least(self, c: FloatArray) -> FloatArray:
        """The least Σ (product of weights) · c of each row, (q, p) → (q,)."""
        return self.region.least(self._below(c))

    def bracket(self, c: FloatArray) -> tuple[FloatArray, FloatArray]:
        """A proved lower bound of it, and what some weights give, (q,) each: mostly without sorting."""
        if self._beside is not None:
            low = high = c[:, self._beside]
        else:
            ends = [(c[:, child],) * 2 if isinstance(child, int) else child.bracket(c) for child in self.children]
            low, high = (np.column_stack([end[side] for end in ends]) for side in (0, 1))
        if low is high:
            return self.region.bracket(low)
        return self.region.bracket(low)[0], self.region.bracket(high)[1]

    def screen(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Middles (n,) and widths (n, m): x_i − x_j gives at least middle_i − middle_j − Σ |width_i − width_j|.

        In every group, what a child differs from the mean by can cost half the room of its weight.
        """
        middles, widths = [], []
        for place, child in enumerate(self.children):
            if isinstance(child, int):
                middles.append(x[:, child])
                continue
            middle, width = child.screen(x)
            middles.append(middle)
            widths.append(self.region.high[place] * width)
        own, low, high = np.column_stack(middles), self.region.low, self.region.high
        centre = (low + high) / 2
        mean = own @ (centre / centre.sum()) if self.region.adds else np.zeros(len(x))
        own = own - mean[:, None]
        room = high > low
        widths.append(own[:, room] * ((high - low) / 2)[room])
        return mean + own @ centre, np.concatenate(widths, axis=1)

    def attain(self, c: FloatArray) -> FloatArray:
        """The products of weights that attain it, (q, p)."""
        own = self.region.attain(self._below(c))
        found = np.zeros(c.shape)
        for place, child in enumerate(self.children):
            if isinstance(child, int):
                found[:, child] = own[:, place]
            else:
                found += own[:, place : place + 1] * child.attain(c)
        return found

    def _below(self, c: FloatArray) -> FloatArray:
        if self._beside is not None:
            return c[:, self._beside]
        return np.column_stack([c[:, child] if isinstance(child, int) else child.least(c) for child in self.children])

    def limits(self) -> tuple[FloatArray, FloatArray]:
        """The least and the largest product of each column, in the order of `columns`; the rest is between them."""
        lows, highs = [], []
        for low, high, child in zip(self.region.low, self.region.high, self.children, strict=True):
            if isinstance(child, int):
                lows.append([low])
                highs.append([high])
            else:
                a, b = child.limits()
                lows.append(list(np.minimum(a * low, a * high)))
                highs.append(list(np.maximum(b * low, b * high)))
        return np.concatenate(lows), np.concatenate(highs)

    def box(self) -> tuple[FloatArray, FloatArray]:
        """The same by the position of the columns."""
        low, high = self.limits()
        order = np.argsort(self.columns)
        return low[order], high[order]

    def products(self, weights: dict[str, FloatArray]) -> FloatArray:
        """The product of weights of every column, (p,), for the weights of each group by its name."""
        found = np.zeros(max(self.columns) + 1)
        self._multiply(found, weights, 1.0)
        return found

    def _multiply(self, found: FloatArray, weights: dict[str, FloatArray], factor: float) -> None:
        for child, own in zip(self.children, weights[self.name], strict=True):
            if isinstance(child, int):
                found[child] = own * factor
            else:
                child._multiply(found, weights, own * factor)

    def weights(self, products: FloatArray) -> dict[str, FloatArray]:
        """The weights of each group that give these products; where a group's product is 0, some of its region."""
        found: dict[str, FloatArray] = {}
        self._divide(products, 1.0, found)
        return found

    def _divide(self, products: FloatArray, mass: float, found: dict[str, FloatArray]) -> None:
        k = len(self.children)
        if isinstance(self.region, Fixed):
            own = self.region.weights
        else:
            masses = np.array([products[c] if isinstance(c, int) else c._sum(products) for c in self.children])
            size = masses.sum() if self.region.adds else mass
            own = masses / size if size > 1e-12 else self.region.attain(np.zeros((1, k)))[0]
        if mass > 1e-12 or self.name not in found:
            found[self.name] = own
        for child, weight in zip(self.children, own, strict=True):
            if isinstance(child, Level):
                child._divide(products, mass * float(weight), found)

    @cached_property
    def mass(self) -> dict[int, float]:
        """The product of a group as a sum over columns: column → its factor."""
        below = [{child: 1.0} if isinstance(child, int) else child.mass for child in self.children]
        if self.region.adds:
            return {column: factor for own in below for column, factor in own.items()}
        place = int(np.abs(self.region.low).argmax())  # fixed, or it would not stand below weights that vary
        weight = float(self.region.low[place])
        return {column: factor / weight for column, factor in below[place].items()} if weight else {}

    def _sum(self, products: FloatArray) -> float:
        return float(sum(factor * products[column] for column, factor in self.mass.items()))

    def system(self) -> System:
        """All that is said of the products, as linear rows."""
        return _Rows(len(self.columns)).build(self)


@dataclass(frozen=True, eq=False)
class System:
    """Rows over unknowns, the first p of which are the products of the columns; equations, and lowest and highest."""

    g: FloatArray
    h: FloatArray
    equal: FloatArray
    right: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def width(self) -> int:
        return len(self.low)

    def wide(self, c: FloatArray, more: int = 0) -> FloatArray:
        """Rows over the columns as rows over all unknowns, and some more."""
        return np.concatenate([c, np.zeros((len(c), self.width + more - c.shape[1]))], axis=1)

    def constraints(self, more: int = 0) -> list[Any]:
        """Its rows for `scipy.optimize.milp`, with some more unknowns behind."""
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_array

        wide = [csr_array(np.concatenate([m, np.zeros((len(m), more))], axis=1)) for m in (self.g, self.equal)]
        found = [LinearConstraint(wide[0], -np.inf, self.h)] if len(self.h) else []
        return [*found, LinearConstraint(wide[1], self.right, self.right)] if len(self.right) else found


Row = tuple[dict[int, float], float]


class _Rows:
    """Collects the rows of a tree of levels."""

    def __init__(self, columns: int) -> None:
        self.low, self.high = [-np.inf] * columns, [np.inf] * columns
        self.rows: list[Row] = []
        self.equations: list[Row] = []

    def build(self, level: Level) -> System:
        self._visit(level, None)
        g, h = self._matrix(self.rows)
        equal, right = self._matrix(self.equations)
        return System(g, h, equal, right, np.array(self.low), np.array(self.high))

    def _matrix(self, rows: list[Row]) -> tuple[FloatArray, FloatArray]:
        found = np.zeros((len(rows), len(self.low)))
        for place, (entries, _) in enumerate(rows):
            for column, value in entries.items():
                found[place, column] += value
        return found, np.array([end for _, end in rows])

    def _unknown(self) -> int:
        self.low.append(0.0)
        self.high.append(np.inf)
        return len(self.low) - 1

    def _visit(self, level: Level, mass: int | None) -> None:
        region = level.region
        own = [child if isinstance(child, int) else self._unknown() for child in level.children]
        low, high, scale = region.low, region.high, mass
        if isinstance(region, Mean):
            low, high, scale = region.lowest, region.highest, self._unknown()
        for column, least, most in zip(own, low.tolist(), high.tolist(), strict=True):
            self._between(column, least, most, scale)
        if isinstance(region, Mean | Shares | Polytope):
            self._times(self.equations, dict.fromkeys(own, 1.0), 1.0, mass)
        if isinstance(region, Polytope):
            for row, end in zip(region.g.tolist(), region.h.tolist(), strict=True):
                self._times(self.rows, dict(zip(own, row, strict=True)), end, mass)
        for child, column in zip(level.children, own, strict=True):
            if isinstance(child, Level):
                self._visit(child, column)

    def _times(self, rows: list[Row], entries: dict[int, float], end: float, mass: int | None) -> None:
        """A row whose end is a multiple of the parent's product (None: it is 1)."""
        rows.append((entries, end) if mass is None else (entries | {mass: -end}, 0.0))

    def _between(self, column: int, least: float, most: float, scale: int | None) -> None:
        if scale is None:
            self.low[column], self.high[column] = least, most
        elif least == most:
            self.equations.append(({column: 1.0, scale: -most}, 0.0))
        else:
            self.low[column] = 0.0 if least >= 0 else -np.inf
            self.rows += [({column: 1.0, scale: -most}, 0.0), ({column: -1.0, scale: least}, 0.0)]
