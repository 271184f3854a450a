"""An entry: one line of canonical JSON that carries its own hash and the hash of the line before it."""

from __future__ import annotations

import hashlib
import json
import re
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
    PURGE = "purge"
    RETENTION = "retention"
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
    """Whether the hash is that of the line's content."""


def written(action: Action, who: Viewer, details: Mapping[str, object]) -> str:
    """The part of a line that does not hang on its place. `details` are plain already."""
    actor = [
        {"subject": one.id, "partner": one.partner, "roles": sorted(one.roles)} for one in who.identities
    ]
    return canonical({"action": str(action), "actor": actor, "details": details})[:-1]


def sealed(head: str, seq: int, utc: datetime, monotonic: int, prev_hash: str) -> tuple[str, bytes]:
    """The entry's hash and its whole line, without the line break."""
    moment = utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    tail = f',"monotonic":{monotonic},"prev_hash":"{prev_hash}","seq":{seq},"utc":"{moment}"}}'
    digest = hashlib.sha256(f"{head}{tail}".encode()).hexdigest()
    return digest, f'{head},"hash":"{digest}"{tail}'.encode()


def seal_of(line: bytes) -> Seal | None:
    """The seal of a line; None when it is no entry."""
    found = _END.search(line, max(0, len(line) - _LONGEST_END))
    if found is None:
        return None
    said = found[1].decode()
    fits = hashlib.sha256(line[: found.start()] + found[2]).hexdigest() == said
    return Seal(int(found[4]), found[5].decode(), found[3].decode(), said, fits)


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
