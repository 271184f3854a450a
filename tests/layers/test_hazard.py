"""The hazard is drawn from released reference rows, as strictly as the marks."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import shapely

from layers.hazard import features


def row(identity: str, shape: shapely.Geometry | None, **more: object) -> dict[str, object]:
    """A reference row."""
    base = {"reference_id": identity, "layer": "hazard", "kind": "track", "name": "Odile", "valid_at": None}
    return {**base, "geometry": None if shape is None else shape.wkb, "attributes": "{}", **more}


def test_areas_come_below_lines_and_points_on_top() -> None:
    cone = shapely.box(-75, 18, -70, 20)
    track, fix = shapely.LineString([(-70, 17), (-75, 20)]), shapely.Point(-72, 18)
    drawn = features([row("fix", fix), row("track", track), row("cone", cone)])["features"]
    assert [item["properties"]["id"] for item in drawn] == ["cone", "track", "fix"]  # type: ignore[attr-defined]


def test_what_is_no_geometry_is_left_out_and_counted() -> None:
    bad = row("bad", None) | {"geometry": b"not wkb"}
    answer = features(
        [bad, row("none", None), row("same", shapely.Point(1, 1)), row("same", shapely.Point(2, 2))]
    )
    assert len(answer["features"]) == 1  # type: ignore[arg-type]
    assert answer["watchfloor"]["left_out"] == 3  # type: ignore[index]


def test_a_fix_is_named_by_its_day_once_a_day() -> None:
    noon, midnight = datetime(2026, 8, 29, 12, tzinfo=UTC), datetime(2026, 8, 30, tzinfo=UTC)
    told = json.dumps({"wind_kt": 95})
    rows = [
        row(f"{at:%H}", shapely.Point(1, 1), kind="track_point", valid_at=at, attributes=told)
        for at in (noon, midnight)
    ]
    drawn = [item["properties"] for item in features(rows)["features"]]  # type: ignore[attr-defined]
    assert [(p["label"], p["category"], p["forecast"]) for p in drawn] == [
        ("", "95 kt", False),
        ("30 Aug", "95 kt", False),
    ]


def test_attributes_are_plain_and_few() -> None:
    told = {"forecast": True, "category": "<b>4</b>", "label": "29 Aug", "popup": "<script>"}
    at = datetime(2026, 8, 29, 6, tzinfo=UTC)
    answer = features([row("1", shapely.Point(1, 1), attributes=json.dumps(told), valid_at=at)])
    properties = answer["features"][0]["properties"]  # type: ignore[index]
    assert properties["forecast"] is True
    assert properties["at"] == "2026-08-29T06:00Z"
    assert "popup" not in properties
    broken = features([row("1", shapely.Point(1, 1), attributes="not json")])
    assert broken["features"][0]["properties"]["label"] == ""  # type: ignore[index]
