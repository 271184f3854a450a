"""The home's identity.toml: which identity provider signs people in and what its groups mean here, and which
server before this one is believed.

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

    [proxy]
    address = "127.0.0.1"            # of the server before this one
    header = "X-Auth-User"           # where it names the account
    secret = "…"                     # 32 characters or more, which it sends as X-Watchfloor-Secret

A group counts for this issuer only. Of the groups that somebody belongs to, the first of the file decides;
one that the file does not name is none.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address

from data.errors import PolicyError
from data.home import Home
from data.partners import ROLES, Policy
from data.policy_table import Table, unlike
from data.viewer import Identity, without_data

FILE_NAME = "identity.toml"
LEAST_SECRET = 32
HEADER = re.compile("[A-Za-z][A-Za-z0-9-]{1,63}", re.ASCII)
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


@dataclass(frozen=True)
class ProxySettings:
    """The server before this one: its address, its secret, the header (lower case) that names the account."""

    address: str
    header: str
    secret: str


def read_proxy(home: Home) -> ProxySettings:
    """The settings as they stand in the file now. Raises PolicyError with the key that is wrong."""
    table = _file(home).table("proxy").only("address header secret")
    address, header, secret = (table.text(key) for key in ("address", "header", "secret"))
    try:
        ip_address(address)
    except ValueError:
        table.refuse("address", address, "an address such as 127.0.0.1")
    if not HEADER.fullmatch(header):
        table.refuse("header", header, "the name of a header, such as X-Auth-User")
    if len(secret) < LEAST_SECRET or not secret.isascii():
        raise PolicyError(
            f"{FILE_NAME}, [proxy]: secret has {len(secret)} characters; expected {LEAST_SECRET} or more,"
            " without accents.",
            "Make a longer one.",
        )
    return ProxySettings(address, header.lower(), secret)


def read_oidc(home: Home, policy: Policy) -> OidcSettings:
    """The settings as they stand in the file now. Raises PolicyError with the key that is wrong."""
    table = _file(home).table("oidc")
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


def _file(home: Home) -> Table:
    try:
        document = tomllib.loads((home.path / FILE_NAME).read_text("utf-8-sig"))
    except OSError as error:
        raise PolicyError(
            f"{FILE_NAME} cannot be read: {error.strerror}.", "The home needs it for oidc and for proxy."
        ) from error
    except ValueError as error:
        raise PolicyError(f"{FILE_NAME} is not a TOML file: {error}.", "Mend it and try again.") from error
    return Table(FILE_NAME, document).only("oidc proxy")


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
