"""The rows of one feed that a filter picks, and what can be counted of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.columns import NO_TIME, NONE, Codes, Columns, Flags

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Index = NDArray[np.int32]
MOST_COUNTED = 1_000_000
MICROSECONDS_A_DAY = 86_400_000_000


def microseconds(at: datetime) -> int:
    """Since 1970, exactly."""
    return (at - EPOCH) // timedelta(microseconds=1)


def moment(us: int) -> datetime | None:
    """The time of so many microseconds; None for NO_TIME."""
    return None if us == NO_TIME else EPOCH + timedelta(microseconds=int(us))


def summed(values: NDArray[np.int64]) -> int:
    """The exact sum, however large: halves of 32 bits are added apart, so that nothing wraps."""
    return (int((values >> 32).sum()) << 32) + int((values & 0xFFFFFFFF).sum())


def grouped(keys: NDArray[np.signedinteger], size: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct keys, rising, and for each row which of them is its own; keys lie in [0, size).

    Counting takes one pass, sorting takes ten; it is done where the counts fit into a few megabytes.
    """
    if size > MOST_COUNTED:
        return np.unique(keys, return_inverse=True)
    found = np.flatnonzero(np.bincount(keys, minlength=size))
    place = np.zeros(size, np.int64)
    place[found] = np.arange(len(found))
    return found, place[keys]


@dataclass(frozen=True)
class Rows:
    """Positions in the snapshot's order. `key` says what picked them: answers are kept under it."""

    columns: Columns
    index: Index
    key: Hashable = field(repr=False)

    def __len__(self) -> int:
        return len(self.index)

    def only(self, flags: Flags) -> Rows:
        """Of these rows those with a flag; for counting, not for a statement of SQL."""
        return Rows(self.columns, self.index[flags], None)

    def codes(self, name: str) -> Codes:
        """A column of words at these rows."""
        return self.columns.codes(name).at(self.index)

    def times(self, name: str) -> NDArray[np.int64]:
        """Times at these rows, microseconds; NO_TIME where there is none."""
        return self.columns.times(name)[self.index]

    def whole(self, name: str, none: int = NONE) -> NDArray[np.int64]:
        """Whole numbers at these rows."""
        return self.columns.whole(name, none)[self.index]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Measured values at these rows."""
        return self.columns.numbers(name)[self.index]

    def hundredths(self, name: str) -> NDArray[np.int64]:
        """Money at these rows, in hundredths."""
        return self.columns.hundredths(name)[self.index]

    def table(self, *names: str, at: NDArray[np.int64]) -> pa.Table:
        """Some of these rows, by their places among them, with free texts and all."""
        places = pa.array(self.index[at])
        return pa.table({name: self.columns.texts(name).take(places) for name in names})

    def mentions(self, names: Sequence[str]) -> Counter[str]:
        """By word, in how many rows it stands in any of these columns; once a row."""
        if len(names) == 1:
            return Counter(self.codes(names[0]).counts())
        found: Counter[str] = Counter()
        parts = [self.codes(name) for name in names]
        words = sorted({word for part in parts for word in part.words})
        place = {word: number for number, word in enumerate(words)}
        before: list[NDArray[np.int32]] = []
        for part in parts:
            if not part.words:
                continue
            table = np.array([place[word] for word in part.words] + [NONE], dtype=np.int32)
            values = table[part.values]
            new = values != NONE
            for other in before:
                new &= values != other
            before.append(values)
            counts = np.bincount(values[new], minlength=len(words))
            found.update({words[i]: int(counts[i]) for i in np.flatnonzero(counts)})
        return found
