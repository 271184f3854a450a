"""Who may report, how often, what the trail has of it, and who decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier

import pytest

from data import reporting
from data.accountability import reads_all
from data.audit.details import plain
from data.audit.entry import Action
from data.clock import fixed_clock
from data.errors import AuditUnavailable, NotReleased, ReportRefused
from data.labels import Label
from data.reporting import Said, decide_report, decides, report, reports_for, said, told_name
from data.reports import KEPT, RELEASED, Report, add_report, all_reports, withheld_records
from data.schema import INCIDENTS
from data.screens import Screen
from data.store import Store
from data.viewer import Identity, Viewer
from tests.factories import NOW, a_home, a_publication, a_row, publish

OPEN, CLOSED = Label("XAA", "TEST", "OPEN", ("PUBLIC",)), Label("XAA", "TEST", "OPEN", ())
Entry = tuple[Action, dict[str, object]]


class Trail:
    """Takes entries as the trail does."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def __call__(
        self, action: Action, who: Viewer, details: Mapping[str, object], *, durable: bool
    ) -> object:
        assert durable
        assert who.identities
        self.entries.append((action, plain(details)))
        return None


def full(*told: object, durable: bool) -> object:
    raise AuditUnavailable("The audit trail cannot be written.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    home = a_home(tmp_path)
    rows = [a_row(INCIDENTS, n, label_id=int(n == 0)) for n in range(30)]
    publish(home, a_publication(INCIDENTS, rows, (OPEN, CLOSED)))
    opened = Store(home, fixed_clock(NOW))
    yield opened
    opened.close()


def person(store: Store, name: str = "borland", **changes: object) -> Viewer:
    [identity] = store.policy().viewer(name).identities
    return Viewer((replace(identity, **changes),))  # type: ignore[arg-type]


def releaser(store: Store) -> Viewer:
    return person(store, "aldara", roles=frozenset({"releaser"}))


def make(
    store: Store, number: int, viewer: Viewer | None = None, trail: Trail | None = None, hours: float = 0
) -> Report:
    told = Said(f"XAA:test:{number}", "unsafe", "look")
    released = store.released_to(viewer or person(store))
    return report(store.home, released, told, trail or Trail(), NOW + timedelta(hours=hours))


def test_a_report_is_recorded_before_it_holds_and_its_remark_is_not(store: Store) -> None:
    trail = Trail()
    made = make(store, 3, trail=trail)
    assert all_reports(store.home) == (made,)
    assert (made.record_id, made.originator, made.partner, made.remark) == (
        "XAA:test:3",
        "XAA",
        "XAB",
        "look",
    )
    [(action, details)] = trail.entries
    assert action is Action.REPORT
    assert details["record_ids"] == ["XAA:test:3"]
    assert details["originators"] == ["XAA"]
    assert "look" not in str(details)


def test_without_an_entry_nothing_is_withheld_and_nothing_decided(store: Store) -> None:
    told, released = Said("XAA:test:3", "unsafe"), store.released_to(person(store))
    with pytest.raises(AuditUnavailable):
        report(store.home, released, told, full, NOW)
    assert all_reports(store.home) == ()
    made = make(store, 3)
    with pytest.raises(AuditUnavailable):
        decide_report(store.home, store.released_to(releaser(store)), made.id, RELEASED, full, NOW)
    assert [one.decided for one in all_reports(store.home)] == [""]


@pytest.mark.parametrize("record_id", ["XAA:test:0", "XAA:test:99", "", "'; DROP TABLE reports"])
def test_what_one_does_not_see_one_cannot_report(store: Store, record_id: str) -> None:
    with pytest.raises(NotReleased):
        report(store.home, store.released_to(person(store)), Said(record_id, "wrong"), Trail(), NOW)


def test_several_together_are_nobody_in_particular(store: Store) -> None:
    wall = Viewer((*person(store).identities, *person(store, "cordia").identities))
    with pytest.raises(NotReleased):
        make(store, 3, wall)


def test_a_person_makes_few_reports_an_hour(store: Store) -> None:
    for number in range(1, 1 + reporting.MOST_AN_HOUR):
        make(store, number)
    with pytest.raises(ReportRefused, match="in the last hour"):
        make(store, 20)
    make(store, 20, person(store, id="another"))
    make(store, 21, hours=1)


def test_a_partner_leaves_few_undecided(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "MOST_OPEN", 3)
    for number in range(1, 4):
        made = make(store, number, person(store, id=f"person-{number}"))
    with pytest.raises(ReportRefused, match="not decided yet"):
        make(store, 20, person(store, id="another"))
    make(store, 20, person(store, "cordia", regions=None))
    decide_report(store.home, store.released_to(releaser(store)), made.id, KEPT, Trail(), NOW)
    make(store, 21, person(store, id="another"))


def test_what_was_released_again_the_same_partner_does_not_withhold_again(store: Store) -> None:
    made = make(store, 3)
    decide_report(store.home, store.released_to(releaser(store)), made.id, RELEASED, Trail(), NOW)
    with pytest.raises(ReportRefused, match="released it again"):
        make(store, 3, person(store, id="another"))
    make(store, 3, person(store, "cordia", regions=None))


def test_who_releases_is_told_when_it_was_reported_again_meanwhile(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, decided = make(store, 3), reporting.decide_reports

    def and_another(*given: object) -> None:
        add_report(store.home, replace(first, id="another", who="cordia", partner="XAC"))
        decided(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(reporting, "decide_reports", and_another)
    assert decide_report(store.home, store.released_to(releaser(store)), first.id, RELEASED, Trail(), NOW)
    monkeypatch.undo()
    again = next(one for one in all_reports(store.home) if one.withholds)
    assert not decide_report(store.home, store.released_to(releaser(store)), again.id, RELEASED, Trail(), NOW)


def test_one_press_decides_all_that_was_reported_of_a_record(store: Store) -> None:
    first = make(store, 3)
    own = make(store, 3, person(store, "aldara"))
    other = make(store, 4)
    trail = Trail()
    decide_report(store.home, store.released_to(releaser(store)), own.id, RELEASED, trail, NOW)
    assert {one.id: one.decided for one in all_reports(store.home)} == {
        first.id: RELEASED,
        own.id: RELEASED,
        other.id: "",
    }
    [(action, details)] = trail.entries
    assert action is Action.REPORT_DECIDED
    assert (details["how"], details["record_ids"]) == (RELEASED, ["XAA:test:3"])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("aldara", {}),
        ("borland", {"roles": frozenset({"releaser", "overseer"})}),
        ("cordia", {"roles": frozenset({"releaser"})}),
    ],
)
def test_a_releaser_of_the_originator_decides_and_nobody_else(
    store: Store, name: str, changes: dict[str, object]
) -> None:
    made = make(store, 3)
    for number, how in ((made.id, RELEASED), ("no report", RELEASED), (made.id, "burn")):
        with pytest.raises(ReportRefused, match="no such report"):
            decide_report(
                store.home, store.released_to(person(store, name, **changes)), number, how, Trail(), NOW
            )
    assert not decides(Viewer((*releaser(store).identities, *releaser(store).identities)), made)
    assert [one.decided for one in all_reports(store.home)] == [""]


def read_by(store: Store, viewer: Viewer, made: Report) -> tuple[Report, ...]:
    return reports_for(store.home, store.released_to(viewer), [made])


def test_a_releaser_who_may_not_have_the_record_reads_and_decides_nothing_of_it(store: Store) -> None:
    made = make(store, 3)
    for bound in (releaser(store), person(store, "aldara", roles=frozenset({"releaser", "overseer"}))):
        [identity] = bound.identities
        elsewhere = Viewer((replace(identity, regions=frozenset({"ZZZ"})),))
        if not reads_all(elsewhere):
            assert read_by(store, elsewhere, made) == ()
        with pytest.raises(ReportRefused, match="no such report"):
            decide_report(store.home, store.released_to(elsewhere), made.id, RELEASED, Trail(), NOW)
    assert read_by(store, releaser(store), made) == (made,)


def test_a_wall_is_nobody_in_particular_even_of_one_partner(store: Store) -> None:
    with pytest.raises(NotReleased):
        make(store, 3, Screen("wall", "Wall", ("XAB",), "OPEN").viewer())


def test_who_reads_which_reports_and_which_names(store: Store) -> None:
    made = make(store, 3)
    owner, overseer = releaser(store), person(store, "cordia", roles=frozenset({"overseer"}))
    reporter = person(store, roles=frozenset({"releaser"}))
    assert read_by(store, owner, made) == (made,)
    assert read_by(store, overseer, made) == (replace(made, remark=""),), "it was said to the originator"
    assert read_by(store, reporter, made) == read_by(store, person(store, "aldara"), made) == ()
    assert (told_name(owner, made), told_name(overseer, made)) == ("", "Borland commander")
    own = make(store, 4, person(store, "aldara"))
    assert told_name(owner, own) == "Aldara analyst"


def test_a_remark_is_one_line_without_control_signs_and_bounded() -> None:
    told = said("XAA:test:1", "wrong", "  a\u202eb\n\n\x00c\t" + "x" * 1_000)
    assert told is not None
    assert told.remark.startswith("a b c x")
    assert len(told.remark) == reporting.MOST_REMARK


@pytest.mark.parametrize(
    "told",
    [
        (None, "wrong", ""),
        ("a", "rude", ""),
        ("a", None, ""),
        ("a", ["wrong"], ""),
        ("a", "wrong", 7),
        ("\ud800", "wrong", ""),
        ("x" * 301, "wrong", ""),
    ],
)
def test_what_is_no_report_is_none(told: tuple[object, object, object]) -> None:
    assert said(*told) is None


def test_identities_of_another_partner_with_the_same_id_count_apart(store: Store) -> None:
    for number in range(1, 1 + reporting.MOST_AN_HOUR):
        make(store, number)
    [identity] = person(store, "cordia", regions=None).identities
    make(store, 20, Viewer((replace(identity, id=person(store).identities[0].id),)))
    assert isinstance(identity, Identity)


def test_many_reports_at_once_are_no_more_than_allowed(store: Store) -> None:
    make(store, 29, hours=-2)  # what is made on first use is there
    released = store.released_to(person(store))
    together = Barrier(12)

    def at_once(number: int) -> str:
        together.wait()
        try:
            report(store.home, released, Said(f"XAA:test:{number}", "wrong"), Trail(), NOW)
        except ReportRefused:
            return "refused"
        return "withheld"

    with ThreadPoolExecutor(12) as pool:
        said = list(pool.map(at_once, range(1, 13)))
    assert said.count("withheld") == reporting.MOST_AN_HOUR


def test_one_record_reported_twice_at_once_is_reported_once(store: Store) -> None:
    make(store, 29, hours=-2)
    released, together = store.released_to(person(store)), Barrier(4)

    def at_once(_number: int) -> None:
        together.wait()
        with suppress(ReportRefused):
            report(store.home, released, Said("XAA:test:3", "wrong"), Trail(), NOW)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(at_once, range(4)))
    assert len([one for one in all_reports(store.home) if one.record_id == "XAA:test:3"]) == 1


@pytest.mark.parametrize("how", [KEPT, RELEASED])
def test_what_was_released_again_meanwhile_is_not_said_to_stay_withheld(store: Store, how: str) -> None:
    made, trail = make(store, 3), Trail()
    decide_report(store.home, store.released_to(releaser(store)), made.id, RELEASED, Trail(), NOW)
    with pytest.raises(ReportRefused, match="released again already"):
        decide_report(store.home, store.released_to(releaser(store)), made.id, how, trail, NOW)
    assert trail.entries == []


def test_of_two_who_decide_at_once_the_second_is_told(store: Store) -> None:
    together = Barrier(2)

    def at_once(how: str) -> str:
        together.wait()
        try:
            decide_report(store.home, store.released_to(releaser(store)), made.id, how, Trail(), NOW)
        except ReportRefused:
            return "refused"
        return how

    for number in range(1, 1 + reporting.MOST_AN_HOUR):
        made = make(store, number)
        with ThreadPoolExecutor(2) as pool:
            said = list(pool.map(at_once, (KEPT, RELEASED)))
        now = all_reports(store.home)[-1]
        assert now.withholds == bool(withheld_records(store.home)), said
        assert now.withholds == (RELEASED not in said)
