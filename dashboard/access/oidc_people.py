"""Who somebody is whom an identity provider signed in: an account of theirs, or what their groups mean."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from data.account import PREFIX
from data.accounts import account_of, account_of_subject
from data.home import Home
from data.identity_file import OidcSettings
from data.sessions import Session
from data.viewer import Identity

MOST_GROUPS, MOST_TEXT = 500, 200


@dataclass(frozen=True)
class OidcPeople:
    """Maps by issuer and subject to an account, else by groups of the issuer. Unknown is nobody."""

    home: Home
    settings: Callable[[], OidcSettings]

    def session(self, claims: Mapping[str, object]) -> Session:
        """What is kept of a sign-in: who it is, and what the provider said."""
        settings = self.settings()
        subject = str(claims["sub"])
        account = account_of_subject(self.home, settings.issuer, subject)
        if account is not None:
            return Session(account.who)
        name = claims.get("name") or claims.get("preferred_username") or subject
        kept = {
            "issuer": settings.issuer,
            "name": _line(str(name)),
            "groups": _groups(claims.get(settings.groups_claim)),
        }
        return Session(f"oidc:{_hashed(settings.issuer, subject)}", kept)

    def identity(self, session: Session) -> Identity | None:
        """As account, policy and identity.toml stand now."""
        if session.who.startswith(PREFIX):
            account = account_of(self.home, session.who)
            return account.identity() if account is not None else None
        issuer, name, groups = (session.claims.get(key) for key in ("issuer", "name", "groups"))
        return self.settings().identity(session.who, str(name), str(issuer), _groups(groups))


def _groups(told: object) -> list[str]:
    if not isinstance(told, list):
        return []
    return [group for group in told[:MOST_GROUPS] if isinstance(group, str) and len(group) <= MOST_TEXT]


def _line(text: str) -> str:
    """A name as it is shown: one line of letters that print."""
    return "".join(letter for letter in text if letter.isprintable())[:80].strip() or "?"


def _hashed(issuer: str, subject: str) -> str:
    """An id of fixed length; the two cannot run into each other."""
    return hashlib.sha256(f"{len(issuer)}:{issuer}{subject}".encode("utf-8", "surrogatepass")).hexdigest()[
        :32
    ]
