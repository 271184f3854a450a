"""What is asked for: a Filter, and the rows it picks.

A Filter is made from a View (dashboard) or by hand (command line, tests). It knows nothing of who asks:
release comes first and is done before any condition here is applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from data.columns import NO_TIME, NONE, Codes, Columns, Flags
from data.drawn_area import DrawnArea
from data.rows import microseconds
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS

LAYER_FEEDS: Mapping[str, str] = MappingProxyType(
    {
        "incidents": INCIDENTS,
        "military": DEPLOYMENTS,
        "presence": DEPLOYMENTS,
        "deliveries": DELIVERIES,
    }
)
"""The layers that hold records, and the feed of each. Deployments (military, police) and presence
(humanitarian, civil, private) are two layers of one feed: presence is not a force."""

MOMENT = timedelta(microseconds=1)
"""The finest difference of two stored times: a period's last moment is its end less one."""

MILITARY_KINDS = ("military", "police")
PRESENCE_KINDS = ("humanitarian", "civil", "private")

ROLES = ("any", "originator", "acting", "funding", "implementing", "receiving")

ROLE_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        INCIDENTS: {
            "originator": ("originator",),
            "acting": ("actor1_code", "actor2_code"),
        },
        DEPLOYMENTS: {
            "originator": ("originator",),
            "acting": ("contributor", "org_code"),
        },
        DELIVERIES: {
            "originator": ("originator",),
            "funding": ("donor",),
            "implementing": ("channel_code", "implementing_code"),
            "receiving": ("recipient_code",),
        },
    }
)
"""Which columns say who plays a role. A feed without columns for a role is left alone by the filter."""


POINTS = (1, 2, 7)
DISTRICT, PROVINCE = 3, 4
"""Values of geo_precision: a point; known for the second-level area; for the first-level one."""


@dataclass(frozen=True)
class Filter:
    """Which released records are meant.

    `start`/`end`: the period, half-open [start, end); None = open on that side. `known_at`: content as
    known at that time; None = now. `regions`: region codes (a region covers its descendants), bare or as
    CODE@VERSION (see `split_region`). `area`: drawn by hand (see `_in_area`).
    """

    regions: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    known_at: datetime | None = None
    partners: tuple[str, ...] = ()
    role: str = "any"
    sectors: tuple[str, ...] = ()
    area: DrawnArea | None = None


def split_region(text: str) -> tuple[str, date | None]:
    """The code and the version of CODE@YYYY-MM-DD; a bare code has none: it means the region in any version.

    What follows the @ and is not a day is no version: the text as it stands is then a code that nothing has.
    """
    code, _, version = text.partition("@")
    try:
        return (code, date.fromisoformat(version)) if version else (text, None)
    except ValueError:
        return text, None


def partner_columns(feed: str, role: str) -> tuple[str, ...]:
    """The columns of `feed` that say who plays `role`; empty when it has none."""
    roles = ROLE_COLUMNS[feed]
    if role == "any":
        return tuple(dict.fromkeys(column for columns in roles.values() for column in columns))
    return roles.get(role, ())


def has_sectors(feed: str) -> bool:
    """Whether the feed says a sector."""
    return feed != INCIDENTS


def picked(
    columns: Columns, asked: Filter, layer: str, content_at: datetime, whole: frozenset[str] = frozenset()
) -> Flags:
    """The rows of a layer that the filter means, its period apart (see `in_period`), as known at a time.

    `whole`: the regions that lie whole in the filter's drawn area.
    """
    return as_known(columns, content_at) & meant(columns, asked, layer, whole)


def meant(columns: Columns, asked: Filter, layer: str, whole: frozenset[str] = frozenset()) -> Flags:
    """The rows of a layer that the filter means, whenever they were known and whenever they happened."""
    feed = LAYER_FEEDS[layer]
    flags: Flags = np.ones(columns.count, bool)
    kinds = {"military": MILITARY_KINDS, "presence": PRESENCE_KINDS}.get(layer)
    if kinds:
        flags &= columns.codes("presence_kind").any_of(kinds)
    if asked.regions:
        flags &= _in_regions(columns, asked.regions)
    if asked.area is not None:
        flags &= _in_area(columns, asked.area, whole)
    partners = partner_columns(feed, asked.role)
    if asked.partners and partners:
        flags &= _any_of(columns, partners, asked.partners)
    if asked.sectors and has_sectors(feed):
        flags &= columns.codes("sector_code").any_of(asked.sectors)
    return flags


def as_known(columns: Columns, at: datetime) -> Flags:
    """Content as known at `at`: known from then on or before, not yet superseded, not cancelled."""
    then = microseconds(at)
    known: Flags = (columns.times("known_from") <= then) & (columns.times("known_until") > then)
    return known & ~columns.codes("msg_type").any_of(("cancel",))


def in_period(columns: Columns, asked: Filter, feed: str, known_at: datetime) -> Flags:
    """Records of the period. Incidents and deliveries count by their start.

    Deployments and presence are who is there at the last moment of the period (or at the knowledge time, when
    that is earlier): whoever left before is not drawn as if it were there, nor whoever comes as it ends.
    """
    start = columns.times("start_at")
    if feed == DEPLOYMENTS:
        last = known_at if asked.end is None else min(asked.end - MOMENT, known_at)
        return _present(columns, start, microseconds(last))
    flags: Flags = np.ones(columns.count, bool)
    if asked.end is not None:
        flags &= start < microseconds(asked.end)
    if asked.start is not None:
        flags &= start >= microseconds(asked.start)
    return flags


def _present(columns: Columns, start: NDArray[np.int64], at: int) -> Flags:
    end = columns.times("end_at")
    here: Flags = np.where(end == NO_TIME, goes_on(columns.codes("deployment_status")), end > at)
    return (start <= at) & here


def goes_on(status: Codes) -> Flags:
    """Of deployments without an end in time, those that are not said to have ended."""
    flags: Flags = ~status.any_of(("ended",)) & (status.values != NONE)
    return flags


def _in_regions(columns: Columns, codes: tuple[str, ...]) -> Flags:
    split = [split_region(code) for code in codes]
    bare = tuple(code for code, version in split if version is None)
    flags = _any_of(columns, ("country_iso3", "adm1_pcode", "adm2_pcode"), bare)
    for code, version in split:
        if version is not None:
            flags |= _of_version(columns, code, version)
    return flags


def _in_area(columns: Columns, area: DrawnArea, whole: frozenset[str]) -> Flags:
    """Records with a released point in the area; those known to a region alone when all of it lies within.

    Where a record lies follows from its released columns alone: one that was coarsened to its district is
    as any other that is known to the district.
    """
    precision = columns.whole("geo_precision")
    point = np.isin(precision, POINTS)
    inside = area.holds(columns.numbers("longitude"), columns.numbers("latitude")) & point
    codes = {name: columns.codes(name) for name in ("adm2_pcode", "adm1_pcode", "country_iso3")}
    known = {name: held.values != NONE for name, held in codes.items()}
    district = (precision == DISTRICT) & known["adm2_pcode"]
    province = ((precision == DISTRICT) | (precision == PROVINCE)) & known["adm1_pcode"] & ~district
    country = ~(point | district | province)
    for name, of_level in zip(codes, (district, province, country), strict=True):
        inside |= of_level & codes[name].any_of(whole)
    return inside


def _of_version(columns: Columns, code: str, version: date) -> Flags:
    """The place was matched to this version of the boundaries. A country's code has no versions."""
    matched = columns.codes("pcode_valid_from").any_of((version.isoformat(),))
    inside = _any_of(columns, ("adm1_pcode", "adm2_pcode"), (code,)) & matched
    return columns.codes("country_iso3").any_of((code,)) | inside


def _any_of(columns: Columns, names: tuple[str, ...], values: tuple[str, ...]) -> Flags:
    flags: Flags = np.zeros(columns.count, bool)
    for name in names:
        flags |= columns.codes(name).any_of(values)
    return flags
