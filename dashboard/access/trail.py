"""Where sign-ins, refusals and sign-outs are reported to; without anything better they go to the log."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from data.viewer import Viewer

log = logging.getLogger("watchfloor.access")

SIGNED_IN, SIGNED_OUT = "signed in", "signed out"
SIGN_IN_REFUSED, REFUSED = "sign-in refused", "refused"


class Trail(Protocol):
    """Keeps who did what. With `durable` it returns when that is on the disk, or raises."""

    def record(self, action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> object: ...


class LogOnly:
    """Tells the log: the action, the ids, the details; never what anybody looked at."""

    def record(self, action: str, who: Viewer, details: Mapping[str, object], *, durable: bool) -> None:
        """One line."""
        del durable
        ids = ", ".join(identity.id for identity in who.identities) or "nobody"
        log.info("%s: %s %s", action, ids, dict(details))
