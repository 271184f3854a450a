"""The View: what somebody is looking at. A frozen value; it is the URL's query string and nothing else.

Encoding and order are fixed (formats, "The View's query string"). Reading is forgiving: a value that is
not one becomes that field's default and gives one notice sentence; it never becomes an error page.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from dashboard.view_values import (
    Against,
    CubeChoice,
    Notices,
    Values,
    against_words,
    area_words,
    cube_words,
    position_words,
    time_words,
)
from dashboard.words import _
from data.drawn_area import DrawnArea
from data.filters import ROLES, Filter
from data.seen_by import SeenBy
from layers.regions import title

DEFAULT_LAYERS = ("incidents", "military", "presence", "deliveries", "hazard")
LAYERS = (*DEFAULT_LAYERS, "ports", "airfields", "responsibility")
"""Layer ids in the order of the rail; the default View has the first ones on."""

FILLS = ("deaths_per_case", "records_per_1000_km2", "weeks_since_report")
PERIODS = ("24h", "7d", "30d", "operation")
DEFAULT_PERIOD = "operation"
PRESET_SPANS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
NO_LAYER = "none"
KEYS = (
    *("region", "period", "from", "to", "known", "partner"),
    *("role", "layer", "sector", "fill", "sel", "at", "sort", "area", "columns", "compare", "cube"),
)
"""The query's keys in canonical order."""

ARRANGEMENT = ("at", "sort", "columns")
"""The keys that say how something is arranged, not what is asked: a panel that listens to the View does not
hear of them."""


@dataclass(frozen=True)
class View:
    """Region, period, knowledge time, partners and role, layers, sectors, fill, selection, map, area, table.

    Times are aware UTC, whole seconds. `start` and `end` are set together and replace `period`;
    [start, end) is half-open. `at` is (latitude, longitude, zoom). `compare` is what the picture is held
    against: a period, a knowledge time, or what a partner sees of it. `cube` is which published counts.
    """

    regions: tuple[str, ...] = ()
    period: str = DEFAULT_PERIOD
    start: datetime | None = None
    end: datetime | None = None
    known_at: datetime | None = None
    partners: tuple[str, ...] = ()
    role: str = "any"
    layers: tuple[str, ...] = DEFAULT_LAYERS
    sectors: tuple[str, ...] = ()
    fill: str = ""
    selected: str = ""
    at: tuple[float, float, int] | None = None
    sort: tuple[str, ...] = ()
    area: DrawnArea | None = None
    columns: tuple[str, ...] = ()
    compare: Against | None = None
    cube: CubeChoice | None = None

    @classmethod
    def from_query(cls, text: str) -> tuple[View, tuple[str, ...]]:
        """Read a query string (with or without `?`): the View, and a sentence for each wrong value."""
        values = Values.of(text, KEYS)
        found = Notices()
        start, end = _brush(values, found)
        view = cls(
            regions=values.regions("region", found),
            period=values.one_of("period", PERIODS, DEFAULT_PERIOD, found)
            if start is None
            else DEFAULT_PERIOD,
            start=start,
            end=end,
            known_at=values.time("known", found),
            partners=values.codes("partner", found),
            role=values.one_of("role", ROLES, "any", found),
            layers=_layers(values, found),
            sectors=values.codes("sector", found),
            fill=values.one_of("fill", FILLS, "", found, [title(name, _) for name in FILLS]),
            selected=values.text("sel", found),
            at=values.position("at", found),
            sort=values.columns("sort", found),
            area=values.area("area", found),
            columns=values.columns("columns", found),
            compare=values.against("compare", found),
            cube=values.cube("cube", found),
        )
        return view, values.notices + found.sentences()

    def to_query(self) -> str:
        """The canonical query string, without `?`: fixed order, defaults left out."""
        given = {key: word for key, word in zip(KEYS, self._words(), strict=True) if word}
        return "&".join(f"{key}={quote(word, safe=',:;@+.-_~')}" for key, word in given.items()).replace(
            "+", "%2B"
        )

    def _words(self) -> tuple[str, ...]:
        brushed = self.start is not None and self.end is not None
        return (
            ",".join(self.regions),
            "" if brushed or self.period == DEFAULT_PERIOD else self.period,
            time_words(self.start) if brushed else "",
            time_words(self.end) if brushed else "",
            time_words(self.known_at),
            ",".join(self.partners),
            "" if self.role == "any" else self.role,
            "" if self.layers == DEFAULT_LAYERS else ",".join(self.layers) or NO_LAYER,
            ",".join(self.sectors),
            self.fill,
            self.selected,
            position_words(self.at),
            ",".join(self.sort),
            area_words(self.area),
            ",".join(self.columns),
            against_words(self.compare),
            cube_words(self.cube),
        )

    def times(self, now: datetime) -> tuple[datetime | None, datetime]:
        """The period meant, half-open; None is no bound: the whole operation has none at its beginning.

        A preset ends at the knowledge time, else now, rounded up to the minute: the panels of one page,
        each asking a moment later, then ask the very same question.
        """
        known = _whole_minute(min(self.known_at, now) if self.known_at is not None else now)
        if self.start is not None and self.end is not None:
            return self.start, self.end
        span = PRESET_SPANS.get(self.period)
        return (None if span is None else known - span), known

    def to_filter(self, now: datetime) -> Filter:
        """The question's Filter; presets are relative to the knowledge time, else to `now`."""
        start, end = self.times(now)
        return Filter(
            regions=self.regions,
            start=start,
            end=end,
            known_at=self.known_at,
            partners=self.partners,
            role=self.role,
            sectors=self.sectors,
            area=self.area,
        )

    def without(self, *names: str) -> View:
        """The same View with these fields back at their defaults."""
        defaults = {item.name: item.default for item in fields(View) if item.name in names}
        return replace(self, **defaults)  # type: ignore[arg-type]

    def asked(self) -> View:
        """The same View without how it is arranged: what panels listen to."""
        return self.without(*ARRANGEMENT)

    def arranged(self) -> View:
        """Only the order and the columns of the table."""
        return View(sort=self.sort, columns=self.columns)

    def compared(self) -> View:
        """The View that this one is held against: the same with the other period or the other knowledge
        time. Raises ValueError where there is nothing to compare with."""
        if isinstance(self.compare, tuple):
            start, end = self.compare
            return replace(self, period=DEFAULT_PERIOD, start=start, end=end, compare=None)
        if self.compare is None:
            raise ValueError("This View is compared with nothing.")
        if isinstance(self.compare, SeenBy):
            return replace(self, compare=None)
        return replace(self, known_at=self.compare, compare=None)


def _whole_minute(at: datetime) -> datetime:
    floor = at.replace(second=0, microsecond=0)
    return floor if floor == at else floor + timedelta(minutes=1)


def _brush(values: Values, found: Notices) -> tuple[datetime | None, datetime | None]:
    start, end = values.time("from", found), values.time("to", found)
    if start is None and end is None:
        return None, None
    if start is None or end is None:
        found.add_pair()
        return None, None
    if end <= start:
        found.add_order()
        return None, None
    return start.astimezone(UTC), end.astimezone(UTC)


def _layers(values: Values, found: Notices) -> tuple[str, ...]:
    wanted = values.choices("layer", (*LAYERS, NO_LAYER), found)
    if wanted is None:
        return DEFAULT_LAYERS
    return tuple(layer for layer in LAYERS if layer in wanted)
