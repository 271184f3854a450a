"""The viewer of this request, set by the guard alone, and the signed cookie that names a persona."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Protocol

from itsdangerous import BadSignature, URLSafeSerializer

from data.partners import SCREEN
from data.policy import Policy
from data.viewer import NOBODY, Viewer

PERSONA_COOKIE = "watchfloor_persona"
_MOST_COOKIE = 512
_viewer: ContextVar[Viewer] = ContextVar("watchfloor_viewer", default=NOBODY)
_purpose: ContextVar[str] = ContextVar("watchfloor_purpose", default=SCREEN)


class Policies(Protocol):
    """Whatever knows the policy in force."""

    def policy(self) -> Policy: ...


def current_viewer() -> Viewer:
    """Who asks; nobody outside a request."""
    return _viewer.get()


def current_purpose() -> str:
    """What the answer is for, as the census says of its route or callback: `screen` or `file`."""
    return _purpose.get()


def set_viewer(viewer: Viewer, purpose: str = SCREEN) -> None:
    """Only the guard calls this, once a request."""
    _viewer.set(viewer)
    _purpose.set(purpose)


@dataclass(frozen=True)
class Personas:
    """Personas of an exercise or replay home: the cookie holds an id, signed, and nothing else."""

    store: Policies
    secret: bytes

    def _signer(self) -> URLSafeSerializer:
        return URLSafeSerializer(self.secret, salt="persona")

    def signed(self, persona_id: str) -> str:
        """The cookie's value for this persona."""
        value = self._signer().dumps(persona_id)
        return value if isinstance(value, str) else value.decode()

    def knows(self, persona_id: object) -> bool:
        """Whether the policy in force declares this persona."""
        return isinstance(persona_id, str) and persona_id in self.store.policy().personas

    def viewer_of(self, cookie: str | None) -> Viewer:
        """Without a cookie the first persona; with one that is forged, or names nobody, nobody.

        Nobody too in a home whose policy has become that of an actual operation while it was served.
        """
        policy = self.store.policy()
        if policy.operation.kind == "actual":
            return NOBODY
        persona_id = next(iter(policy.personas), "") if cookie is None else self._read(cookie)
        return policy.viewer(persona_id) if persona_id in policy.personas else NOBODY

    def _read(self, cookie: str) -> str:
        if len(cookie) > _MOST_COOKIE:
            return ""
        try:
            value = self._signer().loads(cookie)
        except BadSignature:
            return ""
        return value if isinstance(value, str) else ""
