"""Somebody who can sign in: of which partner, and what they may do.

An account decides nothing by itself: it becomes an Identity, and the policy in force decides what is released
to that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from data.partners import ROLES, Policy
from data.viewer import Identity, without_data

PREFIX = "account:"
"""Before the id of an account: no persona has a colon in its id, so the two never collide."""

IDENTIFIER = re.compile("[a-z0-9][a-z0-9._-]{0,63}", re.ASCII)
MOST_NAME = 80


@dataclass(frozen=True)
class Account:
    """`regions` None: bound to none ("all"); empty: none at all.

    `issuer` and `subject` say whom of an identity provider it belongs to, when to any.
    """

    id: str
    name: str
    partner: str
    roles: frozenset[str]
    clearance: str
    categories: frozenset[str] = frozenset()
    regions: frozenset[str] | None = frozenset()
    issuer: str | None = None
    subject: str | None = None

    @property
    def who(self) -> str:
        """The id of the identity that this account is."""
        return f"{PREFIX}{self.id}"

    def identity(self) -> Identity:
        """Who is asking, when this account is."""
        who = Identity(
            self.who, self.name, self.partner, self.clearance, self.categories, self.regions, self.roles
        )
        return without_data(who)


def fault(account: Account, policy: Policy) -> str:
    """What of an account the policy does not know, in words; empty when all is known."""
    claims = (
        (IDENTIFIER.fullmatch(account.id), f"the id {account.id!r}; expected letters a-z, digits and . _ -"),
        (_is_name(account.name), f"the name {account.name!r}; expected one line of 1 to {MOST_NAME} letters"),
        (account.partner in policy.partners, _unknown("partner", account.partner, policy.partners)),
        (account.roles, f"no role; expected one or more of {', '.join(ROLES)}"),
        (account.roles <= set(ROLES), _unknown("role", account.roles - set(ROLES), ROLES)),
        (account.clearance in policy.levels, _unknown("clearance", account.clearance, policy.levels)),
        (
            account.categories <= policy.categories,
            _unknown("category", account.categories - policy.categories, policy.categories),
        ),
        (
            (account.issuer is None) == (account.subject is None),
            "an issuer or a subject alone; expected both",
        ),
    )
    return next((words for holds, words in claims if not holds), "")


def _is_name(name: str) -> bool:
    return 0 < len(name) <= MOST_NAME and name.isprintable() and name.strip() == name


def _unknown(what: str, given: str | Iterable[str], known: Iterable[str]) -> str:
    said = given if isinstance(given, str) else ", ".join(sorted(given))
    return f"the {what} {said!r}; expected one of {', '.join(known) or 'none'}"
