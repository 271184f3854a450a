"""Deliveries that wait together and are taken as one: a hundred posts of a record each cost what one costs.

Of one credential and feed, small, in JSON, and about different records. What is gathered is as it would be
one by one: where a single record of it is held back, nothing is taken so (`NotAlike`), and each goes alone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.errors import FileRefused
from data.feeds.parsed_sheet import FEW_BYTES
from data.feeds.reader import decoded
from data.feeds.records import RECORDS, records_of
from data.feeds.report import DUPLICATE, NEW, REVISED, FileReport
from data.spool import Delivered


class NotAlike(Exception):
    """Something of what was gathered is not simply taken: nothing of it may be written."""


@dataclass(frozen=True)
class Gathered:
    """Deliveries taken as one. `content`: all their records; `sizes`: how many are of each."""

    deliveries: tuple[Delivered, ...]
    content: bytes
    sizes: tuple[int, ...]

    def reports(self, whole: FileReport, names: Sequence[str]) -> list[FileReport]:
        """What became of each. Raises NotAlike where one is to be told more than counts."""
        if whole.held or whole.unmatched:
            raise NotAlike
        found, first = [], 0
        for name, size in zip(names, self.sizes, strict=True):
            counts = Counter(whole.by_row[first : first + size])
            first += size
            found.append(
                FileReport(
                    name, size, counts[NEW], counts[REVISED], counts[DUPLICATE], 0, 0, (), (), whole.notes,
                    published=bool(counts[NEW] or counts[REVISED]),
                )
            )  # fmt: skip
        return found


def gathered(deliveries: Sequence[Delivered]) -> Iterator[Gathered]:
    """The deliveries in their order, those that follow each other and are alike as one."""
    group: list[Delivered] = []
    records: list[Any] = []
    sizes: list[int] = []
    ids: set[str] = set()

    def closed() -> Iterator[Gathered]:
        if len(group) == 1:
            yield Gathered((group[0],), group[0].content, (sizes[0],))
        elif group:
            content = json.dumps({RECORDS: records}, ensure_ascii=False).encode("utf-8", "surrogatepass")
            yield Gathered(tuple(group), content, tuple(sizes))
        for each in (group, records, sizes):
            each.clear()
        ids.clear()

    size = 0
    for one in deliveries:
        own = _records(one)
        fits = own is not None and group and _is_like(one, group[-1]) and size + len(one.content) <= FEW_BYTES
        mine = _ids(own or [])
        if not fits or mine is None or ids & mine:
            yield from closed()
            size = 0
        if own is None or mine is None:
            yield Gathered((one,), one.content, (0,))
            continue
        group.append(one)
        records += own
        sizes.append(len(own))
        ids |= mine
        size += len(one.content)
    yield from closed()


def _is_like(one: Delivered, other: Delivered) -> bool:
    return (one.credential, one.feed) == (other.credential, other.feed)


def _records(one: Delivered) -> list[Any] | None:
    """None where it goes alone: it is large, of another form, or to be refused."""
    if one.form != RECORDS or len(one.content) > FEW_BYTES:
        return None
    try:
        return records_of("a delivery", decoded("a delivery", one.content)) or None
    except FileRefused:
        return None


def _ids(records: Sequence[Any]) -> set[str] | None:
    """None where two records, or one, cannot be told apart by their ids."""
    said = [record.get("id") if isinstance(record, dict) else None for record in records]
    ids = {one.strip() for one in said if isinstance(one, str)}
    return ids if len(ids) == len(said) else None
