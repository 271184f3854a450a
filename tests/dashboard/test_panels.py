"""What the panels put out for a View: data, nothing found, not available."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from dash import Dash, html
from plotly.io.json import to_json_plotly
from starlette.testclient import TestClient

from dashboard.controls.record import record_parts
from dashboard.drawn import DRAWN
from data import marks as questions
from data.answers import Marks, RecordDetails
from data.policy import parse_policy
from data.transform import released_columns
from data.viewer import NOBODY
from tests.dashboard import fakes
from tests.dashboard.conftest import body_for, output_of, post


def answered(client: TestClient, app: Dash, part: str, **values: object) -> dict[str, Any]:
    response = post(client, body_for(app, output_of(app, part), **values))
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    assert "fault" not in answer.get("sideUpdate", {}), response.text
    return dict(answer["response"])


def texts(tree: object) -> str:
    """Every word of an answer, of components as of still parts (dashboard/drawn.py)."""
    if isinstance(tree, dict) and DRAWN in tree:
        return " ".join(words_of(json.loads(tree[DRAWN])))
    if isinstance(tree, dict):
        return " ".join(texts(value) for key, value in tree.items() if key in ("props", "children", "title"))
    if isinstance(tree, list):
        return " ".join(texts(item) for item in tree)
    return tree if isinstance(tree, str) else ""


def words_of(nodes: list[Any]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, str):
            yield node
        else:
            yield str(node[1].get("title", ""))
            yield from words_of(node[2] if len(node) > 2 else [])


def _page(client: TestClient, app: Dash, search: str) -> dict[str, Any]:
    body = body_for(app, "page.children")
    body["inputs"][0]["value"], body["state"][0]["value"] = "/", search
    answer: dict[str, Any] = post(client, body).json()["response"]["page"]["children"]["props"]
    return answer


def test_the_pages_query_is_canonical(client: TestClient, app: Dash) -> None:
    page = _page(client, app, "?at=18.10,-77,7&period=operation&region=XQA10,XQA00,XQA10")
    assert page["data-query"] == "region=XQA00,XQA10&at=18.1,-77,7"
    assert page["data-home"] == "18.1,-77.0,7"


def test_a_wrong_value_gives_a_notice_on_the_page(client: TestClient, app: Dash) -> None:
    page = _page(client, app, "?period=9h")
    assert "could not be read" in texts(page["children"])
    assert page["data-query"] == ""


def test_counts_of_the_rail_are_what_was_answered(client: TestClient, app: Dash) -> None:
    rail = answered(client, app, "rail-regions.data-drawn", view="region=XQA10")
    assert "Quintana Isle" in texts(rail["rail-regions"])
    assert "4,212" in texts(rail["rail-layers"])
    assert "by district" in texts(rail["rail-layers"])
    assert "not filtered by sector" in texts(rail["rail-layers"])
    checked = str(rail["rail-regions"]).count('"aria-checked":"true"')
    assert checked == 1


def test_totals_say_what_is_unverified(client: TestClient, app: Dash) -> None:
    totals = answered(client, app, "totals.data-drawn", view="")
    assert "of which 612 unverified" in texts(totals["totals"])
    assert "1,112" in texts(totals["totals"])


def test_a_layer_that_is_off_is_not_counted(client: TestClient, app: Dash) -> None:
    some = texts(answered(client, app, "totals.data-drawn", view="layer=deliveries")["totals"])
    assert "4,212" not in some
    assert "1,386" in some
    nothing = texts(answered(client, app, "totals.data-drawn", view="layer=none")["totals"])
    assert "Nothing to count" in nothing


def test_the_map_draws_only_layers_that_are_on(client: TestClient, app: Dash) -> None:
    drawn = answered(
        client, app, "map-layer-incidents.data", view="layer=deliveries", frame=[-80, 15, -70, 25, 7]
    )
    assert drawn["map-layer-incidents"]["data"]["features"] == []
    assert len(drawn["map-layer-deliveries"]["data"]["features"]) == 24


FRAMES = (None, "x", [], [1, 2, 3], [1, 2, 0, 3, 5], ["a"] * 5, [0, 0, 1, 1, 99], {})


@pytest.mark.parametrize("frame", FRAMES)
def test_a_frame_that_is_none_is_the_first_one(client: TestClient, app: Dash, frame: object) -> None:
    drawn = answered(client, app, "map-layer-incidents.data", view="", frame=frame)
    assert len(drawn["map-layer-incidents"]["data"]["features"]) == 60


def test_nothing_found_says_the_filter_and_a_way_out(
    client: TestClient, app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(questions, "marks", lambda released, asked, layer, frame: Marks(layer, (), 0, 0))
    drawn = answered(client, app, "map-layer-incidents.data", view="region=XQA10&period=7d")
    note = drawn["map-note"]
    assert "Sector C" in texts(note)
    assert "7 Sep" in texts(note)
    assert "data-set" in str(note)


@pytest.mark.parametrize(
    ("part", "state", "kept"),
    [
        ("totals.data-drawn", "totals-state", "totals"),
        ("timeline.figure", "timeline-state", "timeline"),
        ("details.data-drawn", "details-state", "details"),
        ("rail-regions.data-drawn", "rail-state", "rail-regions"),
        ("map-layer-incidents.data", "map-state", "map-layer-incidents"),
    ],
)
def test_what_is_not_available_keeps_the_last_picture(
    client: TestClient, app: Dash, store: fakes.FakeStore, part: str, state: str, kept: str
) -> None:
    store.broken = True
    answer = answered(client, app, part, view="")
    assert "Not available since 18:00Z" in texts(answer[state])
    assert kept not in answer
    again = answered(client, app, part, view="", **{state.replace("-", "_"): "said"})
    assert state not in again, "what was said first stays, with its time"


def test_when_the_store_is_back_the_panel_says_so(
    client: TestClient, app: Dash, store: fakes.FakeStore
) -> None:
    assert answered(client, app, "totals.data-drawn", view="")["totals-state"]["children"] is None


def test_an_unknown_error_shows_a_number_and_nothing_else(
    client: TestClient, app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("CNRY-secret")

    monkeypatch.setattr("data.totals.totals", broken)
    answer = post(client, body_for(app, output_of(app, "totals.data-drawn"), view=""))
    assert answer.status_code in (200, 204)
    assert "CNRY" not in answer.text
    assert "reference" in answer.text


def test_a_record_shows_what_it_was_released_under(client: TestClient, app: Dash) -> None:
    said = texts(answered(client, app, "details.data-drawn", view="sel=XAB:incidents:1")["details"])
    for words in ("Released to you under AGR-1", "TLP:AMBER", "B2", "Revision 2", "unverified"):
        assert words in said
    assert "Bridge at Rio Claro <script>" in said


def drawn(details: RecordDetails, kind: str = "exercise") -> str:
    """The drawer's words for a record in a home of this kind."""
    policy = parse_policy(fakes.POLICY, "test")
    policy = replace(policy, operation=replace(policy.operation, kind=kind))
    released = fakes.FakeReleased(NOBODY, policy, fakes.region_index())
    parts = html.Div(record_parts(details, released))  # type: ignore[arg-type]
    return texts(json.loads(to_json_plotly(parts)))


def a_record(**changes: object) -> RecordDetails:
    return replace(fakes.record(None, "XAB:incidents:1", None), **changes)  # type: ignore[arg-type]


def test_the_canned_record_has_only_columns_that_are_released() -> None:
    found = a_record()
    assert set(found.values) <= {column.name for column in released_columns(found.feed)}


def test_the_drawer_says_since_when_the_revision_shown_is_known() -> None:
    assert "Known since 2 h ago" in drawn(a_record())
    first = a_record(revisions=a_record().revisions[:1])
    assert "Known since 26 h ago" in drawn(first)
    assert "Known since" not in drawn(a_record(revisions=()))


def test_a_knowledge_time_that_is_derived_says_so() -> None:
    assert "2 h ago, derived from the report's date" in drawn(a_record(), "replay")
    assert "derived" not in drawn(a_record(), "exercise")
    other = a_record(values={**a_record().values, "source": "ebola-centres"})
    assert "derived" not in drawn(other, "replay")


def test_the_drawer_says_how_the_place_was_matched() -> None:
    assert "matched by name (provider says Sektor Beh)" in drawn(a_record())
    bare = {name: value for name, value in a_record().values.items() if name != "provider_adm1_name"}
    assert "matched by name" in drawn(a_record(values=bare))
    assert "provider says" not in drawn(a_record(values=bare))
    assert "matched" not in drawn(a_record(geo_level="adm2"))


def test_only_web_addresses_become_links(client: TestClient, app: Dash) -> None:
    answer = answered(client, app, "details.data-drawn", view="sel=XAB:incidents:1")
    assert "href" not in str(answer)


def test_unknown_and_forbidden_records_are_one_answer(client: TestClient, app: Dash) -> None:
    ids = ("XZZ:x:1", "nothing", "region:NOPE")
    said = {texts(answered(client, app, "details.data-drawn", view=f"sel={one}")["details"]) for one in ids}
    assert len(said) == 1
    assert "no such record" in said.pop()


def test_the_drawer_is_closed_without_a_selection(client: TestClient, app: Dash) -> None:
    assert answered(client, app, "details.data-drawn", view="")["details"][DRAWN] == "[]"


def test_both_ends_are_marked_alike(client: TestClient, app: Dash) -> None:
    answer = answered(client, app, "marking-top.data-drawn", view="")
    assert answer["marking-top"] == answer["marking-bottom"]
    assert "EXERCISE – FICTITIOUS" in texts(answer["marking-top"])


def test_the_clocks_stand_where_the_view_says(client: TestClient, app: Dash) -> None:
    now = str(answered(client, app, "marking-top.data-drawn", view="")["clocks"])
    past = str(answered(client, app, "marking-top.data-drawn", view="known=2026-09-01T00:00:00Z")["clocks"])
    assert "1 Sep 2026 00:00 UTC" in past
    assert "14 Sep 2026 18:00 UTC" in past
    assert now.count("14 Sep 2026 18:00 UTC") == 2


def test_the_chart_knows_its_bins(client: TestClient, app: Dash) -> None:
    figure = answered(client, app, "timeline.figure", view="", scheme="light")["timeline"]["figure"]
    assert len(figure["layout"]["meta"]["starts"]) == 46
    assert figure["layout"]["meta"]["days"] == 1.0
