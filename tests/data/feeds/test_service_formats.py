"""GeoJSON and RSS as tables of text, and the recipes of the services that write them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import FileRefused
from data.feeds.choose import recipe_for
from data.feeds.geojson import read_geojson
from data.feeds.ingest import ingest
from data.feeds.rss import read_rss
from data.home import Home
from data.lake import LakeWriter

ANSWERS = Path(__file__).parent / "answers"
QUAKES = ANSWERS / "usgs.geojson"
ALERTS = ANSWERS / "gdacs.xml"


def taken(tmp_path: Path, recipe: str, file: Path) -> dict[str, dict[str, Any]]:
    home = Home.open(tmp_path / "home")
    ingest(home, recipe, [file])
    with LakeWriter(home) as lake:
        return {row["record_id"]: row for row in lake.newest_rows("incidents").to_pylist()}


def test_an_earthquake_is_an_incident_with_its_magnitude(tmp_path: Path) -> None:
    found = taken(tmp_path, "usgs-quakes", QUAKES)
    assert set(found) == {f"USGS:usgs-quakes:{code}" for code in ("us000aaaa", "pr000bbbb", "us000cccc")}
    quake = found["USGS:usgs-quakes:us000aaaa"]
    assert (quake["latitude"], quake["longitude"], quake["geo_precision"]) == (18.61, -72.45, 1)
    assert quake["start_at"] == datetime(2026, 9, 21, 11, 26, 40, tzinfo=UTC)
    assert quake["ingested_at"] == datetime(2026, 9, 21, 11, 41, 40, tzinfo=UTC)
    assert (quake["metric"], quake["metric_value"], quake["verification"]) == ("magnitude", 5.4, "verified")
    assert found["USGS:usgs-quakes:us000cccc"]["verification"] == "unverified"


def test_an_alert_is_an_incident_of_its_kind(tmp_path: Path) -> None:
    found = taken(tmp_path, "gdacs", ALERTS)
    storm, quake = (
        next(row for row in found.values() if row["native_id"] == code) for code in ("TC9000001", "EQ9000002")
    )
    assert (storm["incident_type"], storm["severity"], storm["cap_category"]) == ("storm", "Moderate", "Met")
    assert (storm["country_iso3"], storm["latitude"], storm["longitude"]) == ("DOM", 18.2, -70.8)
    assert (quake["incident_type"], quake["severity"]) == ("earthquake", "Minor")
    assert storm["start_at"] == datetime(2026, 9, 20, 9, tzinfo=UTC)


@pytest.mark.parametrize(("file", "recipe"), [(QUAKES, "usgs-quakes"), (ALERTS, "gdacs")])
def test_an_answer_chooses_its_recipe(file: Path, recipe: str) -> None:
    assert recipe_for(file.name, file.read_bytes()).name == recipe


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not whole JSON"),
        ("[" * 100_000, "not whole JSON"),
        ('{"type": "FeatureCollection", "features": [{"properties": {"a": NaN}}]}', "not whole JSON"),
        ("[]", "no GeoJSON FeatureCollection"),
        ('{"type": "Feature"}', "no GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "no GeoJSON FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "no rows"),
    ],
)
def test_what_is_no_collection_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        read_geojson("x.geojson", text, 10)


def test_a_feature_without_properties_is_held_back_alone() -> None:
    text = (
        '{"type": "FeatureCollection", "features": [7, {"properties": {"a": {"b": [1]}}, "geometry": null}]}'
    )
    sheet = read_geojson("x.geojson", text, 10)
    assert sheet.problems == {0: "the feature has no properties"}
    assert sheet.columns["a"] == ["", '{"b": [1]}']
    assert sheet.columns["@latitude"] == ["", ""]


@pytest.mark.parametrize(
    "position",
    [
        '"Point", "coordinates": ["a"]',
        '"Polygon", "coordinates": [[[0, 0]]]',
        '"Point"',
        '"Point", "coordinates": [1, 2, 3, 4]',
    ],
)
def test_what_is_no_point_has_no_position(position: str) -> None:
    feature = f'{{"id": 1, "geometry": {{"type": {position}}}}}'
    text = f'{{"type": "FeatureCollection", "features": [{feature}]}}'
    sheet = read_geojson("x.geojson", text, 10)
    assert [sheet.columns[name] for name in ("@id", "@longitude", "@latitude")] == [["1"], [""], [""]]


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><rss><channel><item><title>&a;</title></item></channel></rss>'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<rss><channel>", "not whole XML"),
        (BOMB, "declares a document type"),
        (b"<html><item><title>x</title></item></html>", "no RSS feed: it begins with 'html'"),
        (b"<rss><channel></channel></rss>", "no rows"),
        (b"<rss>" + b"<a>" * 200 + b"</a>" * 200 + b"</rss>", "nested too deeply"),
        (b'<?xml version="1.0" encoding="x-unknown"?><rss/>', "not whole XML"),
    ],
)
def test_what_is_no_feed_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        read_rss("x.xml", content, 10)


def test_elements_inside_and_attributes_are_columns() -> None:
    content = (
        b"<rss><channel><item><a x='1'>t<b>u</b>v</a><a>second</a><item>in it</item></item></channel></rss>"
    )
    sheet = read_rss("x.xml", content, 10)
    assert {name: list(values) for name, values in sheet.columns.items()} == {
        "a@x": ["1"],
        "a/b": ["u"],
        "a": ["tv"],
        "item": ["in it"],
    }
