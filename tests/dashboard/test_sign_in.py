"""Signing in and out: the form, the cookie, the refusals, and where one is led."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from dash import Dash
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access.attempts import MOST_BY_ACCOUNT, MOST_BY_ADDRESS, MOST_KEPT, WINDOW, Attempts
from dashboard.access.session_cookie import SessionCookie, cookie_of
from dashboard.access.ways_back import sign_in_address, way_back
from dashboard.pages.paths import PATHS
from data import accounts
from data.errors import StoreUnavailable
from tests.dashboard import fakes
from tests.dashboard.conftest import ORIGIN, body_for, output_of, post
from tests.dashboard.fakes import FakeStore
from tests.dashboard.signing_in import COOKIE, Kept, a_client, a_store, an_app, enter, quick_hashes

OUTSIDE = "https://floor.example"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeStore:
    fakes.install(monkeypatch.setattr)
    quick_hashes(monkeypatch)
    return a_store(tmp_path)


@pytest.fixture
def trail() -> Kept:
    return Kept()


@pytest.fixture
def app(store: FakeStore, trail: Kept) -> Dash:
    return an_app(store, trail)


def _totals(app: Dash) -> dict[str, object]:
    return body_for(app, output_of(app, "totals.data-drawn"), view="")


def test_who_signs_in_is_who_asks(app: Dash, store: FakeStore) -> None:
    for account, partner in (("alice", "XAB"), ("zoe", "XAC")):
        client = a_client(app)
        answer = enter(client, account)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert post(client, _totals(app)).status_code == 200
        identity = store.asked_by[-1].identities[0]
        assert (identity.id, identity.partner) == (f"account:{account}", partner)


def test_the_cookie_holds_an_id_and_keeps_it_from_scripts(app: Dash) -> None:
    said = enter(a_client(app)).headers["set-cookie"]
    assert said.startswith(f"{COOKIE}=")
    for mark in ("HttpOnly", "SameSite=lax", "Path=/"):
        assert mark in said
    assert "Secure" not in said
    assert "alice" not in said
    assert "Domain" not in said


def test_over_https_the_cookie_is_bound_to_the_host(store: FakeStore) -> None:
    client = a_client(an_app(store, WATCHFLOOR_PUBLIC_URL=OUTSIDE), OUTSIDE)
    said = enter(client).headers["set-cookie"]
    assert said.startswith(f"__Host-{COOKIE}=")
    assert "Secure" in said
    assert client.get("/_dash-layout").status_code == 200
    token = client.cookies[f"__Host-{COOKIE}"]
    plain = a_client(an_app(store, WATCHFLOOR_PUBLIC_URL=OUTSIDE), OUTSIDE)
    assert plain.get("/_dash-layout", headers={"Cookie": f"{COOKIE}={token}"}).status_code == 401


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": OUTSIDE.upper()}, 303),
        ({"Origin": "http://floor.example"}, 403),
        ({"Origin": "https://floor.example:444"}, 403),
        ({"Origin": "https://floor.example.evil.example"}, 403),
        ({"Host": "floor.example:443"}, 303),
        ({"Host": "floor.example:80"}, 421),
        ({"Host": "127.0.0.1:8050"}, 303),
        ({"Host": "evil.example"}, 421),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_only_our_own_outside_address_signs_in(
    store: FakeStore, headers: dict[str, str], status: int
) -> None:
    client = a_client(an_app(store, WATCHFLOOR_PUBLIC_URL=OUTSIDE), OUTSIDE)
    fields = {"account": "alice", "password": "correct horse battery"}
    assert client.post("/sign-in", data=fields, headers=headers).status_code == status


def test_every_refusal_is_the_same(app: Dash, store: FakeStore, trail: Kept) -> None:
    accounts.remove(store.home, "root")
    client = a_client(app)
    answers = [
        enter(client, account, password)
        for account, password in (
            ("alice", "wrong"),
            ("nobody", "correct horse battery"),
            ("root", "correct horse battery"),
            ("", ""),
            ("alice", ""),
            ("a" * 5000, "b" * 5000),
            ("ALICE", "correct horse battery"),
            ("alice\x00", "x"),
        )
    ]
    answers.append(
        client.post(
            "/sign-in",
            content=b"\xff\xfe=%zz&&",
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
    )
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(k for k, _v in answer.headers.items())) for answer in answers}) == 1
    assert not any("set-cookie" in answer.headers for answer in answers)
    assert set(trail.actions) == {"sign_in_refused"}
    assert {entry[2]["account"] for entry in trail.entries} == {"alice", ""}


def test_an_account_whose_partner_left_is_refused(app: Dash, store: FakeStore) -> None:
    client = a_client(app)
    enter(client)
    assert client.get("/_dash-layout").status_code == 200
    store._policy = store._policy.__class__(**{**vars_of(store), "partners": {}})
    assert client.get("/_dash-layout").status_code == 401
    assert enter(client).status_code == 401


def vars_of(store: FakeStore) -> dict[str, object]:
    return {name: getattr(store._policy, name) for name in store._policy.__dataclass_fields__}


def test_too_many_failures_refuse_the_right_password_too(app: Dash) -> None:
    client = a_client(app)
    wrong = {enter(client, "alice", f"wrong {n}").content for n in range(MOST_BY_ACCOUNT)}
    right = enter(client)
    assert (right.status_code, {right.content}) == (401, wrong)
    assert enter(client, "zoe").status_code == 303


def test_attempts_are_counted_by_account_and_address_for_a_while() -> None:
    seconds = [0.0]
    attempts = Attempts(lambda: seconds[0])
    for number in range(MOST_BY_ADDRESS):
        assert attempts.may_try(f"a{number}", "192.0.2.1")
        attempts.failed(f"a{number}", "192.0.2.1")
    assert not attempts.may_try("b", "192.0.2.1")
    assert attempts.may_try("b", "192.0.2.2")
    for _ in range(MOST_BY_ACCOUNT):
        attempts.failed("b", "192.0.2.2")
    assert not attempts.may_try("b", "192.0.2.3")
    seconds[0] = WINDOW
    assert attempts.may_try("b", "192.0.2.1")


def test_who_signs_in_begins_anew() -> None:
    attempts = Attempts(lambda: 0.0)
    for _ in range(5 * MOST_BY_ADDRESS):
        attempts.failed("a", "192.0.2.1")
        attempts.succeeded("a", "192.0.2.1")
        assert attempts.may_try("a", "192.0.2.1")


KNOWN = "watchfloor_known"


def shut(app: Dash, account: str) -> None:
    """A stranger fails at an account until nothing more is tried."""
    stranger = a_client(app)
    for _ in range(MOST_BY_ACCOUNT + 1):
        assert enter(stranger, account, "wrong password").status_code == 401


def test_strangers_do_not_keep_somebody_out_of_a_browser_that_knows_them(app: Dash) -> None:
    at_home, elsewhere = a_client(app), a_client(app)
    assert enter(at_home).status_code == 303
    shut(app, "alice")
    assert enter(elsewhere).status_code == 401, "the right password, and still to wait"
    assert enter(at_home).status_code == 303
    assert enter(at_home, "zoe").status_code == 303, "its cookie is alice's, and zoe was left in peace"


def test_a_known_browser_has_ten_failures_of_its_own(app: Dash) -> None:
    client = a_client(app)
    assert enter(client).status_code == 303
    for _ in range(2 * MOST_BY_ACCOUNT):
        assert enter(client, "alice", "wrong password").status_code == 401
    assert enter(client).status_code == 401, "then it counts as any other, whose ten are used up too"


@pytest.mark.parametrize("how", ["forged", "of another account", "doubled", "long"])
def test_a_cookie_that_was_not_given_for_the_account_knows_nobody(app: Dash, how: str) -> None:
    client = a_client(app)
    enter(client, "zoe" if how == "of another account" else "alice")
    value = client.cookies[KNOWN]
    cookie = {
        "forged": f"{KNOWN}={value[:-3]}abc",
        "of another account": f"{KNOWN}={value}",
        "doubled": f"{KNOWN}={value}; {KNOWN}={value}",
        "long": f"{KNOWN}={value}{'x' * 2000}",
    }[how]
    shut(app, "alice")
    assert enter(a_client(app), cookie=cookie).status_code == 401


def test_with_another_password_no_browser_is_known(app: Dash, store: FakeStore) -> None:
    """Whoever knew the old one may have gathered cookies."""
    client = a_client(app)
    assert enter(client).status_code == 303
    accounts.set_password(store.home, "alice", "another correct battery")
    shut(app, "alice")
    assert enter(client, "alice", "another correct battery").status_code == 401


def test_the_cookie_of_a_known_browser_lets_nobody_in(app: Dash) -> None:
    client = a_client(app)
    said = enter(client).headers.get_list("set-cookie")
    [known] = [each for each in said if each.startswith(f"{KNOWN}=")]
    assert "HttpOnly" in known
    assert "SameSite=strict" in known
    other = a_client(app)
    assert (
        other.get("/_dash-layout", headers={"Cookie": f"{KNOWN}={client.cookies[KNOWN]}"}).status_code == 401
    )


def test_the_memory_of_attempts_is_bounded() -> None:
    attempts = Attempts(lambda: 0.0)
    for number in range(MOST_KEPT + 100):
        attempts.failed(f"a{number}", f"10.{number}")
        attempts.failed("a", "b", f"browser {number}")
    assert len(attempts._accounts) == len(attempts._addresses) == len(attempts._browsers) == MOST_KEPT


OPEN_REDIRECTS = (
    *("//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example"),
    *("\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\\/evil.example", "/%5cevil.example"),
    *(
        "/%2f%2fevil.example",
        "/%2Fevil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil@127.0.0.1",
    ),
    *(
        "/table//evil.example",
        "/table\\evil.example",
        "/table/../..//evil.example",
        "/.//evil.example",
        "/;@evil",
    ),
    *(
        "/\tevil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "/ /evil.example",
        "/\r\nX: y",
    ),
    *(
        "/table\r\nLocation: //evil",
        "/table?\r\nSet-Cookie: a=b",
        "?//evil.example",
        "#//evil",
        "evil.example",
    ),
    *(
        "/sign-in?next=//evil.example",
        "/nope",
        "/table#@evil",
        "",
        "/table?next=//evil.example",
        "/@evil.example",
    ),
    *(
        "/\u2028/evil.example",
        "/\uff0f/evil.example",
        "\uff0f\uff0fevil.example",
        "/\x00/evil",
        "/?" + "a" * 9_000,
    ),
)


@pytest.mark.parametrize("wanted", OPEN_REDIRECTS)
def test_nobody_is_led_off_our_pages(wanted: str) -> None:
    back = way_back(wanted)
    assert back.partition("?")[0] in PATHS
    assert "evil" not in back
    assert back.isprintable()


@given(wanted=st.text(alphabet="/\\.:@?#%&=ab5c2f\t\r\n \u2028", max_size=30) | st.none() | st.integers())
def test_no_text_leads_off_our_pages(wanted: object) -> None:
    back = way_back(wanted)
    assert back.partition("?")[0] in PATHS
    assert "\\" not in back
    assert back.isprintable()


@pytest.mark.parametrize("path", PATHS)
def test_a_page_leads_to_the_sign_in_and_back_to_its_view(app: Dash, path: str) -> None:
    client = a_client(app)
    view = "region=XQA&period=7d"
    led = client.get(f"{path}?{view}")
    assert led.status_code == 303
    assert led.headers["location"] == f"/sign-in?next={quote(f'{path}?{view}', safe='')}"
    form = client.get(led.headers["location"])
    assert f'name="next" value="{path}?{view.replace("&", "&amp;")}"' in form.text
    assert enter(client, next=f"{path}?{view}").headers["location"] == f"{path}?{view}"


def test_a_page_without_a_view_leads_to_the_plain_form() -> None:
    assert sign_in_address("/", "") == "/sign-in"


def test_the_form_reflects_nothing(app: Dash) -> None:
    client = a_client(app)
    mark = '"><script>alert(1)</script>'
    answers = [
        client.get("/sign-in", params={"next": mark, "account": mark}),
        enter(client, mark, mark, next=mark),
    ]
    assert not any("alert(1)" in answer.text for answer in answers)


def test_the_form_speaks_french(app: Dash) -> None:
    page = a_client(app).get("/sign-in", headers={"Accept-Language": "fr"}).text
    assert '<html lang="fr"' in page
    assert "Mot de passe" in page
    assert "Password" not in page


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_form_has_the_scheme_that_was_chosen(app: Dash, scheme: str) -> None:
    page = a_client(app).get("/sign-in", headers={"Cookie": f"watchfloor_scheme={scheme}"}).text
    assert f'data-scheme="{scheme}"' in page


def test_the_form_says_that_use_is_logged_and_loads_only_its_style(app: Dash) -> None:
    client = a_client(app)
    page = client.get("/sign-in")
    assert "are logged" in page.text
    assert "<script" not in page.text
    assert client.get("/assets/sign_in.css").status_code == 200


def test_signing_in_gives_another_id(app: Dash) -> None:
    """Fixation: an id that was there before is worth nothing afterwards."""
    client = a_client(app)
    enter(client, cookie=f"{COOKIE}=chosen-by-another")
    first = client.cookies[COOKIE]
    assert first != "chosen-by-another"
    enter(client)
    second = client.cookies[COOKIE]
    stranger = a_client(app)
    for token, status in (("chosen-by-another", 401), (first, 401), (second, 200)):
        answer = stranger.get("/_dash-layout", headers={"Cookie": f"{COOKIE}={token}"})
        assert answer.status_code == status


def test_a_doubled_session_cookie_is_nobodys(app: Dash) -> None:
    client = a_client(app)
    enter(client)
    token = client.cookies.pop(COOKIE)
    both = f"{COOKIE}={token}; {COOKIE}=other"
    assert a_client(app).get("/_dash-layout", headers={"Cookie": both}).status_code == 401
    assert cookie_of("a=1; b=2", "b") == "2"
    assert SessionCookie(False).read("") == ""


def test_signing_out_ends_here_or_everywhere(app: Dash, trail: Kept) -> None:
    here, there = a_client(app), a_client(app)
    for everywhere, left in ((False, 200), (True, 401)):
        enter(here)
        enter(there)
        token = here.cookies[COOKIE]
        answer = here.post("/sign-out", json={"everywhere": everywhere})
        assert answer.status_code == 204
        assert 'watchfloor_session=""' in answer.headers["set-cookie"]
        old = a_client(app).get("/_dash-layout", headers={"Cookie": f"{COOKIE}={token}"})
        assert old.status_code == 401
        assert there.get("/_dash-layout").status_code == left
    assert trail.entries[-1] == ("sign_out", ("account:alice",), {"everywhere": True}, True)


def test_sign_ins_are_reported_before_they_hold(app: Dash, trail: Kept) -> None:
    client = a_client(app)
    enter(client)
    action, who, details, durable = trail.entries[-1]
    assert (action, who, details["way"], durable) == ("sign_in", ("account:alice",), "account", True)
    trail.fault = StoreUnavailable("The trail cannot be written.")
    answer = enter(a_client(app))
    assert (answer.status_code, "set-cookie" in answer.headers) == (503, False)


def test_a_changed_account_is_signed_out_and_looked_up_anew(app: Dash, store: FakeStore) -> None:
    client = a_client(app)
    enter(client)
    accounts.set_password(store.home, "alice", "another long password")
    assert post(client, _totals(app)).status_code == 401
    assert enter(client, "alice", "another long password").status_code == 303
    accounts.remove(store.home, "alice")
    assert post(client, _totals(app)).status_code == 401


def test_the_frame_names_the_person_and_no_persona(app: Dash) -> None:
    client = a_client(app)
    enter(client)
    frame = client.get("/_dash-layout").text
    assert '"children":"Alice"' in frame
    assert "data-sign-out" in frame
    assert "data-persona" not in frame
    assert client.post("/persona", json={"persona": "xac-analyst"}).status_code == 404


def test_a_persona_cookie_is_nobody_where_people_sign_in(app: Dash, store: FakeStore) -> None:
    from dashboard.access.viewing import PERSONA_COOKIE, Personas
    from data.home_state import home_secret

    signed = Personas(store, home_secret(store.home)).signed("xab-commander")
    answer = post(a_client(app), _totals(app), Cookie=f"{PERSONA_COOKIE}={signed}")
    assert answer.status_code == 401
    assert store.asked_by == []


def test_an_administrator_asks_without_a_clearance(app: Dash, store: FakeStore) -> None:
    client = a_client(app)
    enter(client, "root")
    post(client, _totals(app))
    asked = store.asked_by[-1].identities[0]
    assert (asked.clearance, asked.regions, asked.categories) == ("", frozenset(), frozenset())


def test_the_origin_of_a_form_is_ours(app: Dash) -> None:
    assert enter(a_client(app)).status_code == 303
    stranger = a_client(app)
    stranger.headers["Origin"] = "http://evil.example"
    assert enter(stranger).status_code == 403
    assert a_client(app).post("/sign-in", json={"account": "alice"}).status_code == 415
    assert str(stranger.base_url) == ORIGIN
