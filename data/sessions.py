"""Sessions of people who signed in: kept in the home's state, known to the browser by a random id alone.

A session says who signed in and by which way, and what an identity provider said of them. Partner, groups,
clearance, categories, regions and roles are no part of it: they are looked up at every request, so that a
change is in force with the next one (release policy, A5). Times are real time, in whole seconds since 1970.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import MappingProxyType

from data.clock import Clock, system_clock
from data.home import Home
from data.home_database import state_of

ID_BYTES = 16
"""128 bits. Only their hash is kept: who reads the home's state cannot take a session over."""

MOST_TOKEN = 64
IDLE, ABSOLUTE = timedelta(hours=8), timedelta(hours=24)
TOUCHED_EVERY = 60
"""Seconds: a session in use is written down once a minute, not at each of a page's many questions."""

SET_BACK = 120
"""Seconds that the clock may go back (it is set right now and then) before a session counts as forged."""

TABLE = """
CREATE TABLE IF NOT EXISTS sessions (
    id_hash TEXT PRIMARY KEY,
    who TEXT NOT NULL,
    claims TEXT NOT NULL,
    began_at INTEGER NOT NULL,
    used_at INTEGER NOT NULL
)
"""
OF = "SELECT who, claims, began_at, used_at FROM sessions WHERE id_hash = ?"
BEGIN = "INSERT INTO sessions (id_hash, who, claims, began_at, used_at) VALUES (?, ?, ?, ?, ?)"
TOUCH = "UPDATE sessions SET used_at = ? WHERE id_hash = ? AND used_at < ?"
END = "DELETE FROM sessions WHERE id_hash = ?"
END_ALL = "DELETE FROM sessions WHERE who = ?"
END_OLD = "DELETE FROM sessions WHERE used_at <= ? OR began_at <= ?"


@dataclass(frozen=True)
class Session:
    """Somebody who signed in. `who` is the id of an identity (`account:alice`).

    `claims`: what its provider said when it signed in.
    """

    who: str
    claims: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Sessions:
    """All sessions of a home. Each method may wait for the disk; HomeError when the state cannot be used."""

    home: Home
    clock: Clock = system_clock

    def begin(self, session: Session, former: str = "") -> str:
        """A new session; its id, told once. `former`, the id the browser came with, ends: no id is kept."""
        token, now = secrets.token_urlsafe(ID_BYTES), self._now()
        with self._state() as state:
            state.execute(END, (_hashed(former),))
            state.execute(END_OLD, (now - int(IDLE.total_seconds()), now - int(ABSOLUTE.total_seconds())))
            state.execute(BEGIN, (_hashed(token), session.who, json.dumps(dict(session.claims)), now, now))
            state.commit()
        return token

    def of(self, token: str, *, used: bool = True) -> Session | None:
        """The session with this id, when it is still one. One that is over is removed.

        `used`: somebody did something, so it is not idle.
        """
        if not token or len(token) > MOST_TOKEN or not self.home.state_file.exists():
            return None
        key, now = _hashed(token), self._now()
        with self._state() as state:
            found = state.execute(OF, (key,)).fetchone()
            if found is None:
                return None
            who, claims, began, used_at = found
            if _is_over(began, used_at, now):
                state.execute(END, (key,))
                state.commit()
                return None
            if used and now - used_at >= TOUCHED_EVERY:
                state.execute(TOUCH, (now, key, now))
                state.commit()
        return Session(str(who), MappingProxyType(json.loads(claims)))

    def end(self, token: str) -> None:
        """Sign out here."""
        with self._state() as state:
            state.execute(END, (_hashed(token),))
            state.commit()

    def end_all(self, who: str) -> None:
        """Sign out everywhere: every session of this identity ends."""
        with self._state() as state:
            end_all(state, who)
            state.commit()

    def _now(self) -> int:
        return int(self.clock().timestamp())

    @contextmanager
    def _state(self) -> Iterator[sqlite3.Connection]:
        with state_of(self.home) as state:
            state.execute(TABLE)
            yield state


def end_all(state: sqlite3.Connection, who: str) -> None:
    """End every session of this identity within somebody's own statement of the state."""
    state.execute(TABLE)
    state.execute(END_ALL, (who,))


def _is_over(began: int, used: int, now: int) -> bool:
    """Idle or old; or from a time that has not come, which a clock that was set back could keep alive."""
    idle, old = now - used >= IDLE.total_seconds(), now - began >= ABSOLUTE.total_seconds()
    return idle or old or used - now > SET_BACK


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
