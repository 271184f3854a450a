"""The published cube, as everybody is shown it: figures that were published, and nothing else.
 This is the second door, and all that the web knows of the cube. It asks for no viewer because the answer
is the same for each; it reads no lake, and of the home's state only the two tables of what was published. A
cell that is not in it was held back or is empty, and nobody can tell which.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from data.home_database import state_of
from data.policy_versions import IS_THERE

if TYPE_CHECKING:
    from data.home import Home

PUBLICATIONS = """
CREATE TABLE IF NOT EXISTS cube_publications (
    number INTEGER PRIMARY KEY AUTOINCREMENT, as_of TEXT NOT NULL UNIQUE
)
"""
FIGURES = """
CREATE TABLE IF NOT EXISTS cube_figures (
    number INTEGER NOT NULL, feed TEXT NOT NULL, area TEXT NOT NULL, category TEXT NOT NULL,
    week TEXT NOT NULL, figure INTEGER NOT NULL, PRIMARY KEY (feed, category, week, area, number)
)
"""
LAST = "SELECT max(as_of) FROM cube_publications"
HELD = "SELECT DISTINCT feed, category, week FROM cube_figures ORDER BY feed, category, week"
SLICE = """
SELECT area, week, figure, max(number) FROM cube_figures
WHERE feed = ? AND category = ? AND week >= ? AND week <= ? GROUP BY area, week ORDER BY area, week
"""


@dataclass(frozen=True)
class PublishedCube:
    """What may be chosen. `as_of`: the Monday of the last cube, None before the first. `held`: the ISO
    years that have figures, by feed and category."""

    as_of: datetime | None = None
    held: Mapping[tuple[str, str], tuple[int, ...]] | None = None

    def years(self, feed: str, category: str) -> tuple[int, ...]:
        """ISO years with figures of a category."""
        return (self.held or {}).get((feed, category), ())


def published(home: Home) -> PublishedCube:
    """What was published so far."""
    if not home.state_file.exists():
        return PublishedCube()
    with state_of(home) as state:
        if not _is_there(state):
            return PublishedCube()
        last = state.execute(LAST).fetchone()[0]
        found: dict[tuple[str, str], dict[int, None]] = {}
        for feed, category, week in state.execute(HELD):
            found.setdefault((feed, category), {})[date.fromisoformat(week).isocalendar().year] = None
    as_of = datetime.fromisoformat(last) if last else None
    return PublishedCube(as_of, {key: tuple(years) for key, years in found.items()})


def figures(home: Home, feed: str, category: str, weeks: tuple[date, ...]) -> Mapping[tuple[str, date], int]:
    """The figures of one category in these weeks, by area and week: the last one published of each cell."""
    if not weeks or not home.state_file.exists():
        return {}
    with state_of(home) as state:
        if not _is_there(state):
            return {}
        asked = (feed, category, weeks[0].isoformat(), weeks[-1].isoformat())
        rows = state.execute(SLICE, asked).fetchall()
    return {(area, date.fromisoformat(week)): int(count) for area, week, count, _number in rows}


def _is_there(state: sqlite3.Connection) -> bool:
    return bool(state.execute(IS_THERE, ("cube_figures",)).fetchone()[0])
