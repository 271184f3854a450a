"""What the guard lets through, and that nothing else gets behind it."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from dash import Dash
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from dashboard.access.requests import MOST_BODY, is_our_name
from dashboard.access.viewing import PERSONA_COOKIE, Personas
from data.errors import PolicyError
from data.home_state import home_secret
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.dashboard.fakes import FakeStore


@pytest.fixture
def totals_body(app: Dash) -> dict[str, Any]:
    return body_for(app, output_of(app, "totals.data-drawn"), view="")


def _asked_by(store: FakeStore) -> tuple[str, ...]:
    return tuple(identity.id for identity in store.asked_by[-1].identities)


def test_a_callback_is_answered_for_the_first_persona(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore
) -> None:
    assert post(client, totals_body).status_code == 200
    assert _asked_by(store) == ("xab-commander",)


def test_a_chosen_persona_is_who_asks(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore
) -> None:
    whole = post(client, totals_body).text
    chosen = client.post("/persona", json={"persona": "xac-analyst"})
    assert chosen.status_code == 204
    cookie = chosen.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    other = post(client, totals_body)
    assert _asked_by(store) == ("xac-analyst",)
    assert "2,106" in other.text
    assert other.text != whole


@pytest.mark.parametrize("persona", ["", "nobody", 5, None, ["xac-analyst"]])
def test_an_unknown_persona_is_refused(client: TestClient, persona: object) -> None:
    answer = client.post("/persona", json={"persona": persona})
    assert answer.status_code == 400
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("forged", ["xab-commander", '"xab-commander"', "x" * 5000, "", "ImEi.AAAA"])
def test_a_forged_cookie_is_nobody(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore, forged: str
) -> None:
    answer = post(client, totals_body, Cookie=f"{PERSONA_COOKIE}={forged}")
    assert answer.status_code == 200
    assert _asked_by(store) == ()


def test_a_cookie_of_another_home_is_nobody(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore
) -> None:
    signed = Personas(store, b"another secret").signed("xab-commander")
    post(client, totals_body, Cookie=f"{PERSONA_COOKIE}={signed}")
    assert _asked_by(store) == ()


def test_a_persona_that_the_policy_dropped_is_nobody(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore
) -> None:
    signed = Personas(store, home_secret(store.home)).signed("gone")
    post(client, totals_body, Cookie=f"{PERSONA_COOKIE}={signed}")
    assert _asked_by(store) == ()


@pytest.mark.parametrize(
    "name", ["x-auth-user", "x_auth_user", "x-forwarded-user", "authorization", "x-persona"]
)
def test_no_header_makes_a_viewer(
    client: TestClient, totals_body: dict[str, Any], store: FakeStore, name: str
) -> None:
    post(client, totals_body, **{name: "xac-analyst"})
    assert _asked_by(store) == ("xab-commander",)


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://[::1"},
        {"Origin": f"http://evil@{ORIGIN.removeprefix('http://')}"},
        {"Origin": f"{ORIGIN}/"},
        {"Origin": f"{ORIGIN}0000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
@pytest.mark.parametrize("path", ["/_dash-update-component", "/persona"])
def test_a_post_from_elsewhere_is_refused(client: TestClient, headers: dict[str, str], path: str) -> None:
    answer = client.post(path, content=b"{}", headers={"Content-Type": "application/json", **headers})
    assert answer.status_code == 403


def test_a_post_without_an_origin_is_refused(app: Dash) -> None:
    bare = TestClient(app.server, base_url=ORIGIN)
    assert bare.post("/persona", json={"persona": "xac-analyst"}).status_code == 403


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_another_content_type_is_refused(client: TestClient, totals_body: dict[str, Any], kind: str) -> None:
    assert post(client, totals_body, **{"Content-Type": kind}).status_code == 415


def test_a_large_body_is_refused(client: TestClient) -> None:
    assert post(client, b"[" + b" " * MOST_BODY + b"]").status_code == 413


def test_a_large_body_without_a_stated_length_is_refused(client: TestClient) -> None:
    parts = (b" " * 65536 for _ in range(5))
    answer = client.post(
        "/_dash-update-component", content=parts, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "127.0.0.1.evil.example", "192.0.2.7:8050", "", "[", "a b"),
        *("evil@127.0.0.1:8050", "a:b@127.0.0.1:8050", "@127.0.0.1:8050", "127.0.0.1:8050@evil.example"),
        *(
            "127.0.0.1:99999999",
            "127.0.0.1:8051",
            "127.0.0.1",
            "127.0.0.1:",
            "127.0.0.1:-8050",
            "localhost:80",
        ),
        *("127.0.0.1:8050/x", "127.0.0.1:8050?x", "127.0.0.1:8050#x", "[::1]evil:8050", "::1:8050"),
    ],
)
def test_another_host_name_is_refused(client: TestClient, host: str) -> None:
    for path in ("/", "/_dash-layout", "/healthz", "/basemap/lines.json"):
        answer = client.get(path, headers={"Host": host})
        assert answer.status_code in (400, 421)
        assert len(answer.content) < 100


def test_our_own_names_are_known() -> None:
    names = frozenset({"localhost", "::1"})
    ours = ("localhost:8050", "LocalHost:8050", "127.0.0.1:8050", "127.0.0.2:8050", "[::1]:8050")
    assert all(is_our_name(host, names, 8050) for host in ours)
    assert not any(is_our_name(host, names, 8051) for host in ours)
    assert all(is_our_name(host, names, 80) for host in ("localhost", "localhost:80", "[::1]"))


@pytest.mark.parametrize("host", ["evil@127.0.0.1:8050", "127.0.0.1:99999999"])
def test_a_host_and_an_origin_that_agree_are_still_not_ours(client: TestClient, host: str) -> None:
    headers = {"Host": host, "Origin": f"http://{host}", "Content-Type": "application/json"}
    assert client.post("/persona", content=b"{}", headers=headers).status_code == 421


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_refused(client: TestClient, method: str) -> None:
    assert client.request(method, "/").status_code == 405


def test_a_doubled_cookie_header_is_refused(client: TestClient) -> None:
    answer = client.get("/", headers=[("Cookie", "a=1"), ("Cookie", "b=2")])
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "body", ["[]", "null", "{}", "7", '"x"', "", "{", "NaN", "[" * 100_000, "\ud83d", '{"output": []}']
)
def test_a_body_of_another_shape_is_400(client: TestClient, body: str) -> None:
    answer = post(client, body.encode("utf-8", "surrogatepass"))
    assert answer.status_code == 400
    assert answer.text == "The request could not be read."


def _broken(body: dict[str, Any]) -> list[dict[str, Any]]:
    changes: list[tuple[str, Any]] = [
        ("output", "other.children"),
        ("output", body["output"] + "@x"),
        ("outputs", []),
        ("outputs", {"id": "details", "property": "children"}),
        ("inputs", []),
        ("inputs", {}),
        ("inputs", [*body["inputs"], *body["inputs"]]),
        ("inputs", [{"id": "frame", "property": "data", "value": 1}]),
        ("inputs", [[{"id": "view", "property": "data", "value": ""}]]),
        ("inputs", [{"id": {"a": 1}, "property": "data", "value": ""}]),
        ("state", []),
        ("state", "x"),
        ("changedPropIds", ["page.children"]),
        ("changedPropIds", [1]),
        ("changedPropIds", None),
        ("extra", 1),
    ]
    return [{**body, key: value} for key, value in changes]


def test_a_body_that_is_not_the_callbacks_own_is_400(client: TestClient, totals_body: dict[str, Any]) -> None:
    for body in _broken(totals_body):
        assert post(client, body).status_code == 400, body


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=40),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, which=st.integers(0, 100), place=st.integers(0, 5))
def test_no_value_makes_a_5xx(client: TestClient, app: Dash, value: object, which: int, place: int) -> None:
    names = sorted(app.callback_map)
    body = body_for(app, names[which % len(names)], view="")
    items = [*body["inputs"], *body["state"]]
    items[place % len(items)]["value"] = value
    answer = post(client, json.dumps(body))
    assert answer.status_code in (200, 204, 400)
    assert "fault" not in answer.text, "a value of the page became an unknown error"


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=JSON, key=st.sampled_from(["output", "outputs", "inputs", "state", "changedPropIds"]))
def test_no_shape_makes_a_5xx(client: TestClient, app: Dash, value: object, key: str) -> None:
    body = copy.deepcopy(body_for(app, output_of(app, "totals.data-drawn"), view=""))
    body[key] = value
    assert post(client, json.dumps(body)).status_code in (200, 204, 400)


def test_every_websocket_is_closed(client: TestClient) -> None:
    from starlette.websockets import WebSocketDisconnect

    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_dash-ws-callback"):
        pass


def test_a_policy_that_became_unreadable_lets_nobody_in(
    client: TestClient, store: FakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise PolicyError("policy.toml: line 3 is not TOML.")

    monkeypatch.setattr(store, "policy", broken)
    answer = client.get("/_dash-layout")
    assert answer.status_code == 503
    assert "TOML" not in answer.text
