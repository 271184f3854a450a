"""/sign-in where an identity provider signs people in: a page that leads there, the way, and the way back."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, field
from urllib.parse import quote

from anyio import to_thread
from fastapi import FastAPI
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from dashboard.access.asker import BySession
from dashboard.access.denials import Denials
from dashboard.access.oidc import Begun, Provider
from dashboard.access.oidc_people import OidcPeople
from dashboard.access.session_cookie import SessionCookie, cookie_of
from dashboard.access.ways_back import SIGN_IN, way_back
from dashboard.pages.router import SCHEME_COOKIE
from dashboard.pages.sign_in import elsewhere_page
from data.audit.entry import Action
from data.audit.trail import Trail
from data.errors import SignInRefused, WatchfloorError
from data.viewer import NOBODY

log = logging.getLogger("watchfloor.access")

WAY, RETURN = f"{SIGN_IN}/provider", f"{SIGN_IN}/return"
TEN_MINUTES = 600
MOST_QUERY = 4_000


@dataclass(frozen=True)
class Entry:
    """Signs people in by the provider. `secret` signs what the browser keeps while it is away."""

    source: BySession
    provider: Provider
    people: OidcPeople
    trail: Trail
    secret: bytes
    refusals: Denials = field(default_factory=Denials)

    @property
    def cookie(self) -> SessionCookie:
        """The cookie of a sign-in under way; as bound to this host as the session's is."""
        return SessionCookie(self.source.cookie.secure, "watchfloor_signing_in")

    def signer(self) -> URLSafeTimedSerializer:
        """For ten minutes."""
        return URLSafeTimedSerializer(self.secret, salt="signing-in")

    def token(self, begun: Begun, came: tuple[str, str, str], former: str, address: str) -> str:
        """The id of a new session. Raises SignInRefused."""
        session = self.people.session(self.provider.finish(begun, *came))
        viewer = self.source.viewer(session)
        if viewer is None:
            raise SignInRefused(
                "The provider knows them, but no account and no group of theirs is known here."
            )
        self.trail.record(Action.SIGN_IN, viewer, {"way": "oidc", "address": address}, durable=True)
        return self.source.sessions.begin(session, former)

    def begun(self, header: str) -> Begun | None:
        """What this browser began; None when it began nothing, or too long ago."""
        try:
            kept = self.signer().loads(cookie_of(header, self.cookie.name) or "", max_age=TEN_MINUTES)
            return Begun(**kept)
        except (BadSignature, TypeError):
            return None


def register(server: FastAPI, entry: Entry) -> None:
    """Add the routes."""

    @server.get(SIGN_IN, include_in_schema=False)
    async def page(request: Request) -> Response:
        return _page(entry, request)

    @server.get(WAY, include_in_schema=False)
    async def way(request: Request) -> Response:
        back = way_back(request.query_params.get("next"))
        try:
            address, begun = await to_thread.run_sync(entry.provider.begin, back)
        except (WatchfloorError, OSError) as error:
            return await _refused(entry, request, error)
        answer = RedirectResponse(address, 303)
        entry.cookie.put(answer, str(entry.signer().dumps(asdict(begun))))
        return answer

    @server.get(RETURN, include_in_schema=False)
    async def came_back(request: Request) -> Response:
        header = request.headers.get("cookie", "")
        begun = entry.begun(header)
        state, code, issuer = (
            request.query_params.get(name, "")[:MOST_QUERY] for name in ("state", "code", "iss")
        )
        former, address = entry.source.cookie.read(header), request.client.host if request.client else ""
        try:
            if begun is None:
                raise SignInRefused("What came back was not begun in this browser, or too long ago.")
            token = await to_thread.run_sync(
                lambda: entry.token(begun, (state, code, issuer), former, address)
            )
        except (WatchfloorError, OSError) as error:
            return await _refused(entry, request, error)
        answer = RedirectResponse(way_back(begun.back), 303)
        entry.source.cookie.put(answer, token)
        entry.cookie.take(answer)
        return answer


def _page(entry: Entry, request: Request, *, refused: bool = False) -> HTMLResponse:
    back = way_back(request.query_params.get("next"))
    where = WAY if back == "/" else f"{WAY}?next={quote(back, safe='')}"
    scheme, kept = request.cookies.get(SCHEME_COOKIE, ""), entry.trail.views_kept
    page = elsewhere_page(where, scheme, kept, refused=refused)
    return HTMLResponse(page, 401 if refused else 200)


async def _refused(entry: Entry, request: Request, error: Exception) -> Response:
    """One page for whatever it was; the reason is in the log."""
    log.warning("a sign-in by the provider was refused: %s", error)
    left_out = entry.refusals.counted(NOBODY)
    if left_out is not None:
        address = request.client.host if request.client else ""
        details = {"way": "oidc", "address": address, "left_out": left_out}
        await to_thread.run_sync(
            lambda: entry.trail.record(Action.SIGN_IN_REFUSED, NOBODY, details, durable=False)
        )
    answer = _page(entry, request, refused=True)
    entry.cookie.take(answer)
    return answer
