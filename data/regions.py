"""Regions as rows of data.schema.REGIONS: made from shapes, made lighter, completed with their countries.

`data.boundaries` reads them from files, `data.gazetteer` matches places to them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.basemap.world import countries, world
from data.schema import REGIONS
from data.shapes import areas_km2, label_point, lighter


@dataclass(frozen=True)
class Area:
    """A region still to be measured: its shape is valid, polygons only, in lon, lat degrees."""

    code: str
    name: str
    level: int
    parent: str | None
    country_iso3: str
    shape: BaseGeometry


def region_rows(areas: Sequence[Area], version: date) -> pa.Table:
    """The areas as rows of data.schema.REGIONS, with label point, area in km² and box."""
    rows = []
    shapes = np.array([area.shape for area in areas], dtype=object)
    for area, km2 in zip(areas, areas_km2(shapes) if len(areas) else (), strict=True):
        west, south, east, north = area.shape.bounds
        label = label_point(area.shape)
        rows.append(
            {
                "code": area.code,
                "version": version,
                "level": area.level,
                "name": area.name,
                "parent": area.parent,
                "country_iso3": area.country_iso3,
                "geometry": shapely.to_wkb(area.shape),
                "label_latitude": label.lat,
                "label_longitude": label.lon,
                "area_km2": float(km2),
                "bbox": {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
            }
        )
    return pa.Table.from_pylist(rows, schema=REGIONS)


def country_areas(codes: Iterable[str]) -> list[Area]:
    """Level 0: countries of the basemap by ISO3, named in English; those it has no area of are left out."""
    known, shapes = countries(), world("50m").areas
    return [
        Area(code, known[code].en, 0, None, code, shapes[code])
        for code in sorted(set(codes))
        if code in known and code in shapes
    ]


def dissolved(areas: Collection[Area], names: dict[str, str], level: int) -> list[Area]:
    """The parents of some areas, each the union of its children; `names` gives their names by code."""
    children: dict[str, list[Area]] = {}
    for area in areas:
        if area.parent in names:
            children.setdefault(area.parent, []).append(area)
    return [
        Area(code, names[code], level, inside[0].country_iso3, inside[0].country_iso3, _joined(inside))
        for code, inside in sorted(children.items())
    ]


def _joined(areas: Sequence[Area]) -> BaseGeometry:
    return shapely.union_all([area.shape for area in areas])


def shapes_of(table: pa.Table) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    """The shapes of rows of data.schema.REGIONS."""
    return np.asarray(shapely.from_wkb(np.array(table["geometry"].to_pylist(), dtype=object)), dtype=object)


def simplified(table: pa.Table, tolerance_degrees: float) -> pa.Table:
    """The same regions with lighter shapes, for screens. Common borders stay one line within each level.

    Label points, areas and boxes stay those of the full shapes. A shape is never simplified to nothing.
    """
    shapes = shapes_of(table)
    levels = np.array(table["level"].to_pylist())
    countries_of = np.array(table["country_iso3"].to_pylist(), dtype=object)
    for level, country in sorted(set(zip(levels.tolist(), countries_of.tolist(), strict=True))):
        same = (levels == level) & (countries_of == country)
        shapes[same] = lighter(shapes[same], tolerance_degrees)
    geometry = pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())
    return table.set_column(table.schema.get_field_index("geometry"), REGIONS.field("geometry"), geometry)
