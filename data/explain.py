"""Why a record is or is not released to somebody: the decision told rule by rule, for the command line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from data.decision import Decision, Obligations, Reason, RecordFacts
from data.labels import Label
from data.partners import FILE, SCREEN, Policy
from data.release import decide, decide_record
from data.viewer import Viewer

PLACES = {
    "exact": "",
    "adm2": "place no finer than the second-level area",
    "adm1": "place no finer than the first-level area",
    "adm0": "no place but the country",
    "none": "no place at all",
}


def explain(
    policy: Policy,
    viewer: Viewer,
    shown: tuple[Label, RecordFacts],
    newest: tuple[Label, RecordFacts],
    now: datetime,
    purpose: str = SCREEN,
) -> list[Reason]:
    """Every rule for the revision shown, for the newest one where it differs, then the outcome (R6).

    The last reason is about the other purpose: whether it may leave in a file, or stand on a screen.
    """
    final = decide_record(policy, viewer, shown, newest, now, purpose)
    other = FILE if purpose == SCREEN else SCREEN
    reasons = list(decide(policy, viewer, *shown, now, purpose).reasons)
    if newest != shown:
        reasons += [
            Reason(reason.rule, reason.permits, f"newest revision: {reason.words}")
            for reason in decide(policy, viewer, *newest, now, purpose).reasons
        ]
    if not final.permit and all(reason.permits for reason in reasons):
        reasons += final.reasons
    reasons.append(_outcome(final, purpose))
    reasons.append(_outcome(decide_record(policy, viewer, shown, newest, now, other), other))
    return reasons


def lines(reasons: Iterable[Reason]) -> list[str]:
    """One line a reason, the rule first, then what it says."""
    return [
        f"{reason.rule:<4} {'permits' if reason.permits else 'denies':<8} {reason.words}"
        for reason in reasons
    ]


def in_words(obligations: Obligations) -> list[str]:
    """What is taken away, a phrase each; empty when nothing is."""
    phrases = [PLACES[obligations.geo_level]]
    if obligations.without_site:
        phrases.append("without the site")
    if obligations.delay:
        phrases.append(f"as received at least {_length(obligations.delay)} ago")
    if obligations.hide:
        phrases.append(f"without {', '.join(sorted(obligations.hide))} columns")
    return [phrase for phrase in phrases if phrase]


def _outcome(decision: Decision, purpose: str) -> Reason:
    where = "on screen" if purpose == SCREEN else "in a file"
    if not decision.permit:
        return Reason("R6", False, f"not released {where}")
    said = [f"released {where}", *in_words(decision.obligations)]
    if decision.agreements:
        said.append(f"under {', '.join(decision.agreements)}")
    return Reason("R6", True, "; ".join(said))


def _length(delay: timedelta) -> str:
    """2 d, 6 h, 1 d 6 h, 90 min"""
    minutes, seconds = divmod(int(delay.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    units = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    return " ".join(f"{count} {unit}" for count, unit in units if count)
