"""The cookie that holds a session's id, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from starlette.responses import Response

NAME = "watchfloor_session"


@dataclass(frozen=True)
class SessionCookie:
    """`secure`: the page is served over https. Then the name has the prefix that binds it to this host."""

    secure: bool
    plain: str = NAME

    @property
    def name(self) -> str:
        """No page of another host, and no plain http, can set a cookie called `__Host-…`."""
        return f"__Host-{self.plain}" if self.secure else self.plain

    def read(self, header: str) -> str:
        """The id in a Cookie header; empty when there is none, or more than one."""
        return cookie_of(header, self.name) or ""

    def put(self, answer: Response, token: str, max_age: int | None = None) -> None:
        """Hand the id to the browser; without `max_age` (seconds) it forgets it when it is closed."""
        answer.set_cookie(
            self.name, token, max_age, path="/", secure=self.secure, httponly=True, samesite="lax"
        )

    def take(self, answer: Response) -> None:
        """Have the browser forget it."""
        answer.delete_cookie(self.name, path="/", secure=self.secure, httponly=True, samesite="lax")


def cookie_of(header: str, name: str) -> str | None:
    """A cookie's value; None when there is none. One that is doubled or cannot be read counts as forged."""
    if name not in header:
        return None
    if sum(part.strip().startswith(f"{name}=") for part in header.split(";")) > 1:
        return ""
    try:
        morsel = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""
