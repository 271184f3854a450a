"""Records in our own columns: what they may say, what holds one back, and that no body breaks the program."""

from __future__ import annotations

import io
import json
import secrets
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data import lake as lakes
from data.credentials import Credential
from data.errors import FileRefused
from data.feeds import row_labels
from data.feeds.own_columns import own_columns, postable
from data.feeds.posted import take_posted
from data.feeds.reader import read_sheet
from data.feeds.result import Result
from data.home import SHIPPED_POLICY, Home
from data.lake import LakeWriter
from data.policy import read_policy
from data.schema import FEEDS
from data.spool import Spool
from tests.factories import POLICY, a_home

DESK = Credential("desk", "II", "incidents", "desk", "OPEN", ("PUBLIC",))
FLOOD: dict[str, object] = {"title": "Flood", "start_at": "2014-09-01", "incident_type": "flood"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home.open(tmp_path / "home")


def taken(home: Home, *records: object, credential: Credential = DESK, feed: str = "incidents") -> Result:
    spool = Spool(home)
    content = json.dumps({"records": records}).encode()
    spool.put(replace(credential, feed=feed), secrets.token_hex(8), "records", content)
    return take(home)


def take(home: Home) -> Result:
    """The one that waits."""
    with LakeWriter(home) as lake:
        [result] = take_posted(lake, Spool(home).waiting())
    return result


def rows(home: Home, feed: str = "incidents") -> dict[str, dict[str, Any]]:
    with LakeWriter(home) as lake:
        return {row["record_id"].rsplit(":", 1)[1]: row for row in lake.newest_rows(feed).to_pylist()}


def several(*records: dict[str, object]) -> list[dict[str, object]]:
    """With enough good ones that a bad one is held back alone."""
    return [*records, *({**FLOOD, "id": f"good-{n}"} for n in range(10))]


def test_a_later_word_is_a_revision_and_the_same_word_is_none(home: Home) -> None:
    one = {**FLOOD, "id": "1"}
    assert taken(home, one).new == 1
    assert taken(home, one, {**one, "id": "2"}).duplicate == 1
    assert taken(home, {**one, "deaths_best": 3}).revised == 1
    found = rows(home)["1"]
    assert (found["revision"], found["deaths_best"], found["msg_type"]) == (2, 3, "update")


@pytest.mark.parametrize("word", ["cancel", "recall"])
def test_a_record_is_taken_back(home: Home, word: str) -> None:
    one = {**FLOOD, "id": "1"}
    taken(home, one)
    assert taken(home, {**one, "msg_type": word}).revised == 1
    assert taken(home, {**one, "msg_type": word}).duplicate == 1
    assert rows(home)["1"]["msg_type"] == word
    again = taken(home, *several(one))
    assert (again.revised, again.quarantined) == ((1, 0) if word == "cancel" else (0, 1))


def test_what_a_record_says_is_read_as_its_column(home: Home) -> None:
    said = {
        **FLOOD,
        "id": "1",
        "start_at": "2014-09-01T12:00:00+02:00",
        "deaths_best": 3,
        "civilian_harm": True,
        "metric": "water level",
        "metric_value": 2.5,
        "related_ids": ["II:desk:2", "II:desk:3"],
        "further_figures": [
            {
                "metric": "houses",
                "metric_value": 12,
                "metric_unit": "houses",
                "metric_adds_over_time": "last",
                "metric_adds_over_area": "sum",
            }
        ],
    }
    assert taken(home, said).new == 1
    row = rows(home)["1"]
    assert row["start_at"].isoformat() == "2014-09-01T10:00:00+00:00"
    assert (row["deaths_best"], row["civilian_harm"], row["metric_value"]) == (3, True, 2.5)
    assert row["related_ids"] == ["II:desk:2", "II:desk:3"]
    assert row["further_figures"][0]["metric_value"] == 12
    assert (row["verification"], row["cap_category"], row["time_precision"]) == ("unverified", "Other", 1)


def test_equipment_is_said_as_objects(home: Home) -> None:
    clinic = {
        **{
            "id": "1",
            "title": "Clinic",
            "start_at": "2014-09-01",
            "contributor": "II",
            "org_name": "A clinic",
        },
        **{"role": "provider", "presence_kind": "humanitarian", "activity_type": "medical"},
        **{"capability": "medical", "deployment_status": "active", "reference_period_start": "2014-09-01"},
        "equipment": [{"item": "beds", "quantity": 40}, {"item": "tents"}],
    }
    assert taken(home, clinic, feed="deployments").new == 1
    assert rows(home, "deployments")["1"]["equipment"] == [
        {"item": "beds", "quantity": 40},
        {"item": "tents", "quantity": None},
    ]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": "red"}, "'colour' is no column"),
        ({"record_id": "WHO:who:1"}, "'record_id' is no column"),
        ({"policy_id": "another"}, "'policy_id' is no column"),
        ({"start_at": "2014-09-01T10:00:00"}, "is not a date that exists"),
        ({"start_at": 20140901}, "is not a date that exists"),
        ({"start_at": None}, "start_at"),
        ({"incident_type": "dragon"}, "is not one of"),
        ({"deaths_best": -1}, "is less than 0"),
        ({"deaths_best": "some"}, "is not a number"),
        ({"deaths_best": 1.5}, "is not a whole number"),
        ({"deaths_best": 10**30}, "is too large"),
        ({"deaths_best": True}, "is not a number"),
        ({"title": ""}, "title is not said"),
        ({"title": "a\x00b"}, "title"),
        ({"latitude": 91, "longitude": 1}, "position"),
        ({"latitude": 1}, "longitude is missing"),
        ({"geo_precision": 5, "latitude": 8, "longitude": -10}, "geo_precision"),
        ({"related_ids": ["a,b"]}, "is no word of a list"),
        ({"related_ids": [["a"]]}, "neither a value nor a list"),
        ({"title": {"en": "Flood"}}, "neither a value nor a list"),
        ({"further_figures": [{"metric": "x"}]}, "metric_value is not said"),
        ({"further_figures": "[1]"}, "is no list of objects"),
        ({"further_figures": [{"colour": 1}]}, "'colour' is not one of"),
        ({"further_figures": {"metric": "x"}}, "neither a value nor a list"),
        ({"msg_type": "explode"}, "msg_type"),
        ({"originator": "WHO"}, "delivers its own records only"),
        ({"classification": "COSMIC"}, "label"),
        ({"release_from": "2015-01-01", "release_until": "2014-01-01"}, "is not after release_from"),
        ({"id": ""}, "its key (id) is not said"),
        ({"id": "x" * 300}, ""),
    ],
)
def test_what_cannot_be_taken_holds_its_record_back_with_its_reason(
    home: Home, change: dict[str, object], words: str
) -> None:
    result = taken(home, *several({**FLOOD, "id": "1", **change}))
    assert result.taken
    if words:
        assert result.quarantined == 1, result
        assert words in result.held[0].reason
        assert "1" not in rows(home)


def test_a_record_that_says_no_level_needs_one_of_the_credential(home: Home) -> None:
    nobody = Credential("desk", "II", "incidents", "desk")
    refused = taken(home, {**FLOOD, "id": "1"}, credential=nobody)
    assert not refused.taken
    assert "without a label" in refused.said[0]
    assert taken(home, {**FLOOD, "id": "1", "classification": "OPEN"}, credential=nobody).new == 1


def test_a_label_of_a_record_is_its_own_and_an_empty_list_adds_nobody(home: Home) -> None:
    two, three = {"id": "2", "releasable_to": []}, {"id": "3", "releasable_to": ["WHO"]}
    assert taken(home, {**FLOOD, "id": "1"}, {**FLOOD, **two}, {**FLOOD, **three}).new == 3
    with LakeWriter(home) as lake:
        labels = lake.labels()
    found = rows(home)
    assert labels[found["1"]["label_id"]].releasable_to == ("PUBLIC",)
    assert labels[found["2"]["label_id"]].releasable_to == ()
    assert labels[found["3"]["label_id"]].releasable_to == ("WHO",)


def test_a_partner_that_left_the_policy_is_told_so(home: Home) -> None:
    gone = Credential("desk", "XYZ", "incidents", "desk", "OPEN")
    assert "no partner of the policy any more" in taken(home, {**FLOOD, "id": "1"}, credential=gone).said[0]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "is empty"),
        (b"{", "is not JSON"),
        (b"[]", "is no object with the one key"),
        (b'{"records": {}}', "is no object with the one key"),
        (b'{"records": [], "more": 1}', "is no object with the one key"),
        (b'{"records": []}', "holds a header and no rows"),
        (b'{"records": [{"id": "1", "id": "2"}]}', "stands twice in one object"),
        (b'{"records": [{"id": NaN}]}', "NaN is no number"),
        (b"[" * 200_000, "nested too deeply"),
        (b"\xff\xfe", "UTF-16"),
        (b'{"records": [{"id": "\xe9"}]}', "is not UTF-8"),
        (b"PK\x03\x04", "is not"),
    ],
)
def test_a_body_that_is_none_is_refused_in_one_sentence(home: Home, body: bytes, words: str) -> None:
    spool = Spool(home)
    spool.put(DESK, "key-0001", "records", body)
    result = take(home)
    assert not result.taken
    assert words in result.said[0]
    assert rows(home) == {}


SHIPPED = read_policy(SHIPPED_POLICY)
WHOSE = (SHIPPED.partners["II"], SHIPPED.operation)
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
NAMES = st.sampled_from([column.name for column in postable("incidents")] + ["id", "colour", "releasable_to"])


@settings(max_examples=200, deadline=None)
@given(records=st.lists(st.dictionaries(NAMES, JSONS, max_size=6) | JSONS, min_size=1, max_size=5))
def test_any_json_is_a_sheet_or_refused(records: list[Any]) -> None:
    form = own_columns(DESK, *WHOSE, "records").file
    try:
        sheet = read_sheet("a delivery", json.dumps({"records": records}).encode(), form, 1_000)
    except FileRefused:
        return
    assert sheet.rows == len(records)
    assert {*form.columns} <= {*sheet.columns}


@pytest.mark.parametrize("keep", [0.0, 0.3, 0.6, 0.9, 0.99])
def test_a_stream_that_breaks_off_is_refused(home: Home, keep: float) -> None:
    table = pa.table({"id": ["1", "2"], "title": ["One", "Two"]})
    stream = io.BytesIO()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    content = stream.getvalue()
    spool = Spool(home)
    spool.put(DESK, "key-0001", "arrow", content[: int(len(content) * keep)] or b" ")
    result = take(home)
    assert not result.taken


def test_every_column_can_be_posted_but_those_that_ingest_finds_out() -> None:
    own = {"record_id", "revision", "operation", "ingested_at", "received_at", "superseded_at", "day", "bbox"}
    own |= {"superseded_received_at", "country_iso3", "adm1_pcode", "adm2_pcode", "adm1_name", "adm2_name"}
    own |= {"pcode_match", "pcode_valid_from", "geometry", "mx", "my", "source", "content_hash", "label_id"}
    own |= {"originator", "label_hash", "label_created_at", "native_id"}
    for feed in FEEDS:
        form = own_columns(replace(DESK, feed=feed), *WHOSE, "records").file
        assert {column.name for column in FEEDS[feed].columns} - {*form.columns} - form.besides <= own


def post(spool: Spool, *records: object, credential: Credential = DESK, feed: str = "incidents") -> str:
    content = json.dumps({"records": records}).encode()
    return spool.put(replace(credential, feed=feed), secrets.token_hex(8), "records", content).id


def every(home: Home) -> list[Result]:
    with LakeWriter(home) as lake:
        return take_posted(lake, Spool(home).waiting(100))


def states(home: Home) -> int:
    """How many there were of the lake."""
    with LakeWriter(home) as lake:
        return len(lake._lake.rows("SELECT * FROM ducklake_snapshots('lake')"))


def counts(results: list[Result]) -> list[tuple[bool, int, int, int, int, int]]:
    return [(r.taken, r.read, r.new, r.revised, r.duplicate, r.quarantined) for r in results]


def test_many_posts_are_one_transaction_and_each_is_told_its_own(home: Home) -> None:
    spool = Spool(home)
    taken(home, {**FLOOD, "id": "a"}, {**FLOOD, "id": "b"})
    before = states(home)
    post(spool, {**FLOOD, "id": "1"}, {**FLOOD, "id": "2"})
    post(spool, {**FLOOD, "id": "a"}, {**FLOOD, "id": "b", "deaths_best": 2})
    post(spool, {**FLOOD, "id": "3", "releasable_to": []})
    results = every(home)
    assert counts(results) == [(True, 2, 2, 0, 0, 0), (True, 2, 0, 1, 1, 0), (True, 1, 1, 0, 0, 0)]
    assert states(home) == before + 1
    assert results[1].said[0].endswith("read 2, new 0, revised 1, duplicate 1, quarantined 0")
    with LakeWriter(home) as lake:
        labels = lake.labels()
    assert labels[rows(home)["3"]["label_id"]].releasable_to == ()
    assert labels[rows(home)["1"]["label_id"]].releasable_to == ("PUBLIC",)


def test_the_same_record_in_two_posts_is_two_words_in_their_order(home: Home) -> None:
    spool = Spool(home)
    post(spool, {**FLOOD, "id": "1"})
    post(spool, {**FLOOD, "id": "1", "deaths_best": 1})
    post(spool, {**FLOOD, "id": "1", "deaths_best": 2})
    assert [result.new + result.revised for result in every(home)] == [1, 1, 1]
    assert (rows(home)["1"]["revision"], rows(home)["1"]["deaths_best"]) == (3, 2)


def test_a_bad_post_among_good_ones_is_refused_alone(home: Home) -> None:
    spool = Spool(home)
    post(spool, {**FLOOD, "id": "1"})
    post(spool, {**FLOOD, "id": "2", "incident_type": "dragon"})
    spool.put(DESK, "key-0001", "records", b"{")
    post(spool, {**FLOOD, "id": "3"}, {"title": "no id"})
    post(spool, *several({**FLOOD, "id": "4", "colour": "red"}))
    post(spool, {**FLOOD, "id": "5"})
    found = counts(every(home))
    assert [one[0] for one in found] == [True, False, False, False, True, True]
    assert found[4] == (True, 11, 10, 0, 0, 1)
    assert {"1", "5"} < rows(home).keys()
    assert not {"2", "3", "4"} & rows(home).keys()


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    posts=st.lists(
        st.tuples(
            st.sampled_from([DESK, Credential("field", "II", "incidents", "field", "OPEN")]),
            st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 3)), min_size=1, max_size=3),
        ),
        min_size=2,
        max_size=8,
    )
)
def test_together_or_one_by_one_it_is_the_same(
    tmp_path_factory: pytest.TempPathFactory, posts: list[tuple[Credential, list[tuple[str, int]]]]
) -> None:
    found = []
    for together in (True, False):
        home = Home.open(tmp_path_factory.mktemp("home") / "home")
        told = []
        for credential, said in posts:
            records = [{**FLOOD, "id": name, "deaths_best": number} for name, number in said]
            post(Spool(home), *records, credential=credential)
            told += [] if together else every(home)
        told += every(home) if together else []
        with LakeWriter(home) as lake:
            kept = lake._lake.table(
                "SELECT record_id, revision, msg_type, deaths_best, content_hash FROM lake.incidents"
                " ORDER BY record_id, revision"
            )
        found.append((counts(told), kept.to_pylist()))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "body",
    [
        b'{"records": [{"id": "1", "title": "F", "start_at": "2014-09-01", "incident_type": "flood",'
        b' "releasable_to": [], "releasable_to": ["PUBLIC"]}]}',
        b'{"records": [], "records": [{"id": "1", "title": "F", "start_at": "2014-09-01",'
        b' "incident_type": "flood"}]}',
        '{"records": [{"id": "1", "title": "F", "start_at": "2014-09-01", "incident_type": "flood"}]}'.encode(
            "utf-16"
        ),
    ],
)
def test_what_is_refused_alone_is_refused_beside_others(home: Home, body: bytes) -> None:
    spool = Spool(home)
    post(spool, {**FLOOD, "id": "a"})
    spool.put(DESK, "key-0001", "records", body)
    post(spool, {**FLOOD, "id": "b"})
    assert [result.taken for result in every(home)] == [True, False, True]
    assert "1" not in rows(home)


@pytest.mark.parametrize("said", [None, "", " ", []])
def test_nobody_is_added_by_silence(home: Home, said: object) -> None:
    assert taken(home, {**FLOOD, "id": "1", "releasable_to": said}).new == 1
    number = rows(home)["1"]["label_id"]
    with LakeWriter(home) as lake:
        assert lake.label(number).releasable_to == ()


@pytest.mark.parametrize(
    "said",
    [
        {"source_org": "World Health Organization"},
        {"source_org": "WHO"},
        {"source_org": "who"},
        {"source_org_code": "WHO"},
    ],
)
def test_nobody_speaks_in_another_partners_name(home: Home, said: dict[str, str]) -> None:
    result = taken(home, *several({**FLOOD, "id": "1", **said}))
    assert "delivers its own records only" in result.held[0].reason


def test_labels_are_not_used_up(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(row_labels, "MOST_LABELS", 3)
    many = [{**FLOOD, "id": str(n), "caveats": [f"word {n}"]} for n in range(4)]
    assert "more than 3 different labels" in taken(home, *several(), *many).held[0].reason
    monkeypatch.setattr(lakes, "MOST_LABELS_OF_ONE", 5)
    other = [{**FLOOD, "id": f"x{n}", "caveats": [f"other {n}"]} for n in range(3)]
    result = taken(home, *other)
    assert not result.taken
    assert "at most 5 are kept" in result.said[0]
    assert not {"x0", "x1", "x2"} & rows(home).keys()


def test_a_later_word_is_later_in_an_exercise_that_nobody_plays(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home", POLICY)
    assert home.kind == "exercise"
    who = Credential("desk", "XAA", "incidents", "desk", "OPEN")
    for number in range(6):
        result = taken(home, {**FLOOD, "id": "1", "deaths_best": number}, credential=who)
        assert (result.new + result.revised, result.quarantined) == (1, 0), number
    assert taken(home, {**FLOOD, "id": "1", "msg_type": "recall"}, credential=who).revised == 1
