"""How current what comes from a source is: the time since it last came, against its rhythm.

A rhythm is declared for the source, or learnt from the times at which something came. It is learnt so that
nine of ten of the pauses seen would not have been called late: a source that comes in bursts is not late in
each of its pauses. The steps are those of the field's feed monitors: late beyond twice the rhythm, stale
beyond four times.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE_AFTER, STALE_AFTER, SILENT_AFTER = 2, 4, 8
"""So many rhythms without anything new."""

PAUSES_LOOKED_AT = 40
"""The latest ones: a rhythm may change."""

FEWEST_PAUSES = 3
KEPT_TO = 0.9
"""Share of the pauses that are not late by what is learnt from them."""

SHORTEST_RHYTHM = timedelta(minutes=1)


class State(StrEnum):
    """Of a source, from the best to the worst; `unknown`: nothing is expected at any time."""

    ON_TIME = "on_time"
    UNKNOWN = "unknown"
    LATE = "late"
    STALE = "stale"
    SILENT = "silent"


OVERDUE = (State.LATE, State.STALE, State.SILENT)


@dataclass(frozen=True)
class Rhythm:
    """How often something new is expected. `is_declared`: said, not learnt."""

    every: timedelta
    is_declared: bool = False


def learnt(times: Sequence[datetime]) -> Rhythm | None:
    """The rhythm of these times at which something came, in any order; None: they are too few to tell."""
    came = sorted(set(times))[-PAUSES_LOOKED_AT - 1 :]
    pauses = sorted(later - earlier for earlier, later in itertools.pairwise(came))
    if len(pauses) < FEWEST_PAUSES:
        return None
    usual = pauses[(len(pauses) - 1) // 2]
    longest_kept = pauses[math.ceil(KEPT_TO * len(pauses)) - 1]
    return Rhythm(max(usual, longest_kept / LATE_AFTER, SHORTEST_RHYTHM))


def state_of(waited: timedelta, rhythm: Rhythm | None) -> State:
    """The state of a source of which nothing new came for so long."""
    if rhythm is None:
        return State.UNKNOWN
    if waited > SILENT_AFTER * rhythm.every:
        return State.SILENT
    if waited > STALE_AFTER * rhythm.every:
        return State.STALE
    return State.LATE if waited > LATE_AFTER * rhythm.every else State.ON_TIME


def due_at(last_at: datetime, rhythm: Rhythm | None) -> datetime | None:
    """When the source is late; None where nothing is expected."""
    return last_at + LATE_AFTER * rhythm.every if rhythm is not None else None
