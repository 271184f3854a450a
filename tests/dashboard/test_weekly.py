"""The cube is published when a week begins, by a process of its own, whose failure stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard import cli, weekly
from dashboard.weekly import in_a_child, publish_when_due
from data.audit.entry import Action
from data.audit.trail import Trail
from data.clock import fixed_clock
from data.cube.publish import publish
from data.cube.published import published
from data.errors import HomeError
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Identity
from tests.factories import NOW, a_home, a_publication, a_row
from tests.factories import publish as take
from tests.recording import unrecorded

WHO = Identity("operator", "operator", "", "")
MONDAY = datetime.fromisoformat("2026-09-28T00:00:00+00:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    home = a_home(tmp_path / "home")
    take(home, a_publication(INCIDENTS, [a_row(INCIDENTS)]))
    made = Store(home, fixed_clock(NOW))
    yield made
    made.close()


def by_hand(store: Store, now: datetime) -> None:
    publish(store.home, WHO, now, record=unrecorded)


def test_a_cube_is_published_once_a_week(store: Store) -> None:
    assert [publish_when_due(store, by_hand) for _ in range(2)] == [True, False]
    store.clock = fixed_clock(NOW + timedelta(days=7))
    assert publish_when_due(store, by_hand)
    assert published(store.home).as_of == MONDAY + timedelta(days=7)


def test_what_serves_leaves_it_to_a_child_which_is_told_the_time(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(store.home.path))
    in_a_child(store, NOW + timedelta(days=14))
    assert published(store.home).as_of == MONDAY + timedelta(days=14)
    trail = Trail.open(store.home)
    entries = list(trail.entries(actions=[Action.PUBLICATION]))
    trail.close()
    assert [entry.details["as_of"] for entry in entries] == ["2026-10-12T00:00:00+00:00"]


def test_a_cube_that_fails_is_tried_again_later(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_told: object) -> None:
        raise HomeError("Another process has been writing to this home for over 60 s.")

    monkeypatch.setattr(weekly, "in_a_child", busy)
    assert not weekly._looked(store)
    monkeypatch.setattr(weekly, "in_a_child", by_hand)
    assert weekly._looked(store)
    assert published(store.home).as_of == MONDAY


def test_the_command_tells_when_and_never_how_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHFLOOR_HOME", str(store.home.path))
    said = [
        CliRunner().invoke(cli.app, ["cube", "publish", "--at", "2026-10-01T00:00:00Z"]).output
        for _ in range(2)
    ]
    assert said == [
        "Published as of 2026-09-28; the next is due on 2026-10-05.\n",
        "Nothing changes: published already as of 2026-09-28; the next is due on 2026-10-05.\n",
    ]
