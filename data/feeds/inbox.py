"""The inbox: whatever file a partner puts into its folder of the home is taken, or refused in one sentence.

    inbox/XAA/week_40.csv            waits; names that begin with a dot or end in .part wait for ever
    inbox/XAA/taken/…_week_40.csv    was taken; beside it ….result.json says what became of each row
    inbox/XAA/refused/…_week_40.csv  was not; beside it the sentence that says why

A file is moved only after the lake has all of it or it was refused, and the result stands before the move: a
worker that is killed anywhere in between takes the file again, which changes nothing. A folder is one
partner's: it delivers records of its own and nobody else's.

The folder is writable by whoever delivers, and so is everything in it: nothing there is reached by its path.
Files and folders are opened from the partner's folder on, no link is followed, and what was looked at must
still be what is read and what is moved.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path

from data.errors import FileRefused, FolderUnusable, HomeError, RecipeError
from data.feeds.choose import recipe_for
from data.feeds.ingest import IngestOptions, ingest_into
from data.feeds.recipe import Recipe
from data.feeds.result import Result, refused, taken, write_result
from data.home import Home
from data.lake import LakeWriter
from data.parsing import DEFAULT_LIMITS, MEGABYTE, Limits
from data.shown import shown
from data.sources import DeclaredSource, Sources

TAKEN, REFUSED = "taken", "refused"
RESULT = ".result.json"
LEFT_ALONE = (RESULT, ".part", ".partial", ".filepart", ".tmp", ".crdownload")
"""How programs call a file that they are still sending, and how we call ours."""

LONGEST_STEM = 150
"""Bytes: a name has 255 at most, and a time, a hash and what it is come on top."""

STRANGE = re.compile(r"[^\w.()+,=@ -]")
FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@dataclass(frozen=True)
class Stamp:
    """What changes while somebody still writes: size, time of the last writing (ns), which file it is."""

    size: int
    written_ns: int
    inode: int

    @classmethod
    def of(cls, found: os.stat_result) -> Stamp:
        """Of a file that was looked at."""
        return cls(found.st_size, found.st_mtime_ns, found.st_ino)


@dataclass(frozen=True)
class Waiting:
    """A file that waits. `partner`: the name of its folder; empty for the inbox itself."""

    path: Path
    partner: str
    stamp: Stamp
    is_plain: bool


class Changed(Exception):
    """The file is not the one that was looked at any more: it waits again."""


def make_folders(home: Home) -> None:
    """A folder for each partner of the policy; a folder of one that left stays. Raises HomeError."""
    try:
        for code in home.policy().partners:
            (home.inbox / code).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"The inbox {home.inbox} cannot be made: {error.strerror}.", "Check that it may be written to."
        ) from error


def waiting(home: Home) -> list[Waiting]:
    """All that waits: one of each partner in turn, each partner's longest waiting first."""
    own = [_in_folder(home.inbox / code, code) for code in _codes(home.inbox)]
    folders = [_in_folder(home.inbox, ""), *own]
    return [one for turn in zip_longest(*folders) for one in turn if one is not None]


def take(home: Home, one: Waiting, now: datetime, limits: Limits = DEFAULT_LIMITS) -> Result:
    """Take a file that rests, or refuse it, and move it with its result. `now`: of the machine, for the name.

    Raises Changed, and FolderUnusable when it cannot be moved: it waits. Raises HomeError and
    StoreUnavailable when the home itself cannot be written to.
    """
    content = b""
    with _opened(one) as folder:
        try:
            _check(home, one)
            content = _content(folder, one, limits)
            result = _taken(home, one, content, limits)
        except (FileRefused, RecipeError) as error:
            result = refused(one.path.name, one.partner, error)
        _move(folder, one, result, sha256(content).hexdigest(), now)
    return result


def refuse(one: Waiting, error: FileRefused, now: datetime) -> Result:
    """Move a file away that cannot be taken for a reason that is not in it. Raises FolderUnusable."""
    result = refused(one.path.name, one.partner, error)
    with _opened(one) as folder:
        _move(folder, one, result, sha256(b"").hexdigest(), now)
    return result


def _codes(inbox: Path) -> list[str]:
    try:
        with os.scandir(inbox) as found:
            return sorted(entry.name for entry in found if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []


def _in_folder(folder: Path, partner: str) -> list[Waiting]:
    """What disappears meanwhile is left out."""
    found: list[Waiting] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith(".") and not entry.name.casefold().endswith(LEFT_ALONE):
                    found += _waiting(entry, partner)
    except OSError:
        return []
    return sorted(found, key=lambda one: (one.stamp.written_ns, one.path.name))


def _waiting(entry: os.DirEntry[str], partner: str) -> Iterator[Waiting]:
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if not stat.S_ISDIR(found.st_mode):
        yield Waiting(Path(entry.path), partner, Stamp.of(found), stat.S_ISREG(found.st_mode))


@contextmanager
def _opened(one: Waiting) -> Iterator[int]:
    """The folder that the file lies in; whatever goes wrong in it is that partner's alone."""
    try:
        folder = os.open(one.path.parent, FOLDER)
        try:
            yield folder
        finally:
            os.close(folder)
    except OSError as error:
        whose = shown(one.partner) or "nobody"
        raise FolderUnusable(
            f"{shown(one.path.name)} of {whose} cannot be taken out of its folder: {error.strerror}.",
            "It waits; look at what lies in that folder.",
        ) from error


def _check(home: Home, one: Waiting) -> None:
    name = shown(one.path.name)
    if not one.is_plain:
        raise FileRefused(f"{name} is no plain file.", "Put the file itself there, no link to it.")
    if not one.partner:
        raise FileRefused(
            f"{name} lies in the inbox itself, which is nobody's.",
            "Put it into the folder of the partner that delivers it.",
        )
    if one.partner not in home.policy().partners:
        raise FileRefused(
            f"{shown(one.partner)} is no partner of the policy.",
            "Register the partner, or use the folder of one that is.",
        )


def _content(folder: int, one: Waiting, limits: Limits) -> bytes:
    """The bytes of the very file that was looked at."""
    handle = os.open(one.path.name, FILE, dir_fd=folder)
    with os.fdopen(handle, "rb") as file:
        if Stamp.of(os.fstat(handle)) != one.stamp:
            raise Changed
        content = file.read(limits.file_mb * MEGABYTE + 1)
        if Stamp.of(os.fstat(handle)) != one.stamp:
            raise Changed
    if len(content) > limits.file_mb * MEGABYTE:
        raise FileRefused(
            f"{shown(one.path.name)} is larger than WATCHFLOOR_FILE_MB allows ({limits.file_mb:,} MB).",
            "Send it in parts.",
        )
    return content


def _taken(home: Home, one: Waiting, content: bytes, limits: Limits) -> Result:
    name = shown(one.path.name)
    asked = recipe_for(name, content, limits)
    source = _declared(home, one.partner, asked)
    options = IngestOptions(
        one.partner,
        source.releasable_to if source else None,
        source.level if source else None,
        limits=limits,
        delivered_by=one.partner,
    )
    with LakeWriter(home) as lake:
        report = ingest_into(lake, home, asked, [(name, content)], options)
    return taken(name, one.partner, report)


def _declared(home: Home, partner: str, asked: Recipe) -> DeclaredSource | None:
    """The source that it is, where one is declared. Raises FileRefused for a recipe of somebody else.

    A recipe says who published the file and how far it was verified: whoever could choose it would speak in
    another's name.
    """
    for source in Sources(home).all():
        if (source.partner, source.recipe) == (partner, asked.name):
            return source
    if asked.label.get("originator") == partner:
        return None
    raise FileRefused(
        f"The recipe {asked.name} is not one of {partner}'s.",
        "An operator who knows that it is declares it: see `sources load`.",
    )


def _move(folder: int, one: Waiting, result: Result, content_hash: str, now: datetime) -> None:
    """To the folder of its outcome, under a name that no other file has, the result first."""
    outcome = TAKEN if result.taken else REFUSED
    with suppress(FileExistsError):
        os.mkdir(outcome, dir_fd=folder)
    goal = os.open(outcome, FOLDER, dir_fd=folder)
    try:
        name = _free(goal, f"{now:%Y%m%dT%H%M%SZ}_{content_hash[:8]}_{_plain(one.path.name)}")
        write_result(goal, name + RESULT, result, content_hash, now)
        os.rename(one.path.name, name, src_dir_fd=folder, dst_dir_fd=goal)
        if Stamp.of(os.stat(name, dir_fd=goal, follow_symlinks=False)) != one.stamp:
            # Somebody put another file there meanwhile, which nobody has read: it goes back and waits.
            os.link(name, one.path.name, src_dir_fd=goal, dst_dir_fd=folder, follow_symlinks=False)
            os.unlink(name, dir_fd=goal)
    finally:
        os.close(goal)


def _plain(name: str) -> str:
    """A partner's name of a file without what means something to a shell, a disk or a page."""
    kept = Path(STRANGE.sub("_", name))
    return kept.stem.encode()[:LONGEST_STEM].decode(errors="ignore") + kept.suffix[:16]


def _free(folder: int, name: str) -> str:
    number, found = 1, name
    there = set(os.listdir(folder))
    while found in there or found + RESULT in there:
        number += 1
        found = f"{number}_{name}"
    return found
