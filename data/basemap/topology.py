"""TopoJSON (world-atlas) into rings and border lines in whole hundredths of a degree.

world-atlas has no cut at the antimeridian: a ring of Russia runs from 179.9 to -179.9. Here each ring is
unrolled, closed over the pole where it goes round it, and cut at 180 degrees, so that nothing draws a band
across the map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.shapes import areas_only

UNITS = 100
"""Units to the degree."""

HALF_TURN = 180 * UNITS

Units = NDArray[np.int64]
"""Points as rows of (lon, lat) in units."""


def arcs_of(topology: Mapping[str, Any]) -> list[Units]:
    """The topology's arcs, undone of their delta coding and rounded to units."""
    scale, shift = (np.array(topology["transform"][key]) for key in ("scale", "translate"))
    steps = [np.cumsum(np.array(arc), axis=0) * scale + shift for arc in topology["arcs"]]
    edge = [HALF_TURN, 90 * UNITS]
    return [np.clip(np.rint(arc * UNITS), np.negative(edge), edge).astype(int) for arc in steps]


def line(arcs: Sequence[Units], indices: Sequence[int]) -> Units:
    """Arcs end to end; ~i is arc i backwards. Points that rounding made equal are joined."""
    parts = [arcs[i] if i >= 0 else arcs[~i][::-1] for i in indices]
    return without_repeats(np.concatenate(parts))


def without_repeats(points: Units) -> Units:
    """The points without those that only repeat the one before."""
    moved = np.any(np.diff(points, axis=0) != 0, axis=1)
    return points[np.concatenate(([True], moved))]


def unrolled(points: Units) -> Units:
    """The points with longitudes that go on beyond 180 degrees instead of jumping."""
    steps = np.diff(points[:, 0])
    turns = np.where(steps > HALF_TURN, -1, 0) + np.where(steps < -HALF_TURN, 1, 0)
    lons = points[:, 0] + np.concatenate(([0], np.cumsum(turns))) * 2 * HALF_TURN
    return np.column_stack((lons, points[:, 1]))


def areas(arcs: Sequence[Units], geometry: Mapping[str, Any]) -> BaseGeometry:
    """One country's polygons in degrees, cut at the antimeridian and valid."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    pieces = [piece for rings in polygons for piece in _polygon([line(arcs, ring) for ring in rings])]
    return shapely.MultiPolygon([part for piece in pieces for part in _polygons(piece)])


def _polygon(rings: list[Units]) -> Iterator[BaseGeometry]:
    outer, *holes = (_closed(unrolled(ring)) for ring in rings)
    if len(outer) < 4:
        return
    inner = [hole / UNITS for hole in holes if len(hole) >= 4]
    whole = on_grid(shapely.Polygon(outer / UNITS, inner))
    if outer[:, 0].min() >= -HALF_TURN and outer[:, 0].max() <= HALF_TURN:
        yield whole
        return
    for turn in (-1, 0, 1):
        world = shapely.box(360 * turn - 180, -90, 360 * turn + 180, 90)
        cut = shapely.intersection(whole, world, grid_size=1 / UNITS)
        yield shapely.transform(cut, lambda xy, turn=turn: xy - [360 * turn, 0])


def on_grid(shape: BaseGeometry) -> BaseGeometry:
    """The shape itself when it is valid, else mended without leaving the grid of whole units."""
    return shape if shape.is_valid else areas_only(shapely.set_precision(areas_only(shape), 1 / UNITS))


def _closed(ring: Units) -> Units:
    """A ring that went round the pole is closed along it."""
    if ring[0, 0] == ring[-1, 0]:
        return ring
    pole = 90 * UNITS * (-1 if ring[:, 1].mean() < 0 else 1)
    corners = np.array([[ring[-1, 0], pole], [ring[0, 0], pole], ring[0]])
    return np.concatenate((ring, corners))


def _polygons(shape: BaseGeometry) -> list[BaseGeometry]:
    if shape.geom_type == "Polygon":
        return [] if shape.is_empty else [shape]
    return [part for inner in getattr(shape, "geoms", ()) for part in _polygons(inner)]


def borders(arcs: Sequence[Units], geometries: Sequence[Mapping[str, Any]]) -> list[BaseGeometry]:
    """The arcs that two countries share, each once, joined to long lines, in degrees."""
    users: Counter[int] = Counter()
    for geometry in geometries:
        users.update({i if i >= 0 else ~i for i in _indices(geometry["arcs"])})
    shared = [without_repeats(arcs[i]) for i, count in sorted(users.items()) if count > 1]
    lines = [shapely.LineString(points / UNITS) for points in shared if len(points) > 1]
    merged = shapely.line_merge(shapely.MultiLineString(lines))
    return list(getattr(merged, "geoms", [merged]))


def _indices(nested: Sequence[Any]) -> Iterator[int]:
    for item in nested:
        if isinstance(item, int):
            yield item
        else:
            yield from _indices(item)
