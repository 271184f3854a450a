"""Marks texts for the catalogue where they are declared; they are translated where they are shown."""

from __future__ import annotations

from data.words import Words, as_written, msgid

__all__ = ["Words", "as_written", "msgid", "plain_name"]


def plain_name(code: str) -> str:
    """A code that no table names, in readable form: `aid_worker_attack` becomes `aid worker attack`."""
    return code.replace("_", " ").strip()
