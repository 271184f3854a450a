"""Characters that make a text read otherwise than it is, or that no text has.

Directional embeddings, overrides and isolates reorder what stands around them: "not" can be made to stand
behind what it denies. Signs that nobody sees make two texts of one: a name with a tag in it reads as another
one. The record of either is held back.

The three directional marks only place a full stop or a number in right-to-left writing; keyboards for Arabic
and Hebrew type them. Soft hyphens, zero-width spaces, word joiners and byte order marks only say where a line
may break; word processors and web pages leave them behind. Both kinds are left out. The zero-width joiner and
non-joiner stay: Persian and the scripts of India spell with them.
"""

from __future__ import annotations

import re
import unicodedata

REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""C0 controls without tab and line ends. C1 is let through: windows-1252 mistaken for Latin-1, met often."""

UNSEEN = re.compile(
    "[\u180e\u2061-\u2064\u206a-\u206f\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
"""Format characters without a place in names and reports: tags, operators, annotations, notes of music."""

MARKS = re.compile("[\u200e\u200f\u061c\u00ad\u200b\u2060\ufeff]")


def fault_of(text: str) -> str:
    """Why a text cannot be taken; empty when it can."""
    if text.isprintable():
        return ""
    if found := REORDERING.search(text):
        return f"holds {_named(found[0])}, which makes text read otherwise than it is written"
    if found := UNSEEN.search(text):
        return f"holds {_named(found[0])}, which nobody sees, so that the text reads as another one"
    if found := NO_TEXT.search(text):
        return f"holds {_named(found[0])}, a control character that is no text"
    return ""


def without_marks(text: str) -> str:
    """The text without marks of direction and of line breaks, and without the blanks that they kept apart."""
    return MARKS.sub("", text).strip() if not text.isprintable() and MARKS.search(text) else text


def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f"U+{ord(letter):04X} ({name})" if name else f"U+{ord(letter):04X}"
