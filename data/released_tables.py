"""The tables in memory that a Released asks of, and how long they stay.

A snapshot has a schema of its own. Where a later snapshot shows the same rows of a feed, it asks of the
earlier one's table. A schema is freed when nobody can ask of it any more: whoever does holds its lease, and
no clock says how long a question may take.
"""

from __future__ import annotations

import re
import weakref
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Protocol

import pyarrow as pa

from data.columns import Columns
from data.kept import Kept
from data.schema import FEEDS

RELATIONS = (*FEEDS, "figures", "reference", "region_points")
ASKED = re.compile(r"\breleased\.([a-z_]+)")


class Asks(Protocol):
    """What a Released needs of the store's connection."""

    def table(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> pa.Table:
        """The answer as an Arrow table."""

    def run(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> None:
        """Carry out a statement."""


class Lease:
    """Whoever holds it keeps a schema in memory."""

    def __init__(self, schema: str, freed: deque[str]) -> None:
        weakref.finalize(self, freed.append, schema)


@dataclass(frozen=True)
class Tables:
    """By relation its table. `leases`, by schema, keep them; the name of one that nobody keeps is `freed`."""

    connection: Asks
    names: Mapping[str, str]
    leases: Mapping[str, Lease]
    freed: deque[str]
    _columns: Mapping[str, Kept[Columns]] = field(
        default_factory=lambda: {feed: Kept(1) for feed in FEEDS}, repr=False
    )
    """By feed, so that the arrays of a table go with it to whoever shares it."""

    @classmethod
    def of(cls, connection: Asks, schema: str, freed: deque[str]) -> Tables:
        """Those of a schema."""
        names = {name: f"{schema}.{name}" for name in RELATIONS}
        return cls(connection, MappingProxyType(names), {schema: Lease(schema, freed)}, freed)

    def sharing(self, other: Tables, same: Sequence[str]) -> Tables:
        """With another's tables for these relations, which it keeps; and with nothing else of the other."""
        theirs = {name: other.names[name] for name in same}
        used = {table.partition(".")[0] for table in theirs.values()}
        leases = {**self.leases, **{schema: other.leases[schema] for schema in used}}
        read = {feed: other._columns[feed] for feed in FEEDS if feed in same}
        names = MappingProxyType({**self.names, **theirs})
        return replace(self, names=names, leases=leases, _columns={**self._columns, **read})

    def above(self, other: Tables) -> Tables:
        """As views into another's tables, which it keeps."""
        return replace(self, leases={**self.leases, **other.leases})

    def stated(self, sql: str) -> str:
        """A question of ours with the tables in the place of `released.<relation>`."""
        return ASKED.sub(lambda found: self.names[found[1]], sql)

    def columns(self, feed: str) -> Columns:
        """The rows of a feed, a column an array."""
        return self._columns[feed].get(feed, lambda: self._read(feed))

    def _read(self, feed: str) -> Columns:
        """The columns are read later, by somebody who may hold them alone: they keep the tables."""
        name = self.names[feed]
        count = self.connection.table(f"SELECT count(*) FROM {name}").column(0)[0].as_py()  # noqa: S608
        lease = self.leases[name.partition(".")[0]]
        return Columns(int(count), partial(_column, self.connection, name, lease))


def _column(connection: Asks, name: str, lease: Lease, sql: str) -> pa.ChunkedArray:
    del lease
    return connection.table(f"SELECT {sql} AS value FROM {name}").column(0)  # noqa: S608
