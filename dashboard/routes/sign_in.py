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
from dashboard.access.known_browser import KnownBrowser
from dashboard.access.requests import NOT_AVAILABLE, fields_of
from dashboard.access.ways_back import SIGN_IN, way_back
from dashboard.pages.router import SCHEME_COOKIE
from dashboard.pages.sign_in import form_page
from dashboard.words import _
from data.account import PREFIX
from data.accounts import account_of, password_mark, signed_in
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
    known: KnownBrowser
    attempts: Attempts = field(default_factory=Attempts)
    refusals: Denials = field(default_factory=Denials)

    def entered(self, account_id: str, password: str, header: str, address: str) -> tuple[str, str] | None:
        """The id of a new session and the mark of the password, or None.

        It begins only when its entry in the trail is on the disk. `header`: the browser's cookies.
        """
        mark = password_mark(self.home, account_id)
        where = (account_id, address, self.known.of(header, account_id, mark))
        if not self.attempts.may_try(*where):
            self._refused(account_id, address)
            return None
        self.attempts.failed(*where)
        account = signed_in(self.home, account_id, password)
        viewer = self.source.viewer(Session(account.who)) if account is not None else None
        if account is None or viewer is None:
            self._refused(account_id, address)
            return None
        self.attempts.succeeded(*where)
        self.trail.record(Action.SIGN_IN, viewer, {"way": "account", "address": address}, durable=True)
        return self.source.sessions.begin(Session(account.who), self.source.cookie.read(header)), mark

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

    def page(request: Request, back: str, *, refused: bool = False) -> str:
        return form_page(back, _scheme(request), entry.trail.views_kept, refused=refused)

    @server.get(SIGN_IN, include_in_schema=False)
    async def form(request: Request) -> Response:
        return HTMLResponse(page(request, way_back(request.query_params.get("next"))))

    @server.post(SIGN_IN, include_in_schema=False)
    async def enter(request: Request) -> Response:
        given = fields_of(await request.body())
        back = way_back(given.get("next"))
        account_id, password = (given.get(name, "")[: MOST_FIELD + 1] for name in ("account", "password"))
        header = request.headers.get("cookie", "")
        address = request.client.host if request.client else ""
        try:
            entered = await to_thread.run_sync(
                lambda: entry.entered(account_id[:64], password, header, address), limiter=at_once
            )
        except (WatchfloorError, OSError) as error:
            log.error("nobody can sign in: %s", error)
            return PlainTextResponse(_(NOT_AVAILABLE.body), NOT_AVAILABLE.status)
        if entered is None:
            return HTMLResponse(page(request, back, refused=True), 401)
        answer = RedirectResponse(back, 303)
        token, mark = entered
        entry.source.cookie.put(answer, token)
        entry.known.put(answer, account_id[:64], mark)
        return answer


def _scheme(request: Request) -> str:
    return request.cookies.get(SCHEME_COOKIE, "")
