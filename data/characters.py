"""Characters that make a text read otherwise than it is, or that no text has.

Directional embeddings, overrides and isolates reorder what stands around them: "not" can be made to stand
behind what it denies. Their record is held back. The three directional marks only place a full stop or a
number in right-to-left writing; keyboards for Arabic and Hebrew type them, and they are left out.
"""

from __future__ import annotations

import re
import unicodedata

REORDERING = re.compile("[\u202a-\u202e\u2066-\u2069]")
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""C0 controls without tab and line ends. C1 is let through: windows-1252 mistaken for Latin-1, met often."""

MARKS = re.compile("[\u200e\u200f\u061c]")


def fault_of(text: str) -> str:
    """Why a text cannot be taken; empty when it can."""
    if text.isprintable():
        return ""
    if found := REORDERING.search(text):
        return f"holds {_named(found[0])}, which makes text read otherwise than it is written"
    if found := NO_TEXT.search(text):
        return f"holds {_named(found[0])}, a control character that is no text"
    return ""


def without_marks(text: str) -> str:
    """The text without directional marks."""
    return text if text.isprintable() else MARKS.sub("", text)


def _named(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return f"U+{ord(letter):04X} ({name})" if name else f"U+{ord(letter):04X}"
