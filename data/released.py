"""What one viewer may see: the relation that every question is asked of.

A Released is made by `Store.released_to` alone (see `data.snapshot`). Its rows are decided and
transformed already, so a question cannot reach what was withheld, and its answers are kept only with it:
there is no cache key without the viewer's policy set.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.columns import Columns
from data.columns_without import ColumnsWithout
from data.filters import LAYER_FEEDS, Filter, in_period, picked, split_region
from data.geography import WHOLE_TURN, Bounds, on_the_world
from data.kept import Kept
from data.labels import Label
from data.policy import Policy
from data.policy_set import PolicySet
from data.regions_shown import RegionIndex
from data.released_tables import Tables
from data.rows import Rows
from data.schema import FEEDS
from data.viewer import Viewer

ANSWERS_KEPT = 256
ROWS_KEPT = 48
"""Rows picked by the last filters; a filter of 200,000 rows is 800 kB."""

THINGS_KEPT = 64
"""What questions made of these rows for their next asking: sorted lists, words as people compare them."""

T = TypeVar("T")

LEFT_OUT = 0.02
"""Share of the outermost places on each side that the opening box leaves out."""

INSIDE = 0.8
"""Share of the placed records from which on the regions loaded are taken for the whole operation."""


@dataclass(frozen=True)
class SnapshotKey:
    """What a released snapshot hangs on. Without the policy set there is no key.

    `policy` is the whole policy's digest, for the server alone: the viewer's own version holds only its
    policy set.
    """

    policy_set: PolicySet
    policy: str
    lake_version: int
    purpose: str


@dataclass(frozen=True)
class Less:
    """What a Released is made from without some rows: those of all, and which rows, rising, of each feed."""

    whole: Tables
    rows: Mapping[str, NDArray[np.int64]]


ROOM = 0.12
"""Share of its size that the opening box gets as room on each side."""


@dataclass(frozen=True)
class Released:
    """Everything released to one viewer, at one state of lake and policy.

    `version` is the viewer's own: it moves only when something released to it moves. `now` is the time of
    this question, `built_at` that of the snapshot, which holds until `holds_until`.
    """

    key: SnapshotKey
    name: str
    version: str
    viewer: Viewer
    policy: Policy
    labels: Mapping[int, Label]
    regions: RegionIndex
    now: datetime
    built_at: datetime
    holds_until: datetime | None
    withheld: frozenset[str] = frozenset()
    """The viewer's own records that are withheld from all others on report, by id."""

    tables: Tables = field(repr=False, kw_only=True)
    digests: Mapping[str, str] = field(repr=False, kw_only=True)
    """Of each feed and of the reference layers, what `version` is made of."""

    _answers: Kept[pa.Table] = field(default_factory=lambda: Kept(ANSWERS_KEPT), repr=False)
    _picked: Kept[Rows] = field(default_factory=lambda: Kept(ROWS_KEPT), repr=False)
    _less: Less | None = field(default=None, repr=False)
    _columns: Kept[Columns] = field(default_factory=lambda: Kept(len(FEEDS)), repr=False)
    _things: Kept[object] = field(default_factory=lambda: Kept(THINGS_KEPT), repr=False)

    def holds_at(self, now: datetime) -> bool:
        """Whether no window, agreement or delay has run out since the snapshot was made."""
        return now >= self.built_at and (self.holds_until is None or now < self.holds_until)

    def asked_by(self, viewer: Viewer, now: datetime) -> Released:
        """The same rows, for this question's viewer and time (the policy set is the same)."""
        return replace(self, viewer=viewer, now=now)

    def ask(self, sql: str, params: Sequence[object] = (), rows: Rows | None = None) -> pa.Table:
        """Ask a question of ours. In its SQL `released.<feed>` is this viewer's relation.

        With `rows`, `picked` is a table of their `row`, which is the relation's rowid.
        """
        stated = self.tables.stated(sql)
        given = tuple(params)
        if rows is None:
            return self._answers.get((stated, given), lambda: self.tables.connection.table(stated, given))
        if rows.key is None:
            raise ValueError("Rows picked by no filter have no key to keep an answer under.")
        picked = pa.table({"row": rows.index})
        return self._answers.get(
            (stated, given, rows.key), lambda: self.tables.connection.table(stated, given, picked=picked)
        )

    def once(self, sql: str, rows: Rows) -> pa.Table:
        """Ask as `ask` does and keep no answer: for what is handed out whole, which nobody asks twice."""
        picked = pa.table({"row": rows.index})
        return self.tables.connection.table(self.tables.stated(sql), picked=picked)

    def own_of_the_lake(self, sql: str, params: Sequence[object], incoming: pa.Table) -> pa.Table:
        """Ask of the lake itself, by a table of ids: for an originator's questions about its own records.

        Nothing is decided here; only `data.became` asks so, which says whose records it means.
        """
        return self.tables.connection.table(sql, params, incoming=incoming)

    def columns(self, feed: str) -> Columns:
        """The released rows of a feed, a column an array."""
        return self._columns.get(feed, lambda: self._read(feed))

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What a question makes of the released rows, kept with them; `key` begins with what kind it is."""
        return self._things.get(key, make)  # type: ignore[return-value]

    def _read(self, feed: str) -> Columns:
        if self._less is not None:
            return ColumnsWithout(self._less.whole.columns(feed), self._less.rows[feed])
        return self.tables.columns(feed)

    def rows(self, asked: Filter, layer: str) -> Rows:
        """The rows of a layer that the filter picks: as known, in the period, and what is filtered."""
        return self._rows(asked, layer, within=True)

    def all_time(self, asked: Filter, layer: str) -> Rows:
        """The same without the period (timelines show the whole operation)."""
        return self._rows(replace(asked, start=None, end=None), layer, within=False)

    def _rows(self, asked: Filter, layer: str, *, within: bool) -> Rows:
        content, known = self.content_at(asked), self.known_at(asked)
        key = (asked, layer, within, content, known if within else None)

        def pick() -> Rows:
            columns = self.columns(LAYER_FEEDS[layer])
            flags = picked(columns, asked, layer, content, self.whole_regions(asked))
            if within:
                flags &= in_period(columns, asked, LAYER_FEEDS[layer], known)
            return Rows(columns, np.flatnonzero(flags).astype(np.int32), key)

        return self._picked.get(key, pick)

    def whole_regions(self, asked: Filter) -> frozenset[str]:
        """The regions that lie whole in the filter's drawn area."""
        return self.regions.within(asked.area) if asked.area is not None else frozenset()

    def known_at(self, asked: Filter) -> datetime:
        """The knowledge time of a question, as it is shown: never later than now, to the minute.

        It hangs on the question alone. The time at which the snapshot happened to be made hangs on what
        came for others too, and is never shown.
        """
        minute = self.now.replace(second=0, microsecond=0)
        return minute if asked.known_at is None else min(asked.known_at, self.now)

    def content_at(self, asked: Filter) -> datetime:
        """The time that picks revisions: nothing changes between `built_at` and now, so answers are kept."""
        return self.built_at if asked.known_at is None else min(asked.known_at, self.now)

    def labels_shown(self, asked: Filter, layers: Sequence[str]) -> tuple[Label, ...]:
        """The distinct labels of what the filter shows, reference layers too: the marking hangs on them."""
        counted = [self.rows(asked, layer).whole("label_id") for layer in layers if layer in LAYER_FEEDS]
        found = {int(label_id) for ids in counted for label_id in np.flatnonzero(np.bincount(ids))}
        beside = "SELECT DISTINCT layer, label_id FROM released.reference WHERE known_from <= ?"
        for row in self.ask(beside, (self.content_at(asked),)).to_pylist():
            found |= {int(row["label_id"])} if row["layer"] in layers else set()
        labels = [self.labels[label_id] for label_id in found]
        return tuple(sorted(labels, key=repr))

    def extent(self, asked: Filter) -> Bounds | None:
        """The box around the area drawn or the regions chosen, else around nearly all that is released.

        The outermost 2 % of places on each side are left out: one ship far out must not make the rest small.
        Where nearly all records lie in provinces or districts that are loaded, these are the operation, and
        what is reported from other countries does not widen the box.
        """
        if asked.area is not None:
            return asked.area.bounds
        if asked.regions:
            return self.regions.bounds_of(tuple(split_region(code)[0] for code in asked.regions))
        every = [self._places(asked, layer, inside=False) for layer in LAYER_FEEDS]
        within = [self._places(asked, layer, inside=True) for layer in LAYER_FEEDS]
        most = sum(len(lon) for lon, _lat in within) >= INSIDE * sum(len(lon) for lon, _lat in every)
        found = within if most else every
        lon, lat = (np.concatenate([places[axis] for places in found]) for axis in (0, 1))
        if not len(lon):
            return None
        shares = (LEFT_OUT, 1 - LEFT_OUT)
        south, north = (float(edge) for edge in np.quantile(lat, shares))
        west, east = (float(edge) for edge in np.quantile(lon, shares))
        if east - west > WHOLE_TURN / 2:
            start, end = (float(edge) for edge in np.quantile(lon % WHOLE_TURN, shares))
            if end - start < east - west:
                west, east = on_the_world(start), on_the_world(end)
        return Bounds(west, south, east, north).padded(ROOM)

    def _places(
        self, asked: Filter, layer: str, *, inside: bool
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Longitudes and latitudes of a layer's records: their own, else their area's label point.

        `inside`: only of records in a province or a district that is loaded.
        """
        rows = self.all_time(Filter(known_at=asked.known_at), layer)
        lon, lat = rows.numbers("longitude"), rows.numbers("latitude")
        precision = rows.whole("geo_precision")
        for column in ("adm2_pcode", "adm1_pcode"):
            codes = rows.codes(column)
            points = [self.regions.by_code.get(word) for word in codes.words]
            at = np.array([(p.label_longitude, p.label_latitude) if p else (np.nan, np.nan) for p in points])
            table = np.vstack([at.reshape(-1, 2), [np.nan, np.nan]])
            missing = np.isnan(lon) & ((precision == 3) | (precision == 4))
            lon = np.where(missing, table[codes.values, 0], lon)
            lat = np.where(missing, table[codes.values, 1], lat)
        placed = ~(np.isnan(lon) | np.isnan(lat))
        if inside:
            loaded = [code for code, region in self.regions.by_code.items() if region.level]
            names = ("adm1_pcode", "adm2_pcode")
            placed &= np.logical_or(*(rows.codes(name).any_of(loaded) for name in names))
        return lon[placed], lat[placed]

    def over(
        self, name: str, statements: Sequence[tuple[str, pa.Table | None]], rows: Less, version: str
    ) -> Released:
        """Another Released over this one's tables: what `statements` make, which may name `incoming`."""
        own = self.tables
        for sql, incoming in statements:
            own.connection.run(sql, **({} if incoming is None else {"incoming": incoming}))
        return replace(
            self,
            name=name,
            version=version,
            tables=Tables.of(own.connection, name, own.freed).above(own),
            _less=rows,
            _answers=Kept(ANSWERS_KEPT),
            _picked=Kept(ROWS_KEPT),
            _columns=Kept(len(FEEDS)),
            _things=Kept(THINGS_KEPT),
        )

    def drop(self) -> None:
        """Free the snapshot's memory."""
        self.tables.connection.run(f"DROP SCHEMA IF EXISTS {self.name} CASCADE")
