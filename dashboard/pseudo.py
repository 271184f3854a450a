"""Pseudo-languages, made of the English texts: what is not in the catalogue stays as it is, and is seen.

`en-XA` brackets every text and makes it longer, as translations are. `ar-XB` writes it in letters that
run from right to left. Places for values (`{count}`) stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

OPEN, CLOSE = "[!!", "!!]"
LONGER = 0.2
"""French takes about a fifth more room than English."""

_PLACE = re.compile(r"(\{\w*\})")
_HEBREW = str.maketrans(
    "abcdefghijklmnopqrstuvwxyz→←",
    "אבצדעפגהיחכלמנופקרשתוושסיז←→",
)


def bracketed(text: str) -> str:
    """[!!Partners··!!]: with dots for the length."""
    letters = sum(map(str.isalpha, _PLACE.sub("", text)))
    return f"{OPEN}{text}{'·' * round(letters * LONGER)}{CLOSE}"


def mirrored(text: str) -> str:
    """Each Latin letter becomes a Hebrew one, so that the browser really turns the text around."""
    parts = _PLACE.split(text)
    return "".join(part if _PLACE.fullmatch(part) else part.lower().translate(_HEBREW) for part in parts)


MADE: Mapping[str, Callable[[str], str]] = MappingProxyType({"en-XA": bracketed, "ar-XB": mirrored})
"""By the code of the language."""
