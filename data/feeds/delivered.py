"""What partners delivered, as it came: it goes with a purge, for any of it may hold what is purged.

A file that was taken lies in its partner's inbox, and a file can hide a record in ways that no search finds
(packed, in another order, in other words). So a purge of one record takes all delivered files of its partner,
and the reasons of held rows, which repeat values; what became of the records stands in the lake.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import suppress

from data.errors import NotPurged
from data.feeds.inbox import FOLDER, REFUSED, TAKEN
from data.home import Home
from data.shown import shown
from data.spool import Spool


def forget_delivered(home: Home, partners: Iterable[str]) -> int:
    """Delete what these partners delivered and what was told of it; how many files. What waits stays.

    Raises NotPurged when a file is left, HomeError when the spool cannot be used.
    """
    codes = sorted(set(partners))
    Spool(home).forget(codes)
    return sum(_emptied(home, code, outcome) for code in codes for outcome in (TAKEN, REFUSED))


def _emptied(home: Home, partner: str, outcome: str) -> int:
    """The folder is writable by whoever delivers: no link is followed, and nothing outside is reached."""
    count = 0
    try:
        with suppress(FileNotFoundError):
            own = os.open(home.inbox / partner, FOLDER)
            try:
                folder = os.open(outcome, FOLDER, dir_fd=own)
            finally:
                os.close(own)
            try:
                for entry in list(os.scandir(folder)):
                    if entry.is_dir(follow_symlinks=False):
                        shutil.rmtree(entry.name, dir_fd=folder)
                    else:
                        os.unlink(entry.name, dir_fd=folder)
                    count += 1
            finally:
                os.close(folder)
    except OSError as error:
        raise NotPurged(
            f"A file that {shown(partner)} delivered could not be deleted from {outcome}: {error.strerror}.",
            "It may hold what is purged: delete it, and purge once more.",
        ) from error
    return count
