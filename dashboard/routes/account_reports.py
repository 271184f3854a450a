"""/api/account-reports: the account as a file, once the trail has on the disk that it was taken.

The body says which: `{"format": "html"}` or `csv`. Its content is what the page of accountability shows.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

from dashboard.access.file_rate import FileRate
from dashboard.access.requests import word_of
from dashboard.access.viewing import current_viewer
from dashboard.answering import handed_out, unreadable
from dashboard.controls.account_report import FORMATS, MOST_LISTED, csv_report, html_report
from dashboard.times import moment
from dashboard.words import _
from data.accountability import DAYS, Account, account, may_read, reads_all
from data.audit.entry import Action
from data.audit.trail import Trail
from data.clock import system_clock
from data.errors import ExtractRefused
from data.labels import Label
from data.marking import marking
from data.partners import FILE
from data.policy import Policy
from data.store import Store
from data.viewer import Viewer
from data.words import msgid

TYPES = {"html": "text/html; charset=utf-8", "csv": "text/csv; charset=utf-8"}


def register(server: FastAPI, store: Store, trail: Trail, rate: FileRate) -> None:
    """Add the route. The guard has checked origin, type, size and the role before."""

    @server.post("/api/account-reports", include_in_schema=False)
    async def report(request: Request) -> Response:
        wanted = word_of(await request.body(), "format")
        if wanted not in FORMATS:
            return unreadable()
        viewer = current_viewer()
        return await handed_out(trail, rate, viewer, lambda: _made(store, trail, viewer, wanted))


def _made(store: Store, trail: Trail, viewer: Viewer, wanted: str) -> Response:
    if not may_read(viewer):
        raise ExtractRefused(msgid("This page is for releasers and overseers."))
    policy, now, report_id = store.policy(), system_clock(), secrets.token_hex(16)
    [own] = viewer.partners
    found = account(
        trail.entries(originator=None if reads_all(viewer) else own, since=now - timedelta(days=DAYS)),
        policy,
        viewer,
        now,
        MOST_LISTED,
    )
    profile = policy.operation.marking
    marked = _marking(policy, viewer, own, now)
    who = _.listed([one.name or one.id for one in viewer.identities], ", ")
    made = _("Made for {who} on {time}; {id}")
    said = made.format(who=who, time=moment(now, profile), id=report_id)
    if wanted == "html":
        content = html_report(found, profile, marked, said, trail.checkpoint().line())
    else:
        content = csv_report(found, profile, marked, said)
    details = _recorded(policy, own, found, report_id, content) | {"format": wanted}
    trail.record(Action.EXPORT, viewer, details, durable=True)
    name = f"{policy.operation.id}_accountability_{now:%Y%m%dT%H%MZ}_{report_id[:8]}.{wanted}"
    return Response(
        content,
        media_type=TYPES[wanted],
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )


def _recorded(policy: Policy, own: str, found: Account, report_id: str, content: bytes) -> dict[str, object]:
    """What the trail keeps of a report: which it was and of whom, never what it says."""
    return {
        "purpose": FILE,
        "page": "accountability",
        "extract_id": report_id,
        "sha256": hashlib.sha256(content).hexdigest(),
        "policy_version": policy.version,
        "originators": [own],
        "entries": found.total,
    }


def _marking(policy: Policy, viewer: Viewer, own: str, now: datetime) -> str:
    """Who looked at what is the reader's partner's alone, at the policy's highest level."""
    label = Label(own, policy.id, policy.levels[-1], releasable_to=())
    return marking(policy, [label], viewer, now, _).line
