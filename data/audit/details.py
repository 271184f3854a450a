"""What an entry may say beside who, when and what: plain values, bounded, and never content of records."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from data.errors import DetailsRefused

USUAL: Mapping[str, str] = MappingProxyType(
    {
        "device": "the device or session that asked, by its id",
        "purpose": "screen or file",
        "params_hash": "SHA-256 of the canonical parameters",
        "view": "the canonical query of the View",
        "version": "the viewer's own version of what it was shown",
        "lake_version": "of an export: the state of the lake, by which later labels are told",
        "policy_version": "the version of the policy",
        "policy_set": "the hash of the viewer's policy set",
        "originators": "codes of the partners whose data it is about; owners find their entries by it",
        "labels": "a list: label (hash), originator, count",
        "agreements": "ids of the agreements released under",
        "record_ids": "of an export: every record",
        "reasons": "the rules that decided",
    }
)
"""The names that readers of the trail know. Others may stand beside them."""

NEVER = frozenset(
    {
        *("latitude", "longitude", "lat", "lon", "mx", "my", "geometry", "coordinates", "shape"),
        *("title", "description", "text", "content", "contact", "sql", "statement"),
    }
)
"""Names under which content, places or questions would come in: refused at every depth."""

RECORD_IDS = "record_ids"
MOST_RECORD_IDS = 100_000
MOST_ID = 300
MOST_VALUES = 4_000
MOST_TEXT = 8_000
MOST_SIGNS = 64_000
MOST_DEPTH = 6


def plain(details: Mapping[str, object]) -> dict[str, object]:
    """The details as they may be written. Raises DetailsRefused, which names the key and never the value."""
    measured = _Measured()
    found = {
        _key(name): _ids(value) if name == RECORD_IDS else measured.plain(value, name, MOST_DEPTH)
        for name, value in details.items()
    }
    measured.check()
    return found


class _Measured:
    """Counts what it passes on, so that no entry grows without bound."""

    def __init__(self) -> None:
        self.values = 0
        self.signs = 0

    def plain(self, value: object, name: str, depth: int) -> object:
        self.values += 1
        if value is None or isinstance(value, (bool, int)):
            return value
        if isinstance(value, str):
            self.signs += len(value)
            return _text(value, name, MOST_TEXT)
        if depth and isinstance(value, Mapping):
            return {_key(key): self.plain(item, str(key), depth - 1) for key, item in value.items()}
        if depth and isinstance(value, (list, tuple)):
            return [self.plain(item, name, depth - 1) for item in value]
        if depth and isinstance(value, (set, frozenset)):
            return sorted((self.plain(item, name, depth - 1) for item in value), key=str)
        raise DetailsRefused(
            name, "text, whole numbers, true, false, nothing, and lists and tables of these, not too deep"
        )

    def check(self) -> None:
        if self.values > MOST_VALUES or self.signs > MOST_SIGNS:
            raise DetailsRefused(
                "all together", f"at most {MOST_VALUES} values with {MOST_SIGNS} signs of text"
            )


def _key(name: object) -> str:
    if not isinstance(name, str) or name.casefold() in NEVER:
        raise DetailsRefused(str(name), "no content of records, no coordinates, no SQL")
    return _text(name, "a name", MOST_ID)


def _text(value: str, name: str, most: int) -> str:
    """Text that can be written as UTF-8; a lone surrogate cannot."""
    if len(value) > most:
        raise DetailsRefused(name, f"at most {most} signs")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise DetailsRefused(name, "text that can be written as UTF-8") from None
    return value


def _ids(value: object) -> list[str]:
    expected = f"a list of at most {MOST_RECORD_IDS} record ids"
    if not isinstance(value, (list, tuple)) or len(value) > MOST_RECORD_IDS:
        raise DetailsRefused(RECORD_IDS, expected)
    if not all(isinstance(each, str) for each in value):
        raise DetailsRefused(RECORD_IDS, expected)
    return [_text(each, RECORD_IDS, MOST_ID) for each in value]
