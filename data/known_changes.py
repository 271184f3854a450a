"""Staged changes as a releaser may know them: what the texts say, and figures of its own records alone.

Whoever may approve must be able to read what it is about to approve, agreements of third partners too. How
many records of another owner it would release to whom is told to that owner only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.home import Home
from data.partners import RELEASER
from data.policy_staged import Staged
from data.policy_staging import lacking, owners_lacking, people_lacking, waiting
from data.viewer import Identity, Viewer


@dataclass(frozen=True)
class KnownApproval:
    """`who` is empty where the person belongs to another partner."""

    at: datetime
    partner: str
    who: str


@dataclass(frozen=True)
class KnownChange:
    """A change that waits. `terms`, `figures`: lines in words.

    `people`, `owners`: what it still waits for, so many more people, and one each of these partners. `mine`:
    whether the reader has approved it and others must. What has all approvals and was broken off is done
    when anybody presses again.
    """

    number: int
    proposed: KnownApproval
    terms: tuple[str, ...]
    figures: tuple[str, ...]
    approvals: tuple[KnownApproval, ...]
    people: int
    owners: tuple[str, ...]
    mine: bool


def approves(viewer: Viewer) -> Identity | None:
    """The one person that approves; nobody where several identities look together, or the role is missing."""
    if len(viewer.identities) != 1 or RELEASER not in viewer.roles:
        return None
    return viewer.identities[0]


def known_changes(home: Home, viewer: Viewer) -> tuple[KnownChange, ...]:
    """What waits, the first first; nothing for whoever does not approve. Raises PolicyError."""
    person = approves(viewer)
    return () if person is None else tuple(_known(one, person) for one in waiting(home))


def _known(change: Staged, person: Identity) -> KnownChange:
    def known(at: datetime, who: str, partner: str) -> KnownApproval:
        return KnownApproval(at, partner, who if partner == person.partner else "")

    return KnownChange(
        number=change.number,
        proposed=known(change.at, change.who, change.partner),
        terms=change.told.terms,
        figures=change.told.figures.get(person.partner, ()),
        approvals=tuple(known(one.at, one.who, one.partner) for one in change.approvals),
        people=people_lacking(change),
        owners=owners_lacking(change),
        mine=any(lacking(change)) and person.id in {one.who for one in change.approvals},
    )
