"""What reaches the map component: always drawable, always only text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.answers import Mark, Marks
from data.geography import LonLat
from layers.base import LAYERS, features, hideout, to_leaflet
from layers.serializer import LONGEST_TEXT
from layers.sizes import AREA_MOST

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 8, 29, 9, 30, tzinfo=UTC)

MARKS = {
    "incidents": Marks(
        "incidents",
        (
            Mark(
                "point", "XAA:a:1", 18.23456789, -72.5, title="Bridge down", category="infrastructure", at=AT
            ),
            Mark("point", "XAA:a:2", 18.3, -72.6, unverified=1, precision=2, originator="XAA"),
            Mark("point", "XAA:a:3", 18.4, -72.7, disputed=1),
            Mark("cluster", "cell:42:1:2", 18.5, -72.8, count=25, unverified=6, category="flood"),
            Mark("area", "region:S01", 19, -72, count=3, value=200.0, value_words="persons", region="S01"),
            Mark("area", "region:S02", 19.5, -72, count=2, value=0.0, value_words="persons", region="S02"),
        ),
        total=33,
        unplaced=4,
        metric="cumulative_cases",
    ),
    "military": Marks(
        "military",
        (
            Mark("point", "XAB:u:1", 18, -72, category="police"),
            Mark("point", "XAB:u:2", 18, -73, category="engineer", unverified=1),
        ),
        total=2,
        unplaced=0,
    ),
}


@pytest.mark.parametrize("layer", sorted(MARKS))
def test_features_are_the_golden_ones(layer: str) -> None:
    """The payload is a contract with assets/map.js: a change is made in both."""
    expected = json.loads((GOLDEN / f"{layer}.json").read_text("utf-8"))
    assert features(MARKS[layer]) == expected


def test_sizes_follow_the_figure_by_area() -> None:
    answer = features(MARKS["incidents"])
    sizes = {f["properties"]["id"]: f["properties"]["size"] for f in answer["features"]}  # type: ignore[attr-defined]
    assert sizes["XAA:a:1"] == sizes["XAA:a:2"] == sizes["XAA:a:3"]
    assert sizes["region:S01"] == AREA_MOST
    assert sizes["region:S02"] < sizes["XAA:a:1"]


def test_titles_are_text_and_nothing_else() -> None:
    hostile = "<img src=x onerror=alert(1)>\x00\u202e{{7*7}}" + "x" * 500
    answer = features(Marks("incidents", (Mark("point", "1", 1, 1, title=hostile),), 1, 0))
    properties = answer["features"][0]["properties"]  # type: ignore[index]
    assert len(properties["title"]) == LONGEST_TEXT
    assert properties["title"].startswith("<img src=x onerror=alert(1)>")
    assert properties["title"].isprintable()
    assert not {"popup", "tooltip"} & set(properties)


def test_layers_are_drawn_from_hazard_to_forces() -> None:
    beside = ["responsibility", "hazard", "ports", "airfields"]
    assert [layer.id for layer in LAYERS] == [*beside, "incidents", "deliveries", "presence", "military"]
    assert [hideout(layer.id)["z"] for layer in LAYERS] == list(range(8))


def test_latitude_comes_first_for_leaflet_only() -> None:
    assert to_leaflet(LonLat(-72.3, 18.5)) == [18.5, -72.3]
    answer = features(Marks("presence", (Mark("point", "1", 18.5, -72.3),), 1, 0))
    assert answer["features"][0]["geometry"]["coordinates"] == [-72.3, 18.5]  # type: ignore[index]


def test_words_pass_the_catalogue() -> None:
    told = hideout("incidents", words=str.upper)
    assert told["categories"]["storm"] == "STORM"  # type: ignore[index]
    assert all(text == key.upper() for key, text in told["words"].items())  # type: ignore[attr-defined]


anything = st.floats(allow_nan=True, allow_infinity=True)
hostile_marks = st.builds(
    Mark,
    kind=st.sampled_from(["point", "cluster", "area"]),
    id=st.text(max_size=3),
    latitude=anything,
    longitude=anything,
    count=st.integers(-5, 10_000_000),
    unverified=st.integers(0, 10),
    title=st.text(max_size=20),
    category=st.text(max_size=5),
    value=st.none() | anything,
    at=st.none() | st.datetimes(timezones=st.just(UTC)),
)


@given(
    st.lists(hostile_marks, max_size=20),
    st.sampled_from([layer.id for layer in LAYERS if layer.feed]),
    st.sampled_from(["", "cases"]),
)
def test_nothing_undrawable_is_ever_sent(marks: list[Mark], layer: str, metric: str) -> None:
    """No NaN, no duplicate or empty id, no coordinate off the world; what is left out is counted."""
    answer = features(Marks(layer, tuple(marks), len(marks), 0, metric=metric))
    text = json.dumps(answer, allow_nan=False)
    drawn = json.loads(text)["features"]
    ids = [item["properties"]["id"] for item in drawn]
    assert all(ids)
    assert len(ids) == len(set(ids))
    for item in drawn:
        lon, lat = item["geometry"]["coordinates"]
        assert -360 <= lon <= 360
        assert -90 <= lat <= 90
        assert 0 < item["properties"]["size"] <= 60
    assert json.loads(text)["watchfloor"]["left_out"] == len(marks) - len(drawn)
