"""The columns of a snapshot without some of its rows, made from the arrays that are there already.

Words that stood in these rows alone are gone too: lists and legends are made of a column's words.
"""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.columns import MOST_COLUMNS, NONE, Codes, Columns
from data.kept import Kept


class ColumnsWithout(Columns):
    """`gone`: places in `whole`, rising and each once."""

    def __init__(self, whole: Columns, gone: NDArray[np.int64]) -> None:
        super().__init__(whole.count - len(gone), _nothing)
        self._whole, self._gone = whole, gone
        self._made: Kept[object] = Kept(MOST_COLUMNS)

    def codes(self, name: str) -> Codes:
        """A column of words."""
        made = self._made.get(("codes", name), lambda: self._codes_left(self._whole.codes(name)))
        assert isinstance(made, Codes)
        return made

    def times(self, name: str) -> NDArray[np.int64]:
        """Microseconds since 1970, UTC."""
        return self._left(("times", name), self._whole.times(name))

    def whole(self, name: str, none: int = NONE) -> NDArray[np.int64]:
        """Whole numbers."""
        return self._left(("whole", name, none), self._whole.whole(name, none))

    def hundredths(self, name: str) -> NDArray[np.int64]:
        """Money in hundredths."""
        return self._left(("hundredths", name), self._whole.hundredths(name))

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Measured values."""
        made = self._made.get(("numbers", name), lambda: np.delete(self._whole.numbers(name), self._gone))
        assert isinstance(made, np.ndarray)
        return made

    def texts(self, name: str) -> pa.Array:
        """A column of free texts."""
        return self._made.get(("texts", name), lambda: self._texts_left(self._whole.texts(name)))

    def _left(self, key: Hashable, values: NDArray[np.int64]) -> NDArray[np.int64]:
        made = self._made.get(key, lambda: np.delete(values, self._gone))
        assert isinstance(made, np.ndarray)
        return made

    def _codes_left(self, codes: Codes) -> Codes:
        values = np.delete(codes.values, self._gone)
        stays = np.bincount(values[values != NONE], minlength=len(codes.words)) > 0
        place = np.full(len(codes.words) + 1, NONE, np.int32)  # one more, at the end: NONE counts from there
        place[:-1][stays] = np.arange(int(stays.sum()), dtype=np.int32)
        words = tuple(word for word, is_left in zip(codes.words, stays, strict=True) if is_left)
        return Codes(place[values], words)

    def _texts_left(self, texts: pa.Array) -> pa.Array:
        flags = np.ones(len(texts), bool)
        flags[self._gone] = False
        return texts.filter(pa.array(flags))


def _nothing(sql: str) -> pa.ChunkedArray:
    raise AssertionError(f"Nothing is read again for {sql}: the columns are there.")
