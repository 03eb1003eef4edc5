"""Labels that do not lie on each other: around points in two dimensions, along a line in one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cityindex.methods._arrays import FloatArray
from cityindex.views.fonts import families_for

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["label_points", "spread"]

AROUND = ((1, 0), (0, 1), (-1, 0), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1))
FAR = (4.0, 9.0, 16.0)  # points from the mark


def label_points(ax: Axes, x: FloatArray, y: FloatArray, texts: Sequence[str], *, always: bool = False) -> int:
    """Label points, the first ones first, where a label covers neither a point nor another label; how many there are.

    With `always`, a label for which there is no room is put where it covers the least.
    """
    figure = ax.get_figure(root=True)
    assert figure is not None
    figure.draw_without_rendering()  # settles the layout, so that places on the page are known
    points = ax.transData.transform(np.column_stack([x, y]))
    inside = ax.get_window_extent()
    pixel = figure.dpi / 72
    taken = np.column_stack([points - 3 * pixel, points + 3 * pixel])
    families, placed = list(families_for(texts)), 0
    for place, text in enumerate(texts):
        point = points[place]
        note = ax.annotate(
            text,
            (float(x[place]), float(y[place])),
            xytext=(0, 0),
            textcoords="offset points",
            fontsize=8,
            parse_math=False,
        )
        if families:
            note.set_fontfamily(families)
        extent = note.get_window_extent()
        boxes = np.array(list(_candidates(point, (extent.width, extent.height), pixel)))
        cost = _covered(boxes, taken) + 1e6 * _outside(boxes, inside.extents)
        best = int(cost.argmin())
        if cost[best] > 0 and not always:
            note.remove()
            continue
        corner = (boxes[best, :2] - point) / pixel
        note.set_position((float(corner[0]), float(corner[1])))
        taken = np.vstack([taken, boxes[best]])
        placed += 1
    return placed


def _candidates(point: FloatArray, size: tuple[float, float], pixel: float) -> Iterator[FloatArray]:
    """Boxes around a point, the nearest ones first: x0, y0, x1, y1."""
    extent = np.array(size)
    for far in FAR:
        for side in AROUND:
            way = np.array(side, np.float64)
            corner = point + way * far * pixel * (0.75 if all(side) else 1.0) + (way - 1) / 2 * extent
            yield np.concatenate([corner, corner + extent])


def _covered(boxes: FloatArray, taken: FloatArray) -> FloatArray:
    """How much of what is taken each box covers, in square pixels."""
    wide = np.minimum(boxes[:, None, 2], taken[None, :, 2]) - np.maximum(boxes[:, None, 0], taken[None, :, 0])
    tall = np.minimum(boxes[:, None, 3], taken[None, :, 3]) - np.maximum(boxes[:, None, 1], taken[None, :, 1])
    return np.asarray((np.maximum(wide, 0) * np.maximum(tall, 0)).sum(axis=1))


def _outside(boxes: FloatArray, inside: tuple[float, float, float, float]) -> FloatArray:
    x0, y0, x1, y1 = inside
    gone = (boxes[:, 0] < x0) | (boxes[:, 1] < y0) | (boxes[:, 2] > x1) | (boxes[:, 3] > y1)
    return np.asarray(gone, np.float64)


def spread(places: Sequence[float] | FloatArray, gap: float) -> FloatArray:
    """Places along a line moved apart to at least a gap, each as little as can be; their order stays.

    >>> spread([1, 1, 5], 1.0).tolist()
    [0.5, 1.5, 5.0]
    """
    found = np.asarray(places, np.float64)
    order = np.argsort(found, kind="stable")
    blocks: list[list[float]] = []  # sum of (place - offset), count
    for value in found[order] - gap * np.arange(len(found)):
        blocks.append([float(value), 1.0])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [blocks[-1][0] + last[0], blocks[-1][1] + last[1]]
    level = np.concatenate([np.full(int(count), total / count) for total, count in blocks]) if blocks else found
    moved = np.empty(len(found))
    moved[order] = level + gap * np.arange(len(found))
    return moved
