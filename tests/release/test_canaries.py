"""T6: what is hidden from somebody stands in nothing that is left for others or sent to this one.

An owner asks first, so that every cache and every file that there is has met the rows.
"""

from __future__ import annotations

import gzip
import json
import logging
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from dashboard.routes import events
from data import extract, totals
from data.released import Released
from tests.dashboard.conftest import body_for, post
from tests.release.asking import Asking
from tests.release.test_no_interference import BODIES, HIDDEN_IDS, METHODS, addresses, questions
from tests.release.worlds import CANARY, World, worlds
from tests.sizes import figure

pytestmark = pytest.mark.filterwarnings("ignore:.*unclosed.*:ResourceWarning")

OWNER, VIEWER = "cordia-analyst", "borland"
TRAIL = "trail.jsonl"
RIGHTFUL = ("lake", "quarantine", "inbox")
"""Folders of a home in which rows may stand."""

CANARIES = (f"{CANARY}-", f"{CANARY.lower()}:")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with worlds(tmp_path, VIEWER, 1) as (_without, more):
        yield more


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def texts(content: bytes) -> list[str]:
    """A file or a body as text, and whatever is packed in it: archives, and the texts of a picture."""
    found = [content.decode("utf-8", "replace"), content.decode("utf-16-le", "replace")]
    if content.startswith(b"\x1f\x8b"):
        found += texts(gzip.decompress(content))
    if zipfile.is_zipfile(BytesIO(content)):
        with zipfile.ZipFile(BytesIO(content)) as archive:
            found += [text for name in archive.namelist() for text in (name, *texts(archive.read(name)))]
    if content.startswith(b"\x89PNG"):
        found += [text for chunk in _chunks(content) for text in chunk]
    return found


def _chunks(picture: bytes) -> Iterator[list[str]]:
    place = 8
    while place < len(picture):
        (length,) = struct.unpack(">I", picture[place : place + 4])
        kind, body = picture[place + 4 : place + 8], picture[place + 8 : place + 8 + length]
        if kind in (b"zTXt", b"iTXt"):
            for start in range(len(body)):
                try:
                    yield [zlib.decompress(body[start:]).decode("utf-8", "replace")]
                except zlib.error:
                    continue
        place += 12 + length


def canaries_in(content: bytes | str, *, asked_for: bool = True) -> list[str]:
    """Each canary with what stands around it. What was asked for may be said again, where `asked_for`."""
    parts = texts(content) if isinstance(content, bytes) else [content]
    found = []
    for text in parts:
        for echo in HIDDEN_IDS if asked_for else ():
            text = text.replace(echo, "").replace(quote(echo), "").replace(quote(echo, safe=""), "")
        found += [
            match[0] for one in CANARIES for match in re.finditer(f".{{0,60}}{re.escape(one)}.{{0,60}}", text)
        ]
    return found


def everything(asking: Asking, client: TestClient) -> Iterator[tuple[str, Response]]:
    """Each callback, each address by each method, each body of a route that takes one."""
    for output in asking.app.callback_map:
        for body in questions(asking.app, output):
            yield output[:60], post(client, body)
    for path in addresses(asking.app):
        for method in METHODS:
            yield f"{method} {path}", client.request(method, path, follow_redirects=False)
    for path, bodies in BODIES.items():
        for body in bodies:
            yield f"POST {path}", client.post(path.replace("{path:path}", "x"), json=body)


def files_of(folder: Path) -> Iterator[Path]:
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_canary_is_found_wherever_it_is_packed() -> None:
    said = f"{CANARY}-title".encode()
    with BytesIO() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", said)
        packed = file.getvalue()
    chunk = b"Comment\0\0" + zlib.compress(said)
    picture = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(chunk)) + b"zTXt" + chunk + b"0000"
    for content in (said, gzip.compress(said), packed, picture, gzip.compress(packed)):
        assert canaries_in(content), content[:20]


def test_nothing_hidden_stands_in_an_answer_a_log_or_a_file(
    world: World,
    temporary: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    record_property: Callable[[str, object], None],
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(events, "LIFE_SECONDS", 0.1)
    met = looked = 0
    with Asking(world, VIEWER) as asking:
        owner = asking.as_viewer(OWNER)
        for output in asking.app.callback_map:
            body = next(iter(questions(asking.app, output)))
            met += bool(canaries_in(post(owner, body).content, asked_for=False))
        taken = owner.post("/api/extracts", json={"query": "layer=incidents&partner=XAC"})
        assert canaries_in(taken.content), "the owner's own file must hold the canaries"
        for what, answer in everything(asking, asking.client):
            looked += 1
            assert canaries_in(answer.content) == [], what
            assert canaries_in(str(answer.headers)) == [], what
    assert met > 2, "the owner must have been shown canaries, else nothing was tried"
    found = {
        path.relative_to(world.home.path).as_posix(): canaries_in(_of_others(path))
        for path in files_of(world.home.path)
        if path.relative_to(world.home.path).parts[0] not in RIGHTFUL
    }
    assert {name: said for name, said in found.items() if said} == {}
    assert {path.name: canaries_in(path.read_bytes()) for path in files_of(temporary)} == {}
    assert canaries_in(caplog.text) == []
    figure(
        record_property,
        "T6 answers, files and logs looked through for canaries",
        looked + len(found),
        "0 found",
    )


def _of_others(path: Path) -> bytes:
    """A file; of the trail, what it says of others than the owner's own people."""
    content = path.read_bytes()
    if path.name != TRAIL:
        return content
    kept = [line for line in content.splitlines() if not _is_owners(line)]
    assert len(kept) < len(content.splitlines())
    return b"\n".join(kept)


def _is_owners(line: bytes) -> bool:
    actors = json.loads(line).get("actor", [])
    return bool(actors) and all(one.get("partner") == "XAC" for one in actors)


def test_the_words_of_a_fault_are_told_to_nobody(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """An exception may carry a value: neither answer nor log has it, and both say that there is one."""
    caplog.set_level(logging.DEBUG)

    def broken(*asked: object) -> object:
        raise KeyError(f"{CANARY}-value")

    monkeypatch.setattr(totals, "totals", broken)
    monkeypatch.setattr(extract, "csv_extract", broken)
    monkeypatch.setattr(Released, "labels_shown", broken)
    with Asking(world, "aldara") as asking:
        answers = [
            post(asking.client, body_for(asking.app, output, view="")) for output in asking.app.callback_map
        ]
        answers.append(asking.client.post("/api/extracts", json={"query": ""}))
    assert answers[-1].status_code == 500
    assert answers[-1].headers["content-security-policy"]
    assert any("Something went wrong" in answer.text for answer in answers[:-1])
    for answer in answers:
        assert canaries_in(answer.content) == []
    assert "KeyError" in caplog.text
    assert canaries_in(caplog.text) == []
