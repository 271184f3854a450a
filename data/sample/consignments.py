"""Goods on their way: by ship and aircraft to the hubs, then along the roads inland, told step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from data.sample.consignment_steps import Line, fixed, history
from data.sample.goods import DONORS, ITEMS, Item
from data.sample.land import Town
from data.sample.legs import Leg, leaving, leg_inland, leg_to
from data.sample.revisions import with_ending
from data.sample.rows import Spot, Story, Telling
from data.sample.sources import SOURCES
from data.sample.spots import near_town
from data.sample.world import Hub, World

LABEL = "lantern-convoys"
TO_HUBS, INLAND = 810, 1740
"""Item lines of each kind."""

INLAND_LEAD, HUB_LEAD = timedelta(hours=30), timedelta(hours=190)
"""So long before it leaves a line is spoken of at the earliest (`history`)."""


def consignment_stories(world: World, rng: Random) -> list[Story]:
    """All item lines of goods with their histories; of some nothing is told before the scenario's end."""
    lines = _to_hubs(world, rng) + _inland(world, rng)
    return [line_story(rng, line) for line in lines]


def new_lines(world: World, rng: Random, first: int, day: datetime, count: int) -> list[Line]:
    """As many lines with the numbers from `first`, of which the first word is said on that day or later."""
    towns = [town for town in world.ground.towns if world.need(town) > 0.6]
    inland = rng.choices(towns, [world.need(town) ** 1.1 for town in towns], k=count - count // 3)
    lines = []
    for number, town in enumerate(inland, first):
        way = leg_inland(rng, world, town, rng.choice(_handing_out_points(world, town)))
        lines.append(_inland_line(world, rng, number, town, leaving(way, rng, day + INLAND_LEAD)))
    for number in range(first, first + count // 3):
        hub = rng.choices(world.hubs, [hub.site.weight for hub in world.hubs])[0]
        leg = leaving(leg_to(rng, hub), rng, day + HUB_LEAD)
        lines.append(_hub_line(world, rng, f"NP-{number:05d}", 1, hub, leg, _donor(rng)))
    return lines


def _to_hubs(world: World, rng: Random) -> list[Line]:
    lines: list[Line] = []
    number = 0
    while len(lines) < TO_HUBS:
        number += 1
        hub = rng.choices(world.hubs, [hub.site.weight for hub in world.hubs])[0]
        leg = leg_to(rng, hub)
        donor = _donor(rng)
        for line in range(rng.choice((1, 1, 2, 2, 3))):
            lines.append(_hub_line(world, rng, f"NP-{number:05d}", line + 1, hub, leg, donor))
    return lines[:TO_HUBS]


def _hub_line(
    world: World, rng: Random, consignment: str, number: int, hub: Hub, leg: Leg, donor: tuple[str, str]
) -> Line:
    item = _item(rng, world.hit(hub.town).at, leg.arrives_at)
    quantity = _rounded(rng.uniform(1.2, 3.0) * rng.triangular(item.least, item.most, item.least))
    return Line(consignment, number, item, quantity, donor, leg, False)


def _inland(world: World, rng: Random) -> list[Line]:
    towns = [town for town in world.ground.towns if world.need(town) > 0.6]
    points = {town: _handing_out_points(world, town) for town in towns}
    chosen = rng.choices(towns, [world.need(town) ** 1.1 for town in towns], k=INLAND)
    lines = []
    for number, town in enumerate(chosen, 1):
        leg = leg_inland(rng, world, town, rng.choice(points[town]))
        lines.append(_inland_line(world, rng, number, town, leg))
    return lines


def _inland_line(world: World, rng: Random, number: int, town: Town, leg: Leg) -> Line:
    item = _item(rng, world.hit(town).at, leg.arrives_at)
    quantity = _rounded(0.35 * rng.triangular(item.least, item.most, item.least))
    return Line(f"NP-L{number:05d}", 1, item, quantity, _donor(rng), leg, True)


def _handing_out_points(world: World, town: Town) -> list[Spot]:
    """Two or three fixed places of the town where goods are handed out; a larger town has more."""
    rng = Random(f"points:{town.country}:{town.name}")
    names = ("school yard", "sports ground", "parish hall", "market square", "depot")
    count = 2 + (town.population > 40_000) + 2 * (town.population > 200_000)
    spots = [near_town(rng, world, town, "") for _ in range(count)]
    return [replace(spot, name=f"{town.name}, {names[n]}") for n, spot in enumerate(spots)]


def _item(rng: Random, storm_at: datetime, arrives_at: datetime) -> Item:
    day = (arrives_at - storm_at).days
    items = [item for item in ITEMS if item.from_day <= day]
    shares = [item.weight * (1.8 if item.from_day and day - item.from_day < 12 else 1.0) for item in items]
    return rng.choices(items, shares)[0]


def _rounded(quantity: float) -> int:
    """As people write amounts down: two figures that count."""
    whole = max(1, int(quantity))
    step = int(10 ** max(0, len(str(whole)) - 2))
    return max(2, whole // step * step)


def _donor(rng: Random) -> tuple[str, str]:
    code, name, _ = rng.choices(DONORS, [donor[2] for donor in DONORS])[0]
    return code, name


def line_story(rng: Random, line: Line) -> Story:
    """The line as a record, with what is told of it before the scenario's end and what is still ahead."""
    source = SOURCES["xll-consignments"]
    story = Story(source, f"{line.consignment}-{line.number}")
    alike = fixed(rng, line)
    for at, says in history(rng, line):
        told = Telling(at, LABEL, alike | says | {"reported_at": at})
        known_at = source.known(at)
        if known_at is not None and story.tellings and known_at <= story.tellings[-1].known_at:
            known_at = story.tellings[-1].known_at + timedelta(hours=source.every)
        if story.ahead or known_at is None or known_at >= source.last_at:
            story.ahead.append(told)
        else:
            story.tellings.append(replace(told, known_at=known_at))
    with_ending(rng, story, "quantity")
    return story
