"""A browser in which somebody signed in before: failures elsewhere do not keep that person out of it.

It keeps a signed cookie that names the account and itself, and lets nobody in: only its own failures count
for it (the "device cookies" of OWASP). So nobody is shut out by strangers who fail at the account, or behind
the same address.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.responses import Response

from dashboard.access.session_cookie import SessionCookie, cookie_of

NAME = "watchfloor_known"
HALF_A_YEAR = 180 * 24 * 3600
MOST_COOKIE = 1024


@dataclass(frozen=True)
class KnownBrowser:
    """Reads and hands out the cookie; `secure` as in SessionCookie."""

    secure: bool
    secret: bytes

    @property
    def name(self) -> str:
        """Of the cookie."""
        return SessionCookie(self.secure, NAME).name

    def of(self, header: str, account: str, password: str) -> str:
        """The browser's own id where this account signed in in it before; else empty.

        `password`: a mark of the account's password, so that another one makes every browser unknown.
        """
        value = cookie_of(header, self.name) or ""
        if len(value) > MOST_COOKIE:
            return ""
        try:
            told = self._signer().loads(value, max_age=HALF_A_YEAR)
        except BadSignature:
            return ""
        known = isinstance(told, list) and len(told) == 3 and told[:2] == [account, password]
        return str(told[2]) if known else ""

    def put(self, answer: Response, account: str, password: str) -> None:
        """The account has signed in there."""
        value = self._signer().dumps([account, password, secrets.token_urlsafe(16)])
        text = value if isinstance(value, str) else value.decode()
        answer.set_cookie(
            self.name, text, HALF_A_YEAR, path="/", secure=self.secure, httponly=True, samesite="strict"
        )

    def _signer(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self.secret, salt="known browser")
