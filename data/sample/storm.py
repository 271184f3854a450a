"""The hurricane: where its centre was, how strong the wind and the rain were at a place, and when.

A made-up storm with a made-up name; the formulas are simple shapes, good enough that damage lies where
the track says it must, and are no meteorology.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from data.sample.geometry import bearing, km_between

STORM_NAME = "Hurricane Zelmira"
BEGIN = datetime(2026, 8, 20, tzinfo=UTC)
END = datetime(2026, 10, 4, tzinfo=UTC)
"""The exercise: 45 days."""

FIRST_FIX = datetime(2026, 8, 23, tzinfo=UTC)
STEP = timedelta(hours=12)
FIXES: tuple[tuple[float, float, int], ...] = (
    (-58.8, 14.6, 55),
    (-61.6, 15.4, 65),
    (-64.2, 16.1, 80),
    (-66.6, 16.8, 95),
    (-68.8, 17.2, 110),
    (-70.8, 17.6, 120),
    (-72.85, 18.15, 125),
    (-74.0, 19.1, 95),
    (-75.0, 20.1, 105),
    (-75.9, 21.1, 80),
    (-76.7, 22.4, 85),
    (-77.2, 23.9, 95),
    (-77.1, 25.5, 90),
    (-75.9, 27.4, 75),
    (-73.6, 29.4, 65),
)
"""Every twelve hours: longitude, latitude, sustained wind in knots."""

SECOND_RAIN = datetime(2026, 9, 12, 6, tzinfo=UTC)
"""A tropical wave brings a second spell of rain to the same hills."""


@dataclass(frozen=True)
class Fix:
    """The centre at one time: degrees, knots."""

    at: datetime
    lon: float
    lat: float
    wind: float


@dataclass(frozen=True)
class Hit:
    """What a place got: nearest distance of the centre in km and when, wind in knots, rain from 0 to 1."""

    km: float
    at: datetime
    wind: float
    rain: float

    @property
    def damage(self) -> float:
        """Wind damage from 0 to 1: nothing below a gale, everything at 115 knots."""
        return math.pow(min(1.0, max(0.0, (self.wind - 34.0) / 81.0)), 1.4)


def track() -> tuple[Fix, ...]:
    """The centre every hour, along a smooth curve through the fixes."""
    fixes = []
    for n in range(len(FIXES) - 1):
        for hour in range(12):
            lon, lat, wind = (_smooth(n, hour / 12, axis) for axis in range(3))
            fixes.append(Fix(FIRST_FIX + n * STEP + timedelta(hours=hour), lon, lat, wind))
    lon, lat, wind = FIXES[-1]
    return (*fixes, Fix(FIRST_FIX + (len(FIXES) - 1) * STEP, lon, lat, wind))


def _smooth(n: int, share: float, axis: int) -> float:
    """Catmull-Rom between fix n and n + 1."""
    p = [FIXES[min(max(k, 0), len(FIXES) - 1)][axis] for k in (n - 1, n, n + 1, n + 2)]
    a, b, c = p[1], (p[2] - p[0]) / 2, p[0] - 2.5 * p[1] + 2 * p[2] - p[3] / 2
    return a + b * share + c * share**2 + (1.5 * (p[1] - p[2]) + (p[3] - p[0]) / 2) * share**3


def hit_at(place: tuple[float, float], fixes: tuple[Fix, ...]) -> Hit:
    """What the storm did at a place (lon, lat)."""
    km, nearest = min(((km_between(place, (f.lon, f.lat)), f) for f in fixes), key=lambda pair: pair[0])
    n = fixes.index(nearest)
    ahead = fixes[min(n + 1, len(fixes) - 1)]
    back = fixes[max(n - 1, 0)]
    side = bearing((back.lon, back.lat), (ahead.lon, ahead.lat))
    to_right = math.sin(bearing((nearest.lon, nearest.lat), place) - side)
    reach = 62.0 * (1 + 0.25 * to_right)
    wind = nearest.wind * math.exp(-((km / (reach * 1.6)) ** 1.2))
    core = math.exp(-((km / (95.0 * (1 + 0.3 * to_right))) ** 1.5)) * min(1.0, nearest.wind / 105)
    rain = 0.88 * core + 0.12 * math.exp(-((km / 260.0) ** 2))
    return Hit(km, nearest.at, wind, rain)


def cone(start: int, steps: int) -> tuple[tuple[float, float, float], ...]:
    """A forecast made at fix `start` for `steps` fixes ahead: circles (lon, lat, km) that widen with time."""
    circles = []
    for quarter in range(steps * 4 + 1):
        n, share = divmod(start * 4 + quarter, 4)
        last = n >= len(FIXES) - 1
        lon, lat = (FIXES[-1][axis] if last else _smooth(n, share / 4, axis) for axis in range(2))
        circles.append((lon, lat, 25.0 + 44.0 * quarter / 4))
    return tuple(circles)
