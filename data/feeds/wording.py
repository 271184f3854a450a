"""How much of a partner's file a sentence about it repeats: enough to find the place, never all."""

from __future__ import annotations

from collections.abc import Collection
from itertools import islice

LONGEST_REASON = 300
"""Letters; the value itself stands beside it in quarantine, whole."""

MOST_LISTED = 60
"""Columns named in a sentence."""


def shortened(problem: str) -> str:
    """A reason that can be read at a glance: of a long one, how it begins and how it ends."""
    if len(problem) <= LONGEST_REASON:
        return problem
    half = LONGEST_REASON // 2
    return f"{problem[:half]} … {problem[-half:]}"


def listed(names: Collection[str]) -> str:
    """Names with commas between, and how many more there are."""
    more = len(names) - MOST_LISTED
    return ", ".join(islice(names, MOST_LISTED)) + (f" and {more:,} more" if more > 0 else "")
