"""Partners' systems post records: who may, what is acknowledged, and what comes back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pyarrow as pa
import pytest
from fastapi.openapi.models import OpenAPI
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard.access import bodies, guard
from dashboard.access.requests import ARROW, MOST_DELIVERY
from dashboard.api_document import api_document
from dashboard.application import create_app
from dashboard.settings import Settings
from data import spool
from data.connection import Connection
from data.credentials import Credential, Credentials
from data.errors import StoreUnavailable
from data.feeds import posted
from data.feeds.ingest import IngestOptions
from data.feeds.recipe import Recipe
from data.feeds.report import Report
from data.feeds.taking import Taker
from data.home import Home
from data.lake import LakeWriter
from data.spool import Spool
from data.store import Store
from data.viewer import Identity, Viewer
from tests.dashboard.conftest import ORIGIN

RECORDS = "/api/feeds/incidents/records"
A_RECORD: dict[str, object] = {
    "id": "17",
    "title": "Bridge out",
    "start_at": "2014-09-01T10:00:00Z",
    "incident_type": "infrastructure",
    "latitude": 8.4,
    "longitude": -10.2,
}
LEAST: dict[str, dict[str, object]] = {
    "incidents": {"id": "1", "title": "Flood", "start_at": "2014-09-01", "incident_type": "flood"},
    "deployments": {
        **{
            "id": "1",
            "title": "Clinic",
            "start_at": "2014-09-01",
            "contributor": "II",
            "org_name": "A clinic",
        },
        **{"role": "provider", "presence_kind": "humanitarian", "activity_type": "medical"},
        **{"capability": "medical", "deployment_status": "active", "reference_period_start": "2014-09-01"},
    },
    "deliveries": {
        **{"id": "1", "title": "Soap", "start_at": "2014-09-01", "donor_name": "A donor"},
        **{"flow_status": "delivered", "aid_type": "in_kind"},
    },
}
"""What the document says is required, and nothing else."""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.open(tmp_path / "home")
    with LakeWriter(made):
        pass
    return made


@pytest.fixture
def client(home: Home) -> Iterator[TestClient]:
    store = Store.open(home)
    with TestClient(create_app(Settings(), store).server, base_url=ORIGIN) as made:
        yield made
    store.close()


@pytest.fixture
def secret(home: Home) -> str:
    return Credentials(home).add(Credential("desk", "II", "incidents", "desk", "OPEN", ("PUBLIC",)))


def asked(client: TestClient, secret: str, content: object, key: str = "key-0001", **more: str) -> Response:
    path = more.pop("path", RECORDS)
    headers = {
        "Authorization": f"Bearer {secret}",
        "Idempotency-Key": key,
        "Content-Type": "application/json",
    }
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return client.post(path, content=body, headers=headers | more)


def became(client: TestClient, secret: str, answer: Response) -> dict[str, Any]:
    found = client.get(answer.headers["location"], headers={"Authorization": f"Bearer {secret}"})
    assert found.status_code == 200
    told: dict[str, Any] = found.json()
    return told


def newest(home: Home, feed: str = "incidents") -> list[dict[str, Any]]:
    with LakeWriter(home) as lake:
        rows: list[dict[str, Any]] = lake.newest_rows(feed).to_pylist()
    return rows


def test_a_record_is_acknowledged_taken_and_told(client: TestClient, home: Home, secret: str) -> None:
    answer = asked(client, secret, {"records": [A_RECORD]})
    assert answer.status_code == 202
    assert answer.json()["state"] == "waiting"
    assert became(client, secret, answer)["state"] == "waiting"
    assert Taker(home).looked()
    told = became(client, secret, answer)
    assert (told["state"], told["read"], told["new"], told["quarantined"]) == ("taken", 1, 1, 0)
    [row] = newest(home)
    assert (row["record_id"], row["originator"], row["source_org"]) == (
        "II:desk:17",
        "II",
        "Insecurity Insight",
    )
    assert (row["geo_precision"], row["country_iso3"]) == (1, "LBR")


def test_a_post_that_is_repeated_is_the_same_delivery(client: TestClient, home: Home, secret: str) -> None:
    first = asked(client, secret, {"records": [A_RECORD]})
    again = asked(client, secret, {"records": [A_RECORD]})
    assert (again.status_code, again.json()) == (202, first.json())
    Taker(home).looked()
    later = asked(client, secret, {"records": [A_RECORD]})
    assert (later.status_code, later.json()["state"]) == (200, "taken")
    assert later.json()["delivery"] == first.json()["delivery"]
    assert len(newest(home)) == 1


def test_a_key_is_one_deliverys(client: TestClient, secret: str) -> None:
    asked(client, secret, {"records": [A_RECORD]})
    answer = asked(client, secret, {"records": [A_RECORD | {"title": "Another"}]})
    assert answer.status_code == 422
    assert "another delivery" in answer.json()["detail"]


def test_a_credential_is_for_one_feed(client: TestClient, home: Home, secret: str) -> None:
    path = RECORDS.replace("incidents", "deliveries")
    assert asked(client, secret, {"records": [A_RECORD]}, path=path).status_code == 403
    assert Spool(home).waiting() == ()


def test_a_key_is_not_handed_on_with_the_id(client: TestClient, home: Home, secret: str) -> None:
    first = asked(client, secret, {"records": [A_RECORD]}).json()["delivery"]
    Credentials(home).revoke("desk")
    theirs = Credentials(home).add(Credential("desk", "WHO", "incidents", "desk", "OPEN", ("PUBLIC",)))
    answer = asked(client, theirs, {"records": [A_RECORD]})
    assert (answer.status_code, answer.json()["delivery"] == first) == (202, False)


def test_each_credential_has_its_own_keys(client: TestClient, home: Home, secret: str) -> None:
    other = Credentials(home).add(Credential("field", "II", "incidents", "field", "OPEN"))
    one = asked(client, secret, {"records": [A_RECORD]})
    two = asked(client, other, {"records": [A_RECORD | {"id": "18"}]})
    assert (one.status_code, two.status_code) == (202, 202)
    assert one.json()["delivery"] != two.json()["delivery"]


@pytest.mark.parametrize(
    "header", ["", "Bearer ", "Bearer wf_nobody", "Basic d2Y6d2Y=", "Bearer wf_" + "x" * 4000]
)
def test_without_a_credential_nothing_is_taken(
    client: TestClient, home: Home, secret: str, header: str
) -> None:
    answer = asked(client, secret, {"records": [A_RECORD]}, Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert Spool(home).waiting() == ()


def test_a_credential_that_was_taken_back_is_none(client: TestClient, home: Home, secret: str) -> None:
    Credentials(home).revoke("desk")
    assert asked(client, secret, {"records": [A_RECORD]}).status_code == 401


def test_a_credential_opens_nothing_else(home: Home, secret: str) -> None:
    store = Store.open(home)
    settings = Settings(WATCHFLOOR_IDENTITY="accounts")  # type: ignore[arg-type]
    with TestClient(create_app(settings, store).server, base_url=ORIGIN) as client:
        bearer = {"Authorization": f"Bearer {secret}"}
        for path in ("/", "/table", "/_dash-layout", "/events", "/_dash-dependencies"):
            answer = client.get(path, headers=bearer, follow_redirects=False)
            assert answer.status_code in (303, 401), path
    store.close()


def test_nothing_is_released_to_a_credential(home: Home) -> None:
    credential = Credential("desk", "II", "incidents", "desk", "OPEN", ("PUBLIC",))
    content = json.dumps({"records": [A_RECORD]}).encode()
    spooled = Spool(home).put(credential, "key-0001", "records", content)
    Taker(home).looked()
    assert Spool(home).of(spooled.id, "II").state == "taken"  # type: ignore[union-attr]
    store = Store.open(home)
    whole = Viewer((Identity("p", "p", "II", "OPEN", regions=None, roles=frozenset({"viewer"})),))
    assert _rows(store, whole) == 1
    assert _rows(store, credential.viewer()) == 0
    store.close()


def _rows(store: Store, viewer: Viewer) -> int:
    found = store.released_to(viewer).ask("SELECT count(*) AS many FROM released.incidents")
    return int(str(found.column("many")[0].as_py()))


@pytest.mark.parametrize(
    "header", [{"Origin": ORIGIN}, {"Sec-Fetch-Site": "same-origin"}, {"Origin": "null"}]
)
def test_no_page_posts_records(client: TestClient, secret: str, header: dict[str, str]) -> None:
    assert asked(client, secret, {"records": [A_RECORD]}, **header).status_code == 403


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"Content-Type": "text/csv"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Host": "elsewhere.example"}, 421),
        ({"Idempotency-Key": "short"}, 400),
        ({"Idempotency-Key": "with a blank"}, 400),
        ({"Idempotency-Key": "x" * 129}, 400),
        ({"path": "/api/feeds/secrets/records"}, 404),
    ],
)
def test_what_is_posted_wrongly_is_refused(
    client: TestClient, home: Home, secret: str, more: dict[str, str], status: int
) -> None:
    assert asked(client, secret, {"records": [A_RECORD]}, **more).status_code == status
    assert Spool(home).waiting() == ()


def test_a_body_has_a_size(client: TestClient, home: Home, secret: str) -> None:
    assert asked(client, secret, b" " * (MOST_DELIVERY + 1)).status_code == 413
    assert asked(client, secret, b" " * MOST_DELIVERY).status_code == 202


def test_a_body_that_drips_is_refused(
    client: TestClient, home: Home, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def drips(receive: object, most: int) -> bytes:
        del receive, most
        await anyio.sleep(3600)
        return b""

    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    monkeypatch.setattr(bodies, "_received", drips)
    assert asked(client, secret, {"records": [A_RECORD]}).status_code == 408
    assert Spool(home).waiting() == ()


def test_a_delivery_is_its_partners(client: TestClient, home: Home, secret: str) -> None:
    answer = asked(client, secret, {"records": [A_RECORD]})
    for partner, status in (("II", 200), ("WHO", 404)):
        own = Credentials(home).add(Credential(f"of-{partner.lower()}", partner, "incidents", "x"))
        found = client.get(answer.headers["location"], headers={"Authorization": f"Bearer {own}"})
        assert found.status_code == status
    wrong = answer.headers["location"].replace("incidents", "deployments")
    assert client.get(wrong, headers={"Authorization": f"Bearer {secret}"}).status_code == 404
    assert client.get(answer.headers["location"]).status_code == 401


def test_records_come_as_arrow_too(client: TestClient, home: Home, secret: str) -> None:
    table = pa.table(
        {
            "id": ["1", "2"],
            "title": ["One", "Two"],
            "start_at": pa.array([datetime(2014, 9, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(2)]),
            "incident_type": pa.array(["flood", "storm"]).dictionary_encode(),
            "deaths_best": pa.array([1, None], pa.int64()),
            "related_ids": [["II:desk:2"], []],
            "releasable_to": [["PUBLIC"], []],
        }
    )
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    answer = asked(client, secret, stream.getvalue(), **{"Content-Type": ARROW})
    Taker(home).looked()
    assert became(client, secret, answer)["new"] == 2
    rows = {row["record_id"]: row for row in newest(home)}
    assert rows["II:desk:1"]["deaths_best"] == 1
    assert rows["II:desk:1"]["related_ids"] == ["II:desk:2"]
    assert rows["II:desk:2"]["label_id"] != rows["II:desk:1"]["label_id"]


def test_when_too_much_waits_nothing_more_is_acknowledged(
    client: TestClient, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "MOST_WAITING", 1)
    assert asked(client, secret, {"records": [A_RECORD]}, "key-0001").status_code == 202
    full = asked(client, secret, {"records": [A_RECORD]}, "key-0002")
    assert (full.status_code, full.headers["retry-after"]) == (503, "30")
    assert asked(client, secret, {"records": [A_RECORD]}, "key-0001").status_code == 202


@pytest.mark.parametrize("feed", LEAST)
def test_the_document_says_what_a_record_must_say(
    client: TestClient, home: Home, secret: str, feed: str
) -> None:
    told = client.get("/api/openapi.json").json()
    OpenAPI.model_validate(told)
    schema = told["components"]["schemas"][feed]
    assert set(schema["required"]) == LEAST[feed].keys()
    path = RECORDS.replace("incidents", feed)
    secret = Credentials(home).add(Credential("own", "II", feed, f"own-{feed}", "OPEN"))
    whole = asked(client, secret, {"records": [LEAST[feed]]}, path=path)
    lacking = [
        asked(
            client,
            secret,
            {"records": [{k: v for k, v in LEAST[feed].items() if k != name}]},
            f"without-{name}",
            path=path,
        )
        for name in LEAST[feed]
    ]
    Taker(home).looked()
    assert became(client, secret, whole)["state"] == "taken", became(client, secret, whole)
    assert [became(client, secret, each)["state"] for each in lacking] == ["refused"] * len(lacking)
    unknown = asked(client, secret, {"records": [LEAST[feed] | {"colour": "red"}]}, "key-0009", path=path)
    Taker(home).looked()
    assert "'colour' is no column" in str(became(client, secret, unknown)["said"])


def test_the_document_names_no_home(client: TestClient) -> None:
    assert client.get("/api/openapi.json").json() == api_document()


def test_so_many_bodies_at_once_and_no_more(
    client: TestClient, home: Home, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guard, "MOST_BODIES", 0)
    assert asked(client, secret, {"records": [A_RECORD]}).status_code == 503
    assert Spool(home).waiting() == ()
    monkeypatch.setattr(guard, "MOST_BODIES", 1)
    for number in range(3):
        assert asked(client, secret, {"records": [A_RECORD]}, f"key-000{number}").status_code == 202


@pytest.mark.parametrize("fault", [ZeroDivisionError("a secret"), StoreUnavailable("The store cannot.")])
def test_a_delivery_on_which_it_fails_each_time_stops_no_other(
    client: TestClient, home: Home, secret: str, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    answers = [
        asked(client, secret, {"records": [A_RECORD | {"title": title, "id": title}]}, f"key-{title}")
        for title in ("early", "broken", "later")
    ]
    ingest = posted.ingest_into

    def fails(
        lake: LakeWriter,
        home: Home,
        asked: Recipe,
        contents: Sequence[tuple[str, bytes]],
        *more: IngestOptions,
    ) -> Report:
        if b"broken" in contents[0][1]:
            raise fault
        return ingest(lake, home, asked, contents, *more)

    monkeypatch.setattr(posted, "ingest_into", fails)
    assert Taker(home).looked()
    told = [became(client, secret, answer) for answer in answers]
    assert [each["state"] for each in told] == ["taken", "refused", "taken"]
    assert "the program failed on it" in str(told[1]["said"])
    assert "secret" not in str(told[1])


def test_while_the_lake_cannot_be_written_what_was_posted_waits(
    client: TestClient, home: Home, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [asked(client, secret, {"records": [A_RECORD]}, f"key-{number:04}") for number in range(2)]

    def full(*_told: object) -> None:
        raise StoreUnavailable("The disk is full.")

    taker = Taker(home)
    with monkeypatch.context() as patched:
        patched.setattr(Connection, "run", full)
        assert not taker.looked()
    assert [became(client, secret, each)["state"] for each in answers] == ["waiting", "waiting"]
    assert taker.looked()
    assert [became(client, secret, each)["state"] for each in answers] == ["taken", "taken"]


def test_trying_to_write_leaves_nothing(home: Home) -> None:
    with LakeWriter(home) as lake:
        before = sorted(home.lake.rglob("*.parquet"))
        lake.try_to_write()
        assert sorted(home.lake.rglob("*.parquet")) == before
        assert lake.knowledge_ends_at() is None
