"""Stories become rows: a record and its revisions, with every column of its feed filled or null."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

import pyarrow as pa
import shapely

from data.feeds.contents import content_hashes
from data.geography import day_number, mercator
from data.labels import label_hash
from data.sample.labels import LABELS
from data.sample.land import Sector
from data.sample.places import SECTORS_VERSION
from data.sample.sources import Source
from data.schema import FEEDS

OPERATION = "EX-NORTHERN-PASSAGE"
LICENCE = "Exercise use only"

DRAWN_AS_POINT = (1, 2, 7)

LIST_COLUMNS = {
    name: [column.name for column in feed.columns if pa.types.is_list(column.type)]
    for name, feed in FEEDS.items()
}
ALL_LABELS = tuple(LABELS.values())
LABEL_NUMBERS = {name: n for n, name in enumerate(LABELS)}


@dataclass(frozen=True)
class Spot:
    """Where a record is: precision as in data.schema.GEO_PRECISIONS, degrees as (lon, lat)."""

    precision: int
    country: str | None = None
    sector: Sector | None = None
    name: str | None = None
    at: tuple[float, float] | None = None
    line: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Telling:
    """One revision of a story: when it became known, under which label, what it says."""

    known_at: datetime
    label: str
    says: dict[str, object]
    msg_type: str = "update"


@dataclass
class Story:
    """A record: its source, its id there, and its revisions in the order in which they were told.

    `ahead`: what happens to it after the scenario's end, at the time when its partner learns of it. The
    sample has none of it; who plays the exercise tells it (`data.sample.going_on`).
    """

    source: Source
    native_id: str
    tellings: list[Telling] = field(default_factory=list)
    ahead: list[Telling] = field(default_factory=list)

    @property
    def record_id(self) -> str:
        """`<originator>:<source>:<native id>`."""
        return f"{self.source.originator}:{self.source.name}:{self.native_id}"


def where(spot: Spot) -> dict[str, object]:
    """The place columns of a spot. Areas carry codes and no position, lines a geometry and no point."""
    sector = spot.sector
    second = sector if spot.precision != 4 else None
    found = {1: "spatial", 2: "spatial", 5: "spatial", 3: "exact", 4: "exact"}.get(spot.precision, "none")
    columns: dict[str, object] = {
        "country_iso3": spot.country,
        "adm1_pcode": sector.parent if sector else None,
        "adm1_name": sector.parent_name if sector else None,
        "adm2_pcode": second.code if second else None,
        "adm2_name": second.name if second else None,
        "provider_country": spot.country,
        "provider_adm1_name": sector.parent_name if sector else None,
        "provider_adm2_name": second.name if second else None,
        "provider_pcode": (second.code if second else sector.parent) if sector and found == "exact" else None,
        "location_name": spot.name,
        "geo_precision": spot.precision,
        "pcode_match": found if sector else "none",
        "pcode_valid_from": SECTORS_VERSION if sector else None,
    }
    return columns | _drawn(spot)


def _drawn(spot: Spot) -> dict[str, object]:
    if spot.line:
        shape = shapely.LineString(spot.line)
        xmin, ymin, xmax, ymax = shape.bounds
        box = {"xmin": xmin, "ymin": ymin, "xmax": xmax, "ymax": ymax}
        return {"geometry": shapely.to_wkb(shape), "bbox": box}
    if spot.at is None:
        return {}
    lon, lat = round(spot.at[0], 5), round(spot.at[1], 5)
    mx, my = mercator(lon, lat) if spot.precision in DRAWN_AS_POINT else (None, None)
    box = {"xmin": lon, "ymin": lat, "xmax": lon, "ymax": lat}
    shape = shapely.to_wkb(shapely.Point(lon, lat))
    return {"longitude": lon, "latitude": lat, "geometry": shape, "bbox": box, "mx": mx, "my": my}


def to_table(feed: str, stories: Iterable[Story]) -> pa.Table:
    """All revisions of the stories as the feed's table, in the order in which they became known.

    `label_id` counts in `tuple(LABELS.values())` from 0.
    """
    rows = [row for story in stories for row in _rows(feed, story)]
    rows.sort(key=lambda row: (row["ingested_at"], row["record_id"], row["revision"]))
    names = FEEDS[feed].arrow.names
    values: dict[str, list[Any]] = {name: [row.get(name) for row in rows] for name in names}
    values["content_hash"] = content_hashes(values, len(rows), ())
    bound = zip(values["label_id"], values["content_hash"], values["record_id"], strict=True)
    values["label_hash"] = [
        label_hash(ALL_LABELS[number], content, record) for number, content, record in bound
    ]
    return pa.Table.from_pydict(values, schema=FEEDS[feed].arrow)


def _rows(feed: str, story: Story) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for number, telling in enumerate(story.tellings, 1):
        row: dict[str, object] = {name: [] for name in LIST_COLUMNS[feed]}
        row |= {name: _whole_minute(value) for name, value in telling.says.items()}
        row |= _core(story, telling, number)
        start = row["start_at"]
        assert isinstance(start, datetime)
        row["day"] = day_number(start)
        rows.append(row)
    for row, following in pairwise(rows):
        row["superseded_at"] = following["ingested_at"]
        row["superseded_received_at"] = following["received_at"]
    return rows


def _whole_minute(value: object) -> object:
    return value.replace(second=0, microsecond=0) if isinstance(value, datetime) else value


def _core(story: Story, telling: Telling, number: int) -> dict[str, object]:
    source = story.source
    label = LABELS[telling.label]
    if label.originator != source.originator:
        raise ValueError(f"{story.record_id} cannot carry the label {telling.label!r} of another originator")
    return {
        "record_id": story.record_id,
        "revision": number,
        "msg_type": "new" if number == 1 else telling.msg_type,
        "status": "exercise",
        "operation": OPERATION,
        "ingested_at": telling.known_at,
        "received_at": telling.known_at,
        "source_org": source.org,
        "source_org_code": source.originator,
        "source_name": source.title,
        "source_licence": LICENCE,
        "source": source.name,
        "label_id": LABEL_NUMBERS[telling.label],
        "originator": source.originator,
        "label_created_at": telling.known_at,
    }
