"""An area that somebody drew on the map: a polygon of few corners, and what lies in it.

Edges are straight on the map (web mercator shows them so; over the few degrees of such an area they are
straight in degrees too, within what a hand can draw). The antimeridian may lie inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Geod
from shapely.geometry.base import BaseGeometry

from data.geography import WHOLE_TURN, Bounds, LonLat

LEAST_CORNERS, MOST_CORNERS = 3, 40
DECIMALS = 4
"""Of a degree: eleven metres, finer than a hand draws."""


@dataclass(frozen=True)
class DrawnArea:
    """The corners in their order, (longitude, latitude) in degrees, the first not repeated at the end.

    Its western edge lies between -180 and 180; an area across the antimeridian goes on beyond 180.
    """

    corners: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, corners: Sequence[LonLat | tuple[float, float]]) -> Self:
        """An area of these corners. Raises ValueError saying why they are none.

        The world may have been turned: whole turns are taken off, and corners that repeat are left out.
        """
        pairs = [corner.lonlat if isinstance(corner, LonLat) else corner for corner in corners]
        if any(not abs(lat) <= 90 for _, lat in pairs):
            raise ValueError("a latitude is not between -90 and 90")
        found = _without_repeats([(lon, round(lat, DECIMALS) + 0.0) for lon, lat in _turned_back(pairs)])
        if not LEAST_CORNERS <= len(found) <= MOST_CORNERS:
            raise ValueError(f"{len(found)} corners, where {LEAST_CORNERS} to {MOST_CORNERS} are expected")
        area = cls(tuple(found))
        if max(lon for lon, _ in found) - min(lon for lon, _ in found) > WHOLE_TURN:
            raise ValueError("the area is wider than the world")
        if not area.shape.is_valid or area.shape.area == 0:
            raise ValueError("the edges cross each other, or hold nothing")
        return area

    @cached_property
    def shape(self) -> BaseGeometry:
        """The polygon in longitude, latitude; beyond 180 where it crosses the antimeridian."""
        return shapely.Polygon(self.corners)

    @cached_property
    def bounds(self) -> Bounds:
        """The box around it; west > east where it crosses the antimeridian."""
        west, south, east, north = self.shape.bounds
        return Bounds(west, south, east if east <= 180 else east - WHOLE_TURN, north)

    @cached_property
    def km2(self) -> float:
        """Its size in km² on the WGS 84 ellipsoid."""
        area, _around = Geod(ellps="WGS84").geometry_area_perimeter(self.shape)
        return abs(float(area)) / 1e6

    def holds(self, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Which positions lie in it or on its edge; never those without longitude or latitude (NaN)."""
        polygon = self.shape
        shapely.prepare(polygon)
        inside: NDArray[np.bool_] = shapely.intersects_xy(polygon, lons, lats)
        if polygon.bounds[2] > 180:
            inside |= shapely.intersects_xy(polygon, lons + WHOLE_TURN, lats)
        return inside

    def holds_whole(self, shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
        """Which shapes (lon, lat, between -180 and 180) lie in it whole, edges included."""
        parts, of_shape = shapely.get_parts(shapes, return_index=True)
        inside = shapely.covers(self.shape, parts)
        if self.shape.bounds[2] > 180:
            there = shapely.transform(parts, lambda xy: xy + np.array([WHOLE_TURN, 0.0]))
            inside |= shapely.covers(self.shape, there)
        outside = np.bincount(of_shape, ~inside, minlength=len(shapes))
        whole: NDArray[np.bool_] = (outside == 0) & ~shapely.is_empty(shapes)
        return whole


def _turned_back(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    west = round(min((lon for lon, _ in pairs), default=0.0), DECIMALS)
    turns = WHOLE_TURN * ((west + 180) // WHOLE_TURN)
    return [(round(lon - turns, DECIMALS) + 0.0, lat) for lon, lat in pairs]


def _without_repeats(pairs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    kept = pairs[:1] + [after for before, after in pairwise(pairs) if after != before]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept
