"""policy.toml: read, checked to the last key, refused as a whole in one sentence (formats.md).

Every reference must lead somewhere: parties, members, partners of personas, feeds, levels, categories,
field classes. What a policy holds is in `data.partners`; importers may take it from here.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from data.errors import PolicyError
from data.labels import GEO_LEVELS
from data.level_names import may_name_level, plain
from data.partners import (
    AGREEMENT_KINDS,
    BILATERAL,
    ENDINGS,
    HUMANITARIAN_SITES,
    MARKING_PROFILES,
    OPERATION_KINDS,
    PARTNER_KINDS,
    PURPOSES,
    ROLES,
    SERVICES,
    Agreement,
    Group,
    Membership,
    Operation,
    Partner,
    Persona,
    Policy,
    in_force,
)
from data.policy_table import IDENTIFIER, IDENTIFIER_EXPECTED, Table, unlike
from data.schema import FEED_NAMES, FIELD_CLASSES

__all__ = [
    "REPLAY_POLICY",
    "Agreement",
    "Group",
    "Membership",
    "Operation",
    "Partner",
    "Persona",
    "Policy",
    "content_of",
    "in_force",
    "parse_policy",
    "policy_document",
    "read_policy",
]

REPLAY_POLICY = Path(__file__).parent / "policies" / "replay.toml"
"""The shipped minimal policy: registers the originators of the shipped recipes."""

HIDEABLE = tuple(name for name in FIELD_CLASSES if name != "public")
LARGEST_FILE = 4 * 1024 * 1024
LEVEL_EXPECTED = (
    "different names of levels in rising order, as OPEN, SENSITIVE; none that is a classification somewhere"
    " (Watchfloor is not for classified data)"
)


def read_policy(path: Path) -> Policy:
    """The policy in a file. Raises PolicyError when it cannot be read or is not one."""
    return parse_policy(policy_document(content_of(path), path.name), path.name)


def content_of(path: Path) -> bytes:
    """The bytes of a policy's file. Raises PolicyError when it cannot be read, or is larger than any."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PolicyError(f"{path.name} is larger than 4 MiB, which no policy is.", "Check the file.")
        return path.read_bytes()
    except OSError as error:
        said = error.strerror or type(error).__name__
        raise PolicyError(f"{path.name} cannot be read: {said}.", "Check that the file is there.") from error


def policy_document(content: bytes, where: str) -> dict[str, object]:
    """The TOML document in the bytes of a policy's file; `where` names it in a PolicyError."""
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise PolicyError(f"{where} is not UTF-8 text.", "Save it as UTF-8 and try again.") from error
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        said = str(error).splitlines()[0].rstrip(".") if str(error) else type(error).__name__
        raise PolicyError(f"{where} is not a TOML file: {said}.", "Mend the file and try again.") from error


def parse_policy(document: Mapping[str, object], where: str) -> Policy:
    """The policy in a parsed document; `where` names it in the sentence of a PolicyError.

    `relabel` is no part of a policy: `data.policy_relabel` reads it when a file is applied.
    """
    whole = Table(where, document).only("operation policy partner group persona agreement relabel")
    head = whole.table("policy").only("id version levels categories")
    levels = head.strings("levels", may_name_level, LEVEL_EXPECTED)
    if not levels or len({plain(level) for level in levels}) < len(levels):
        head.refuse("levels", head.values.get("levels"), LEVEL_EXPECTED)
    categories = frozenset(head.strings("categories", IDENTIFIER.fullmatch, IDENTIFIER_EXPECTED))
    partners = _partners(whole)
    return Policy(
        operation=_operation(whole.table("operation")),
        id=head.identifier("id"),
        version=head.text("version"),
        levels=levels,
        categories=categories,
        partners=partners,
        groups=_groups(whole, partners),
        personas=_personas(whole, partners, levels, categories),
        agreements=_agreements(whole, partners, levels),
    )


def _operation(table: Table) -> Operation:
    table.only("id title kind from until marking")
    from_at = table.time("from") if "from" in table.values else None
    return Operation(
        id=table.identifier("id"),
        title=table.text("title"),
        kind=table.one_of("kind", OPERATION_KINDS),
        from_at=from_at,
        until_at=table.until(from_at),
        marking=table.one_of("marking", MARKING_PROFILES),
    )


def _partners(whole: Table) -> Mapping[str, Partner]:
    tables = whole.tables("partner")
    if not tables:
        whole.refuse("partner", None, "at least one [[partner]]")
    unlike(tables, "code")
    partners = [_partner(table.only("code name kind service")) for table in tables]
    return MappingProxyType({partner.code: partner for partner in partners})


def _partner(table: Table) -> Partner:
    kind = table.one_of("kind", PARTNER_KINDS)
    return Partner(table.code("code"), table.text("name"), kind, table.one_of("service", SERVICES))


def _groups(whole: Table, partners: Mapping[str, Partner]) -> Mapping[str, Group]:
    tables = whole.tables("group")
    unlike(tables, "code", partners)
    groups = [_group(table.only("code members"), partners) for table in tables]
    return MappingProxyType({group.code: group for group in groups})


def _group(table: Table, partners: Mapping[str, Partner]) -> Group:
    members = [_membership(member, partners) for member in table.tables("members")]
    if not members:
        table.refuse("members", table.values.get("members"), "at least one member {partner, from, until}")
    return Group(table.code("code"), tuple(sorted(members, key=lambda one: (one.partner, one.from_at))))


def _membership(table: Table, partners: Mapping[str, Partner]) -> Membership:
    table.only("partner from until")
    from_at = table.time("from")
    return Membership(table.one_of("partner", partners), from_at, table.until(from_at))


def _personas(
    whole: Table, partners: Mapping[str, Partner], levels: tuple[str, ...], categories: frozenset[str]
) -> Mapping[str, Persona]:
    tables = whole.tables("persona")
    unlike(tables, "id")
    for table in tables:
        table.only("id name partner roles clearance categories regions")
    personas = [
        Persona(
            id=table.identifier("id"),
            name=table.text("name"),
            partner=table.one_of("partner", partners),
            roles=table.some_of("roles", ROLES, least=1),
            clearance=table.one_of("clearance", levels),
            categories=table.some_of("categories", categories),
            regions=table.regions("regions"),
        )
        for table in tables
    ]
    return MappingProxyType({persona.id: persona for persona in personas})


def _agreements(
    whole: Table, partners: Mapping[str, Partner], levels: tuple[str, ...]
) -> tuple[Agreement, ...]:
    tables = whole.tables("agreement")
    unlike(tables, "id")
    agreements = [_agreement(table, partners, levels) for table in tables]
    return tuple(sorted(agreements, key=lambda agreement: agreement.id))


def _agreement(table: Table, partners: Mapping[str, Partner], levels: tuple[str, ...]) -> Agreement:
    table.only(
        "id kind parties feeds level regions from until geo_level delay hide allows use retention at_end"
        " humanitarian_sites legal_basis"
    )
    kind = table.one_of("kind", AGREEMENT_KINDS)
    parties = table.some_of("parties", partners, least=2)
    if kind == BILATERAL and len(parties) != 2:
        table.refuse("parties", sorted(parties), "exactly two of them in a bilateral agreement")
    from_at = table.time("from")
    return Agreement(
        id=table.identifier("id"),
        kind=kind,
        parties=parties,
        feeds=table.some_of("feeds", FEED_NAMES, least=1),
        level=table.one_of("level", levels),
        regions=table.regions("regions"),
        from_at=from_at,
        until_at=table.until(from_at),
        geo_level=table.one_of("geo_level", GEO_LEVELS),
        delay=table.duration("delay"),
        hide=table.some_of("hide", HIDEABLE),
        allows=table.some_of("allows", PURPOSES, least=1),
        use=table.text("use", ""),
        retention=table.text("retention", ""),
        at_end=table.one_of("at_end", ENDINGS, "delete"),
        humanitarian_sites=table.one_of("humanitarian_sites", HUMANITARIAN_SITES, "adm2"),
        legal_basis=table.text("legal_basis"),
    )
