"""The coasts of the exercise's countries, from the project's own basemap file."""

from __future__ import annotations

import json
from itertools import accumulate
from pathlib import Path
from typing import cast

from shapely import make_valid
from shapely.geometry import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

import data.basemap

BASEMAP = Path(data.basemap.__file__).parent / "world-50m.json"

Ring = list[tuple[float, float]]


def country_shapes(codes: tuple[str, ...]) -> dict[str, BaseGeometry]:
    """The land of each country (ISO3), in the order asked, as the basemap draws it; degrees."""
    world = json.loads(BASEMAP.read_text(encoding="utf-8"))
    units = int(world["units_per_degree"])
    areas = {iso3: parts for iso3, parts in world["areas"] if iso3 in codes}
    return {code: _shape(areas[code], units) for code in codes}


def _shape(parts: list[list[list[int]]], units: int) -> BaseGeometry:
    polygons = []
    for part in parts:
        rings = [_ring(deltas, units) for deltas in part]
        polygons.append(make_valid(Polygon(rings[0], rings[1:])))
    whole = polygons[0]
    for polygon in polygons[1:]:
        whole = whole.union(polygon)
    return cast(BaseGeometry, _areas_of(whole))


def _ring(deltas: list[int], units: int) -> Ring:
    """Differences from point to point, longitude and latitude in turn, in units of a degree."""
    lons, lats = accumulate(deltas[::2]), accumulate(deltas[1::2])
    return [(lon / units, lat / units) for lon, lat in zip(lons, lats, strict=True)]


def _areas_of(shape: BaseGeometry) -> MultiPolygon:
    parts = getattr(shape, "geoms", [shape])
    return MultiPolygon([part for part in parts if isinstance(part, Polygon)])
