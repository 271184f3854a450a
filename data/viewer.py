"""Who is asking. A Viewer is known to the server only: never from a body, a store, an URL or a header."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Identity:
    """One identity: a person has one; a wall or a comparison holds several.

    `regions`: codes the identity is bound to; None means unbound by an explicit "all" (an empty set
    means none at all).
    """

    id: str
    name: str
    partner: str
    clearance: str
    categories: frozenset[str] = frozenset()
    regions: frozenset[str] | None = frozenset()
    roles: frozenset[str] = frozenset()


ADMINISTRATOR = "administrator"


def without_data(identity: Identity) -> Identity:
    """The identity as it asks: who administers and does nothing else is cleared for nothing (R8).

    An empty clearance is no level of any policy, and what is unknown is denied.
    """
    if identity.roles - {ADMINISTRATOR}:
        return identity
    return replace(identity, clearance="", categories=frozenset(), regions=frozenset())


@dataclass(frozen=True)
class Viewer:
    """Whoever the picture is for: a record is released when every identity permits."""

    identities: tuple[Identity, ...]

    @property
    def partners(self) -> frozenset[str]:
        """The partner codes of all identities."""
        return frozenset(identity.partner for identity in self.identities)

    @property
    def roles(self) -> frozenset[str]:
        """Roles held by every identity: a common viewer can do only what all of them may."""
        sets = [identity.roles for identity in self.identities]
        return frozenset.intersection(*sets) if sets else frozenset()


NOBODY = Viewer(())
"""No identity at all: releases nothing."""
