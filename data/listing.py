"""The records of a filter as a list: sorted, narrowed by column, a page at a time.

What is sorted and compared are the released rows, so an order or a count tells nothing of what was withheld.
A sorted list is kept with the snapshot: the next page of it costs one statement a feed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from data.columns import NONE, Flags
from data.conditions import Condition, folded_words, narrowed, numbers_of, source_of
from data.filters import LAYER_FEEDS, Filter
from data.listed import LAYER, LISTED, RANKED, ListedColumn
from data.names import folded
from data.released import Released
from data.rows import Rows

MOST_ROWS = 500
"""Records a page may hold."""
PART = 10_000
"""Records that are read at once of a list that is handed out whole."""

PAGE = """
SELECT rowid AS row, {columns} FROM released.{feed} WHERE rowid IN (SELECT row FROM picked)
"""
WHERE_IS = "SELECT rowid FROM released.{feed} WHERE record_id = ? AND rowid IN (SELECT row FROM picked)"


@dataclass(frozen=True)
class Order:
    """Sorted by a column of `data.listed.LISTED`; what has no value there stands last, either way."""

    column: str
    descending: bool = False


@dataclass(frozen=True)
class Listing:
    """One page: `total` records in all, `rows` the values by column of those asked for, and `layer`.

    `released`: how many there are without the conditions, on the map too.
    """

    total: int
    rows: tuple[Mapping[str, object], ...]
    released: int


@dataclass(frozen=True)
class _Listed:
    """A whole list in its order: the layer of each record (place in `layers`), and its row there."""

    layers: tuple[str, ...]
    rows: tuple[Rows, ...]
    layer: NDArray[np.int8]
    row: NDArray[np.int32]


@dataclass(frozen=True)
class Wanted:
    """Which list: the layers, its order, and the conditions, all of which must hold."""

    layers: tuple[str, ...]
    order: tuple[Order, ...] = ()
    conditions: tuple[Condition, ...] = ()


DEFAULT_ORDER = (Order("start_at", descending=True),)


def listing(
    released: Released, asked: Filter, wanted: Wanted, columns: Sequence[str], first: int, last: int
) -> Listing:
    """Records `first` to `last` (not included) of the list; no more than MOST_ROWS at once."""
    whole = _whole(released, asked, wanted)
    part = slice(first, min(last, first + MOST_ROWS))
    rows = _part_of(whole, part, lambda layer, page: _values(released.ask, layer, page, columns))
    every = sum(len(released.rows(asked, layer)) for layer in wanted.layers)
    return Listing(len(whole.row), rows, every)


def length(released: Released, asked: Filter, wanted: Wanted) -> int:
    """How many records the list has."""
    return len(_whole(released, asked, wanted).row)


def parts(
    released: Released, asked: Filter, wanted: Wanted, columns: Sequence[str], beside: Sequence[str]
) -> Iterator[tuple[Mapping[str, object], ...]]:
    """The whole list in its order, PART records at a time. `beside`: columns of the snapshot that no table
    shows (the label, the stored id), by their names there. No answer is kept."""
    whole = _whole(released, asked, wanted)
    for first in range(0, len(whole.row), PART):
        yield _part_of(
            whole,
            slice(first, first + PART),
            lambda layer, page: _values(released.once, layer, page, columns, beside),
        )


def _part_of(
    whole: _Listed, part: slice, ask: Callable[[str, Rows], list[dict[str, object]]]
) -> tuple[Mapping[str, object], ...]:
    layer, row = whole.layer[part], whole.row[part]
    found: dict[tuple[int, int], Mapping[str, object]] = {}
    for place, rows in enumerate(whole.rows):
        mine = row[layer == place]
        if len(mine):
            page = Rows(rows.columns, np.sort(mine), (rows.key, "page", mine.tobytes()))
            for values in ask(whole.layers[place], page):
                found[place, int(str(values["row"]))] = values
    return tuple(found[key] for key in zip(layer.tolist(), row.tolist(), strict=True))


def place_of(released: Released, asked: Filter, wanted: Wanted, record_id: str) -> int | None:
    """Where in the list a record stands, from 0; None when it is not in it."""
    whole = _whole(released, asked, wanted)
    for place, rows in enumerate(whole.rows):
        sql = WHERE_IS.format(feed=LAYER_FEEDS[whole.layers[place]])
        for row in released.ask(sql, (record_id,), rows=rows).column(0).to_pylist():
            here = np.flatnonzero((whole.layer == place) & (whole.row == row))
            if len(here):
                return int(here[0])
    return None


def _values(
    ask: Callable[..., pa.Table], layer: str, page: Rows, columns: Sequence[str], beside: Sequence[str] = ()
) -> list[dict[str, object]]:
    feed, names = LAYER_FEEDS[layer], dict.fromkeys(("record_id", *columns))
    said = [
        f"{source_of(name, feed)} AS {name}" for name in names if name != LAYER and feed in LISTED[name].feeds
    ]
    rows = ask(PAGE.format(columns=", ".join([*said, *beside]), feed=feed), rows=page).to_pylist()
    return [{**row, LAYER: layer} for row in rows]


def _whole(released: Released, asked: Filter, wanted: Wanted) -> _Listed:
    """`wanted.layers` are asked in the order of the layers, so that one list has one key."""
    layers = tuple(layer for layer in LAYER_FEEDS if layer in wanted.layers)
    rows = tuple(released.rows(asked, layer) for layer in layers)
    key = ("list", tuple(each.key for each in rows), wanted.order, wanted.conditions)

    def sort() -> _Listed:
        kept = tuple(
            narrowed(released, layer, each, wanted.conditions)
            for layer, each in zip(layers, rows, strict=True)
        )
        layer = np.repeat(np.arange(len(layers), dtype=np.int8), [len(each) for each in kept])
        row = np.concatenate([each.index for each in kept]) if kept else np.empty(0, np.int32)
        order = _sorted(released, layers, kept, wanted.order or DEFAULT_ORDER)
        return _Listed(layers, rows, layer[order], row[order])

    return released.keep(key, sort)


def _sorted(
    released: Released, layers: Sequence[str], rows: Sequence[Rows], order: Sequence[Order]
) -> NDArray[np.int64]:
    """Places of all rows, one layer after the other, in their order: the first column decides, then the next;
    what is equal in all of them keeps the snapshot's order, so that pages never overlap."""
    count = sum(len(each) for each in rows)
    places = np.arange(count)
    for step in reversed([*order]):
        keys, missing = _keys(released, layers, rows, LISTED[step.column])
        keys, missing = keys[places], missing[places]
        filled = np.flatnonzero(~missing)
        key = -keys[filled] if step.descending else keys[filled]
        places = places[np.concatenate([filled[np.argsort(key, kind="stable")], np.flatnonzero(missing)])]
    return places


def _keys(
    released: Released, layers: Sequence[str], rows: Sequence[Rows], column: ListedColumn
) -> tuple[NDArray[np.float64] | NDArray[np.int64], Flags]:
    """What the rows of all layers are sorted by, and which have nothing to be sorted by."""
    if column.kind == "layer":
        sizes = [len(each) for each in rows]
        return np.repeat(np.arange(len(rows)), sizes), np.zeros(sum(sizes), bool)
    parts = [
        _part(released, layer, each, column)
        if LAYER_FEEDS[layer] in column.feeds
        else (np.zeros(len(each)), np.ones(len(each), bool))
        for layer, each in zip(layers, rows, strict=True)
    ]
    if not parts:
        return np.empty(0), np.empty(0, bool)
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _part(
    released: Released, layer: str, rows: Rows, column: ListedColumn
) -> tuple[NDArray[np.float64] | NDArray[np.int64], Flags]:
    if column.kind in ("time", "number"):
        return numbers_of(column, rows)
    feed = LAYER_FEEDS[layer]
    codes = rows.codes(source_of(column.name, feed))
    return _ranks(released, column)[feed][codes.values], codes.values == NONE


def _ranks(released: Released, column: ListedColumn) -> Mapping[str, NDArray[np.int64]]:
    """By feed: where each of its words stands among those of all feeds, as people sort; NONE at the end."""
    own = {folded(word): number for number, word in enumerate(RANKED.get(column.name, ()))}

    def rank() -> Mapping[str, NDArray[np.int64]]:
        feeds = [feed for feed in dict.fromkeys(LAYER_FEEDS.values()) if feed in column.feeds]
        said = {feed: folded_words(released, column, feed) for feed in feeds}
        words_of_all = {word for words in said.values() for word in words}
        every = sorted(words_of_all, key=lambda word: (own.get(word, NONE), word))
        place = {word: number for number, word in enumerate(every)}
        return {feed: np.array([place[word] for word in said[feed]] + [NONE]) for feed in feeds}

    found: Mapping[str, NDArray[np.int64]] = released.keep(("ranks", column.name), rank)
    return found
