"""The exercise's regions: countries whole, and the planning sectors of two levels."""

from __future__ import annotations

import geopandas
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from data.sample.land import Ground
from data.sample.places import COUNTRIES, SECTORS_VERSION
from data.schema import REGIONS

EQUAL_AREA = "EPSG:6933"


def regions_table(area: Ground) -> pa.Table:
    """All regions of the exercise (data.schema.REGIONS): level 0, 1 and 2."""
    rows = [_row(code, 0, COUNTRIES[code][1], None, code, shape) for code, shape in area.countries.items()]
    parents = dict.fromkeys((s.parent, s.parent_name, s.country) for s in area.sectors)
    for code, name, country in parents:
        shape = shapely.union_all([s.shape for s in area.sectors if s.parent == code])
        rows.append(_row(code, 1, name, country, country, shape))
    rows += [_row(s.code, 2, s.name, s.parent, s.country, s.shape) for s in area.sectors]
    shapes = geopandas.GeoSeries(shapely.from_wkb([row["geometry"] for row in rows]), crs="EPSG:4326")
    for row, area_m2 in zip(rows, shapes.to_crs(EQUAL_AREA).area, strict=True):
        row["area_km2"] = round(float(area_m2) / 1e6, 1)
    return pa.Table.from_pylist(rows, schema=REGIONS)


def _row(
    code: str, level: int, name: str, parent: str | None, country: str, shape: BaseGeometry
) -> dict[str, object]:
    largest = max(getattr(shape, "geoms", [shape]), key=lambda part: part.area)
    middle = shapely.maximum_inscribed_circle(largest).coords[0]
    xmin, ymin, xmax, ymax = shape.bounds
    return {
        "code": code,
        "version": SECTORS_VERSION,
        "level": level,
        "name": name,
        "parent": parent,
        "country_iso3": country,
        "geometry": shapely.to_wkb(shape),
        "label_longitude": round(middle[0], 5),
        "label_latitude": round(middle[1], 5),
        "bbox": {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax},
    }
