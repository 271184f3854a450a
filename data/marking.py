"""The marking: one function for the top and the bottom of every screen, page and file.

It says what holds for all rows shown together, in the words of the policy's marking profile (look.md;
order of codes after standards.md section 10), and names of the recipients only the viewer's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from data.label_join import strictest
from data.labels import PUBLIC, Label
from data.partners import Operation, Policy
from data.viewer import Viewer
from data.words import Words, as_written, msgid

EXERCISE_STRIP = msgid("EXERCISE – FICTITIOUS")
NOTHING_SHOWN = msgid("no records shown")
UNCLASSIFIED = "UNCLASSIFIED"
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


def marking(
    policy: Policy, labels: Iterable[Label], viewer: Viewer, now: datetime, words: Words = as_written
) -> Marking:
    """The marking of rows with these labels, for this viewer; of no rows, the lowest level.

    The rows are taken to be released to the viewer; nothing is decided here. `words` is for what no standard
    words: levels, TLP and the codified phrases of NATO, the EU and nations are the same in every language.
    """
    strip = _strip(policy.operation, now, words)
    each = tuple(labels)
    if not each:
        return Marking(strip, _joined(policy, policy.levels[0], (words(NOTHING_SHOWN),), words))
    joined = strictest(each, policy)
    recipients = _recipients(policy, each, joined, viewer, now, words)
    banner = PROFILES[policy.operation.marking](joined.classification, recipients, words)
    categories = ", ".join(joined.required_categories)
    further = [words(msgid("categories {codes}")).format(codes=categories)] if categories else []
    caveats = [caveat for caveat in joined.caveats if caveat not in STATED_BY_THE_STRIP]
    sensitivity = (
        words(msgid("Sensitivity: {level}")).format(level=words(joined.sensitivity))
        if joined.sensitivity
        else ""
    )
    return Marking(strip, words.listed([banner, *further, *caveats]), joined.tlp, sensitivity)


def in_order(codes: Iterable[str]) -> tuple[str, ...]:
    """USA first, then codes of three letters, then longer ones, each from A to Z (standards.md 10)."""
    return tuple(sorted(set(codes), key=lambda code: (code != "USA", len(code) != 3, code)))


def _strip(operation: Operation, now: datetime, words: Words) -> str:
    if operation.kind == "exercise":
        return words(EXERCISE_STRIP)
    if operation.kind == "actual":
        return ""
    first = operation.from_at
    # half-open: the last day is the one before the end
    last = operation.until_at - timedelta(microseconds=1) if operation.until_at else now
    days = [words.day(at) for at in (first, last) if at is not None]
    return words(msgid("REPLAY {days}")).format(days=" – ".join(dict.fromkeys(days)))


ALL_PARTNERS = msgid("all partners")
"""What PUBLIC says on a screen: every registered partner."""


def _recipients(
    policy: Policy, labels: Sequence[Label], joined: Label, viewer: Viewer, now: datetime, words: Words
) -> _Recipients:
    """All of them for the one owner of everything; for others only those codes that are the viewer's own."""
    if viewer.partners == {joined.originator}:
        return _Recipients(in_order(joined.releasable_to), in_order(joined.display_only_to))
    own = viewer.partners.union(*(policy.groups_of(code, now) for code in viewer.partners))
    if all(PUBLIC in label.releasable_to for label in labels):
        return _Recipients((words(ALL_PARTNERS),), ())
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


def _joined(policy: Policy, level: str, said: Sequence[str], words: Words) -> str:
    return words.listed([PROFILES[policy.operation.marking](level, _Recipients((), ()), words), *said])


def _said(sentence: str, codes: Sequence[str]) -> list[str]:
    return [sentence.format(codes=", ".join(codes))] if codes else []


RELEASABLE, DISPLAY_ONLY = msgid("Releasable to {codes}"), msgid("Display only to {codes}")


def _plain(level: str, to: _Recipients, words: Words) -> str:
    """OPEN · Releasable to XAB, XAC · Display only to XAD"""
    said = _said(words(RELEASABLE), to.released) + _said(words(DISPLAY_ONLY), to.shown)
    return words.listed([level, *said])


def _nato(level: str, to: _Recipients, words: Words) -> str:
    """NATO UNCLASSIFIED Releasable to XAB, XAC; a level that is not NATO's is not called so."""
    if level != UNCLASSIFIED:
        return _plain(level, to, words)
    said = _said(RELEASABLE, to.released) + _said(DISPLAY_ONLY, to.shown)
    return " ".join([f"NATO {level}", *said])


def _eu(level: str, to: _Recipients, words: Words) -> str:
    """OPEN · RELEASABLE TO: XAB, XAC"""
    del words
    said = _said("RELEASABLE TO: {codes}", to.released) + _said("DISPLAY ONLY TO: {codes}", to.shown)
    return " · ".join([level, *said])


def _un(level: str, to: _Recipients, words: Words) -> str:
    """UN UNCLASSIFIED · Releasable to XAB, XAC"""
    return _plain(f"UN {level}" if level == UNCLASSIFIED else level, to, words)


def _national(level: str, to: _Recipients, words: Words) -> str:
    """OPEN//REL TO USA, FRA, MLI, UN/DISPLAY ONLY AFG (standards.md 10 and 15)"""
    del words
    said = "/".join(_said("REL TO {codes}", to.released) + _said("DISPLAY ONLY {codes}", to.shown))
    return f"{level}//{said}" if said else level


def _humanitarian(level: str, to: _Recipients, words: Words) -> str:
    """OPEN · Shared with XAB, XAC; TLP and sensitivity stand beside it."""
    shared, on_screen = words(msgid("Shared with {codes}")), words(msgid("On screen only for {codes}"))
    return words.listed([level, *_said(shared, to.released), *_said(on_screen, to.shown)])


PROFILES: Mapping[str, Callable[[str, _Recipients, Words], str]] = MappingProxyType(
    {"nato": _nato, "eu": _eu, "un": _un, "national": _national, "humanitarian": _humanitarian}
)
"""How each marking profile words a level and its recipients."""
