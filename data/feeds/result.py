"""What became of a delivery, as the file beside it: for the partner, in sentences and in figures."""

from __future__ import annotations

import json
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from data.errors import WatchfloorError
from data.feeds.report import HeldRow, Report, report_lines
from data.shown import shown

MOST_HELD = 10_000
"""Held rows told one by one; the lake's quarantine has them all."""


@dataclass(frozen=True)
class Result:
    """Of one file. `said`: for people, a line each; `held`: rows that were held back, with the reason."""

    file_name: str
    partner: str
    taken: bool
    recipe: str
    said: tuple[str, ...]
    advice: str = ""
    read: int = 0
    new: int = 0
    revised: int = 0
    duplicate: int = 0
    quarantined: int = 0
    ended: int = 0
    held: tuple[HeldRow, ...] = ()


def taken(file_name: str, partner: str, report: Report) -> Result:
    """Of a file that was taken, whatever of it was held back."""
    held = tuple(row for item in report.files for row in item.held)
    counts = {
        name: getattr(report, name)
        for name in ("read", "new", "revised", "duplicate", "quarantined", "ended")
    }
    return Result(
        shown(file_name), partner, True, report.recipe, report_lines(report), held=held[:MOST_HELD], **counts
    )


def refused(file_name: str, partner: str, error: WatchfloorError) -> Result:
    """Of a file of which nothing was taken."""
    return Result(shown(file_name), shown(partner), False, "", (shown(error.message),), shown(error.advice))


def write_result(folder: int, name: str, result: Result, content_hash: str, at: datetime) -> None:
    """Whole on the disk, or not there. `folder`: open, and a partner may write there too. Raises OSError."""
    told = asdict(result) | {
        "sha256": content_hash,
        "at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    draft = f".{secrets.token_hex(8)}"
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(draft, dir_fd=folder)
        raise
