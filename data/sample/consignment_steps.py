"""An item line's history, step by step, and what stays the same in all of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from data.sample.elements import ORG_NAMES
from data.sample.goods import HANDING_OUT, Item
from data.sample.legs import Leg
from data.sample.rows import where
from data.sample.storm import BEGIN

LOST, DELAYED, CALLED_OFF = 0.014, 0.085, 0.012

Step = tuple[datetime, dict[str, object]]
"""When it was told, and what."""


@dataclass(frozen=True)
class Line:
    """One item line of a consignment."""

    consignment: str
    number: int
    item: Item
    quantity: int
    donor: tuple[str, str]
    leg: Leg
    inland: bool


def history(rng: Random, line: Line) -> list[Step]:
    """Status by status with the dates that are known by then."""
    leg = line.leg
    draw = rng.random()
    committed = leg.leaves_at - timedelta(hours=rng.uniform(10, 30) if line.inland else rng.uniform(30, 110))
    first = BEGIN + timedelta(days=4)
    committed = max(committed, first + timedelta(hours=rng.uniform(1, 9)))
    leaves = max(leg.leaves_at, committed + timedelta(hours=2))
    arrives = max(leg.arrives_at, leaves + timedelta(hours=1))
    dates: dict[str, object] = {"eta_at": arrives, "start_at": arrives}
    told: list[Step] = []
    if not line.inland and rng.random() < 0.45:
        pledged = max(first, committed - timedelta(hours=rng.uniform(20, 80)))
        told.append((pledged, _step("pledged", dates, line)))
    dates = dates | {"committed_at": committed}
    told.append((committed, _step("committed", dates, line)))
    if draw < CALLED_OFF:
        told.append((leaves, _step("cancelled", dates, line)))
        return told
    dates = dates | {"dispatched_at": leaves}
    told.append((leaves, _step("dispatched", dates, line)))
    if not line.inland or line.leg.mode == "ocean" or rng.random() < 0.5:
        told.append((leaves + (arrives - leaves) * 0.45, _step("in_transit", dates, line)))
    return told + _end_of_way(rng, line, draw, arrives, dates)


def _end_of_way(
    rng: Random, line: Line, draw: float, arrives: datetime, dates: dict[str, object]
) -> list[Step]:
    if draw < CALLED_OFF + LOST:
        return [(arrives + timedelta(days=2), _step("lost", dates, line))]
    told = []
    if draw < CALLED_OFF + LOST + DELAYED:
        late = arrives + timedelta(hours=rng.uniform(30, 130))
        dates = dates | {"eta_at": late, "start_at": late}
        told.append((arrives + timedelta(hours=3), _step("delayed", dates, line)))
        arrives = late
    dates = dates | {"arrived_at": arrives, "start_at": arrives}
    told.append((arrives, _step("arrived", dates, line)))
    given_out = arrives + timedelta(hours=rng.uniform(14, 90))
    if line.inland:
        told.append((given_out, _step("distributed", dates | {"distributed_at": given_out}, line)))
    elif rng.random() < 0.6:
        told.append((given_out, _step("delivered", dates, line)))
    return told


VERBS = {
    "pledged": "pledged for",
    "committed": "committed for",
    "dispatched": "sent to",
    "in_transit": "on the way to",
    "arrived": "arrived at",
    "delivered": "handed over at",
    "distributed": "distributed at",
    "delayed": "delayed on the way to",
    "lost": "lost on the way to",
    "cancelled": "called off for",
}


def _step(status: str, dates: dict[str, object], line: Line) -> dict[str, object]:
    place = line.leg.spot.name
    targeted = int(line.quantity * line.item.people)
    share = 0.86 + (sum(map(ord, line.consignment)) % 15) / 100
    return dates | {
        "title": f"{line.item.name}, {VERBS[status]} {place}",
        "flow_status": status,
        "targeted": targeted,
        "reached": int(targeted * share) if status == "distributed" else None,
    }


def fixed(rng: Random, line: Line) -> dict[str, object]:
    """What every telling of the line says alike."""
    item, leg = line.item, line.leg
    hands = rng.choice(HANDING_OUT[item.sector])
    host = f"{leg.spot.name.split(',')[0]} relief committee" if leg.spot.name and line.inland else None
    return (
        where(leg.spot)
        | _amounts(rng, line)
        | {
            "description": f"{line.quantity:,} {item.native_unit} from {leg.origin_name}.",
            "time_precision": 1,
            "consignment_id": line.consignment,
            "line_no": line.number,
            "donor": line.donor[0],
            "donor_name": line.donor[1],
            "channel_org": ORG_NAMES["XLL"][0],
            "channel_code": "XLL",
            "implementing_org": ORG_NAMES[hands][0],
            "implementing_code": hands,
            "recipient": host or ORG_NAMES["XAN"][0],
            "recipient_code": None if host else "XAN",
            "aid_type": "in_kind",
            "funding_mechanism": "bilateral" if line.donor[0] not in ("XCR", "XTF") else "pooled",
            "sector_code": item.sector,
            "item_category": item.category,
            "item": item.name,
            "origin_name": leg.origin_name,
            "origin_iso3": leg.origin_iso3,
            "origin_longitude": round(leg.origin_at[0], 5),
            "origin_latitude": round(leg.origin_at[1], 5),
            "transport_mode": leg.mode,
            "appeal_code": "NP-2026",
            "iati_identifier": f"{line.donor[0]}-NP-2026-{item.sector}",
            "transaction_ref": f"{line.consignment}/{line.number}",
            "source_grade": "A1",
            "icon": item.category,
        }
    )


def _amounts(rng: Random, line: Line) -> dict[str, object]:
    item, quantity = line.item, line.quantity
    usd = Decimal(round(quantity * item.usd * rng.uniform(0.9, 1.15), 2)).quantize(Decimal("0.01"))
    euro = line.donor[0] in ("XAE", "XAG") and rng.random() < 0.5
    rate = Decimal("1.08")
    return {
        "quantity": Decimal(quantity).quantize(Decimal("0.001")),
        "unit": item.unit,
        "native_unit": item.native_unit,
        "weight_kg": round(quantity * item.kg, 1),
        "volume_m3": round(quantity * item.m3, 2),
        "value": (usd / rate).quantize(Decimal("0.01")) if euro else usd,
        "currency": "EUR" if euro else "USD",
        "value_date": line.leg.leaves_at.date(),
        "value_usd": usd,
        "fx_rate": 1.08 if euro else 1.0,
    }
