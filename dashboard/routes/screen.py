"""/screen: where a wall is enrolled. It shows a code until an administrator has said which screen that is.

The code lies in a signed cookie of the wall's browser, so that nothing is written for whoever just looks, and
nobody redeems a code that another browser shows. With the credential the wall goes to the map.
"""

from __future__ import annotations

from dataclasses import dataclass

from anyio import to_thread
from fastapi import FastAPI
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from dashboard.access.requests import NOT_AVAILABLE
from dashboard.access.session_cookie import SessionCookie, cookie_of
from dashboard.pages.screen import code_page
from dashboard.words import _
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import WatchfloorError
from data.screens import CODE_HOLDS, Screen, Screens, a_code

SCREEN = "/screen"
ENROLLING = "watchfloor_enrolling"
YEAR = 365 * 24 * 3600


@dataclass(frozen=True)
class Enrolment:
    """Codes that browsers show, and the credentials that they get for them."""

    screens: Screens
    cookie: SessionCookie
    secret: bytes
    trail: Trail

    def signer(self) -> URLSafeTimedSerializer:
        """Of the cookie that holds a code."""
        return URLSafeTimedSerializer(self.secret, salt="screen")

    def shown(self, header: str) -> str:
        """The code that this browser shows; empty when it shows none, or too long."""
        try:
            code = self.signer().loads(
                cookie_of(header, ENROLLING) or "", max_age=int(CODE_HOLDS.total_seconds())
            )
        except BadSignature:
            return ""
        return code if isinstance(code, str) else ""

    def credential(self, header: str) -> str | None:
        """What this browser has been enrolled for; it is on record before it is handed out."""
        return self.screens.redeem(self.shown(header), self._recorded)

    def _recorded(self, screen: Screen) -> None:
        details = {"way": "screen", "screen": screen.id}
        self.trail.record(Action.SIGN_IN, screen.viewer(), details, durable=True)


def register(server: FastAPI, enrolment: Enrolment) -> None:
    """Add the route. Anyone may look: it says a code that nobody else can use, and no data."""

    @server.get(SCREEN, include_in_schema=False)
    async def screen(request: Request) -> Response:
        header = request.headers.get("cookie", "")
        try:
            known = await to_thread.run_sync(enrolment.screens.of, enrolment.cookie.read(header))
            if known is not None:
                return RedirectResponse("/", 303)
            token = await to_thread.run_sync(enrolment.credential, header)
        except (WatchfloorError, OSError):
            return PlainTextResponse(_(NOT_AVAILABLE.body), NOT_AVAILABLE.status)
        if token is not None:
            answer: Response = RedirectResponse("/", 303)
            enrolment.cookie.put(answer, token, max_age=YEAR)
            answer.delete_cookie(ENROLLING, path=SCREEN)
            return answer
        code = enrolment.shown(header) or a_code()
        answer = HTMLResponse(code_page(code))
        if not enrolment.shown(header):
            value = enrolment.signer().dumps(code)
            text = value if isinstance(value, str) else value.decode()
            answer.set_cookie(
                ENROLLING, text, path=SCREEN, secure=enrolment.cookie.secure, httponly=True, samesite="strict"
            )
        enrolment.cookie.take(answer)
        return answer
