"""How far back a knowledge time lies: the usual spans, and which of them one is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from layers.msgid import msgid

SPANS: Sequence[tuple[str, timedelta]] = (
    (msgid("24 h"), timedelta(hours=24)),
    (msgid("7 d"), timedelta(days=7)),
    (msgid("30 d"), timedelta(days=30)),
)
NEAR = 0.02
"""Share of a span: a time chosen a little while ago is still that far back, though now has moved on."""


def before(known: datetime, span: timedelta) -> datetime:
    """So long before, to the second, as an address says it."""
    return (known - span).replace(microsecond=0)


def is_about(length: timedelta, span: timedelta) -> bool:
    """Whether a length is this span, as people mean it."""
    return abs(length - span) <= span * NEAR
