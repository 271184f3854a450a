"""The sources that a viewer knows, and how current each is, by what was released to it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from data.clock import fixed_clock
from data.filters import Filter
from data.freshness import Rhythm, State
from data.known_sources import KnownSource, known_sources
from data.labels import Label
from data.lake import LakeWriter
from data.schema import DEPLOYMENTS, INCIDENTS
from data.store import Store
from tests.factories import NOW, OPEN_TO_ALL, a_home, a_publication, a_row

HOUR = timedelta(hours=1)
CLOSED = Label("XAA", "TEST", "SENSITIVE", ("XAB",))
"""For Borland; not for Cordia, who may see what is open."""

TO_DUNMARK = Label("XAA", "TEST", "OPEN", ("XAD",))
"""Which gets it two days later (AD-COARSE)."""


def known(
    folder: Path, rows: list[dict[str, object]], persona: str, label: Label = OPEN_TO_ALL, **asked: object
) -> dict[str, KnownSource]:
    home = a_home(folder)
    incidents = [row for row in rows if "incident_type" in row]
    others = [row for row in rows if "incident_type" not in row]
    with LakeWriter(home) as lake:
        lake.publish(a_publication(INCIDENTS, incidents, (OPEN_TO_ALL, label)))
        lake.publish(a_publication(DEPLOYMENTS, others, (OPEN_TO_ALL, label)))
    store = Store(home, fixed_clock(NOW))
    try:
        released = store.released_to(store.policy().viewer(persona))
        return {one.source: one for one in known_sources(released, Filter(**asked))}  # type: ignore[arg-type]
    finally:
        store.close()


def came(source: str, *hours: float, feed: str = INCIDENTS, label: int = 0) -> list[dict[str, object]]:
    """A record of the source so many hours before now, each."""
    return [
        a_row(
            feed,
            number,
            source=source,
            record_id=f"XAA:{source}:{number}",
            ingested_at=NOW - hour * HOUR,
            received_at=NOW - hour * HOUR,
            label_id=label,
        )
        for number, hour in enumerate(hours)
    ]


def test_each_source_has_its_own_rhythm_and_its_own_state(tmp_path: Path) -> None:
    rows = [
        *came("hourly", *range(1, 20)),
        *came("late", *range(3, 20)),
        *came("stale", *range(5, 20), feed=DEPLOYMENTS),
        *came("silent", *range(200, 240)),
        *came("daily", *range(24, 240, 24)),
        *came("once", 90),
    ]
    found = known(tmp_path, rows, "borland")
    assert {name: one.state for name, one in found.items()} == {
        "hourly": State.ON_TIME,
        "late": State.LATE,
        "stale": State.STALE,
        "silent": State.SILENT,
        "daily": State.ON_TIME,
        "once": State.UNKNOWN,
    }
    assert (found["daily"].rhythm, found["once"].rhythm) == (Rhythm(24 * HOUR), None)
    assert (found["late"].records, found["late"].last_at) == (17, NOW - 3 * HOUR)
    assert found["late"].due_at == NOW - HOUR
    assert found["stale"].feed == DEPLOYMENTS


def test_what_is_withheld_makes_no_source_current_nor_known(tmp_path: Path) -> None:
    rows = [
        *came("both", *range(30, 60)),
        *(came("both", *range(1, 30), label=1)),
        *came("hidden", *range(1, 30), label=1),
    ]
    for number, row in enumerate(rows):
        row["record_id"] = f"XAA:{row['source']}:{number}"
    assert {name: one.state for name, one in known(tmp_path / "a", rows, "borland", CLOSED).items()} == {
        "both": State.ON_TIME,
        "hidden": State.ON_TIME,
    }
    seen = known(tmp_path / "b", rows, "cordia", CLOSED)
    assert {name: one.state for name, one in seen.items()} == {"both": State.SILENT}
    assert seen["both"].records == 30
    without = known(tmp_path / "c", [row for row in rows if not row["label_id"]], "cordia", CLOSED)
    assert seen == without


def test_what_an_agreement_holds_back_is_not_late_for_it(tmp_path: Path) -> None:
    rows = came("hourly", *range(1, 100), label=1)
    [one] = known(tmp_path, rows, "dunmark", TO_DUNMARK).values()
    assert (one.delay, one.state) == (timedelta(days=2), State.ON_TIME)
    assert one.last_at == NOW - 48 * HOUR


def test_at_an_earlier_time_it_is_as_it_was_then(tmp_path: Path) -> None:
    rows = came("paused", *range(1, 4), *range(30, 60))
    [now] = known(tmp_path / "a", rows, "borland").values()
    [then] = known(tmp_path / "b", rows, "borland", known_at=NOW - 20 * HOUR).values()
    assert (now.state, then.state) == (State.ON_TIME, State.SILENT)
    assert then.last_at == NOW - 30 * HOUR
