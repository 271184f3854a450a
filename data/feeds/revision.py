"""What laying revisions takes and gives: what is known, what comes in, what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from data.labels import Label

WITHDRAWN = ("cancel", "recall")
"""Messages by which an originator takes a record back."""


@dataclass(frozen=True)
class Known:
    """The newest revision of a record of the store, and its index in the table of newest rows."""

    record_id: str
    native: str
    revision: int
    content_hash: str
    label: Label
    ingested_at: datetime
    received_at: datetime
    msg_type: str
    ended: bool
    row: int


@dataclass(frozen=True)
class Past:
    """An earlier revision of a record of the store."""

    record_id: str
    content_hash: str
    label: Label
    ingested_at: datetime


@dataclass(frozen=True)
class Incoming:
    """A row that came: which record it says something of, and when that was known. `row`: its index."""

    native: str
    content_hash: str
    label: Label
    ingested_at: datetime
    received_at: datetime
    row: int


@dataclass(frozen=True)
class Source:
    """What the records of a source have in common. `held_back`: (when known, native) of rows not taken."""

    prefix: str
    several: bool
    complete: bool
    held_back: frozenset[tuple[datetime, str]] = frozenset()


@dataclass(frozen=True)
class Revision:
    """A revision to be written.

    `row` and `first_row` are indices, of incoming rows from 0 up, of known rows from -1 down. `row` holds
    its content (of an end: the content that ends), `first_row` the values that stay from the first revision.
    `as_stored`: the content is that of a known row as it is, its end included; only the label is another.
    """

    record_id: str
    occurrence: int
    revision: int
    row: int
    first_row: int
    content_hash: str
    label: Label
    ingested_at: datetime
    received_at: datetime
    ended: bool
    superseded_at: datetime | None = None
    superseded_received_at: datetime | None = None
    as_stored: bool = False


@dataclass(frozen=True)
class Superseded:
    """A stored revision that has a next one now."""

    record_id: str
    revision: int
    superseded_at: datetime
    superseded_received_at: datetime


@dataclass(frozen=True)
class Outcome:
    """What the versions amount to. `stale`: by index of an incoming row, why it is held back."""

    revisions: tuple[Revision, ...]
    superseded: tuple[Superseded, ...]
    new: int
    revised: int
    duplicate: int
    ended: int
    stale: Mapping[int, str]
