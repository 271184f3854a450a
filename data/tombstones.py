"""What is left of records that were purged: which, when, by whom and why; and counts where they may stay."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.home_database import state_of
from data.policy_versions import IS_THERE, add_only

if TYPE_CHECKING:
    from data.home import Home

TABLE = """
CREATE TABLE IF NOT EXISTS purged (
    record_id TEXT NOT NULL, feed TEXT NOT NULL, revisions INTEGER NOT NULL,
    at TEXT NOT NULL, who TEXT NOT NULL, why TEXT NOT NULL
)
"""
AGGREGATES = """
CREATE TABLE IF NOT EXISTS kept_aggregates (
    agreement TEXT NOT NULL, feed TEXT NOT NULL, area TEXT NOT NULL, month TEXT NOT NULL,
    records INTEGER NOT NULL
)
"""
ENDS = """
CREATE TABLE IF NOT EXISTS agreements_carried_out (agreement TEXT NOT NULL, at TEXT NOT NULL)
"""
ADD = "INSERT INTO purged (record_id, feed, revisions, at, who, why) VALUES (?, ?, ?, ?, ?, ?)"
ALL = "SELECT record_id, feed, revisions, at, who, why FROM purged ORDER BY rowid"
ADD_AGGREGATE = "INSERT INTO kept_aggregates (agreement, feed, area, month, records) VALUES (?, ?, ?, ?, ?)"


ADD_END = "INSERT INTO agreements_carried_out (agreement, at) VALUES (?, ?)"
ALL_ENDS = "SELECT agreement, max(at) FROM agreements_carried_out GROUP BY agreement"


@dataclass(frozen=True)
class Tombstone:
    """A record that is gone. `why`: the agreement that ended, or that it was asked for."""

    record_id: str
    feed: str
    revisions: int
    at: datetime
    who: str
    why: str


@dataclass(frozen=True)
class Aggregate:
    """How many records of a feed began in a month in an area of the first level."""

    feed: str
    area: str
    month: str
    records: int


def tombstones(home: Home) -> tuple[Tombstone, ...]:
    """All of them, the first first. Makes nothing in the home."""
    if not home.state_file.exists():
        return ()
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("purged",)).fetchone()[0]:
            return ()
        return tuple(
            Tombstone(record, feed, revisions, datetime.fromisoformat(at), who, why)
            for record, feed, revisions, at, who, why in state.execute(ALL)
        )


def lay(home: Home, found: Iterable[Tombstone], agreement: str, aggregates: Iterable[Aggregate]) -> None:
    """Add tombstones, and the counts that an agreement lets stay; all of it is on the disk, or nothing."""
    with state_of(home) as state:
        add_only(state, "purged", TABLE)
        add_only(state, "kept_aggregates", AGGREGATES)
        rows = [
            (one.record_id, one.feed, one.revisions, one.at.isoformat(), one.who, one.why) for one in found
        ]
        state.executemany(ADD, rows)
        counts = [(agreement, one.feed, one.area, one.month, one.records) for one in aggregates]
        state.executemany(ADD_AGGREGATE, counts)
        state.commit()


def note_end(home: Home, agreement: str, at: datetime) -> None:
    """What an agreement says of its end was carried out at this time."""
    with state_of(home) as state:
        add_only(state, "agreements_carried_out", ENDS)
        state.execute(ADD_END, (agreement, at.isoformat()))
        state.commit()


def ends_carried_out(home: Home) -> dict[str, datetime]:
    """When, last, by the id of the agreement. Makes nothing in the home."""
    if not home.state_file.exists():
        return {}
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("agreements_carried_out",)).fetchone()[0]:
            return {}
        return {agreement: datetime.fromisoformat(at) for agreement, at in state.execute(ALL_ENDS)}
