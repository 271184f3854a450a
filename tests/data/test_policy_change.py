"""`policy apply`: refused whole or taken whole, told in words; what widens waits for two releasers."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.errors import HomeError, NotApproved, PolicyError
from data.home import Home
from data.labels import Label
from data.policy_change import Outcome, Proposal, carry_out, current, propose
from data.policy_staging import approve, lacking, waiting
from data.policy_versions import in_force, versions
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Identity, Viewer
from tests.factories import NOW, POLICY, a_home, a_publication, a_row, publish
from tests.recording import unrecorded

OPEN = Label("XAA", "TEST", "OPEN", ("PUBLIC",))
FOR_XAB = Label("XAA", "TEST", "OPEN", ("XAB",))
MULTI = 'parties = ["XAA", "XAB", "XAC"]'
WHO = Identity("planner", "Planner", "XAA", "OPEN", roles=frozenset({"releaser"}))
OTHER = replace(WHO, id="second", partner="XAB")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Ten incidents open to all, four for XAB."""
    home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, n, label_id=int(n > 10)) for n in range(1, 15)]
    publish(home, a_publication(INCIDENTS, rows, (OPEN, FOR_XAB)))
    return home


def changed(*swaps: tuple[str, str], more: str = "") -> str:
    text = POLICY
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return text + more


def applied(home: Home, text: str, who: Identity = WHO) -> tuple[Proposal, Outcome]:
    proposal = propose(home, text.encode(), "new.toml")
    return proposal, carry_out(home, proposal, who, clock=fixed_clock(NOW), record=unrecorded)


def seen(home: Home, persona: str) -> set[str]:
    store = Store(home, fixed_clock(NOW))
    try:
        policy = store.policy()
        viewer = policy.viewer(persona) if persona in policy.personas else Viewer(())
        found = store.released_to(viewer).ask("SELECT stored_id FROM released.incidents")
        return {str(one) for one in found.column(0).to_pylist()}
    finally:
        store.close()


NARROWER = changed((MULTI, 'parties = ["XAA", "XAC"]'))
MIXED = changed((MULTI, 'parties = ["XAA", "XAC"]'), ('allows = ["screen"]', 'allows = ["screen", "file"]'))


def test_what_only_narrows_is_in_force_at_once(home: Home) -> None:
    assert len(seen(home, "borland")) == 14
    proposal, outcome = applied(home, NARROWER)
    assert "XAB will see 14 fewer incidents" in proposal.lines
    assert (outcome.whole, outcome.staged, proposal.wider) == (True, None, ())
    assert seen(home, "borland") == set()
    assert home.policy_file.read_text() == NARROWER


def test_a_file_that_narrows_and_widens_narrows_now_and_stages_the_rest(home: Home) -> None:
    proposal, outcome = applied(home, MIXED)
    assert proposal.wider == ("agreement AD-COARSE: more purposes",)
    assert outcome.held
    assert seen(home, "borland") == set()
    store = Store(home, fixed_clock(NOW))
    dunmark = store.policy().viewer("dunmark")
    a_file = store.released_to(dunmark, "file").ask("SELECT count(*) FROM released.incidents")
    assert a_file.column(0).to_pylist() == [0], "the wider purpose waits"
    (staged,) = waiting(home)
    assert list(lacking(staged)) == ["2 more with the role releaser"]
    approve(home, staged.number, WHO, record=unrecorded)
    assert store.released_to(dunmark, "file").ask("SELECT count(*) FROM released.incidents").column(
        0
    ).to_pylist() == [0]
    approve(home, staged.number, OTHER, record=unrecorded)
    assert waiting(home) == ()
    assert home.policy_file.read_text() == MIXED
    assert current(home).bounds == ()
    counted = store.released_to(dunmark, "file").ask("SELECT count(*) FROM released.incidents")
    assert counted.column(0).to_pylist() == [10]


def test_a_new_person_a_role_and_a_partner_wait(home: Home) -> None:
    roles = changed(('roles = ["analyst"]', 'roles = ["analyst", "releaser"]'))
    proposal, _ = applied(home, roles)
    assert proposal.wider == ("persona aldara: the role releaser",)
    assert "releaser" not in current(home).parsed().viewer("aldara").roles


def approved(home: Home, text: str = MIXED) -> int:
    applied(home, text)
    number = waiting(home)[0].number
    approve(home, number, WHO, record=unrecorded)
    return number


def test_the_same_person_twice_is_refused(home: Home) -> None:
    number = approved(home)
    with pytest.raises(NotApproved, match="You have approved it already"):
        approve(home, number, WHO, record=unrecorded)
    assert len(waiting(home)[0].approvals) == 1


@pytest.mark.parametrize(
    ("identity", "words"),
    [
        (replace(OTHER, roles=frozenset({"viewer", "administrator"})), "role releaser"),
        (replace(OTHER, partner="XZZ"), "of a partner"),
    ],
)
def test_only_releasers_of_partners_approve(home: Home, identity: Identity, words: str) -> None:
    number = approved(home)
    with pytest.raises(NotApproved, match=words):
        approve(home, number, identity, record=unrecorded)
    assert current(home).bounds


def test_what_was_broken_off_with_both_approvals_there_is_done_when_asked_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(home)

    def broken_off(*_: object) -> None:
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("data.policy_staging._put_in_force", broken_off)
        with pytest.raises(OSError, match="no room"):
            approve(home, number, OTHER, record=unrecorded)
    assert current(home).bounds
    assert approve(home, number, OTHER, record=unrecorded).closed == "in force"
    assert current(home).bounds == ()


def test_a_staged_change_lapses_when_the_policy_moves(home: Home) -> None:
    number = approved(home)
    applied(
        home,
        changed(
            (MULTI, 'parties = ["XAA", "XAC"]'),
            ('hide = ["operational"]', 'hide = ["operational", "personal"]'),
        ),
    )
    assert waiting(home) == ()
    for _ in range(2):
        with pytest.raises(NotApproved, match="has lapsed"):
            approve(home, number, OTHER, record=unrecorded)
    with pytest.raises(NotApproved, match="no staged change 99"):
        approve(home, 99, OTHER, record=unrecorded)


def test_the_narrowing_of_a_change_that_lapsed_stays(home: Home) -> None:
    applied(home, MIXED)
    applied(home, changed(('allows = ["screen"]', 'allows = ["screen", "file"]')))
    assert seen(home, "borland") == set(), "the second file would give it back: that widens"


def test_the_same_file_again_changes_nothing(home: Home) -> None:
    applied(home, MIXED)
    again = propose(home, MIXED.encode(), "new.toml")
    assert again.already == waiting(home)[0]
    applied(home, NARROWER)
    assert propose(home, NARROWER.encode(), "new.toml").already is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[operation", "not a TOML file"),
        (changed(('level = "OPEN"', 'level = "COSMIC"')), "level is 'COSMIC'"),
        (changed(('id = "TEST"\n', 'id = "OTHER"\n')), r"\[policy\] id is 'OTHER'"),
        (changed(('id = "EX-TEST"', 'id = "EX-2"')), r"\[operation\] id is 'EX-2'"),
        (changed(('kind = "exercise"', 'kind = "actual"')), r"\[operation\] kind is 'actual'"),
        (changed(more='[[relabel]]\nsource = "test"\n'), "set is missing"),
        (changed(more='[[relabel]]\nset = { tlp = "RED" }\n'), "exactly one of them"),
        (changed(more='[[relabel]]\nsource = "test"\nlabel_id = 1\nset = { tlp = "RED" }\n'), "exactly one"),
        (changed(more='[[relabel]]\nsource = "test"\nset = { originator = "XAB" }\n'), "set.originator"),
        (changed(more='[[relabel]]\nsource = "test"\nset = { releasable_to = ["XZZ"] }\n'), "'XZZ'"),
        (changed(more='[[relabel]]\nsource = "tset"\nset = { tlp = "RED" }\n'), "no such record"),
        (changed(more='[[relabel]]\nlabel_id = true\nset = { tlp = "RED" }\n'), "number of a label"),
        (changed(more='[[relabel]]\nrecords = ["XAA:test:1", "X"]\nset = { tlp = "RED" }\n'), "names 'X'"),
    ],
)
def test_a_wrong_file_is_refused_whole_in_one_sentence(home: Home, text: str, words: str) -> None:
    before = home.policy_file.read_bytes()
    with pytest.raises(PolicyError, match=words) as refusal:
        propose(home, text.encode(), "new.toml")
    assert refusal.value.message.count("\n") == 0
    assert (home.policy_file.read_bytes(), versions(home)) == (before, ())


def test_every_version_is_kept_for_good(home: Home) -> None:
    applied(home, NARROWER)
    applied(home, NARROWER.replace('version = "1"', 'version = "2"'))
    first, *rest = versions(home)
    assert (first.how, first.text.decode()) == ("found", POLICY)
    assert [(one.how, one.who, one.partner, one.at) for one in rest] == [
        ("applied", "planner", "XAA", NOW)
    ] * 2
    for statement in ("DELETE FROM policy_versions", "UPDATE policy_versions SET text = ''"):
        with closing(sqlite3.connect(home.state_file)) as state, pytest.raises(sqlite3.Error, match="stays"):
            state.execute(statement)


def test_a_policy_that_moved_between_question_and_answer_is_asked_again(home: Home) -> None:
    proposal = propose(home, NARROWER.encode(), "new.toml")
    home.policy_file.write_text(changed(('version = "1"', 'version = "9"')))
    with pytest.raises(PolicyError, match="changed meanwhile"):
        carry_out(home, proposal, WHO, record=unrecorded)


def test_what_is_done_is_reported(home: Home) -> None:
    said: list[tuple[str, str, bool]] = []

    def record(action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> None:
        assert details
        said.append((action, who.identities[0].id, durable))

    carry_out(home, propose(home, MIXED.encode(), "new.toml"), WHO, record=record)
    for one in (WHO, OTHER):
        approve(home, 1, one, record=record)
    assert said == [
        ("policy_change", "planner", True),
        ("approval", "planner", True),
        ("approval", "second", True),
        ("policy_change", "second", True),
    ]


def test_what_cannot_be_reported_does_not_happen(home: Home) -> None:
    def full(action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> None:
        raise OSError("no room")

    proposal = propose(home, NARROWER.encode(), "new.toml")
    with pytest.raises(OSError, match="no room"):
        carry_out(home, proposal, WHO, record=full)
    assert home.policy_file.read_text() == POLICY


# --- the file, edited by hand -------------------------------------------------------------------------------


ACTUAL = changed(('kind = "exercise"', 'kind = "actual"'))


def test_an_exercise_may_be_edited_by_hand(home: Home) -> None:
    applied(home, NARROWER)
    home.policy_file.write_text(POLICY)
    assert len(seen(home, "borland")) == 14
    applied(home, NARROWER)
    assert [one.how for one in versions(home)] == ["found", "applied", "by hand", "applied"]


@pytest.mark.parametrize("text", [ACTUAL.replace('version = "1"', 'version = "2"'), POLICY])
def test_an_actual_operations_file_edited_by_hand_serves_nobody(tmp_path: Path, text: str) -> None:
    home = a_home(tmp_path, ACTUAL)
    store = Store(home, fixed_clock(NOW))
    assert store.policy().version == "1"
    home.policy_file.write_text(text)
    for reader in (store, Store(home, fixed_clock(NOW))):
        with pytest.raises(PolicyError, match=r"edited by hand.*policy apply"):
            reader.policy()
    proposal = propose(home, text.replace("exercise", "actual").encode(), "new.toml")
    assert proposal.compared == current(home).parsed().digest
    assert current(home).policy.decode() == ACTUAL
    carry_out(home, proposal, WHO, record=unrecorded)
    assert store.policy().operation.kind == "actual"


def test_a_bound_taken_away_by_hand_serves_nobody(tmp_path: Path) -> None:
    home = a_home(tmp_path, ACTUAL)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1)]))
    store = Store(home, fixed_clock(NOW))
    applied(home, MIXED.replace('"exercise"', '"actual"'))
    assert store.policy().bounds
    (bound,) = home.policy_bounds.iterdir()
    bound.unlink()
    with pytest.raises(PolicyError, match="edited by hand"):
        store.policy()
    assert len(current(home).bounds) == 1, "what counts is what was put in force"
    applied(home, changed(('version = "1"', 'version = "3"')).replace('"exercise"', '"actual"'))
    assert len(store.policy().bounds) == 2, "giving back what the first one took still waits"
    assert in_force(versions(home))[0].how == "found"


@pytest.mark.parametrize("text", [NARROWER, MIXED])
def test_a_full_disk_leaves_record_and_file_as_they_were(
    home: Home, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """An actual operation whose file is not the version last put in force serves nobody."""
    before = home.policy_file.read_bytes()
    proposal = propose(home, text.encode(), "new.toml")

    def full(*_told: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("data.policy_force.os.fsync", full)
        with pytest.raises(HomeError, match="cannot be written: No space left"):
            carry_out(home, proposal, WHO, clock=fixed_clock(NOW), record=unrecorded)
    assert home.policy_file.read_bytes() == before
    assert [one.text for one in in_force(versions(home))] in ([], [before])
    assert not list(home.path.rglob(".policy.*"))
    assert carry_out(home, proposal, WHO, clock=fixed_clock(NOW), record=unrecorded)


def test_a_full_disk_at_the_last_approval_leaves_it_to_be_pressed_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = approved(home)

    def full(*_told: object, **_more: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("data.policy_force.os.fsync", full)
        with pytest.raises(HomeError, match="cannot be written"):
            approve(home, number, OTHER, record=unrecorded)
    assert current(home).bounds, "still held"
    approve(home, number, OTHER, record=unrecorded)
    assert home.policy_file.read_text() == MIXED
