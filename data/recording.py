"""Where what people do with policy, labels and records is reported to. The audit trail is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from data.audit.entry import Action
from data.viewer import Viewer


class Record(Protocol):
    """Takes one entry: what was done, by whom, and what is to be said of it. `durable`: on the disk first."""

    def __call__(
        self, action: Action, who: Viewer, details: Mapping[str, object], *, durable: bool
    ) -> object:
        """Keep the entry."""
