"""Views that somebody keeps under a name: a page's path and its query, for themselves or for their partner.

They hold no data: who opens one sees what is released to them. They belong to an identity by its id; those of
accounts and of personas never collide (`data.account.PREFIX`).
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from data.clock import system_clock
from data.errors import NotSaved
from data.home import Home
from data.home_database import state_of
from data.viewer import Identity

MOST_VIEWS = 60
"""A persona may keep; more than that nobody finds again."""

MOST_NAME, MOST_QUERY = 60, 8_000

TABLE = """
CREATE TABLE IF NOT EXISTS saved_views (
    id TEXT PRIMARY KEY,
    persona TEXT NOT NULL,
    partner TEXT NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    query TEXT NOT NULL,
    shared INTEGER NOT NULL,
    at TEXT NOT NULL,
    UNIQUE (persona, name)
)
"""
PERSON = "ALTER TABLE saved_views ADD COLUMN person TEXT NOT NULL DEFAULT ''"
"""What the identity is called, for its partner's others. A home of an earlier version gets it here."""

SEEN = """
SELECT id, persona, partner, name, path, query, shared, at, person FROM saved_views
WHERE persona = ? OR (partner = ? AND shared = 1) ORDER BY name, persona
"""
SAVE = """
INSERT INTO saved_views (id, persona, partner, name, path, query, shared, at, person)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (persona, name) DO UPDATE SET path = excluded.path, query = excluded.query,
    shared = excluded.shared, at = excluded.at, partner = excluded.partner, person = excluded.person
"""
OTHERS = "SELECT count(*) FROM saved_views WHERE persona = ? AND name <> ?"
REMOVE = "DELETE FROM saved_views WHERE id = ? AND persona = ?"


@dataclass(frozen=True)
class SavedView:
    """`path` and `query` make its address. `shared`: the partner's others see it too. `at`: UTC.

    `persona` is the id of the identity that keeps it, `person` its name.
    """

    id: str
    persona: str
    partner: str
    name: str
    path: str
    query: str
    shared: bool
    at: datetime
    person: str = ""

    @property
    def address(self) -> str:
        """Where it leads."""
        return f"{self.path}?{self.query}" if self.query else self.path


@contextmanager
def _state(home: Home) -> Iterator[sqlite3.Connection]:
    with state_of(home) as state:
        state.execute(TABLE)
        if "person" not in {row[1] for row in state.execute("PRAGMA table_info(saved_views)")}:
            state.execute(PERSON)
        yield state


def name_of(given: object) -> str:
    """A name as it is kept: one line, no control signs; empty for what is none."""
    if not isinstance(given, str):
        return ""
    name = " ".join(given.split())
    return name if name.isprintable() and len(name) <= MOST_NAME else ""


def views_of(home: Home, who: Identity) -> tuple[SavedView, ...]:
    """Their own, and those that their partner's others share; by name."""
    if not home.state_file.exists():
        return ()
    with _state(home) as state:
        rows = state.execute(SEEN, (who.id, who.partner)).fetchall()
    return tuple(_view(*row) for row in rows)


def _view(*row: object) -> SavedView:
    texts = [str(value) for value in row]
    identity, persona, partner, name, path, query, shared, at, person = texts
    when = datetime.fromisoformat(at)
    return SavedView(identity, persona, partner, name, path, query, shared == "1", when, person or persona)


def save(home: Home, who: Identity, name: str, address: tuple[str, str], *, shared: bool) -> None:
    """Keep `address` (path, query) under a name of theirs; one of the same name is replaced.

    Raises NotSaved: for a name that is none (`name`), a query too long (`long`), too many views (`many`).
    """
    path, query = address
    if not name_of(name):
        raise NotSaved("name")
    if len(query) > MOST_QUERY:
        raise NotSaved("long")
    with _state(home) as state:
        if state.execute(OTHERS, (who.id, name_of(name))).fetchone()[0] >= MOST_VIEWS:
            raise NotSaved("many")
        at = system_clock().replace(microsecond=0).isoformat()
        row = (
            secrets.token_hex(8),
            who.id,
            who.partner,
            name_of(name),
            path,
            query,
            int(shared),
            at,
            who.name,
        )
        state.execute(SAVE, row)
        state.commit()


def remove(home: Home, who: Identity, identity: str) -> None:
    """Only one's own: of another's nothing is removed, and nothing is told."""
    with _state(home) as state:
        state.execute(REMOVE, (identity, who.id))
        state.commit()
