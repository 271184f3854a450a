"""The bench's incidents: any number, the same for the same seed, clustered in space and skewed by partner.

Twelve fictitious partners, of which the largest brings about a third; 220 places, a few of which hold most;
two bursts in time over a quiet year. All columns of the feed, so that nothing is cheaper than in earnest.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import shapely
from numpy.typing import NDArray

from data.geography import mercator_all
from data.labels import PUBLIC, Label
from data.schema import FEEDS, INCIDENTS, REGIONS

PARTNERS = tuple(f"X{a}{b}" for a in "AB" for b in "ABCDEF")
TYPES = (
    "storm",
    "infrastructure",
    "access_restriction",
    "displacement",
    "protest",
    "accident",
    "flood",
    "other",
)
VERIFICATIONS = ("verified", "corroborated", "unverified", "disputed")
SEVERITIES = ("Minor", "Moderate", "Severe", "Extreme")
COUNTRY = "XZZ"
WEST, SOUTH, COLUMNS, ROWS, SIDE = -6.0, 10.0, 10, 6, 1.5
"""A country of 60 square districts, ten by six, of 1.5 degrees a side; a province is ten of them."""

BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
DAYS = 365
END = BEGIN + timedelta(days=DAYS)
VERSION = date(2025, 1, 1)
SOURCE = "bench"


def labels() -> tuple[Label, ...]:
    """One label a partner, all of them released to every registered partner."""
    return tuple(Label(partner, "BENCH", "OPEN", (PUBLIC,), policy_version="1") for partner in PARTNERS)


def policy() -> str:
    """A policy.toml for them: one agreement among all, one persona who sees everything."""
    partners = "\n".join(
        f'[[partner]]\ncode = "{code}"\nname = "Partner {code}"\nkind = "state"\nservice = "civil"\n'
        for code in PARTNERS
    )
    parties = ", ".join(f'"{code}"' for code in PARTNERS)
    return f"""
[operation]
id = "BENCH"
title = "Bench"
kind = "exercise"
from = {BEGIN:%Y-%m-%dT%H:%M:%SZ}
until = {END:%Y-%m-%dT%H:%M:%SZ}
marking = "national"

[policy]
id = "BENCH"
version = "1"
levels = ["OPEN", "SENSITIVE"]
categories = ["protection", "personal"]

{partners}
[[persona]]
id = "bench"
name = "Bench"
partner = "XAA"
roles = ["viewer"]
clearance = "SENSITIVE"
categories = ["protection", "personal"]
regions = "all"

[[agreement]]
id = "ALL"
kind = "multilateral"
parties = [{parties}]
feeds = ["incidents", "deployments", "deliveries"]
level = "SENSITIVE"
regions = "all"
from = {BEGIN:%Y-%m-%dT%H:%M:%SZ}
geo_level = "exact"
allows = ["screen", "file"]
use = "bench"
retention = "P1Y"
at_end = "delete"
legal_basis = "none"
"""


def regions() -> pa.Table:
    """The country, its six provinces and its sixty districts."""
    rows = [_region(COUNTRY, 0, "Benchland", None, 0, 0, COLUMNS, ROWS)]
    for y in range(ROWS):
        province = f"{COUNTRY}{y + 1:02}"
        rows.append(_region(province, 1, f"Province {y + 1}", COUNTRY, 0, y, COLUMNS, 1))
        for x in range(COLUMNS):
            district = f"{province}{x + 1:02}"
            rows.append(_region(district, 2, f"District {y + 1}.{x + 1}", province, x, y, 1, 1))
    return pa.Table.from_pylist(rows, schema=REGIONS)


def _region(
    code: str, level: int, name: str, parent: str | None, x: int, y: int, columns: int, rows: int
) -> dict[str, object]:
    west, south = WEST + x * SIDE, SOUTH + y * SIDE
    east, north = west + columns * SIDE, south + rows * SIDE
    return {
        "code": code,
        "version": VERSION,
        "level": level,
        "name": name,
        "parent": parent,
        "country_iso3": COUNTRY,
        "geometry": shapely.box(west, south, east, north).wkb,
        "label_latitude": (south + north) / 2,
        "label_longitude": (west + east) / 2,
        "area_km2": columns * rows * (SIDE * 111) ** 2,
        "bbox": {"xmin": west, "ymin": south, "xmax": east, "ymax": north},
    }


def incidents(count: int, seed: int = 7) -> pa.Table:
    """`count` newest revisions in the shape of the incidents feed; `label_id` counts in `labels()`."""
    rng = np.random.default_rng(seed)
    lon, lat = _positions(rng, count)
    partner = _skewed(rng, len(PARTNERS), count, 1.3)
    day = _days(rng, count)
    start = np.datetime64(BEGIN.replace(tzinfo=None), "us") + (day * 86_400e6).astype("timedelta64[us]")
    known = start + rng.integers(3_600, 172_800, count).astype("timedelta64[s]")
    row = np.clip((lat - SOUTH) // SIDE, 0, ROWS - 1).astype(int) + 1
    column = np.clip((lon - WEST) // SIDE, 0, COLUMNS - 1).astype(int) + 1
    adm1 = np.array([f"{COUNTRY}{y:02}" for y in row])
    adm2 = np.array([f"{code}{x:02}" for code, x in zip(adm1, column, strict=True)])
    ids = np.array([f"{PARTNERS[p]}:{SOURCE}:{n}" for n, p in enumerate(partner)])
    mx, my = mercator_all(lon, lat)
    severe = rng.random(count)
    values: dict[str, object] = {
        "record_id": ids,
        "revision": np.ones(count, "int32"),
        "msg_type": _same("new", count),
        "status": _same("exercise", count),
        "operation": _same("BENCH", count),
        "title": np.array([f"Incident {n}" for n in range(count)]),
        "start_at": start,
        "time_precision": np.ones(count, "int8"),
        "ingested_at": known,
        "received_at": known,
        "day": (np.floor(day) + (BEGIN - datetime(2000, 1, 1, tzinfo=UTC)).days).astype("int16"),
        "country_iso3": _same(COUNTRY, count),
        "adm1_pcode": adm1,
        "adm2_pcode": adm2,
        "adm1_name": np.array([f"Province {y}" for y in row]),
        "adm2_name": np.array([f"District {y}.{x}" for y, x in zip(row, column, strict=True)]),
        "pcode_match": _same("exact", count),
        "latitude": lat,
        "longitude": lon,
        "geo_precision": np.ones(count, "int8"),
        "mx": mx,
        "my": my,
        "source_org": np.array(PARTNERS)[partner],
        "source": _same(SOURCE, count),
        "content_hash": np.array([hashlib.sha256(str(text).encode()).hexdigest() for text in ids]),
        "label_id": partner.astype("int16"),
        "originator": np.array(PARTNERS)[partner],
        "incident_type": np.array(TYPES)[_skewed(rng, len(TYPES), count, 1.0)],
        "report_kind": _same("event", count),
        "cap_category": _same("Infra", count),
        "severity": np.array(SEVERITIES)[np.digitize(severe, [0.6, 0.85, 0.97])],
        "deaths_best": rng.poisson(np.where(severe > 0.97, 3.0, 0.1)).astype("int32"),
        "injured": rng.poisson(0.4, count).astype("int32"),
        "displaced": (rng.pareto(2.0, count) * 10).astype("int32"),
        "verification": np.array(VERIFICATIONS)[_skewed(rng, len(VERIFICATIONS), count, 1.0)],
    }
    return pa.table(
        [_column(name, kind, values, count) for name, kind in _shape()], schema=FEEDS[INCIDENTS].arrow
    )


def _shape() -> list[tuple[str, pa.DataType]]:
    return [(item.name, item.type) for item in FEEDS[INCIDENTS].arrow]


def _column(name: str, kind: pa.DataType, values: dict[str, object], count: int) -> pa.Array:
    if name not in values:
        return pa.array([[]] * count, kind) if pa.types.is_list(kind) else pa.nulls(count, kind)
    if pa.types.is_dictionary(kind):
        return pa.array(values[name], pa.string()).dictionary_encode().cast(kind)
    return pa.array(values[name]).cast(kind)


def _same(word: str, count: int) -> NDArray[np.str_]:
    return np.full(count, word)


def _skewed(rng: np.random.Generator, kinds: int, count: int, steep: float) -> NDArray[np.int64]:
    weights = 1 / np.arange(1, kinds + 1) ** steep
    return rng.choice(kinds, count, p=weights / weights.sum())


def _positions(rng: np.random.Generator, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Towns, a few of which hold most; each scatters by its size; everything inside the country."""
    places = 220
    lon = rng.uniform(WEST + 0.3, WEST + COLUMNS * SIDE - 0.3, places)
    lat = rng.uniform(SOUTH + 0.3, SOUTH + ROWS * SIDE - 0.3, places)
    spread = rng.uniform(0.02, 0.35, places)
    town = _skewed(rng, places, count, 0.9)
    lon_all = lon[town] + rng.normal(0, 1, count) * spread[town]
    lat_all = lat[town] + rng.normal(0, 1, count) * spread[town]
    edge = 1e-4
    return (
        np.clip(lon_all, WEST + edge, WEST + COLUMNS * SIDE - edge).round(5),
        np.clip(lat_all, SOUTH + edge, SOUTH + ROWS * SIDE - edge).round(5),
    )


def _days(rng: np.random.Generator, count: int) -> NDArray[np.float64]:
    """Days since the beginning: half spread over the year, half in two bursts."""
    kind = rng.random(count)
    quiet = rng.uniform(0, DAYS, count)
    burst = np.where(kind > 0.8, rng.normal(90, 9, count), rng.normal(250, 16, count))
    return np.mod(np.where(kind < 0.5, quiet, burst), DAYS - 3)
