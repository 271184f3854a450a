"""Reported, decided, recalled: through the doors of the application, as each of the partners."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from httpx2 import Response

from data.audit.entry import Action
from data.audit.trail import Trail
from data.clock import fixed_clock
from data.home import Home
from data.labels import Label
from data.lake import LakeWriter
from data.schema import INCIDENTS
from data.store import Store
from tests.dashboard.conftest import body_for, output_of, post
from tests.factories import NOW, POLICY, T0, a_home, a_publication, a_row, publish
from tests.release.asking import Asking
from tests.release.worlds import SECRET, World

OPEN, CLOSED = Label("XAA", "TEST", "OPEN", ("PUBLIC",)), Label("XAA", "TEST", "OPEN", ())
OF_CORDIA = Label("XAC", "TEST", "OPEN", ("XAA", "XAB"))
PERSONS = """
[[persona]]
id = "{id}"
name = "{name}"
partner = "{partner}"
roles = {roles}
clearance = "{clearance}"
categories = []
regions = "all"
"""
MORE = "".join(
    PERSONS.format(id=who, name=name, partner=partner, roles=json.dumps(roles), clearance=clearance)
    for who, name, partner, roles, clearance in (
        ("owner", "Aldara releaser", "XAA", ["viewer", "releaser"], "SENSITIVE"),
        ("taker", "Borland analyst", "XAB", ["viewer", "analyst"], "SENSITIVE"),
        ("theirs", "Borland releaser", "XAB", ["viewer", "releaser"], "SENSITIVE"),
        ("third", "Cordia releaser", "XAC", ["viewer", "releaser"], "SENSITIVE"),
        ("overseer", "Dunmark overseer", "XAD", ["viewer", "overseer"], "OPEN"),
    )
)
REMARK = "the bridge has a name on it"
RECORD = "XAA:test:3"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    home = a_home(tmp_path, POLICY + MORE)
    home.secret_file.write_bytes(SECRET)
    labels = (OPEN, CLOSED, OF_CORDIA)
    rows = [
        a_row(
            INCIDENTS,
            place * 10 + n,
            record_id=f"{label.originator}:test:{place * 10 + n}",
            originator=label.originator,
            label_id=place,
            title=f"Title {place}-{n}",
        )
        for place, label in enumerate(labels)
        for n in range(6)
    ]
    publish(home, a_publication(INCIDENTS, rows, labels))
    made = World(home, Store(home, fixed_clock(NOW)))
    yield made
    made.store.close()


def report(asking: Asking, record: str = RECORD, reason: str = "unsafe") -> Response:
    told = {"record": record, "reason": reason, "remark": REMARK}
    return asking.client.post("/api/reports", json=told)


def shown(asking: Asking, output: str, view: str = "") -> str:
    grid = {"startRow": 0, "endRow": 100, "sortModel": [], "filterModel": {}}
    name = output_of(asking.app, output)
    body = body_for(asking.app, name, view=view, arranged=view, records=grid, searched="Title 0-3")
    return post(asking.client, body).text


def account(asking: Asking) -> str:
    return shown(asking, "account.data-drawn")


def ids_of(text: str, name: str) -> list[str]:
    """Of what the presses of a page would post, the part of this name."""
    return re.findall(rf'{name}[\\"]+: [\\"]+([0-9a-f]+)', text)


def entries(home: Home, action: Action) -> list[dict[str, object]]:
    trail = Trail.open(home)
    try:
        return [dict(entry.details) for entry in trail.entries(actions=[action])]
    finally:
        trail.close()


PATHS = {
    "records.getRowsResponse": "layer=incidents&columns=title,record_id",
    "details.data-drawn": f"sel={RECORD}",
    "found.data-drawn": "",
    "changes-head.data-drawn": "layer=incidents&compare=2026-08-26T00:00:00Z",
}


def tells(output: str, text: str) -> bool:
    """What is searched for stands in pieces, so that the letters found can be marked."""
    return (RECORD if output.startswith("found") else "Title 0-3") in text


def test_a_reported_record_is_gone_on_every_path_and_comes_back(world: World) -> None:
    with Asking(world, "taker") as taker, Asking(world, "owner") as owner:
        before = {output: shown(taker, output, view) for output, view in PATHS.items()}
        assert [output for output, text in before.items() if not tells(output, text)] == [], before[
            "found.data-drawn"
        ]
        answer = report(taker)
        assert answer.status_code == 200, answer.text
        for output, view in PATHS.items():
            assert not tells(output, shown(taker, output, view)), output
        taken = taker.client.post("/api/extracts", json={"query": "layer=incidents"})
        assert taken.status_code == 200
        assert RECORD not in taken.text
        assert "withheld on report" in shown(owner, "details.data-drawn", f"sel={RECORD}")
        [number] = set(ids_of(account(owner), "report"))
        told = {"report": number, "how": "released"}
        assert owner.client.post("/api/reports/decision", json=told).status_code == 200
        assert {output: shown(taker, output, view) for output, view in PATHS.items()} == before
        assert "withheld on report" not in shown(owner, "details.data-drawn", f"sel={RECORD}")
    [entry] = entries(world.home, Action.REPORT)
    assert REMARK not in str(entry)
    assert len(entries(world.home, Action.REPORT_DECIDED)) == 1


def test_who_does_not_decide_changes_nothing_and_learns_nothing(world: World) -> None:
    with Asking(world, "taker") as taker, Asking(world, "owner") as owner:
        report(taker)
        [number] = set(ids_of(account(owner), "report"))
        for name in ("taker", "theirs", "third", "overseer", "aldara"):
            said = set()
            with Asking(world, name) as other:
                for report_id in (number, "0" * 32):
                    told = {"report": report_id, "how": "released"}
                    answer = other.client.post("/api/reports/decision", json=told)
                    said.add((answer.status_code, answer.text))
            assert len(said) == 1
            assert next(iter(said))[0] in {403, 409}
        assert "Title 0-3" not in shown(taker, "records.getRowsResponse", PATHS["records.getRowsResponse"])


def test_a_record_that_is_hidden_is_reported_like_one_that_is_not_there(world: World) -> None:
    with Asking(world, "taker") as taker:
        hidden, none = (report(taker, record) for record in ("XAA:test:13", "XAA:test:999"))
    assert (hidden.status_code, hidden.content) == (none.status_code, none.content)
    assert hidden.status_code == 409
    assert entries(world.home, Action.REPORT) == []


def test_the_owner_reads_partner_and_role_and_no_name(world: World) -> None:
    with Asking(world, "taker") as taker:
        report(taker)
    pages = {}
    for name in ("owner", "theirs", "third", "overseer"):
        with Asking(world, name) as asking:
            pages[name] = account(asking)
    assert all(word in pages["owner"] for word in (REMARK, "XAB", "analyst", "Release again"))
    assert "Borland analyst" not in pages["owner"]
    assert "Borland analyst" in pages["overseer"]
    assert REMARK not in pages["overseer"], "it was said to the originator"
    assert "Release again" not in pages["overseer"]
    assert REMARK not in pages["theirs"] + pages["third"]


@pytest.mark.parametrize("path", ["/api/reports", "/api/reports/decision", "/api/recalls"])
@pytest.mark.parametrize(
    "body",
    [
        *("{", "[]", "null", '{"record": 1}', '{"record": "x", "reason": "rude"}', "[" * 9_000),
        *('{"record": "\\ud800", "reason": "wrong", "remark": "\\ud800"}', '{"report": [], "how": 1}'),
        *('{"record": "x", "reason": "wrong", "remark": {}}', '{"report": "\\ud800", "how": "released"}'),
        '{"extract": {}}',
    ],
)
def test_no_body_makes_a_5xx(world: World, path: str, body: str) -> None:
    with Asking(world, "owner") as asking:
        headers = {"Content-Type": "application/json"}
        assert asking.client.post(path, content=body, headers=headers).status_code in (400, 409)


@pytest.mark.parametrize("path", ["/api/reports", "/api/reports/decision", "/api/recalls"])
def test_another_page_reports_nothing(world: World, path: str) -> None:
    with Asking(world, "taker") as asking:
        told = {"record": RECORD, "reason": "unsafe", "remark": ""}
        headers = {"Origin": "http://elsewhere.example"}
        assert asking.client.post(path, json=told, headers=headers).status_code == 403
        assert asking.client.get(path).status_code in (404, 405)
    assert entries(world.home, Action.REPORT) == []


def test_the_sixth_report_in_an_hour_waits(world: World) -> None:
    with Asking(world, "taker") as asking:
        said = [report(asking, f"XAA:test:{number}").status_code for number in range(6)]
    assert said == [200] * 5 + [409]


def test_files_that_hold_what_changed_are_listed_and_recalled(world: World) -> None:
    with Asking(world, "taker") as taker, Asking(world, "owner") as owner:
        assert taker.client.post("/api/extracts", json={"query": "layer=incidents"}).status_code == 200
        assert "Mark recalled" not in account(owner)
        cancel(world.home, 4)
        report(taker)
        page = account(owner)
        assert "Mark recalled" in page
        assert "XAA:test:4: cancelled" in page
        assert "XAA:test:3: withheld on report" in page
        assert "6 records of yours" in page
        assert "XAC:test" not in page, "ids of others stay theirs"
        assert "taker" not in page.replace("Whoever took", ""), "names of others' people are not told"
        [extract] = set(ids_of(page, "extract"))
        with Asking(world, "third") as third:
            other = third.client.post("/api/recalls", json={"extract": extract})
            none = third.client.post("/api/recalls", json={"extract": "0" * 32})
        assert (other.status_code, other.content) == (none.status_code, none.content)
        assert other.status_code == 409
        assert entries(world.home, Action.RECALL) == []
        assert owner.client.post("/api/recalls", json={"extract": extract}).status_code == 200
        page = account(owner)
        assert "Mark recalled" not in page
        assert "by releaser" in page
        theirs = account(taker)
        assert "Recalled: destroy your copy" in theirs
        assert "Accountability" in taker.client.get("/_dash-layout").text, "they find the page"
        assert extract in theirs
        assert "XAA:test:4" not in theirs
    with Asking(world, "third") as third:
        assert "destroy your copy" not in account(third)
    [entry] = entries(world.home, Action.RECALL)
    assert entry["record_ids"] == ["XAA:test:3", "XAA:test:4"]


def test_a_label_that_was_made_stricter_is_told_and_one_that_was_not_is_not(world: World) -> None:
    with Asking(world, "taker") as taker, Asking(world, "owner") as owner:
        taker.client.post("/api/extracts", json={"query": "layer=incidents"})
        relabel(world.home, 4, Label("XAA", "TEST", "OPEN", ("XAB",)))
        page = account(owner)
        assert "XAA:test:4: its label is stricter" in page
        assert "XAA:test:3: " not in page
        taker.client.post("/api/extracts", json={"query": "layer=incidents"})
        assert len(set(ids_of(account(owner), "extract"))) == 1, "the later file has the new label"


def cancel(home: Home, number: int) -> None:
    _again(home, number, OPEN, msg_type="cancel")


def relabel(home: Home, number: int, label: Label) -> None:
    _again(home, number, label, msg_type="update")


def _again(home: Home, number: int, label: Label, **changes: object) -> None:
    """A second revision of a record, and the first one superseded."""
    from dataclasses import replace

    import pyarrow as pa

    from data.lake_tables import SUPERSEDED

    at = NOW.replace(hour=1)
    row = a_row(INCIDENTS, number, revision=2, ingested_at=at, received_at=at, title="Again", **changes)
    superseded = pa.Table.from_pylist(
        [
            {
                "record_id": row["record_id"],
                "revision": 1,
                "superseded_at": at,
                "superseded_received_at": at,
            }
        ],
        schema=SUPERSEDED,
    )
    with LakeWriter(home) as lake:
        lake.publish(replace(a_publication(INCIDENTS, [row], (label,)), superseded=superseded))
    assert at > T0
