"""The files of a trail in its home."""

from __future__ import annotations

from pathlib import Path

from data.home import Home


def trail_of(home: Home) -> Path:
    """The entries, a line each."""
    return home.audit / "trail.jsonl"


def checkpoints_of(home: Home) -> Path:
    """The signed checkpoints that lie beside the trail."""
    return home.audit / "checkpoints.jsonl"


def emptying_of(home: Home) -> Path:
    """Views that are being emptied just now."""
    return home.audit / "emptying.jsonl"


def torn_of(home: Home, seq: int, digest: str) -> Path:
    """Half a line that stood where entry `seq` stands now."""
    return home.audit / f"torn-{seq}-{digest[:8]}.txt"


def put_away_of(home: Home, name: str) -> Path:
    """The folder of a trail that did not verify."""
    return home.audit / f"put-away-{name}"
