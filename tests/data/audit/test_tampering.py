"""Whatever is done to a trail is found, given a checkpoint from outside; also when the forger has the key."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from data.audit.entry import Action
from data.audit.keys import signing_key
from data.audit.places import checkpoints_of, trail_of
from data.audit.trail import NOT_WRITTEN, Trail
from data.audit.verify import verify
from data.errors import AuditBroken, AuditUnavailable
from data.home import Home
from tests.data.audit.trails import ANALYST, a_trail, chained, lines_of, put, seen, sign_again
from tests.sizes import figure, size

ENTRIES = 60


class Kept:
    """A trail with its checkpoints outside, an older copy of it, and another trail of the same home."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home")
        self.outside = folder / "outside.jsonl"
        self.old, self.other = Home(folder / "old"), Home(folder / "other")
        self.home.path.mkdir()
        a_trail(self.home, ENTRIES // 2, self.outside)
        shutil.copytree(self.home.path, self.old.path)
        a_trail(self.home, ENTRIES - ENTRIES // 2, self.outside)
        self.other.path.mkdir()
        shutil.copy(self.home.audit_key_file, self.other.audit_key_file)
        a_trail(self.other, ENTRIES)

    def copy(self, folder: Path) -> Home:
        shutil.copytree(self.home.path, folder)
        return Home(folder)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return Kept(tmp_path_factory.mktemp("kept"))


def flip(home: Home, kept: Kept, chance: random.Random) -> None:
    content = bytearray(trail_of(home).read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    trail_of(home).write_bytes(content)


def delete(home: Home, kept: Kept, chance: random.Random) -> None:
    lines = lines_of(home)
    del lines[chance.randrange(len(lines))]
    put(home, lines)


def insert(home: Home, kept: Kept, chance: random.Random) -> None:
    lines = lines_of(home)
    lines.insert(chance.randrange(len(lines)), chance.choice([*lines, *lines_of(kept.other)]))
    put(home, lines)


def reorder(home: Home, kept: Kept, chance: random.Random) -> None:
    lines = lines_of(home)
    one, two = chance.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    put(home, lines)


def rewrite(home: Home, kept: Kept, chance: random.Random) -> None:
    """Another person, another View: still whole JSON."""
    lines = lines_of(home)
    at = chance.randrange(len(lines))
    lines[at] = chance.choice(
        [lines[at].replace(b'"ana"', b'"bob"'), lines[at].replace(b"region=", b"sector=")]
    )
    put(home, lines)


def cut_lines(home: Home, kept: Kept, chance: random.Random) -> None:
    put(home, lines_of(home)[: chance.randrange(ENTRIES)])


def cut_bytes(home: Home, kept: Kept, chance: random.Random) -> None:
    content = trail_of(home).read_bytes()
    trail_of(home).write_bytes(content[: chance.randrange(len(content))])


def replace_whole(home: Home, kept: Kept, chance: random.Random) -> None:
    """The trail of another day, its checkpoints too, signed with the same key."""
    shutil.rmtree(home.audit)
    shutil.copytree(kept.other.audit, home.audit)


def replace_with_key(home: Home, kept: Kept, chance: random.Random) -> None:
    home.audit_key_file.unlink()
    shutil.rmtree(home.audit)
    a_trail(home, ENTRIES + chance.randrange(9))


def roll_back(home: Home, kept: Kept, chance: random.Random) -> None:
    shutil.rmtree(home.audit)
    shutil.copytree(kept.old.audit, home.audit)


def cut_and_go_on(home: Home, kept: Kept, chance: random.Random) -> None:
    """The end is cut off with the checkpoints, and the trail has grown again since, longer than before."""
    cut_lines(home, kept, chance)
    checkpoints_of(home).unlink()
    a_trail(home, ENTRIES + chance.randrange(9))


Tampering = Callable[[Home, Kept, random.Random], None]
CAREFUL: tuple[Tampering, ...] = (delete, insert, reorder, rewrite, cut_lines)
"""After these a forger can mend the chain, and sign the checkpoints in the home again or take them away."""

TAMPERINGS: tuple[Tampering, ...] = (
    *CAREFUL,
    flip,
    cut_bytes,
    replace_whole,
    replace_with_key,
    roll_back,
    cut_and_go_on,
)


def tampered(kept: Kept, folder: Path, seed: int) -> tuple[Home, str]:
    chance = random.Random(seed)
    done = TAMPERINGS[seed % len(TAMPERINGS)]
    home = kept.copy(folder)
    done(home, kept, chance)
    forged = done in CAREFUL and chance.random() < 0.6
    if forged:
        put(home, chained(lines_of(home)))
        sign_again(home) if chance.random() < 0.5 else checkpoints_of(home).unlink()
    return home, f"{seed}: {done.__name__}{', forged' if forged else ''}"


@pytest.mark.full_size
def test_every_tampering_is_found(
    kept: Kept, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    many, missed, told = size("audit_tamperings"), [], []
    assert verify(kept.home, kept.outside).entries == ENTRIES
    for seed in range(many):
        home, what = tampered(kept, tmp_path / "home", seed)
        assert trail_of(home).read_bytes() != trail_of(kept.home).read_bytes(), what
        try:
            verify(home, kept.outside)
            missed.append(what)
        except AuditBroken as error:
            told.append(error.message)
        shutil.rmtree(home.path)
    record_property("note", f"{len(told)} of {many} tamperings of the audit trail were found")
    figure(record_property, "T16 tamperings of the audit trail", many, f"{len(told)} found")
    assert missed == []


@pytest.mark.parametrize("done", TAMPERINGS)
def test_a_trail_that_was_tampered_with_takes_no_entry(kept: Kept, tmp_path: Path, done: Tampering) -> None:
    home = kept.copy(tmp_path / "home")
    done(home, kept, random.Random(1))
    before = trail_of(home).read_bytes()
    trail = Trail.open(home, outside=kept.outside)
    assert trail.fault
    with pytest.raises(AuditUnavailable, match="takes no more entries"):
        trail.record(Action.EXPORT, ANALYST, {"record_ids": ["XAA:test:1"]}, durable=True)
    assert trail.record(Action.VIEW, ANALYST, seen(1), durable=False) == NOT_WRITTEN
    trail.close()
    assert trail_of(home).read_bytes()[: len(before)] in (before, before[: before.rfind(b"\n") + 1])


def fault(kept: Kept, home: Home) -> str:
    with pytest.raises(AuditBroken) as caught:
        verify(home, kept.outside)
    return caught.value.message


def test_the_first_fault_is_told_with_its_place(kept: Kept, tmp_path: Path) -> None:
    lines = lines_of(kept.home)
    home = kept.copy(tmp_path / "home")
    put(home, [*lines[:7], lines[7].replace(b'"ana"', b'"bob"'), *lines[8:]])
    assert fault(kept, home) == "Entry 7 was changed: its hash is not that of its content."
    put(home, [*lines[:7], *lines[8:]])
    assert "holds entry 8, and entry 7 was expected" in fault(kept, home)
    put(home, [*lines[:7], b"nothing\n", *lines[8:]])
    assert "Line 8 of the trail is no entry" in fault(kept, home)
    put(home, [*lines[:7], lines_of(kept.other)[7], *lines[8:]])
    assert fault(kept, home) == "Entry 7 does not follow from the one before it."
    put(home, lines[:-1])
    assert f"its end is missing from entry {ENTRIES - 1} on" in fault(kept, home)
    put(home, chained([*lines[:20], *lines[21:], lines[20]]))
    assert "are not those that were there when the checkpoint of" in fault(kept, home)
    trail_of(home).unlink()
    assert "There is no audit trail" in fault(kept, home)


def test_checkpoints_that_were_tampered_with_are_found(kept: Kept, tmp_path: Path) -> None:
    home, said = kept.copy(tmp_path / "home"), kept.outside.read_text()
    first = said.splitlines()[0]
    for wrong, words in (
        (said.replace('"size":7,', '"size":8,'), "was changed after it was signed"),
        (f"{first[:-9]}\n{said}", "Line 1 of .* is no checkpoint"),
        (f"{first} \n{said}", "Line 1 of .* is no checkpoint"),
    ):
        (tmp_path / "outside.jsonl").write_text(wrong)
        with pytest.raises(AuditBroken, match=words):
            verify(home, tmp_path / "outside.jsonl")
    with pytest.raises(AuditBroken, match="There are no checkpoints"):
        verify(home, tmp_path / "nowhere")
    checkpoints_of(home).write_text(said.replace('"size":7,', '"size":8,'))
    with pytest.raises(AuditBroken, match="was changed after it was signed"):
        verify(home)


def test_a_foreign_key_is_told(kept: Kept, tmp_path: Path) -> None:
    stranger = Home(tmp_path)
    key = signing_key(stranger).public_key()
    with pytest.raises(AuditBroken, match="signed with another key"):
        verify(kept.home, kept.outside, key)
    home = kept.copy(tmp_path / "home")
    home.audit_key_file.unlink()
    with pytest.raises(AuditBroken, match="is gone"):
        verify(home, kept.outside)
    assert verify(home, kept.outside, signing_key(kept.home).public_key()).entries == ENTRIES
