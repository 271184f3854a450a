"""What another partner sees of what one sees: it only subtracts, and says why of one's own records alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from dashboard.asked import asked_of
from dashboard.comparison import pair_of, with_their_eyes
from data.clock import fixed_clock
from data.filters import LAYER_FEEDS, Filter
from data.labels import Label
from data.lake import LakeWriter
from data.released import Released
from data.schema import INCIDENTS
from data.seen_by import DELAYED, SeenBy, may_ask, others_known, own_seen, together
from data.store import Store
from data.viewer import NOBODY, Viewer
from tests.factories import NOW, T0, a_home, a_publication, a_row

OPEN = Label("XAA", "TEST", "OPEN", releasable_to=("XAB", "XAD"))
HIGHER = Label("XAA", "TEST", "SENSITIVE", releasable_to=("XAB",))
NOT_LISTED = Label("XAA", "TEST", "OPEN", releasable_to=("XAC",))
NEEDS = Label("XAA", "TEST", "OPEN", releasable_to=("XAB",), required_categories=("protection",))
COARSE = Label("XAA", "TEST", "OPEN", releasable_to=("XAB",), release_geo_level="adm1")
OF_BORLAND = Label("XAB", "TEST", "OPEN", releasable_to=("XAA",))
OF_CORDIA = Label("XAC", "TEST", "OPEN", releasable_to=("XAA", "XAB"))
OF_CORDIA_FOR_ONE = Label("XAC", "TEST", "OPEN", releasable_to=("XAA",))
LABELS = (OPEN, HIGHER, NOT_LISTED, NEEDS, COARSE, OF_BORLAND, OF_CORDIA, OF_CORDIA_FOR_ONE)
EACH = 3
"""Records under each label."""

LAYERS = tuple(LAYER_FEEDS)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home = a_home(tmp_path_factory.mktemp("seen"))
    rows = [
        a_row(
            INCIDENTS,
            place * 100 + n,
            record_id=f"{label.originator}:test:{place}-{n}",
            originator=label.originator,
            label_id=place,
        )
        for place, label in enumerate(LABELS)
        for n in range(EACH)
    ]
    late = a_row(INCIDENTS, 900, label_id=0, start_at=NOW - timedelta(hours=3))
    with LakeWriter(home) as lake:
        lake.publish(a_publication(INCIDENTS, [*rows, late], LABELS))
    opened = Store(home, fixed_clock(NOW))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def released(store: Store) -> Released:
    return store.released_to(store.policy().viewer("aldara"))


def with_eyes(store: Store, released: Released, other: SeenBy) -> Released:
    return store.released_to(together(released.viewer, store.policy(), other))


def ids(released: Released) -> set[str]:
    sql = "SELECT record_id FROM released.incidents"
    return {str(value) for value in released.ask(sql).column(0).to_pylist()}


def test_why_own_records_are_not_seen_adds_up(store: Store, released: Released) -> None:
    other = SeenBy("XAB")
    found = own_seen(released, with_eyes(store, released, other), Filter(), LAYERS, other)
    assert found.records == 5 * EACH + 1
    assert found.hidden == {"R2": EACH, "R3": EACH, "R4": EACH}
    assert (found.seen, found.coarse) == (2 * EACH + 1, EACH)


def test_who_is_cleared_higher_sees_more(store: Store, released: Released) -> None:
    other = SeenBy("XAB", "SENSITIVE")
    found = own_seen(released, with_eyes(store, released, other), Filter(), LAYERS, other)
    assert found.hidden == {"R3": EACH, "R4": EACH}


def test_a_delay_holds_back_what_the_rules_permit(store: Store, released: Released) -> None:
    other = SeenBy("XAD")
    found = own_seen(released, with_eyes(store, released, other), Filter(), LAYERS, other)
    assert found.hidden[DELAYED] == 1
    assert found.seen == EACH
    assert found.seen + sum(found.hidden.values()) == found.records


def test_it_only_subtracts(store: Store, released: Released) -> None:
    mine = ids(released)
    for code in ("XAB", "XAC", "XAD"):
        for level in ("", "SENSITIVE"):
            both = ids(with_eyes(store, released, SeenBy(code, level)))
            assert {one for one in both if "~" not in one} <= mine
            theirs = store.released_to(
                Viewer(together(NOBODY, store.policy(), SeenBy(code, level)).identities)
            )
            assert len(both) <= min(len(mine), len(ids(theirs)))


def test_what_a_third_partner_gave_to_one_of_both_is_in_neither(store: Store, released: Released) -> None:
    seen = ids(with_eyes(store, released, SeenBy("XAB")))
    assert "XAC:test:6-0" in seen
    assert "XAC:test:7-0" not in seen


def test_the_filter_holds(store: Store, released: Released) -> None:
    other = SeenBy("XAB")
    asked = Filter(start=T0, end=T0 + timedelta(days=2))
    found = own_seen(released, with_eyes(store, released, other), asked, LAYERS, other)
    assert 0 < found.records < 5 * EACH
    assert found.records == found.seen + sum(found.hidden.values())


def test_the_pictures_are_of_own_records_alone(store: Store, released: Released) -> None:
    asked = asked_of(released, "compare=XAB")
    pair = pair_of(released, asked)
    theirs = with_their_eyes(store, released, pair)
    for of, side in ((theirs, pair.earlier), (released, pair.later)):
        rows = of.rows(side.filter, "incidents")
        assert set(rows.codes("originator").counts()) == {"XAA"}
        assert len(rows)


def test_nobody_looks_with_the_eyes_of_a_partner_it_does_not_know(store: Store) -> None:
    policy = store.policy()
    assert others_known(policy.viewer("aldara"), policy, NOW) == ("XAB", "XAC", "XAD")
    sharing = replace(policy.viewer("dunmark").identities[0], roles=frozenset({"analyst"}))
    assert others_known(Viewer((sharing,)), policy, NOW) == ("XAA",)


def test_only_roles_that_share_may_look_and_only_at_another(store: Store, released: Released) -> None:
    policy, viewer = store.policy(), released.viewer
    [identity] = viewer.identities
    looking = Viewer((replace(identity, roles=frozenset({"viewer", "overseer", "administrator"})),))
    assert may_ask(viewer, policy, SeenBy("XAB"), NOW)
    assert not may_ask(looking, policy, SeenBy("XAB"), NOW)
    assert not may_ask(viewer, policy, SeenBy("XAA"), NOW)
    assert not may_ask(viewer, policy, SeenBy("XZZ"), NOW)
    assert not may_ask(viewer, policy, SeenBy("XAB", "COSMIC"), NOW)
    assert not may_ask(NOBODY, policy, SeenBy("XAB"), NOW)
