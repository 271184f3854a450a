"""The paths of the pages, and what the header calls them, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.msgid import msgid

COMPARE = "/compare"
COUNTS = "/counts"
ACCOUNT = "/accountability"
"""Shown to whoever may read it."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "/": msgid("Map"),
        "/table": msgid("Table"),
        "/changes": msgid("Changes"),
        COMPARE: msgid("Compare"),
        "/agreements": msgid("Agreements"),
        COUNTS: msgid("Published counts"),
        ACCOUNT: msgid("Accountability"),
    }
)
OF_RELEASE = ("/agreements", COUNTS, ACCOUNT)
"""Pages about release itself; they stand together under one word."""

PATHS = tuple(TITLES)
