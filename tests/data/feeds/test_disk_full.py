"""A disk that is full while a delivery is published: one sentence, a whole store, and the same again."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from data.errors import StoreUnavailable
from data.feeds.ingest import NO_OPTIONS, ingest
from data.feeds.prepare import silent
from data.feeds.report import Report
from data.home import Home
from data.lake import LakeWriter
from data.store import Store

HEADER = (
    "week_date,Country,Region,NewCases,NewDeaths,CumulativeCases,CumulativeDeaths,NewConfirmedCases"
    ",CumulativeConfirmedCases,MortalityRate,PCodeAdmin1,PCodeUse\n"
)


def weeks(path: Path, region: str, districts: int) -> Path:
    lines = (f"2014-04-07,Guinea,{region} {n},{n},0,{n},0,,,,GIN001,{region}{n}\n" for n in range(districts))
    path.write_text(HEADER + "".join(lines))
    return path


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


def take(home: Home, path: Path) -> Report:
    return ingest(home, "ebola-cases", [path], NO_OPTIONS, silent)


def counts(home: Home) -> tuple[int, int, int]:
    with LakeWriter(home) as lake:
        kept = lake.newest_rows("incidents").num_rows
        return kept, len(lake.deliveries("ebola-cases")), len(lake._labels())


@pytest.mark.parametrize("most", [0, 4_096, 40_000])
def test_a_full_disk_is_one_sentence_and_nothing_is_half_published(
    tmp_path: Path, most: int, caplog: pytest.LogCaptureFixture
) -> None:
    home = Home.open(tmp_path / "home")
    take(home, weeks(tmp_path / "first.csv", "Boffa", 5))
    before = counts(home)
    second = weeks(tmp_path / "second.csv", "Boké", 3_000)
    with FullDisk("publishing", most) as full, pytest.raises(StoreUnavailable) as refused:
        ingest(home, "ebola-cases", [second], NO_OPTIONS, full)
    assert str(refused.value).startswith("The lake of this home could not be written")
    assert str(refused.value).endswith(
        "Nothing of it was taken, and what was there is whole. Make room on its disk, and do the same again."
    )
    assert str(tmp_path) not in str(refused.value)
    assert counts(home) == before

    store = Store.open(home)
    try:
        assert store.regions() is not None
    finally:
        store.close()
    assert take(home, second).new == 3_000
    assert counts(home) == (before[0] + 3_000, 2, before[2])
    assert take(home, second).duplicate == 3_000


@pytest.mark.parametrize("most", [0, 20_000])
def test_a_disk_that_is_full_from_the_start_leaves_a_home_that_can_be_used(tmp_path: Path, most: int) -> None:
    home = Home.open(tmp_path / "home")
    path = weeks(tmp_path / "first.csv", "Boffa", 5)
    with FullDisk("opening", most) as full:
        full(0, 0, "opening")
        with (
            pytest.raises(StoreUnavailable, match="The lake of this home could not be written"),
            LakeWriter(home),
        ):
            pass
    assert take(home, path).new == 5
