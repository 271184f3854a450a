"""Deployments and presences: elements that arrive by the hubs, work where damage is, and go again."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from data.sample.elements import DEPLOYMENT_LABELS, KINDS, ORG_NAMES, SHARED, Kind
from data.sample.placing import Element, element_at, hub_spot, towns_of
from data.sample.revisions import with_ending
from data.sample.rows import Spot, Story, Telling, where
from data.sample.sources import SOURCES
from data.sample.storm import BEGIN
from data.sample.world import World

CAVEATS = (
    "Not beyond the sector's boundary without approval",
    "No escort after dark",
    "Within 20 km of the base",
)
ECHELONS = {"company": "15", "platoon": "14", "team": "11", "detachment": "12", "headquarters": "18"}
ENTITIES = {
    "engineer": "140700",
    "infantry": "121100",
    "logistics": "163400",
    "medical": "161300",
    "aviation": "120600",
    "signals": "111000",
    "hq": "110000",
    "isr_uas": "121900",
    "maritime": "120400",
}


def deployment_stories(world: World, rng: Random) -> list[Story]:
    """All elements with their moves as revisions; of some nothing is told before the scenario's end."""
    stories = []
    for kind in KINDS:
        towns = towns_of(world, rng, kind)
        for number, town in enumerate(towns, 1):
            element = element_at(world, rng, kind, number, town)
            stories.append(element_story(rng, element))
    return stories


def element_story(rng: Random, element: Element) -> Story:
    """The element as a record, with what is told of it before the scenario's end and what is still ahead."""
    kind = element.kind
    source = SOURCES[kind.source]
    slug = "".join(word[0] for word in kind.title.split()).upper() + kind.capability[:2].upper()
    story = Story(source, f"{slug}-{element.contributor}-{element.number:03d}")
    label = _label(kind)
    fixed = _fixed(rng, element)
    for at, status, spot, people in _moves(rng, element):
        known_at = source.known(at)
        if known_at and story.tellings and known_at <= story.tellings[-1].known_at:
            continue
        says = fixed | where(spot) | _now(element, status, spot, people, at, known_at or at)
        told = story.tellings if known_at else story.ahead
        told.append(Telling(known_at or at, label, says))
    with_ending(rng, story, "personnel")
    return story


def _label(kind: Kind) -> str:
    usual = DEPLOYMENT_LABELS[kind.source]
    open_to_all = kind.capability in SHARED or kind.sector == "WSH"
    return "aldara-shared" if usual == "aldara-forces" and open_to_all else usual


def _moves(rng: Random, element: Element) -> list[tuple[datetime, str, Spot, int]]:
    """When each status was reported, where the element then was, and how strong."""
    people, there, hub = element.personnel, element.spot, hub_spot(element.hub)
    comes, goes = element.arrives_at, element.leaves_at
    planned = Spot(4, element.town.country, element.town.sector) if there.precision != 7 else there
    moves: list[tuple[datetime, str, Spot, int]] = []
    if element.kind.presence == "military":
        moves.append((comes - timedelta(days=rng.uniform(2.0, 3.5)), "planned", planned, people))
        moves.append((comes - timedelta(hours=rng.uniform(13, 26)), "en_route", hub, people))
    elif rng.random() < 0.4:
        moves.append((comes - timedelta(days=rng.uniform(1.5, 4)), "planned", planned, people))
    moves.append((comes, "active", there, people))
    if rng.random() < 0.45:
        middle = comes + (goes - comes) * rng.uniform(0.3, 0.6)
        moves.append((middle, "active", there, max(2, int(people * rng.uniform(0.7, 1.25)))))
    if element.kind.presence == "military":
        moves.append((goes - timedelta(hours=30), "redeploying", hub, people))
    moves.append((goes, "ended", there, 0))
    return [move for move in moves if move[0] >= BEGIN]


def _fixed(rng: Random, element: Element) -> dict[str, object]:
    kind = element.kind
    name, acronym, org_type = ORG_NAMES[element.contributor]
    unit = rng.randint(2, 48)
    return {
        "mission": "Northern Passage relief",
        "unit_name": f"{acronym} {unit}"
        if kind.presence in ("military", "police")
        else f"{acronym} team {unit}",
        "contributor": element.contributor,
        "org_name": name,
        "org_acronym": acronym,
        "org_code": element.contributor,
        "org_type": org_type,
        "role": "implementing" if kind.presence == "humanitarian" else "provider",
        "presence_kind": kind.presence,
        "activity_type": kind.activity_type,
        "sector_code": kind.sector,
        "capability": kind.capability,
        "activity": kind.title,
        "personnel_basis": "reported" if kind.presence in ("military", "police") else "estimated",
        "equipment": [{"item": item, "quantity": rng.randint(low, high)} for item, low, high in kind.gear],
        "caveat_geo": rng.choice(CAVEATS) if kind.presence == "military" and rng.random() < 0.3 else None,
        "time_precision": 1,
        "icon": kind.capability,
        "sidc": _sidc(kind) if kind.presence == "military" else None,
    }


def _now(
    element: Element, status: str, spot: Spot, people: int, at: datetime, known_at: datetime
) -> dict[str, object]:
    kind = element.kind
    over = status == "ended"
    place = spot.name or element.town.sector.name + " sector"
    words = {"planned": "planned for", "en_route": "on the way by", "redeploying": "leaving by"}.get(status)
    start, end = element.arrives_at, element.leaves_at
    return {
        "title": f"{kind.title}, {place}" if not words else f"{kind.title}, {words} {place}",
        "description": f"{ORG_NAMES[element.contributor][0]}: {kind.title.lower()}, {element.town.name}.",
        "start_at": start,
        "end_at": end,
        "reported_at": min(at, known_at),
        "valid_until": None if over else end,
        "deployment_status": status,
        "personnel": people,
        "reference_period_start": start.date(),
        "reference_period_end": end.date(),
        "source_grade": SOURCES[kind.source].grade,
    } | _capacity(element, status, at)


def _capacity(element: Element, status: str, at: datetime) -> dict[str, object]:
    """What it can do and what of it is free; nothing is said of it while it is not at work."""
    if element.kind.capacity is None or element.capacity is None or status != "active":
        return {}
    days = max(0, (at - element.arrives_at).days)
    free = element.capacity * max(15, 80 - 4 * days - element.number % 9 * 5) // 100
    return {
        "capacity": float(element.capacity),
        "capacity_unit": element.kind.capacity[0],
        "capacity_available": float(free),
        "capacity_at": at,
    }


def _sidc(kind: Kind) -> str:
    """APP-6D: exercise, friend; sea surface for ships, else land unit."""
    symbol_set = "30" if kind.place == "sea" else "10"
    echelon = next((code for word, code in ECHELONS.items() if word in kind.title.lower()), "00")
    return f"1013{symbol_set}00{echelon}{ENTITIES[kind.capability]}0000"
