"""One table of a policy.toml, read value by value: each is checked, and refused in one sentence.

The sentence names the file, the table, the key, the value and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn

from data.errors import PolicyError

CODE = re.compile("[A-Z][A-Z0-9+-]{1,11}")
RESERVED_CODES = frozenset({"PUBLIC", "ALL"})
IDENTIFIER = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
REGION = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
DURATION = re.compile(
    r"P(?=[0-9T])(?:(?P<weeks>[0-9]{1,4})W|(?:(?P<days>[0-9]{1,5})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,6})H)?(?:(?P<minutes>[0-9]{1,6})M)?(?:(?P<seconds>[0-9]{1,8})S)?)?)"
)
LONGEST_DURATION = timedelta(days=3650)
LONGEST_TEXT = 500

CODE_EXPECTED = "a code: a capital letter, then 1 to 11 of A-Z, 0-9, + and -; not PUBLIC or ALL"
IDENTIFIER_EXPECTED = "an id of at most 64 letters, digits, dots, dashes and underscores"
REGION_EXPECTED = 'codes of regions, or "all"'
TIME_EXPECTED = "a time in UTC, as 2026-09-01T00:00:00Z without quotes"
DURATION_EXPECTED = "an ISO 8601 duration of days, hours, minutes and seconds up to ten years, as P2D or PT6H"
TEXT_EXPECTED = f"a text of 1 to {LONGEST_TEXT} characters in one line"


def duration(text: str) -> timedelta | None:
    """PT6H, P2D, P1DT6H, P1W; None when it is none. Months and years have no fixed length."""
    match = DURATION.fullmatch(text)
    if match is None:
        return None
    length = timedelta(**{unit: int(count) for unit, count in match.groupdict(default="0").items()})
    return length if length <= LONGEST_DURATION else None


def is_code(value: object) -> bool:
    """Whether the value is a partner or group code."""
    return isinstance(value, str) and CODE.fullmatch(value) is not None and value not in RESERVED_CODES


@dataclass(frozen=True)
class Table:
    """The values of one table, and where they stand. A value of the wrong kind raises PolicyError."""

    where: str
    values: Mapping[str, object]

    def only(self, keys: str) -> Table:
        """The same; refuses every key that is not one of `keys`."""
        for key, value in self.values.items():
            if key not in keys.split():
                self.refuse(key, value, f"only these keys: {', '.join(keys.split())}")
        return self

    def refuse(self, key: str, value: object, expected: str) -> NoReturn:
        """Refuse the policy because of one value."""
        said = "is missing" if value is None else f"is {_short(value)}"
        raise PolicyError(f"{self.where}: {key} {said}; expected {expected}.", "Mend the file and try again.")

    def text(self, key: str, default: str | None = None) -> str:
        """One line of text."""
        value = self.values.get(key, default)
        if value == default and default is not None:
            return default
        if not isinstance(value, str) or not value.strip() or len(value) > LONGEST_TEXT:
            self.refuse(key, value, TEXT_EXPECTED)
        if not value.isprintable():
            self.refuse(key, value, TEXT_EXPECTED)
        return value.strip()

    def identifier(self, key: str) -> str:
        """An id."""
        value = self.values.get(key)
        if not isinstance(value, str) or not IDENTIFIER.fullmatch(value):
            self.refuse(key, value, IDENTIFIER_EXPECTED)
        return value

    def code(self, key: str) -> str:
        """A partner or group code."""
        value = self.values.get(key)
        if not isinstance(value, str) or not is_code(value):
            self.refuse(key, value, CODE_EXPECTED)
        return value

    def one_of(self, key: str, allowed: Collection[str], default: str | None = None) -> str:
        """One of the words allowed."""
        value = self.values.get(key, default)
        if not isinstance(value, str) or value not in allowed:
            self.refuse(key, value, f"one of {_listed(allowed)}")
        return value

    def some_of(self, key: str, allowed: Collection[str], least: int = 0) -> frozenset[str]:
        """Different ones of the words allowed, at least `least`."""
        known = allowed if isinstance(allowed, (set, frozenset)) else set(allowed)
        values = self.strings(key, lambda value: value in known, f"words out of {_listed(allowed)}")
        if len(values) < least:
            self.refuse(key, self.values.get(key), f"at least {least} out of {_listed(allowed)}")
        return frozenset(values)

    def strings(self, key: str, fits: Callable[[str], object], expected: str) -> tuple[str, ...]:
        """A list of different texts, each of which fits; empty when the key is absent."""
        values = self.values.get(key, [])
        if not isinstance(values, list):
            self.refuse(key, values, f"a list of {expected}")
        for value in values:
            if not isinstance(value, str) or not fits(value):
                self.refuse(key, value, expected)
        if len(set(values)) < len(values):
            self.refuse(key, values, "each value once")
        return tuple(values)

    def regions(self, key: str) -> frozenset[str] | None:
        """Codes of regions, at least one; None for "all"."""
        if self.values.get(key) == "all":
            return None
        values = self.strings(key, REGION.fullmatch, REGION_EXPECTED)
        if not values:
            self.refuse(key, self.values.get(key), REGION_EXPECTED)
        return frozenset(values)

    def time(self, key: str) -> datetime:
        """A time in UTC."""
        value = self.values.get(key)
        if not isinstance(value, datetime) or value.utcoffset() != timedelta():
            self.refuse(key, value, TIME_EXPECTED)
        return value

    def until(self, from_at: datetime | None) -> datetime | None:
        """The end of the span that begins at `from_at`; None when it has none."""
        if "until" not in self.values:
            return None
        until_at = self.time("until")
        if from_at is not None and until_at <= from_at:
            self.refuse("until", until_at, f"a time after its from, {_short(from_at)}")
        return until_at

    def duration(self, key: str) -> timedelta:
        """An ISO 8601 duration; none when the key is absent."""
        value = self.values.get(key, "PT0S")
        length = duration(value) if isinstance(value, str) else None
        if length is None:
            self.refuse(key, value, DURATION_EXPECTED)
        return length

    def tables(self, key: str) -> tuple[Table, ...]:
        """The tables of a list of tables; none when the key is absent."""
        values = self.values.get(key, [])
        if not isinstance(values, list) or not all(isinstance(value, Mapping) for value in values):
            self.refuse(key, values, f"tables, each begun with [[{key}]]")
        return tuple(Table(self._named(key, n, value), value) for n, value in enumerate(values, 1))

    def table(self, key: str) -> Table:
        """One table that must be there."""
        value = self.values.get(key)
        if not isinstance(value, Mapping):
            self.refuse(key, value, f"a table, begun with [{key}]")
        return Table(f"{self.where}, [{key}]", value)

    def _named(self, key: str, number: int, values: Mapping[str, object]) -> str:
        name = values.get("id", values.get("code"))
        return f"{self.where}, [[{key}]] {number}" + (f" ({name})" if isinstance(name, str) else "")


def unlike(tables: Sequence[Table], key: str, taken: Iterable[str] = ()) -> None:
    """Refuse two tables of the same code or id."""
    seen = set(taken)
    for table in tables:
        value = table.values.get(key)
        if isinstance(value, str) and value in seen:
            table.refuse(key, value, "a value that no other table has")
        seen.add(str(value))


def _short(value: object) -> str:
    if isinstance(value, datetime) and value.utcoffset() == timedelta():
        return value.replace(tzinfo=None).isoformat() + "Z"
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words) if isinstance(words, (set, frozenset)) else words) or "nothing"
