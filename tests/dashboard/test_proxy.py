"""A header is believed from the proxy with its secret alone, and nothing else is (release policy, T11).

Written byte by byte to a real uvicorn, with each of its two readers of HTTP: what a client library would mend
is sent as it is.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from data.errors import PolicyError
from data.identity_file import read_proxy
from tests.chromium import free_port, served
from tests.dashboard.signing_in import a_store
from tests.factories import a_home

SECRET = "s3cret-" * 6
FILE = """
[proxy]
address = "{address}"
header = "X-Auth-User"
secret = "{secret}"
"""
READERS = ("h11", "httptools")
PATH = "/_dash-layout"


@pytest.fixture(scope="module", params=READERS)
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A server that believes 127.0.0.1."""
    folder = tmp_path_factory.mktemp("home")
    a_store(folder)
    (folder / "identity.toml").write_text(FILE.format(address="127.0.0.1", secret=SECRET), "utf-8")
    with serving(folder, request.param) as made:
        yield made


@contextmanager
def serving(folder: Path, reader: str) -> Iterator[int]:
    port = free_port()
    command = ["-m", "tests.dashboard.fake_server", str(port), str(folder), reader]
    with served(command, f"http://127.0.0.1:{port}/healthz", {"WATCHFLOOR_IDENTITY": "proxy"}):
        yield port


def asked(
    port: int,
    *headers: bytes,
    request: bytes = b"GET /_dash-layout HTTP/1.1",
    own: str = "127.0.0.1",
    body: bytes = b"",
) -> tuple[int, bytes]:
    """Status and everything that came, until the server has no more."""
    lines = (request, f"Host: 127.0.0.1:{port}".encode(), *headers, b"Connection: close", b"", body)
    with socket.create_connection(("127.0.0.1", port), timeout=10, source_address=(own, 0)) as line:
        line.sendall(b"\r\n".join(lines))
        came = b""
        while part := line.recv(65536):
            came += part
    return int(came.split(b" ", 2)[1]) if came else 0, came


WHO, KEY = b"X-Auth-User: alice", b"X-Watchfloor-Secret: " + SECRET.encode()

REFUSED: dict[str, tuple[bytes, ...]] = {
    "nothing": (),
    "no secret": (WHO,),
    "an empty secret": (WHO, b"X-Watchfloor-Secret:"),
    "another secret": (WHO, b"X-Watchfloor-Secret: " + b"x" * len(SECRET)),
    "a part of the secret": (WHO, KEY[:-1]),
    "more than the secret": (WHO, KEY + b"x"),
    "the secret in other letters": (WHO, KEY.upper()),
    "the secret twice": (WHO, KEY, KEY),
    "the secret and another": (WHO, KEY, b"X-Watchfloor-Secret: x"),
    "another and the secret": (WHO, b"x-watchfloor-secret: x", KEY),
    "the secret under a twin name": (WHO, b"X_Watchfloor_Secret: " + SECRET.encode()),
    "the secret beside a twin name": (WHO, KEY, b"X_Watchfloor_Secret: x"),
    "no user": (KEY,),
    "an empty user": (KEY, b"X-Auth-User:"),
    "the user twice": (KEY, WHO, WHO),
    "two users": (KEY, WHO, b"X-Auth-User: zoe"),
    "two users in mixed case": (KEY, b"x-auth-user: zoe", b"X-AUTH-USER: alice"),
    "two users with a comma": (KEY, b"X-Auth-User: alice, zoe"),
    "a comma at the end": (KEY, b"X-Auth-User: alice,"),
    "a comma in front": (KEY, b"X-Auth-User: ,alice"),
    "a user under a twin name": (KEY, b"X_Auth_User: alice"),
    "a user beside a twin name": (KEY, WHO, b"X_Auth_User: zoe"),
    "a user beside another twin": (KEY, WHO, b"X-Auth_User: zoe"),
    "a user beside a run-together twin": (KEY, WHO, b"XAuthUser: zoe"),
    "a user beside a dotted twin": (KEY, WHO, b"X.Auth.User: zoe"),
    "a user in capitals": (KEY, b"X-Auth-User: ALICE"),
    "a line end in the user": (KEY, b"X-Auth-User: nobody\nX-Auth-User: alice"),
    "a folded user": (KEY, b"X-Auth-User: nobody\r\n alice"),
    "a carriage return in the user": (KEY, b"X-Auth-User: alice\rx"),
    "a NUL in the user": (KEY, b"X-Auth-User: alice\x00"),
    "a tab in the user": (KEY, b"X-Auth-User: al\tice"),
    "a user of other letters": (KEY, "X-Auth-User: \u0430lice".encode()),
    "a user with high bytes": (KEY, b"X-Auth-User: alice\xff"),
    "an encoded line end": (KEY, b"X-Auth-User: alice%0d%0aX: y"),
    "a user in quotes": (KEY, b'X-Auth-User: "alice"'),
    "nobody's id": (KEY, b"X-Auth-User: nobody"),
    "an identity's id": (KEY, b"X-Auth-User: account:alice"),
    "a long user": (KEY, b"X-Auth-User: " + b"a" * 5_000),
    "a space before the colon": (KEY, b"X-Auth-User : alice"),
    "a space before the name": (KEY, b" X-Auth-User: alice"),
    "another header": (
        KEY,
        b"X-Forwarded-User: alice",
        b"Remote-User: alice",
        b"Authorization: Basic YWxpY2U6",
    ),
    "a cookie": (KEY, b"Cookie: X-Auth-User=alice; watchfloor_session=alice; watchfloor_persona=alice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_doubtful_header_gets_nothing(port: int, case: str) -> None:
    status, came = asked(port, *REFUSED[case])
    assert status in (0, 400, 401), case
    assert b"Alice" not in came
    assert b"Zoe" not in came
    assert b"props" not in came


@pytest.mark.parametrize(
    "headers",
    [
        (WHO, KEY),
        (KEY, WHO),
        (b"x-auth-user: alice", KEY),
        (b"X-AUTH-USER:alice", KEY.replace(b"X-W", b"x-w")),
    ],
)
def test_the_proxys_own_header_is_believed(port: int, headers: tuple[bytes, ...]) -> None:
    """Else the tests above would pass on a server that believes nobody."""
    status, came = asked(port, *headers)
    assert status == 200
    assert b"Alice" in came
    assert b"data-sign-out" not in came


@pytest.mark.parametrize("claimed", [b"X-Forwarded-For", b"X-Real-IP", b"Forwarded", b"X-Client-IP"])
def test_another_address_is_not_believed_whatever_it_claims(port: int, claimed: bytes) -> None:
    value = b"for=127.0.0.1" if claimed == b"Forwarded" else b"127.0.0.1"
    status, came = asked(port, WHO, KEY, claimed + b": " + value, own="127.0.0.2")
    assert status == 401
    assert b"props" not in came


@pytest.mark.parametrize("reader", READERS)
def test_who_sits_at_the_machine_is_not_the_proxy_by_saying_so(tmp_path: Path, reader: str) -> None:
    """uvicorn believes X-Forwarded-For of its own machine, unless it is told not to."""
    a_store(tmp_path)
    (tmp_path / "identity.toml").write_text(FILE.format(address="192.0.2.9", secret=SECRET), "utf-8")
    with serving(tmp_path, reader) as made:
        status, came = asked(made, WHO, KEY, b"X-Forwarded-For: 192.0.2.9")
    assert status == 401
    assert b"props" not in came


def test_a_page_and_a_callback_get_nothing_too(port: int) -> None:
    status, came = asked(port, request=b"GET /table HTTP/1.1")
    assert (status, b"Location" in came) == (401, False)
    body = json.dumps({"output": "page.children"}).encode()
    headers = (
        f"Origin: http://127.0.0.1:{port}".encode(),
        b"Content-Type: application/json",
        b"Content-Length: " + str(len(body)).encode(),
    )
    post = b"POST /_dash-update-component HTTP/1.1"
    status, came = asked(port, WHO, *headers, request=post, body=body)
    assert status == 401


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ('"127.0.0.1"', '"proxy.example"'),
        ('"127.0.0.1"', "7"),
        ('"X-Auth-User"', '"X_Auth_User"'),
        ('"X-Auth-User"', '""'),
        (SECRET, "short"),
        (SECRET, "é" * 40),
        ("[proxy]", "[proxy]\nextra = 1"),
        ("[proxy]", "[other]"),
    ],
)
def test_wrong_settings_of_a_proxy_are_one_sentence(tmp_path: Path, found: str, put: str) -> None:
    home = a_home(tmp_path)
    text = FILE.format(address="127.0.0.1", secret=SECRET)
    (tmp_path / "identity.toml").write_text(text, "utf-8")
    assert read_proxy(home).header == "x-auth-user"
    (tmp_path / "identity.toml").write_text(text.replace(found, put), "utf-8")
    with pytest.raises(PolicyError, match=r"identity\.toml") as caught:
        read_proxy(home)
    assert SECRET not in str(caught.value)
