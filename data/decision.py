"""What a decision is made of and what it comes to: facts of a record, reasons, obligations.

The rules are in `data.release`, which gives these names too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from data.labels import GEO_LEVELS, coarsest
from data.schema import FIELD_CLASSES


@dataclass(frozen=True)
class RecordFacts:
    """What of a record decides beside its label.

    `regions`: its country_iso3, adm1_pcode and adm2_pcode that are not null. Times are UTC.
    `presence_kind` is None in feeds that have none.
    """

    feed: str
    regions: frozenset[str] = frozenset()
    release_from: datetime | None = None
    release_until: datetime | None = None
    label_review_on: date | None = None
    received_at: datetime | None = None
    presence_kind: str | None = None
    withheld: bool = False
    """Reported unsafe or wrong, and its originator has not released it again (`data.reports`)."""


@dataclass(frozen=True)
class Obligations:
    """What is done to a released record before anything else.

    `geo_level` is the finest place released, `delay` counts from `received_at`, `hide` are field
    classes, `without_site`: no name, position or id of a site.
    """

    geo_level: str = "exact"
    delay: timedelta = timedelta()
    hide: frozenset[str] = frozenset()
    without_site: bool = False

    def joined(self, other: Obligations) -> Obligations:
        """The strictest of each."""
        return Obligations(
            coarsest(self.geo_level, other.geo_level),
            max(self.delay, other.delay),
            self.hide | other.hide,
            self.without_site or other.without_site,
        )


NO_OBLIGATIONS = Obligations()
ALL_WITHHELD = Obligations(GEO_LEVELS[-1], timedelta.max, frozenset(FIELD_CLASSES), True)
"""What a denial carries: whoever forgets to look at `permit` still shows nothing."""


@dataclass(frozen=True)
class Reason:
    """What one rule says, in words for a person. `rule` is R0 … R6."""

    rule: str
    permits: bool
    words: str


@dataclass(frozen=True)
class Decision:
    """The outcome. `agreements`: ids under which it is released; none for a partner's own records."""

    permit: bool
    obligations: Obligations
    reasons: tuple[Reason, ...]
    agreements: tuple[str, ...] = ()


def all_must_permit(decisions: Iterable[Decision]) -> Decision:
    """R6: every one permits, with the strictest of each obligation; none at all denies."""
    each = tuple(decisions)
    reasons = tuple(reason for decision in each for reason in decision.reasons)
    if not each or not all(decision.permit for decision in each):
        return Decision(False, ALL_WITHHELD, reasons)
    obligations = NO_OBLIGATIONS
    for decision in each:
        obligations = obligations.joined(decision.obligations)
    agreements = sorted({agreement for decision in each for agreement in decision.agreements})
    return Decision(True, obligations, reasons, tuple(agreements))
