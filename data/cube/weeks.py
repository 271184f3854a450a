"""Which weeks are counted: whole ISO weeks that have ended and settled, as of the Monday of this week.

A cube is of a Monday and not of the moment at which it was made, so neither its time nor its content says
when something came in.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

WEEK = timedelta(days=7)
SETTLES = WEEK
"""Reports on a week still come in during the next one."""


def monday(at: datetime) -> datetime:
    """Midnight UTC of the Monday on or before a time."""
    day = at.astimezone(UTC).date()
    return datetime.combine(day - timedelta(days=day.weekday()), time(), UTC)


def is_due(last: datetime | None, now: datetime) -> bool:
    """Whether a week has begun that has no cube yet; `last`: the Monday of the last one."""
    return last is None or monday(now) > last


def settled_until(as_of: datetime) -> datetime:
    """Weeks that end by then are counted."""
    return as_of - SETTLES


def weeks_of(year: int, as_of: datetime) -> tuple[date, ...]:
    """The Mondays of an ISO year's weeks that had settled, in order."""
    first = date.fromisocalendar(year, 1, 1)
    last = settled_until(as_of).date()
    found = (first + number * WEEK for number in range(53))
    return tuple(week for week in found if week.isocalendar().year == year and week + WEEK <= last)
