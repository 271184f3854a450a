"""What the browser is given to draw the ground with."""

from __future__ import annotations

import json
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
import shapely

from data.basemap.lines import BoundaryLine, BoundaryLines
from data.basemap.world import Resolution
from data.geography import Bounds
from data.regions import Area, region_rows
from layers import basemap


def size(payload: object) -> int:
    return len(json.dumps(payload, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode())


def features(payload: dict[str, Any]) -> list[dict[str, Any]]:
    assert payload["type"] == "FeatureCollection"
    ids = [feature["properties"]["id"] for feature in payload["features"]]
    assert all(ids)
    assert len(set(ids)) == len(ids)
    return list(payload["features"])


@pytest.mark.parametrize(("resolution", "largest"), [("110m", 100_000), ("50m", 1_000_000)])
def test_land_is_one_light_feature(resolution: Resolution, largest: int) -> None:
    (land,) = features(basemap.land(resolution))
    assert land["geometry"]["type"] == "MultiPolygon"
    assert size(land) < largest
    shape = shapely.from_geojson(json.dumps(land["geometry"]))
    assert shape.area == pytest.approx(21_500, rel=0.05)


def test_the_coast_does_not_run_down_the_edge_of_the_world() -> None:
    (coast,) = features(basemap.coast_lines("50m"))
    for line in coast["geometry"]["coordinates"]:
        for (lon, lat), (next_lon, next_lat) in pairwise(line):
            assert not (lon == next_lon and abs(lon) == 180)
            assert not (lat <= -90 and next_lat <= -90)
            assert abs(lon - next_lon) < 15


def test_lines_of_the_basemap_claim_no_status() -> None:
    (lines,) = features(basemap.border_lines("110m"))
    assert lines["properties"]["class"] == "not_stated"
    assert lines["properties"]["title_key"] == "Boundary, status not stated"


def test_an_operations_own_lines_replace_all_others() -> None:
    own = BoundaryLines(
        (
            BoundaryLine("international", shapely.LineString([(0, 0), (1, 1)])),
            BoundaryLine("line_of_control", shapely.LineString([(5, 5), (6, 6)])),
            BoundaryLine("international", shapely.MultiLineString([[(2, 2), (3, 3)]])),
        )
    )
    drawn = {
        f["properties"]["class"]: f["geometry"]["coordinates"]
        for f in features(basemap.border_lines(own=own))
    }
    assert drawn == {
        "international": [[[0, 0], [1, 1]], [[2, 2], [3, 3]]],
        "line_of_control": [[[5, 5], [6, 6]]],
    }
    assert set(drawn) < set(basemap.LINE_KEYS)


def table(payload: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(zip(payload["columns"], row, strict=True)) for row in payload["rows"]]


def test_countries_are_named_in_the_readers_language() -> None:
    english = {row["iso3"]: row for row in table(basemap.country_labels("en"))}
    french = {row["iso3"]: row for row in table(basemap.country_labels("fr"))}
    assert (english["GIN"]["name"], french["GIN"]["name"]) == ("Guinea", "Guinée")
    assert (english["DEU"]["name"], french["DEU"]["name"]) == ("Germany", "Allemagne")
    assert english["LBR"]["latitude"] == pytest.approx(6.5, abs=1)
    assert english["LBR"]["longitude"] == pytest.approx(-9.5, abs=1)
    assert english["RUS"]["min_zoom"] < english["LBR"]["min_zoom"] < english["MLT"]["min_zoom"]
    assert "" not in english


def test_towns_can_be_cut_to_the_view() -> None:
    liberia = Bounds(-11.6, 4.3, -7.3, 8.6)
    near = table(basemap.place_labels("en", liberia))
    assert near[0]["name"] == "Monrovia"
    assert near[0]["capital"] == 1
    assert all(liberia.west <= row["longitude"] <= liberia.east for row in near)
    assert len(table(basemap.place_labels("en", liberia, max_zoom=6))) < len(near)
    assert size(basemap.place_labels()) < 600_000


def test_region_shapes_carry_what_a_click_needs() -> None:
    areas = [
        Area("MLI", "Mali", 0, None, "MLI", shapely.box(-10, 10, -5, 15)),
        Area("ML01", "Kayes", 1, "MLI", "MLI", shapely.box(-10, 10, -7.1234567, 15)),
    ]
    drawn = features(basemap.region_shapes(region_rows(areas, date(2020, 1, 1))))
    assert drawn[1]["properties"] == {
        "id": "ML01",
        "code": "ML01",
        "name": "Kayes",
        "level": 1,
        "parent": "MLI",
    }
    corners = [point for ring in drawn[1]["geometry"]["coordinates"] for points in ring for point in points]
    assert max(lon for lon, _ in corners) == -7.123


def test_a_region_too_small_for_the_rounding_is_still_drawn() -> None:
    areas = [Area("X1", "Rock", 1, None, "MLI", shapely.box(0, 0, 0.0001, 0.0001))]
    (rock,) = features(basemap.region_shapes(region_rows(areas, date(2020, 1, 1))))
    assert rock["geometry"]["coordinates"]
