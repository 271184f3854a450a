"""The one place that publishes a cube: one for each ISO week, as of its Monday, by the lake's writer."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from data.accounts import accounts_of
from data.audit.entry import Action
from data.clock import system_clock
from data.cube.counting import Counting, mark_of
from data.cube.kept import add, kept
from data.cube.known import Regions
from data.cube.weeks import WEEK, monday
from data.errors import HomeError, PolicyError
from data.home import EXERCISE, Home, home_clock
from data.home_state import home_secret
from data.identity_file import FILE_NAME, read_oidc
from data.lake import LakeWriter
from data.partners import Policy
from data.policy_force import InForce
from data.recording import Record
from data.reports import withheld_records
from data.viewer import Identity, Viewer


@dataclass(frozen=True)
class Publication:
    """`is_new`: it was made now; else this week's was there already. `next_at`: when the next one is due."""

    as_of: datetime
    is_new: bool
    next_at: datetime


def publish(home: Home, who: Identity, at: datetime | None = None, *, record: Record) -> Publication:
    """Publish the cube of this week, unless it was published. `at`: what time it is in an exercise that runs.

    How many cells it has is not told: that is for nobody who sits at the command line. Raises HomeError
    when another process writes for long, or a time is given to a home whose clock is its own;
    StoreUnavailable when the lake cannot be read; PolicyError while nobody can be served by the policy.
    """
    with LakeWriter(home) as lake:
        as_of = monday(_now(home, lake, at))
        before = kept(home)
        if before.last is not None and before.last >= as_of:
            return Publication(before.last, False, before.last + WEEK)
        policy = InForce(home).read(system_clock)
        salt = hashlib.sha256(home_secret(home)).hexdigest()
        left_out = (*before.marks, *(mark_of(one.record_id, salt) for one in withheld_records(home)))
        making = Counting(lake, policy, bound_to(home, policy), left_out, salt, as_of)
        additions = tuple(making.additions())
        told = {"as_of": as_of.isoformat(), "policy_version": policy.version}
        record(Action.PUBLICATION, Viewer((who,)), told, durable=True)
        add(home, as_of, before, additions)
    return Publication(as_of, True, as_of + WEEK)


def _now(home: Home, lake: LakeWriter, at: datetime | None) -> datetime:
    if at is not None and home.kind != EXERCISE:
        raise HomeError(
            f"A time was given to a home of kind {home.kind!r}, expected an exercise: it has its own clock.",
            "Leave --at out.",
        )
    return at or home_clock(home, lake.knowledge_ends_at)()


def bound_to(home: Home, policy: Policy) -> frozenset[Regions]:
    """The sets of regions that somebody here is bound to: personas, accounts, a provider's groups."""
    found: set[Regions] = {one.regions for each in policy.whole for one in each.personas.values()}
    found |= {account.regions for account in accounts_of(home)}
    if (home.path / FILE_NAME).exists():
        with suppress(PolicyError):  # it may be about a proxy alone; who signs in so is an account
            found |= {group.regions for group in read_oidc(home, policy).groups}
    return frozenset(regions for regions in found if regions)
