"""Times, ages and numbers as people read them, in the way of the operation's marking profile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from babel.dates import format_datetime

from dashboard.words import _

MILITARY_PROFILES = frozenset({"nato", "eu", "national"})


def moment(at: datetime, profile: str) -> str:
    """A date-time group (301800Z NOV 14), or 30 Nov 2014 18:00 UTC."""
    utc = at.astimezone(UTC)
    if profile in MILITARY_PROFILES:
        return utc.strftime("%d%H%MZ %b %y").upper()
    return f"{format_datetime(utc, 'd MMM y HH:mm', locale=_.locale)} UTC"


def whole_second(at: datetime) -> datetime:
    """The first whole second at which all that was known at `at` is known: a View has no finer times."""
    floor = at.replace(microsecond=0)
    return floor if floor == at else floor + timedelta(seconds=1)


def day(at: datetime) -> str:
    """30 Nov 2014."""
    return _.day(at)


def span(start: datetime | None, end: datetime) -> str:
    """A period's dates: its last day is the last one inside; the year is said once where it is the same."""
    last = end.astimezone(UTC) - timedelta(microseconds=2)
    if start is None:
        return _("until {last}").format(last=day(last))
    first = start.astimezone(UTC)
    if last - first < timedelta(hours=36):
        begin, end_words = (format_datetime(at, "d MMM HH:mm", locale=_.locale) for at in (first, last))
        return f"{begin} – {end_words}Z"
    if first.year == last.year:
        return f"{_.day(first, 'd MMM')} – {day(last)}"
    return f"{day(first)} – {day(last)}"


def age(at: datetime, now: datetime) -> str:
    """42 min, 9 h, 3 d: how long ago."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 60:
        return _("{n} min").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h").format(n=minutes // 60)
    return _("{n} d").format(n=_.number(minutes // 1440))


def number(value: float) -> str:
    """1,398,849,665 or 12.4."""
    return _.number(value, 2 if abs(value) < 1000 else 0)
