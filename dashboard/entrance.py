"""The ways in, put together by the settings: who says who is asking, and the routes that belong to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import FastAPI
from starlette.requests import Request

from dashboard.access.asker import Asking, ByPersona, BySession, IdentitySource, LocalAccounts
from dashboard.access.credential_asker import ByCredential
from dashboard.access.known_browser import KnownBrowser
from dashboard.access.oidc import Provider
from dashboard.access.oidc_people import OidcPeople
from dashboard.access.proxy import ByProxy
from dashboard.access.requests import Headers
from dashboard.access.screen_asker import NAME, ByScreen
from dashboard.access.session_cookie import SessionCookie
from dashboard.access.viewing import Personas
from dashboard.routes import oidc, persona, records, screen, sign_in, sign_out
from dashboard.routes.screen import Enrolment
from dashboard.routes.sign_in import SignIn
from dashboard.settings import Settings
from data.audit.trail import Trail
from data.credentials import Credentials
from data.home_state import home_secret
from data.identity_file import OidcSettings, read_oidc, read_proxy
from data.screens import Screens
from data.sessions import Sessions
from data.spool import Spool
from data.store import Store
from data.viewer import NOBODY, Viewer

WayIn = tuple[IdentitySource, Callable[[FastAPI], None]]
"""Who says who people are, and what adds the routes that belong to it."""


@dataclass(frozen=True)
class Access:
    """How people come in, the walls beside them, the trail that has it all, and what adds the routes."""

    people: IdentitySource
    trail: Trail
    routes: Callable[[FastAPI], None]
    enrolment: Enrolment
    programs: ByCredential
    """Partners' systems, which post records and see nothing."""

    @property
    def source(self) -> IdentitySource:
        """Who asks: a screen by its credential, else a person."""
        return ByScreen(self.enrolment.screens, self.enrolment.cookie, self.people)

    @property
    def by_persona(self) -> bool:
        """Whether whoever sits at the machine chooses who they are."""
        return isinstance(self.people, ByPersona)

    @property
    def by_session(self) -> bool:
        """Whether people sign in here, and out again; where a proxy says who they are, they do so there."""
        return isinstance(self.people, BySession)

    def whose(self, request: Request) -> Viewer:
        """Who asks, looked up anew for a stream that is open for long; it is no use of the session."""
        address = request.client.host if request.client else ""
        asking = Asking(Headers.of(request.scope["headers"]), address, in_background=True)
        return self.source.asker(asking) or NOBODY

    def register(self, server: FastAPI) -> None:
        """Add the routes of this way in, and of no other."""
        self.routes(server)
        screen.register(server, self.enrolment)
        records.register(server, self.programs, Spool(self.programs.credentials.home))
        if isinstance(self.people, BySession):
            sign_out.register(server, self.people, self.trail)


def access_for(settings: Settings, store: Store, trail: Trail) -> Access:
    """What WATCHFLOOR_IDENTITY names."""
    people, routes = _people(settings, store, trail)
    enrolment = Enrolment(
        Screens(store.home), SessionCookie(settings.is_secure, NAME), home_secret(store.home), trail
    )
    programs = ByCredential(store, Credentials(store.home))
    return Access(people, trail, routes, enrolment, programs)


def _people(settings: Settings, store: Store, trail: Trail) -> WayIn:
    if settings.identity == "personas":
        personas = Personas(store, home_secret(store.home))
        return ByPersona(personas), lambda server: persona.register(server, personas)
    if settings.identity == "proxy":
        source = ByProxy(store, store.home, lambda: read_proxy(store.home))
        return source, lambda _server: None
    return _by_session(settings, store, trail)


def _by_session(settings: Settings, store: Store, trail: Trail) -> WayIn:
    cookie, sessions = SessionCookie(settings.is_secure), Sessions(store.home)
    if settings.identity == "oidc":
        return _by_provider(settings, store, trail, cookie, sessions)
    source = BySession(store, sessions, cookie, LocalAccounts(store.home))
    known = KnownBrowser(settings.is_secure, home_secret(store.home))
    entry = SignIn(store.home, source, trail, known)
    return source, lambda server: sign_in.register(server, entry)


def _by_provider(
    settings: Settings, store: Store, trail: Trail, cookie: SessionCookie, sessions: Sessions
) -> WayIn:
    def provider_settings() -> OidcSettings:
        return read_oidc(store.home, store.policy())

    people = OidcPeople(store.home, provider_settings)
    source = BySession(store, sessions, cookie, people)
    outside = settings.public_url or settings.url.rstrip("/")
    provider = Provider(provider_settings, f"{outside}{oidc.RETURN}")
    entry = oidc.Entry(source, provider, people, trail, home_secret(store.home))
    return source, lambda server: oidc.register(server, entry)
