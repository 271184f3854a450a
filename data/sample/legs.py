"""The ways that goods take: over sea and by air to the hubs, from the hubs along the roads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from data.sample.geometry import km_between
from data.sample.land import Town
from data.sample.places import ORIGINS, Origin
from data.sample.rows import Spot
from data.sample.world import Hub, World

SAFE_MOVE_KM_A_DAY = 22.0
"""How fast the trucks get farther inland while roads are being opened."""


@dataclass(frozen=True)
class Leg:
    """From where to where, by what, and when it leaves and arrives if nothing happens."""

    origin_name: str
    origin_iso3: str
    origin_at: tuple[float, float]
    spot: Spot
    mode: str
    leaves_at: datetime
    arrives_at: datetime


def leg_to(rng: Random, hub: Hub) -> Leg:
    """The way from somewhere far off to a hub."""
    choices = [
        origin for origin in ORIGINS if hub.site.kind in origin.kinds and origin.iso3 != hub.site.country
    ]
    origin = rng.choices(choices, [1 / (1 + o.sail_days) for o in choices])[0]
    arrives = hub.opens_at + timedelta(days=0.2 + _wait(rng, 42))
    mode, travels = _overseas(rng, hub, origin)
    spot = Spot(1, hub.town.country, hub.town.sector, hub.site.name, hub.at)
    suffix = "airfield" if hub.site.kind == "air" else "port"
    return Leg(
        f"{origin.name} {suffix}",
        origin.iso3,
        (origin.lon, origin.lat),
        spot,
        mode,
        arrives - travels,
        arrives,
    )


def _wait(rng: Random, days: float) -> float:
    """Days until it comes: most in the first weeks, some at any time up to `days`."""
    return rng.uniform(0, days) if rng.random() < 0.45 else days * rng.betavariate(1.15, 2.4)


def _overseas(rng: Random, hub: Hub, origin: Origin) -> tuple[str, timedelta]:
    if hub.site.kind == "sea":
        return "ocean", timedelta(days=origin.sail_days * rng.uniform(0.9, 1.3))
    hours = km_between((origin.lon, origin.lat), hub.at) / 420 + rng.uniform(0.7, 2.5)
    return rng.choice(("air", "air", "air_charter")), timedelta(hours=hours)


def leaving(leg: Leg, rng: Random, leaves_from: datetime) -> Leg:
    """The same way at another time: it leaves within a day from `leaves_from`."""
    leaves = leaves_from + timedelta(hours=rng.uniform(0, 24))
    return replace(leg, leaves_at=leaves, arrives_at=leaves + (leg.arrives_at - leg.leaves_at))


def leg_inland(rng: Random, world: World, town: Town, spot: Spot) -> Leg:
    """The way from the nearest hub to where the town hands out."""
    hubs = [hub for hub in world.hubs if hub.town.country == town.country]
    hub = min(hubs, key=lambda hub: km_between(hub.at, town.at) + rng.uniform(0, 12))
    km = world.ways.get((town.country, town.name), (1.6 * km_between(hub.at, town.at), town))[0]
    cut_off = world.hit(town).damage > 0.55 and rng.random() < 0.30
    by_air = cut_off or (km > 90 and rng.random() < 0.15)
    opens = hub.opens_at + timedelta(days=0.3 if by_air else 0.8 + km / SAFE_MOVE_KM_A_DAY)
    arrives = opens + timedelta(days=_wait(rng, 14 if by_air else 40))
    if by_air:
        mode, hours = "helicopter", 0.5 + km / 160
    elif km == 0 or spot.at is None or town.ridge_km > 6 or rng.random() < 0.8:
        mode, hours = "truck", 1.5 + km / 16
    else:
        mode, hours = "pack", 6 + km / 4
    if town.country in ("BHS", "TCA") and town != hub.town:
        mode, hours = "ocean", 8 + km_between(hub.at, town.at) / 18
    return Leg(hub.site.name, town.country, hub.at, spot, mode, arrives - timedelta(hours=hours), arrives)
