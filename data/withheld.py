"""A Released without what is withheld on report: made from the snapshot that is there, not anew.

A snapshot of 200,000 rows takes seconds to make; a report must hold with the next answer. So the snapshot is
made as if nothing were withheld, and what rule R1a says of it is applied to the few records that it is about:
they stay for their originator alone (`data.release.is_own`), at every knowledge time and for every purpose.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count, groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.errors import HomeError, StoreUnavailable
from data.home import Home
from data.release import is_own
from data.released import Less, Released
from data.reports import Withheld, withheld_records
from data.schema import FEEDS
from data.unchanged import WhileUnchanged
from data.words import msgid

MOST_IN_A_VIEW = 32
"""Rows that a view leaves out; beyond that a copy is made once, which takes longer and asks faster."""

FOUND = """
SELECT rowid AS row, record_id, stored_id, label_id FROM released.{feed}
WHERE stored_id IN ({marks}) ORDER BY rowid
"""
VIEW = "CREATE VIEW {name}.{feed} AS SELECT *, rowid{less} AS rowid FROM {whole} WHERE {stays}"
COPY = "CREATE TABLE {name}.{feed} AS SELECT * FROM {whole} WHERE {stays} ORDER BY rowid"
FIGURES = """
CREATE VIEW {name}.figures AS SELECT * FROM {whole}
WHERE stored_id NOT IN (SELECT stored_id FROM {name}.withheld)
"""
WITHHELD = "CREATE TABLE {name}.withheld AS SELECT DISTINCT stored_id FROM incoming"
SAME = "CREATE VIEW {name}.{table} AS SELECT * FROM {whole}"
BESIDE = ("reference", "region_points")

Row = Mapping[str, object]


class Reported:
    """What is withheld in a home, applied to one snapshot after another. Safe to use from several threads."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self._known = WhileUnchanged[tuple[Withheld, ...]](home.state_file)
        self._numbers = count(1)

    def records(self) -> tuple[Withheld, ...]:
        """What is withheld now. Raises StoreUnavailable: what is not known to be released is not given."""
        try:
            return self._known.get(lambda: withheld_records(self.home))
        except HomeError as error:
            advice = msgid("The log of the server has the details.")
            raise StoreUnavailable(msgid("The store could not answer."), advice) from error

    def applied(self, whole: Released) -> Released:
        """The snapshot without what is withheld from its viewer; itself where that is nothing."""
        withheld = self.records()
        if not withheld:
            return whole
        made = whole.keep(
            ("withheld", withheld), lambda: _made(whole, withheld, f"{whole.name}_{next(self._numbers)}")
        )
        if isinstance(made, Released):
            return made.asked_by(whole.viewer, whole.now)
        version, marked = made
        return replace(whole, version=version, withheld=marked)


def _made(whole: Released, withheld: Sequence[Withheld], name: str) -> Released | tuple[str, frozenset[str]]:
    """Where nothing is taken out, what is said instead: what a snapshot keeps must not hold the snapshot."""
    made = without(whole, withheld, name)
    return made if made.tables is not whole.tables else (made.version, made.withheld)


def without(whole: Released, withheld: Sequence[Withheld], name: str) -> Released:
    """The snapshot without these records but for their originator, whose own are marked.

    Its version is another than the snapshot's only when it holds one of them. `name`: of its own tables.
    """
    by_feed = {feed: list(records) for feed, records in groupby(withheld, lambda one: one.feed)}
    found = {feed: _rows(whole, feed, by_feed.get(feed, ())) for feed in FEEDS}
    gone = {feed: _gone(whole, rows) for feed, rows in found.items()}
    every = sorted({str(row["record_id"]) for rows in found.values() for row in rows})
    if not every:
        return whole
    lost = {str(row["record_id"]) for rows in gone.values() for row in rows}
    version = hashlib.sha256("\n".join([whole.version, *every]).encode()).hexdigest()[:16]
    marked = replace(whole, version=version, withheld=frozenset(every) - lost)
    if not lost:
        return marked
    places = {feed: np.array([row["row"] for row in rows], np.int64) for feed, rows in gone.items()}
    stored = [str(row["stored_id"]) for rows in gone.values() for row in rows]
    return marked.over(
        name, _statements(whole.tables.names, name, places, stored), Less(whole.tables, places), version
    )


def _rows(whole: Released, feed: str, withheld: Sequence[Withheld]) -> list[Row]:
    ids = [one.record_id for one in withheld]
    sql = FOUND.format(feed=feed, marks=", ".join("?" for _each in ids))
    return list(whole.ask(sql, ids).to_pylist()) if ids else []


def _gone(whole: Released, rows: Sequence[Row]) -> list[Row]:
    """Rule R1a; what it is not known of is gone."""
    labels = whole.labels
    return [
        row
        for row in rows
        if row["label_id"] not in labels or not is_own(whole.viewer, labels[int(str(row["label_id"]))])
    ]


def _statements(
    whole: Mapping[str, str], name: str, places: Mapping[str, NDArray[np.int64]], stored: Sequence[str]
) -> list[tuple[str, pa.Table | None]]:
    ids = pa.table({"stored_id": pa.array(stored, pa.string())})
    made: list[tuple[str, pa.Table | None]] = [
        (f"CREATE SCHEMA {name}", None),
        (WITHHELD.format(name=name), ids),
        (FIGURES.format(name=name, whole=whole["figures"]), None),
    ]
    made += [(SAME.format(name=name, whole=whole[table], table=table), None) for table in BESIDE]
    for feed, rows in places.items():
        stays = f"rowid NOT IN ({', '.join(map(str, rows))})" if len(rows) else "true"
        less = "".join(f" - (rowid > {row})::BIGINT" for row in rows)
        template = VIEW if len(rows) <= MOST_IN_A_VIEW else COPY
        parts = {"name": name, "whole": whole[feed], "feed": feed, "stays": stays, "less": less}
        made.append((template.format(**parts), None))
    return made
