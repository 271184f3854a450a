"""Purge: no byte of the record is left in any file of the home, and nothing else is gone."""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.clock import fixed_clock
from data.credentials import Credential
from data.errors import NotPurged
from data.feeds.delivered import forget_delivered
from data.feeds.inbox import make_folders, waiting
from data.feeds.inbox import take as inbox_take
from data.feeds.taking import Taker
from data.home import Home
from data.labels import Label
from data.lake import LakeWriter
from data.lake_tables import QUARANTINE
from data.purge import Purge, carry_out, purge_of_agreement, purge_of_records
from data.reports import Report, add_report, all_reports
from data.schema import DELIVERIES, INCIDENTS
from data.spool import Spool
from data.store import Store
from data.tombstones import tombstones
from data.viewer import Identity, Viewer
from tests.data.feeds.attacks import a_file, attack
from tests.data.feeds.fake_lake import event, events, home_of_kind
from tests.data.feeds.fake_lake import take as take_into
from tests.factories import NOW, OPEN_TO_ALL, POLICY, a_home, a_publication, a_row, publish
from tests.recording import unrecorded

WHO = Identity("planner", "Planner", "XAA", "OPEN")
CANARY = b"CNRY"


def held(home: Home, canary: bytes = CANARY) -> list[str]:
    """The files of the home that hold the canary, raw and unpacked."""
    found = []
    for path in sorted(path for path in home.path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += repr(pq.read_table(path).to_pylist()).encode()
            content += repr(pq.ParquetFile(path).metadata.to_dict()).encode()
        elif content[:1] == b"\x78":
            content += zlib.decompress(content)
        if canary in content:
            found.append(path.relative_to(home.path).as_posix())
    return found


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Record 1 with a canary in everything that people write, in two revisions, and in a row held back."""
    home = a_home(tmp_path / "home")
    rows = [a_row(INCIDENTS, n, content_hash=f"{n}") for n in range(2, 30)]
    words = {
        name: f"AA-CNRY-{name}" for name in ("title", "description", "notes", "location_name", "source_name")
    }
    words |= {name: f"zz-CNRY-{name}" for name in ("actor1", "content_hash", "label_hash")}
    old = a_row(INCIDENTS, 1, **words, latitude=1.2345678)
    old |= {"superseded_at": NOW, "superseded_received_at": NOW}
    new = old | {"revision": 2, "msg_type": "update", "ingested_at": NOW, "received_at": NOW}
    new |= {"superseded_at": None, "superseded_received_at": None, "title": "CNRY second"}
    back = {"source": "test", "originator": "XAA", "file_name": "f.csv", "row_number": 3, "at": NOW}
    back |= {"reason": "no date", "values": json.dumps({"id": "1", "text": "CNRY held"})}
    first = a_publication(INCIDENTS, [old, *rows])
    publish(home, replace(first, quarantined=pa.Table.from_pylist([back], schema=QUARANTINE)))
    publish(home, a_publication(INCIDENTS, [new]))
    publish(home, a_publication(DELIVERIES, [a_row(DELIVERIES, 50, item="Beans")]))
    return home


def purged(home: Home, *ids: str) -> int:
    return carry_out(home, purge_of_records(home, ids), WHO, clock=fixed_clock(NOW), record=unrecorded)


def test_what_people_said_of_it_goes_too_and_that_they_did_stays(home: Home) -> None:
    for number, record in enumerate(("XAA:test:1", "XAA:test:2")):
        about = (record, 1, INCIDENTS, "XAA", "wrong", f"CNRY remark {number}")
        add_report(home, Report(f"r{number}", NOW, *about, "someone", "Someone", "XAB", ("viewer",)))
    purged(home, "XAA:test:1")
    assert [one.remark for one in all_reports(home)] == ["", "CNRY remark 1"]
    assert held(home, b"CNRY remark 0") == []
    with pytest.raises(sqlite3.IntegrityError), closing(sqlite3.connect(home.state_file)) as state:
        state.execute("UPDATE reports SET remark = 'another'")


def test_no_byte_is_left_in_any_file(home: Home) -> None:
    before = held(home)
    assert {"lake/catalog.sqlite"} < set(before)
    assert sum(name.endswith(".parquet") for name in before) >= 3
    assert purged(home, "XAA:test:1") == 1
    assert held(home) == []


def test_everything_else_stays_and_can_be_asked_and_written(home: Home) -> None:
    store = Store(home, fixed_clock(NOW))
    viewer = store.policy().viewer("aldara")
    sql = "SELECT count(*), min(title), max(title) FROM released.incidents"
    assert store.released_to(viewer).ask(sql).to_pylist()[0]["count_star()"] == 30
    store.close()
    purged(home, "XAA:test:1")
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 90, title="A later one")]))
    store = Store(home, fixed_clock(NOW))
    found = store.released_to(viewer).ask(sql).to_pylist()[0]
    store.close()
    assert list(found.values()) == [29, "A later one", "Record 9"]
    with LakeWriter(home) as lake:
        assert lake.newest_rows(DELIVERIES).num_rows == 1
        assert lake.newest_rows(INCIDENTS).column("title").to_pylist().count("Record 2") == 1


def test_a_tombstone_says_what_is_gone_and_nothing_of_it(home: Home) -> None:
    purged(home, "XAA:test:1")
    (stone,) = tombstones(home)
    assert (stone.record_id, stone.feed, stone.revisions) == ("XAA:test:1", INCIDENTS, 2)
    assert (stone.at, stone.who, stone.why) == (NOW, "planner", "asked for")
    assert purge_of_records(home, ["XAA:test:1"]) == Purge("asked for", {}, ("XAA:test:1",))
    assert purged(home, "XAA:test:1") == 0, "what was broken off may be done again"


def test_what_is_not_there_is_refused(home: Home) -> None:
    with pytest.raises(NotPurged, match="'XAA:test:999'"):
        purge_of_records(home, ["XAA:test:1", "XAA:test:999"])
    assert tombstones(home) == ()


def test_what_cannot_be_reported_is_not_purged(home: Home) -> None:
    def full(action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> None:
        assert (action, durable, details["record_ids"]) == ("purge", True, ["XAA:test:1"])
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        carry_out(home, purge_of_records(home, ["XAA:test:1"]), WHO, record=full)
    assert "lake/catalog.sqlite" in held(home)


def test_a_purged_record_does_not_come_back_with_the_next_delivery(tmp_path: Path) -> None:
    from data.feeds.ingest import ingest_into
    from tests.data.feeds.fake_lake import as_csv

    home = home_of_kind(tmp_path / "home")
    content = as_csv([event(1, text="CNRY"), event(2)])
    with LakeWriter(home) as lake:
        take_into(lake, home, events(), content)  # type: ignore[arg-type]
    purged(home, "XAA:events:E1")
    assert held(home) == []
    with LakeWriter(home) as lake:
        report = ingest_into(lake, home, events(), [("again.csv", content + b"\n")])
        ids = lake.newest_rows(INCIDENTS).column("record_id").to_pylist()
    assert (ids, report.new, report.duplicate) == (["XAA:events:E2"], 0, 2)
    assert "1 of records that were purged: they stay out" in report.notes
    assert held(home) == []


# --- the end of an agreement ------------------------------------------------------------------------------

PAIR = Label("XAD", "TEST", "OPEN", ("XAA",))


def ended(tmp_path: Path, at_end: str) -> Home:
    """AD-COARSE between XAA and XAD is over; XAD has no other agreement, XAA has MULTI."""
    end = f"until = {NOW - timedelta(days=1):%Y-%m-%dT%H:%M:%SZ}"
    head, tail = POLICY.split('id = "AD-COARSE"')
    tail = tail.replace("until = 2027-01-01T00:00:00Z", end).replace(
        'at_end = "delete"', f'at_end = "{at_end}"'
    )
    home = a_home(tmp_path / "home", f'{head}id = "AD-COARSE"{tail}')
    rows = [
        a_row(INCIDENTS, n, label_id=int(n > 3), title=f"CNRY {n}" if n > 3 else "Kept") for n in range(1, 12)
    ]
    rows = [
        row | {"originator": "XAD", "record_id": f"XAD:{n}"} if row["label_id"] else row
        for n, row in enumerate(rows)
    ]
    publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, PAIR)))
    return home


def test_the_end_of_an_agreement_takes_what_no_other_gives(tmp_path: Path) -> None:
    home = ended(tmp_path, "delete")
    planned = purge_of_agreement(home, "AD-COARSE")
    assert len(planned.records) == 8
    assert all(one.startswith("XAD:") for one in planned.records)
    carry_out(home, planned, WHO, record=unrecorded)
    assert held(home) == []
    assert {one.why for one in tombstones(home)} == {"agreement AD-COARSE ended: delete"}
    with LakeWriter(home) as lake:
        assert lake.newest_rows(INCIDENTS).num_rows == 3


def test_data_that_is_returned_is_handed_back_first(tmp_path: Path) -> None:
    home = ended(tmp_path, "return")
    with pytest.raises(NotPurged, match="returned"):
        purge_of_agreement(home, "AD-COARSE")
    assert len(purge_of_agreement(home, "AD-COARSE", handed_back=True).records) == 8


def test_counts_of_five_may_stay(tmp_path: Path) -> None:
    home = ended(tmp_path, "keep_aggregate")
    (kept,) = purge_of_agreement(home, "AD-COARSE").aggregates
    assert (kept.feed, kept.area, kept.month, kept.records) == (INCIDENTS, "XQ01", "2026-09", 8)


@pytest.mark.parametrize(
    ("name", "words"), [("MULTI", "in force until 2027-01-01"), ("NONE", "no agreement 'NONE'")]
)
def test_an_agreement_in_force_is_not_purged(home: Home, name: str, words: str) -> None:
    with pytest.raises(NotPurged, match=words):
        purge_of_agreement(home, name)


def test_what_was_delivered_goes_along(tmp_path: Path) -> None:
    """Files of the inbox, posted records and what was told of both: any of it may hold the record."""
    home = Home.open(tmp_path / "home")
    make_folders(home)
    for number, title in enumerate(("CNRY of a file", "of another partner")):
        partner = ("II", "WHO")[number]
        path = home.inbox / partner / "x.csv"
        path.write_bytes(a_file(attack(number, Event_Description=title)))
        found = next(one for one in waiting(home) if one.partner == partner)
        inbox_take(home, found, NOW)
    spool = Spool(home)
    record = {"title": "CNRY of a post", "start_at": "2014-09-01", "incident_type": "flood"}
    good = [record | {"id": str(n)} for n in range(9)]
    content = json.dumps({"records": [*good, record | {"id": "9", "deaths_best": "CNRY many"}]}).encode()
    delivery = spool.put(
        Credential("desk", "II", "incidents", "desk", "OPEN"), "key-0001", "records", content
    )
    assert Taker(home).looked()
    posted = spool.of(delivery.id, "II")
    assert posted is not None
    assert "CNRY many" in posted.told
    everywhere = held(home)
    assert [name for name in everywhere if name.startswith("inbox/II/")]
    assert [name for name in everywhere if name.startswith("spool/")]
    ids = [f"II:desk:{n}" for n in range(9)]
    purge = purge_of_records(home, ids)
    carry_out(home, purge, WHO, clock=fixed_clock(NOW), record=unrecorded)
    left = [name for name in held(home) if not name.startswith("lake/")]
    assert left == []
    assert list((home.inbox / "WHO" / "refused").iterdir()), "another partner's stay"


def test_a_link_in_a_partners_folder_is_deleted_and_not_followed(tmp_path: Path) -> None:
    home, outside = Home.open(tmp_path / "home"), tmp_path / "outside"
    outside.mkdir()
    (outside / "x").write_text("not ours")
    (home.inbox / "II").mkdir(parents=True)
    (home.inbox / "II" / "taken").symlink_to(outside)
    with pytest.raises(NotPurged, match="could not be deleted from taken"):
        forget_delivered(home, ["II"])
    assert (outside / "x").exists()
