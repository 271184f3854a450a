"""The home's identity.toml: which identity provider signs people in, and what its groups mean here.

    [oidc]
    issuer = "https://login.example/ops"
    client_id = "watchfloor"
    client_secret = "…"              # absent for a public client
    groups_claim = "groups"          # this is usual

    [[oidc.group]]
    name = "ops-analysts"            # as the provider writes it
    partner = "XAB"
    roles = ["viewer", "analyst"]
    clearance = "OPEN"
    categories = []
    regions = "all"

A group counts for this issuer only. Of the groups that somebody belongs to, the first of the file decides;
one that the file does not name is none.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass

from data.errors import PolicyError
from data.home import Home
from data.partners import ROLES, Policy
from data.policy_table import Table, unlike
from data.viewer import Identity, without_data

FILE_NAME = "identity.toml"
LOOPBACK = ("http://127.0.0.1:", "http://localhost:")
"""Without https a provider is believed on this machine only."""


@dataclass(frozen=True)
class GroupOfProvider:
    """What belonging to a group of the provider makes of somebody."""

    name: str
    partner: str
    roles: frozenset[str]
    clearance: str
    categories: frozenset[str]
    regions: frozenset[str] | None


@dataclass(frozen=True)
class OidcSettings:
    """The provider, how this server is known to it, and its groups in the order in which they decide."""

    issuer: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    groups_claim: str
    groups: tuple[GroupOfProvider, ...]

    def identity(self, who: str, name: str, issuer: str, groups: Collection[str]) -> Identity | None:
        """Who somebody with these groups of this issuer is; None when no group of theirs counts."""
        if issuer != self.issuer:
            return None
        found = next((group for group in self.groups if group.name in groups), None)
        if found is None:
            return None
        bounds = (found.partner, found.clearance, found.categories, found.regions, found.roles)
        return without_data(Identity(who, name, *bounds))


def read_oidc(home: Home, policy: Policy) -> OidcSettings:
    """The settings as they stand in the file now. Raises PolicyError with the key that is wrong."""
    path = home.path / FILE_NAME
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise PolicyError(
            f"{FILE_NAME} cannot be read: {error.strerror}.", "The home needs it to sign people in by OIDC."
        ) from error
    except ValueError as error:
        raise PolicyError(f"{FILE_NAME} is not a TOML file: {error}.", "Mend it and try again.") from error
    table = Table(FILE_NAME, document).only("oidc").table("oidc")
    table.only("issuer client_id client_secret scopes groups_claim group")
    groups = table.tables("group")
    unlike(groups, "name")
    scopes = table.strings("scopes", str.isprintable, "words") or ("openid", "profile")
    return OidcSettings(
        issuer=_issuer(table),
        client_id=table.text("client_id"),
        client_secret=table.text("client_secret", ""),
        scopes=("openid", *(scope for scope in scopes if scope != "openid")),
        groups_claim=table.text("groups_claim", "groups"),
        groups=tuple(_group(group, policy) for group in groups),
    )


def _issuer(table: Table) -> str:
    issuer = table.text("issuer")
    if not issuer.startswith(("https://", *LOOPBACK)):
        table.refuse("issuer", issuer, "an https address")
    return issuer


def _group(table: Table, policy: Policy) -> GroupOfProvider:
    table.only("name partner roles clearance categories regions")
    return GroupOfProvider(
        name=table.text("name"),
        partner=table.one_of("partner", policy.partners),
        roles=table.some_of("roles", ROLES, least=1),
        clearance=table.one_of("clearance", policy.levels),
        categories=table.some_of("categories", policy.categories),
        regions=table.regions("regions"),
    )
