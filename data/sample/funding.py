"""Money for the operation: pledged, then committed, then paid out. Never added to goods."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from data.sample.elements import ORG_NAMES
from data.sample.goods import DONORS
from data.sample.places import COUNTRIES
from data.sample.revisions import with_ending
from data.sample.rows import Spot, Story, Telling, where
from data.sample.sources import SOURCES
from data.sample.storm import BEGIN
from data.sample.world import World

COUNT = 600
FIRST_PLEDGE = BEGIN + timedelta(days=6, hours=10)
SECTORS: dict[str, tuple[str, float]] = {
    "FSC": ("food", 5),
    "SHL": ("shelter", 5),
    "WSH": ("water and hygiene", 4),
    "HEA": ("health", 4),
    "LOG": ("logistics", 3),
    "Cash": ("cash for families", 3),
    "ERY": ("early recovery", 2),
    "PRO": ("protection", 1),
    "EDU": ("schools", 1),
    "NUT": ("nutrition", 1),
}
"""Code -> in words, and how much is given for it against the others."""

RECEIVERS = ("XCR", "XHB", "XLL", "XMR", "XOW", "XQC", "XAN")


def funding_stories(world: World, rng: Random) -> list[Story]:
    """One story for each grant, at the precision of its country."""
    need = _need(world)
    return [
        _story(rng, number, need, FIRST_PLEDGE + timedelta(days=37 * rng.betavariate(1.1, 2.2)))
        for number in range(1, COUNT + 1)
    ]


def new_grant(world: World, rng: Random, number: int, pledged: datetime) -> Story:
    """One more, pledged at that time."""
    return _story(rng, number, _need(world), pledged)


def _need(world: World) -> dict[str, float]:
    need = dict.fromkeys(COUNTRIES, 0.0)
    for town in world.ground.towns:
        need[town.country] += world.need(town)
    return need


def _story(rng: Random, number: int, need: dict[str, float], pledged: datetime) -> Story:
    source = SOURCES["xag-funding"]
    story = Story(source, f"F{number:04d}")
    grant = _grant(rng, number, need, pledged)
    for at, status in _steps(rng, pledged):
        known_at = source.known(at)
        if known_at and story.tellings and known_at <= story.tellings[-1].known_at:
            continue
        if status == "committed":
            grant = grant | {"committed_at": at}
        says = grant | {"flow_status": status, "reported_at": at, "title": _title(grant, status)}
        told = story.tellings if known_at else story.ahead
        told.append(Telling(known_at or at, "gallorine-funding", says))
    with_ending(rng, story, "")
    return story


def _steps(rng: Random, pledged: datetime) -> list[tuple[datetime, str]]:
    """A fifth of the pledges is never committed, a third of the commitments not paid out yet."""
    committed = pledged + timedelta(days=rng.uniform(2, 11))
    paid = committed + timedelta(days=rng.uniform(2, 12))
    steps = [(pledged, "pledged")] if rng.random() < 0.85 else []
    if not steps or rng.random() < 0.8:
        steps.append((committed, "committed"))
        if rng.random() < 0.66:
            steps.append((paid, "disbursed"))
    return steps


def _title(grant: dict[str, object], status: str) -> str:
    purpose = SECTORS[str(grant["sector_code"])][0]
    return f"{grant['donor_name']} to {grant['channel_org']}: {purpose}, {status}"


def _grant(rng: Random, number: int, need: dict[str, float], pledged: datetime) -> dict[str, object]:
    code, name, _ = rng.choices(DONORS, [donor[2] for donor in DONORS])[0]
    receiver = rng.choice([other for other in RECEIVERS if other != code])
    country = rng.choices(list(need), list(need.values()))[0]
    usd = Decimal(int(rng.lognormvariate(12.6, 1.0)) // 5000 * 5000 + 5000).quantize(Decimal("0.01"))
    euro = code in ("XAE", "XAG")
    return where(Spot(6, country)) | {
        "description": f"Grant for relief in {COUNTRIES[country][1]}.",
        "start_at": pledged,
        "time_precision": 1,
        "line_no": 1,
        "donor": code,
        "donor_name": name,
        "channel_org": ORG_NAMES[receiver][0],
        "channel_code": receiver,
        "implementing_org": ORG_NAMES[receiver][0],
        "implementing_code": receiver,
        "recipient": ORG_NAMES["XAN"][0],
        "recipient_code": "XAN",
        "aid_type": "funding" if rng.random() < 0.85 else "cash",
        "funding_mechanism": rng.choice(("multilateral", "bilateral", "bilateral", "pooled")),
        "sector_code": rng.choices(list(SECTORS), [share for _, share in SECTORS.values()])[0],
        "value": (usd / Decimal("1.08")).quantize(Decimal("0.01")) if euro else usd,
        "currency": "EUR" if euro else "USD",
        "value_date": pledged.date(),
        "value_usd": usd,
        "fx_rate": 1.08 if euro else 1.0,
        "appeal_code": "NP-2026",
        "iati_identifier": f"{code}-NP-2026-F{number:04d}",
        "transaction_ref": f"{code}/F{number:04d}",
        "source_grade": "A1",
        "icon": "funding",
    }
