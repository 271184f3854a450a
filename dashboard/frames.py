"""Where the map stands: the frame a browser reports, and the first place when there is none yet."""

from __future__ import annotations

import math
from dataclasses import dataclass

from data.answers import Frame
from data.geography import WHOLE_TURN, Bounds, on_the_world

LARGEST_ZOOM = 18
FIRST_SIZE = (1150, 640)
"""Pixels that a first map is taken to have: the middle of a screen of 1920 and one of 1366."""

FITTED_ZOOM = 9
_MOST = 540
"""Degrees: a map may be moved one world to either side. No number of a frame is larger."""

WORLD = Bounds(-180.0, -60.0, 180.0, 75.0)


@dataclass(frozen=True)
class Place:
    """A centre and a zoom level."""

    latitude: float
    longitude: float
    zoom: int


def place_for(bounds: Bounds | None) -> Place:
    """The place that shows a box whole (the world where there is none), not closer than FITTED_ZOOM."""
    box = bounds or WORLD
    width = max(box.width, 1e-6) / WHOLE_TURN
    top, bottom = _mercator(box.north), _mercator(box.south)
    height = max(bottom - top, 1e-9)
    zoom = math.floor(min(math.log2(FIRST_SIZE[0] / 256 / width), math.log2(FIRST_SIZE[1] / 256 / height)))
    middle = math.degrees(math.atan(math.sinh(math.pi * (1 - (top + bottom)))))
    return Place(round(middle, 4), round(box.middle, 4), max(2, min(zoom, FITTED_ZOOM)))


def box_words(bounds: Bounds | None) -> str:
    """`west,south,east,north` for the page, which fits the map to it at its own size; empty without a box."""
    if bounds is None:
        return ""
    return ",".join(f"{edge:.4f}" for edge in (bounds.west, bounds.south, bounds.east, bounds.north))


def frame_around(place: Place) -> Frame:
    """The frame of a first map at this place, with room around it."""
    share = 2.0**place.zoom * 256
    half_width, half_height = 0.8 * FIRST_SIZE[0] / share, 0.8 * FIRST_SIZE[1] / share
    middle = _mercator(place.latitude)
    return Frame(
        _box(
            place.longitude - half_width * WHOLE_TURN,
            _latitude(min(middle + half_height, 1.0)),
            place.longitude + half_width * WHOLE_TURN,
            _latitude(max(middle - half_height, 0.0)),
        ),
        place.zoom,
    )


def frame_of(data: object) -> Frame | None:
    """The frame `[west, south, east, north, zoom]` of the browser; None when it is not one."""
    if not isinstance(data, list) or len(data) != 5:
        return None
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) <= _MOST for n in data):
        return None
    west, south, east, north = (float(n) for n in data[:4])
    if not (west < east and -90 <= south < north <= 90 and 0 <= data[4] <= LARGEST_ZOOM):
        return None
    return Frame(_box(west, max(south, -85.0), east, min(north, 85.0)), int(data[4]))


def _box(west: float, south: float, east: float, north: float) -> Bounds:
    """The box of edges that may lie on a world beside ours: west > east where it crosses the antimeridian."""
    if east - west >= WHOLE_TURN:
        return Bounds(-180.0, south, 180.0, north)
    return Bounds(on_the_world(west), south, on_the_world(east), north)


def _mercator(latitude: float) -> float:
    """0 at the northern edge of the square world, 1 at its southern."""
    phi = math.radians(max(-85.0511, min(85.0511, latitude)))
    return (1 - math.asinh(math.tan(phi)) / math.pi) / 2


def _latitude(share: float) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * share))))
