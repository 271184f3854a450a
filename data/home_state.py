"""Two small things of a home that the server alone may know: its secret, and how far its lake is."""

from __future__ import annotations

import secrets
import sqlite3

from data.home import Home


def lake_version(home: Home) -> int:
    """The lake's newest snapshot. For the server alone: a viewer is given its own version only."""
    catalog = home.lake / "catalog.sqlite"
    if not catalog.exists():
        return 0
    with sqlite3.connect(f"file:{catalog}?mode=ro", uri=True, timeout=10) as connection:
        row = connection.execute("SELECT max(snapshot_id) FROM ducklake_snapshot").fetchone()
    connection.close()
    return int(row[0] or 0)


def home_secret(home: Home) -> bytes:
    """The home's own secret: signs cookies and makes the ids of coarsened records opaque."""
    path = home.path / "secret"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    return path.read_bytes()
