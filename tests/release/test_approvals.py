"""Approving on a page: who sees what waits, with which figures, and when it is in force."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import AuditUnavailable
from data.known_changes import KnownChange, known_changes
from data.labels import Label
from data.policy_change import carry_out, current, propose
from data.policy_staging import approve, waiting
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Viewer
from tests.dashboard.conftest import body_for, output_of, post
from tests.factories import POLICY, a_home, a_publication, a_row, publish
from tests.recording import unrecorded
from tests.release.asking import Asking
from tests.release.worlds import SECRET, World

RELEASERS = POLICY.replace('roles = ["analyst"]', 'roles = ["analyst", "releaser"]').replace(
    'name = "Borland commander"\npartner = "XAB"\nroles = ["viewer"]',
    'name = "Borland commander"\npartner = "XAB"\nroles = ["viewer", "releaser"]',
)
WIDER = RELEASERS.replace('geo_level = "adm1"', 'geo_level = "adm2"').replace(
    'parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAB", "XAC", "XAD"]'
)
FOR_ALL = Label("XAA", "TEST", "OPEN", ("PUBLIC",))
OF_XAC = Label("XAC", "TEST", "OPEN", ("XAD",))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Six incidents of XAA for everybody, three of XAC for XAD; a wider policy waits."""
    home = a_home(tmp_path, RELEASERS)
    home.secret_file.write_bytes(SECRET)
    rows = [a_row(INCIDENTS, n, label_id=int(n > 6)) for n in range(1, 10)]
    publish(home, a_publication(INCIDENTS, rows, (FOR_ALL, OF_XAC)))
    proposer = current(home).parsed().viewer("cordia").identities[0]
    carry_out(home, propose(home, WIDER.encode(), "wider.toml"), proposer, record=unrecorded)
    store = Store.open(home)
    yield World(home, store)
    store.close()


def known(world: World, persona: str) -> KnownChange:
    [change] = known_changes(world.home, world.store.policy().viewer(persona))
    return change


def pressed(world: World, persona: str, body: object, **headers: str) -> Response:
    with Asking(world, persona) as asking:
        return asking.client.post("/api/approvals", json=body, headers=headers)


def page_of(world: World, persona: str) -> str:
    with Asking(world, persona) as asking:
        body = body_for(asking.app, output_of(asking.app, "policy.data-drawn"), view="")
        return post(asking.client, body).text


def test_a_releaser_reads_what_the_texts_say_and_figures_of_its_own_records(world: World) -> None:
    of_aldara, of_borland = known(world, "aldara"), known(world, "borland")
    assert "agreement AD-COARSE: geo_level adm1 becomes adm2" in of_aldara.terms
    assert of_aldara.figures == ("XAD will see more of 6 incidents",)
    assert of_borland.figures == (), "how many of XAA's and XAC's records is not for XAB"
    assert not [line for line in of_borland.terms if "incidents" in line and "will see" in line]
    assert (of_aldara.people, of_aldara.owners, of_aldara.mine) == (2, (), False)
    everything = waiting(world.home)[0].told.lines
    assert "XAD will see 3 more incidents, more of 6" in everything, "the machine's own words have all"


def test_names_are_told_of_ones_own_people_only(world: World) -> None:
    assert known(world, "aldara").proposed.who == ""
    assert pressed(world, "aldara", {"staged": 1}).status_code == 204
    [own], [other] = known(world, "aldara").approvals, known(world, "borland").approvals
    assert (own.partner, own.who) == ("XAA", "aldara")
    assert (other.partner, other.who) == ("XAA", "")


@pytest.mark.parametrize("persona", ["cordia", "dunmark"])
def test_whoever_is_no_releaser_sees_nothing_and_is_refused(world: World, persona: str) -> None:
    assert known_changes(world.home, world.store.policy().viewer(persona)) == ()
    assert "Waiting for approval" not in page_of(world, persona)
    assert pressed(world, persona, {"staged": 1}).status_code in {403, 404}
    assert waiting(world.home)[0].approvals == ()


def test_several_identities_are_nobody_who_approves(world: World) -> None:
    policy = world.store.policy()
    both = Viewer(tuple(policy.viewer(name).identities[0] for name in ("aldara", "borland")))
    assert known_changes(world.home, both) == ()


def test_two_people_put_it_in_force_and_the_trail_has_both(world: World) -> None:
    assert "Waiting for approval" in page_of(world, "aldara")
    assert pressed(world, "aldara", {"staged": 1}).status_code == 204
    assert "another person must be the second" in page_of(world, "aldara")
    again = pressed(world, "aldara", {"staged": 1})
    assert (again.status_code, again.json()["title"]) == (409, "Not approved")
    assert world.store.policy().bounds != () or world.home.policy_file.read_text() == RELEASERS
    assert pressed(world, "borland", {"staged": 1}).status_code == 204
    assert world.home.policy_file.read_text() == WIDER
    assert "Waiting for approval" not in page_of(world, "borland")
    trail = Trail.open(world.home)
    found = [entry.actor[0].subject for entry in trail.entries(actions=[Action.APPROVAL])]
    trail.close()
    assert found == ["aldara", "borland"]


def test_what_was_broken_off_with_all_approvals_there_can_be_pressed_again(world: World) -> None:
    policy = world.store.policy()
    first, second = (policy.viewer(name).identities[0] for name in ("aldara", "borland"))

    def disk_is_full(action: Action, _who: Viewer, _details: object, *, durable: bool) -> object:
        if action is Action.POLICY_CHANGE and durable:
            raise AuditUnavailable("The audit trail cannot be written.")
        return None

    approve(world.home, 1, first, record=unrecorded)
    with pytest.raises(AuditUnavailable):
        approve(world.home, 1, second, record=disk_is_full)
    assert world.home.policy_file.read_text() == RELEASERS, "nothing is done without its entry"
    assert "data-act" in page_of(world, "aldara")
    assert pressed(world, "aldara", {"staged": 1}).status_code == 204
    assert world.home.policy_file.read_text() == WIDER


@pytest.mark.parametrize(
    "body",
    [{}, [], {"staged": True}, {"staged": "1"}, {"staged": -1}, {"staged": 10**30}, {"staged": 1.0}, 7],
)
def test_a_body_of_any_other_shape_is_a_bad_request(world: World, body: object) -> None:
    assert pressed(world, "aldara", body).status_code == 400


def test_a_change_that_is_not_there_is_told(world: World) -> None:
    answer = pressed(world, "aldara", {"staged": 99})
    assert (answer.status_code, answer.json()["sentences"][0]) == (409, "There is no staged change 99.")


def test_another_site_cannot_press_the_button(world: World) -> None:
    assert pressed(world, "aldara", {"staged": 1}, Origin="http://elsewhere.example").status_code == 403
    assert waiting(world.home)[0].approvals == ()
