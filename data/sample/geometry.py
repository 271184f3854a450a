"""Plain geometry on the scale of an island: kilometres between degrees, and steps by bearing."""

from __future__ import annotations

import math

from data.geography import LonLat, straight_line_km

KM_PER_DEGREE = 111.195
"""Of latitude, on a sphere of mean radius."""


def km_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Great-circle kilometres between two (lon, lat)."""
    return straight_line_km(LonLat(*a), LonLat(*b))


def moved(at: tuple[float, float], bearing: float, km: float) -> tuple[float, float]:
    """`at` moved `km` along `bearing` (radians, clockwise from north)."""
    lat = at[1] + math.cos(bearing) * km / KM_PER_DEGREE
    lon = at[0] + math.sin(bearing) * km / (KM_PER_DEGREE * math.cos(math.radians(at[1])))
    return (lon, lat)


def between(a: tuple[float, float], b: tuple[float, float], share: float) -> tuple[float, float]:
    """The point at `share` of the way from `a` to `b`."""
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """The direction from `a` to `b` in radians, clockwise from north."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.atan2(east, b[1] - a[1])
