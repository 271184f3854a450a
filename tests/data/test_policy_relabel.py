"""`[[relabel]]`: tightening holds at once and at every time, widening waits, and nothing old comes back."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.filters import Filter
from data.home import Home
from data.label_join import strictest
from data.labels import Label, label_hash
from data.lake import LakeWriter
from data.policy_change import Outcome, carry_out, propose
from data.policy_relabel import at_once
from data.policy_staging import approve, lacking, waiting
from data.schema import INCIDENTS
from data.store import Store
from tests.data import release_cases as world
from tests.data.test_policy_change import NARROWER, OTHER, WHO, applied
from tests.data.test_store import LABELS, a_history
from tests.factories import NOW, OPEN_TO_ALL, POLICY, T0, a_home, a_publication, a_row, publish
from tests.recording import unrecorded

FOR_XAB = Label("XAA", "TEST", "OPEN", ("XAB",))
TIMES = [T0 + timedelta(days=day) for day in range(0, 30, 2)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, n, label_id=int(n > 4)) for n in range(1, 7)]
    publish(home, a_publication(INCIDENTS, rows, (OPEN_TO_ALL, FOR_XAB)))
    return home


def relabelled(home: Home, chosen: str, said: str) -> Outcome:
    text = f"{POLICY}\n[[relabel]]\n{chosen}\nset = {{ {said} }}\n"
    proposal = propose(home, text.encode(), "new.toml")
    return carry_out(home, proposal, WHO, clock=fixed_clock(NOW), record=unrecorded)


def newest(home: Home) -> dict[str, tuple[int, Label]]:
    with LakeWriter(home) as lake:
        rows = lake.newest_rows(INCIDENTS).to_pylist()
        return {row["record_id"]: (row["revision"], lake.label(row["label_id"])) for row in rows}


def shown(home: Home, *people: str, times: Sequence[datetime | None] = (None,)) -> list[set[str]]:
    """Records released to each persona as known at each time."""
    store = Store(home, fixed_clock(NOW))
    found = []
    try:
        for released in [store.released_to(store.policy().viewer(persona)) for persona in people]:
            for known in times:
                ids = released.rows(Filter(known_at=known), "incidents").codes("stored_id")
                found.append({str(ids.words[code]) for code in ids.values.tolist()})
    finally:
        store.close()
    return found


def test_a_stricter_label_is_a_revision_and_holds_at_once(home: Home) -> None:
    assert len(*shown(home, "borland")) == 6
    outcome = relabelled(home, 'records = ["XAA:test:1", "XAA:test:2"]', "releasable_to = []")
    assert (outcome.whole, outcome.relabelled, outcome.staged) == (True, 2, None)
    now, earlier = shown(home, "borland", times=(None, T0 + timedelta(days=29)))
    assert (len(now), earlier) == (4, now)
    revision, label = newest(home)["XAA:test:1"]
    assert (revision, label.releasable_to, label.originator) == (2, (), "XAA")


def test_only_the_label_is_another(home: Home) -> None:
    with LakeWriter(home) as lake:
        (before,) = lake.newest_rows(INCIDENTS).filter(_is("XAA:test:1")).to_pylist()
    relabelled(home, 'source = "test"', 'required_categories = ["medical"], tlp = "RED"')
    with LakeWriter(home) as lake:
        (after,) = lake.newest_rows(INCIDENTS).filter(_is("XAA:test:1")).to_pylist()
        label = lake.label(after["label_id"])
    kept = {name for name in before if before[name] != after[name]}
    assert kept == {"revision", "msg_type", "received_at", "label_created_at", "label_id", "label_hash"}
    assert after["received_at"] >= NOW
    assert after["label_hash"] == label_hash(label, after["content_hash"], "XAA:test:1")
    assert (label.required_categories, label.tlp) == (("medical",), "RED")


def _is(record: str) -> object:
    import pyarrow.compute as pc

    return pc.field("record_id") == record


def test_what_widens_waits_for_two_and_for_its_owner(home: Home) -> None:
    outcome = relabelled(home, 'records = ["XAA:test:5"]', 'releasable_to = ["PUBLIC"]')
    assert (outcome.whole, outcome.relabelled) == (True, 0)
    assert newest(home)["XAA:test:5"] == (1, FOR_XAB)
    (staged,) = waiting(home)
    for one in (replace(OTHER, id="third"), OTHER):
        approve(home, staged.number, one, record=unrecorded)
    assert list(lacking(waiting(home)[0])) == ["one of XAA, whose records they are"]
    assert newest(home)["XAA:test:5"] == (1, FOR_XAB)
    approve(home, staged.number, WHO, record=unrecorded)
    assert waiting(home) == ()
    assert newest(home)["XAA:test:5"][1].releasable_to == ("PUBLIC",)


def test_what_is_tightened_and_widened_is_tightened_now(home: Home) -> None:
    said = 'releasable_to = ["XAC"], classification = "SENSITIVE"'
    outcome = relabelled(home, 'records = ["XAA:test:5"]', said)
    assert outcome.relabelled == 1
    label = newest(home)["XAA:test:5"][1]
    assert (label.releasable_to, label.classification) == ((), "SENSITIVE")
    (staged,) = waiting(home)
    approve(home, staged.number, WHO, record=unrecorded)
    approve(home, staged.number, OTHER, record=unrecorded)
    label = newest(home)["XAA:test:5"][1]
    assert (label.releasable_to, label.classification) == (("XAC",), "SENSITIVE")


def test_a_record_that_moved_meanwhile_keeps_its_label(home: Home) -> None:
    relabelled(home, 'source = "test"', 'releasable_to = ["PUBLIC"]')
    row = a_row(INCIDENTS, 5, revision=2, msg_type="update", ingested_at=NOW, received_at=NOW)
    publish(home, a_publication(INCIDENTS, [row], (Label("XAA", "TEST", "SENSITIVE", ()),)))
    with LakeWriter(home) as lake:
        lake._lake.run(
            "UPDATE lake.incidents SET superseded_at = ingested_at, superseded_received_at ="
            " received_at WHERE record_id = 'XAA:test:5' AND revision = 1"
        )
    (staged,) = waiting(home)
    approve(home, staged.number, WHO, record=unrecorded)
    approve(home, staged.number, OTHER, record=unrecorded)
    labels = newest(home)
    assert labels["XAA:test:5"][1].releasable_to == ()
    assert labels["XAA:test:6"][1].releasable_to == ("PUBLIC",)


def test_labels_lapse_with_the_policy(home: Home) -> None:
    relabelled(home, "label_id = 2", 'releasable_to = ["PUBLIC"]')
    assert len(waiting(home)) == 1
    applied(home, NARROWER)
    assert waiting(home) == ()


def test_the_difference_counts_the_labels(home: Home) -> None:
    text = f'{POLICY}\n[[relabel]]\nsource = "test"\nset = {{ releasable_to = ["XAC"] }}\n'
    lines = propose(home, text.encode(), "new.toml").lines
    assert "6 incidents of XAA get another label; 2 wait in part" in lines
    assert "XAB will see 6 fewer incidents" in lines
    assert "XAC will see 2 more incidents" in lines


def test_a_label_that_says_the_same_is_no_revision(home: Home) -> None:
    text = f'{POLICY}\n[[relabel]]\nrecords = ["XAA:test:5"]\nset = {{ releasable_to = ["XAB"] }}\n'
    assert propose(home, text.encode(), "new.toml").is_nothing


@pytest.mark.parametrize("seed", [1])
def test_after_a_tightening_every_knowledge_time_shows_a_part_of_what_it_showed(
    tmp_path: Path, seed: int
) -> None:
    choose = random.Random(seed)
    histories = [a_history(number, choose) for number in range(40)]
    home = a_home(tmp_path)
    publish(home, a_publication(INCIDENTS, [row for history in histories for row in history], LABELS))
    people = ("aldara", "borland", "cordia", "dunmark")
    before = shown(home, *people, times=TIMES)
    assert any(before)
    for said in ('releasable_to = ["XAB"]', 'release_geo_level = "adm1"', 'classification = "SENSITIVE"'):
        outcome = relabelled(home, f"label_id = {choose.randint(1, 5)}", said)
        assert outcome.whole
        after = shown(home, *people, times=TIMES)
        assert all(one <= other for one, other in zip(after, before, strict=True))
        before = after


def test_what_holds_at_once_permits_nothing_new() -> None:
    choose = random.Random(3)
    policy = world.a_policy(world.an_agreement())
    changed = 0
    for _ in range(3_000):
        label = world.random_label(choose)
        wanted = replace(world.random_label(choose), originator=label.originator, policy_id="TEST")
        if {label.policy_id, label.classification, label.release_geo_level, wanted.classification} & {
            *("OTHER", "HIGH", "village")
        }:
            continue
        if wanted.release_geo_level == "village":
            continue
        met = at_once(label, wanted, policy)
        changed += met not in (label, wanted)
        assert strictest([met, label], policy) == strictest([met], policy)
    assert changed > 200
