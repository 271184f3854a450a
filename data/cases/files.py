"""The files of a case, found by name anywhere beneath a folder, and the part of a file that a case takes."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from data.cases.case import Case, Delivery
from data.errors import CaseRefused, FileRefused
from data.feeds.ingest import content_of


def find_files(case: Case, folder: Path) -> Mapping[str, Path]:
    """The path of each file of the case, by name. Raises CaseRefused with one sentence naming all that lack.

    A name that is found twice must be the same file twice.
    """
    if not folder.is_dir():
        raise CaseRefused(f"{folder} is no folder.", f"Name the folder that holds the files of {case.name}.")
    wanted = {item.name for item in case.files}
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*")):
        if path.name in wanted and path.is_file():
            found.setdefault(path.name, []).append(path)
    missing = [item for item in case.files if item.name not in found]
    if missing:
        told = "; ".join(f"{item.name} ({item.holds}, published at {item.published})" for item in missing)
        raise CaseRefused(
            f"Of {len(case.files)} files of {case.name}, {folder} does not hold {len(missing)}: {told}."
        )
    return {name: _one(name, paths) for name, paths in found.items()}


def _one(name: str, paths: list[Path]) -> Path:
    first = content_of(paths[0])
    for other in paths[1:]:
        if content_of(other) != first:
            raise CaseRefused(
                f"{name} stands twice in the folder and is not the same: {paths[0]} and {other}.",
                "Leave the one there that is meant.",
            )
    return paths[0]


def part_of(path: Path, asked: Delivery) -> bytes:
    """The file as the case takes it: all of it, or its head and the rows that are kept.

    Raises FileRefused when a column by which rows are kept is not there.
    """
    content = content_of(path)
    if not asked.keep:
        return content
    rows = _rows(path, content)
    header, columns = rows[: asked.heads], rows[0] if rows else []
    missing = [name for name in asked.keep if name not in columns]
    if missing:
        raise FileRefused(
            f"The file {path.name} has no column {missing[0]!r}.", "Take the file as published."
        )
    places = {columns.index(name): patterns for name, patterns in asked.keep.items()}
    kept = [row for row in rows[asked.heads :] if _is_kept(row, places)]
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([*header, *kept])
    return text.getvalue().encode()


def _rows(path: Path, content: bytes) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise FileRefused(f"The file {path.name} is no table of text: {error}.") from error


def _is_kept(row: list[str], places: Mapping[int, tuple[str, ...]]) -> bool:
    return all(
        place < len(row) and any(fnmatchcase(row[place].strip(), pattern) for pattern in patterns)
        for place, patterns in places.items()
    )
