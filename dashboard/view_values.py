"""Reading one value of a View's query string at a time: bounded, typed, each with its notice sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from dashboard.words import _
from data.cube.cells import CATEGORIES
from data.drawn_area import DECIMALS, LEAST_CORNERS, MOST_CORNERS, DrawnArea
from data.filters import split_region
from data.policy_table import IDENTIFIER, is_code
from data.schema import LONGEST_RECORD_ID
from data.seen_by import SeenBy

Against = tuple[datetime, datetime] | datetime | SeenBy
"""What a picture is held against: a period, a knowledge time, or what a partner sees of it."""

MOST_CHARACTERS = 8_000
MOST_VALUES = 50
MOST_LENGTH = LONGEST_RECORD_ID
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Times outside are wrong values; inside, a period may be stepped or compared without overflow."""

_CODE = re.compile(r"[\w+.\-]{1,64}(@\d{4}-\d{2}-\d{2})?", re.UNICODE)
_TIME = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?Z)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_NUMBER = re.compile(r"-?\d{1,3}(\.\d{1,8})?", re.ASCII)
_COLUMN = re.compile(r"-?[a-z][a-z0-9_]{0,63}", re.ASCII)
_ID = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u2028\u2029<>\ud800-\udfff](?:[^\x00-\x1f\x7f-\x9f\u2028\u2029<>\ud800-\udfff]*[^\s\x00-\x1f\x7f-\x9f\u2028\u2029<>\ud800-\udfff])?"
)


@dataclass(frozen=True)
class CubeChoice:
    """Which published counts: a category of a feed, and the ISO year, None for the last one."""

    feed: str
    category: str
    year: int | None = None


@dataclass
class Notices:
    """The sentences gathered while one query is read; at most one a field."""

    _said: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, expected: str) -> None:
        """`key` held a value that is not one. The value itself is never repeated: it may be anything."""
        sentence = _(
            "The link's “{key}” could not be read; expected {expected}. The default is shown instead."
        )
        self._said.setdefault(key, sentence.format(key=key, expected=expected))

    def add_pair(self) -> None:
        """Only one end of the period was given, or only one could be read."""
        self._said.setdefault(
            "to", _("A period needs both “from” and “to”. The default period is shown instead.")
        )

    def add_order(self) -> None:
        """The period ends before it begins."""
        self._said.setdefault(
            "to", _("The link's period ends before it begins. The default period is shown instead.")
        )

    def sentences(self) -> tuple[str, ...]:
        """In the order in which they were found."""
        return tuple(self._said.values())


@dataclass(frozen=True)
class Values:
    """The raw values of a query by key; unknown keys are left out, the first of a repeated key counts."""

    given: Mapping[str, str]
    notices: tuple[str, ...] = ()

    @classmethod
    def of(cls, text: str, keys: tuple[str, ...]) -> Values:
        """Split a query string without trusting it."""
        if len(text) > MOST_CHARACTERS:
            return cls({}, (_("The link is too long to be read. The default view is shown instead."),))
        try:
            pairs = parse_qsl(text.removeprefix("?"), max_num_fields=100, errors="strict")
        except (ValueError, UnicodeError):
            return cls({}, (_("The link could not be read. The default view is shown instead."),))
        first: dict[str, str] = {}
        for key, value in pairs:
            if key in keys:
                first.setdefault(key, value)
        return cls(first)

    def one_of(
        self, key: str, allowed: tuple[str, ...], default: str, found: Notices, named: Sequence[str] = ()
    ) -> str:
        """One word of a closed list; `named`: what people call them, where that is not the word itself."""
        value = self.given.get(key)
        if value is None or value in allowed:
            return value if value is not None else default
        words = [_("{name} ({value})").format(name=n, value=v) for n, v in zip(named, allowed, strict=False)]
        found.add(key, ", ".join(words or allowed))
        return default

    def choices(self, key: str, allowed: tuple[str, ...], found: Notices) -> frozenset[str] | None:
        """Several words of a closed list; None when absent or when one is not a word of it."""
        value = self.given.get(key)
        if value is None:
            return None
        words = value.split(",")
        if len(words) <= MOST_VALUES and all(word in allowed for word in words):
            return frozenset(words)
        found.add(key, ", ".join(allowed))
        return None

    def codes(self, key: str, found: Notices) -> tuple[str, ...]:
        """A list of codes, sorted, without duplicates."""
        value = self.given.get(key)
        if value is None:
            return ()
        words = value.split(",")
        if len(words) <= MOST_VALUES and all(_CODE.fullmatch(word) for word in words):
            return tuple(sorted(set(words)))
        found.add(key, _("at most {most} codes between commas").format(most=MOST_VALUES))
        return ()

    def regions(self, key: str, found: Notices) -> tuple[str, ...]:
        """Region codes, bare or as CODE@VERSION; a bare code means any version and takes in its versions."""
        words = self.codes(key, found)
        split = {word: split_region(word) for word in words}
        if any("@" in code for code, _version in split.values()):
            found.add(key, _("region codes between commas, such as LBR03 or LBR03@2019-11-04"))
            return ()
        return tuple(word for word in words if split[word][1] is None or split[word][0] not in words)

    def columns(self, key: str, found: Notices) -> tuple[str, ...]:
        """Column names to sort by, in their order; a leading `-` is descending."""
        value = self.given.get(key)
        if value is None:
            return ()
        words = value.split(",")
        if len(words) <= MOST_VALUES and all(_COLUMN.fullmatch(word) for word in words):
            return tuple(dict.fromkeys(words))
        found.add(key, _("names of columns between commas"))
        return ()

    def text(self, key: str, found: Notices) -> str:
        """An id: short, one line, without mark-up."""
        value = self.given.get(key, "")
        if not value or (len(value) <= MOST_LENGTH and _ID.fullmatch(value)):
            return value
        found.add(key, _("the id of a record or a region"))
        return ""

    def time(self, key: str, found: Notices) -> datetime | None:
        """An ISO time with Z (a bare day is its midnight), whole seconds, UTC."""
        value = self.given.get(key)
        if value is None:
            return None
        try:
            if not _TIME.fullmatch(value):
                raise ValueError
            at = datetime.fromisoformat(value).replace(tzinfo=UTC)
            if not EARLIEST <= at <= LATEST:
                raise ValueError
            return at
        except ValueError:
            found.add(key, _("a time such as 2014-11-30T18:00:00Z"))
            return None

    def against(self, key: str, found: Notices) -> Against | None:
        """One ISO time; two with a slash between (ISO 8601's interval), the first before the second; or a
        partner's code, with `:LEVEL` where it is not the lowest."""
        value = self.given.get(key)
        if value is None:
            return None
        code, _colon, level = value.partition(":")
        if is_code(code) and (not level or IDENTIFIER.fullmatch(level)):
            return SeenBy(code, level)
        parts = [Values({key: part}).time(key, Notices()) for part in value.split("/")]
        if len(parts) == 1 and parts[0] is not None:
            return parts[0]
        if len(parts) == 2 and parts[0] is not None and parts[1] is not None and parts[0] < parts[1]:
            return parts[0], parts[1]
        found.add(
            key,
            _("a time, a period such as 2014-09-01T00:00:00Z/2014-10-01T00:00:00Z, or a partner's code"),
        )
        return None

    def position(self, key: str, found: Notices) -> tuple[float, float, int] | None:
        """`lat,lon,zoom` on the map: four decimals, whole zoom levels."""
        value = self.given.get(key)
        if value is None:
            return None
        parts = value.split(",")
        if len(parts) == 3 and all(_NUMBER.fullmatch(part) for part in parts):
            latitude, longitude, zoom = (float(part) for part in parts)
            if abs(latitude) <= 85 and abs(longitude) <= 540 and 0 <= zoom <= 18:
                return round(latitude, 4) + 0.0, round(longitude, 4) + 0.0, round(zoom)
        found.add(key, _("latitude,longitude,zoom such as 8.4,-10.2,6"))
        return None

    def area(self, key: str, found: Notices) -> DrawnArea | None:
        """`lat,lon;lat,lon;…`: the corners of a drawn area, which do not cross each other."""
        value = self.given.get(key)
        if value is None:
            return None
        corners = [corner.split(",") for corner in value.split(";", MOST_CORNERS + 1)]
        try:
            if not all(len(pair) == 2 and all(map(_NUMBER.fullmatch, pair)) for pair in corners):
                raise ValueError
            places = [(float(lon), float(lat)) for lat, lon in corners]
            if any(abs(lon) > 540 or abs(lat) > 90 for lon, lat in places):
                raise ValueError
            return DrawnArea.of(places)
        except ValueError:
            said = _("{least} to {most} corners such as 18.1,-77;18.1,-76;19,-76.5 whose edges do not cross")
            found.add(key, said.format(least=LEAST_CORNERS, most=MOST_CORNERS))
            return None

    def cube(self, key: str, found: Notices) -> CubeChoice | None:
        """`feed:category`, or with `:year`: one of the fixed choices of the published counts."""
        value = self.given.get(key)
        if value is None:
            return None
        feed, category, year = (*value.split(":", 2), "", "")[:3]
        is_year = not year or (_YEAR.fullmatch(year) and EARLIEST.year <= int(year) < LATEST.year)
        if is_year and category in CATEGORIES.get(feed, ()):
            return CubeChoice(feed, category, int(year) if year else None)
        found.add(key, _("a feed and a category such as incidents:flood"))
        return None


def cube_words(choice: CubeChoice | None) -> str:
    """As `Values.cube` reads it."""
    if choice is None:
        return ""
    return ":".join((choice.feed, choice.category, *([str(choice.year)] if choice.year else [])))


def time_words(at: datetime | None) -> str:
    """A time as the query says it."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def against_words(compare: Against | None) -> str:
    """A time, a period or a partner as the query says it."""
    if isinstance(compare, SeenBy):
        return f"{compare.partner}:{compare.level}" if compare.level else compare.partner
    return "/".join(time_words(at) for at in compare) if isinstance(compare, tuple) else time_words(compare)


def position_words(at: tuple[float, float, int] | None) -> str:
    """A map position as the query says it: no needless zeros."""
    if at is None:
        return ""
    return f"{_shortest(at[0])},{_shortest(at[1])},{at[2]}"


def area_words(area: DrawnArea | None) -> str:
    """A drawn area as the query says it."""
    return "" if area is None else ";".join(f"{_shortest(lat)},{_shortest(lon)}" for lon, lat in area.corners)


def _shortest(degrees: float) -> str:
    return f"{degrees:.{DECIMALS}f}".rstrip("0").rstrip(".")
