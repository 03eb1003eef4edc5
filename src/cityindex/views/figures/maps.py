"""Scores or tiers on a map that the user brings: GeoJSON, or anything that speaks it (a GeoDataFrame)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from cityindex.errors import NotFoundError, TableError, nearest
from cityindex.methods._arrays import FloatArray
from cityindex.part import IntArray
from cityindex.result import Result
from cityindex.views.figures._canvas import axes, finish, heading, ladder, legend, scale_bar
from cityindex.views.figures._words import Language, Words, clean, expect, one_of, rows_of, unit_names

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["tier_map"]

NOTHING = "#E6E6E6"
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Place:
    """One feature: what it is called, its polygons (each an outer ring and its holes) and its points."""

    properties: Mapping[str, Any]
    polygons: list[list[Ring]]
    points: Ring


def tier_map(
    result: Result,
    geometry: Any,
    *,
    key: str | None = None,
    ax: Axes | None = None,
    node: str | None = None,
    by: str | None = None,
    names: bool = False,
    period: str | None = None,
    language: Language | None = None,
) -> Axes:
    """Units on a map, in the colour of their tier or score. What has no value is grey.

    Parameters
    ----------
    result
        A `Result`.
    geometry
        GeoJSON: a file, its content, or an object with ``__geo_interface__`` (a GeoDataFrame). Polygons and points.
    key
        The property of a feature that holds the unit's key or label; None: the one that matches most units.
    ax
        Where to draw; None: a figure of its own.
    node
        The group whose values are shown; None: the index.
    by
        ``tier`` or ``score``; None: tiers where there are some.
    names
        Whether to write the units' names on the map.
    period
        Which period, where the result has several; None: the last.
    language
        Of titles and words: ``zh`` or ``en``; None: Chinese where the title of the index has it.

    Raises
    ------
    TableError
        What is no GeoJSON, or has no polygons and points.
    NotFoundError
        A property that no feature has; no feature that belongs to a unit.

    Examples
    --------
    >>> import cityindex as ci
    >>> spec = {"cityindex": 1, "id": "two", "index": {"id": "score", "children": ["a"]}}
    >>> square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    >>> here = {"type": "FeatureCollection", "features": [
    ...     {"type": "Feature", "properties": {"name": "x"}, "geometry": square}]}
    >>> ax = ci.plot.tier_map(ci.score(spec, {"city": ["x"], "a": [1.0]}), here, key="name")
    """
    expect(result, Result, "tier_map", "a Result")
    words, node = Words(result.spec, language), result.root if node is None else node
    values, (rows, when) = result.column(node), rows_of(result, period)
    by = by or ("tier" if node in result.tiered else "score")
    one_of(by, "by", ("tier", "score"))
    tiers = result.tiers(node) if by == "tier" else None
    places = _read(geometry)
    key, found = _matched(result, places, key, rows)
    ax = axes(ax, 8.0, 6.5)
    shade, entries = _tier_shades(result, node, tiers) if tiers is not None else _score_shades(ax, values[rows], words)
    for place, row in zip(places, found, strict=True):
        colour = NOTHING if row is None else shade(tiers[row] if tiers is not None else values[row])
        _draw(ax, place, colour)
        if names and row is not None:
            _name(ax, place, unit_names(result, [row])[0])
    _square(ax, places)
    matched = {row for row in found if row is not None}
    left = [name for row, name in zip(rows.tolist(), unit_names(result, rows), strict=True) if row not in matched]
    some = words.voice.bracketed(str(len(left)), words.voice.listed(left, 3))
    heading(ax, words.dated(words.node(node), when), words.told(words["off_map"], some) if left else "")
    legend(ax, [(words[by] if entries else "", entries)])
    return finish(ax)


def _read(geometry: Any) -> list[_Place]:
    """The features of GeoJSON."""
    data = geometry
    if isinstance(data, str) and data.lstrip().startswith("{"):
        data = _parsed(data, "geometry")
    elif isinstance(data, str | Path):
        path = Path(data)
        try:
            data = _parsed(path.read_text(encoding="utf-8-sig"), str(path))
        except OSError as error:
            raise TableError(f"{path}: cannot be read ({error.strerror or error})") from None
        except UnicodeDecodeError:
            raise TableError(f"{path}: is no GeoJSON (not text in UTF-8)") from None
    elif hasattr(data, "__geo_interface__"):
        data = data.__geo_interface__
    features = data.get("features") if isinstance(data, Mapping) else None
    if not isinstance(features, Sequence) or not features:
        raise TableError("geometry: a GeoJSON FeatureCollection with features is wanted (a file, its content, a frame)")
    places = []
    for at, feature in enumerate(features):
        shape = feature.get("geometry") if isinstance(feature, Mapping) else None
        try:
            places.append(_Place(feature.get("properties") or {}, *_shapes(shape)))
        except (TypeError, ValueError, KeyError, IndexError, AttributeError):
            raise TableError(f"geometry: feature {at + 1} has coordinates that cannot be read") from None
    if not any(place.polygons or place.points for place in places):
        raise TableError("geometry: no feature has a polygon or a point")
    return places


def _parsed(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise TableError(f"{where}: is no GeoJSON ({error})") from None


def _shapes(shape: Any) -> tuple[list[list[Ring]], Ring]:
    """The polygons and the points of a geometry."""
    if shape is None:
        return [], []
    kind = shape["type"]
    if kind == "GeometryCollection":
        parts = [_shapes(part) for part in shape["geometries"]]
        return [one for part in parts for one in part[0]], [one for part in parts for one in part[1]]
    found = shape["coordinates"]
    if kind in ("Polygon", "MultiPolygon"):
        many = [found] if kind == "Polygon" else found
        return [[[_pair(at) for at in ring] for ring in polygon] for polygon in many], []
    if kind in ("Point", "MultiPoint"):
        return [], [_pair(at) for at in ([found] if kind == "Point" else found)]
    return [], []


def _pair(at: Any) -> tuple[float, float]:
    x, y = float(at[0]), float(at[1])
    if not (np.isfinite(x) and np.isfinite(y)):
        raise ValueError("a coordinate is no number")
    return x, y


def _matched(result: Result, places: Sequence[_Place], key: str | None, rows: IntArray) -> tuple[str, list[int | None]]:
    """The property that names the units, and the row of each feature (None: no unit)."""
    known = list(dict.fromkeys(str(name) for place in places for name in place.properties))
    if key is not None and key not in known:
        raise NotFoundError(f"key={key!r}: no feature has this property.{nearest(str(key), known)}")
    unit = {result.labels[row]: row for row in rows.tolist()} if result.labels else {}
    unit |= {result.units[row]: row for row in rows.tolist()}

    def found_by(name: str) -> list[int | None]:
        return [unit.get(str(place.properties.get(name, ""))) for place in places]

    counts = {name: len({row for row in found_by(name) if row is not None}) for name in ([key] if key else known)}
    best = max(counts, key=counts.__getitem__, default="")
    if not counts.get(best):
        where = f"property {key!r} of the features" if key else f"a property of the features ({', '.join(known[:8])})"
        some = ", ".join(str(place.properties.get(key)) for place in places[:3]) if key else ""
        raise NotFoundError(
            f"no unit is named in {where}{f': {some}, …' if some else ''}; "
            f"the units are {', '.join(result.units[:3])}, …"
        )
    return best, found_by(best)


def _tier_shades(result: Result, node: str, tiers: Sequence[str | None]) -> tuple[Any, list[tuple[Any, str]]]:
    from matplotlib.patches import Patch

    said = getattr(result.spec.nodes.get(node), "tiers", None)
    known = list(said.labels or ()) if said else []
    known += sorted({tier for tier in tiers if tier is not None} - set(known), key=lambda tier: (len(tier), tier))
    shades = dict(zip(known, ladder(len(known)), strict=True))
    return (lambda tier: shades.get(tier, NOTHING)), [(Patch(color=shades[tier]), clean(tier)) for tier in known]


def _score_shades(ax: Axes, values: FloatArray, words: Words) -> tuple[Any, list[tuple[Any, str]]]:
    import matplotlib as mpl
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import Normalize

    real = values[np.isfinite(values)]
    scale = Normalize(*((float(real.min()), float(real.max())) if len(real) else (0.0, 1.0)))
    shades = mpl.colormaps["viridis_r"]
    scale_bar(ax, ScalarMappable(scale, shades), words["score"])
    return (lambda value: shades(scale(value)) if value == value else NOTHING), []


def _draw(ax: Axes, place: _Place, colour: Any) -> None:
    """A feature in one colour, with its holes left open."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path as Outline

    for polygon in place.polygons:
        rings = [_turned(ring, hole=at > 0) for at, ring in enumerate(polygon) if len(ring) > 2]
        if rings:
            outline = Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))
            ax.add_patch(PathPatch(outline, facecolor=colour, edgecolor="white", linewidth=0.6))
    if place.points:
        x, y = np.array(place.points).T
        ax.scatter(x, y, s=46, color=[colour], edgecolor="white", linewidth=0.6, zorder=3)


def _turned(ring: Ring, *, hole: bool) -> FloatArray:
    """A ring that runs against the clock, or with it if it is a hole: else holes would be filled."""
    corners = np.array(ring)
    x, y = (corners - corners.mean(axis=0)).T
    area = float(x @ np.roll(y, -1) - np.roll(x, -1) @ y)
    return corners if (area < 0) == hole else corners[::-1]


def _corners(place: _Place) -> Iterator[tuple[float, float]]:
    yield from place.points
    for polygon in place.polygons:
        for ring in polygon:
            yield from ring


def _name(ax: Axes, place: _Place, name: str) -> None:
    """The name in the middle of the largest polygon, or beside the point."""
    import matplotlib.patheffects as effects

    rings = [polygon[0] for polygon in place.polygons if polygon and polygon[0]]
    halo = [effects.withStroke(linewidth=2.2, foreground="white")]
    if rings:
        ring = np.array(max(rings, key=lambda own: float(np.ptp(np.array(own), axis=0).prod())))
        x, y = (ring.min(axis=0) + ring.max(axis=0)) / 2
        ax.text(x, y, name, ha="center", va="center", fontsize=8, path_effects=halo)
    elif place.points:
        x, y = place.points[0]
        ax.annotate(name, (x, y), xytext=(6, 0), textcoords="offset points", va="center", fontsize=8, path_effects=halo)


def _square(ax: Axes, places: Sequence[_Place]) -> None:
    """Lengths alike in both directions: degrees by the latitude in the middle, other coordinates as they are."""
    corners = np.array([corner for place in places for corner in _corners(place)])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    degrees = west >= -180 and east <= 180 and south >= -90 and north <= 90 and north - south < 170
    ax.set_aspect(1 / max(float(np.cos(np.radians((south + north) / 2))), 0.1) if degrees else 1.0)
    ax.autoscale_view()
    ax.set_axis_off()
