"""The marking: one function for the top and the bottom of every screen, page and file.

It says what holds for all rows shown together, in the words of the policy's marking profile (look.md;
order of codes after standards.md section 10), and names of the recipients only the viewer's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from data.label_join import strictest
from data.labels import PUBLIC, Label
from data.partners import Operation, Policy
from data.viewer import Viewer

EXERCISE_STRIP = "EXERCISE – FICTITIOUS"
NOTHING_SHOWN = "no records shown"
UNCLASSIFIED = "UNCLASSIFIED"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
"""In English whatever the server's locale is."""

STATED_BY_THE_STRIP = frozenset({"EXERCISE"})


@dataclass(frozen=True)
class Marking:
    """What stands top and bottom. `strip` and `sensitivity` may be empty; `tlp` is a word of TLP 2.0."""

    strip: str
    banner: str
    tlp: str | None = None
    sensitivity: str = ""

    @property
    def line(self) -> str:
        """All of it in one line, for files that have no chips."""
        tlp = f"TLP:{self.tlp}" if self.tlp else ""
        return " · ".join(part for part in (self.strip, self.banner, tlp, self.sensitivity) if part)


@dataclass(frozen=True)
class _Recipients:
    """Codes in their order: who may have it, and who may only be shown it."""

    released: tuple[str, ...]
    shown: tuple[str, ...]


def marking(policy: Policy, labels: Iterable[Label], viewer: Viewer, now: datetime) -> Marking:
    """The marking of rows with these labels, for this viewer; of no rows, the lowest level.

    The rows are taken to be released to the viewer; nothing is decided here.
    """
    strip = _strip(policy.operation, now)
    each = tuple(labels)
    if not each:
        return Marking(strip, _joined(policy, policy.levels[0], (NOTHING_SHOWN,)))
    joined = strictest(each, policy)
    recipients = _recipients(policy, each, joined, viewer, now)
    words = PROFILES[policy.operation.marking](joined.classification, recipients)
    further = [f"categories {', '.join(joined.required_categories)}"] if joined.required_categories else []
    caveats = [caveat for caveat in joined.caveats if caveat not in STATED_BY_THE_STRIP]
    sensitivity = f"Sensitivity: {joined.sensitivity}" if joined.sensitivity else ""
    return Marking(strip, " · ".join([words, *further, *caveats]), joined.tlp, sensitivity)


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """USA first, then codes of three letters, then longer ones, each from A to Z (standards.md 10)."""
    return tuple(sorted(set(codes), key=lambda code: (code != "USA", len(code) != 3, code)))


def _strip(operation: Operation, now: datetime) -> str:
    if operation.kind == "exercise":
        return EXERCISE_STRIP
    if operation.kind == "actual":
        return ""
    first = operation.from_at
    # half-open: the last day is the one before the end
    last = operation.until_at - timedelta(microseconds=1) if operation.until_at else now
    days = [_day(at) for at in (first, last) if at is not None]
    return f"REPLAY {' – '.join(dict.fromkeys(days))}"


def _day(at: datetime) -> str:
    at = at.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


ALL_PARTNERS = "all partners"
"""What PUBLIC says on a screen: every registered partner."""


def _recipients(
    policy: Policy, labels: Sequence[Label], joined: Label, viewer: Viewer, now: datetime
) -> _Recipients:
    """All of them for the one owner of everything; for others only those codes that are the viewer's own."""
    if viewer.partners == {joined.originator}:
        return _Recipients(in_order(joined.releasable_to), in_order(joined.display_only_to))
    own = viewer.partners.union(*(policy.groups_of(code, now) for code in viewer.partners))
    if all(PUBLIC in label.releasable_to for label in labels):
        return _Recipients((ALL_PARTNERS,), ())
    groups = {code: policy.groups_of(code, now) for code in viewer.partners}
    released = {
        code for code in own if all(_reaches(code, label, label.releasable_to, groups) for label in labels)
    }
    shown = {
        code
        for code in own
        if all(_reaches(code, label, label.releasable_to + label.display_only_to, groups) for label in labels)
    }
    return _Recipients(in_order(released), in_order(shown - released))


def _reaches(code: str, label: Label, listed: Sequence[str], groups: Mapping[str, frozenset[str]]) -> bool:
    """Whether a list lets all of `code` read: by name, as originator, by PUBLIC, by a group it is in."""
    names = {code, PUBLIC} | groups.get(code, frozenset())
    return code == label.originator or not names.isdisjoint(listed)


def _joined(policy: Policy, level: str, words: Sequence[str]) -> str:
    return " · ".join([PROFILES[policy.operation.marking](level, _Recipients((), ())), *words])


def _said(verb: str, codes: Sequence[str]) -> list[str]:
    return [f"{verb} {', '.join(codes)}"] if codes else []


def _plain(level: str, to: _Recipients) -> str:
    """OPEN · Releasable to XAB, XAC · Display only to XAD"""
    words = _said("Releasable to", to.released) + _said("Display only to", to.shown)
    return " · ".join([level, *words])


def _nato(level: str, to: _Recipients) -> str:
    """NATO UNCLASSIFIED Releasable to XAB, XAC; a level that is not NATO's is not called so."""
    if level != UNCLASSIFIED:
        return _plain(level, to)
    words = _said("Releasable to", to.released) + _said("Display only to", to.shown)
    return " ".join([f"NATO {level}", *words])


def _eu(level: str, to: _Recipients) -> str:
    """OPEN · RELEASABLE TO: XAB, XAC"""
    words = _said("RELEASABLE TO:", to.released) + _said("DISPLAY ONLY TO:", to.shown)
    return " · ".join([level, *words])


def _un(level: str, to: _Recipients) -> str:
    """UN UNCLASSIFIED · Releasable to XAB, XAC"""
    return _plain(f"UN {level}" if level == UNCLASSIFIED else level, to)


def _national(level: str, to: _Recipients) -> str:
    """OPEN//REL TO USA, FRA, MLI, UN/DISPLAY ONLY AFG (standards.md 10 and 15)"""
    words = "/".join(_said("REL TO", to.released) + _said("DISPLAY ONLY", to.shown))
    return f"{level}//{words}" if words else level


def _humanitarian(level: str, to: _Recipients) -> str:
    """OPEN · Shared with XAB, XAC; TLP and sensitivity stand beside it."""
    words = _said("Shared with", to.released) + _said("On screen only for", to.shown)
    return " · ".join([level, *words])


PROFILES: Mapping[str, Callable[[str, _Recipients], str]] = MappingProxyType(
    {"nato": _nato, "eu": _eu, "un": _un, "national": _national, "humanitarian": _humanitarian}
)
"""How each marking profile words a level and its recipients."""
