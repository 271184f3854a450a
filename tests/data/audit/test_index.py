"""The index of a trail: the entries of its actions, found without reading the trail from its beginning."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from data.audit import index as module
from data.audit.entry import Action
from data.audit.index import TrailIndex
from data.audit.places import trail_of
from data.audit.trail import Trail
from data.errors import AuditBroken
from data.home import Home
from data.viewer import Identity, Viewer
from tests.factories import a_home


def somebody(partner: str = "XAB") -> Viewer:
    return Viewer((Identity("p", "P", partner, "OPEN", roles=frozenset({"analyst"})),))


def take(trail: Trail, number: int, originator: str = "XAA", partner: str = "XAB") -> None:
    trail.record(Action.VIEW, somebody(), {"page": "/"}, durable=False)
    told = {
        "extract_id": f"file-{number}",
        "originators": [originator],
        "record_ids": [f"{originator}:{number}"],
    }
    trail.record(Action.EXPORT, somebody(partner), told, durable=True)


def files(trail: Trail, **narrowed: str) -> list[object]:
    return [entry.details["extract_id"] for entry in trail.exports(**narrowed)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return a_home(tmp_path)


def test_what_is_added_is_found_and_narrowed(home: Home) -> None:
    trail = Trail.open(home)
    assert files(trail) == []
    take(trail, 1)
    assert files(trail) == ["file-1"]
    take(trail, 2, "XAC")
    take(trail, 3, "XAA", "XAD")
    assert files(trail) == ["file-1", "file-2", "file-3"]
    assert files(trail, originator="XAA") == ["file-1", "file-3"]
    assert files(trail, partner="XAB") == ["file-1", "file-2"]
    assert list(trail.exports()) == list(trail.entries(actions=[Action.EXPORT]))
    trail.close()


def test_what_was_read_is_not_read_again(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    trail = Trail.open(home)
    for number in range(20):
        take(trail, number)
    read: list[bytes] = []
    whole_lines = module.whole_lines

    def counted(file: IO[bytes], end: int) -> Iterator[bytes]:
        for line in whole_lines(file, end):
            read.append(line)
            yield line

    monkeypatch.setattr(module, "whole_lines", counted)
    assert len(files(trail)) == 20
    assert len(read) == 40
    take(trail, 20)
    assert len(files(trail)) == 21
    assert len(read) == 42
    trail.close()


def test_another_trail_under_its_name_is_read_anew(home: Home, tmp_path: Path) -> None:
    trail = Trail.open(home)
    for number in range(3):
        take(trail, number)
    path = trail_of(home)
    index = TrailIndex(path, (Action.EXPORT,))
    assert len(list(index.entries())) == 3
    trail.close()
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]))
    assert [entry.details["extract_id"] for entry in index.entries()] == ["file-0"]
    other = Trail.open(a_home(tmp_path / "other"))
    for number in range(7, 12):
        take(other, number)
    other.close()
    path.write_bytes(trail_of(Home(tmp_path / "other")).read_bytes())
    assert [entry.details["extract_id"] for entry in index.entries()] == [f"file-{n}" for n in range(7, 12)]


def test_an_entry_that_was_changed_where_it_stands_is_refused(home: Home) -> None:
    trail = Trail.open(home)
    for number in range(3):
        take(trail, number)
    path = trail_of(home)
    index = TrailIndex(path, (Action.EXPORT,))
    assert len(list(index.entries())) == 3
    trail.close()
    path.write_bytes(path.read_bytes().replace(b"XAA:1", b"XAA:9"))
    with pytest.raises(AuditBroken):
        list(index.entries())
