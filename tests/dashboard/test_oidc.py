"""Signing in at a real OpenID provider, run here; and every way in which what comes back may be forged."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
import requests
from authlib.integrations.requests_client import OAuth2Session
from dash import Dash
from httpx2 import Response
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.testclient import TestClient

from dashboard.access.id_token import Expected, claims_of
from dashboard.access.oidc import Provider
from data import accounts
from data.account import Account
from data.errors import PolicyError, SignInRefused
from data.home_state import home_secret
from data.identity_file import read_oidc
from tests.chromium import free_port, served
from tests.dashboard import fakes
from tests.dashboard.conftest import body_for, output_of, post
from tests.dashboard.fakes import FakeStore
from tests.dashboard.signing_in import COOKIE, Kept, a_client, a_store, an_app, quick_hashes
from tests.factories import a_home

PEOPLE: tuple[dict[str, object], ...] = (
    {"sub": "1", "name": "Ana Lyst", "groups": ["staff", "ops-analysts", "ops-viewers"]},
    {"sub": "2", "name": "Vi Ewer", "groups": ["ops-viewers"]},
    {"sub": "3", "name": "No Group", "groups": ["staff"]},
    {"sub": "4", "name": "Odd", "groups": "ops-analysts"},
    {"sub": "5", "name": "Ali Ce", "groups": []},
)
FILE = """
[oidc]
issuer = "{issuer}"
client_id = "watchfloor"
client_secret = "a secret of the client"

[[oidc.group]]
name = "ops-analysts"
partner = "XAC"
roles = ["viewer", "analyst"]
clearance = "OPEN"
regions = "all"

[[oidc.group]]
name = "ops-viewers"
partner = "XAB"
roles = ["viewer"]
clearance = "SENSITIVE"
categories = ["protection"]
regions = ["XQA"]
"""


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider in a process of its own."""
    with provider() as address:
        yield address


@contextmanager
def provider(*options: str) -> Iterator[str]:
    port = free_port()
    people = [word for person in PEOPLE for word in ("--user-claims", json.dumps(person))]
    address = f"http://127.0.0.1:{port}"
    command = ["-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port), *options, *people]

    with served(command, f"{address}/.well-known/openid-configuration", {}):
        yield address


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, issuer: str) -> FakeStore:
    fakes.install(monkeypatch.setattr)
    quick_hashes(monkeypatch)
    made = a_store(tmp_path)
    (tmp_path / "identity.toml").write_text(FILE.format(issuer=issuer), "utf-8")
    return made


@pytest.fixture
def trail() -> Kept:
    return Kept()


@pytest.fixture
def app(store: FakeStore, trail: Kept) -> Dash:
    return an_app(store, trail, WATCHFLOOR_IDENTITY="oidc")


def sent_away(client: TestClient, back: str = "/") -> str:
    """The provider's address that the browser is sent to."""
    answer = client.get(f"/sign-in/provider?next={quote(back, safe='')}")
    assert answer.status_code == 303
    return answer.headers["location"]


def at_the_provider(address: str, subject: str) -> str:
    """Sign in there; the path and query of the way back."""
    answer = requests.post(address, data={"sub": subject}, timeout=10, allow_redirects=False)
    assert answer.status_code == 302, answer.text
    came = urlsplit(answer.headers["location"])
    return f"{came.path}?{came.query}"


def sign_in(client: TestClient, subject: str, back: str = "/") -> Response:
    return client.get(at_the_provider(sent_away(client, back), subject))


def is_refused(answer: Response) -> bool:
    return answer.status_code == 401 and COOKIE not in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize(
    ("subject", "partner", "roles", "clearance", "regions"),
    [
        ("1", "XAC", {"viewer", "analyst"}, "OPEN", None),
        ("2", "XAB", {"viewer"}, "SENSITIVE", frozenset({"XQA"})),
    ],
)
def test_groups_say_who_somebody_is(
    app: Dash, store: FakeStore, subject: str, partner: str, roles: set[str], clearance: str, regions: object
) -> None:
    client = a_client(app)
    answer = sign_in(client, subject, "/table?region=XQA")
    assert (answer.status_code, answer.headers["location"]) == (303, "/table?region=XQA")
    assert post(client, body_for(app, output_of(app, "totals.data-drawn"), view="")).status_code == 200
    asked = store.asked_by[-1].identities[0]
    assert (asked.partner, asked.roles, asked.clearance, asked.regions) == (
        partner,
        roles,
        clearance,
        regions,
    )
    assert asked.name == PEOPLE[int(subject) - 1]["name"]
    assert asked.id.startswith("oidc:")


@pytest.mark.parametrize("subject", ["3", "4", "5", "stranger"])
def test_an_unknown_group_is_no_group(app: Dash, subject: str, trail: Kept) -> None:
    client = a_client(app)
    assert is_refused(sign_in(client, subject))
    assert client.get("/_dash-layout").status_code == 401
    assert trail.actions == ["sign_in_refused"]


def test_an_account_belongs_to_a_subject_of_its_issuer(app: Dash, store: FakeStore, issuer: str) -> None:
    one = Account("ali", "Ali", "XAB", frozenset({"viewer"}), "OPEN", frozenset(), None, issuer, "5")
    accounts.add(store.home, one, None)
    accounts.add(store.home, replace(one, id="other", issuer="https://other.example", subject="3"), None)
    client = a_client(app)
    assert sign_in(client, "5").status_code == 303
    post(client, body_for(app, output_of(app, "totals.data-drawn"), view=""))
    assert store.asked_by[-1].identities[0].id == "account:ali"
    assert is_refused(sign_in(a_client(app), "3"))
    accounts.remove(store.home, "ali")
    assert client.get("/_dash-layout").status_code == 401


def test_groups_are_looked_up_at_every_request(app: Dash, store: FakeStore, issuer: str) -> None:
    client = a_client(app)
    sign_in(client, "2")
    assert client.get("/_dash-layout").status_code == 200
    file = store.home.path / "identity.toml"
    file.write_text(FILE.format(issuer=issuer).replace("ops-viewers", "others"), "utf-8")
    assert client.get("/_dash-layout").status_code == 401
    file.write_text(FILE.format(issuer="https://other.example"), "utf-8")
    assert client.get("/_dash-layout").status_code == 401
    file.write_text("[oidc", "utf-8")
    assert client.get("/_dash-layout").status_code == 503


def test_the_way_there_asks_for_a_code_with_pkce_state_and_nonce(app: Dash, issuer: str) -> None:
    asked = [parse_qs(urlsplit(sent_away(a_client(app))).query) for _ in range(2)]
    for one in asked:
        assert one["response_type"] == ["code"]
        assert one["code_challenge_method"] == ["S256"]
        assert one["redirect_uri"] == ["http://127.0.0.1:8050/sign-in/return"]
        assert "openid" in one["scope"][0].split()
        assert "a secret" not in str(one)
    for name in ("state", "nonce", "code_challenge"):
        assert len(asked[0][name][0]) >= 40
        assert asked[0][name] != asked[1][name]


def test_the_page_leads_there_and_says_that_use_is_logged(app: Dash) -> None:
    page = a_client(app).get("/sign-in?next=%2Ftable%3Fregion%3DXQA").text
    assert 'href="/sign-in/provider?next=%2Ftable%3Fregion%3DXQA"' in page
    assert "are logged" in page
    assert "<form" not in page
    assert a_client(app).post("/sign-in", data={"account": "alice"}).status_code == 415


def _swapped(way: str, name: str, value: str) -> str:
    path, _mark, query = way.partition("?")
    kept = {key: values[0] for key, values in parse_qs(query).items()} | {name: value}
    return f"{path}?" + "&".join(f"{key}={quote(item, safe='')}" for key, item in kept.items() if item)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("state", "x" * 43), ("state", ""), ("state", "é"), ("code", "x"), ("code", ""), ("code", "\x00")),
        *(("iss", "https://evil.example"), ("error", "access_denied"), ("code", "a" * 9_000)),
    ],
)
def test_a_forged_way_back_is_refused(app: Dash, name: str, value: str) -> None:
    client = a_client(app)
    way = at_the_provider(sent_away(client), "1")
    if name == "error":
        way = _swapped(_swapped(way, "code", ""), "error", value)
    answer = client.get(_swapped(way, name, value))
    assert is_refused(answer)
    assert "evil" not in answer.text


def test_what_another_browser_began_is_refused(app: Dash) -> None:
    victim, other = a_client(app), a_client(app)
    way = at_the_provider(sent_away(other), "1")
    assert is_refused(victim.get(way))
    sent_away(victim)
    assert is_refused(victim.get(way))


def test_a_sign_in_under_way_ends_after_ten_minutes(app: Dash, monkeypatch: pytest.MonkeyPatch) -> None:
    client = a_client(app)
    began = TimestampSigner.get_timestamp
    for later, refused in ((601, True), (599, False)):
        way = at_the_provider(sent_away(client), "1")
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self, later=later: began(self) + later)
        assert is_refused(client.get(way)) is refused
        monkeypatch.setattr(TimestampSigner, "get_timestamp", began)


def test_a_code_is_good_once(app: Dash) -> None:
    client = a_client(app)
    address = sent_away(client)
    kept = client.cookies["watchfloor_signing_in"]
    way = at_the_provider(address, "1")
    assert client.get(way).status_code == 303
    again = a_client(app).get(way, headers={"Cookie": f"watchfloor_signing_in={kept}"})
    assert is_refused(again)


def _changed(store: FakeStore, cookie: str, **changes: str) -> str:
    """The cookie of a sign-in under way, signed anew: as if the server had begun it with other values."""
    signer = URLSafeTimedSerializer(home_secret(store.home), salt="signing-in")
    return str(signer.dumps({**signer.loads(cookie), **changes}))


def test_another_nonce_is_refused(app: Dash, store: FakeStore) -> None:
    client = a_client(app)
    for changes, refused in (({"nonce": "x" * 43}, True), ({}, False)):
        way = at_the_provider(sent_away(client), "1")
        cookie = _changed(store, client.cookies["watchfloor_signing_in"], **changes)
        answer = a_client(app).get(way, headers={"Cookie": f"watchfloor_signing_in={cookie}"})
        assert is_refused(answer) is refused, changes


def test_the_code_is_asked_for_with_what_the_challenge_was_made_of(
    app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PKCE: the provider of these tests does not compare the two, so they are compared here."""
    sent: list[Mapping[str, Any]] = []
    fetch = OAuth2Session.fetch_token

    def kept(session: OAuth2Session, *places: object, **options: object) -> object:
        sent.append(options)
        return fetch(session, *places, **options)

    monkeypatch.setattr(OAuth2Session, "fetch_token", kept)
    client = a_client(app)
    address = sent_away(client)
    client.get(at_the_provider(address, "1"))
    made = hashlib.sha256(sent[0]["code_verifier"].encode()).digest()
    challenge = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
    assert parse_qs(urlsplit(address).query)["code_challenge"] == [challenge]


def test_a_token_for_another_client_or_from_another_issuer_is_refused(
    app: Dash, issuer: str, store: FakeStore
) -> None:
    client = a_client(app)
    way = at_the_provider(sent_away(client), "1")
    file = store.home.path / "identity.toml"
    file.write_text(FILE.format(issuer=issuer).replace('"watchfloor"', '"another"'), "utf-8")
    assert is_refused(client.get(way))
    other = issuer.replace("127.0.0.1", "localhost") + "/"
    file.write_text(FILE.format(issuer=other), "utf-8")
    assert client.get("/sign-in/provider").status_code == 401


def test_an_expired_token_is_refused(store: FakeStore) -> None:
    with provider("--token-max-age", "-3600") as address:
        (store.home.path / "identity.toml").write_text(FILE.format(issuer=address), "utf-8")
        app = an_app(store, WATCHFLOOR_IDENTITY="oidc")
        assert is_refused(sign_in(a_client(app), "1"))


def test_a_provider_that_does_not_answer_signs_nobody_in(store: FakeStore) -> None:
    (store.home.path / "identity.toml").write_text(
        FILE.format(issuer=f"http://127.0.0.1:{free_port()}"), "utf-8"
    )
    app = an_app(store, WATCHFLOOR_IDENTITY="oidc")
    answer = a_client(app).get("/sign-in/provider")
    assert answer.status_code == 401
    assert "could not be signed in" in answer.text


NOW = datetime(2026, 3, 1, tzinfo=UTC)
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": kid}) for kid in ("a", "a"))
WANTED = Expected("https://login.example", "watchfloor", "n" * 43)
GOOD: Mapping[str, Any] = {
    "iss": WANTED.issuer,
    "aud": WANTED.client_id,
    "sub": "1",
    "nonce": WANTED.nonce,
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
}


def _believed(token: str) -> Mapping[str, object]:
    return claims_of(token, KeySet([KEY]), WANTED, clock=lambda: NOW)


def _signed(claims: Mapping[str, Any], key: RSAKey = KEY) -> str:
    return jwt.encode({"alg": "RS256", "kid": "a"}, dict(claims), key)


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def test_a_good_token_is_believed() -> None:
    assert _believed(_signed(GOOD))["sub"] == "1"


def _signed_with_the_public_key(body: str) -> str:
    """As if the key that everybody may know were a shared secret."""
    told = f"{_part({'alg': 'HS256', 'kid': 'a'})}.{body}"
    made = hmac.digest(KEY.as_pem(private=False), told.encode(), "sha256")
    return f"{told}.{base64.urlsafe_b64encode(made).rstrip(b'=').decode()}"


LATE = int((NOW - timedelta(hours=1)).timestamp())
SOON = int((NOW + timedelta(hours=1)).timestamp())


@pytest.mark.parametrize(
    "changes",
    [
        *({"iss": "https://evil.example"}, {"iss": None}, {"iss": ["https://login.example"]}),
        *({"aud": "another"}, {"aud": ["another"]}, {"aud": None}, {"aud": []}, {"aud": ["watchfloor", "x"]}),
        *({"exp": LATE}, {"exp": None}, {"exp": "soon"}, {"nbf": SOON}, {"iat": SOON}, {"iat": None}),
        *(
            {"nonce": "x"},
            {"nonce": None},
            {"nonce": ""},
            {"sub": None},
            {"sub": ""},
            {"sub": 7},
            {"azp": "x"},
        ),
    ],
)
def test_a_token_that_says_something_else_is_refused(changes: dict[str, object]) -> None:
    claims = {key: value for key, value in {**GOOD, **changes}.items() if value is not None}
    with pytest.raises(SignInRefused):
        _believed(_signed(claims))


def test_a_token_without_our_providers_signature_is_refused() -> None:
    head, body, signature = _signed(GOOD).split(".")
    forged = [
        _signed(GOOD, OTHER),
        f"{_part({'alg': 'none'})}.{body}.",
        f"{_part({'alg': 'None', 'kid': 'a'})}.{body}.{signature}",
        f"{head}.{_part({**GOOD, 'sub': '2'})}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}",
        _signed_with_the_public_key(body),
        json.dumps({"payload": body, "signatures": []}),
        json.dumps({"payload": body, "protected": head, "signature": signature}),
        *("", ".", "..", "....", "a.b.c", "é.é.é", "x" * 70_000),
    ]
    for token in forged:
        with pytest.raises(SignInRefused):
            _believed(token)


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ('issuer = "{issuer}"', ""),
        ('issuer = "{issuer}"', 'issuer = "http://login.example"'),
        ('client_id = "watchfloor"', "client_id = 7"),
        ('partner = "XAB"', 'partner = "XZZ"'),
        ('clearance = "OPEN"', 'clearance = "COSMIC"'),
        ('roles = ["viewer"]', "roles = []"),
        ('regions = "all"', ""),
        ('"ops-viewers"', '"ops-analysts"'),
        ("[oidc]", "[oidc]\nextra = 1"),
        ("[oidc]", "[oidc"),
    ],
)
def test_a_wrong_identity_file_is_one_sentence_before_anything_is_served(
    tmp_path: Path, found: str, put: str
) -> None:
    home = a_home(tmp_path)
    with pytest.raises(PolicyError, match=r"identity\.toml"):
        read_oidc(home, home.policy())
    text = FILE.replace(found, put, 1).replace("{issuer}", "https://login.example")
    assert text != FILE.replace("{issuer}", "https://login.example")
    (tmp_path / "identity.toml").write_text(text, "utf-8")
    with pytest.raises(PolicyError, match=r"identity\.toml"):
        an_app(FakeStore(home), WATCHFLOOR_IDENTITY="oidc")


def test_a_provider_that_leads_elsewhere_is_not_followed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = a_home(tmp_path)
    (tmp_path / "identity.toml").write_text(FILE.format(issuer="https://login.example"), "utf-8")
    settings = read_oidc(home, home.policy())
    told = {
        "issuer": settings.issuer,
        "authorization_endpoint": "http://evil.example/authorize",
        "token_endpoint": "javascript:alert(1)",
    }
    one = Provider(lambda: settings, "https://floor.example/sign-in/return")
    monkeypatch.setattr(one, "_fetched", lambda _address: told)
    with pytest.raises(SignInRefused):
        one.begin("/")
    told["issuer"] = "https://evil.example"
    told["authorization_endpoint"] = "https://login.example/authorize"
    with pytest.raises(SignInRefused):
        one.begin("/")
    told["issuer"] = settings.issuer
    assert one.begin("/")[0].startswith("https://login.example/authorize?")
