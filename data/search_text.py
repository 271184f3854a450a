"""The text of a search, bounded, and how well a name answers it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from data.names import plain

LEAST_CHARACTERS, MOST_CHARACTERS = 2, 80


@dataclass(frozen=True)
class SearchText:
    """What somebody looks for. `plain` has letters and digits only (see `data.names.plain`); `folded` has all
    signs, in small letters without accents, as the store folds its texts."""

    text: str
    plain: str
    folded: str

    @classmethod
    def of(cls, given: object) -> SearchText | None:
        """Of anything a client may send; None when that is no text to look for."""
        if not isinstance(given, str) or len(given) > MOST_CHARACTERS:
            return None
        text = " ".join(given.split())
        if len(text) < LEAST_CHARACTERS or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
            return None
        parts = unicodedata.normalize("NFD", text.lower())
        return cls(text, plain(text), "".join(c for c in parts if not unicodedata.combining(c)))

    def rank(self, *names: str) -> int | None:
        """0 when a name is the text, 1 when one begins with it, 2 when one holds it, else None."""
        if len(self.plain) < LEAST_CHARACTERS:
            return None
        ranks = [_rank(self.plain, _plain(name)) for name in names]
        return min((rank for rank in ranks if rank is not None), default=None)


def _rank(wanted: str, name: str) -> int | None:
    if wanted not in name:
        return None
    return 0 if wanted == name else 1 if name.startswith(wanted) else 2


@lru_cache(maxsize=50_000)
def _plain(name: str) -> str:
    return plain(name)
