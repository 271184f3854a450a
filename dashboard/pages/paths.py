"""The paths of the pages, and what the header calls them, in its order."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from layers.msgid import msgid

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "/": msgid("Map"),
        "/table": msgid("Table"),
        "/changes": msgid("Changes"),
        "/compare": msgid("Compare"),
        "/agreements": msgid("Agreements"),
    }
)
PATHS = tuple(TITLES)
