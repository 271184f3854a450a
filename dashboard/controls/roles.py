"""What the roles of people are called."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from dashboard.words import _
from layers.msgid import msgid

ROLE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "viewer": msgid("viewer"),
        "analyst": msgid("analyst"),
        "releaser": msgid("releaser"),
        "overseer": msgid("overseer"),
        "operator": msgid("operator"),
        "administrator": msgid("administrator"),
    }
)


def role_list(roles: Iterable[str]) -> str:
    """The roles in words, in their own order; a role that has none as the trail has it."""
    return _.listed([_(ROLE_WORDS[role]) if role in ROLE_WORDS else role for role in roles], ", ")
