"""The exercise's sources: which partner delivers what, how often, and which two fall silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from data.sample.storm import BEGIN, END
from data.schema import DELIVERIES, DEPLOYMENTS, INCIDENTS


@dataclass(frozen=True)
class Source:
    """One partner's one delivery: a file every `every` hours until `silent_after` days before the end."""

    name: str
    originator: str
    org: str
    feed: str
    title: str
    every: int
    grade: str
    silent_after: int = 0

    @property
    def last_at(self) -> datetime:
        """Nothing of this source is known after this time."""
        return END - timedelta(days=self.silent_after)

    def known(self, reported_at: datetime) -> datetime | None:
        """When the file that holds a report of that time is taken; None: after the end or the silence."""
        hours = (reported_at - BEGIN) // timedelta(hours=self.every) + 1
        at = BEGIN + timedelta(hours=self.every * hours, minutes=sum(map(ord, self.name)) % 40 + 5)
        return at if at < self.last_at else None


def _source(*values: object, **more: int) -> Source:
    return Source(*values, **more)  # type: ignore[arg-type]


_ALL = (
    _source(
        "xan-civil-protection",
        "XAN",
        "Antella Civil Protection",
        INCIDENTS,
        "Civil protection incident log",
        1,
        "B2",
    ),
    _source(
        "xaa-joint-operations",
        "XAA",
        "Republic of Aldara",
        INCIDENTS,
        "Joint operations incident log",
        2,
        "A2",
    ),
    _source("xad-police-reports", "XAD", "Dorrin Republic", INCIDENTS, "Police reports", 6, "B3"),
    _source(
        "xmr-field-reports", "XMR", "Meridian Relief", INCIDENTS, "Field reports", 6, "C3", silent_after=11
    ),
    _source("xhb-disease-watch", "XHB", "Harbour Health Bureau", INCIDENTS, "Disease watch", 24, "A1"),
    _source("xcr-situation-desk", "XCR", "Caribbean Relief Compact", INCIDENTS, "Situation desk", 3, "B2"),
    _source("xaa-force-tracking", "XAA", "Republic of Aldara", DEPLOYMENTS, "Force tracking", 6, "A1"),
    _source("xab-task-group", "XAB", "Kingdom of Brennmark", DEPLOYMENTS, "Task group positions", 12, "A1"),
    _source(
        "xac-contingent",
        "XAC",
        "Federation of Corvessa",
        DEPLOYMENTS,
        "Contingent returns",
        24,
        "B1",
        silent_after=6,
    ),
    _source("xad-police-units", "XAD", "Dorrin Republic", DEPLOYMENTS, "Police units", 24, "A2"),
    _source("xcr-who-is-where", "XCR", "Caribbean Relief Compact", DEPLOYMENTS, "Who is where", 24, "B2"),
    _source("xan-civil-teams", "XAN", "Antella Civil Protection", DEPLOYMENTS, "Civil teams", 12, "A2"),
    _source(
        "xll-consignments", "XLL", "Lantern Logistics Service", DELIVERIES, "Consignment tracking", 3, "A1"
    ),
    _source("xag-funding", "XAG", "Principality of Gallorine", DELIVERIES, "Funding ledger", 24, "A1"),
)

SOURCES: dict[str, Source] = {source.name: source for source in _ALL}


def reported(rng: Random, happened_at: datetime, hours: float) -> datetime:
    """When it was reported: `hours` later in the mean, rarely much later."""
    return happened_at + timedelta(minutes=10 + int(60 * rng.expovariate(1 / hours)))
