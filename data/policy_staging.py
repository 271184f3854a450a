"""Two releasers: what widens comes into force when two different people have approved it (R8).

A person is the id of an identity; whoever proposed the change may be one of the two. Both hold the role
releaser and belong to a partner of the policy in force. Where labels of records widen, their originator has a
say: each originator concerned must be among the partners of those who approved, so that nobody else gives
away its data. Two people of one partner may approve a policy: agreements are what partners signed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from data.audit.entry import Action
from data.clock import Clock, system_clock
from data.errors import NotApproved
from data.feeds.relabelling import relabel_into
from data.home import REPLAY, Home, home_clock
from data.labels import Label
from data.lake import LakeWriter
from data.partners import RELEASER, Policy
from data.policy_change import current
from data.policy_force import putting
from data.policy_staged import IN_FORCE, LAPSED, Staged, add_approval, close, staged
from data.policy_versions import APPROVED, add_version
from data.recording import Record
from data.schema import FEED_NAMES
from data.viewer import Identity, Viewer
from data.words import msgid

NEEDED = 2


def waiting(home: Home) -> tuple[Staged, ...]:
    """What waits and may still be approved: it was compared with the policy that is in force now."""
    digest = current(home).parsed().digest
    return tuple(one for one in staged(home) if not one.closed and one.compared == digest)


def approve(
    home: Home,
    number: int,
    identity: Identity,
    *,
    clock: Clock = system_clock,
    record: Record,
) -> Staged:
    """Add somebody's approval; with enough of them the change is in force when this returns.

    Where that was broken off with all approvals there, any releaser may ask again, and it is done.
    `identity` comes from the server's session. Raises NotApproved, saying why.
    """
    with LakeWriter(home) as lake:
        policy = current(home).parsed()
        change = _open(home, number, policy, clock())
        _check_person(change, identity, policy)
        details = {"staged": number, "compared": change.compared, "words": list(change.told.lines)}
        record(Action.APPROVAL, Viewer((identity,)), details, durable=True)
        if any(lacking(change)):
            add_approval(home, number, clock(), identity.id, identity.partner)
        change = _found(home, number)
        if not any(lacking(change)):
            widened = {**details, "how": "widened"}
            record(Action.POLICY_CHANGE, Viewer((identity,)), widened, durable=True)
            _put_in_force(home, lake, change, clock())
    return _found(home, number)


def lacking(change: Staged) -> Iterator[str]:
    """What it still waits for, in words."""
    if people := people_lacking(change):
        yield f"{people} more with the role {RELEASER}"
    for owner in owners_lacking(change):
        yield f"one of {owner}, whose records they are"


def people_lacking(change: Staged) -> int:
    """How many more people must approve it."""
    return max(0, NEEDED - len({approval.who for approval in change.approvals}))


def owners_lacking(change: Staged) -> tuple[str, ...]:
    """Originators of its records of whom nobody has approved it yet."""
    present = {approval.partner for approval in change.approvals}
    return tuple(owner for owner in change.owners if owner not in present)


def _found(home: Home, number: int) -> Staged:
    for change in staged(home):
        if change.number == number:
            return change
    raise NotApproved(
        msgid("There is no staged change {number}."),
        msgid("See what waits on the page Agreements."),
        number=number,
    )


def _open(home: Home, number: int, policy: Policy, at: datetime) -> Staged:
    change = _found(home, number)
    if not change.closed and change.compared != policy.digest:
        close(home, number, at, LAPSED)
        change = _found(home, number)
    if change.closed == LAPSED:
        raise NotApproved(
            msgid("The staged change {number} has lapsed: the policy has moved since it was compared."),
            msgid("Apply the file again."),
            number=number,
        )
    if change.closed:
        raise NotApproved(msgid("The staged change {number} is in force already."), number=number)
    return change


def _check_person(change: Staged, identity: Identity, policy: Policy) -> None:
    if RELEASER not in identity.roles:
        raise NotApproved(msgid("Only somebody with the role releaser approves."))
    if identity.partner not in policy.partners:
        raise NotApproved(msgid("Only somebody of a partner of the policy in force approves."))
    if any(lacking(change)) and identity.id in {approval.who for approval in change.approvals}:
        raise NotApproved(msgid("You have approved it already; another person must be the second."))


def _put_in_force(home: Home, lake: LakeWriter, change: Staged, at: datetime) -> None:
    """Labels first: they release nothing that the policy, still held to its bounds, withholds."""
    now = None if home.kind == REPLAY else home_clock(home, lake.knowledge_ends_at)()
    relabel_into(lake, _still_as_compared(lake, change), now)
    if change.text is not None:
        last = change.approvals[-1]
        with putting(home, change.text):
            add_version(home, change.text, (last.who, last.partner), APPROVED, at)
    close(home, change.number, at, IN_FORCE)


def _still_as_compared(lake: LakeWriter, change: Staged) -> dict[str, Label]:
    """Records of which something newer was said since keep the label that came with it."""
    found: dict[str, Label] = {}
    for feed in FEED_NAMES if change.labels else ():
        for row in lake.newest_rows(feed).select(["record_id", "revision"]).to_pylist():
            revision, label = change.labels.get(row["record_id"], (0, None))
            if label is not None and revision == row["revision"]:
                found[row["record_id"]] = label
    return found
