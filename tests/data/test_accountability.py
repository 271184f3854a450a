"""The trail as an owner or an overseer may read it: own data alone, names of own people alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from data.accountability import DAYS, Account, account
from data.audit.entry import Action
from data.audit.trail import Trail
from data.clock import fixed_clock
from data.viewer import NOBODY, Identity, Viewer
from tests.data.release_cases import a_policy, an_agreement
from tests.factories import NOW, a_home

BOTH = an_agreement("BOTH", "XAA", "XAB", kind="bilateral")
OTHERS = an_agreement("OTHERS", "XAB", "XAC", kind="bilateral")
POLICY = a_policy(BOTH, OTHERS)


def somebody(partner: str, *roles: str) -> Viewer:
    return Viewer((Identity(f"person-of-{partner}", "Person", partner, "OPEN", roles=frozenset(roles)),))


@pytest.fixture
def trail(tmp_path: Path) -> Iterator[Trail]:
    made = Trail.open(a_home(tmp_path), clock=fixed_clock(NOW))
    looked = {
        "page": "/",
        "originators": ["XAA", "XAC"],
        "agreements": ["BOTH", "OTHERS"],
        "labels": [
            {"label": "a", "originator": "XAA", "count": 5},
            {"label": "b", "originator": "XAC", "count": 70},
        ],
    }
    made.record(Action.VIEW, somebody("XAB", "analyst"), looked, durable=True)
    made.record(Action.EXPORT, somebody("XAB", "analyst"), looked | {"extract_id": "e1"}, durable=True)
    made.record(Action.VIEW, somebody("XAC", "viewer"), looked | {"originators": ["XAC"]}, durable=True)
    made.record(Action.VIEW, somebody("XAA", "viewer"), looked, durable=True)
    made.record(Action.DENIAL, somebody("XAB", "analyst"), {"originators": ["XAA"]}, durable=True)
    yield made
    made.close()


def told(trail: Trail, viewer: Viewer) -> Account:
    return account(trail.entries(), POLICY, viewer, NOW + timedelta(hours=1))


def test_an_owner_reads_about_its_own_data_and_names_of_its_own_people(trail: Trail) -> None:
    found = told(trail, somebody("XAA", "releaser"))
    assert [(use.partners, use.action, use.records) for use in found.uses] == [
        (("XAA",), Action.VIEW, 5),
        (("XAB",), Action.EXPORT, 5),
        (("XAB",), Action.VIEW, 5),
    ]
    assert [use.names for use in found.uses] == [("person-of-XAA",), (), ()]
    assert [use.agreements for use in found.uses] == [(), ("BOTH",), ("BOTH",)]
    assert found.uses[1].detail == "e1"
    used = found.by_partner["XAB"]
    assert (used.views, used.files, used.records) == (1, 1, 5)
    assert sum(count for _day, count in found.per_day) == found.total == 3
    assert not found.every


def test_an_overseer_reads_all_of_it(trail: Trail) -> None:
    found = told(trail, somebody("XAD", "overseer"))
    assert found.every
    assert found.total == 5
    assert found.uses[-1].names == ("person-of-XAB",)
    assert found.uses[-1].agreements == ("BOTH", "OTHERS")
    assert found.by_partner["XAB"].records == 75


@pytest.mark.parametrize(
    "viewer",
    [
        NOBODY,
        somebody("XAA", "viewer", "analyst", "operator", "administrator"),
        Viewer((*somebody("XAA", "releaser").identities, *somebody("XAB", "releaser").identities)),
    ],
)
def test_nobody_else_reads_anything(trail: Trail, viewer: Viewer) -> None:
    found = told(trail, viewer)
    assert (found.uses, found.total, found.by_partner) == ((), 0, {})


def test_what_is_older_is_left_out(trail: Trail) -> None:
    later = NOW + timedelta(days=DAYS, hours=1)
    assert account(trail.entries(), POLICY, somebody("XAA", "releaser"), later).total == 0
