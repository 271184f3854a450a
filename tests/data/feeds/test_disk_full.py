"""A disk that is full while a delivery is published: one sentence, a whole store, and the same again."""

from __future__ import annotations

import resource
from collections.abc import Mapping, Sequence

import pytest

from data.errors import StoreUnavailable
from data.feeds.ingest import NO_OPTIONS, ingest_into
from data.feeds.prepare import Progress, silent
from data.feeds.report import Report
from data.home import Home
from data.lake import LakeWriter
from tests.data.feeds.fake_lake import as_csv, event, events

Rows = Sequence[Mapping[str, str]]


class FullDisk:
    """From the step of this name on no file can grow beyond so many bytes, as on a disk without room."""

    def __init__(self, step: str, most: int) -> None:
        self.step, self.most = step, most

    def __enter__(self) -> FullDisk:
        self.before = resource.getrlimit(resource.RLIMIT_FSIZE)
        return self

    def __call__(self, done: int, total: int, what: str) -> None:
        if what == self.step:
            resource.setrlimit(resource.RLIMIT_FSIZE, (self.most, self.before[1]))

    def __exit__(self, *_: object) -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, self.before)


def take(home: Home, rows: Rows, progress: Progress = silent) -> Report:
    with LakeWriter(home) as lake:
        return ingest_into(lake, home, events(), [("events.csv", as_csv(rows))], NO_OPTIONS, progress)


def kept(home: Home) -> tuple[list[str], int, int]:
    """Titles of the records as they are, files taken, labels."""
    with LakeWriter(home) as lake:
        titles = sorted(lake.newest_rows("incidents")["title"].to_pylist())
        return titles, len(lake.deliveries("events")), len(lake.labels())


FIRST = [event(number) for number in range(5)]
CORRECTED = [event(number, name=f"Worse {number}", listed="2026-09-09") for number in range(5)]
SECOND = [*CORRECTED, *(event(number, listed="2026-09-09") for number in range(5, 3_000))]


@pytest.mark.parametrize("most", [0, 40_000, 150_000])
def test_a_full_disk_is_one_sentence_and_nothing_is_half_published(home: Home, most: int) -> None:
    take(home, FIRST)
    before = kept(home)
    with FullDisk("publishing", most) as full, pytest.raises(StoreUnavailable) as refused:
        take(home, SECOND, full)
    assert str(refused.value).startswith("The lake of this home could not be written")
    assert str(refused.value).endswith(
        "Nothing of it was taken, and what was there is whole. Make room on its disk, and do the same again."
    )
    assert str(home.path) not in str(refused.value)
    assert kept(home) == before

    report = take(home, SECOND)
    assert (report.new, report.revised) == (2_995, 5)
    titles, files, labels = kept(home)
    assert (len(titles), files, labels) == (3_000, 2, before[2])
    assert take(home, SECOND).duplicate == 3_000


@pytest.mark.parametrize("most", [0, 20_000])
def test_a_disk_that_is_full_from_the_start_leaves_a_home_that_can_be_used(home: Home, most: int) -> None:
    with FullDisk("opening", most) as full:
        full(0, 0, "opening")
        with pytest.raises(StoreUnavailable, match="The lake of this home could not be written"):
            take(home, FIRST)
    assert take(home, FIRST).new == 5
