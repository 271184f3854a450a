"""The secret of a home, which the server alone may know."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from data.errors import HomeError
from data.home import Home

SECRET_BYTES = 32
LEAST_BYTES = 16
"""An operator may put a secret of its own there; shorter than this it is a broken one."""


def home_secret(home: Home) -> bytes:
    """The home's own secret: signs cookies and makes the ids of coarsened records opaque.

    Raises HomeError when it cannot be made, or is not whole: nothing is ever signed with less.
    """
    try:
        if not home.secret_file.exists():
            _make_secret(home.secret_file)
        secret = home.secret_file.read_bytes()
    except OSError as error:
        raise HomeError(
            f"The secret of the home cannot be kept in {home.secret_file}: {error.strerror}.",
            "Choose a folder that may be written to with WATCHFLOOR_HOME.",
        ) from error
    if len(secret) < LEAST_BYTES:
        raise HomeError(
            f"The secret of the home is not whole: {home.secret_file} holds {len(secret)} bytes,"
            f" expected at least {LEAST_BYTES}.",
            "Remove that file: the next start makes a new one.",
        )
    return secret


def _make_secret(path: Path) -> None:
    """The name appears only when the content is on the disk, and the first of two processes wins."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".secret.")  # readable by its owner alone
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
