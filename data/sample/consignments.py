"""Goods on their way: by ship and aircraft to the hubs, then along the roads inland, told step by step."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from data.sample.consignment_steps import Line, fixed, history
from data.sample.goods import DONORS, ITEMS, Item
from data.sample.land import Town
from data.sample.legs import leg_inland, leg_to
from data.sample.revisions import with_ending
from data.sample.rows import Spot, Story, Telling
from data.sample.sources import SOURCES
from data.sample.spots import near_town
from data.sample.world import World

TO_HUBS, INLAND = 810, 1740
"""Item lines of each kind."""


def consignment_stories(world: World, rng: Random) -> list[Story]:
    """All item lines of goods with their histories."""
    lines = _to_hubs(world, rng) + _inland(world, rng)
    stories = [_story(rng, line) for line in lines]
    return [story for story in stories if story.tellings]


def _to_hubs(world: World, rng: Random) -> list[Line]:
    lines: list[Line] = []
    number = 0
    while len(lines) < TO_HUBS:
        number += 1
        hub = rng.choices(world.hubs, [hub.site.weight for hub in world.hubs])[0]
        leg = leg_to(rng, hub)
        donor = _donor(rng)
        for line in range(rng.choice((1, 1, 2, 2, 3))):
            item = _item(rng, world.hit(hub.town).at, leg.arrives_at)
            quantity = _rounded(rng.uniform(1.2, 3.0) * rng.triangular(item.least, item.most, item.least))
            lines.append(Line(f"NP-{number:05d}", line + 1, item, quantity, donor, leg, False))
    return lines[:TO_HUBS]


def _inland(world: World, rng: Random) -> list[Line]:
    towns = [town for town in world.ground.towns if world.need(town) > 0.6]
    points = {town: _handing_out_points(world, town) for town in towns}
    chosen = rng.choices(towns, [world.need(town) ** 1.1 for town in towns], k=INLAND)
    lines = []
    for number, town in enumerate(chosen, 1):
        leg = leg_inland(rng, world, town, rng.choice(points[town]))
        item = _item(rng, world.hit(town).at, leg.arrives_at)
        quantity = _rounded(0.35 * rng.triangular(item.least, item.most, item.least))
        lines.append(Line(f"NP-L{number:05d}", 1, item, quantity, _donor(rng), leg, True))
    return lines


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


def _story(rng: Random, line: Line) -> Story:
    source = SOURCES["xll-consignments"]
    story = Story(source, f"{line.consignment}-{line.number}")
    alike = fixed(rng, line)
    for at, says in history(rng, line):
        known_at = source.known(at)
        if known_at is None:
            break
        if story.tellings and known_at <= story.tellings[-1].known_at:
            known_at = story.tellings[-1].known_at + timedelta(hours=source.every)
            if known_at >= source.last_at:
                break
        story.tellings.append(Telling(known_at, "lantern-convoys", alike | says | {"reported_at": at}))
    with_ending(rng, story, "quantity")
    return story
