"""The ground under every picture: land, lines between countries, names, regions. Plain dicts for the browser.

GeoJSON is lon, lat; tables of labels say in `columns` what stands where. Nothing here depends on who asks:
basemap and regions are public.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.basemap.lines import NOT_STATED, BoundaryLine, BoundaryLines
from data.basemap.world import Country, Resolution, Town, countries, towns, whole_land, world
from data.geography import Bounds
from data.regions import shapes_of, simplified
from layers.msgid import Words, msgid

Language = Literal["en", "fr"]
Payload = dict[str, Any]

DISCLAIMER_KEY = msgid(
    "The boundaries and names shown and the designations used on this map do not imply official endorsement"
    " or acceptance by any partner."
)
"""Stands on screen, wall and sheet; an operation's own text (`BoundaryLines.disclaimer`) takes its place."""

LINE_KEYS: Mapping[str, str] = MappingProxyType(
    {
        NOT_STATED: msgid("Boundary, status not stated"),
        "international": msgid("International boundary"),
        "undetermined": msgid("Undetermined boundary"),
        "line_of_control": msgid("Line of control"),
        "administrative": msgid("Administrative boundary"),
    }
)
"""Each class of line, for the legend."""

LINES_TITLE_KEY = msgid("Boundary lines")
"""Heads the classes of line in the legend where an operation states them."""

ATTRIBUTION = "Natural Earth · GeoNames (CC BY 4.0)"
"""Stands on every map that draws this basemap."""

COUNTRY_ZOOMS = ((2_000_000, 2), (500_000, 3), (100_000, 4), (20_000, 5), (2_000, 6), (0, 7))
"""From this area in km² on, a country's name is shown from this zoom on."""

TOWN_ZOOMS = ((5_000_000, 4), (1_000_000, 5), (300_000, 6), (100_000, 7), (50_000, 8), (15_000, 9), (0, 10))
"""From this population on, a town's name is shown from this zoom on; a capital is shown a zoom earlier."""

SCREEN_TOLERANCE = 0.005
"""Half a kilometre: not to be seen up to zoom 8."""


@cache
def land(resolution: Resolution = "50m") -> Payload:
    """All land as one MultiPolygon: no seams between countries. Draw it filled, without a stroke."""
    return _collection([_feature("land", whole_land(resolution), 2)])


@cache
def coast_lines(resolution: Resolution = "50m") -> Payload:
    """The land's edge as lines, without the cuts at the antimeridian and the pole."""
    edge = shapely.get_parts(shapely.boundary(whole_land(resolution)))
    pieces = [piece for line in shapely.get_parts(edge) for piece in _without_cuts(line)]
    return _collection([_feature("coast", shapely.MultiLineString(pieces), 2)])


def _without_cuts(line: BaseGeometry) -> list[BaseGeometry]:
    """The runs of a line that do not lie on the edge of the world."""
    points = shapely.get_coordinates(line)
    lon, lat = points[:, 0], points[:, 1]
    on_cut = (np.abs(lon[1:]) == 180) & (lon[1:] == lon[:-1]) | (lat[1:] <= -90) | (lat[:-1] <= -90)
    if not on_cut.any():
        return [line]
    runs = np.split(np.arange(len(on_cut)), np.flatnonzero(np.diff(on_cut)) + 1)
    return [shapely.LineString(points[run[0] : run[-1] + 2]) for run in runs if not on_cut[run[0]]]


def disclaimer(own: BoundaryLines | None, words: Words) -> str:
    """What stands on every map: the operation's own text when its file has one, else the project's."""
    stated = own.disclaimer.strip() if own else ""
    return stated or words(DISCLAIMER_KEY)


def border_lines(resolution: Resolution = "50m", own: BoundaryLines | None = None) -> Payload:
    """The lines between countries, one feature a class. An operation's own lines replace the neutral ones."""
    neutral = (BoundaryLine(NOT_STATED, shape) for shape in world(resolution).lines)
    lines = own.lines if own else tuple(neutral)
    by_class: dict[str, list[BaseGeometry]] = {}
    for line in lines:
        by_class.setdefault(line.line_class, []).extend(shapely.get_parts(line.shape))
    digits = 2 if own is None else 4
    features = []
    for name, shapes in by_class.items():
        feature = _feature(f"lines-{name}", shapely.MultiLineString(shapes), digits)
        feature["properties"] |= {"class": name, "title_key": LINE_KEYS[name]}
        features.append(feature)
    return _collection(features)


@cache
def country_labels(language: Language = "en") -> Payload:
    """The names of countries, the largest first: where and from which zoom on they are shown."""
    named = sorted((c for c in countries().values() if c.label), key=lambda c: -c.area_km2)
    rows = [_country_row(country, language) for country in named]
    return {"columns": ["iso3", "name", "latitude", "longitude", "min_zoom"], "rows": rows}


def _country_row(country: Country, language: Language) -> list[object]:
    lat, lon = country.label.latlon if country.label else (0.0, 0.0)
    return [country.iso3, country.called(language), lat, lon, _zoom(COUNTRY_ZOOMS, country.area_km2)]


def place_labels(
    language: Language = "en", bounds: Bounds | None = None, max_zoom: int | None = None
) -> Payload:
    """The names of towns, the largest first; those in `bounds` and shown up to `max_zoom` only, when given.

    GeoNames gives one name a town: it is the same in every language.
    """
    shown = [town for town in towns() if bounds is None or bounds.contains(town.position)]
    rows = [_town_row(town) for town in shown]
    if max_zoom is not None:
        rows = [row for row in rows if row[3] <= max_zoom]
    return {"columns": ["name", "latitude", "longitude", "min_zoom", "capital"], "rows": rows}


def _town_row(town: Town) -> list[Any]:
    zoom = _zoom(TOWN_ZOOMS, town.population) - int(town.capital)
    return [town.name, *town.position.latlon, zoom, int(town.capital)]


def _zoom(steps: tuple[tuple[int, int], ...], size: float) -> int:
    return next(zoom for least, zoom in steps if size >= least)


def region_shapes(table: pa.Table, tolerance_degrees: float = SCREEN_TOLERANCE) -> Payload:
    """Regions (rows of data.schema.REGIONS) for a screen: lighter shapes, three decimals (100 m).

    Properties: id and code (the same), name, level, parent.
    """
    light = simplified(table, tolerance_degrees)
    features = []
    for row, shape in zip(light.drop_columns(["geometry"]).to_pylist(), shapes_of(light), strict=True):
        feature = _feature(row["code"], shape, 3)
        feature["properties"] |= {key: row[key] for key in ("code", "name", "level", "parent")}
        features.append(feature)
    return _collection(features)


def _feature(id_: str, shape: BaseGeometry, digits: int) -> Payload:
    return {"type": "Feature", "properties": {"id": id_}, "geometry": _geometry(shape, digits)}


def _collection(features: list[Payload]) -> Payload:
    return {"type": "FeatureCollection", "features": features}


def _geometry(shape: BaseGeometry, digits: int) -> Payload:
    """A shape as GeoJSON, rounded; rings that rounding makes flat are left out, the largest never."""
    if shape.geom_type == "MultiLineString":
        lines = [_rounded(line, digits) for line in shape.geoms]
        return {"type": "MultiLineString", "coordinates": [line for line in lines if len(line) > 1]}
    polygons = [_polygon(part, digits) for part in shapely.get_parts(shape)]
    kept = [rings for rings in polygons if rings]
    if not kept:
        west, south, east, north = shape.bounds
        kept = [[[[west, south], [east, south], [east, north], [west, north], [west, south]]]]
    return {"type": "MultiPolygon", "coordinates": kept}


def _polygon(part: BaseGeometry, digits: int) -> list[list[list[float]]]:
    rings = [_rounded(ring, digits) for ring in (part.exterior, *part.interiors)]
    return [ring for ring in rings if len(ring) >= 4] if len(rings[0]) >= 4 else []


def _rounded(line: BaseGeometry, digits: int) -> list[list[float]]:
    points = np.round(shapely.get_coordinates(line), digits)
    moved = np.concatenate(([True], np.any(np.diff(points, axis=0) != 0, axis=1)))
    rounded: list[list[float]] = points[moved].tolist()
    return rounded
