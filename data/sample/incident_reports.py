"""What is told of an incident: by whom, when, with which figures and under which label."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from data.sample.figures import figures, severity
from data.sample.incident_words import CAP_CATEGORIES
from data.sample.land import Town
from data.sample.places import COUNTRIES
from data.sample.revisions import with_revisions
from data.sample.rows import Spot, Story, Telling, where
from data.sample.sources import SOURCES, Source, reported
from data.sample.storm import BEGIN
from data.sample.world import World

TOLD_BY = {
    "storm": ("xan-civil-protection 50 xaa-joint-operations 20 xcr-situation-desk 20 xmr-field-reports 10"),
    "flood": ("xan-civil-protection 45 xaa-joint-operations 10 xcr-situation-desk 25 xmr-field-reports 20"),
    "landslide": ("xan-civil-protection 40 xaa-joint-operations 40 xcr-situation-desk 20"),
    "infrastructure": ("xaa-joint-operations 40 xan-civil-protection 35 xcr-situation-desk 25"),
    "displacement": ("xan-civil-protection 40 xmr-field-reports 35 xcr-situation-desk 25"),
    "access_restriction": ("xaa-joint-operations 45 xad-police-reports 25 xcr-situation-desk 30"),
    "accident": ("xad-police-reports 50 xan-civil-protection 50"),
    "crime": ("xad-police-reports 100"),
    "epidemic": ("xhb-disease-watch 100"),
}
"""Which sources tell of a type, with shares."""

IN_ITS_PLACE = "xcr-situation-desk"
"""Takes over what a source that has fallen silent would have told."""


@dataclass(frozen=True)
class Event:
    """Something that happened: before anybody reported it."""

    kind: str
    words: tuple[str, str, str]
    town: Town
    spot: Spot
    other: str
    at: datetime


def reported_story(
    world: World,
    rng: Random,
    event: Event,
    counters: dict[str, int],
    sources: Mapping[str, Source] = SOURCES,
) -> Story:
    """The event as a record; without tellings when nobody told of it before the end."""
    names = TOLD_BY[event.kind].split()
    source = sources[rng.choices(names[::2], [int(share) for share in names[1::2]])[0]]
    told_at = reported(rng, event.at, 3.0 if event.at < BEGIN + timedelta(days=14) else 5.0)
    known_at = source.known(told_at)
    if known_at is None:
        source = sources[IN_ITS_PLACE]
        known_at = source.known(told_at)
    counters[source.name] = counters.get(source.name, 0) + 1
    story = Story(source, f"{counters[source.name]:05d}")
    if known_at is None:
        return story
    says = _says(world, rng, event, source) | {"native_id": story.native_id, "reported_at": told_at}
    label = label_of(rng, source, event.kind)
    first = Telling(known_at, label, says | release_times(rng, label, known_at))
    story.tellings.extend(with_revisions(rng, source, first))
    return story


def _says(world: World, rng: Random, event: Event, source: Source) -> dict[str, object]:
    subtype, title, description = event.words
    hit = world.hit(event.town)
    grade = severity(rng, hit, event.kind)
    numbers = figures(rng, event.kind, subtype, grade, event.town.population)
    fill = {
        "town": _named(event),
        "other": event.other,
        "n": rng.randint(6, 40),
        "few": rng.randint(2, 8),
        "people": numbers.get("displaced") or rng.randint(4, 60) * 10,
    }
    lasts = event.kind in ("displacement", "access_restriction")
    return (
        where(event.spot)
        | numbers
        | {
            "title": title.format(**fill),
            "description": description.format(**fill),
            "start_at": event.at,
            "end_at": event.at + timedelta(days=rng.randint(2, 9)) if lasts else None,
            "time_precision": 1,
            "valid_until": event.at + timedelta(days=12) if lasts else None,
            "incident_type": event.kind,
            "report_kind": "event",
            "native_type": event.kind,
            "native_subtype": subtype,
            "cap_category": CAP_CATEGORIES[event.kind],
            "severity": grade,
            "urgency": "Past" if event.kind in ("storm", "crime") else rng.choice(("Immediate", "Expected")),
            "certainty": rng.choices(("Observed", "Likely", "Possible"), (80, 15, 5))[0],
            "event_clarity": 1 if event.spot.precision in (1, 2, 5, 7) else 2,
            "verification": _verification(rng, source),
            "sources_count": rng.choices((1, 2, 3, 5), (50, 30, 15, 5))[0],
            "source_grade": source.grade,
            "icon": event.kind,
        }
        | _actors(event.kind)
    )


def _named(event: Event) -> str:
    if event.spot.precision == 3:
        return f"{event.town.sector.name} sector"
    if event.spot.precision == 4:
        return event.town.sector.parent_name
    if event.spot.precision == 6:
        return COUNTRIES[event.town.country][1]
    return event.town.name if event.spot.precision else "place not known"


def _verification(rng: Random, source: Source) -> str:
    doubt = {"A": 12, "B": 24, "C": 40}[source.grade[0]]
    return rng.choices(("unverified", "corroborated", "verified", "disputed"), (doubt, 33, 64 - doubt, 3))[0]


def _actors(kind: str) -> dict[str, object]:
    if kind != "crime":
        return {}
    return {
        "actor1": "Unknown persons",
        "actor1_type": "other",
        "actor2": "Residents",
        "actor2_type": "civilians",
        "civilian_targeting": False,
        "civilian_harm": False,
        "kidnapped": 0,
    }


def release_times(rng: Random, label: str, known_at: datetime) -> dict[str, object]:
    """For a few records: not before a time, not after one, or to be reviewed by a day."""
    draw = rng.random()
    if label == "aldara-forces" and draw < 0.10:
        return {"release_from": known_at + timedelta(hours=48)}
    if label == "civil-shelters" and draw < 0.06:
        return {"release_until": known_at + timedelta(days=21)}
    if label == "dorrin-protected" and draw < 0.15:
        return {"label_review_on": known_at.date() + timedelta(days=30)}
    return {}


def label_of(rng: Random, source: Source, kind: str) -> str:
    """The label a source gives to what it tells of an incident of this type."""
    choices = {
        "xan-civil-protection": ("civil-open", "civil-shelters", 0.45 if kind == "displacement" else 0.03),
        "xaa-joint-operations": ("aldara-shared", "aldara-forces", 0.30),
        "xad-police-reports": ("dorrin-police", "dorrin-protected", 0.35 if kind == "crime" else 0.0),
        "xhb-disease-watch": ("health-open", "health-clusters", 0.5),
        "xmr-field-reports": ("meridian-field", "meridian-field", 0.0),
        "xcr-situation-desk": ("compact-open", "compact-open", 0.0),
    }
    usual, stricter, share = choices[source.name]
    return stricter if rng.random() < share else usual
