"""Names compared: what is left of a name when spelling habits are taken away."""

from __future__ import annotations

import unicodedata


def plain(name: str | None) -> str:
    """The letters and digits of a name, without accents, case, spaces and punctuation.

    "N'Zérékoré" and "Nzerekore" are one; "Nzékékoré" is another, for near is not equal.
    """
    if not name:
        return ""
    parts = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in parts if c.isalnum() and not unicodedata.combining(c))


def folded(text: str) -> str:
    """A text as people compare and sort it: case and accents do not count, everything else does."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    return "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
