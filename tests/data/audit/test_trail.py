"""The trail as those use it who build on it: what is written, when it is on the disk, and what is refused."""

from __future__ import annotations

import fcntl
import json
import os
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from pathlib import Path

import pytest

from data.audit import trail as trail_module
from data.audit.chain import Chain
from data.audit.checkpoints import Checkpoint, checkpoints_in
from data.audit.entry import Action, Actor, committed
from data.audit.keys import signing_key
from data.audit.merkle import consistency_proof, leaf_hash, proves_consistency, root
from data.audit.places import checkpoints_of, trail_of
from data.audit.trail import NOT_WRITTEN, Trail
from data.audit.verify import verify
from data.errors import AuditUnavailable, DetailsRefused
from data.home import Home
from data.viewer import NOBODY, Identity, Viewer
from data.words import as_written
from tests.data.audit.trails import ANALYST, a_trail, lines_of, seen

WALL = Viewer(
    (
        Identity("one", "One", "XAA", "OPEN", roles=frozenset({"viewer"})),
        Identity("two", "Two", "XAB", "OPEN"),
    )
)
PATIENCE = 60


@pytest.fixture
def home(tmp_path: Path) -> Home:
    path = tmp_path / "home"
    path.mkdir()
    return Home(path)


@pytest.fixture
def trail(home: Home) -> Iterator[Trail]:
    opened = Trail.open(home)
    yield opened
    opened.close()


def test_an_entry_says_who_did_what_and_when(trail: Trail, home: Home) -> None:
    assert (
        trail.record(Action.EXPORT, WALL, {"record_ids": ["XAA:b:1"], "originators": ["XAA"]}, durable=True)
        == 0
    )
    assert trail.record(Action.SIGN_IN_REFUSED, NOBODY, {"reasons": ["unknown"]}, durable=False) == 1
    first, second = trail.entries()
    assert first.actor == (Actor("one", "XAA", ("viewer",)), Actor("two", "XAB", ()))
    assert first.details == {"record_ids": ["XAA:b:1"], "originators": ["XAA"]}
    assert (second.actor, second.action, second.prev_hash) == ((), Action.SIGN_IN_REFUSED, first.hash)
    assert first.monotonic <= second.monotonic
    for line in lines_of(home):
        told = json.loads(line)
        again = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        assert again.encode() + b"\n" == line


def test_entries_are_narrowed(home: Home) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    times = (start + timedelta(hours=n) for n in count())
    trail = Trail.open(home, clock=lambda: next(times))
    for who, action, codes in (
        (ANALYST, Action.VIEW, ["XAA"]),
        (WALL, Action.VIEW, ["XAC"]),
        (ANALYST, Action.EXPORT, ["XAA", "XAC"]),
        (NOBODY, Action.DENIAL, []),
    ):
        trail.record(action, who, {"originators": codes}, durable=False)

    def places(**narrowed: object) -> list[int]:
        return [entry.seq for entry in trail.entries(**narrowed)]  # type: ignore[arg-type]

    assert places() == [0, 1, 2, 3]
    assert places(actions=[Action.VIEW]) == [0, 1]
    assert places(originator="XAC") == [1, 2]
    assert places(partner="XAB") == [0, 1, 2]
    assert places(since=start + timedelta(hours=1), until=start + timedelta(hours=3)) == [1, 2]
    assert places(actions=[Action.EXPORT], originator="XAA", partner="XAA") == []
    trail.close()


class Disk:
    """Every fsync waits here until it is let through; `asked` counts them."""

    def __init__(self) -> None:
        self.asked = threading.Semaphore(0)
        self.open = threading.Event()

    def sync(self, handle: int) -> None:
        del handle
        self.asked.release()
        assert self.open.wait(PATIENCE)


def test_a_view_never_waits_for_the_disk_and_an_export_does(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = Disk()
    monkeypatch.setattr(os, "fsync", disk.sync)
    done: list[int] = []
    export = threading.Thread(
        target=lambda: done.append(trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True))
    )
    export.start()
    assert disk.asked.acquire(timeout=PATIENCE)
    assert [trail.record(Action.VIEW, ANALYST, seen(n), durable=False) for n in range(50)] == [*range(1, 51)]
    assert done == []
    disk.open.set()
    export.join(PATIENCE)
    assert done == [0]


def test_views_come_to_the_disk_together(trail: Trail, monkeypatch: pytest.MonkeyPatch) -> None:
    disk = Disk()
    disk.open.set()
    monkeypatch.setattr(os, "fsync", disk.sync)
    for number in range(500):
        trail.record(Action.VIEW, ANALYST, seen(number), durable=False)
    assert disk.asked.acquire(timeout=PATIENCE)
    trail.close()
    syncs = 1
    while disk.asked.acquire(blocking=False):
        syncs += 1
    assert syncs < 50


def test_a_disk_that_did_not_keep_an_entry_is_not_believed_again(
    trail: Trail, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(handle: int) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fails)
        with pytest.raises(AuditUnavailable, match="not on the disk: Input/output error") as caught:
            trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)
        assert caught.value.told(as_written)[0] == "This could not be recorded, so it was not done."
    with pytest.raises(AuditUnavailable, match="did not keep an entry"):
        trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)


def test_views_that_could_not_be_written_are_counted_in_the_next_entry(
    trail: Trail, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_module, "VIEW_WAIT_SECONDS", 0.0)
    with trail_of(home).open("rb") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert [trail.record(Action.VIEW, ANALYST, seen(n), durable=False) for n in range(3)] == [
            NOT_WRITTEN
        ] * 3
        monkeypatch.setattr(trail_module, "DURABLE_WAIT_SECONDS", 0.0)
        with pytest.raises(AuditUnavailable, match="held by another process"):
            trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)
    assert trail.record(Action.VIEW, ANALYST, seen(3), durable=False) == 1
    gap, _view = trail.entries()
    assert (gap.action, gap.details) == (Action.NOT_RECORDED, {"views": 3})


@pytest.mark.parametrize("harm", ["shortened", "replaced", "taken away", "changed"])
def test_a_trail_that_is_harmed_in_use_takes_no_more_entries(trail: Trail, home: Home, harm: str) -> None:
    for number in range(5):
        trail.record(Action.VIEW, ANALYST, seen(number), durable=False)
    path = trail_of(home)
    content = path.read_bytes()
    if harm == "shortened":
        os.truncate(path, len(content) // 2)
    elif harm == "changed":
        with path.open("ab") as file:
            file.write(content.splitlines(keepends=True)[0])
    else:
        path.rename(path.with_name("elsewhere"))
        if harm == "replaced":
            path.write_bytes(content)
    for _again in range(2):
        with pytest.raises(AuditUnavailable, match="takes no more entries"):
            trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)
    assert trail.fault


@pytest.mark.parametrize(
    "details",
    [
        {"latitude": "19"},
        {"labels": [{"Title": "Bridge"}]},
        {"params": {"sql": "SELECT"}},
        {"at": 19.5},
        {"at": datetime(2026, 1, 1, tzinfo=UTC)},
        {"name": "x" * 9_000},
        {"name": "\ud800"},
        {"names": ["x"] * 5_000},
        {"names": ["x" * 7_000] * 20},
        {"deep": [[[[[[[["x"]]]]]]]]},
        {"record_ids": "XAA:b:1"},
        {"record_ids": [1]},
        {"record_ids": ["x"] * 100_001},
        {5: "x"},
    ],
)
def test_details_are_plain_bounded_and_no_content(trail: Trail, details: dict[str, object]) -> None:
    with pytest.raises(DetailsRefused) as caught:
        trail.record(Action.VIEW, ANALYST, details, durable=False)
    assert "Bridge" not in str(caught.value)
    assert list(trail.entries()) == []


def test_sets_and_odd_text_are_written_as_they_are(trail: Trail) -> None:
    told = {"originators": frozenset({"XAB", "XAA"}), "view": 'a"\\\n\u2028\x00,"hash":"é'}
    trail.record(Action.VIEW, ANALYST, told, durable=True)
    (entry,) = trail.entries()
    assert entry.details == {**told, "originators": ["XAA", "XAB"]}
    assert entry.originators == {"XAA", "XAB"}
    assert trail.fault == ""


def signed(home: Home) -> tuple[Checkpoint, ...]:
    return checkpoints_in(checkpoints_of(home), signing_key(home).public_key())


def test_checkpoints_come_by_number_and_at_the_end(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_module, "ENTRIES_TO_CHECKPOINT", 10)
    trail = Trail.open(home)
    made = threading.Event()
    append = trail_module.append

    def told(path: Path, checkpoint: Checkpoint) -> None:
        append(path, checkpoint)
        made.set()

    monkeypatch.setattr(trail_module, "append", told)
    for number in range(10):
        trail.record(Action.VIEW, ANALYST, seen(number), durable=False)
    assert made.wait(PATIENCE)
    trail.record(Action.VIEW, ANALYST, seen(10), durable=False)
    trail.close()
    trail.close()
    sizes = [one.size for one in signed(home)]
    assert sizes[0] >= 10
    assert sizes[-1] == 11
    a_trail(home, 0)
    assert [one.size for one in signed(home)] == sizes


def test_a_checkpoint_comes_by_time(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_module, "SECONDS_TO_CHECKPOINT", 0.0)
    trail = Trail.open(home)
    made = threading.Event()
    monkeypatch.setattr(trail_module, "append", lambda *_: made.set())
    trail.record(Action.VIEW, ANALYST, seen(1), durable=False)
    assert made.wait(PATIENCE)
    trail.close()


def test_nothing_is_signed_before_it_is_on_the_disk(
    trail: Trail, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)

    def fails(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fails)
    with pytest.raises(AuditUnavailable):
        trail.checkpoint()
    assert signed(home) == ()


def test_any_two_checkpoints_are_consistent(home: Home, tmp_path: Path) -> None:
    a_trail(home, 40, tmp_path / "outside")
    leaves = [leaf_hash(committed(line.removesuffix(b"\n"))) for line in lines_of(home)]
    known = signed(home)
    assert len(known) > 4
    for one, other in combinations(known, 2):
        proof = consistency_proof(leaves[: other.size], one.size)
        roots = bytes.fromhex(one.root), bytes.fromhex(other.root)
        assert proves_consistency(one.size, roots[0], other.size, roots[1], proof)
    assert root(leaves).hex() == known[-1].root
    assert (tmp_path / "outside").read_bytes() == checkpoints_of(home).read_bytes()


def test_a_place_outside_that_cannot_be_reached_holds_nobody_up(
    home: Home, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    trail = Trail.open(home, outside=tmp_path / "missing/outside")
    trail.record(Action.EXPORT, ANALYST, {"record_ids": []}, durable=True)
    assert trail.checkpoint().size == 1
    trail.close()
    assert "is not outside" in caplog.text


def test_half_a_checkpoint_that_a_crash_left_is_cut_off(home: Home) -> None:
    a_trail(home, 3)
    with checkpoints_of(home).open("ab") as file:
        file.write(b'{"key":"')
    a_trail(home, 3)
    assert [one.size for one in signed(home)] == [3, 6]
    assert verify(home).checkpoints == 2


def test_only_the_owner_reads_the_trail_and_the_key(home: Home) -> None:
    a_trail(home, 1)
    for path in (home.audit_key_file, trail_of(home), checkpoints_of(home)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_that_is_none_is_told(home: Home) -> None:
    home.audit_key_file.write_text("secret")
    with pytest.raises(AuditUnavailable, match="holds no Ed25519 key"):
        Trail.open(home)


def test_a_closed_trail_takes_nothing(trail: Trail) -> None:
    trail.close()
    assert trail.record(Action.VIEW, ANALYST, seen(1), durable=False) == NOT_WRITTEN
    with pytest.raises(AuditUnavailable, match="is closed"):
        trail.record(Action.EXPORT, ANALYST, {}, durable=True)


def test_a_clock_that_went_back_is_reported(home: Home) -> None:
    start = datetime(2026, 9, 1, tzinfo=UTC)
    times = iter([start, start - timedelta(hours=1), start, *[start] * 9])
    trail = Trail.open(home, clock=lambda: next(times))
    for number in range(3):
        trail.record(Action.VIEW, ANALYST, seen(number), durable=False)
    trail.close()
    assert verify(home).steps_back == ((1, 3600.0),)


def test_two_trails_of_one_home_take_turns(trail: Trail, home: Home) -> None:
    other = Trail.open(home)
    places = [
        each.record(Action.VIEW, ANALYST, seen(n), durable=bool(n % 3))
        for n in range(10)
        for each in (trail, other)
    ]
    assert places == list(range(20))
    other.close()
    assert trail.checkpoint().size == 20
    assert verify(home).entries == 20


def test_others_write_while_a_long_trail_is_read_at_the_start(
    trail: Trail, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail_module, "VIEW_WAIT_SECONDS", 0.0)
    trail.record(Action.VIEW, ANALYST, seen(0), durable=False)
    written: list[int] = []
    read = Chain.take

    def beside(chain: Chain, line: bytes) -> None:
        if not written:
            written.append(NOT_WRITTEN)
            written[0] = trail.record(Action.VIEW, ANALYST, seen(1), durable=False)
        read(chain, line)

    monkeypatch.setattr(Chain, "take", beside)
    other = Trail.open(home)
    assert written == [1]
    assert other.record(Action.VIEW, ANALYST, seen(2), durable=True) == 2
    other.close()


def test_a_home_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "audit").write_text("a file")
    with pytest.raises(AuditUnavailable, match="cannot be opened"):
        Trail.open(Home(tmp_path))
