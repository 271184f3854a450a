"""The ways in, put together by the settings: who says who is asking, and the routes that belong to it."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request

from dashboard.access.asker import Asking, ByPersona, BySession, IdentitySource, LocalAccounts
from dashboard.access.requests import Headers
from dashboard.access.session_cookie import SessionCookie
from dashboard.access.trail import Trail
from dashboard.access.viewing import Personas
from dashboard.routes import persona, sign_in, sign_out
from dashboard.routes.sign_in import SignIn
from dashboard.settings import Settings
from data.home_state import home_secret
from data.sessions import Sessions
from data.store import Store
from data.viewer import NOBODY, Viewer


@dataclass(frozen=True)
class Access:
    """The identity source, where it is reported to, and the home whose people they are."""

    source: IdentitySource
    trail: Trail
    store: Store

    @property
    def by_persona(self) -> bool:
        """Whether whoever sits at the machine chooses who they are."""
        return isinstance(self.source, ByPersona)

    def whose(self, request: Request) -> Viewer:
        """Who asks, looked up anew for a stream that is open for long; it is no use of the session."""
        address = request.client.host if request.client else ""
        asking = Asking(Headers.of(request.scope["headers"]), address, in_background=True)
        return self.source.asker(asking) or NOBODY

    def register(self, server: FastAPI) -> None:
        """Add the routes of this way in, and of no other."""
        if isinstance(self.source, ByPersona):
            persona.register(server, self.source.personas)
        if isinstance(self.source, BySession):
            sign_in.register(server, SignIn(self.store.home, self.source, self.trail))
            sign_out.register(server, self.source, self.trail)


def access_for(settings: Settings, store: Store, trail: Trail) -> Access:
    """What WATCHFLOOR_IDENTITY names."""
    if settings.identity == "personas":
        return Access(ByPersona(Personas(store, home_secret(store.home))), trail, store)
    cookie = SessionCookie(settings.is_secure)
    source = BySession(store, Sessions(store.home), cookie, LocalAccounts(store.home))
    return Access(source, trail, store)
