"""What a playing page asks for: the windows of some steps ahead, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.view_values import EARLIEST, LATEST, Notices, Values

MOST_WINDOWS = 6
"""Steps asked for at once: few, so that the first is there soon."""

LONGEST = timedelta(days=3_660)


@dataclass(frozen=True)
class PlayRequest:
    """`serial` comes back with the answer: an answer to an earlier question is put aside."""

    serial: int
    windows: tuple[tuple[datetime, datetime], ...]


def play_request(given: object) -> PlayRequest | None:
    """`{serial, windows: [[from, to], …]}` of ISO times; None for what is none."""
    if not isinstance(given, dict):
        return None
    serial, windows = given.get("serial"), given.get("windows")
    if not isinstance(serial, int) or isinstance(serial, bool) or not 0 <= serial < 2**31:
        return None
    if not isinstance(windows, list) or not 0 < len(windows) <= MOST_WINDOWS:
        return None
    read = [_window(window) for window in windows]
    found = tuple(window for window in read if window is not None)
    return PlayRequest(serial, found) if len(found) == len(windows) else None


def _window(given: object) -> tuple[datetime, datetime] | None:
    if not isinstance(given, list) or len(given) != 2 or not all(isinstance(text, str) for text in given):
        return None
    start, end = (Values({"at": text[:30]}).time("at", Notices()) for text in given)
    if start is None or end is None or not EARLIEST <= start < end <= LATEST or end - start > LONGEST:
        return None
    return start, end
