"""What we knew, and when: the times at which a picture changed, and what differs between two of them.

Between two knowledge times one and the same filter is asked twice, of what was known then and of what is
known later. What differs is new, corrected or withdrawn. Only released rows are compared, so a change of
what is withheld is no change (decision 0015).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.area_marks import CATEGORY
from data.columns import NO_TIME, Columns, Flags
from data.filters import LAYER_FEEDS, Filter, in_period, meant, picked
from data.released import Released
from data.rows import MICROSECONDS_A_DAY, Rows, microseconds, moment
from data.schema import DEPLOYMENTS
from data.transform import released_columns, released_value

ChangeKind = Literal["new", "corrected", "withdrawn"]
CHANGE_KINDS: tuple[ChangeKind, ...] = get_args(ChangeKind)
Crossing = Literal["", "entered", "left"]

MOST_CHANGES = 200
"""Changes a list gives: the newest. The counts are of all."""

UNSAID = frozenset(
    {"revision", "received_at", "day", "msg_type", "label_created_at", "mx", "my", "geometry", "bbox"}
)
"""Columns whose difference says nothing to a reader, or what another column says as well."""

PAIR = """
SELECT s.rowid AS row, s.known_from AS known_from, {columns}
FROM lake.{feed} AS t JOIN released.{feed} AS s
    ON s.stored_id = t.record_id AND s.stored_revision = t.revision
WHERE s.rowid IN (SELECT row FROM picked)
"""


@dataclass(frozen=True)
class Step:
    """Some neighbouring knowledge times, the last of them `at`, and how much of the picture they changed."""

    at: datetime
    new: int
    corrected: int
    withdrawn: int


@dataclass(frozen=True)
class Change:
    """One record that differs. `crossing`: a correction by which it entered the filter, or left it.

    `values` are those of the later state (withdrawn, left: of the earlier one); `differs` says by column what
    it was and what it is.
    """

    kind: ChangeKind
    crossing: Crossing
    layer: str
    known_at: datetime
    values: Mapping[str, object]
    differs: tuple[tuple[str, object, object], ...] = ()


@dataclass(frozen=True)
class Changes:
    """Everything that differs: how many by layer and kind, and the newest of them."""

    since: datetime
    until: datetime
    counts: Mapping[tuple[str, ChangeKind], int]
    newest: tuple[Change, ...]


@dataclass(frozen=True)
class Changed:
    """The rows of one layer that differ, by kind (its place in CHANGE_KINDS).

    `before` and `after` are rows of the snapshot, of one and the same record each; -1 where there is none.
    `at`: when the later state became known, microseconds.
    """

    layer: str
    kind: NDArray[np.int8]
    before: NDArray[np.int64]
    after: NDArray[np.int64]
    at: NDArray[np.int64]
    columns: Columns

    def rows(self, kind: ChangeKind) -> Rows:
        """The rows to be drawn of a kind: the later state, of what was withdrawn the earlier one."""
        of_kind = self.kind == CHANGE_KINDS.index(kind)
        shown = np.where(self.after < 0, self.before, self.after)[of_kind]
        return Rows(self.columns, np.sort(shown).astype(np.int32), None)


def steps(released: Released, asked: Filter, layers: Sequence[str], most: int) -> tuple[Step, ...]:
    """The times at which the picture of this filter changed up to its knowledge time, the oldest first.

    Where there are more days than `most`, as many neighbours are taken together as needed.
    """
    until = microseconds(released.content_at(asked))
    found = [_events(released, asked, layer, until) for layer in layers]
    times = np.concatenate([each[0] for each in found]) if found else np.empty(0, np.int64)
    kinds = np.concatenate([each[1] for each in found]) if found else np.empty(0, np.int8)
    if not len(times):
        return ()
    days = times // MICROSECONDS_A_DAY
    distinct = np.unique(days)
    together = -(-len(distinct) // most)
    group = np.searchsorted(distinct, days) // together
    last = np.full(int(group.max()) + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, group, times)
    counts = [np.bincount(group[kinds == kind], minlength=len(last)) for kind in range(len(CHANGE_KINDS))]
    return tuple(
        Step(at, *(int(count[n]) for count in counts))
        for n, us in enumerate(last.tolist())
        if (at := moment(us)) is not None
    )


def _events(
    released: Released, asked: Filter, layer: str, until: int
) -> tuple[NDArray[np.int64], NDArray[np.int8]]:
    """Each revision of the filter's records: when it became known, and what it did."""
    columns = released.columns(LAYER_FEEDS[layer])
    flags = meant(columns, asked, layer, released.whole_regions(asked)) & (
        columns.times("known_from") <= until
    )
    if LAYER_FEEDS[layer] != DEPLOYMENTS:
        # who is present hangs on the time that is looked at; what happened does not
        flags &= in_period(columns, asked, LAYER_FEEDS[layer], released.known_at(asked))
    times = columns.times("known_from")[flags]
    cancelled = columns.codes("msg_type").any_of(("cancel",))[flags]
    first = times == first_known(released, LAYER_FEEDS[layer])[flags]
    return times, np.where(cancelled, 2, np.where(first, 0, 1)).astype(np.int8)


def first_known(released: Released, feed: str) -> NDArray[np.int64]:
    """For each row of a feed the time at which its record became known at all."""

    def find() -> NDArray[np.int64]:
        columns = released.columns(feed)
        record = columns.codes("stored_id")
        first = np.full(len(record.words), NO_TIME)
        np.minimum.at(first, record.values, columns.times("known_from"))
        return first[record.values]

    return released.keep(("first known", feed), find)


def changed(released: Released, asked: Filter, layer: str, since: datetime) -> Changed:
    """What differs of a layer between `since` and the filter's own knowledge time."""
    key = ("changed", asked, layer, since, released.content_at(asked), released.known_at(asked))
    return released.keep(key, lambda: _compared(released, asked, layer, since))


def _compared(released: Released, asked: Filter, layer: str, since: datetime) -> Changed:
    feed = LAYER_FEEDS[layer]
    columns = released.columns(feed)
    inside = in_period(columns, asked, feed, released.known_at(asked))
    whole = released.whole_regions(asked)
    then = picked(columns, asked, layer, since, whole) & inside
    now = picked(columns, asked, layer, released.content_at(asked), whole) & inside
    before, after = _paired(columns, np.flatnonzero(then & ~now), np.flatnonzero(now & ~then))
    shown = np.where(after < 0, before, after)
    known_from, known_until = columns.times("known_from"), columns.times("known_until")
    at = np.where(after < 0, known_until[before], known_from[after])
    cancelled = _cancelled(released, feed, released.content_at(asked))[shown]
    known_then = first_known(released, feed)[shown] <= microseconds(since)
    withdrawn = (after < 0) & cancelled
    new = (before < 0) & ~known_then
    kind = np.where(new, 0, np.where(withdrawn, 2, 1)).astype(np.int8)
    return Changed(layer, kind, before, after, at, columns)


def _paired(
    columns: Columns, before: NDArray[np.int64], after: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Earlier and later rows of one record beside each other; -1 where there is only one of them.

    By the store's own id: what a viewer is told as an id may differ between an exact and a coarse revision.
    """
    record = columns.codes("stored_id").values
    old = {int(record[row]): int(row) for row in before}
    pairs = [(old.pop(int(record[row]), -1), int(row)) for row in after]
    pairs += [(row, -1) for row in old.values()]
    both = np.array(pairs, np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _cancelled(released: Released, feed: str, at: datetime) -> Flags:
    """For each row whether its record is one that was cancelled by then."""
    columns = released.columns(feed)
    record = columns.codes("stored_id")
    then = microseconds(at)
    stands = (columns.times("known_from") <= then) & (columns.times("known_until") > then)
    gone = np.zeros(len(record.words), bool)
    gone[record.values[stands & columns.codes("msg_type").any_of(("cancel",))]] = True
    return gone[record.values]


def changes(released: Released, asked: Filter, layers: Sequence[str], since: datetime) -> Changes:
    """Everything of these layers that differs between `since` and the filter's own knowledge time."""
    found = [changed(released, asked, layer, since) for layer in LAYER_FEEDS if layer in layers]
    counts = {
        (each.layer, kind): int((each.kind == number).sum())
        for each in found
        for number, kind in enumerate(CHANGE_KINDS)
    }
    told = [change for n, places in _newest(found).items() for change in _told(released, found[n], places)]
    told.sort(key=lambda change: change.known_at, reverse=True)
    return Changes(since, released.known_at(asked), counts, tuple(told))


def _newest(found: Sequence[Changed]) -> dict[int, list[int]]:
    """The places of the newest changes of all, by layer."""
    every = [(us, n, place) for n, each in enumerate(found) for place, us in enumerate(each.at.tolist())]
    by_layer: dict[int, list[int]] = {}
    for _us, n, place in sorted(every, reverse=True)[:MOST_CHANGES]:
        by_layer.setdefault(n, []).append(place)
    return by_layer


def _told(released: Released, found: Changed, places: Sequence[int]) -> list[Change]:
    """The changes at these places, with their values before and after."""
    feed = LAYER_FEEDS[found.layer]
    rows = np.unique(np.concatenate([found.before[places], found.after[places]]))
    rows = rows[rows >= 0].astype(np.int32)
    columns = [c for c in released_columns(feed) if c.name not in UNSAID]
    sql = PAIR.format(columns=", ".join(f"{released_value(c)} AS {c.name}" for c in columns), feed=feed)
    picked_rows = Rows(found.columns, rows, ("changes", feed, rows.tobytes()))
    values = {row["row"]: row for row in released.ask(sql, rows=picked_rows).to_pylist()}
    return [_change(found, place, values) for place in places]


def _change(found: Changed, place: int, values: Mapping[int, Mapping[str, object]]) -> Change:
    before, after = values.get(int(found.before[place])), values.get(int(found.after[place]))
    shown = after or before or {}
    differs: tuple[tuple[str, object, object], ...] = ()
    if before is not None and after is not None:
        names = [name for name in after if name not in ("row", "known_from")]
        differs = tuple((name, before[name], after[name]) for name in names if before[name] != after[name])
    kind = CHANGE_KINDS[int(found.kind[place])]
    at = moment(int(found.at[place]))
    assert at is not None
    crossing: Crossing = ""
    if kind == "corrected" and before is None:
        crossing = "entered"
    elif kind == "corrected" and after is None:
        crossing = "left"
    category = shown.get(CATEGORY[LAYER_FEEDS[found.layer]])
    return Change(kind, crossing, found.layer, at, {**shown, "category": category}, differs)
