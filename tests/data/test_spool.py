"""What was posted stands on the disk before it is acknowledged, once, in its order, and is ended once."""

from __future__ import annotations

import subprocess
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from data import spool as spools
from data.clock import fixed_clock
from data.credentials import Credential, Credentials
from data.errors import CredentialRefused, HomeError, KeyReused, SpoolFull
from data.home import Home
from data.spool import KEPT, TAKEN, WAITING, Spool

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
DESK = Credential("desk", "II", "incidents", "desk", "OPEN", ("PUBLIC", "WHO"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def put(spool: Spool, key: str, content: bytes = b"x", who: Credential = DESK) -> str:
    return spool.put(who, key, "records", content).id


def test_deliveries_wait_in_their_order_as_they_came(home: Home) -> None:
    spool = Spool(home, fixed_clock(NOW))
    ids = [put(spool, f"key-{n}", bytes([n])) for n in range(5)]
    waiting = spool.waiting(10)
    assert [one.id for one in waiting] == ids
    assert [one.content for one in waiting] == [bytes([n]) for n in range(5)]
    assert waiting[0].credential == DESK
    assert (waiting[0].feed, waiting[0].form, waiting[0].at) == ("incidents", "records", NOW)


def test_what_has_ended_waits_no_more_and_its_content_is_gone(home: Home) -> None:
    spool = Spool(home)
    delivery = put(spool, "key-0001", b"CONTENT")
    spool.end([(spool.waiting()[0], TAKEN, '{"read": 1}')])
    assert spool.waiting() == []
    found = spool.of(delivery, "II")
    assert found is not None
    assert (found.state, found.told) == (TAKEN, '{"read": 1}')
    assert spool.of(delivery, "WHO") is None


def test_a_key_is_remembered_as_long_as_its_delivery(home: Home) -> None:
    spool = Spool(home, fixed_clock(NOW))
    first = put(spool, "key-0001")
    spool.end([(spool.waiting()[0], TAKEN, "{}")])
    assert put(spool, "key-0001") == first
    later = Spool(home, fixed_clock(NOW + KEPT + timedelta(seconds=1)))
    put(later, "key-0002")
    assert later.of(first, "II") is None
    assert put(later, "key-0001") != first


def test_what_waits_is_never_forgotten(home: Home) -> None:
    first = put(Spool(home, fixed_clock(NOW)), "key-0001")
    put(Spool(home, fixed_clock(NOW + 2 * KEPT)), "key-0002")
    found = Spool(home).of(first, "II")
    assert found is not None
    assert found.state == WAITING


def test_a_key_of_another_delivery_is_refused(home: Home) -> None:
    put(Spool(home), "key-0001")
    with pytest.raises(KeyReused):
        put(Spool(home), "key-0001", b"y")
    assert len(Spool(home).waiting(10)) == 1


def test_many_at_once_with_one_key_are_one_delivery(home: Home) -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(put(Spool(home), "key-0001"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
    assert len(Spool(home).waiting(10)) == 1


@pytest.mark.parametrize("bound", ["MOST_WAITING", "MOST_WAITING_BYTES"])
def test_no_more_is_taken_than_fits(home: Home, monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    monkeypatch.setattr(spools, bound, 1)
    put(Spool(home), "key-0001")
    with pytest.raises(SpoolFull):
        put(Spool(home), "key-0002")
    assert put(Spool(home), "key-0001")


def test_a_disk_that_is_full_is_one_sentence_and_loses_nothing(home: Home) -> None:
    spool = Spool(home)
    put(spool, "key-0001")
    with spool._open() as database:
        pages = database.execute("PRAGMA page_count").fetchone()[0]
    real = spools.sqlite3.connect

    class Full(spools.sqlite3.Connection):
        """A database that may not grow: what SQLite says is what it says of a full disk."""

    def connect(*told: object, **more: object) -> object:
        database = real(*told, factory=Full, **more)  # type: ignore[call-overload]
        database.execute(f"PRAGMA max_page_count = {pages}")
        return database

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(spools.sqlite3, "connect", connect)
        with pytest.raises(HomeError, match="spool cannot be used: database or disk is full"):
            put(spool, "key-0002", b"x" * 1_000_000)
    assert [one.content for one in spool.waiting(10)] == [b"x"]
    put(spool, "key-0002", b"x" * 1_000_000)


KILLED = """
import sys
from pathlib import Path
from data.credentials import Credential
from data.home import Home
from data.spool import Spool
spool = Spool(Home(Path(sys.argv[1])))
for number in range(10_000):
    who, content = Credential("desk", "II", "incidents", "desk"), b"x" * 5_000
    made = spool.put(who, f"key-{number:05d}", "records", content)
    print(made.id, flush=True)
"""


def test_what_was_acknowledged_is_there_whenever_the_process_is_killed(home: Home) -> None:
    for number in range(3):
        process = subprocess.Popen(
            [sys.executable, "-c", KILLED, str(home.path)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        acknowledged = [process.stdout.readline().strip() for _ in range(20 + 7 * number)]
        process.kill()
        acknowledged += [line.strip() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
        waiting = Spool(home).waiting(10_000)
        assert {one.id for one in waiting} >= set(acknowledged)
        assert all(len(one.content) == 5_000 for one in waiting)
        assert len(waiting) - len(set(acknowledged)) in (0, 1), "the last may not have been told any more"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Desk"}, "the id 'Desk'"),
        ({"id": ""}, "the id ''"),
        ({"source": "a:b"}, "the source 'a:b'"),
        ({"source": "unhcr-3w"}, "files come from a source of this name"),
        ({"feed": "secrets"}, "the feed 'secrets'"),
        ({"partner": "XXX"}, "the partner 'XXX'"),
        ({"level": "SECRET"}, "the level 'SECRET'"),
        ({"releasable_to": ("PUBLIC", "YYY")}, "YYY in releasable_to"),
    ],
)
def test_a_credential_says_what_the_policy_knows(home: Home, change: dict[str, object], words: str) -> None:
    said = {"id": "desk", "partner": "II", "feed": "incidents", "source": "desk"} | change
    with pytest.raises(CredentialRefused, match=words):
        Credentials(home).add(Credential(**said))  # type: ignore[arg-type]
    assert Credentials(home).all() == ()


def test_a_secret_is_kept_as_its_hash_alone(home: Home) -> None:
    secret = Credentials(home).add(DESK)
    assert Credentials(home).of(secret) is not None
    files = [path for path in home.path.rglob("*") if path.is_file()]
    assert not [path for path in files if secret.encode() in path.read_bytes()]
    with pytest.raises(CredentialRefused, match="belongs to a credential already"):
        Credentials(home).add(DESK)
    Credentials(home).revoke("desk")
    assert Credentials(home).of(secret) is None
    with pytest.raises(CredentialRefused, match="There is no credential"):
        Credentials(home).revoke("desk")


def test_a_partner_does_not_fill_the_spool_for_the_others(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spools, "MOST_WAITING", 8)
    for number in range(2):
        put(Spool(home), f"key-000{number}")
    with pytest.raises(SpoolFull) as full:
        put(Spool(home), "key-0009")
    assert not any(character.isdigit() for character in str(full.value)), "how many wait is nobody's business"
    assert put(Spool(home), "key-0009", who=replace(DESK, id="other", partner="WHO"))


def test_how_many_wait_is_told_to_who_plays(home: Home) -> None:
    assert Spool(home).how_many_wait() == 0
    for number in range(3):
        put(Spool(home), f"key-000{number}")
    assert Spool(home).how_many_wait() == 3
