"""Screens: walls that look without a person, each with a credential of its own that can be taken back.

What a screen is released is what each partner of those who may stand before it is released: its viewer has
one identity for each (release policy, A3 Walls). It is enrolled once: it shows a code, an administrator says
elsewhere which screen that is. Only the hash of its credential is kept. Times are whole seconds since 1970.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from data.clock import Clock, system_clock
from data.errors import ScreenRefused
from data.home import Home
from data.home_database import state_of
from data.partners import Policy
from data.viewer import Identity, Viewer

PREFIX = "screen:"
"""Before the id of a screen's identities; no account and no persona has it."""

IDENTIFIER = re.compile("[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes: without those that are taken for others when read from a wall."""

CODE = re.compile(f"[{LETTERS}]{{8}}")
MOST_NAME = 80
MOST_TOKEN = 64
CODE_HOLDS = timedelta(minutes=15)
UNUSED = timedelta(days=90)
"""A screen that has not asked for so long is to be enrolled again."""

SEEN_EVERY = 60
TABLES = (
    """
CREATE TABLE IF NOT EXISTS screens (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, partners TEXT NOT NULL, clearance TEXT NOT NULL,
    categories TEXT NOT NULL, regions TEXT NOT NULL, credential TEXT NOT NULL, seen_at INTEGER NOT NULL
)""",
    """
CREATE TABLE IF NOT EXISTS screen_codes (code TEXT PRIMARY KEY, screen TEXT NOT NULL, at INTEGER NOT NULL)""",
)
PUT = """
INSERT INTO screens (id, name, partners, clearance, categories, regions, credential, seen_at)
VALUES (?, ?, ?, ?, ?, ?, '', ?)
ON CONFLICT (id) DO UPDATE SET name = excluded.name, partners = excluded.partners,
    clearance = excluded.clearance, categories = excluded.categories, regions = excluded.regions,
    credential = ''
"""
COLUMNS = "id, name, partners, clearance, categories, regions, seen_at"
ALL = f"SELECT {COLUMNS} FROM screens ORDER BY id"  # noqa: S608
OF = f"SELECT {COLUMNS} FROM screens WHERE credential = ? AND credential <> ''"  # noqa: S608
PUT_CODE = "INSERT OR REPLACE INTO screen_codes (code, screen, at) VALUES (?, ?, ?)"
SCREEN_OF = "SELECT screen FROM screen_codes WHERE code = ? AND at > ?"
END_CODE = "DELETE FROM screen_codes WHERE code = ? OR at <= ?"
END_CODES = "DELETE FROM screen_codes WHERE screen = ?"
GIVE = "UPDATE screens SET credential = ?, seen_at = ? WHERE id = ?"
SEE = "UPDATE screens SET seen_at = ? WHERE id = ?"
REMOVE = "DELETE FROM screens WHERE id = ?"


@dataclass(frozen=True)
class Screen:
    """`partners`: whose people may stand before it. `regions` None: bound to none; empty: none at all.

    `seen_at`: when it last asked; None before it has its credential.
    """

    id: str
    name: str
    partners: tuple[str, ...]
    clearance: str
    categories: frozenset[str] = frozenset()
    regions: frozenset[str] | None = None
    seen_at: datetime | None = None

    def viewer(self) -> Viewer:
        """It may look and nothing else; a record is released when each of its partners may see it."""
        return Viewer(
            tuple(
                Identity(
                    f"{PREFIX}{self.id}",
                    self.name,
                    partner,
                    self.clearance,
                    self.categories,
                    self.regions,
                    frozenset({"viewer"}),
                )
                for partner in self.partners
            )
        )


def is_screen(viewer: Viewer) -> bool:
    """Whether a screen looks, and no person."""
    return any(identity.id.startswith(PREFIX) for identity in viewer.identities)


def a_code() -> str:
    """A code for a screen to show: 40 bits, good for CODE_HOLDS, once."""
    return "".join(secrets.choice(LETTERS) for _ in range(8))


@dataclass(frozen=True)
class Screens:
    """All screens of a home. Each method may wait for the disk; HomeError when the state cannot be used."""

    home: Home
    clock: Clock = system_clock

    def enrol(self, code: str, screen: Screen) -> None:
        """Whoever shows this code is this screen, from the next look on.

        Whoever was it before is it no longer, at once: the rights that are said now are meant for elsewhere.

        Raises ScreenRefused for what is no code, and what the policy does not know.
        """
        _check(code, screen, self.home.policy())
        regions = None if screen.regions is None else sorted(screen.regions)
        sets = (list(screen.partners), sorted(screen.categories), regions)
        partners, categories, bound = (json.dumps(one) for one in sets)
        now = self._now()
        with state_of(self.home, TABLES) as state:
            row = (screen.id, screen.name, partners, screen.clearance, categories, bound, 0)
            state.execute(PUT, row)
            state.execute(END_CODES, (screen.id,))
            state.execute(PUT_CODE, (code, screen.id, now))
            state.commit()

    def redeem(self, code: str, before: Callable[[Screen], object] = lambda screen: None) -> str | None:
        """The credential of the screen that this code was enrolled as, told once; None while it was not.

        `before` is told which screen it is; when it raises, the code is as good as it was.
        """
        if not CODE.fullmatch(code) or not self.home.state_file.exists():
            return None
        now = self._now()
        oldest = now - int(CODE_HOLDS.total_seconds())
        with state_of(self.home, TABLES) as state:
            found = state.execute(SCREEN_OF, (code, oldest)).fetchone()
            if found is None:
                return None
            token = secrets.token_urlsafe(16)
            state.execute(END_CODE, (code, oldest))
            state.execute(GIVE, (_hashed(token), now, found[0]))
            before(_screen(state.execute(OF, (_hashed(token),)).fetchone()))
            state.commit()
        return token

    def of(self, token: str) -> Screen | None:
        """The screen with this credential; None when it was taken back, or not used for long."""
        if not token or len(token) > MOST_TOKEN or not self.home.state_file.exists():
            return None
        now = self._now()
        with state_of(self.home, TABLES) as state:
            found = state.execute(OF, (_hashed(token),)).fetchone()
            if found is None or now - found[-1] >= UNUSED.total_seconds():
                return None
            if now - found[-1] >= SEEN_EVERY:
                state.execute(SEE, (now, found[0]))
                state.commit()
        return _screen(found)

    def all(self) -> tuple[Screen, ...]:
        """Every screen, by its id."""
        if not self.home.state_file.exists():
            return ()
        with state_of(self.home, TABLES) as state:
            return tuple(_screen(row) for row in state.execute(ALL).fetchall())

    def revoke(self, screen_id: str) -> None:
        """It is no screen any more, and shows nothing from its next look on. Raises ScreenRefused."""
        with state_of(self.home, TABLES) as state:
            if not state.execute(REMOVE, (screen_id,)).rowcount:
                raise ScreenRefused(f"There is no screen {screen_id!r}.", "See `screens list`.")
            state.execute(END_CODES, (screen_id,))
            state.commit()

    def _now(self) -> int:
        return int(self.clock().timestamp())


def _check(code: str, screen: Screen, policy: Policy) -> None:
    name = screen.name.strip()
    claims = (
        (CODE.fullmatch(code), f"{code!r} is no code of a screen: expected the eight signs that it shows"),
        (IDENTIFIER.fullmatch(screen.id), f"the id {screen.id!r}: expected letters a-z, digits and . _ -"),
        (name and len(name) <= MOST_NAME and name.isprintable(), f"the name {screen.name!r}"),
        (screen.partners, "no partner: expected the code of each whose people may stand before it"),
        (
            set(screen.partners) <= policy.partners.keys(),
            f"the partners {', '.join(screen.partners)}: expected some of {', '.join(policy.partners)}",
        ),
        (
            screen.clearance in policy.levels,
            f"the clearance {screen.clearance!r}: expected one of {', '.join(policy.levels)}",
        ),
        (
            screen.categories <= policy.categories,
            f"the categories {', '.join(sorted(screen.categories))}: expected some of"
            f" {', '.join(sorted(policy.categories)) or 'none'}",
        ),
    )
    for holds, words in claims:
        if not holds:
            raise ScreenRefused(f"The screen cannot be enrolled: {words}.", "Nothing was changed.")


def _screen(row: tuple[str, str, str, str, str, str, int]) -> Screen:
    screen_id, name, partners, clearance, categories, regions, seen = row
    bound = json.loads(regions)
    return Screen(
        id=screen_id,
        name=name,
        partners=tuple(json.loads(partners)),
        clearance=clearance,
        categories=frozenset(json.loads(categories)),
        regions=None if bound is None else frozenset(bound),
        seen_at=datetime.fromtimestamp(seen, UTC) if seen else None,
    )


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
