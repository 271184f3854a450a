"""The label block: who may see a record. One row per distinct label, hundreds of rows point to it.

The closed table of the release policy (Amendments). Labels are written by ingest only; what is missing,
unknown or contradictory in one is refused there, so that every label in the store is a whole one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from data.errors import LabelMissing, LabelRefused
from data.partners import Policy, canonical
from data.viewer import Viewer

GEO_LEVELS = ("exact", "adm2", "adm1", "adm0", "none")
"""From finest to coarsest. `none`: nothing of the place is released, not even the country."""

AGG_RELEASES = ("none", "cube_k")
TLP = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")
SENSITIVITIES = ("low", "moderate", "high", "severe")
PUBLIC = "PUBLIC"
"""In `releasable_to`: every registered partner. There is no ALL."""


@dataclass(frozen=True)
class Label:
    """A distinct label. Lists are sorted, without duplicates. Empty `releasable_to` = originator only."""

    originator: str
    policy_id: str
    classification: str
    releasable_to: tuple[str, ...] = ()
    required_categories: tuple[str, ...] = ()
    display_only_to: tuple[str, ...] = ()
    release_geo_level: str = "exact"
    agg_release: str = "none"
    policy_version: str = ""
    caveats: tuple[str, ...] = ()
    tlp: str | None = None
    sensitivity: str | None = None


def coarsest(*levels: str) -> str:
    """The coarsest of some geo levels (the strictest obligation holds)."""
    return max(levels, key=GEO_LEVELS.index)


MUST_BE_SAID = ("originator", "policy_id", "classification")
LISTS = ("releasable_to", "required_categories", "display_only_to", "caveats")
TIMES = ("release_from", "release_until", "label_review_on")
"""Stand on the record, and are checked with its label."""

LONGEST_CAVEAT = 64
OBSOLETE_TLP = "WHITE"
"""TLP 1's word for CLEAR."""


def parse_label(given: Mapping[str, object], policy: Policy) -> Label:
    """The label that a record was given, checked to the last value.

    `given` holds fields of Label, and may hold the record's `release_from`, `release_until` and
    `label_review_on`, which are checked too. A field that nothing was said about is left out: a list that
    is None, or says something twice, is refused. Raises LabelMissing when originator, policy_id or
    classification is absent, LabelRefused when a value is not one.
    """
    known = {item.name for item in fields(Label)}
    for name in given:
        if name not in known and name not in TIMES:
            raise LabelRefused(name, given[name], "no such field in a label")
    for name in MUST_BE_SAID:
        if given.get(name) in (None, ""):
            raise LabelMissing(name)
    codes = {*policy.partners, *policy.groups, PUBLIC}
    expected = f"registered codes of partners or groups, or {PUBLIC}"
    label = Label(
        originator=_word(given, "originator", policy.partners, "the code of a registered partner"),
        policy_id=_word(given, "policy_id", (policy.id,), f"the policy of this operation, {policy.id}"),
        classification=_word(given, "classification", policy.levels, f"one of {', '.join(policy.levels)}"),
        releasable_to=_list(given, "releasable_to", codes.__contains__, expected),
        required_categories=_list(
            given, "required_categories", policy.categories.__contains__, "categories of the policy"
        ),
        display_only_to=_list(given, "display_only_to", codes.__contains__, expected),
        release_geo_level=_word(given, "release_geo_level", GEO_LEVELS, default="exact"),
        agg_release=_word(given, "agg_release", AGG_RELEASES, default="none"),
        policy_version=_version(given, policy),
        caveats=_list(given, "caveats", _is_caveat, f"words of at most {LONGEST_CAVEAT} characters"),
        tlp=_tlp(given),
        sensitivity=_word(given, "sensitivity", SENSITIVITIES) if given.get("sensitivity") else None,
    )
    _check_contradictions(label)
    _check_times(given)
    return label


def _word(
    given: Mapping[str, object], name: str, allowed: Collection[str], expected: str = "", default: str = ""
) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or value not in allowed:
        raise LabelRefused(name, value, expected or f"one of {', '.join(allowed)}")
    return value


def _list(
    given: Mapping[str, object], name: str, fits: Callable[[str], bool], expected: str
) -> tuple[str, ...]:
    values = given.get(name, ())
    if not isinstance(values, (list, tuple)):
        raise LabelRefused(name, values, f"a list of {expected}")
    for value in values:
        if not isinstance(value, str) or not fits(value):
            raise LabelRefused(name, value, expected)
    if len(set(values)) < len(values):
        raise LabelRefused(name, ", ".join(values), "each value once")
    return tuple(sorted(values))


def _is_caveat(text: str) -> bool:
    return 0 < len(text) <= LONGEST_CAVEAT and text.isprintable() and text == text.strip()


def _tlp(given: Mapping[str, object]) -> str | None:
    if given.get("tlp") in (None, ""):
        return None
    if given["tlp"] == OBSOLETE_TLP:
        return TLP[0]
    return _word(given, "tlp", TLP)


def _version(given: Mapping[str, object], policy: Policy) -> str:
    value = given.get("policy_version") or policy.version
    if not isinstance(value, str):
        raise LabelRefused("policy_version", value, "the version of the policy as text")
    return value


def _check_contradictions(label: Label) -> None:
    both = set(label.releasable_to) & set(label.display_only_to)
    if both:
        expected = "no code that stands in releasable_to too"
        raise LabelRefused("display_only_to", ", ".join(sorted(both)), expected)
    if PUBLIC in label.releasable_to and label.display_only_to:
        expected = f"nothing beside a release to {PUBLIC}"
        raise LabelRefused("display_only_to", ", ".join(label.display_only_to), expected)


def _check_times(given: Mapping[str, object]) -> None:
    begin, end, review = (given.get(name) for name in TIMES)
    for name, value in zip(TIMES[:2], (begin, end), strict=True):
        if value is not None and (not isinstance(value, datetime) or value.utcoffset() is None):
            raise LabelRefused(name, value, "a time with its zone")
    if isinstance(begin, datetime) and isinstance(end, datetime) and end <= begin:
        raise LabelRefused("release_until", end.isoformat(), "a time after release_from")
    if review is not None and (not isinstance(review, date) or isinstance(review, datetime)):
        raise LabelRefused("label_review_on", review, "a date")


def label_digest(label: Label) -> str:
    """A label's own SHA-256, hex: how the audit trail names it."""
    return hashlib.sha256(canonical(label).encode()).hexdigest()


def label_hash(label: Label, content_hash: str, record_id: str) -> str:
    """SHA-256 that binds a label to a record and its content (release policy, A3: the 4778 idea)."""
    return hashlib.sha256(canonical([record_id, label, content_hash]).encode()).hexdigest()


def cut_for(label: Label, policy: Policy, viewer: Viewer, now: datetime) -> dict[str, object]:
    """The label's fields as the viewer may see them: a non-owner sees of the lists only itself.

    That is its own code, the groups it belongs to now, and PUBLIC, which says nothing about anybody.
    """
    shown: dict[str, object] = {item.name: getattr(label, item.name) for item in fields(Label)}
    if viewer.partners == {label.originator}:
        return shown
    own = {PUBLIC}.union(*({code} | policy.groups_of(code, now) for code in viewer.partners))
    for name in ("releasable_to", "display_only_to"):
        shown[name] = tuple(code for code in getattr(label, name) if code in own)
    return shown
