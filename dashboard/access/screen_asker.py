"""A screen asks with its own credential; whoever has none is asked for as people are."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.access.asker import Asking, IdentitySource
from dashboard.access.session_cookie import SessionCookie
from data.screens import Screens
from data.viewer import Viewer

NAME = "watchfloor_screen"


@dataclass(frozen=True)
class ByScreen:
    """`people`: the way in that the settings name. A credential that was taken back is nobody."""

    screens: Screens
    cookie: SessionCookie
    people: IdentitySource

    def asker(self, asking: Asking) -> Viewer | None:
        """The screen of the cookie, else the person."""
        token = self.cookie.read(asking.cookies)
        if not token:
            return self.people.asker(asking)
        screen = self.screens.of(token)
        return screen.viewer() if screen is not None else None
