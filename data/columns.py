"""The released rows of one feed, a column an array, in the order of the snapshot.

A click asks some thirty questions of the same rows. Asked of arrays they cost a millisecond each at 200,000
rows, and nothing at all to begin; as statements each of them cost five to thirty. A column is read from the
snapshot when it is first asked for, so nothing is here that was not released.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from data.kept import Kept

NO_TIME = int(np.iinfo(np.int64).max)
"""Stands for a time that is not there: later than all."""

NONE = -1
"""The code of a value that is not there."""

Flags = NDArray[np.bool_]
MOST_COLUMNS = 128


@dataclass(frozen=True)
class Codes:
    """A column of few distinct texts: `values[i]` counts in `words` (sorted); NONE where there is none."""

    values: NDArray[np.int32]
    words: tuple[str, ...]

    def any_of(self, wanted: Iterable[str]) -> Flags:
        """Where the value is one of these; never where there is none."""
        asked = frozenset(wanted)
        return self.where(word in asked for word in self.words)

    def where(self, holds: Iterable[bool]) -> Flags:
        """Where the word holds, told for each of `words` in their order; never where there is none."""
        # one place more, at the end: NONE counts from there
        table = np.array([*holds, False])
        return table[self.values]

    def at(self, index: NDArray[np.int32]) -> Codes:
        """The same column at these rows."""
        return Codes(self.values[index], self.words)

    def counts(self) -> dict[str, int]:
        """How often each word occurs, by word; words that do not occur are left out."""
        found = np.bincount(self.values[self.values != NONE], minlength=len(self.words))
        return {word: int(n) for word, n in zip(self.words, found, strict=True) if n}


class Columns:
    """`read` gives a column by its SQL; `count` is the number of rows."""

    def __init__(self, count: int, read: Callable[[str], pa.ChunkedArray]) -> None:
        self.count = count
        self._read = read
        self._codes: Kept[Codes] = Kept(MOST_COLUMNS)
        self._arrays: Kept[NDArray[np.generic]] = Kept(MOST_COLUMNS)
        self._texts: Kept[pa.Array] = Kept(MOST_COLUMNS)

    def codes(self, name: str) -> Codes:
        """A column of words."""
        return self._codes.get(name, lambda: _codes(self._read(f"{name}::VARCHAR")))

    def times(self, name: str) -> NDArray[np.int64]:
        """Microseconds since 1970, UTC; NO_TIME where there is none."""
        made = self._arrays.get(name, lambda: _filled(self._read(f"epoch_us({name})"), NO_TIME, np.int64))
        return made.view(np.int64)

    def whole(self, name: str, none: int = NONE) -> NDArray[np.int64]:
        """Whole numbers (days, counts, truth values); `none` where there is none."""
        sql = f"{name}::BIGINT"
        made = self._arrays.get((name, none), lambda: _filled(self._read(sql), none, np.int64))
        return made.view(np.int64)

    def hundredths(self, name: str) -> NDArray[np.int64]:
        """Money in hundredths, so that sums are exact (see `data.rows.summed`); 0 where there is none."""
        sql = f"(100 * {name}::DECIMAL(38, 2))::BIGINT"
        made = self._arrays.get((name, "hundredths"), lambda: _filled(self._read(sql), 0, np.int64))
        return made.view(np.int64)

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Measured values; NaN where there is none."""
        made = self._arrays.get(
            (name, "numbers"), lambda: _filled(self._read(f"{name}::DOUBLE"), np.nan, np.float64)
        )
        return made.view(np.float64)

    def texts(self, name: str) -> pa.Array:
        """A column of free texts; None where there is none."""
        return self._texts.get(name, lambda: self._read(name).combine_chunks())


def _codes(column: pa.ChunkedArray) -> Codes:
    encoded = column.combine_chunks().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    order = sorted(range(len(words)), key=lambda i: words[i])
    place = np.empty(len(words) + 1, np.int32)
    place[order] = np.arange(len(words), dtype=np.int32)
    place[-1] = NONE
    values = _filled(encoded.indices, NONE, np.int32).view(np.int32)
    return Codes(place[values], tuple(words[i] for i in order))


def _filled(column: pa.ChunkedArray | pa.Array, none: float, kind: type[np.generic]) -> NDArray[np.generic]:
    filled = pc.fill_null(column, pa.scalar(none, column.type)) if column.null_count else column
    found: NDArray[np.generic] = filled.to_numpy().astype(kind, copy=False)
    return found
