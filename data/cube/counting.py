"""The full read of the lake from which a cube is made. It stands beside the writer, and gives marks only.

Here rows are read that were released to nobody. Nothing but `data.cube.publish` may ask.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa

from data.cube.cells import CATEGORY_COLUMN, Cell, is_protected
from data.cube.kept import Addition
from data.cube.known import Countable, Regions, eyes
from data.cube.rules import A3, Kind, countable_cells
from data.cube.weeks import settled_until
from data.decision import RecordFacts
from data.labels import Label
from data.lake import LakeWriter
from data.partners import Policy

CELLS_AT_ONCE = 500
"""As many are decided together: what each eye does not see of each is a table in memory."""


@dataclass(frozen=True)
class Counting:
    """One cube in the making. `as_of`: its Monday; `salt` makes marks; `marks`: of what is left out, for it
    was counted before, or is withheld on report."""

    lake: LakeWriter
    policy: Policy
    bound_to: frozenset[Regions]
    marks: tuple[str, ...]
    salt: str
    as_of: datetime

    def additions(self) -> Iterator[Addition]:
        """What is counted now and was not before, cell by cell."""
        counted = pa.table({"mark": pa.array(self.marks, pa.string())})
        for feed, column in CATEGORY_COLUMN.items():
            table = self.lake.countable(feed, column, counted, self._params())
            yield from self._of_feed(feed, table.to_pylist())

    def _params(self) -> tuple[object, ...]:
        codes = sorted(self._codes())
        weeks, known = settled_until(self.as_of), self.as_of - longest_delay(self.policy)
        now = self.as_of
        return (codes, codes, codes, self.salt, weeks, known, now, now, now.date(), A3.k)

    def _codes(self) -> frozenset[str]:
        """Regions on which a decision about a record can hang."""
        agreed = [one.regions for each in self.policy.whole for one in each.agreements]
        return frozenset(code for some in (*agreed, *self.bound_to) for code in some or ())

    def _of_feed(self, feed: str, rows: list[dict[str, Any]]) -> Iterator[Addition]:
        labels = self.lake.labels()
        kinds: dict[Countable, int] = {}
        cells: dict[Cell, dict[int, list[str]]] = defaultdict(dict)
        for row in rows:
            one = _countable(feed, row, labels)
            cell = Cell(feed, row["area"], row["category"], row["week"])
            cells[cell].setdefault(kinds.setdefault(one, len(kinds)), []).extend(row["marks"])
        known = eyes(self.policy, tuple(kinds), self.bound_to, self.as_of)
        yield from _counted(cells, [one.kind for one in kinds], known)


def mark_of(record_id: str, salt: str) -> str:
    """The mark that the lake makes of a record (`data.lake_countable`)."""
    return hashlib.sha256(f"{salt}cube{record_id}".encode()).hexdigest()[:32]


def longest_delay(policy: Policy) -> timedelta:
    """As long as an agreement may hold a record back from somebody, it is counted for nobody."""
    return max((one.delay for each in policy.whole for one in each.agreements), default=timedelta())


def _countable(feed: str, row: Mapping[str, Any], labels: Mapping[int, Label]) -> Countable:
    label, places = labels[row["label_id"]], str(row["places"])
    facts = RecordFacts(
        feed=feed,
        regions=frozenset(places.split(",")) if places else frozenset(),
        presence_kind=str(row["presence_kind"]) or None,
    )
    return Countable(label, facts, is_protected(str(row["category"])) or bool(label.required_categories))


def _counted(
    cells: Mapping[Cell, Mapping[int, list[str]]], kinds: list[Kind], known: Collection[int]
) -> Iterator[Addition]:
    every = list(cells.items())
    for start in range(0, len(every), CELLS_AT_ONCE):
        some = every[start : start + CELLS_AT_ONCE]
        counts = np.zeros((len(some), len(kinds)))
        for row, (_cell, by_kind) in enumerate(some):
            for kind, marks in by_kind.items():
                counts[row, kind] = len(marks)
        for (cell, by_kind), held in zip(some, countable_cells(counts, kinds, known), strict=True):
            marks = [mark for kind in np.flatnonzero(held) for mark in by_kind[int(kind)]]
            if marks:
                yield Addition(cell, tuple(marks))
