"""/sign-out: the session ends on the server, here or everywhere, and the browser forgets its id."""

from __future__ import annotations

import json
import logging

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dashboard.access.asker import BySession
from dashboard.access.requests import NOT_AVAILABLE
from dashboard.asking import in_thread
from dashboard.words import _
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import WatchfloorError
from data.viewer import NOBODY

log = logging.getLogger("watchfloor.access")


def register(server: FastAPI, source: BySession, trail: Trail) -> None:
    """Add the route. The guard has checked origin, type and size before, and that somebody is signed in."""

    @server.post("/sign-out", include_in_schema=False)
    async def sign_out(request: Request) -> Response:
        token = source.cookie.read(request.headers.get("cookie", ""))
        everywhere = _everywhere(await request.body())
        try:
            await in_thread(lambda: _end(source, trail, token, everywhere=everywhere))
        except (WatchfloorError, OSError) as error:
            log.error("nobody can sign out: %s", error)
            return PlainTextResponse(_(NOT_AVAILABLE.body), NOT_AVAILABLE.status)
        answer = Response(status_code=204)
        source.cookie.take(answer)
        return answer


def _everywhere(body: bytes) -> bool:
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(asked, dict) and asked.get("everywhere") is True


def _end(source: BySession, trail: Trail, token: str, *, everywhere: bool) -> None:
    session = source.sessions.of(token)
    if session is None:
        return
    if everywhere:
        source.sessions.end_all(session.who)
    else:
        source.sessions.end(token)
    who = source.viewer(session) or NOBODY
    trail.record(Action.SIGN_OUT, who, {"everywhere": everywhere}, durable=True)
