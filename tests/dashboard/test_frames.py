"""A browser's frame is five numbers in their ranges; whatever else it sends is no frame."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.frames import frame_of
from data.answers import Frame
from data.geography import Bounds

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
