"""What was counted and published, in the home's state.sqlite: rows are only ever added, so a restart
forgets none.
 A record that was counted is marked, and is never counted again, whatever becomes of it: were a figure to
follow records that are cancelled, relabelled or purged one by one, each would show in the difference. So a
figure only grows, by what is enough by itself. The mark is no id: see `data.lake_countable`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

from data.cube.cells import Cell
from data.cube.published import FIGURES, PUBLICATIONS
from data.cube.rules import figure
from data.home import Home
from data.home_database import state_of
from data.policy_versions import add_only

MARKS = "CREATE TABLE IF NOT EXISTS cube_marks (mark TEXT PRIMARY KEY, number INTEGER NOT NULL)"
ADDED = """
CREATE TABLE IF NOT EXISTS cube_added (
    number INTEGER NOT NULL, feed TEXT NOT NULL, area TEXT NOT NULL, category TEXT NOT NULL,
    week TEXT NOT NULL, records INTEGER NOT NULL
)
"""
TABLES: Mapping[str, str] = {
    "cube_publications": PUBLICATIONS,
    "cube_figures": FIGURES,
    "cube_marks": MARKS,
    "cube_added": ADDED,
}

LAST = "SELECT max(as_of) FROM cube_publications"
ALL_MARKS = "SELECT mark FROM cube_marks"
COUNTED = (
    "SELECT feed, area, category, week, sum(records) FROM cube_added GROUP BY feed, area, category, week"
)
ADD_PUBLICATION = "INSERT INTO cube_publications (as_of) VALUES (?)"
ADD_MARK = "INSERT INTO cube_marks (mark, number) VALUES (?, ?)"
ADD = "INSERT INTO cube_added (number, feed, area, category, week, records) VALUES (?, ?, ?, ?, ?, ?)"
ADD_FIGURE = "INSERT INTO cube_figures (number, feed, area, category, week, figure) VALUES (?, ?, ?, ?, ?, ?)"


@dataclass(frozen=True)
class Addition:
    """What is counted in a cell now, and was not before: the marks of its records."""

    cell: Cell
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Kept:
    """The Monday of the last cube, None before the first; every mark; the records counted by cell."""

    last: datetime | None
    marks: tuple[str, ...]
    records: Mapping[Cell, int]


def kept(home: Home) -> Kept:
    """All that was counted so far."""
    with _state(home) as state:
        last = state.execute(LAST).fetchone()[0]
        marks = tuple(str(row[0]) for row in state.execute(ALL_MARKS))
        records = {
            Cell(feed, area, category, date.fromisoformat(week)): int(count)
            for feed, area, category, week, count in state.execute(COUNTED)
        }
    return Kept(datetime.fromisoformat(last) if last else None, marks, records)


def add(home: Home, as_of: datetime, before: Kept, additions: Sequence[Addition]) -> None:
    """One cube more, whole on the disk or not at all."""
    with _state(home) as state:
        number = state.execute(ADD_PUBLICATION, (as_of.isoformat(),)).lastrowid
        for one in additions:
            at = (number, one.cell.feed, one.cell.area, one.cell.category, one.cell.week.isoformat())
            records = before.records.get(one.cell, 0) + len(one.marks)
            state.execute(ADD, (*at, len(one.marks)))
            state.execute(ADD_FIGURE, (*at, figure(records)))
            state.executemany(ADD_MARK, [(mark, number) for mark in one.marks])
        state.commit()


@contextmanager
def _state(home: Home) -> Iterator[sqlite3.Connection]:
    with state_of(home) as state:
        for table, statement in TABLES.items():
            add_only(state, table, statement)
        state.commit()
        yield state
