"""Splits the change of a score between two runs over the paths to the leaves, so that the parts add up to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from cityindex.engine.change_group import DUST, Scene, Side, lines_of
from cityindex.engine.decompose import Path
from cityindex.methods._arrays import FloatArray

__all__ = ["split_change"]


def split_change(before: Scene, after: Scene) -> dict[Path, FloatArray]:
    """Path → points of the change of `shown` from one run to the other, the same units in both.

    A group that both have, with the same children and weights, hands on what the changes of its children changed:
    weight times change under an arithmetic mean, the logarithmic mean under a geometric one, and so on. So what did
    not change has no part. Any other group hands on the difference of the contributions that its children have in
    either, split into what the child's weight did and what the child did. What another aggregate, a group's own steps
    or what they have learned change stays with the group's own path.
    """
    walk = _Walk((before, after))
    with np.errstate(all="ignore"):
        ends = (before.shown, after.shown)
        walk.descend((before.root, after.root), (), np.ones(len(ends[0])), np.zeros(len(ends[0])), ends)
    rest = after.shown - before.shown - np.sum(list(walk.parts.values()), axis=0)
    largest = np.argmax([np.abs(values) for values in walk.parts.values()], axis=0)
    for place, values in enumerate(walk.parts.values()):  # the last digits
        values += np.where(largest == place, rest, 0.0)
    return walk.parts


@dataclass(slots=True)
class _Walk:
    scenes: tuple[Scene, Scene]
    parts: dict[Path, FloatArray] = field(default_factory=dict)

    def descend(
        self,
        names: tuple[str | None, str | None],
        path: Path,
        a: FloatArray,
        b: FloatArray,
        ends: tuple[FloatArray, FloatArray],
    ) -> None:
        """Give out a · change + b · mean of a node's values over its leaves.

        `names`: what the node is called on either side (None: it is not there, and its value is 0).
        """
        groups = [name is not None and name in scene.groups for name, scene in zip(names, self.scenes, strict=True)]
        both = names[0] is not None and names[1] is not None
        if both and groups[0] != groups[1]:  # computed on one side, given on the other
            nothing = np.zeros(len(ends[0]))
            self.descend((names[0], None), path, a, b, (ends[0], nothing))
            self.descend((None, names[1]), path, a, b, (nothing, ends[1]))
            return
        total = a * (ends[1] - ends[0]) + b * (ends[0] + ends[1]) / 2
        if not any(groups):
            self._give(path, total)
            return
        sides = [
            Side.of(scene, name, value) if name is not None else None
            for scene, name, value in zip(self.scenes, names, ends, strict=True)
        ]
        rest, size = total, np.abs(total)
        for child, line in lines_of(sides, ends).items():
            own_a, own_b = a * line.a + b * (line.factors[1] - line.factors[0]) / 4, a * line.b + b * line.level
            part = own_a * (line.x[1] - line.x[0]) + own_b * (line.x[0] + line.x[1]) / 2
            rest, size = rest - part, np.maximum(size, np.abs(part))
            called = tuple(child if side is not None and child in side.place else None for side in sides)
            self.descend((called[0], called[1]), (*path, child), own_a, own_b, line.x)
        self._give(path, np.where(np.abs(rest) > DUST * size, rest, 0.0), quiet=True)

    def _give(self, path: Path, points: FloatArray, *, quiet: bool = False) -> None:
        points = np.where(np.isfinite(points), points, 0.0)
        if not quiet or points.any():
            self.parts[path] = self.parts[path] + points if path in self.parts else points
