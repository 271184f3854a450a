"""`policy apply`: a whole policy.toml is compared with what is in force, told, and put in force.

What only narrows is in force at once. Of what widens, the narrowing part is: the policy in force is held to
the new one too, and labels get what both say. The rest is staged (`data.policy_staging`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from data.audit.details import MOST_RECORD_IDS, RECORD_IDS
from data.audit.entry import Action
from data.clock import Clock, system_clock
from data.connection import Connection, reader_connection
from data.errors import PolicyError
from data.feeds.relabelling import relabel_into
from data.home import REPLAY, Home, home_clock
from data.labels import Label
from data.lake import LakeWriter
from data.partners import Policy
from data.policy import parse_policy, policy_document
from data.policy_difference import difference, told_effects, told_labels
from data.policy_effect import Effect, Relabelled, effects
from data.policy_force import Texts, holding, putting, restore, texts_in_force, texts_of
from data.policy_order import why_wider
from data.policy_relabel import Relabelling, relabelled, relabels
from data.policy_staged import Staged, Told, stage, staged
from data.policy_versions import APPLIED, BY_HAND, FOUND, HELD_TO, add_version, in_force, versions
from data.recording import Record
from data.viewer import Identity, Viewer


@dataclass(frozen=True)
class Proposal:
    """A file compared with what is in force. `lines`: the difference in words. `wider`: why releasers must
    approve, a phrase each. `compared`: the digest of the policy that it was compared with. `already`: this
    very file waits already."""

    text: bytes
    policy: Policy
    compared: str
    lines: tuple[str, ...]
    effects: tuple[Effect, ...]
    wider: tuple[str, ...]
    labels: tuple[Relabelling, ...]
    already: Staged | None = None

    @property
    def is_nothing(self) -> bool:
        """Whether the file says what is in force already."""
        return not self.lines

    @property
    def waits(self) -> bool:
        """Whether a part of it is for two releasers."""
        return bool(self.wider) or any(one.waits for one in self.labels)


@dataclass(frozen=True)
class Outcome:
    """What came of a proposal. `whole`: in force as it stands; `held`: what narrows is in force, the rest is
    `staged`; `relabelled`: revisions written."""

    whole: bool
    held: bool
    relabelled: int
    staged: Staged | None


def propose(home: Home, content: bytes, where: str) -> Proposal:
    """Read a whole policy.toml and compare it. Raises PolicyError when anything in it is wrong."""
    document = policy_document(content, where)
    policy = parse_policy(document, where)
    asked = relabels(document, where)
    old = current(home).parsed()
    _check_same_home(old, policy, where)
    with LakeWriter(home) as lake:
        labels = relabelled(lake, asked, policy)
        now = home_clock(home, lake.knowledge_ends_at)()
    found = counted(home, old, policy, now, labels)
    wider = _why_wider(home, old, policy, now) if policy.digest != old.digest else ()
    lines = (*difference(old, policy), *told_labels(labels), *told_effects(found))
    if not lines and policy.digest != old.digest:
        lines = ("what is in force is held to another version; the file stands alone",)
    waits = _already(home, content if wider else None, old.digest, labels)
    return Proposal(content, policy, old.digest, lines, found, wider, labels, waits)


def _already(home: Home, text: bytes | None, digest: str, labels: tuple[Relabelling, ...]) -> Staged | None:
    """The staged change that this very file would be, when there is one."""
    asked = _waiting_labels(labels, frozenset())
    fresh = any(one.at_once != one.label for one in labels) or (text is None and not asked)
    for one in staged(home):
        same = (one.text, dict(one.labels), one.compared) == (text, asked, digest)
        if same and not one.closed and not fresh:
            return one
    return None


def _waiting_labels(labels: tuple[Relabelling, ...], written: frozenset[str]) -> dict[str, tuple[int, Label]]:
    """By record the revision that will be the newest, and the label that waits."""
    return {
        one.record_id: (one.revision + (one.record_id in written), one.wanted) for one in labels if one.waits
    }


def _why_wider(home: Home, old: Policy, new: Policy, now: datetime) -> tuple[str, ...]:
    """What the texts say; and, should they miss something, what the decisions say."""
    told = why_wider(old, new)
    if not told and any(effect.widens for effect in counted(home, old, new, now)):
        return ("records are released that were not",)
    return told


def current(home: Home) -> Texts:
    """The texts in force. An exercise's or a replay's file may be edited by hand, an actual one's may not."""
    recorded = texts_in_force(home)
    if recorded.parsed().operation.kind == "actual" and in_force(versions(home)):
        return recorded
    return texts_of(home)


def counted(
    home: Home, old: Policy, new: Policy, now: datetime, labels: tuple[Relabelling, ...] = ()
) -> tuple[Effect, ...]:
    """What the change does, by decisions on the lake."""
    wanted = list(dict.fromkeys(one.wanted for one in labels))
    numbers = {label: number for number, label in enumerate(wanted)}
    changed = Relabelled(tuple(wanted), {one.record_id: numbers[one.wanted] for one in labels})
    lake: Connection = reader_connection(home)
    try:
        return effects(lake, old, new, now, changed)
    finally:
        lake.close()


def _check_same_home(old: Policy, new: Policy, where: str) -> None:
    pairs = (
        ("[operation] id", old.operation.id, new.operation.id),
        ("[operation] kind", old.operation.kind, new.operation.kind),
        ("[policy] id", old.id, new.id),
    )
    for name, then, now in pairs:
        if then != now:
            raise PolicyError(
                f"{where}: {name} is {now!r}, and this home holds {then!r}, to which its records belong.",
                "Apply it to another home, or mend the file.",
            )


def carry_out(
    home: Home,
    proposal: Proposal,
    who: Identity,
    *,
    clock: Clock = system_clock,
    record: Record,
) -> Outcome:
    """Put in force what narrows and stage the rest. Raises PolicyError when the policy moved meanwhile."""
    at, by = clock(), (who.id, who.partner)
    with LakeWriter(home) as lake:
        found = current(home)
        if found.parsed().digest != proposal.compared:
            raise PolicyError("The policy in force changed meanwhile.", "Apply the file again.")
        _remember(home, found, at)
        record(Action.POLICY_CHANGE, Viewer((who,)), _details(proposal), durable=True)
        now = None if home.kind == REPLAY else home_clock(home, lake.knowledge_ends_at)()
        held = {one.record_id: one.at_once for one in proposal.labels if one.at_once != one.label}
        written = relabel_into(lake, held, now)
        if not proposal.wider:
            with putting(home, proposal.text):
                add_version(home, proposal.text, by, APPLIED, at)
        elif proposal.text not in found.bounds:
            with holding(home, proposal.text) as hold:
                hold(add_version(home, proposal.text, by, HELD_TO, at).number)
        rest = _stage(home, proposal, by, at, frozenset(held)) if proposal.waits else None
    return Outcome(not proposal.wider, bool(proposal.wider), written, rest)


def _remember(home: Home, found: Texts, at: datetime) -> None:
    """A policy that no version says yet is the first one, or was edited by hand."""
    known = in_force(versions(home))
    if known and found == texts_in_force(home):
        if found != _on_disk(home):
            restore(home, known)
    else:
        add_version(home, found.policy, ("", ""), BY_HAND if known else FOUND, at)
        for text in found.bounds:
            add_version(home, text, ("", ""), HELD_TO, at)


def _on_disk(home: Home) -> Texts | None:
    try:
        return texts_of(home)
    except PolicyError:
        return None


def _stage(
    home: Home, proposal: Proposal, by: tuple[str, str], at: datetime, written: frozenset[str]
) -> Staged:
    waiting = _waiting_labels(proposal.labels, written)
    compared = texts_of(home).parsed().digest
    text = proposal.text if proposal.wider else None
    return stage(home, by, at, compared, text, waiting, _told(home, proposal))


def _told(home: Home, proposal: Proposal) -> Told:
    waiting = [one for one in proposal.labels if one.waits]
    lines = (*proposal.wider, *told_labels(waiting), *proposal.lines)
    terms = (*proposal.wider, *difference(current(home).parsed(), proposal.policy))
    codes = {one.originator for one in proposal.effects} | {one.label.originator for one in waiting}
    figures = {
        code: (
            *told_labels(one for one in waiting if one.label.originator == code),
            *told_effects(one for one in proposal.effects if one.originator == code),
        )
        for code in sorted(codes)
    }
    return Told(lines, terms, figures)


def _details(proposal: Proposal) -> dict[str, object]:
    return {
        "how": "applied",
        "policy_version": proposal.policy.version,
        "digest": proposal.policy.digest,
        "compared": proposal.compared,
        "difference": list(proposal.lines),
        "staged": proposal.waits,
        "relabelled": len(proposal.labels),
        "originators": sorted({one.label.originator for one in proposal.labels}),
        RECORD_IDS: [one.record_id for one in proposal.labels][:MOST_RECORD_IDS],
    }
