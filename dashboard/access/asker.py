"""Who is asking, by the way that the settings name: a persona that was chosen, or a person who signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from dashboard.access.requests import Headers
from dashboard.access.session_cookie import SessionCookie, cookie_of
from dashboard.access.viewing import PERSONA_COOKIE, Personas, Policies
from data.accounts import account_of
from data.home import Home
from data.sessions import Session, Sessions
from data.viewer import Identity, Viewer


@dataclass(frozen=True)
class Asking:
    """What a request says of its sender: headers, and the address it comes from (empty when unknown).

    `in_background`: the page asks by itself. Nobody has to be there for that, so it keeps no session alive.
    """

    headers: Headers
    address: str = ""
    in_background: bool = False

    @property
    def cookies(self) -> str:
        """The Cookie header."""
        return self.headers.values.get("cookie", "")


class IdentitySource(Protocol):
    """Says who asks. None: nobody has signed in, or no longer. May wait for the disk."""

    def asker(self, asking: Asking) -> Viewer | None: ...


@dataclass(frozen=True)
class ByPersona:
    """Whoever sits at the machine chooses; so there is always somebody, or a forger, who is nobody."""

    personas: Personas

    def asker(self, asking: Asking) -> Viewer | None:
        """The persona of the cookie."""
        return self.personas.viewer_of(cookie_of(asking.cookies, PERSONA_COOKIE))


class Directory(Protocol):
    """Knows who an identity is now."""

    def identity(self, session: Session) -> Identity | None: ...


@dataclass(frozen=True)
class LocalAccounts:
    """The accounts of the home."""

    home: Home

    def identity(self, session: Session) -> Identity | None:
        """As the account stands now; None when it is gone."""
        account = account_of(self.home, session.who)
        return account.identity() if account is not None else None


@dataclass(frozen=True)
class BySession:
    """Whoever signed in: the session says who, the directory and the policy say what that is today."""

    store: Policies
    sessions: Sessions
    cookie: SessionCookie
    directory: Directory

    def asker(self, asking: Asking) -> Viewer | None:
        """The person of the session, as long as their partner takes part."""
        session = self.sessions.of(self.cookie.read(asking.cookies), used=not asking.in_background)
        return self.viewer(session) if session is not None else None

    def viewer(self, session: Session) -> Viewer | None:
        """Who this session's person is now."""
        identity = self.directory.identity(session)
        if identity is None or identity.partner not in self.store.policy().partners:
            return None
        return Viewer((identity,))
