"""How likely a kind of incident is at each town: by the storm's wind and rain, shore, hills and people."""

from __future__ import annotations

import math

from data.sample.land import Town
from data.sample.storm import Hit
from data.sample.world import World

LEAST = 0.0004
COUNTRIES_AT_RISK = ("HTI", "DOM", "CUB")
"""Where disease follows the water."""


def town_weights(world: World, kind: str) -> list[float]:
    """One weight for each town, in their order."""
    return [_weight(kind, town, world.hit(town)) for town in world.ground.towns]


def _weight(kind: str, town: Town, hit: Hit) -> float:
    both = hit.damage + 0.4 * math.pow(hit.rain, 1.5)
    if kind == "storm":
        return LEAST + math.pow(hit.damage, 1.15) * _people(town, 0.36)
    if kind == "flood":
        shore = hit.damage if town.coast_km < 6 else 0.0
        return LEAST + (shore + 0.55 * math.pow(hit.rain, 1.6)) * _people(town, 0.34)
    if kind == "landslide":
        steep = math.exp(-town.ridge_km / 14)
        return LEAST * 0.1 + math.pow(hit.rain, 1.6) * steep * _people(town, 0.12)
    if kind == "epidemic":
        at_risk = town.country in COUNTRIES_AT_RISK
        return math.pow(hit.rain, 1.4) * _people(town, 0.45) if at_risk else 0.0
    if kind == "crime":
        return LEAST + both * _people(town, 0.55)
    return LEAST + both * _people(town, 0.45 if kind == "displacement" else 0.33)


def _people(town: Town, power: float) -> float:
    """More people, more incidents, but not in proportion."""
    return math.pow(town.population, power)
