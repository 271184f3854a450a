"""Credentials of feed operators: a partner's system posts records with one, and can do nothing else.

A credential belongs to one partner and one feed, names the source under which its records stand, and says the
label where a record does not. Only the hash of its secret is kept. Times are whole seconds since 1970.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from data.clock import Clock, system_clock
from data.errors import CredentialRefused
from data.feeds.recipe_file import recipes
from data.home import Home
from data.home_database import state_of
from data.labels import PUBLIC
from data.partners import OPERATOR
from data.policy_table import is_code
from data.schema import FEED_NAMES
from data.viewer import Identity, Viewer

PREFIX = "credential:"
"""Before the id of a credential's identity; no account, persona or screen has it."""

IDENTIFIER = re.compile("[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
"""Of a credential and of a source, which is a part of record ids."""

SECRET_START = "wf_"
"""So that a secret that was left in some file is found by those who look for such."""

SECRET_BYTES = 24
MOST_SECRET = 80
SEEN_EVERY = 60
TABLES = (
    """
CREATE TABLE IF NOT EXISTS credentials (
    id TEXT PRIMARY KEY, partner TEXT NOT NULL, feed TEXT NOT NULL, source TEXT NOT NULL, label TEXT NOT NULL,
    secret TEXT NOT NULL UNIQUE, seen_at INTEGER NOT NULL
)""",
)
COLUMNS = "id, partner, feed, source, label, seen_at"
ADD = """
INSERT INTO credentials (id, partner, feed, source, label, secret, seen_at) VALUES (?, ?, ?, ?, ?, ?, 0)
"""
ALL = f"SELECT {COLUMNS} FROM credentials ORDER BY id"  # noqa: S608
OF = f"SELECT {COLUMNS} FROM credentials WHERE secret = ?"  # noqa: S608
SEE = "UPDATE credentials SET seen_at = ? WHERE id = ?"
REMOVE = "DELETE FROM credentials WHERE id = ?"


@dataclass(frozen=True)
class Credential:
    """Whose it is, and what its records are: `level` and `releasable_to` None are said by each record.

    `seen_at`: when it last posted or asked; None: never.
    """

    id: str
    partner: str
    feed: str
    source: str
    level: str | None = None
    releasable_to: tuple[str, ...] | None = None
    seen_at: datetime | None = None

    def viewer(self) -> Viewer:
        """Whoever posts with it. It is cleared for nothing: nothing is ever released to it."""
        roles = frozenset({OPERATOR})
        return Viewer((Identity(f"{PREFIX}{self.id}", self.id, self.partner, "", roles=roles),))


@dataclass(frozen=True)
class Credentials:
    """All credentials of a home. Each method may wait for the disk; HomeError when that cannot be used."""

    home: Home
    clock: Clock = system_clock

    def add(self, credential: Credential) -> str:
        """Its secret, told once. Raises CredentialRefused: unknown to the policy, or the id is taken."""
        self._check(credential)
        secret = SECRET_START + secrets.token_urlsafe(SECRET_BYTES)
        label = json.dumps([credential.level, credential.releasable_to])
        said = (credential.id, credential.partner, credential.feed, credential.source)
        row = (*said, label, _hashed(secret))
        with state_of(self.home, TABLES) as state:
            try:
                state.execute(ADD, row)
            except sqlite3.IntegrityError:
                raise CredentialRefused(
                    f"The id {credential.id!r} belongs to a credential already.",
                    "Choose another, or take that one back with `credentials revoke`.",
                ) from None
            state.commit()
        return secret

    def of(self, secret: str) -> Credential | None:
        """The credential with this secret; None when there is none, or it was taken back."""
        usable = secret.startswith(SECRET_START) and len(secret) <= MOST_SECRET
        if not usable or not self.home.state_file.exists():
            return None
        now = int(self.clock().timestamp())
        with state_of(self.home, TABLES) as state:
            found = state.execute(OF, (_hashed(secret),)).fetchone()
            if found is not None and now - found[-1] >= SEEN_EVERY:
                state.execute(SEE, (now, found[0]))
                state.commit()
        return _credential(found) if found is not None else None

    def all(self) -> tuple[Credential, ...]:
        """Every credential, by its id."""
        if not self.home.state_file.exists():
            return ()
        with state_of(self.home, TABLES) as state:
            return tuple(_credential(row) for row in state.execute(ALL).fetchall())

    def revoke(self, credential_id: str) -> None:
        """Nobody posts with it from now on; what it posted stays. Raises CredentialRefused."""
        with state_of(self.home, TABLES) as state:
            if not state.execute(REMOVE, (credential_id,)).rowcount:
                raise CredentialRefused(
                    f"There is no credential {credential_id!r}.", "See `credentials list`."
                )
            state.commit()

    def _check(self, credential: Credential) -> None:
        policy = self.home.policy()
        codes = (*policy.partners, *policy.groups, PUBLIC)
        unknown = [code for code in credential.releasable_to or () if code not in codes]
        claims = (
            (IDENTIFIER.fullmatch(credential.id), f"the id {credential.id!r}: expected a-z, 0-9 and dashes"),
            (
                IDENTIFIER.fullmatch(credential.source),
                f"the source {credential.source!r}: expected a-z, 0-9 and dashes",
            ),
            (
                credential.feed in FEED_NAMES,
                f"the feed {credential.feed!r}: expected one of {', '.join(FEED_NAMES)}",
            ),
            (
                credential.source not in {recipe.source for recipe in recipes()},
                f"the source {credential.source!r}: files come from a source of this name",
            ),
            (
                not [one for one in self.all() if _shares_ids(one, credential)],
                f"the source {credential.source!r}: another feed of {credential.partner} has records of it",
            ),
            (
                is_code(credential.partner) and credential.partner in policy.partners,
                f"the partner {credential.partner!r}: expected one of {', '.join(policy.partners)}",
            ),
            (
                credential.level is None or credential.level in policy.levels,
                f"the level {credential.level!r}: expected one of {', '.join(policy.levels)}",
            ),
            (not unknown, f"{', '.join(unknown)} in releasable_to: expected some of {', '.join(codes)}"),
        )
        for holds, words in claims:
            if not holds:
                raise CredentialRefused(f"The credential cannot be made: {words}.", "Nothing was changed.")


def _shares_ids(one: Credential, other: Credential) -> bool:
    """A record's id says its source and not its feed."""
    return (one.partner, one.source) == (other.partner, other.source) and one.feed != other.feed


def _credential(row: tuple[str, str, str, str, str, int]) -> Credential:
    credential_id, partner, feed, source, label, seen = row
    level, releasable_to = json.loads(label)
    return Credential(
        credential_id,
        partner,
        feed,
        source,
        level,
        None if releasable_to is None else tuple(releasable_to),
        datetime.fromtimestamp(seen, UTC) if seen else None,
    )


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
