"""The spool: what was posted stands on the disk, whole, before it is acknowledged, until the worker took it.

One SQLite database in the home's `spool` folder: a delivery and the key that makes it one are a single
transaction, so a post that is repeated after a lost answer is the same delivery, and a kill at any point
leaves it there or not. Deliveries are taken in the order in which they were acknowledged.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from data.clock import Clock, system_clock
from data.credentials import Credential
from data.errors import HomeError, KeyReused, SpoolFull
from data.home import Home
from data.lake_purge import compact

WAITING, TAKEN, REFUSED = "waiting", "taken", "refused"
WAIT_SECONDS = 10.0
MOST_WAITING = 10_000
MOST_WAITING_BYTES = 1024 * 2**20
"""Beyond either nothing more is taken: a worker that is away must not fill the disk."""

SHARE = 4
"""Of both a partner has one part in so many: it must not take all of it from the others."""

KEPT = timedelta(days=30)
"""What became of a delivery can be asked, and its key is remembered, for so long after it came."""

TABLES = (
    """
CREATE TABLE IF NOT EXISTS posted (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, credential TEXT NOT NULL,
    partner TEXT NOT NULL, said TEXT NOT NULL, feed TEXT NOT NULL, key TEXT NOT NULL, form TEXT NOT NULL,
    sha256 TEXT NOT NULL, at TEXT NOT NULL, state TEXT NOT NULL, told TEXT NOT NULL, content BLOB,
    UNIQUE (credential, key)
)""",
    "CREATE INDEX IF NOT EXISTS posted_waiting ON posted (number) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS posted_at ON posted (at)",
)
SAME_KEY = "SELECT id, feed, sha256, at, state, told, partner FROM posted WHERE credential = ? AND key = ?"
OF = "SELECT id, feed, sha256, at, state, told, partner FROM posted WHERE id = ? AND partner = ?"
LOAD = """
SELECT count(*), coalesce(sum(length(content)), 0), count(*) FILTER (WHERE partner = ?1),
    coalesce(sum(length(content)) FILTER (WHERE partner = ?1), 0)
FROM posted WHERE state = 'waiting'
"""
HOW_MANY = "SELECT count(*) FROM posted WHERE state = 'waiting'"
ADD = """
INSERT INTO posted (id, credential, partner, said, feed, key, form, sha256, at, state, told, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', '', ?)
"""
FORGET = "DELETE FROM posted WHERE state <> 'waiting' AND at < ?"
NEXT = """
SELECT number, id, said, feed, form, at, content FROM posted WHERE state = 'waiting' ORDER BY number LIMIT ?
"""
END = "UPDATE posted SET state = ?, told = ?, content = NULL WHERE number = ?"
EMPTY = "UPDATE posted SET told = '' WHERE partner = ? AND state <> 'waiting'"


@dataclass(frozen=True)
class Posted:
    """A delivery as its partner may read of it. `told`: what became of it, in JSON; empty while it waits."""

    id: str
    feed: str
    sha256: str
    at: datetime
    state: str
    told: str
    partner: str


@dataclass(frozen=True)
class Delivered:
    """A delivery that waits for the worker: who posted what. `form`: records (JSON) or arrow."""

    number: int
    id: str
    credential: Credential
    feed: str
    form: str
    at: datetime
    content: bytes


@dataclass(frozen=True)
class Spool:
    """The spool of a home. HomeError when it cannot be used."""

    home: Home
    clock: Clock = system_clock

    def put(self, credential: Credential, key: str, form: str, content: bytes) -> Posted:
        """Keep a delivery; of one that was posted before under this key, what it is now.

        Raises KeyReused when it was another delivery, and SpoolFull when too much waits already. A key is
        one of the credential as it is: whoever gets its id later, or another label, has keys of its own.
        """
        digest, now, feed = hashlib.sha256(content).hexdigest(), self.clock(), credential.feed
        said = json.dumps({**asdict(credential), "seen_at": None})
        whose = f"{credential.id} {hashlib.sha256(said.encode()).hexdigest()[:16]}"
        with self._open() as spool:
            spool.execute("BEGIN IMMEDIATE")
            found = spool.execute(SAME_KEY, (whose, key)).fetchone()
            if found is not None:
                return _same(_posted(found), digest)
            spool.execute(FORGET, (_text(now - KEPT),))
            waiting, size, own, own_size = spool.execute(LOAD, (credential.partner,)).fetchone()
            is_full = waiting >= MOST_WAITING or size + len(content) > MOST_WAITING_BYTES
            most, most_size = max(1, MOST_WAITING // SHARE), max(1, MOST_WAITING_BYTES // SHARE)
            if is_full or own >= most or (own and own_size + len(content) > most_size):
                raise SpoolFull
            delivery = Posted(secrets.token_hex(16), feed, digest, now, WAITING, "", credential.partner)
            row = (delivery.id, whose, credential.partner, said, feed, key, form, digest, _text(now))
            spool.execute(ADD, (*row, content))
            spool.commit()
        return delivery

    def of(self, delivery_id: str, partner: str) -> Posted | None:
        """A delivery of this partner; None when there is none, or none any more."""
        if not self._file.exists():
            return None
        with self._open() as spool:
            found = spool.execute(OF, (delivery_id, partner)).fetchone()
        return _posted(found) if found is not None else None

    def waiting(self, most: int = 1) -> Sequence[Delivered]:
        """The oldest that wait."""
        if not self._file.exists():
            return ()
        with self._open() as spool:
            return [_delivered(row) for row in spool.execute(NEXT, (most,)).fetchall()]

    def how_many_wait(self) -> int:
        """How many deliveries wait."""
        if not self._file.exists():
            return 0
        with self._open() as spool:
            return int(spool.execute(HOW_MANY).fetchone()[0])

    def end(self, outcomes: Iterable[tuple[Delivered, str, str]]) -> None:
        """Each was taken or refused, and this became of it: its content is in the lake, or nowhere."""
        with self._open() as spool:
            spool.executemany(END, [(state, told, one.number) for one, state, told in outcomes])
            spool.commit()

    def forget(self, partners: Iterable[str]) -> None:
        """What was told of their deliveries, and every byte of content that is no delivery's any more."""
        if not self._file.exists():
            return
        with self._open() as spool:
            spool.executemany(EMPTY, [(partner,) for partner in partners])
            spool.commit()
        compact(self._file)

    @property
    def _file(self) -> Path:
        return self.home.spool / "posted.sqlite"

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.home.spool.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=WAIT_SECONDS)) as spool:
                spool.execute("PRAGMA journal_mode = WAL")
                spool.execute("PRAGMA synchronous = FULL")
                spool.execute("PRAGMA secure_delete = ON")  # what was taken is in the lake alone
                for table in TABLES:
                    spool.execute(table)
                spool.commit()
                yield spool
        except (sqlite3.Error, OSError) as error:
            raise HomeError(
                f"The home's spool cannot be used: {error}.",
                "Check that its disk has room and may be written to; nothing that was acknowledged is lost.",
            ) from error


def _same(found: Posted, digest: str) -> Posted:
    if found.sha256 != digest:
        raise KeyReused
    return found


def _posted(row: tuple[str, str, str, str, str, str, str]) -> Posted:
    delivery_id, feed, digest, at, state, told, partner = row
    return Posted(delivery_id, feed, digest, datetime.fromisoformat(at), state, told, partner)


def _delivered(row: tuple[int, str, str, str, str, str, bytes]) -> Delivered:
    number, delivery_id, said, feed, form, at, content = row
    told = json.loads(said)
    releasable_to = told.pop("releasable_to")
    credential = Credential(**told, releasable_to=None if releasable_to is None else tuple(releasable_to))
    return Delivered(number, delivery_id, credential, feed, form, datetime.fromisoformat(at), content)


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
