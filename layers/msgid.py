"""Marks texts for the catalogue where they are declared; they are translated where they are shown."""

from __future__ import annotations

from collections.abc import Callable

Words = Callable[[str], str]
"""Gives the text of a catalogue key (an English sentence) in the reader's language."""


def msgid(text: str) -> str:
    """The text itself; the catalogue's extraction looks for this name (`pybabel extract -k msgid`)."""
    return text


def as_written(text: str) -> str:
    """The `Words` of the catalogue's own language."""
    return text


def plain_name(code: str) -> str:
    """A code that no table names, in readable form: `aid_worker_attack` becomes `aid worker attack`."""
    return code.replace("_", " ").strip()
