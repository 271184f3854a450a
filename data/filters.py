"""What is asked for: a Filter, and the conditions it becomes.

A Filter is made from a View (dashboard) or by hand (command line, tests). It knows nothing of who asks:
release comes first and is done before any condition here is applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

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


@dataclass(frozen=True)
class Filter:
    """Which released records are meant.

    `start`/`end`: the period, half-open [start, end); None = open on that side. `known_at`: content as
    known at that time; None = now. `regions`: region codes (a region covers its descendants), bare or as
    CODE@VERSION (see `split_region`).
    """

    regions: tuple[str, ...] = ()
    start: datetime | None = None
    end: datetime | None = None
    known_at: datetime | None = None
    partners: tuple[str, ...] = ()
    role: str = "any"
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Clause:
    """A condition: its SQL, its parameters. SQL is ours alone; values travel as parameters only."""

    sql: str
    params: tuple[object, ...] = ()


def split_region(text: str) -> tuple[str, date | None]:
    """The code and the version of CODE@YYYY-MM-DD; a bare code has none: it means the region in any version.

    What follows the @ and is not a day is no version: the text as it stands is then a code that nothing has.
    """
    code, _, version = text.partition("@")
    try:
        return (code, date.fromisoformat(version)) if version else (text, None)
    except ValueError:
        return text, None


def and_all(clauses: list[Clause]) -> Clause:
    """All of the clauses; the empty list permits every row."""
    if not clauses:
        return Clause("true")
    sql = " AND ".join(f"({clause.sql})" for clause in clauses)
    return Clause(sql, tuple(value for clause in clauses for value in clause.params))


def partner_columns(feed: str, role: str) -> tuple[str, ...]:
    """The columns of `feed` that say who plays `role`; empty when it has none."""
    roles = ROLE_COLUMNS[feed]
    if role == "any":
        return tuple(dict.fromkeys(column for columns in roles.values() for column in columns))
    return roles.get(role, ())


def has_sectors(feed: str) -> bool:
    """Whether the feed says a sector."""
    return feed != INCIDENTS


def condition(asked: Filter, layer: str) -> Clause:
    """The filter's conditions on one layer's released rows, without its times (see `in_period`)."""
    feed = LAYER_FEEDS[layer]
    clauses = [_kind(layer), _regions(asked.regions)]
    columns = partner_columns(feed, asked.role)
    if asked.partners and columns:
        clauses.append(_any_of(columns, asked.partners))
    if asked.sectors and has_sectors(feed):
        clauses.append(_any_of(("sector_code",), asked.sectors))
    return and_all([clause for clause in clauses if clause is not None])


def _kind(layer: str) -> Clause | None:
    kinds = {"military": MILITARY_KINDS, "presence": PRESENCE_KINDS}.get(layer)
    return _any_of(("presence_kind",), kinds) if kinds else None


def _regions(codes: tuple[str, ...]) -> Clause | None:
    if not codes:
        return None
    split = [split_region(code) for code in codes]
    bare = tuple(code for code, version in split if version is None)
    clauses = [_any_of(("country_iso3", "adm1_pcode", "adm2_pcode"), bare)] if bare else []
    clauses += [_of_version(code, version) for code, version in split if version is not None]
    sql = " OR ".join(f"({clause.sql})" for clause in clauses)
    return Clause(sql, tuple(value for clause in clauses for value in clause.params))


def _of_version(code: str, version: date) -> Clause:
    """The place was matched to this version of the boundaries. A country's code has no versions."""
    return Clause(
        "coalesce(country_iso3 = ?, false)"
        " OR coalesce(adm1_pcode = ? OR adm2_pcode = ?, false) AND coalesce(pcode_valid_from = ?, false)",
        (code, code, code, version),
    )


def _any_of(columns: tuple[str, ...], values: tuple[str, ...]) -> Clause:
    marks = ", ".join("?" for _ in values)
    sql = " OR ".join(f"coalesce({column} IN ({marks}), false)" for column in columns)
    return Clause(sql, values * len(columns))


def as_known(at: datetime) -> Clause:
    """Content as known at `at`: known from then on or before, not yet superseded, not cancelled."""
    return Clause(
        "known_from <= ? AND (known_until IS NULL OR known_until > ?) AND msg_type <> 'cancel'", (at, at)
    )


def in_period(asked: Filter, feed: str, known_at: datetime) -> Clause:
    """Records of the period. Incidents and deliveries count by their start.

    Deployments and presence are who is there when the period ends (or knowledge, when that is
    earlier): whoever left before is not drawn as if it were there.
    """
    if feed == DEPLOYMENTS:
        return _present(min(asked.end or known_at, known_at))
    clauses = []
    if asked.end is not None:
        clauses.append(Clause("start_at < ?", (asked.end,)))
    if asked.start is not None:
        clauses.append(Clause("start_at >= ?", (asked.start,)))
    return and_all(clauses)


def _present(at: datetime) -> Clause:
    return Clause(
        "start_at <= ? AND coalesce(end_at > ?, deployment_status <> 'ended')",
        (at, at),
    )
