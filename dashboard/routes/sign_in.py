"""/sign-in: the form, and what is posted from it. One refusal for all reasons, for none of them faster."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field

from anyio import CapacityLimiter, to_thread
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from dashboard.access.asker import BySession
from dashboard.access.attempts import Attempts
from dashboard.access.denials import Denials
from dashboard.access.requests import NOT_AVAILABLE, fields_of
from dashboard.access.ways_back import SIGN_IN, way_back
from dashboard.pages.router import SCHEME_COOKIE
from dashboard.pages.sign_in import form_page
from dashboard.words import _
from data.account import PREFIX
from data.accounts import account_of, signed_in
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import WatchfloorError
from data.home import Home
from data.sessions import Session
from data.viewer import NOBODY

log = logging.getLogger("watchfloor.access")

AT_ONCE = 2
"""Passwords compared at the same time: each takes 64 MiB."""

MOST_FIELD = 1024


@dataclass(frozen=True)
class SignIn:
    """Signs people in by account and password."""

    home: Home
    source: BySession
    trail: Trail
    attempts: Attempts = field(default_factory=Attempts)
    refusals: Denials = field(default_factory=Denials)

    def token(self, account_id: str, password: str, former: str, address: str) -> str | None:
        """The id of a new session, or None. It begins only when its entry in the trail is on the disk."""
        if not self.attempts.may_try(account_id, address):
            self._refused(account_id, address)
            return None
        self.attempts.failed(account_id, address)
        account = signed_in(self.home, account_id, password)
        viewer = self.source.viewer(Session(account.who)) if account is not None else None
        if account is None or viewer is None:
            self._refused(account_id, address)
            return None
        self.attempts.succeeded(account_id, address)
        self.trail.record(Action.SIGN_IN, viewer, {"way": "account", "address": address}, durable=True)
        return self.source.sessions.begin(Session(account.who), former)

    def _refused(self, account_id: str, address: str) -> None:
        """What was typed is kept only when it is an account: else it may be somebody's password."""
        left_out = self.refusals.counted(NOBODY)
        if left_out is None:
            return
        known = account_of(self.home, f"{PREFIX}{account_id}") is not None
        details: dict[str, object] = {"way": "account", "account": account_id if known else ""}
        details |= {"address": address, "left_out": left_out}
        self.trail.record(Action.SIGN_IN_REFUSED, NOBODY, details, durable=False)


def register(server: FastAPI, entry: SignIn) -> None:
    """Add the route. The guard has checked origin, type and size of what is posted."""
    at_once = CapacityLimiter(AT_ONCE)

    @server.get(SIGN_IN, include_in_schema=False)
    async def form(request: Request) -> Response:
        return HTMLResponse(form_page(way_back(request.query_params.get("next")), _scheme(request)))

    @server.post(SIGN_IN, include_in_schema=False)
    async def enter(request: Request) -> Response:
        given = fields_of(await request.body())
        back = way_back(given.get("next"))
        account_id, password = (given.get(name, "")[: MOST_FIELD + 1] for name in ("account", "password"))
        former = entry.source.cookie.read(request.headers.get("cookie", ""))
        address = request.client.host if request.client else ""
        try:
            token = await to_thread.run_sync(
                lambda: entry.token(account_id[:64], password, former, address), limiter=at_once
            )
        except (WatchfloorError, OSError) as error:
            log.error("nobody can sign in: %s", error)
            return PlainTextResponse(_(NOT_AVAILABLE.body), NOT_AVAILABLE.status)
        if token is None:
            return HTMLResponse(form_page(back, _scheme(request), refused=True), 401)
        answer = RedirectResponse(back, 303)
        entry.source.cookie.put(answer, token)
        return answer


def _scheme(request: Request) -> str:
    return request.cookies.get(SCHEME_COOKIE, "")
