"""The exercise's sources after the scenario's end: their partners' systems post, each in its own rhythm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from data.sample.sources import SOURCES, Source
from data.sample.storm import END

POSTS_A_FILE = 36
"""A system posts so many times while a file would come once."""

BEAT = timedelta(minutes=10)
"""All post in one beat, the slower ones in fewer of its steps: at 60 times the pace of real time something is
seen every ten seconds, and between two beats a picture that was made anew holds."""

FIRST = timedelta(minutes=1)
"""After the scenario's end: whoever begins sees something at once."""


@dataclass(frozen=True)
class Reporting(Source):
    """A source whose partner posts. Who fell silent in the scenario stays silent."""

    @property
    def step(self) -> timedelta:
        """Between two posts: whole beats."""
        return max(1, -(-timedelta(hours=self.every) // (POSTS_A_FILE * BEAT))) * BEAT

    def known(self, reported_at: datetime) -> datetime | None:
        """When the post goes out that holds a report of that time: after the scenario's end. None: never."""
        if self.silent_after:
            return None
        first = END + FIRST + sum(map(ord, self.name)) % (self.step // BEAT) * BEAT
        steps = max(0, -((first - reported_at) // self.step))
        return first + steps * self.step


REPORTING: Mapping[str, Reporting] = MappingProxyType(
    {name: Reporting(**vars(source)) for name, source in SOURCES.items()}
)
