"""What people decided about names: who made which names one organisation, or parted them, and when.

Kept in the home's state.sqlite, one row a decision, in order. Rows are only ever added: the register is what
follows from all of them, so a decision is taken back by another one, and both can be read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from data.home import Home
from data.home_database import state_of

MERGE, SPLIT = "merge", "split"

TABLE = """
CREATE TABLE IF NOT EXISTS organisation_decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    persona TEXT NOT NULL,
    partner TEXT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('merge', 'split')),
    code TEXT NOT NULL,
    names TEXT NOT NULL
)
"""
NEVER_CHANGED = """
CREATE TRIGGER IF NOT EXISTS organisation_decisions_{verb} BEFORE {verb} ON organisation_decisions
BEGIN SELECT RAISE(ABORT, 'a decision stays as it was taken'); END
"""
ADD = (
    "INSERT INTO organisation_decisions (at, persona, partner, action, code, names) VALUES (?, ?, ?, ?, ?, ?)"
)
ALL = "SELECT at, persona, partner, action, code, names FROM organisation_decisions ORDER BY number"
IS_THERE = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'organisation_decisions'"


@dataclass(frozen=True)
class Decision:
    """`at`: real time, UTC. `code`: into or out of which organisation. `names`: as the feeds write them."""

    at: datetime
    persona: str
    partner: str
    action: str
    code: str
    names: tuple[str, ...]


def decisions(home: Home) -> tuple[Decision, ...]:
    """All decisions, the first one first. Makes nothing in the home."""
    if not home.state_file.exists():
        return ()
    with state_of(home) as state:
        if not state.execute(IS_THERE).fetchone()[0]:
            return ()
        return tuple(_decision(row) for row in state.execute(ALL))


def record(home: Home, decision: Decision) -> None:
    """Add a decision; it is on the disk when this returns."""
    with state_of(home) as state:
        for statement in (TABLE, *(NEVER_CHANGED.format(verb=verb) for verb in ("UPDATE", "DELETE"))):
            state.execute(statement)
        names = json.dumps(list(decision.names), ensure_ascii=False)
        said = (decision.persona, decision.partner, decision.action, decision.code, names)
        state.execute(ADD, (decision.at.isoformat(), *said))
        state.commit()


def _decision(row: tuple[str, ...]) -> Decision:
    at, persona, partner, action, code, names = row
    return Decision(datetime.fromisoformat(at), persona, partner, action, code, tuple(json.loads(names)))
