"""The ways in, put together by the settings: who says who is asking, and the routes that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request

from dashboard.access.asker import Asking, ByPersona, BySession, IdentitySource, LocalAccounts
from dashboard.access.oidc import Provider
from dashboard.access.oidc_people import OidcPeople
from dashboard.access.proxy import ByProxy
from dashboard.access.requests import Headers
from dashboard.access.session_cookie import SessionCookie
from dashboard.access.viewing import Personas
from dashboard.routes import oidc, persona, sign_in, sign_out
from dashboard.routes.sign_in import SignIn
from dashboard.settings import Settings
from data.audit.trail import Trail
from data.home_state import home_secret
from data.identity_file import OidcSettings, read_oidc, read_proxy
from data.sessions import Sessions
from data.store import Store
from data.viewer import NOBODY, Viewer


@dataclass(frozen=True)
class Access:
    """The identity source, the trail that it is reported to, and what adds the routes of this way in."""

    source: IdentitySource
    trail: Trail
    routes: Callable[[FastAPI], None]

    @property
    def by_persona(self) -> bool:
        """Whether whoever sits at the machine chooses who they are."""
        return isinstance(self.source, ByPersona)

    @property
    def by_session(self) -> bool:
        """Whether people sign in here, and out again; where a proxy says who they are, they do so there."""
        return isinstance(self.source, BySession)

    def whose(self, request: Request) -> Viewer:
        """Who asks, looked up anew for a stream that is open for long; it is no use of the session."""
        address = request.client.host if request.client else ""
        asking = Asking(Headers.of(request.scope["headers"]), address, in_background=True)
        return self.source.asker(asking) or NOBODY

    def register(self, server: FastAPI) -> None:
        """Add the routes of this way in, and of no other."""
        self.routes(server)
        if isinstance(self.source, BySession):
            sign_out.register(server, self.source, self.trail)


def access_for(settings: Settings, store: Store, trail: Trail) -> Access:
    """What WATCHFLOOR_IDENTITY names."""
    if settings.identity == "personas":
        personas = Personas(store, home_secret(store.home))
        return Access(ByPersona(personas), trail, lambda server: persona.register(server, personas))
    if settings.identity == "proxy":
        source = ByProxy(store, store.home, lambda: read_proxy(store.home))
        return Access(source, trail, lambda _server: None)
    return _by_session(settings, store, trail)


def _by_session(settings: Settings, store: Store, trail: Trail) -> Access:
    cookie, sessions = SessionCookie(settings.is_secure), Sessions(store.home)
    if settings.identity == "oidc":
        return _by_provider(settings, store, trail, cookie, sessions)
    source = BySession(store, sessions, cookie, LocalAccounts(store.home))
    entry = SignIn(store.home, source, trail)
    return Access(source, trail, lambda server: sign_in.register(server, entry))


def _by_provider(
    settings: Settings, store: Store, trail: Trail, cookie: SessionCookie, sessions: Sessions
) -> Access:
    def provider_settings() -> OidcSettings:
        return read_oidc(store.home, store.policy())

    people = OidcPeople(store.home, provider_settings)
    source = BySession(store, sessions, cookie, people)
    outside = settings.public_url or settings.url.rstrip("/")
    provider = Provider(provider_settings, f"{outside}{oidc.RETURN}")
    entry = oidc.Entry(source, provider, people, trail, home_secret(store.home))
    return Access(source, trail, lambda server: oidc.register(server, entry))
