"""A browser's frame is five numbers in their ranges; whatever else it sends is no frame."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.frames import LARGEST_ZOOM, Place, frame_around, frame_of, place_for
from data.answers import Frame
from data.geography import Bounds, LonLat

GOOD = (-20.0, -5, 10, 12.5, 6)
WRONG = (10**400, -(10**400), math.nan, math.inf, -math.inf, 1e308, True, None, "7", [], {}, 541, -541)


def test_a_frame_is_taken() -> None:
    assert frame_of([*GOOD]) == Frame(Bounds(-20.0, -5.0, 10.0, 12.5), 6)


def test_a_frame_of_a_world_beside_is_cut_to_the_world() -> None:
    assert frame_of([-540, -90, 540, 90, 0]) == Frame(Bounds(-180.0, -85.0, 180.0, 85.0), 0)


@pytest.mark.parametrize("place", range(5))
@pytest.mark.parametrize("wrong", WRONG, ids=lambda value: repr(value)[:12])
def test_a_wrong_number_makes_no_frame(place: int, wrong: object) -> None:
    frame: list[object] = [*GOOD]
    frame[place] = wrong
    assert frame_of(frame) is None


@given(st.lists(st.integers() | st.floats() | st.sampled_from((10**400, 10**4000, -(10**400))), max_size=6))
def test_no_numbers_raise(numbers: list[float]) -> None:
    found = frame_of(numbers)
    assert found is None or 0 <= found.zoom <= 18


def test_a_frame_across_the_antimeridian_has_both_its_sides() -> None:
    across = Bounds(160.0, -20.0, -162.0, -10.0)
    assert frame_of([160, -20, 198, -10, 5]) == frame_of([-200, -20, -162, -10, 5]) == Frame(across, 5)
    assert frame_around(Place(-15.0, 179.0, 6)).bounds.contains(LonLat(-179.0, -15.0))
    assert frame_around(Place(-15.0, -179.0, 6)).bounds.contains(LonLat(179.0, -15.0))


LONGITUDES = st.floats(-180, 180).map(lambda lon: round(lon, 3))


@given(west=st.floats(-540, 539), width=st.floats(0.001, 400), lon=LONGITUDES)
def test_a_frame_holds_what_is_on_its_screen_whatever_world_it_looks_at(
    west: float, width: float, lon: float
) -> None:
    west, east = round(west, 3), min(540.0, round(west, 3) + round(width, 3))
    found = frame_of([west, -20, east, 20, 3])
    assert found is not None
    assert -180 <= found.bounds.west <= 180
    assert -180 <= found.bounds.east <= 180
    inside, outside = west + 0.001, east - 0.001
    if any(inside < lon + turn < outside for turn in (-360, 0, 360)):
        assert found.bounds.contains(LonLat(lon, 0.0))
    if not any(west - 0.001 <= lon + turn <= east + 0.001 for turn in (-720, -360, 0, 360, 720)):
        assert not found.bounds.contains(LonLat(lon, 0.0))


def test_a_place_across_the_antimeridian_is_there_and_as_near_as_elsewhere() -> None:
    elsewhere = place_for(Bounds(0, -20, 20, -10))
    assert place_for(Bounds(170, -20, -170, -10)) == replace(elsewhere, longitude=180.0)
    assert place_for(Bounds(177, -20, -170, -10)).longitude == -176.5


@given(west=LONGITUDES, east=LONGITUDES, south=st.floats(-60, 59), height=st.floats(0.1, 20))
def test_a_box_is_seen_whole_from_its_place(west: float, east: float, south: float, height: float) -> None:
    box = Bounds(west, south, east, south + height)
    place = place_for(box)
    assert -180 <= place.longitude <= 180
    assert 2 <= place.zoom <= LARGEST_ZOOM
    frame = frame_around(place).bounds
    assert all(frame.contains(LonLat(lon, place.latitude)) for lon in (west, east)) or box.width > 300
