"""Names a level must not have: whatever is a classification somewhere.

Watchfloor is not for classified data, so a policy cannot even be written that says otherwise
(standards 18a). UNCLASSIFIED and its like say the opposite and are fine.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 40
SAYS_OPEN = re.compile("UNCLASSIFIED|UNRESTRICTED|DECLASSIFIED|NONCLASSIFIE|NICHTEINGESTUFT|NOCLASIFICADO")
CLASSIFIED = (
    # English, NATO and its allies
    *("SECRET", "CLASSIFIED", "CONFIDENTIAL", "RESTRICTED", "COSMIC", "ATOMAL", "BOHEMIA", "PROTECTED"),
    # French, EU
    *("CONFIDENTIEL", "RESTREINT", "CLASSIFIE"),
    # German
    *("GEHEIM", "VERTRAULICH", "VERSCHLUSS", "DIENSTGEBRAUCH", "EINGESTUFT"),
    # Spanish, Portuguese (SECRETO holds SECRET)
    *("CONFIDENCIAL", "RESERVAD", "DIFUSIONLIMITADA", "RESTRITO", "CLASIFICAD", "CLASSIFICAD"),
    # Italian, Dutch
    *("SEGRET", "RISERVAT", "VERTROUWELIJK", "DEPARTEMENTAAL"),
)
SHORT_FORMS = frozenset(
    (
        *("S", "C", "R", "TS", "CTS", "NS", "NC", "NR", "CTSA", "NSA", "NCA"),
        *("TSUE", "SUE", "CUE", "RUE", "TSUEEUTS", "SUEEUS", "CUEEUC", "RUEEUR"),
        *("VS", "VSNFD", "NFD", "GEH", "STRGEH", "DR", "CD", "SD", "TSD"),
    )
)
"""Abbreviations are refused as a whole name only."""


def plain(name: str) -> str:
    """The name in capitals without accents and separators; empty where a letter is not Latin."""
    spread = unicodedata.normalize("NFKD", name.replace("ß", "ss"))
    letters = "".join(letter for letter in spread if not unicodedata.combining(letter)).upper()
    return re.sub("[^A-Z0-9]", "", letters) if letters.isascii() else ""


def may_name_level(name: str) -> bool:
    """Whether a level may be called so: Latin letters in one line, and in no part of it a classification."""
    letters = plain(name)
    if not letters or letters in SHORT_FORMS:
        return False
    if not name.isprintable() or name != name.strip() or len(name) > LONGEST_NAME:
        return False
    rest = SAYS_OPEN.sub(" ", letters)
    return not any(word in rest for word in CLASSIFIED)
