"""What one viewer may see: the relation that every question is asked of.

A Released is made by `Store.released_to` alone (see `data.snapshot`). Its rows are decided and
transformed already, so a question cannot reach what was withheld, and its answers are kept only with it:
there is no cache key without the viewer's policy set.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from data.filters import (
    LAYER_FEEDS,
    Clause,
    Filter,
    and_all,
    as_known,
    condition,
    in_period,
    split_region,
)
from data.geography import Bounds
from data.labels import Label
from data.policy import Policy
from data.policy_set import PolicySet
from data.regions_shown import RegionIndex
from data.viewer import Viewer

ANSWERS_KEPT = 256


PLACES_OF = """
SELECT coalesce(t.longitude, r.longitude) AS lon, coalesce(t.latitude, r.latitude) AS lat
FROM released.{feed} AS t LEFT JOIN released.region_points AS r ON t.geo_precision IN (3, 4)
    AND r.code = coalesce(t.adm2_pcode, t.adm1_pcode)
WHERE {where}
"""
EXTENT = """
SELECT quantile_cont(lon, 0.05) AS west, quantile_cont(lat, 0.05) AS south, quantile_cont(lon, 0.95) AS east,
    quantile_cont(lat, 0.95) AS north
FROM ({parts}) WHERE lon IS NOT NULL AND lat IS NOT NULL
"""


class Asks(Protocol):
    """What Released needs of the store's connection."""

    def table(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> pa.Table:
        """The answer as an Arrow table."""

    def run(self, sql: str, params: Sequence[object] = (), **tables: pa.Table) -> None:
        """Carry out a statement."""


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


ROOM = 0.12
"""Share of its size that the opening box gets as room on each side."""


class Answers:
    """The last answers of one snapshot, by question and parameters."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, tuple[object, ...]], pa.Table] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, sql: str, params: tuple[object, ...], ask: Callable[[], pa.Table]) -> pa.Table:
        """The kept answer, else a fresh one."""
        key = (sql, params)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        answer = ask()
        with self._lock:
            self._kept[key] = answer
            while len(self._kept) > ANSWERS_KEPT:
                self._kept.popitem(last=False)
        return answer


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
    _connection: Asks = field(repr=False)
    _answers: Answers = field(default_factory=Answers, repr=False)

    def holds_at(self, now: datetime) -> bool:
        """Whether no window, agreement or delay has run out since the snapshot was made."""
        return now >= self.built_at and (self.holds_until is None or now < self.holds_until)

    def asked_by(self, viewer: Viewer, now: datetime) -> Released:
        """The same rows, for this question's viewer and time (the policy set is the same)."""
        return replace(self, viewer=viewer, now=now)

    def ask(self, sql: str, params: Sequence[object] = ()) -> pa.Table:
        """Ask a question of ours. In its SQL `released.<feed>` is this viewer's relation."""
        stated = sql.replace("released.", f"{self.name}.")
        given = tuple(params)
        return self._answers.get(stated, given, lambda: self._connection.table(stated, given))

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

    def condition(self, asked: Filter, layer: str) -> Clause:
        """All conditions of a filter on one layer: as known, in the period, and what is filtered."""
        return and_all(
            [self.all_time(asked, layer), in_period(asked, LAYER_FEEDS[layer], self.known_at(asked))]
        )

    def all_time(self, asked: Filter, layer: str) -> Clause:
        """The same without the period (timelines show the whole operation)."""
        return and_all([as_known(self.content_at(asked)), condition(asked, layer)])

    def labels_shown(self, asked: Filter, layers: Sequence[str]) -> tuple[Label, ...]:
        """The distinct labels of the rows that the filter shows: the marking is computed from them."""
        found: set[int] = set()
        for layer in layers:
            if layer not in LAYER_FEEDS:
                continue
            where = self.condition(asked, layer)
            sql = f"SELECT DISTINCT label_id FROM released.{LAYER_FEEDS[layer]} WHERE {where.sql}"  # noqa: S608
            found.update(self.ask(sql, where.params).column(0).to_pylist())
        labels = [self.labels[label_id] for label_id in found]
        return tuple(sorted(labels, key=repr))

    def extent(self, asked: Filter) -> Bounds | None:
        """The box around the regions chosen, else around nearly everything of the operation released to you.

        The outermost 5 % of places on each side are left out: one ship far out must not make the rest small.
        """
        if asked.regions:
            return self.regions.bounds_of(tuple(split_region(code)[0] for code in asked.regions))
        stands, feeds = as_known(self.content_at(asked)), tuple(dict.fromkeys(LAYER_FEEDS.values()))
        parts = " UNION ALL ".join(PLACES_OF.format(feed=feed, where=stands.sql) for feed in feeds)
        answer = self.ask(EXTENT.format(parts=parts), stands.params * len(feeds))
        values = list(answer.to_pylist()[0].values())
        return None if None in values else Bounds(*values).padded(ROOM)

    def drop(self) -> None:
        """Free the snapshot's memory."""
        self._connection.run(f"DROP SCHEMA IF EXISTS {self.name} CASCADE")
