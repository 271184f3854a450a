"""Words from outside as they may be shown: without control characters, and not without end.

A terminal obeys control characters: they move its cursor, colour its text and change what stands there.
"""

from __future__ import annotations

MOST_LETTERS = 2_000
"""A longer sentence is cut."""


def shown(words: str) -> str:
    """The words, each letter that does not print replaced."""
    cut = words if len(words) <= MOST_LETTERS else f"{words[: MOST_LETTERS - 1]}…"
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in cut)
