"""The strictest combination of labels: what holds for rows that are shown, counted or handed out together.

A join in the sense of a lattice: commutative, associative, and of a label with itself the label itself in
its normal form (PUBLIC stands alone, `display_only_to` repeats nobody of `releasable_to`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from functools import reduce

from data.labels import AGG_RELEASES, PUBLIC, SENSITIVITIES, TLP, Label, coarsest
from data.partners import Policy


def strictest(labels: Iterable[Label], policy: Policy) -> Label:
    """What holds for all of them together (release policy, R10); raises ValueError when there are none.

    Highest level, coarsest place, strictest TLP and sensitivity, all categories and caveats; recipients
    are those of every label. A group is not resolved: it meets only itself and PUBLIC. Originators or
    policies that differ leave that field empty, and `decide` denies such a label.
    """
    normal = [_normal(label) for label in labels]
    if not normal:
        raise ValueError("there is no strictest of no labels")
    return reduce(lambda one, other: _joined(one, other, policy.levels), normal)


def nobody_in_common(label: Label) -> bool:
    """Whether a join of `strictest` leaves no recipient at all: what it marks must not be exported."""
    return not (label.originator or label.releasable_to or label.display_only_to)


def _normal(label: Label) -> Label:
    """The same label in the form in which equal ones are equal."""
    shown = _everyone_alone(frozenset(label.releasable_to + label.display_only_to))
    return _with_readers(label, _everyone_alone(frozenset(label.releasable_to)), shown)


def _with_readers(label: Label, released: frozenset[str], shown: frozenset[str]) -> Label:
    """`released`: to whom at all; `shown`: to whom on screen, those included."""
    changed = {item.name: getattr(label, item.name) for item in fields(Label)}
    changed["releasable_to"] = tuple(sorted(released))
    changed["display_only_to"] = () if PUBLIC in released else tuple(sorted(shown - released))
    return Label(**changed)


def _everyone_alone(codes: frozenset[str]) -> frozenset[str]:
    return frozenset({PUBLIC}) if PUBLIC in codes else codes


def _common(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if PUBLIC in one:
        return other
    return one if PUBLIC in other else one & other


def _joined(one: Label, other: Label, levels: tuple[str, ...]) -> Label:
    def rank(level: str) -> tuple[int, str]:
        return (levels.index(level) if level in levels else len(levels), level)

    alike = one.originator == other.originator
    released = _common(*(_readers(label, label.releasable_to, alike) for label in (one, other)))
    shown = _common(
        *(_readers(label, label.releasable_to + label.display_only_to, alike) for label in (one, other))
    )
    met = Label(
        originator=one.originator if alike else "",
        policy_id=one.policy_id if one.policy_id == other.policy_id else "",
        classification=max(one.classification, other.classification, key=rank),
        required_categories=_all_of(one.required_categories, other.required_categories),
        release_geo_level=coarsest(one.release_geo_level, other.release_geo_level),
        agg_release=min(one.agg_release, other.agg_release, key=AGG_RELEASES.index),
        policy_version=one.policy_version if one.policy_version == other.policy_version else "",
        caveats=_all_of(one.caveats, other.caveats),
        tlp=_highest(one.tlp, other.tlp, TLP),
        sensitivity=_highest(one.sensitivity, other.sensitivity, SENSITIVITIES),
    )
    return _with_readers(met, released, shown)


def _readers(label: Label, listed: tuple[str, ...], alike: bool) -> frozenset[str]:
    """Whom a label lets read; where originators differ, its own is a recipient like others."""
    own = frozenset() if alike or not label.originator else frozenset({label.originator})
    return _everyone_alone(own.union(listed))


def _all_of(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({*one, *other}))


def _highest(one: str | None, other: str | None, rising: tuple[str, ...]) -> str | None:
    said = [value for value in (one, other) if value is not None]
    return max(said, key=rising.index, default=None)
