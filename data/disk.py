"""A disk without room, in words. What was being written is as if it had never begun."""

from __future__ import annotations

import os
from errno import EDQUOT, EFBIG, ENOSPC

from data.errors import StoreUnavailable

SIGNS = (*(os.strerror(number) for number in (ENOSPC, EDQUOT, EFBIG)), "disk is full", "disk I/O error")
"""How the system, SQLite and DuckDB say that they could not write."""


def is_about_room(words: str) -> bool:
    """Whether an error is about the disk, not about what was asked."""
    return any(sign.casefold() in words.casefold() for sign in SIGNS)


def lake_not_written(error: Exception) -> StoreUnavailable:
    """The sentence for a lake that could not be written."""
    why = next((sign for sign in SIGNS if sign.casefold() in str(error).casefold()), "")
    told = f": {why[0].lower()}{why[1:]}" if why else ""
    return StoreUnavailable(
        f"The lake of this home could not be written{told}.",
        "Nothing of it was taken, and what was there is whole. Make room on its disk, and do the same again.",
    )
