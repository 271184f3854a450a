"""Passwords: hashed with Argon2id, compared in the same time whoever is asked for."""

from __future__ import annotations

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

LEAST, MOST = 12, 1024
"""Characters. The upper bound keeps hashing from being made to work on megabytes."""


@cache
def _hasher() -> PasswordHasher:
    """The low-memory profile of RFC 9106: 64 MiB, three passes, four lanes."""
    return PasswordHasher()


@cache
def _nobodys() -> str:
    """The hash that is compared where there is no account: it takes as long, and nothing fits it."""
    return _hasher().hash("\N{NULL}nobody's")


def fault_of(password: str) -> str:
    """Why a password cannot be taken; empty when it can."""
    if len(password) < LEAST:
        return f"it has {len(password)} characters; expected at least {LEAST}"
    if len(password) > MOST:
        return f"it has {len(password)} characters; expected at most {MOST}"
    return "" if password.isprintable() else "it holds a control character; expected one line of text"


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher().hash(_plain(password))


def fits(kept: str, password: str) -> bool:
    """Whether a password is the one that was hashed. Where nothing is kept it takes as long, and is not."""
    try:
        return _hasher().verify(kept or _nobodys(), _plain(password[: MOST + 1])) and bool(kept)
    except (Argon2Error, InvalidHashError):
        return False


def _plain(password: str) -> bytes:
    """One form of letters with accents, whatever keyboard they were typed on."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")
