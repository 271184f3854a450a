"""The files of a case, found by name anywhere beneath a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from data.cases.case import Case
from data.errors import CaseRefused
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
