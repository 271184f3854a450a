"""How a route that does something answers: what was done, or in a sentence why it was not.

A refusal is recorded as one. What failed for another reason is none, and may be tried again.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.responses import JSONResponse, PlainTextResponse, Response

from dashboard.access.file_rate import FileRate
from dashboard.access.requests import BAD_REQUEST
from dashboard.access.viewing import current_purpose
from dashboard.asking import in_thread
from dashboard.words import _
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import ExtractRefused, NotApproved, NotReleased, ReportRefused, WatchfloorError
from data.viewer import Viewer

REFUSED = (ExtractRefused, NotApproved, NotReleased, ReportRefused)


async def answered(trail: Trail, viewer: Viewer, work: Callable[[], Response]) -> Response:
    """What `work` answers, in a thread; 409 and an entry when it refuses, 503 when it fails."""
    purpose = current_purpose()
    try:
        return await in_thread(work)
    except REFUSED as error:
        details = {"purpose": purpose, "reasons": [error.title]}
        trail.record(Action.DENIAL, viewer, details, durable=False)
        return _told(error, 409)
    except WatchfloorError as error:
        return _told(error, 503)


async def handed_out(trail: Trail, rate: FileRate, viewer: Viewer, make: Callable[[], Response]) -> Response:
    """As `answered`, of a file: a viewer takes no more of them than the rate allows."""

    def made() -> Response:
        rate.check(viewer)
        return make()

    return await answered(trail, viewer, made)


def unreadable() -> Response:
    """For a body that no page of ours sends."""
    return PlainTextResponse(_(BAD_REQUEST.body), BAD_REQUEST.status)


def _told(error: WatchfloorError, status: int) -> Response:
    sentences = [part for part in error.told(_) if part]
    return JSONResponse({"title": _(error.title), "sentences": sentences}, status)
