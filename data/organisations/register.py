"""The register: which organisation a name is. Equal but for case, accents and punctuation; near is nothing.

Four sources, the later the stronger: states by their names, the organisations that ship with Watchfloor, the
partners of the policy, and what people decided in this home (`data.organisations.decisions`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType

from data.basemap.countries import ALIASES
from data.basemap.world import countries
from data.errors import OrganisationRefused
from data.home import Home
from data.names import plain
from data.organisations.decisions import MERGE, Decision, decisions
from data.partners import Policy

REGISTER_FILE = Path(__file__).parent / "register.toml"

SHORTEST_STATE = 4
"""Short forms of states are not taken: SC is more often Save the Children than the Seychelles."""


@dataclass(frozen=True)
class Organisation:
    """One that is known everywhere. `names`: (language, name); "mixed" is used in several languages."""

    code: str
    names: tuple[tuple[str, str], ...]

    @property
    def title(self) -> str:
        """Its first name."""
        return self.names[0][1]


@dataclass(frozen=True)
class Register:
    """Names and the codes of the organisations they mean. Keys of `codes` are plain names.

    `decided`: what people decided last about a name; None where they took it out of its organisation.
    """

    codes: Mapping[str, str]
    titles: Mapping[str, str]
    decided: Mapping[str, str | None] = field(default_factory=lambda: MappingProxyType({}))

    def code_of(self, name: str | None) -> str | None:
        """The organisation of this name; None when it is not known."""
        return self.codes.get(plain(name)) if name else None

    def decided_of(self, name: str | None) -> str | None:
        """The organisation that people decided this name to be; None when they did not."""
        return self.decided.get(plain(name)) if name else None


@cache
def shipped() -> Mapping[str, Organisation]:
    """The organisations that ship with Watchfloor, by code. A name belongs to one of them only."""
    return parse_register(tomllib.loads(REGISTER_FILE.read_text("utf-8")))


def parse_register(document: Mapping[str, object]) -> Mapping[str, Organisation]:
    """The organisations of a register's document. Raises OrganisationRefused when a name is two of them."""
    found: dict[str, Organisation] = {}
    owner: dict[str, str] = {}
    for table in document["organisation"]:  # type: ignore[attr-defined]
        names = tuple((language, name) for language, said in table["names"].items() for name in said)
        found[table["code"]] = Organisation(table["code"], names)
        for _, name in names:
            if owner.setdefault(plain(name), table["code"]) != table["code"]:
                raise OrganisationRefused(
                    f"The name {name!r} stands for {owner[plain(name)]} and {table['code']} in the register."
                )
    return MappingProxyType(found)


@cache
def public_register() -> Register:
    """States and organisations that are known everywhere: what may be shown to anybody."""
    codes = {plain(word): iso3 for word, iso3 in ALIASES.items() if len(plain(word)) >= SHORTEST_STATE}
    for country in countries().values():
        codes |= {plain(word): country.iso3 for word in (country.en, country.fr, *country.also)}
    titles = {country.iso3: country.en for country in countries().values()}
    for organisation in shipped().values():
        codes |= {plain(name): organisation.code for _, name in organisation.names}
        codes[plain(organisation.code)] = organisation.code
        titles[organisation.code] = organisation.title
    return Register(MappingProxyType(codes), MappingProxyType(titles))


def register_of(home: Home) -> Register:
    """The whole register of a home, what its people decided included: for the system, never to be shown."""
    return register(home.policy(), decisions(home))


def register(policy: Policy, decided: Iterable[Decision] = ()) -> Register:
    """The register of a policy, and of decisions in the order in which they were taken."""
    known = public_register()
    codes: dict[str, str] = dict(known.codes)
    titles = dict(known.titles)
    for partner in policy.partners.values():
        codes |= {plain(partner.code): partner.code, plain(partner.name): partner.code}
        titles[partner.code] = partner.name
    last: dict[str, str | None] = {}
    for decision in decided:
        for key in map(plain, decision.names):
            last[key] = decision.code if decision.action == MERGE else None
            if decision.action == MERGE:
                codes[key] = decision.code
            else:
                codes.pop(key, None)
    return Register(MappingProxyType(codes), MappingProxyType(titles), MappingProxyType(last))
