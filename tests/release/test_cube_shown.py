"""The page of the published cube is the same for everybody, and few hidden records move no byte of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.cube.publish import publish
from data.labels import Label
from data.schema import INCIDENTS
from data.store import Store
from tests.dashboard.conftest import body_for, output_of, post
from tests.data.cube.test_publish import ONE_CIRCLE, OWNERS, WHO, rows
from tests.factories import NOW, a_home, a_publication
from tests.factories import publish as take
from tests.recording import unrecorded
from tests.release.asking import Asking
from tests.release.worlds import SECRET, VIEWERS, World

SHARED = tuple(Label(owner, "TEST", "OPEN", ("PUBLIC",), agg_release="cube_k") for owner in OWNERS)
FEW = Label("XAC", "TEST", "SENSITIVE", agg_release="cube_k")
VIEWS = ("", "cube=incidents:flood:2026", "cube=incidents:riot", "cube=deliveries:HEA:1999", "cube=x:y")


def world(folder: Path, *, few: bool) -> World:
    """Twelve records that all may see; with `few`, four more in the same cell that one partner alone may."""
    home = a_home(folder, ONE_CIRCLE)
    home.secret_file.write_bytes(SECRET)
    hidden = [
        row | {"label_id": 4, "originator": "XAC", "record_id": f"XAC:cnry:{n}"}
        for n, row in enumerate(rows((4,), first=500))
    ]
    given = [*(hidden if few else []), *rows((3, 3, 3, 3))]
    take(home, a_publication(INCIDENTS, given, (*SHARED, FEW)))
    publish(home, WHO, record=unrecorded)
    return World(home, Store(home, fixed_clock(NOW)))


@pytest.fixture
def both(tmp_path: Path) -> Iterator[tuple[World, World]]:
    pair = world(tmp_path / "without", few=False), world(tmp_path / "with", few=True)
    yield pair
    for one in pair:
        one.store.close()


def pages(one: World, viewer: str) -> list[bytes]:
    with Asking(one, viewer) as asking:
        output = output_of(asking.app, "cube.data-drawn")
        return [post(asking.client, body_for(asking.app, output, view=view)).content for view in VIEWS]


def test_everybody_reads_the_same_and_few_hidden_records_move_nothing(both: tuple[World, World]) -> None:
    told = [pages(one, viewer) for one in both for viewer in VIEWERS]
    assert all(each == told[0] for each in told)
    assert re.search(rb'\\"step-1\\"[^\]]*\[\\"10\\"\]', told[0][1]), "the figure is there"
    assert b"cnry" not in b"".join(told[0])


def test_the_figure_is_no_count_of_what_the_viewer_sees(both: tuple[World, World]) -> None:
    assert b'[\\"12\\"]' not in pages(both[0], "aldara")[1]
