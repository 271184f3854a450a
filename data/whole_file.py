"""The bytes of a file, read once: what is hashed is what is parsed, whatever becomes of the file."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from data.errors import WatchfloorError
from data.parsing import MEGABYTE, Limits
from data.shown import shown


def file_name_of(path: Path) -> str:
    """The name of a file as it may be shown and stored: a partner may have chosen it."""
    return shown(path.name)


def bytes_of(path: Path, limits: Limits, refused: Callable[[str, str], WatchfloorError]) -> bytes:
    """All bytes of a plain file. Raises `refused`: there is none, it is too large, it is being written."""
    name = shown(str(path))
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
            if not stat.S_ISREG(before.st_mode):
                raise refused(f"{name} is not a file.", "Give a plain file, no folder and no device.")
            content = file.read(limits.file_mb * MEGABYTE + 1)
            after = os.fstat(handle)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "its name is none"
        raise refused(f"The file {name} cannot be read: {why}.", "Check its name.") from error
    if len(content) > limits.file_mb * MEGABYTE:
        raise refused(
            f"The file {name} is larger than WATCHFLOOR_FILE_MB allows ({limits.file_mb:,} MB).",
            "Ask the partner for it in parts, or raise the setting if you trust the file.",
        )
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise refused(
            f"The file {name} was written to while it was read.", "Wait until it is whole, and give it again."
        )
    return content
