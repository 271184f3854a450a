"""Positions, boxes, projection and distance: the one place that knows which number is the longitude.

Coordinates are WGS 84 degrees. Web mercator is the square world of 2^24 units a side, counted from the
north-west corner: small integers that the store can group by any zoom with a shift.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self

import numpy as np
from numpy.typing import NDArray

MERCATOR_SIZE = 2**24
"""Units of the web-mercator world from edge to edge."""

MERCATOR_LATITUDE = 85.0511
"""Web mercator ends here; what lies nearer to the poles is drawn at the edge."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the earth (IUGG)."""

WHOLE_TURN = 360.0
"""Degrees around the earth."""

FIRST_DAY = date(2000, 1, 1)
"""Day number 0."""


@dataclass(frozen=True)
class LonLat:
    """A position in degrees."""

    lon: float
    lat: float

    @classmethod
    def of(cls, lon: float, lat: float) -> Self:
        """A position that can exist. Raises ValueError saying which of the two cannot."""
        if not -180 <= lon <= 180:
            raise ValueError(f"longitude {lon:g} is not between -180 and 180")
        if not -90 <= lat <= 90:
            raise ValueError(f"latitude {lat:g} is not between -90 and 90")
        return cls(float(lon), float(lat))

    @property
    def lonlat(self) -> tuple[float, float]:
        """Longitude first: GeoJSON, WKB, shapely."""
        return (self.lon, self.lat)

    @property
    def latlon(self) -> tuple[float, float]:
        """Latitude first: Leaflet."""
        return (self.lat, self.lon)


@dataclass(frozen=True)
class Bounds:
    """A box in degrees. A box with west > east crosses the antimeridian."""

    west: float
    south: float
    east: float
    north: float

    @classmethod
    def holding(cls, boxes: Iterable[Bounds]) -> Self:
        """The narrowest box that holds all boxes: the widest gap between them is left outside.

        Raises ValueError when there is no box.
        """
        held = list(boxes)
        if not held:
            raise ValueError("a box needs at least one to hold")
        south, north = min(box.south for box in held), max(box.north for box in held)
        spans = sorted(span for box in held for span in box.spans)
        west, east = spans[0][0], max(end for _, end in spans)
        widest, reached = west + WHOLE_TURN - east, spans[0][1]
        for start, end in spans:
            if start - reached > widest:
                widest, west, east = start - reached, start, reached
            reached = max(reached, end)
        return cls(west, south, east, north)

    @property
    def width(self) -> float:
        """Degrees from the western edge eastward to the eastern one."""
        return self.east - self.west + (WHOLE_TURN if self.west > self.east else 0)

    @property
    def middle(self) -> float:
        """The meridian halfway between the western edge and the eastern one."""
        return on_the_world(self.west + self.width / 2)

    @property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Its ranges of longitude from west to east: two where it crosses the antimeridian."""
        if self.west <= self.east:
            return ((self.west, self.east),)
        return ((self.west, 180.0), (-180.0, self.east))

    def contains(self, point: LonLat) -> bool:
        """Whether the position lies in the box or on its edge."""
        if not self.south <= point.lat <= self.north:
            return False
        return any(west <= point.lon <= east for west, east in self.spans)

    def padded(self, share: float) -> Bounds:
        """The box grown on every side by `share` of its width and height, never beyond the world."""
        width = self.width
        height = self.north - self.south
        south, north = max(-90.0, self.south - share * height), min(90.0, self.north + share * height)
        if width * (1 + 2 * share) >= WHOLE_TURN:
            return Bounds(-180.0, south, 180.0, north)
        west, east = self.west - share * width, self.east + share * width
        if self.west <= self.east:
            return Bounds(max(-180.0, west), south, min(180.0, east), north)
        return Bounds(west, south, east, north)


def on_the_world(lon: float) -> float:
    """The same meridian between -180 and 180."""
    return lon if -180 <= lon <= 180 else (lon + 180) % WHOLE_TURN - 180


def mercator(lon: float, lat: float) -> tuple[int, int]:
    """A position as (mx, my), web mercator in units of `MERCATOR_SIZE`; my grows towards the south."""
    mx, my = mercator_all(np.array([lon]), np.array([lat]))
    return int(mx[0]), int(my[0])


def mercator_all(
    lons: NDArray[np.float64], lats: NDArray[np.float64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """`mercator` for whole arrays. No value may be missing (NaN raises ValueError)."""
    if np.isnan(lons).any() or np.isnan(lats).any():
        raise ValueError("a position without longitude or latitude cannot be projected")
    sines = np.sin(np.radians(np.clip(lats, -MERCATOR_LATITUDE, MERCATOR_LATITUDE)))
    x = (np.asarray(lons) + 180) / 360
    y = 0.5 - np.log((1 + sines) / (1 - sines)) / (4 * math.pi)
    return _units(x), _units(y)


def _units(share: NDArray[np.float64]) -> NDArray[np.int32]:
    units = np.floor(share * MERCATOR_SIZE)
    return np.clip(units, 0, MERCATOR_SIZE - 1).astype(np.int32)


def from_mercator(mx: float, my: float) -> LonLat:
    """The position of a point of the mercator world; add 0.5 to a unit for its middle."""
    lon = mx / MERCATOR_SIZE * 360 - 180
    lat = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * my / MERCATOR_SIZE))))
    return LonLat(lon, lat)


def day_number(at: datetime) -> int:
    """Whole days since 2000-01-01, in UTC. A datetime without zone is taken to be UTC already."""
    utc = at.astimezone(UTC) if at.tzinfo else at
    return (utc.date() - FIRST_DAY).days


def straight_line_km(a: LonLat, b: LonLat) -> float:
    """The great-circle distance in kilometres on a sphere of mean radius (within 0.6 %)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    lon = math.radians(b.lon - a.lon)
    chord = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(lon / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
