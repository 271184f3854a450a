"""Every policy that was ever in force in a home: its text, its hash, when, who and how. Kept for good.

In the home's state.sqlite, one row a change, in order; rows are only ever added. `in_force` is what follows
from them: the last whole one, and those it has been held to since.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.home_database import state_of

if TYPE_CHECKING:
    from data.home import Home

FOUND, BY_HAND, APPLIED, HELD_TO, APPROVED = "found", "by hand", "applied", "held to", "approved"
"""How a version came: it was there, the file was edited, `policy apply`, as a bound only, two releasers."""

TABLE = """
CREATE TABLE IF NOT EXISTS policy_versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, who TEXT NOT NULL, partner TEXT NOT NULL, how TEXT NOT NULL,
    hash TEXT NOT NULL, text BLOB NOT NULL
)
"""
NEVER_CHANGED = """
CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, 'what was written here stays as it is'); END
"""
ADD = "INSERT INTO policy_versions (at, who, partner, how, hash, text) VALUES (?, ?, ?, ?, ?, ?)"
ALL = "SELECT number, at, who, partner, how, hash, text FROM policy_versions ORDER BY number"
IS_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = ?"


@dataclass(frozen=True)
class Version:
    """`at`: real time, UTC. `who`: the id of a person. `how`: see above. `hash`: SHA-256 of `text`."""

    number: int
    at: datetime
    who: str
    partner: str
    how: str
    hash: str
    text: bytes


def hash_of(text: bytes) -> str:
    """SHA-256 of a policy's file, hex."""
    return hashlib.sha256(text).hexdigest()


def add_only(state: sqlite3.Connection, table: str, statement: str) -> None:
    """Make a table of ours whose rows are never changed."""
    state.execute(statement)
    for verb in ("UPDATE", "DELETE"):
        state.execute(NEVER_CHANGED.format(table=table, verb=verb))


def versions(home: Home) -> tuple[Version, ...]:
    """All versions, the first one first. Makes nothing in the home."""
    if not home.state_file.exists():
        return ()
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("policy_versions",)).fetchone()[0]:
            return ()
        return tuple(
            Version(number, datetime.fromisoformat(at), who, partner, how, digest, bytes(text))
            for number, at, who, partner, how, digest, text in state.execute(ALL)
        )


def add_version(home: Home, text: bytes, who: tuple[str, str], how: str, at: datetime) -> Version:
    """Add a version; it is on the disk when this returns. `who`: the id of a person, and its partner."""
    with state_of(home) as state:
        add_only(state, "policy_versions", TABLE)
        state.execute(ADD, (at.isoformat(), *who, how, hash_of(text), text))
        state.commit()
    return versions(home)[-1]


def in_force(known: tuple[Version, ...]) -> tuple[Version, ...]:
    """The last whole version, then those it has been held to since; none when nothing was recorded."""
    whole = [place for place, version in enumerate(known) if version.how != HELD_TO]
    return known[whole[-1] :] if whole else ()
