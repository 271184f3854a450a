"""A lake in memory, small recipes and small files for the tests of ingest."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.feeds.ingest import NO_OPTIONS, IngestOptions, ingest_into
from data.feeds.recipe import Recipe
from data.feeds.recipe_file import parse_recipe
from data.feeds.report import Report
from data.home import Home
from data.labels import Label
from data.lake import Publication
from data.schema import FEEDS, REGIONS

POLICY = """
[operation]
id = "EX-TEST"
title = "Exercise Test"
kind = "{kind}"
from = 2026-08-01T00:00:00Z
until = 2026-09-30T12:00:00Z
marking = "humanitarian"

[policy]
id = "TEST"
version = "1"
levels = ["OPEN", "SENSITIVE"]
categories = ["medical"]

[[partner]]
code = "XAA"
name = "Aldara"
kind = "state"
service = "civil"

[[partner]]
code = "XAB"
name = "Borland"
kind = "state"
service = "military"
"""

LABEL = {"originator": "XAA", "policy_id": "home", "classification": "OPEN", "releasable_to": ["PUBLIC"]}

EVENTS: Mapping[str, Any] = {
    "feed": "incidents",
    "source": "events",
    "title": "Events",
    "publisher": "Aldara",
    "licence": "none",
    "key": ["id"],
    "identical": "one",
    "complete": False,
    "version": {"column": "listed"},
    "columns": {
        "title": ["name", "Event {id}"],
        "start_at": "from",
        "end_at": "to",
        "description": "text",
        "injured": "injured",
        "verification": {"from": "checked", "values": "checked", "otherwise": "unverified"},
    },
    "constants": {
        "status": "exercise",
        "time_precision": 1,
        "incident_type": "flood",
        "report_kind": "event",
        "cap_category": "Met",
    },
    "values": {"checked": {"yes": "verified", "no": "unverified"}},
    "place": {"country": "country", "adm1": "region", "latitude": "lat", "longitude": "lon"},
    "label": LABEL,
}
COLUMNS = "id name from to text injured checked country region lat lon listed"

PRESENCES: Mapping[str, Any] = {
    "feed": "deployments",
    "source": "presences",
    "title": "Presences",
    "publisher": "Aldara",
    "licence": "none",
    "key": ["town"],
    "identical": "several",
    "complete": True,
    "version": {"column": "listed"},
    "columns": {
        "title": "Presence in {town}",
        "start_at": {"from": "listed", "keep_first": True},
        "reference_period_start": {"from": "listed", "keep_first": True},
        "org_name": "who",
    },
    "constants": {
        "status": "exercise",
        "time_precision": 1,
        "contributor": "UNKNOWN",
        "role": "provider",
        "presence_kind": "humanitarian",
        "activity_type": "medical",
        "capability": "medical",
        "deployment_status": "active",
    },
    "label": LABEL,
}


def events(**different: object) -> Recipe:
    """A recipe of incidents; one fact a row, dated versions."""
    return parse_recipe({**EVENTS, **different}, "events")


def presences(**different: object) -> Recipe:
    """A recipe of presences: complete lists, rows that share a town are several facts."""
    return parse_recipe({**PRESENCES, **different}, "presences")


def event(number: int, **different: str) -> dict[str, str]:
    """A row of the events' file."""
    row = dict.fromkeys(COLUMNS.split(), "")
    row |= {"id": f"E{number}", "name": f"Flood {number}", "from": "2026-09-01", "listed": "2026-09-02"}
    row |= {"country": "LBR", "lat": "6.3", "lon": "-10.8"}
    return {**row, **{name.rstrip("_"): text for name, text in different.items()}}


def presence(town: str, who: str, listed: str) -> dict[str, str]:
    """A row of the presences' file."""
    return {"town": town, "who": who, "listed": listed}


def as_csv(rows: Sequence[Mapping[str, str]]) -> bytes:
    """The rows as a CSV file."""
    text = io.StringIO()
    names = list(rows[0])
    for row in [dict(zip(names, names, strict=True)), *rows]:
        text.write(",".join('"' + row[name].replace('"', '""') + '"' for name in names) + "\n")
    return text.getvalue().encode()


def home_of_kind(path: Path, kind: str = "replay") -> Home:
    """A home with the small policy of these tests."""
    path.mkdir(parents=True, exist_ok=True)
    (path / "policy.toml").write_text(POLICY.format(kind=kind), encoding="utf-8")
    return Home.open(path)


def _among(table: pa.Table, ids: Sequence[str] | None) -> pa.Table:
    return table if ids is None else table.filter(pc.is_in(table["record_id"], pa.array(ids, pa.string())))


class FakeLake:
    """Keeps what is published. `rows` holds every revision of a feed, with its Label beside it."""

    def __init__(self, regions: pa.Table | None = None) -> None:
        self.tables = {name: feed.arrow.empty_table() for name, feed in FEEDS.items()}
        self.labels: list[Label] = []
        self.publications: list[Publication] = []
        self._regions = REGIONS.empty_table() if regions is None else regions

    def newest_rows(
        self, feed: str, originator: str = "", source: str = "", ids: Sequence[str] | None = None
    ) -> pa.Table:
        table = self.tables[feed]
        table = table.filter(pc.is_null(table["superseded_at"]))
        return _among(self._of(table, originator, source) if source else table, ids)

    def revisions(
        self, feed: str, originator: str, source: str, ids: Sequence[str] | None = None
    ) -> pa.Table:
        names = ["record_id", "content_hash", "label_id", "ingested_at"]
        return _among(self._of(self.tables[feed], originator, source).select(names), ids)

    def reached(self, feed: str, originator: str, source: str) -> tuple[datetime | None, datetime | None]:
        newest = self.newest_rows(feed, originator, source)
        return pc.max(newest["start_at"]).as_py(), pc.max(newest["received_at"]).as_py()

    def _of(self, table: pa.Table, originator: str, source: str) -> pa.Table:
        mine = pc.equal(table["originator"].cast(pa.string()), originator)
        return table.filter(pc.and_(mine, pc.equal(table["source"], source)))

    def label(self, label_id: int) -> Label:
        return self.labels[label_id]

    def was_taken(self, content_hash: str, source: str, originator: str = "") -> bool:
        taken = [item.delivery for item in self.publications if item.delivery]
        return any(
            item.content_hash == content_hash
            and item.source == source
            and originator in ("", item.originator)
            for item in taken
        )

    def regions(self) -> pa.Table:
        return self._regions

    def knowledge_ends_at(self) -> datetime | None:
        known = [at for table in self.tables.values() for at in table["ingested_at"].to_pylist()]
        return max(known, default=None)

    def publish(self, *publications: Publication) -> None:
        for item in publications:
            self._publish(item)
            self.publications.append(item)

    def _publish(self, item: Publication) -> None:
        old = self.tables[item.feed].to_pylist()
        gone = {(row["record_id"], row["revision"]): row for row in item.superseded.to_pylist()}
        stored = {(row["record_id"], row["revision"]) for row in old}
        assert gone.keys() <= stored, "superseded a revision that is not there"
        for row in old:
            by = gone.get((row["record_id"], row["revision"]))
            if by:
                assert row["superseded_at"] is None, "superseded twice"
                row |= {name: by[name] for name in ("superseded_at", "superseded_received_at")}
        new = item.rows.to_pylist()
        for row in new:
            row["label_id"] += len(self.labels)
        self.labels += item.labels
        self.tables[item.feed] = pa.Table.from_pylist(old + new, schema=FEEDS[item.feed].arrow)

    def rows(self, feed: str) -> list[dict[str, Any]]:
        """Every revision, in order."""
        return sorted(self.tables[feed].to_pylist(), key=lambda row: (row["record_id"], row["revision"]))


def take(
    lake: FakeLake,
    home: Home,
    recipe: Recipe,
    rows: Sequence[Mapping[str, str]] | bytes,
    options: IngestOptions = NO_OPTIONS,
    name: str = "events.csv",
) -> Report:
    """Ingest rows as a CSV file, or the bytes of a file."""
    content = rows if isinstance(rows, bytes) else as_csv(rows)
    return ingest_into(lake, home, recipe, [(name, content)], options)
