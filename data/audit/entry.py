"""An entry: one line of canonical JSON that carries its own hash and the hash of the line before it.

What an entry is bound to, by its hash and in the tree, is its committed form: the line itself, but of a view
the SHA-256 and the length of what it says in the place of that. So a view can be emptied when its time is
over (`data.audit.retention`), and the trail verifies as before; no other entry can.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from data.errors import AuditBroken
from data.partners import canonical
from data.viewer import Viewer

NOTHING_BEFORE = "0" * 64
"""`prev_hash` of the first entry."""

_END = re.compile(
    rb',"hash":"([0-9a-f]{64})"(,"monotonic":\d{1,19},"prev_hash":"([0-9a-f]{64})","seq":(\d{1,15})'
    rb',"utc":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)"\})\Z'
)
"""How every line ends: the keys stand in order, and no text from outside comes after `details`."""

_LONGEST_END = 300
_VIEW = b'{"action":"view",'
_EMPTIED = re.compile(rb'\{"action":"view","body":"[0-9a-f]{64}","body_length":([1-9]\d{0,8})( *)\Z')


class Action(StrEnum):
    """What an entry is about."""

    VIEW = "view"
    EXPORT = "export"
    DENIAL = "denial"
    POLICY_CHANGE = "policy_change"
    LABEL_CHANGE = "label_change"
    APPROVAL = "approval"
    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    SIGN_IN_REFUSED = "sign_in_refused"
    USER_CHANGE = "user_change"
    RECALL = "recall"
    REPORT = "report"
    REPORT_DECIDED = "report_decided"
    PURGE = "purge"
    RETENTION = "retention"
    PUBLICATION = "publication"
    """A cube was published."""

    TORN_LINE = "torn_line"
    """A line that a crash had left half-written was set aside."""

    NOT_RECORDED = "not_recorded"
    """So many entries of views could not be written before this one."""

    BEGUN_ANEW = "begun_anew"
    """A trail that did not verify was put away by a person, and this one began."""


@dataclass(frozen=True)
class Actor:
    """One identity of whoever did it."""

    subject: str
    partner: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """An entry as it is read. `utc` is real time; `monotonic`: microseconds since the machine started."""

    seq: int
    utc: datetime
    monotonic: int
    actor: tuple[Actor, ...]
    action: Action
    details: Mapping[str, object]
    prev_hash: str
    hash: str

    @property
    def originators(self) -> frozenset[str]:
        """The partners whose data it is about."""
        codes = self.details.get("originators")
        return frozenset(codes) if isinstance(codes, list) else frozenset()


@dataclass(frozen=True)
class Seal:
    """What a line says of its place: enough to check the chain without reading the rest."""

    seq: int
    utc: str
    prev_hash: str
    hash: str
    fits: bool
    """Whether the hash is that of the committed form."""

    committed: bytes
    is_emptied: bool


def written(action: Action, who: Viewer, details: Mapping[str, object]) -> str:
    """The part of a line that does not hang on its place. `details` are plain already.

    `blind` goes when a view is emptied: without it, whose look it was could be guessed by its hash.
    """
    actor = [
        {"subject": one.id, "partner": one.partner, "roles": sorted(one.roles)} for one in who.identities
    ]
    said = {"action": str(action), "actor": actor, "details": details}
    return canonical(said | ({"blind": secrets.token_hex(16)} if action is Action.VIEW else {}))[:-1]


def stamp(utc: datetime) -> str:
    """A time as entries and checkpoints say it."""
    return utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def sealed(head: str, seq: int, utc: datetime, monotonic: int, prev_hash: str) -> tuple[str, bytes]:
    """The entry's hash and its whole line, without the line break."""
    moment = stamp(utc)
    tail = f',"monotonic":{monotonic},"prev_hash":"{prev_hash}","seq":{seq},"utc":"{moment}"}}'
    digest = hashlib.sha256(_committed(head.encode()) + tail.encode()).hexdigest()
    return digest, f'{head},"hash":"{digest}"{tail}'.encode()


def seal_of(line: bytes) -> Seal | None:
    """The seal of a line; None when it is no entry."""
    found = _END.search(line, max(0, len(line) - _LONGEST_END))
    if found is None:
        return None
    said, head = found[1].decode(), line[: found.start()]
    bound = _committed(head)
    fits = hashlib.sha256(bound + found[2]).hexdigest() == said and _fills_its_place(head)
    if not fits and hashlib.sha256(head + found[2]).hexdigest() == said:
        bound, fits = head, True  # written before views had a committed form: it cannot be emptied
    return Seal(
        seq=int(found[4]),
        utc=found[5].decode(),
        prev_hash=found[3].decode(),
        hash=said,
        fits=fits,
        committed=bound + line[found.start() :],
        is_emptied=is_emptied(line),
    )


def utc_of(line: bytes) -> str:
    """When the entry of a line was made, as it says it; empty when it is none."""
    found = _END.search(line, max(0, len(line) - _LONGEST_END))
    return found[5].decode() if found else ""


def committed(line: bytes) -> bytes:
    """What the tree is bound to, of a line that is an entry."""
    seal = seal_of(line)
    return line if seal is None else seal.committed


def is_emptied(line: bytes) -> bool:
    """Whether the line is of a view whose time is over: it says that somebody looked, and when."""
    return line.startswith(_VIEW + b'"body":')


def emptied(line: bytes) -> bytes | None:
    """The line of a view without what it says, as long as before; None where nothing is to be emptied."""
    found = _END.search(line, max(0, len(line) - _LONGEST_END))
    if found is None or not line.startswith(_VIEW) or is_emptied(line):
        return None
    head = _committed(line[: found.start()])
    if len(head) > found.start():
        return None
    shorter = head.ljust(found.start()) + line[found.start() :]
    seal = seal_of(shorter)
    return shorter if seal is not None and seal.fits else None


def _committed(head: bytes) -> bytes:
    if not head.startswith(_VIEW):
        return head
    if _EMPTIED.match(head):
        return head.rstrip(b" ")
    body = head[len(_VIEW) :]
    return _VIEW + f'"body":"{hashlib.sha256(body).hexdigest()}","body_length":{len(body)}'.encode()


def _fills_its_place(head: bytes) -> bool:
    """An emptied view stands where it stood, neither shorter nor longer."""
    found = _EMPTIED.match(head)
    return found is None or len(head) == len(_VIEW) + int(found[1])


def read(line: bytes) -> Entry:
    """The entry of a line. Raises AuditBroken when it is none."""
    try:
        told = json.loads(line)
        return Entry(
            seq=told["seq"],
            utc=datetime.fromisoformat(told["utc"]),
            monotonic=told["monotonic"],
            actor=tuple(Actor(one["subject"], one["partner"], tuple(one["roles"])) for one in told["actor"]),
            action=Action(told["action"]),
            details=told["details"],
            prev_hash=told["prev_hash"],
            hash=told["hash"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise AuditBroken("A line of the audit trail is no entry.") from error
