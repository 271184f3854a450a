"""A policy that was changed holds for the next answer, on every path, whatever was kept of the older one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from dash import Dash
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.settings import Settings
from data.clock import fixed_clock
from data.errors import PolicyError
from data.home import Home
from data.policy_change import carry_out, propose
from data.schema import INCIDENTS
from data.store import Store
from data.viewer import Identity
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.factories import NOW, POLICY, a_home, a_publication, a_row, publish
from tests.recording import unrecorded

WIDE = POLICY
TIGHT = POLICY.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"       ]')
CANARY = "CNRY-1"
WHO = Identity("planner", "Planner", "XAA", "OPEN", roles=frozenset({"releaser"}))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = a_home(tmp_path / "home")
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, n, title=f"CNRY-{n}") for n in (1, 2)]))
    return home


@pytest.fixture
def served(home: Home) -> Iterator[tuple[Dash, Store, TestClient]]:
    """The whole application over the real store, asked as borland."""
    store = Store(home, fixed_clock(NOW))
    app = create_app(Settings(WATCHFLOOR_HOME=str(home.path)), store)  # type: ignore[call-arg]
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        client.get("/")
        assert client.post("/persona", json={"persona": "borland"}).status_code == 204
        yield app, store, client
    store.close()


def answers(app: Dash, client: TestClient, *outputs: str) -> str:
    said = [
        post(client, body_for(app, output, view="sel=XAA:test:1", arranged="", scheme="dark"))
        for output in outputs or sorted(app.callback_map)
    ]
    assert all(one.status_code in (200, 204) for one in said)
    return "\n".join(one.text for one in said)


def test_a_tightened_policy_holds_for_the_next_answer_of_every_callback(
    home: Home, served: tuple[Dash, Store, TestClient]
) -> None:
    app, store, client = served
    assert CANARY in answers(app, client)
    carry_out(home, propose(home, TIGHT.encode(), "new.toml"), WHO, record=unrecorded)
    assert CANARY not in answers(app, client)
    assert {key.policy for key in store._snapshots} == {store.policy().digest}, "nothing older is kept"


def test_neither_length_nor_time_of_the_file_hides_a_change(
    home: Home, served: tuple[Dash, Store, TestClient]
) -> None:
    app, _, client = served
    details = output_of(app, "details.data-drawn")
    assert len(WIDE) == len(TIGHT)
    stamp = home.policy_file.stat()
    for text in (TIGHT, WIDE, TIGHT):
        home.policy_file.write_text(text)
        os.utime(home.policy_file, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert (CANARY in answers(app, client, details)) is (text == WIDE)


@pytest.mark.parametrize("torn", [b"", TIGHT.encode()[:200], b"\xff\xfe", WIDE.encode() + b"[[agreem"])
def test_while_the_file_is_no_whole_policy_nobody_is_answered(
    home: Home, served: tuple[Dash, Store, TestClient], torn: bytes
) -> None:
    app, store, client = served
    details = output_of(app, "details.data-drawn")
    assert CANARY in answers(app, client, details)
    home.policy_file.write_bytes(torn)
    answer = post(client, body_for(app, details, view="sel=XAA:test:1", arranged=""))
    assert (answer.status_code, CANARY in answer.text) == (503, False)
    with pytest.raises(PolicyError):
        store.policy()
    home.policy_file.write_text(WIDE)
    assert CANARY in answers(app, client, details)


def test_no_question_that_begins_after_a_change_is_answered_by_the_older_policy(home: Home) -> None:
    store = Store(home, fixed_clock(NOW))
    faults: list[str] = []
    tightened = threading.Event()

    def ask() -> None:
        for _ in range(12):
            was_tight = tightened.is_set()
            released = store.released_to(store.policy().viewer("borland"))
            count = released.ask("SELECT count(*) FROM released.incidents").column(0).to_pylist()[0]
            if was_tight and count:
                faults.append(f"{count} records after the change")

    readers = [threading.Thread(target=ask) for _ in range(3)]
    for reader in readers:
        reader.start()
    carry_out(home, propose(home, TIGHT.encode(), "new.toml"), WHO, record=unrecorded)
    tightened.set()
    ask()
    for reader in readers:
        reader.join()
    store.close()
    assert faults == []
