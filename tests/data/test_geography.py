"""Positions, boxes, projection and distance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.geography import (
    MERCATOR_SIZE,
    Bounds,
    LonLat,
    day_number,
    from_mercator,
    mercator,
    mercator_all,
    straight_line_km,
)

LONS = st.floats(-180, 180)
LATS = st.floats(-85, 85)


def test_the_two_orders_are_never_mixed_up() -> None:
    monrovia = LonLat(-10.8, 6.3)
    assert monrovia.lonlat == (-10.8, 6.3)
    assert monrovia.latlon == (6.3, -10.8)


@pytest.mark.parametrize(
    ("lon", "lat", "word"),
    [(181, 0, "longitude 181"), (0, -90.5, "latitude -90.5"), (float("nan"), 0, "longitude nan")],
)
def test_a_position_off_the_world_is_refused_by_name(lon: float, lat: float, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        LonLat.of(lon, lat)


def test_mercator_has_its_origin_in_the_north_west() -> None:
    half = MERCATOR_SIZE // 2
    assert mercator(0, 0) == (half, half)
    assert mercator(-180, 90) == mercator(-180, 85.0511) == (0, 15)
    assert mercator(180, -90) == (MERCATOR_SIZE - 1, MERCATOR_SIZE - 16)
    assert mercator(-10, 6)[1] < half < mercator(-10, -6)[1]


def test_mercator_agrees_with_known_tiles() -> None:
    # zoom 8 tile of Freetown as every slippy map numbers it
    mx, my = mercator(-13.234, 8.484)
    assert (mx >> 16, my >> 16) == (118, 121)


@given(LONS, LATS)
def test_mercator_and_back_is_within_a_few_metres(lon: float, lat: float) -> None:
    mx, my = mercator(lon, lat)
    back = from_mercator(mx + 0.5, my + 0.5)
    assert straight_line_km(LonLat(lon, lat), back) < 0.005


@given(st.lists(st.tuples(LONS, LATS), min_size=1, max_size=20))
def test_whole_arrays_project_like_single_positions(places: list[tuple[float, float]]) -> None:
    lons, lats = (np.array(axis) for axis in zip(*places, strict=True))
    mx, my = mercator_all(lons, lats)
    assert mx.dtype == my.dtype == np.int32
    assert list(zip(mx.tolist(), my.tolist(), strict=True)) == [mercator(*place) for place in places]


def test_a_missing_position_is_not_projected_to_somewhere() -> None:
    with pytest.raises(ValueError, match="cannot be projected"):
        mercator_all(np.array([0.0, np.nan]), np.array([0.0, 1.0]))


def test_bounds_hold_their_points_and_edges() -> None:
    box = Bounds.holding([Bounds(-13, 9, -13, 9), Bounds(-10, 7, -10, 7)])
    assert box == Bounds(-13, 7, -10, 9)
    assert box.contains(LonLat(-13, 7))
    assert not box.contains(LonLat(-9.99, 8))
    with pytest.raises(ValueError, match="at least one"):
        Bounds.holding([])


def test_bounds_may_cross_the_antimeridian() -> None:
    fiji = Bounds(177, -20, -178, -12)
    assert fiji.contains(LonLat(179, -17))
    assert fiji.contains(LonLat(-179, -17))
    assert not fiji.contains(LonLat(0, -17))
    assert fiji.padded(0.2) == Bounds(176, -21.6, -177, -10.4)


def test_the_narrowest_box_leaves_the_widest_gap_outside() -> None:
    fiji = [Bounds(177, -20, 180, -12), Bounds(-180, -21, -178, -16)]
    assert Bounds.holding(fiji) == Bounds(177, -21, -178, -12)
    assert Bounds.holding([*fiji, Bounds(-176, -22, -173, -15)]) == Bounds(177, -22, -173, -12)
    assert Bounds.holding([Bounds(-61, 2, -51, 16), Bounds(-5, 41, 10, 51)]) == Bounds(-61, 2, 10, 51)
    assert Bounds.holding([Bounds(-180, -90, 180, -60), fiji[0]]) == Bounds(-180, -90, 180, -12)
    with pytest.raises(ValueError, match="at least one"):
        Bounds.holding([])


BOXES = st.builds(lambda west, east: Bounds(west, -1, east, 1), LONS, LONS)


@given(st.lists(BOXES, min_size=1, max_size=5), LONS)
def test_the_narrowest_box_holds_all_and_is_no_wider_than_need_be(boxes: list[Bounds], lon: float) -> None:
    found = Bounds.holding(boxes)
    if any(box.contains(LonLat(lon, 0)) for box in boxes):
        assert found.contains(LonLat(lon, 0))
    if all(box.west <= box.east for box in boxes):
        assert found.width <= max(box.east for box in boxes) - min(box.west for box in boxes)
    if len(boxes) == 1:
        assert found.width == pytest.approx(boxes[0].width)


def test_padding_stops_at_the_edge_of_the_world() -> None:
    assert Bounds(-10, 0, 10, 10).padded(0.1) == Bounds(-12, -1, 12, 11)
    assert Bounds(170, 80, 180, 90).padded(0.5) == Bounds(165, 75, 180, 90)
    assert Bounds(-150, -80, 150, 80).padded(0.5) == Bounds(-180, -90, 180, 90)


def test_days_are_counted_in_utc_from_2000() -> None:
    assert day_number(datetime(2000, 1, 1, tzinfo=UTC)) == 0
    assert day_number(datetime(2014, 4, 7, tzinfo=UTC)) == 5210
    assert day_number(datetime(1999, 12, 31, 23, tzinfo=UTC)) == -1
    late_in_new_york = datetime(2014, 4, 6, 22, tzinfo=timezone(timedelta(hours=-4)))
    assert day_number(late_in_new_york) == 5210


def test_distances_are_great_circles() -> None:
    assert straight_line_km(LonLat(-0.1276, 51.5072), LonLat(2.3522, 48.8566)) == pytest.approx(343.5, abs=1)
    assert straight_line_km(LonLat(179.5, 0), LonLat(-179.5, 0)) == pytest.approx(111.2, abs=0.1)
    assert straight_line_km(LonLat(5, 5), LonLat(5, 5)) == 0
