"""Reporting unsafe or wrong data, and deciding about reports. The trail has each before it holds.

Whoever sees a record may report it: danger does not wait for a role. So that nobody empties the picture that
way, a person may make few reports an hour and a partner may leave few undecided, the originator reads each
with its partner, and what it has released again the same partner does not withhold a second time.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from data.accountability import may_read, reads_all
from data.audit.entry import Action
from data.became import not_for
from data.errors import NotReleased, ReportRefused
from data.home import Home
from data.partners import RELEASER
from data.recording import Record
from data.released import Released
from data.reports import KEPT, REASONS, RELEASED, Report, add_report, all_reports, decide_reports
from data.schema import FEEDS
from data.screens import is_screen
from data.viewer import Identity, Viewer
from data.words import msgid

MOST_AN_HOUR = 5
"""Reports that one person may make in an hour."""

MOST_OPEN = 20
"""Reports of one partner that may be undecided at the same time."""

MOST_REMARK, MOST_ID = 300, 300
HOUR = timedelta(hours=1)

ABOUT = """
SELECT stored_id, max(stored_revision) AS revision, any_value(originator) AS originator
FROM released.{feed} WHERE record_id = ? GROUP BY stored_id
"""


@dataclass(frozen=True)
class Said:
    """What somebody says of a record: its id as they see it, one of REASONS, and a remark, cleaned."""

    record_id: str
    reason: str
    remark: str = ""


def said(record_id: object, reason: object, remark: object) -> Said | None:
    """What a body says; None when it is no report. A remark is one line without control signs."""
    if not isinstance(record_id, str) or reason not in REASONS or not isinstance(remark, str):
        return None
    if len(record_id) > MOST_ID or not record_id.isprintable():  # a lone surrogate is no text for the store
        return None
    line = "".join(sign if sign.isprintable() else " " for sign in remark)
    return Said(record_id, str(reason), " ".join(line.split())[:MOST_REMARK])


def may_report(viewer: Viewer) -> bool:
    """One person of one partner; a wall or a common viewer is nobody in particular."""
    return len(viewer.identities) == 1 and not is_screen(viewer)


def report(home: Home, released: Released, told: Said, record: Record, now: datetime) -> Report:
    """Withhold a record that is released to the viewer. `now` is real time, as the trail's.

    Raises NotReleased for every record that the viewer does not see, ReportRefused beyond the limits, and
    AuditUnavailable when it could not be recorded: then nothing was done.
    """
    viewer = released.viewer
    if not may_report(viewer):
        raise NotReleased
    [who] = viewer.identities
    feed, row = _row(released, told.record_id)
    stored, revision = str(row["stored_id"]), int(str(row["revision"]))
    made = Report(
        *(secrets.token_hex(16), now, stored, revision, feed, str(row["originator"]), told.reason),
        *(told.remark, who.id, who.name, who.partner, tuple(sorted(who.roles))),
    )
    details = {"report": made.id, "feed": feed, "reasons": [told.reason], "record_ids": [stored]}

    def check(known: tuple[Report, ...]) -> None:
        _check_limits(known, who, now)
        _check_again(known, who, stored, revision)
        record(Action.REPORT, viewer, details | {"originators": [made.originator]}, durable=True)

    add_report(home, made, check)
    return made


def decide_report(
    home: Home, released: Released, report_id: str, how: str, record: Record, now: datetime
) -> bool:
    """Keep a record withheld, or release it again: all that was reported of it is decided as one.

    Whether it is withheld now: somebody may have reported it while this was read, which is to be read first.

    Raises ReportRefused for whoever does not decide about it, whether there is such a report or not, and
    where another releaser has released it again meanwhile.
    """
    viewer = released.viewer
    known = _for_releaser(home, released, all_reports(home)) if may_read(viewer) else []
    meant = next((one for one in known if one.id == report_id), None)
    if meant is None or not decides(viewer, meant) or how not in (KEPT, RELEASED):
        raise ReportRefused(
            msgid("There is no such report that you decide about."),
            msgid("A releaser of the partner whose record it is decides."),
        )
    same = [one for one in known if one.record_id == meant.record_id and one.withholds]
    details = {"reports": [one.id for one in same], "how": how, "record_ids": [meant.record_id]}
    told = details | {"feed": meant.feed, "originators": [meant.originator]}

    def check(now_known: tuple[Report, ...]) -> None:
        if any(one.id == report_id and not one.withholds for one in now_known):
            raise ReportRefused(msgid("It has been released again already."), msgid("Load the page again."))
        record(Action.REPORT_DECIDED, viewer, told, durable=True)

    [who] = viewer.identities
    decide_reports(home, same, how, now, (who.id, who.partner), check)
    return any(one.withholds and one.record_id == meant.record_id for one in all_reports(home))


def reports_for(home: Home, released: Released, known: Iterable[Report]) -> tuple[Report, ...]:
    """What the viewer may read of the reports, those that withhold first, then the newest first.

    An overseer reads all, without what was remarked to the originator. A releaser reads those about its
    partner's records, as far as these are for it: clearance, categories and regions bind it here too.
    """
    viewer = released.viewer
    if reads_all(viewer):
        mine = [one if _is_of(viewer, one) else replace(one, remark="") for one in known]
    else:
        mine = _for_releaser(home, released, known) if may_read(viewer) else []
    return tuple(sorted(mine, key=lambda one: (not one.withholds, -one.at.timestamp())))


def _for_releaser(home: Home, released: Released, known: Iterable[Report]) -> list[Report]:
    [own] = released.viewer.partners
    own_ones = [one for one in known if one.originator == own]
    hidden = not_for(home, released, own, {one.record_id for one in own_ones})
    return [one for one in own_ones if one.record_id not in hidden]


def told_name(viewer: Viewer, about: Report) -> str:
    """Who reported: to its own partner and to overseers; empty for others."""
    return about.person if reads_all(viewer) or about.partner in viewer.partners else ""


def _is_of(viewer: Viewer, about: Report) -> bool:
    return viewer.partners == {about.originator}


def decides(viewer: Viewer, about: Report) -> bool:
    """A releaser of the originator, as one person."""
    one = len(viewer.identities) == 1 and RELEASER in viewer.roles
    return one and _is_of(viewer, about)


def _row(released: Released, record_id: str) -> tuple[str, dict[str, object]]:
    for feed in FEEDS:
        rows = released.ask(ABOUT.format(feed=feed), (record_id,)).to_pylist()
        if rows:
            return feed, rows[0]
    raise NotReleased


def _check_limits(known: Iterable[Report], who: Identity, now: datetime) -> None:
    reports = tuple(known)
    if sum(one.who == who.id and one.partner == who.partner and one.at > now - HOUR for one in reports) >= (
        MOST_AN_HOUR
    ):
        raise ReportRefused(
            msgid("You have made {most} reports in the last hour, which is the most."),
            msgid("Call the partner whose record it is."),
            most=MOST_AN_HOUR,
        )
    if sum(one.partner == who.partner and not one.decided for one in reports) >= MOST_OPEN:
        raise ReportRefused(
            msgid("{most} reports of your partner are not decided yet, which is the most."),
            msgid("Call the partner whose record it is."),
            most=MOST_OPEN,
        )


def _check_again(known: Iterable[Report], who: Identity, stored: str, revision: int) -> None:
    """A partner's second report of what was looked at does not withhold it, until there is a new revision."""
    mine = [one for one in known if one.record_id == stored and one.partner == who.partner]
    if any(one.withholds for one in mine):
        raise ReportRefused(
            msgid("Your partner has reported it already."), msgid("Its originator decides next.")
        )
    if any(revision <= one.revision for one in mine):
        raise ReportRefused(
            msgid("Its originator has looked at your partner's report, and released it again."),
            msgid("Call the partner whose record it is."),
        )
