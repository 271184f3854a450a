"""What waits for two releasers: kept in the home's state.sqlite beside the approvals. Rows are only added."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from data.home_database import state_of
from data.labels import Label
from data.policy_versions import IS_THERE, add_only

if TYPE_CHECKING:
    from data.home import Home

IN_FORCE, LAPSED = "in force", "lapsed"

TABLES = {
    "policy_staged": """
CREATE TABLE IF NOT EXISTS policy_staged (
    number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, who TEXT NOT NULL, partner TEXT NOT NULL,
    compared TEXT NOT NULL, text BLOB, labels TEXT NOT NULL, owners TEXT NOT NULL, words TEXT NOT NULL
)""",
    "policy_approvals": """
CREATE TABLE IF NOT EXISTS policy_approvals (
    staged INTEGER NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL, partner TEXT NOT NULL,
    PRIMARY KEY (staged, who)
)""",
    "policy_closed": """
CREATE TABLE IF NOT EXISTS policy_closed (staged INTEGER PRIMARY KEY, at TEXT NOT NULL, how TEXT NOT NULL)""",
}
ADD = (
    "INSERT INTO policy_staged (at, who, partner, compared, text, labels, owners, words)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
ALL = (
    "SELECT number, s.at, who, partner, compared, text, labels, owners, words, how FROM policy_staged AS s"
    " LEFT JOIN policy_closed AS c ON c.staged = s.number ORDER BY number"
)
APPROVALS = "SELECT at, who, partner FROM policy_approvals WHERE staged = ? ORDER BY at"
APPROVE = "INSERT INTO policy_approvals (staged, at, who, partner) VALUES (?, ?, ?, ?)"
CLOSE = "INSERT INTO policy_closed (staged, at, how) VALUES (?, ?, ?)"


@dataclass(frozen=True)
class Approval:
    """Who approved, and when."""

    at: datetime
    who: str
    partner: str


@dataclass(frozen=True)
class Told:
    """A change in words. `lines`: all of it, with figures over everybody's records, for whoever sits at the
    machine. `terms`: what the texts say, without a figure. `figures`: by originator, of its records alone."""

    lines: tuple[str, ...]
    terms: tuple[str, ...] = ()
    figures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Staged:
    """A change that waits. `compared`: the digest of the policy in force that it was compared with. `text`: a
    policy to put in force, or None. `labels`: by record the newest revision compared, and the label it is to
    get. `owners`: originators of these records. `closed`: in force, lapsed, or empty while it is open."""

    number: int
    at: datetime
    who: str
    partner: str
    compared: str
    text: bytes | None
    labels: Mapping[str, tuple[int, Label]]
    owners: tuple[str, ...]
    told: Told
    approvals: tuple[Approval, ...]
    closed: str


def stage(
    home: Home,
    by: tuple[str, str],
    at: datetime,
    compared: str,
    text: bytes | None,
    labels: Mapping[str, tuple[int, Label]],
    told: Told,
) -> Staged:
    """Add a change that waits."""
    said = {record: (revision, asdict(label)) for record, (revision, label) in labels.items()}
    with state_of(home) as state:
        _make(state)
        owners = sorted({label.originator for _, label in labels.values()})
        texts = (json.dumps(one) for one in (said, owners, asdict(told)))
        row = (at.isoformat(), *by, compared, text, *texts)
        state.execute(ADD, row)
        state.commit()
    return staged(home)[-1]


def staged(home: Home) -> tuple[Staged, ...]:
    """Everything that was ever staged, the first first. Makes nothing in the home."""
    if not home.state_file.exists():
        return ()
    with state_of(home) as state:
        if not state.execute(IS_THERE, ("policy_staged",)).fetchone()[0]:
            return ()
        rows = state.execute(ALL).fetchall()
        return tuple(_staged(row, state.execute(APPROVALS, (row[0],)).fetchall()) for row in rows)


def add_approval(home: Home, number: int, at: datetime, who: str, partner: str) -> None:
    """Add an approval; it is on the disk when this returns."""
    with state_of(home) as state:
        state.execute(APPROVE, (number, at.isoformat(), who, partner))
        state.commit()


def close(home: Home, number: int, at: datetime, how: str) -> None:
    """The change waits no longer."""
    with state_of(home) as state:
        state.execute(CLOSE, (number, at.isoformat(), how))
        state.commit()


def _make(state: sqlite3.Connection) -> None:
    for table, statement in TABLES.items():
        add_only(state, table, statement)


def _staged(row: tuple[object, ...], approvals: list[tuple[str, str, str]]) -> Staged:
    number, at, who, partner, compared, text, labels, owners, words, how = row
    said = json.loads(str(labels))
    return Staged(
        number=int(str(number)),
        at=datetime.fromisoformat(str(at)),
        who=str(who),
        partner=str(partner),
        compared=str(compared),
        text=bytes(text) if isinstance(text, bytes) else None,
        labels={record: (revision, _label(label)) for record, (revision, label) in said.items()},
        owners=tuple(json.loads(str(owners))),
        told=_told(json.loads(str(words))),
        approvals=tuple(Approval(datetime.fromisoformat(one), *rest) for one, *rest in approvals),
        closed=str(how or ""),
    )


def _told(said: Mapping[str, Any]) -> Told:
    figures = {code: tuple(lines) for code, lines in said["figures"].items()}
    return Told(tuple(said["lines"]), tuple(said["terms"]), figures)


def _label(said: Mapping[str, object]) -> Label:
    return Label(**{name: tuple(v) if isinstance(v, list) else v for name, v in said.items()})  # type: ignore[arg-type]
