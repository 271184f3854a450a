"""The storm as a reference layer: track, its points, the gale's swath and two forecast cones."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from itertools import pairwise

import pyarrow as pa
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from data.sample.geometry import KM_PER_DEGREE
from data.sample.labels import LABELS
from data.sample.storm import FIRST_FIX, FIXES, STEP, STORM_NAME, cone, track
from data.schema import REFERENCE

LAYER, SOURCE_ORG = "hazard", "Caribbean Relief Compact"
PREFIX = "XCR:xcr-hazard-track"
LABEL = list(LABELS).index("compact-open")
CONES = ((0, 6), (3, 6))
"""Forecasts: the fix at which each was made and how many fixes ahead it looks."""

GALE_KM = 115.0


def hazard_table() -> pa.Table:
    """The reference table of the exercise (data.schema.REFERENCE)."""
    rows = [*_points(), _line(), _swath(), *(_cone(n, *which) for n, which in enumerate(CONES, 1))]
    return pa.Table.from_pylist(rows, schema=REFERENCE)


def _row(
    name: str, kind: str, title: str, at: datetime, shape: BaseGeometry, **says: object
) -> dict[str, object]:
    known_at = at + timedelta(hours=1)
    return {
        "reference_id": f"{PREFIX}:{name}",
        "layer": LAYER,
        "kind": kind,
        "name": title,
        "valid_at": at,
        "geometry": shapely.to_wkb(shape),
        "attributes": json.dumps({"storm": STORM_NAME, "exercise": True} | says, sort_keys=True),
        "source_org": SOURCE_ORG,
        "ingested_at": known_at,
        "received_at": known_at,
        "label_id": LABEL,
    }


def _points() -> list[dict[str, object]]:
    rows = []
    for n, fix in enumerate(fix for fix in track() if fix.at.hour % 6 == 0):
        title = f"{STORM_NAME}, {fix.at:%d %b %H:%M}Z, {fix.wind:.0f} kt"
        shape = Point(round(fix.lon, 3), round(fix.lat, 3))
        rows.append(_row(f"point-{n:02d}", "track_point", title, fix.at, shape, wind_kt=round(fix.wind)))
    return rows


def _line() -> dict[str, object]:
    shape = LineString([(round(fix.lon, 3), round(fix.lat, 3)) for fix in track()])
    last = track()[-1].at
    return _row("track", "track", f"Track of {STORM_NAME}", last, shape, first=FIRST_FIX.isoformat())


def _swath() -> dict[str, object]:
    fixes = [fix for fix in track() if fix.wind >= 64]
    shape = LineString([(fix.lon, fix.lat) for fix in fixes]).buffer(GALE_KM / KM_PER_DEGREE).simplify(0.02)
    title = f"Gale-force winds of {STORM_NAME}"
    return _row("gale", "wind_swath", title, fixes[-1].at, shape, wind_kt=34, radius_km=GALE_KM)


def _cone(number: int, start: int, steps: int) -> dict[str, object]:
    at = FIRST_FIX + start * STEP
    steps = min(steps, len(FIXES) - 1 - start)
    circles = [Point(lon, lat).buffer(km / KM_PER_DEGREE) for lon, lat, km in cone(start, steps)]
    links = [shapely.union(one, two).convex_hull for one, two in pairwise(circles)]
    shape = shapely.union_all(links).simplify(0.01)
    title = f"Forecast cone of {at:%d %b %H:%M}Z"
    return _row(f"cone-{number}", "cone", title, at, shape, issued=at.isoformat(), hours=steps * 12)
