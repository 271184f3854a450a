"""The sources that a viewer knows, and how current each is, by what was released of them alone.

A source of which nothing is released is not there, and one that goes on delivering what is withheld looks
silent: whoever may not see records may not see that they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from data.filters import Filter
from data.freshness import OVERDUE, PAUSES_LOOKED_AT, Rhythm, State, due_at, learnt, state_of
from data.released import Released
from data.schema import FEEDS

Declared = Mapping[tuple[str, str], timedelta]
"""By originator and source, how often something new is expected."""

NOTHING_DECLARED: Declared = MappingProxyType({})

CAME = """
WITH came AS (
    SELECT originator, source, date_trunc('minute', known_from) AS came_at, count(*) AS records,
        max(start_at) AS newest_at, arg_max(g_agreements, known_from) AS agreements
    FROM released.{feed} WHERE known_from <= ? GROUP BY originator, source, came_at
)
SELECT originator, source, came_at, agreements,
    sum(records) OVER (PARTITION BY originator, source) AS records,
    max(newest_at) OVER (PARTITION BY originator, source) AS newest_at
FROM came
QUALIFY row_number() OVER (PARTITION BY originator, source ORDER BY came_at DESC) <= {most}
ORDER BY originator, source, came_at
"""
"""The last times, to the minute, at which something released came from each source; a correction is
something too."""


@dataclass(frozen=True)
class KnownSource:
    """A source as its viewer knows it at one time.

    `last_at`: when something came from it last; `newest_at`: the start of its newest record; `delay`: how
    long an agreement holds back what comes, which makes it no later than it is.
    """

    originator: str
    source: str
    feed: str
    records: int
    last_at: datetime
    newest_at: datetime
    delay: timedelta
    rhythm: Rhythm | None
    state: State

    @property
    def is_overdue(self) -> bool:
        """Whether something was to have come by now."""
        return self.state in OVERDUE

    @property
    def due_at(self) -> datetime | None:
        """When it is late; None where nothing is expected."""
        due = due_at(self.last_at, self.rhythm)
        return due + self.delay if due is not None else None


def known_sources(
    released: Released, asked: Filter, declared: Declared = NOTHING_DECLARED
) -> tuple[KnownSource, ...]:
    """Every source of which something is released, of all feeds, as it stood when the picture was known."""
    at = released.known_at(asked)
    found: list[KnownSource] = []
    for feed in FEEDS:
        sql = CAME.format(feed=feed, most=PAUSES_LOOKED_AT + 1)
        came: dict[tuple[str, str], list[dict[str, object]]] = defaultdict(list)
        for row in released.ask(sql, (released.content_at(asked),)).to_pylist():
            came[row["originator"], row["source"]].append(row)
        found += [_source(released, feed, whose, rows, declared, at) for whose, rows in came.items()]
    return tuple(sorted(found, key=lambda one: (one.originator, one.source, one.feed)))


def _source(
    released: Released,
    feed: str,
    whose: tuple[str, str],
    rows: list[dict[str, object]],
    declared: Declared,
    at: datetime,
) -> KnownSource:
    times = [time for row in rows if isinstance(time := row["came_at"], datetime)]
    last, every = rows[-1], declared.get(whose)
    rhythm = Rhythm(every, is_declared=True) if every is not None else learnt(times)
    delay = _delay(released, last["agreements"])
    return KnownSource(
        *whose,
        feed=feed,
        records=int(str(last["records"])),
        last_at=times[-1],
        newest_at=last["newest_at"],  # type: ignore[arg-type]
        delay=delay,
        rhythm=rhythm,
        state=state_of(at - times[-1] - delay, rhythm),
    )


def _delay(released: Released, agreements: object) -> timedelta:
    """The longest of those under which the last was released: the strictest holds."""
    under = set(agreements) if isinstance(agreements, list) else set()
    delays = [one.delay for one in released.policy.agreements if one.id in under]
    return max(delays, default=timedelta())
