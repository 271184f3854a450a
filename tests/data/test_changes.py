"""What changed between two knowledge times, against plain Python over the revisions themselves."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from data.changes import CHANGE_KINDS, changed, changes, steps
from data.clock import fixed_clock
from data.filters import Filter
from data.labels import Label
from data.released import Released
from data.schema import INCIDENTS
from data.store import Store
from tests.factories import NOW, OPEN_TO_ALL, T0, a_home, a_publication, a_row, publish

Row = dict[str, object]
EARLY, LATE = T0 + timedelta(days=8), T0 + timedelta(days=20)
HIDDEN = Label("XAA", "TEST", "OPEN", ())


def a_history(number: int, choose: random.Random) -> list[Row]:
    """One to four revisions; some move to another province, some are cancelled."""
    hours = sorted(choose.sample(range(1, 28 * 24), choose.randint(1, 4)))
    rows = [
        a_row(
            INCIDENTS,
            number,
            revision=n + 1,
            start_at=T0,
            ingested_at=T0 + timedelta(hours=hour),
            received_at=T0 + timedelta(hours=hour),
            msg_type="new" if n == 0 else choose.choice(["update"] * 5 + ["cancel"]),
            adm1_pcode=choose.choice(["XQ01", "XQ02"]),
            deaths_best=choose.randrange(4),
            title=f"Title {n}",
        )
        for n, hour in enumerate(hours)
    ]
    for row, successor in pairwise(rows):
        row["superseded_at"] = row["superseded_received_at"] = successor["ingested_at"]
    return rows


@pytest.fixture(scope="module")
def lot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Released, list[list[Row]]]]:
    choose = random.Random(5)
    histories = [a_history(number, choose) for number in range(200)]
    home = a_home(tmp_path_factory.mktemp("changes"))
    publish(home, a_publication(INCIDENTS, [row for history in histories for row in history]))
    store = Store(home, fixed_clock(NOW))
    yield store.released_to(store.policy().viewer("borland")), histories
    store.close()


def state(history: list[Row], at: datetime, province: str) -> Row | None:
    """The revision that stands at a time, when the filter shows it."""
    known = [row for row in history if row["ingested_at"] <= at]  # type: ignore[operator]
    if not known or known[-1]["msg_type"] == "cancel":
        return None
    return known[-1] if not province or known[-1]["adm1_pcode"] == province else None


def expected(histories: list[list[Row]], province: str) -> dict[str, tuple[str, str]]:
    """By record: what happened to it between EARLY and LATE, and whether it crossed the filter."""
    found: dict[str, tuple[str, str]] = {}
    for history in histories:
        before, after = state(history, EARLY, province), state(history, LATE, province)
        known = [row for row in history if row["ingested_at"] <= LATE]  # type: ignore[operator]
        new = not any(row["ingested_at"] <= EARLY for row in history)  # type: ignore[operator]
        identity = str(history[0]["record_id"])
        if before is after:
            continue
        if before is None:
            found[identity] = ("new", "") if new else ("corrected", "entered")
        elif after is None:
            gone = known[-1]["msg_type"] == "cancel"
            found[identity] = ("withdrawn", "") if gone else ("corrected", "left")
        else:
            found[identity] = ("corrected", "")
    return found


@pytest.mark.parametrize("province", ["", "XQ01"])
def test_every_change_is_told_once_and_by_its_kind(
    lot: tuple[Released, list[list[Row]]], province: str
) -> None:
    released, histories = lot
    asked = Filter(regions=(province,) if province else (), known_at=LATE)
    found = changes(released, asked, ("incidents",), EARLY)
    told = {str(c.values["record_id"]): (c.kind, c.crossing) for c in found.newest}
    wanted = expected(histories, province)
    assert told == wanted
    assert len(found.newest) == len(told)
    kinds = Counter(kind for kind, _crossing in wanted.values())
    assert {kind: found.counts["incidents", kind] for kind in CHANGE_KINDS} == {
        kind: kinds[kind] for kind in CHANGE_KINDS
    }
    assert set(kinds) == set(CHANGE_KINDS), "the lot holds every kind"


def test_a_correction_says_what_it_was_and_what_it_is(lot: tuple[Released, list[list[Row]]]) -> None:
    released, histories = lot
    by_id = {str(history[0]["record_id"]): history for history in histories}
    found = changes(released, Filter(known_at=LATE), ("incidents",), EARLY)
    corrected = [c for c in found.newest if c.kind == "corrected" and not c.crossing]
    assert corrected
    for change in corrected:
        history = by_id[str(change.values["record_id"])]
        before, after = state(history, EARLY, ""), state(history, LATE, "")
        assert before is not None
        assert after is not None
        differs = {name: (was, now) for name, was, now in change.differs}
        assert ("deaths_best" in differs) == (before["deaths_best"] != after["deaths_best"])
        assert differs.get("title") == (before["title"], after["title"])
        assert not {"received_at", "ingested_at", "content_hash", "label_id"} & set(differs)


def test_the_map_draws_the_rows_that_the_list_counts(lot: tuple[Released, list[list[Row]]]) -> None:
    released, _histories = lot
    found = changed(released, Filter(known_at=LATE), "incidents", EARLY)
    counts = changes(released, Filter(known_at=LATE), ("incidents",), EARLY).counts
    assert {kind: len(found.rows(kind)) for kind in CHANGE_KINDS} == {
        kind: counts["incidents", kind] for kind in CHANGE_KINDS
    }


def test_nothing_changed_between_a_time_and_itself(lot: tuple[Released, list[list[Row]]]) -> None:
    found = changes(lot[0], Filter(known_at=EARLY), ("incidents",), EARLY)
    assert not found.newest
    assert not any(found.counts.values())


@pytest.mark.parametrize("most", [5, 48, 1000])
def test_the_steps_hold_every_revision_once(lot: tuple[Released, list[list[Row]]], most: int) -> None:
    released, histories = lot
    found = steps(released, Filter(), ("incidents",), most)
    assert len(found) <= most
    assert sum(step.new for step in found) == len(histories)
    revisions = [row for history in histories for row in history[1:]]
    cancels = sum(row["msg_type"] == "cancel" for row in revisions)
    assert sum(step.withdrawn for step in found) == cancels
    assert sum(step.corrected for step in found) == len(revisions) - cancels
    assert [step.at for step in found] == sorted(step.at for step in found)
    assert found[-1].at == max(row["ingested_at"] for history in histories for row in history)  # type: ignore[type-var]


def test_between_two_neighbouring_steps_is_what_the_later_says(
    lot: tuple[Released, list[list[Row]]],
) -> None:
    """A record that changes twice within one step is one difference: there are at most as many."""
    released, _histories = lot
    found = steps(released, Filter(), ("incidents",), 1000)
    for one, other in pairwise(found[:12]):
        counts = changes(released, Filter(known_at=other.at), ("incidents",), one.at).counts
        assert 0 < sum(counts.values()) <= other.new + other.corrected + other.withdrawn
        assert counts["incidents", "new"] <= other.new


def test_a_change_of_what_is_withheld_is_no_change(tmp_path: Path) -> None:
    """Neither a hidden record nor a hidden revision of a field shows in list, counts or steps."""
    answers = []
    for hidden in (False, True):
        home = a_home(tmp_path / str(hidden))
        rows = [a_row(INCIDENTS, n, start_at=T0) for n in range(5)]
        if hidden:
            secret = a_row(INCIDENTS, 9, start_at=T0, label_id=1)
            later = {"ingested_at": EARLY, "received_at": EARLY}
            rows += [
                {**secret, "superseded_at": EARLY, "superseded_received_at": EARLY},
                {**secret, **later, "revision": 2, "msg_type": "update", "title": "Still a secret"},
            ]
        publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, HIDDEN)))
        store = Store(home, fixed_clock(NOW))
        seen = store.released_to(store.policy().viewer("borland"))
        found = changes(seen, Filter(known_at=LATE), ("incidents",), T0 - timedelta(days=1))
        answers.append((found, steps(seen, Filter(), ("incidents",), 9)))
        store.close()
    assert answers[0] == answers[1]


def revisions(*hidden: int) -> list[Row]:
    """Three revisions of one record, at T0, EARLY and LATE; those named are their owner's alone."""
    times = (T0, EARLY, LATE)
    rows = [
        a_row(
            INCIDENTS,
            1,
            revision=n + 1,
            start_at=T0,
            ingested_at=at,
            received_at=at,
            msg_type="new" if n == 0 else "update",
            title=f"Title {n}",
            label_id=1 if n in hidden else 0,
        )
        for n, at in enumerate(times)
    ]
    for row, successor in pairwise(rows):
        row["superseded_at"] = row["superseded_received_at"] = successor["ingested_at"]
    return rows


def test_a_record_begins_anew_after_a_revision_that_is_denied(tmp_path: Path) -> None:
    """A gap would tell that there was a hidden revision, and when."""
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, revisions(1), (OPEN_TO_ALL, HIDDEN)))
    store = Store(home, fixed_clock(NOW))
    seen, owner = (store.released_to(store.policy().viewer(who)) for who in ("borland", "aldara"))
    assert [step.new for step in steps(seen, Filter(), ("incidents",), 9)] == [1]
    assert not changes(seen, Filter(known_at=EARLY), ("incidents",), T0).newest
    found = changes(seen, Filter(known_at=LATE), ("incidents",), EARLY).newest
    assert [(change.kind, change.differs) for change in found] == [("new", ())]
    assert len(steps(owner, Filter(), ("incidents",), 9)) == 3
    store.close()


def test_what_is_known_from_a_later_time_on_is_nowhere(tmp_path: Path) -> None:
    later = NOW + timedelta(days=1)
    home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, 1, start_at=T0), a_row(INCIDENTS, 2, start_at=T0, ingested_at=later)]
    publish(home, a_publication(INCIDENTS, rows))
    store = Store(home, fixed_clock(NOW))
    seen = store.released_to(store.policy().viewer("borland"))
    assert seen.columns(INCIDENTS).count == 1
    assert seen.holds_until == later
    store.close()


def test_rows_of_one_day_stand_in_the_order_of_the_ids_that_are_released(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, n, start_at=T0, ingested_at=T0, received_at=T0) for n in range(40)]
    publish(home, a_publication(INCIDENTS, rows))
    store = Store(home, fixed_clock(NOW))
    seen = store.released_to(store.policy().viewer("dunmark"))
    ids = [
        row["record_id"]
        for row in seen.ask("SELECT record_id FROM released.incidents ORDER BY rowid").to_pylist()
    ]
    assert all(":~" in each for each in ids), "coarsened records have opaque ids"
    assert ids == sorted(ids)
    store.close()
