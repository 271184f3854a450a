"""What a shape on the map needs: mended, measured, labelled, made lighter, turned into rows.

Shapes are shapely geometries in lon, lat degrees.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from data.geography import Bounds, LonLat

EQUAL_AREA = "EPSG:6933"
"""World cylindrical equal area on WGS 84: areas in it are true (NSIDC EASE-Grid 2.0)."""

DEGREES = "EPSG:4326"

NEAR_DEGREES = 0.1
"""How far off a simplified coast or border a position still counts as inside (11 km or less)."""

FAR_DEGREES = 1.0
"""Some 100 km: further off than coasts and borders of any map are wrong."""

KEPT_WHEN_FITTED = 0.9
"""Shapes are neighbours, not layers, when fitting them together leaves each this share of its area."""


def areas_only(shape: BaseGeometry) -> BaseGeometry:
    """The shape's polygons, valid; empty when it has none. Lines and points that mending left are dropped."""
    whole = shape if shape.is_valid else shapely.make_valid(shape)
    parts = [part for part in _parts(whole) if part.geom_type == "Polygon" and part.area > 0]
    if not parts:
        return shapely.Polygon()
    if len(parts) == 1:
        return parts[0]
    return shapely.MultiPolygon(parts)


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    if not hasattr(shape, "geoms"):
        return [shape]
    return [leaf for part in shape.geoms for leaf in _parts(part)]


def box_of(shape: BaseGeometry) -> Bounds:
    """The narrowest box around a shape; west > east where its parts lie on both sides of the antimeridian."""
    return Bounds.holding(Bounds(*part.bounds) for part in _parts(shape))


def label_point(shape: BaseGeometry) -> LonLat:
    """The middle of the widest place of the shape's largest part: always inside, far from its edge."""
    largest = max(_parts(shape), key=lambda part: part.area)
    squeeze = max(0.05, math.cos(math.radians(largest.centroid.y)))
    true_to_shape = shapely.transform(largest, lambda xy: xy * [squeeze, 1.0])
    west, south, east, north = true_to_shape.bounds
    tolerance = max(east - west, north - south) / 200
    x, y = shapely.maximum_inscribed_circle(true_to_shape, tolerance).coords[0]
    point = shapely.Point(x / squeeze, y)
    if not largest.contains(point):
        point = largest.representative_point()
    return LonLat(round(point.x, 6), round(point.y, 6))


def areas_km2(shapes: NDArray[np.object_]) -> NDArray[np.float64]:
    """Areas in km², measured in an equal-area projection."""
    measured = gpd.GeoSeries(shapes, crs=DEGREES).to_crs(EQUAL_AREA).area / 1e6
    return cast("NDArray[np.float64]", measured.to_numpy())


def lighter(shapes: NDArray[np.object_], tolerance_degrees: float) -> NDArray[np.object_]:
    """The shapes with fewer vertices; neighbours keep their common border as one line.

    Shapes that overlap a little or leave slivers are fitted together first. Where that would lose one, or
    where they lie upon each other, each is simplified alone.
    """
    if len(shapes) == 0 or tolerance_degrees <= 0:
        return shapes
    fitted = shapes if shapely.coverage_is_valid(shapes) else shapely.coverage_clean(shapes)
    if (shapely.area(fitted) < KEPT_WHEN_FITTED * shapely.area(shapes)).any():
        light = shapely.simplify(shapes, tolerance_degrees, preserve_topology=True)
    else:
        light = shapely.coverage_simplify(fitted, tolerance_degrees)
    return cast("NDArray[np.object_]", light)


def lies_turned_round(area: BaseGeometry, position: LonLat) -> bool:
    """Whether a position that is far from an area lies in it when latitude and longitude change places."""
    west, south, east, north = area.bounds
    lon, lat = position.latlon
    if not (west - NEAR_DEGREES <= lon <= east + NEAR_DEGREES):
        return False
    if not (south - NEAR_DEGREES <= lat <= north + NEAR_DEGREES):
        return False
    turned, given = shapely.Point(lon, lat), shapely.Point(position.lonlat)
    return bool(shapely.dwithin(area, turned, NEAR_DEGREES) and not shapely.dwithin(area, given, FAR_DEGREES))


@dataclass(frozen=True, eq=False)
class AreaIndex:
    """Areas in a fixed order, found by position: boxes first, then the prepared shapes themselves."""

    _tree: shapely.STRtree
    _shapes: NDArray[np.object_]

    @classmethod
    def of(cls, shapes: Sequence[BaseGeometry] | NDArray[np.object_]) -> AreaIndex:
        """Of areas; answers are their numbers in this order."""
        kept = np.array(shapes, dtype=object)
        shapely.prepare(kept)
        return cls(shapely.STRtree(kept), kept)

    def holding(self, position: LonLat) -> list[int]:
        """The areas that hold the position, or have it on their edge."""
        boxes = self._tree.query(shapely.Point(position.lonlat))
        inside = shapely.intersects_xy(self._shapes[boxes], *position.lonlat)
        return [int(n) for n in boxes[inside]]

    def shape(self, number: int) -> BaseGeometry:
        """The area of a number."""
        return self._shapes[number]

    def near(self, position: LonLat, degrees: float) -> list[int]:
        """The areas no further away than this."""
        point = shapely.Point(position.lonlat)
        return [int(n) for n in self._tree.query(point, predicate="dwithin", distance=degrees)]
