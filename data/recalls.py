"""Files that originators recalled: which, when, by whom. In the home's state.sqlite, and only added to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.home_database import state_of
from data.policy_versions import IS_THERE, add_only

if TYPE_CHECKING:
    from data.home import Home

TABLE = """
CREATE TABLE IF NOT EXISTS recalled_extracts (
    extract TEXT NOT NULL, originator TEXT NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL,
    roles TEXT NOT NULL, records INTEGER NOT NULL, PRIMARY KEY (extract, originator)
)
"""
ADD = "INSERT OR IGNORE INTO recalled_extracts VALUES (?, ?, ?, ?, ?, ?)"
ALL = "SELECT extract, originator, at, who, roles, records FROM recalled_extracts ORDER BY rowid"


@dataclass(frozen=True)
class Recall:
    """An originator wants every copy of a file destroyed. `records`: of its own that it was recalled for."""

    extract: str
    originator: str
    at: datetime
    who: str
    roles: tuple[str, ...]
    records: int


def recalls(home: Home) -> tuple[Recall, ...]:
    """All of them, the first first. Makes nothing in the home."""
    if not home.state_file.exists():
        return ()
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("recalled_extracts",)).fetchone()[0]:
            return ()
        return tuple(
            Recall(extract, originator, datetime.fromisoformat(at), who, tuple(roles.split()), records)
            for extract, originator, at, who, roles, records in state.execute(ALL)
        )


def add_recall(home: Home, recall: Recall) -> None:
    """Add one; it is on the disk when this returns. A second one for the same file and originator is not."""
    at, roles = recall.at.isoformat(), " ".join(recall.roles)
    with state_of(home) as state:
        add_only(state, "recalled_extracts", TABLE)
        state.execute(ADD, (recall.extract, recall.originator, at, recall.who, roles, recall.records))
        state.commit()
