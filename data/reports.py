"""Reports of unsafe or wrong data, and what the originator decided: kept in the home's state.sqlite.

Rows are only added. A record is withheld from its first open report on (release rule R1a) until its
originator releases it again: a report stays open, or is kept withheld, until then. Nothing here waits for
whoever writes the lake.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from data.home_database import state_of
from data.policy_versions import IS_THERE, add_only

if TYPE_CHECKING:
    from data.home import Home

REASONS = ("unsafe", "wrong", "contact", "place", "other")
"""Why: it puts people at risk, it is wrong, it names people or how to reach them, it tells a place too
finely, or something that the remark says."""

KEPT, RELEASED = "kept", "released"
"""What an originator may decide: it stays withheld, for now; it is released again."""

TABLES = {
    "reports": """
CREATE TABLE IF NOT EXISTS reports (
    id TEXT PRIMARY KEY, at TEXT NOT NULL, record_id TEXT NOT NULL, revision INTEGER NOT NULL,
    feed TEXT NOT NULL, originator TEXT NOT NULL, reason TEXT NOT NULL, remark TEXT NOT NULL,
    who TEXT NOT NULL, person TEXT NOT NULL, partner TEXT NOT NULL, roles TEXT NOT NULL
)""",
    "report_decisions": """
CREATE TABLE IF NOT EXISTS report_decisions (
    report TEXT NOT NULL, at TEXT NOT NULL, how TEXT NOT NULL, who TEXT NOT NULL, partner TEXT NOT NULL
)""",
}
BY_REPORT = "CREATE INDEX IF NOT EXISTS report_decisions_of ON report_decisions (report, how)"
"""What is withheld is asked before every answer: it must not read every decision for every report."""

ADD = "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
FORGET_REMARK = "UPDATE reports SET remark = '' WHERE record_id = ?"
DECIDE = "INSERT INTO report_decisions (report, at, how, who, partner) VALUES (?, ?, ?, ?, ?)"
ALL = """
SELECT r.id, r.at, record_id, revision, feed, originator, reason, remark, r.who, person, r.partner, roles,
    d.how, d.at, d.partner
FROM reports AS r LEFT JOIN (
    SELECT report, how, at, partner, max(rowid) FROM report_decisions GROUP BY report
) AS d ON d.report = r.id
"""
EVERY = ALL + " ORDER BY r.rowid"
WITHHELD = """
SELECT feed, record_id, originator FROM reports AS r
WHERE NOT EXISTS (SELECT 1 FROM report_decisions AS d WHERE d.report = r.id AND d.how = 'released')
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""


@dataclass(frozen=True)
class Report:
    """One report. `record_id`, `revision`: as they are stored; the server's own, for its originator alone.

    `who` is the id of a person, `person` its name. `decided`: KEPT, RELEASED, or empty while it is open.
    """

    id: str
    at: datetime
    record_id: str
    revision: int
    feed: str
    originator: str
    reason: str
    remark: str
    who: str
    person: str
    partner: str
    roles: tuple[str, ...]
    decided: str = ""
    decided_at: datetime | None = None
    decided_by: str = ""

    @property
    def withholds(self) -> bool:
        """Whether the record is withheld by it."""
        return self.decided != RELEASED


@dataclass(frozen=True, order=True)
class Withheld:
    """A record that is withheld on report."""

    feed: str
    record_id: str
    originator: str


Check = Callable[[tuple[Report, ...]], None]
"""Is given every report there is while nobody else adds or decides one; when it raises, nothing is done."""


def _unchecked(_known: tuple[Report, ...]) -> None:
    return


def add_report(home: Home, report: Report, check: Check = _unchecked) -> None:
    """Add a report; it is on the disk, and holds, when this returns."""
    with _alone(home, check) as state:
        at, roles = report.at.isoformat(), " ".join(report.roles)
        about = (report.record_id, report.revision, report.feed, report.originator)
        by = (report.who, report.person, report.partner, roles)
        state.execute(ADD, (report.id, at, *about, report.reason, report.remark, *by))
        state.commit()


def decide_reports(
    home: Home,
    reports: Iterable[Report],
    how: str,
    at: datetime,
    by: tuple[str, str],
    check: Check = _unchecked,
) -> None:
    """Add what was decided about each; `by`: the id of a person, and its partner."""
    with _alone(home, check) as state:
        state.executemany(DECIDE, [(report.id, at.isoformat(), how, *by) for report in reports])
        state.commit()


@contextmanager
def _alone(home: Home, check: Check) -> Iterator[sqlite3.Connection]:
    """Many at once must not each find that there is room for one more, or that nothing is decided yet."""
    with state_of(home) as state:
        _make(state)
        state.execute("BEGIN IMMEDIATE")
        check(tuple(_report(row) for row in state.execute(EVERY)))
        yield state


def forget_remarks(home: Home, record_ids: Collection[str]) -> None:
    """What people said of records that are purged goes with them; that they were reported stays.

    The one change to what was written: a remark may say what stood in the record.
    """
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("reports",)).fetchone()[0]:
            return
        state.execute("BEGIN IMMEDIATE")
        state.execute("DROP TRIGGER IF EXISTS reports_UPDATE")
        state.executemany(FORGET_REMARK, [(one,) for one in record_ids])
        _make(state)
        state.commit()


def all_reports(home: Home) -> tuple[Report, ...]:
    """Every report, the first first. Makes nothing in the home."""
    return tuple(_report(row) for row in _rows(home, EVERY))


def withheld_records(home: Home) -> tuple[Withheld, ...]:
    """What is withheld on report now. Asked before every answer, so it reads no more than that."""
    return tuple(Withheld(*row) for row in _rows(home, WITHHELD))


def about(reports: Iterable[Report], record_ids: Collection[str]) -> tuple[Report, ...]:
    """Those that withhold one of these records."""
    return tuple(one for one in reports if one.withholds and one.record_id in record_ids)


def _rows(home: Home, sql: str) -> list[tuple[str, ...]]:
    if not home.state_file.exists():
        return []
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("report_decisions",)).fetchone()[0]:
            return []
        return state.execute(sql).fetchall()


def _make(state: sqlite3.Connection) -> None:
    for table, statement in TABLES.items():
        add_only(state, table, statement)
    state.execute(BY_REPORT)


def _report(row: tuple[object, ...]) -> Report:
    number, at, record_id, revision, feed, originator, reason, remark, who, person, partner, roles, *end = (
        str(value or "") for value in row
    )
    decided, decided_at, decided_by = end
    return Report(
        *(number, datetime.fromisoformat(at), record_id, int(revision), feed, originator, reason, remark),
        *(who, person, partner, tuple(roles.split()), decided),
        datetime.fromisoformat(decided_at) if decided_at else None,
        decided_by,
    )
