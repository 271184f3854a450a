"""Older records and newer regions: which rows of a feed have another place now.

Pure: the revisions themselves are written by whoever loads the regions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from data.gazetteer import Gazetteer, Place
from data.geography import LonLat

PLACE_COLUMNS = (
    "country_iso3",
    "adm1_pcode",
    "adm2_pcode",
    "adm1_name",
    "adm2_name",
    "pcode_match",
    "pcode_valid_from",
    "geo_precision",
)
"""What matching decides; nothing else of a row is touched."""

STATED = ("provider_country", "provider_pcode", "provider_adm1_name", "provider_adm2_name")

AREA_PRECISIONS = frozenset({0, 3, 4, 6})
PRECISION_OF_LEVEL: Mapping[int | None, int] = {2: 3, 1: 4, 0: 6, None: 0}
TRULY_THERE = frozenset({1, 2})


def rematch(rows: pa.Table, gazetteer: Gazetteer) -> pa.Table:
    """Those of the rows (a feed's schema) whose place is another with this gazetteer, with that place.

    The gazetteer carries the aliases of the rows' recipe: call it source by source. A row that matched before
    and matches nothing now keeps the place it had. Positions are never touched; `geo_precision` only of rows
    without one (3 and 4: the area is known; 6: the country).
    """
    asked = rows.select([*PLACE_COLUMNS, *STATED, "latitude", "longitude"]).to_pylist()
    seen: dict[tuple[Any, ...], Place] = {}
    changed: list[int] = []
    places: list[dict[str, Any]] = []
    for number, row in enumerate(asked):
        found = _placed(row, _looked_up(row, gazetteer, seen))
        if any(found[name] != row[name] for name in PLACE_COLUMNS):
            changed.append(number)
            places.append(found)
    return _with_places(rows.take(pa.array(changed, pa.int64())), places)


def _looked_up(row: Mapping[str, Any], gazetteer: Gazetteer, seen: dict[tuple[Any, ...], Place]) -> Place:
    lon, lat = row["longitude"], row["latitude"]
    there = LonLat(lon, lat) if row["geo_precision"] in TRULY_THERE and lat is not None else None
    country = row["provider_country"] or row["country_iso3"]
    asked = (country, row["provider_pcode"], row["provider_adm1_name"], row["provider_adm2_name"], there)
    if asked not in seen:
        seen[asked] = gazetteer.match(*asked)
    return seen[asked]


def _placed(row: Mapping[str, Any], place: Place) -> dict[str, Any]:
    before = {name: row[name] for name in PLACE_COLUMNS}
    if place.match == "none" and row["pcode_match"] not in (None, "none"):
        return before
    area = row["latitude"] is None and row["geo_precision"] in AREA_PRECISIONS
    return {
        "country_iso3": place.country_iso3 or row["country_iso3"],
        "adm1_pcode": place.adm1_pcode,
        "adm2_pcode": place.adm2_pcode,
        "adm1_name": place.adm1_name,
        "adm2_name": place.adm2_name,
        "pcode_match": place.match,
        "pcode_valid_from": place.valid_from,
        "geo_precision": _precision(place, row) if area else row["geo_precision"],
    }


def _precision(place: Place, row: Mapping[str, Any]) -> int:
    level = 0 if place.level is None and row["country_iso3"] else place.level
    return PRECISION_OF_LEVEL[level]


def _with_places(rows: pa.Table, places: list[dict[str, Any]]) -> pa.Table:
    for name in PLACE_COLUMNS:
        field = rows.schema.field(name)
        values = pa.array([place[name] for place in places], type=field.type)
        rows = rows.set_column(rows.schema.get_field_index(name), field, values)
    return rows
