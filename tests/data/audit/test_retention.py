"""Views are emptied when their time is over; the trail verifies as before, and nothing else can be."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data.audit import retention
from data.audit.checkpoints import checkpoints_in
from data.audit.entry import NOTHING_BEFORE, Action, committed, emptied, is_emptied, written
from data.audit.keys import signing_key
from data.audit.places import checkpoints_of, emptying_of, trail_of
from data.audit.trail import Trail
from data.audit.verify import verify
from data.errors import AuditBroken
from data.home import Home
from data.partners import canonical
from tests.data.audit.trails import ANALYST, lines_of, put, seen
from tests.sizes import size

DAY = datetime(2026, 3, 1, tzinfo=UTC)
KINDS = (Action.VIEW, Action.EXPORT, Action.VIEW, Action.DENIAL, Action.VIEW)
DAYS, EACH = 10, 20
PATIENCE_SECONDS = 30.0


class Hands:
    """A clock that the test turns."""

    now = DAY

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
def home(tmp_path: Path, clock: Hands) -> Home:
    """Ten days of twenty entries each, checkpoints outside."""
    made = Home(tmp_path / "home")
    made.path.mkdir()
    trail = Trail.open(made, outside=tmp_path / "outside.jsonl", clock=clock)
    for day in range(DAYS):
        clock.now = DAY + timedelta(days=day)
        for number in range(EACH):
            trail.record(KINDS[number % len(KINDS)], ANALYST, seen(number), durable=False)
        trail.checkpoint()
    trail.close()
    return made


def emptied_home(home: Home, clock: Hands, days: int = 6) -> int:
    trail = Trail.open(home, outside=home.path.parent / "outside.jsonl", clock=clock)
    count = trail.empty_views(DAY + timedelta(days=days))
    trail.close()
    return count


def check(home: Home) -> None:
    verify(home, home.path.parent / "outside.jsonl")


def test_old_views_are_emptied_and_nothing_else(home: Home, clock: Hands) -> None:
    before = lines_of(home)
    assert emptied_home(home, clock) == 6 * EACH * 3 // 5
    after = lines_of(home)
    for number, (then, now) in enumerate(zip(before, after, strict=False)):
        told = json.loads(then)
        if told["action"] == "view" and number < 6 * EACH:
            assert is_emptied(now)
            assert b"ana" not in now
            assert b"region" not in now
            assert len(then) == len(now), "nothing moves"
            assert json.loads(now)["utc"] == told["utc"]
        else:
            assert then == now
    [last] = after[len(before) :]
    assert json.loads(last)["details"] == {"before": "2026-03-07T00:00:00.000000Z", "views": 72}
    check(home)


def test_every_checkpoint_of_before_still_holds(home: Home, clock: Hands) -> None:
    key = signing_key(home).public_key()
    outside = home.path.parent / "outside.jsonl"
    known = checkpoints_in(outside, key)
    emptied_home(home, clock)
    assert set(known) < set(checkpoints_in(outside, key))
    assert verify(home, outside).entries == DAYS * EACH + 1


def test_entries_that_are_read_are_those_that_say_something(home: Home, clock: Hands) -> None:
    emptied_home(home, clock)
    trail = Trail.open(home, clock=clock)
    found = [entry.action for entry in trail.entries()]
    trail.close()
    assert found.count(Action.VIEW) == 4 * EACH * 3 // 5
    assert found.count(Action.EXPORT) == DAYS * EACH // 5


def test_a_second_time_takes_what_became_old_since(home: Home, clock: Hands) -> None:
    clock.now = DAY + timedelta(days=100)
    trail = Trail.open(home, clock=clock)
    counts = [trail.empty_views(DAY + timedelta(days=days)) for days in (2, 2, 5, 99)]
    trail.record(Action.VIEW, ANALYST, seen(7), durable=True)
    trail.close()
    assert counts == [24, 0, 36, 60]
    check(home)


def test_another_process_that_holds_the_trail_goes_on(home: Home, clock: Hands) -> None:
    other = Trail.open(home, clock=clock)
    emptied_home(home, clock)
    assert other.record(Action.VIEW, ANALYST, seen(1), durable=True) == DAYS * EACH + 1
    other.close()
    check(home)


def test_views_of_before_verify_and_stay(home: Home, clock: Hands) -> None:
    """Until decision 0034 a view was bound to its whole line."""
    old, previous = [], NOTHING_BEFORE
    for seq, line in enumerate(lines_of(home)[:40]):
        told = json.loads(line)
        told |= {"seq": seq, "prev_hash": previous, "hash": ""}
        del told["hash"]
        previous = hashlib.sha256(canonical(told).encode()).hexdigest()
        old.append(canonical({**told, "hash": previous}).encode() + b"\n")
    put(home, old)
    for path in (checkpoints_of(home), home.path.parent / "outside.jsonl"):
        path.unlink()
    assert emptied_home(home, clock) == 0
    assert lines_of(home) == old
    check(home)


def by_hand(home: Home, number: int) -> None:
    lines = lines_of(home)
    shorter = emptied(lines[number].removesuffix(b"\n"))
    assert shorter is not None
    lines[number] = shorter + b"\n"
    put(home, lines)


def test_a_view_that_is_emptied_without_a_retention_is_found(home: Home, clock: Hands) -> None:
    by_hand(home, 0)
    with pytest.raises(AuditBroken, match="Entry 0 was emptied, and no retention"):
        check(home)
    trail = Trail.open(home, clock=clock)
    assert "was emptied" in trail.fault
    trail.close()


def test_a_view_younger_than_the_retention_says_is_found(home: Home, clock: Hands) -> None:
    emptied_home(home, clock)
    by_hand(home, 6 * EACH)
    with pytest.raises(AuditBroken, match=f"Entry {6 * EACH} was emptied"):
        check(home)


def test_an_export_cannot_be_passed_off_as_an_emptied_view(home: Home, clock: Hands) -> None:
    emptied_home(home, clock)
    lines = lines_of(home)
    export = lines[1].removesuffix(b"\n")
    as_view = committed(export.replace(b'"action":"export"', b'"action":"view"', 1))
    room = b" " * (len(export) - len(b"export") + len(b"view") - len(as_view))
    lines[1] = as_view.replace(b',"hash"', room + b',"hash"', 1) + b"\n"
    put(home, lines)
    with pytest.raises(AuditBroken, match="Entry 1 was changed"):
        check(home)


def changes(line: bytes, chance: random.Random) -> Iterator[bytes]:
    at = chance.randrange(len(line) - 1)
    yield line[:at] + bytes([line[at] ^ 1 << chance.randrange(8)]) + line[at + 1 :]
    yield line[:at] + b" " + line[at:]
    yield line[:at] + line[at + 1 :]


def test_whatever_is_done_to_an_emptied_view_is_found(home: Home, clock: Hands, tmp_path: Path) -> None:
    emptied_home(home, clock)
    lines, chance = lines_of(home), random.Random(5)
    places = [number for number, line in enumerate(lines) if is_emptied(line)]
    tried = found = 0
    for _time in range(max(1, size("audit_tamperings") // 5)):
        number = chance.choice(places)
        for changed in changes(lines[number], chance):
            put(home, [*lines[:number], changed, *lines[number + 1 :]])
            tried += 1
            try:
                check(home)
            except AuditBroken:
                found += 1
    assert (found, tried) == (tried, tried)
    put(home, lines)
    check(home)


def test_what_a_power_cut_left_half_done_is_done_at_the_next_start(
    home: Home, clock: Hands, monkeypatch: pytest.MonkeyPatch
) -> None:
    trail = Trail.open(home, clock=clock)
    monkeypatch.setattr(retention, "_forget_note", lambda _home: None)
    trail.empty_views(DAY + timedelta(days=1))
    trail.close()
    monkeypatch.undo()
    note = emptying_of(home)
    offset, text = json.loads(note.read_bytes().splitlines()[0])
    with trail_of(home).open("r+b") as file:  # half a page was written
        file.seek(offset + 40)
        file.write(b"x" * 30)
    again = Trail.open(home, clock=clock)
    assert again.fault == ""
    again.close()
    assert not note.exists()
    assert trail_of(home).read_bytes()[offset : offset + len(text)] == text.encode()
    check(home)


def test_a_note_that_does_not_fit_changes_nothing(home: Home, clock: Hands) -> None:
    before = trail_of(home).read_bytes()
    other = emptied(lines_of(home)[0].removesuffix(b"\n"))
    assert other is not None
    export = len(lines_of(home)[0])
    notes = [[export, other.decode()], [3, "x"], [0, before.decode().splitlines()[1]], ["a", 1], [10**9, "x"]]
    notes += [[-5, "x"], [10**30, "x"], [0, "\ud800"], [True, "x"], 7]
    emptying_of(home).write_bytes(b"".join(json.dumps(one).encode() + b"\n" for one in notes) + b"[1, ")
    retention.finish(home)
    assert trail_of(home).read_bytes() == before


def test_views_are_emptied_once_a_day_by_whoever_serves(home: Home, clock: Hands, tmp_path: Path) -> None:
    clock.now = DAY + timedelta(days=20)
    copy = Home(tmp_path / "copy")
    shutil.copytree(home.path, copy.path)
    trail = Trail.open(copy, clock=clock, views_kept=timedelta(days=14))
    trail.record(Action.EXPORT, ANALYST, seen(1), durable=True)
    end = time.monotonic() + PATIENCE_SECONDS
    while not list(trail.entries(actions=[Action.RETENTION])):
        assert time.monotonic() < end, "nobody emptied them"
        time.sleep(0.05)
    trail.close()
    trail = Trail.open(copy, clock=clock)
    kinds = [entry.action for entry in trail.entries(actions=[Action.VIEW, Action.RETENTION])]
    trail.close()
    assert kinds.count(Action.RETENTION) == 1
    assert kinds.count(Action.VIEW) == 4 * EACH * 3 // 5


def test_nobody_guesses_what_was_emptied(tmp_path: Path, clock: Hands) -> None:
    """Whoever knows all that an entry may have said finds it in no hash that stayed."""
    home = Home(tmp_path / "home")
    home.path.mkdir()
    trail = Trail.open(home, clock=clock)
    trail.record(Action.VIEW, ANALYST, seen(7), durable=True)
    trail.empty_views(clock.now + timedelta(days=1))
    trail.close()
    [line] = [one for one in lines_of(home) if is_emptied(one)]
    guess = written(Action.VIEW, ANALYST, seen(7)).removeprefix('{"action":"view",')
    assert hashlib.sha256(guess.encode()).hexdigest() != json.loads(line)["body"]


@pytest.mark.parametrize("before", ["9999-01-01T00:00:00.000000Z", "~", "", 7, None])
def test_no_entry_lets_views_be_emptied_that_came_after_it(home: Home, clock: Hands, before: object) -> None:
    trail = Trail.open(home, outside=home.path.parent / "outside.jsonl", clock=clock)
    trail.record(Action.RETENTION, ANALYST, {"before": before}, durable=True)
    clock.now += timedelta(days=1)
    trail.record(Action.VIEW, ANALYST, seen(7), durable=True)
    trail.close()
    check(home)
    retention.empty(home, list(retention.due(home, clock.now + timedelta(days=1)))[-1:])
    with pytest.raises(AuditBroken, match="was emptied"):
        check(home)
