"""When things happen after the storm's passage: wind at once, water soon, disease late."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.sample.land import Town
from data.sample.storm import BEGIN, END, SECOND_RAIN, Hit

MEAN_HOURS = {
    "infrastructure": 80.0,
    "displacement": 150.0,
    "access_restriction": 190.0,
    "accident": 260.0,
    "crime": 230.0,
    "landslide": 60.0,
    "flood": 46.0,
}
SECOND_SPELL = {"flood": 0.17, "landslide": 0.24, "access_restriction": 0.12, "displacement": 0.08}
"""The share that comes with the second rain."""

LATEST = END - timedelta(hours=7)


def after_passage(rng: Random, kind: str, town: Town, hit: Hit) -> datetime:
    """A time for an incident of this kind at a town; before the end, whole minutes."""
    while True:
        at = _once(rng, kind, town, hit)
        if BEGIN <= at < LATEST:
            return at.replace(second=0, microsecond=0)


def _once(rng: Random, kind: str, town: Town, hit: Hit) -> datetime:
    if kind == "storm":
        return hit.at + timedelta(hours=rng.gauss(1.5, 5.0))
    if kind == "epidemic":
        return hit.at + timedelta(days=7 + 31 * rng.betavariate(2.3, 1.25))
    if rng.random() < SECOND_SPELL.get(kind, 0.0):
        return SECOND_RAIN + timedelta(hours=rng.gammavariate(2.0, 18.0))
    if kind == "flood" and town.coast_km < 6 and rng.random() < 0.6:
        return hit.at + timedelta(hours=rng.gauss(4, 7))
    long_after = 3.2 if rng.random() < 0.38 else 1.0
    return hit.at + timedelta(hours=3 + rng.expovariate(1 / (MEAN_HOURS[kind] * long_after)))
