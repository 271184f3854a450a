"""Where what people do with policy, labels and records is reported to. The audit trail is handed in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Protocol

from data.audit.entry import Action
from data.viewer import Viewer

log = logging.getLogger("watchfloor.policy")


class Record(Protocol):
    """Takes one entry: what was done, by whom, and what is to be said of it. `durable`: on the disk first."""

    def __call__(
        self, action: Action, who: Viewer, details: Mapping[str, object], *, durable: bool
    ) -> object:
        """Keep the entry."""


def only_logged(action: Action, who: Viewer, details: Mapping[str, object], *, durable: bool) -> object:
    """Without an audit trail an action leaves a line in the log; its details stay out of it."""
    del details, durable
    log.info("%s by %s", action, ", ".join(identity.id for identity in who.identities) or "nobody")
    return None
