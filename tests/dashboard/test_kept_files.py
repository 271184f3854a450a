"""Files of a fingerprinted address are packed once; nothing else is ever kept."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from dashboard import kept_files
from dashboard.kept_files import KeptFiles


@pytest.fixture
def asked() -> list[str]:
    return []


@pytest.fixture
def client(asked: list[str]) -> Iterator[TestClient]:
    async def answer(request: Request) -> Response:
        asked.append(str(request.url.path))
        if request.url.path.endswith("missing.js"):
            return PlainTextResponse("none", 404)
        return PlainTextResponse("x" * 2_000 + request.url.query)

    app = Starlette(routes=[Route("/{path:path}", answer)])
    app.add_middleware(GZipMiddleware)
    app.add_middleware(KeptFiles)
    with TestClient(app) as made:
        yield made


def test_a_file_is_packed_once_and_answered_alike(client: TestClient, asked: list[str]) -> None:
    first = client.get("/_dash-component-suites/dash/a.js")
    second = client.get("/_dash-component-suites/dash/a.js")
    assert len(asked) == 1
    assert first.text == second.text
    assert first.headers == second.headers
    assert second.headers["content-encoding"] == "gzip"


def test_who_cannot_unpack_gets_it_unpacked(client: TestClient) -> None:
    client.get("/assets/a.css?m=1")
    plain = client.get("/assets/a.css?m=1", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text.startswith("xxx")


def test_a_doubled_header_packs_nothing_for_others(client: TestClient) -> None:
    doubled = [("Accept-Encoding", "gzip"), ("Accept-Encoding", "identity")]
    client.get("/assets/a.css?m=9", headers=doubled)
    plain = client.get("/assets/a.css?m=9", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/_dash-layout", {}),
        ("/", {}),
        ("/assets/a.css", {}),
        ("/assets/missing.js?m=1", {}),
        ("/assets/a.css?m=1", {"Range": "bytes=0-1"}),
        ("/assets/a.css?m=1", {"If-None-Match": '"x"'}),
    ],
)
def test_what_may_change_or_hangs_on_more_is_not_kept(
    client: TestClient, asked: list[str], path: str, headers: dict[str, str]
) -> None:
    client.get(path, headers=headers)
    client.get(path, headers=headers)
    assert len(asked) == 2


def test_what_is_kept_has_an_end(
    client: TestClient, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_files, "MOST_FILES", 2)
    for n in (1, 2, 3, 1):
        client.get(f"/assets/a.css?m={n}")
    assert len(asked) == 4
    client.get("/assets/a.css?m=1")
    assert len(asked) == 4
