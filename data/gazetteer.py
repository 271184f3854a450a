"""Places of records: a provider's code, names and position become a country and regions, or nothing.

A code is matched with its name, never alone: `LBR03` is Bomi in one file and Gbarpolu in another (standards,
rule 4). What cannot be matched for sure is left open and listed, never guessed; near-names are not names.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pyarrow as pa

from data.basemap.countries import country_area, country_at, country_code
from data.geography import LonLat
from data.names import plain
from data.places import Alias, Match, Place, Region
from data.region_lookup import RegionLookup
from data.shapes import lies_turned_round


@dataclass(frozen=True)
class Claim:
    """What a provider says of a place. Names are plain already."""

    country: str | None
    code: str | None
    adm1: str
    adm2: str
    position: LonLat | None


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """The regions loaded and a recipe's aliases. Build one with `Gazetteer.of`; it never changes."""

    _lookup: RegionLookup
    _aliases: Mapping[str, tuple[Alias, ...]] = field(repr=False)

    @classmethod
    def of(cls, table: pa.Table, aliases: Iterable[Alias] = ()) -> Gazetteer:
        """Of all regions loaded, in every version (data.schema.REGIONS), and a recipe's aliases."""
        return cls(RegionLookup.of(table), MappingProxyType(_by_name(aliases)))

    @property
    def regions(self) -> Mapping[str, Region]:
        """The regions places are matched to, by code: the newest version of each country and level."""
        return self._lookup.current

    def with_aliases(self, aliases: Iterable[Alias]) -> Gazetteer:
        """The same regions with other aliases (each recipe has its own)."""
        return replace(self, _aliases=MappingProxyType(_by_name(aliases)))

    def country_code(self, text: str | None) -> str | None:
        """The ISO3 code of a country given as a code or a name; None when it is not known."""
        return country_code(text)

    def label_point(self, code: str) -> LonLat | None:
        """Where a symbol for the region stands: inside it. None when the region is not loaded."""
        region = self._lookup.any_version(code)
        return region.label if region else None

    def is_swapped(self, place: Place, position: LonLat) -> bool:
        """Whether a position far from the place lies in it when latitude and longitude change places."""
        region = place.adm2_pcode or place.adm1_pcode
        area = (self._lookup.area(region) if region else None) or country_area(place.country_iso3)
        return area is not None and lies_turned_round(area, position)

    def match(
        self,
        country: str | None,
        code: str | None = None,
        adm1_name: str | None = None,
        adm2_name: str | None = None,
        position: LonLat | None = None,
    ) -> Place:
        """The place that a provider's words mean.

        `country`: any code or name of it. `position`: only where the record truly is there (geo_precision 1
        or 2), never a region's middle. Tried in turn: the code with its name, an alias, the name alone when
        one region has it, the position, a code of an earlier version with its name.
        """
        iso3 = country_code(country)
        claim = Claim(iso3, (code or "").strip() or None, plain(adm1_name), plain(adm2_name), position)
        place = self._matched(claim)
        given = {"code": claim.code, "adm1": adm1_name, "adm2": adm2_name, "country": country}
        return place.noted(*self._doubts(claim, given, place))

    def _matched(self, claim: Claim) -> Place:
        exact = self._exact(claim, self.regions)
        if exact and not (exact.level == 1 and claim.adm2 and claim.adm2 != plain(exact.name)):
            return self._place(exact, "exact")
        alias = self._aliased(claim)
        if alias:
            return self._place(alias, "alias")
        name = self._by_names(claim)
        if exact and not (name and name.level == 2 and name.parent == exact.code):
            return self._place(exact, "exact")
        here = self._lookup.at(claim.position, claim.country) if claim.position else None
        if name and not (here and here.level == 2 and here.parent == name.code):
            return self._place(name, "name")
        if here:
            return self._place(here, "spatial")
        old = self._exact(claim, self._lookup.earlier)
        if old:
            return self._place(old, "exact").noted(f"{old.code} is a region of an earlier version")
        return self._country_only(claim)

    def _exact(self, claim: Claim, regions: Mapping[str, Region]) -> Region | None:
        region = regions.get(claim.code) if claim.code else None
        if region is None or claim.country not in (None, region.country_iso3):
            return None
        own, parent = plain(region.name), plain(self._lookup.parent_name(region))
        if claim.adm2:
            agrees = claim.adm2 == own or (region.level == 1 and claim.adm1 == own)
        else:
            agrees = not claim.adm1 or claim.adm1 in (own, parent)
        return region if agrees else None

    def _aliased(self, claim: Claim) -> Region | None:
        for alias in self._aliases.get(claim.adm2 or claim.adm1, ()):
            if alias.code not in (None, claim.code) or alias.country_iso3 not in (None, claim.country):
                continue
            if alias.to_code:
                region = self.regions.get(alias.to_code)
                if region and plain(region.name) == plain(alias.to_name):
                    return region
            elif claim.adm2:
                return self._by_names(replace(claim, adm2=plain(alias.to_name)))
            else:
                return self._by_names(replace(claim, adm1=plain(alias.to_name)))
        return None

    def _by_names(self, claim: Claim) -> Region | None:
        """The one region of the names given: adm2's at level 2, then 1, then adm1's at level 1."""
        if claim.country is None:
            return None
        stated = self._lookup.one(claim.country, 1, claim.adm1)
        if claim.adm2:
            found = self._lookup.named(claim.country, 2, claim.adm2)
            if stated:
                found = tuple(region for region in found if region.parent == stated.code)
            if len(found) == 1:
                return found[0]
            county = self._lookup.one(claim.country, 1, claim.adm2)
            if county and stated in (None, county):
                return county
        return stated

    def _place(self, region: Region, match: Match) -> Place:
        version, country = region.version, region.country_iso3
        if region.level == 0:
            return Place(country, match=match, valid_from=version, level=0)
        if region.level == 1:
            return Place(country, region.code, None, region.name, None, match, version, 1)
        parent = self._lookup.parent_name(region)
        above = region.parent if region.parent != country else None
        return Place(country, above, region.code, parent, region.name, match, version, 2)

    def _country_only(self, claim: Claim) -> Place:
        country = claim.country or (country_at(claim.position) if claim.position else None)
        asked = claim.code or claim.adm1 or claim.adm2
        note = "no region loaded bears the code and name given" if asked else ""
        return Place(country, level=0 if country else None, note=note)

    def _country_at(self, position: LonLat) -> str | None:
        region = self._lookup.at(position, None)
        return region.country_iso3 if region else country_at(position)

    def _doubts(self, claim: Claim, given: Mapping[str, str | None], place: Place) -> tuple[str, ...]:
        """What does not fit together, each in words that name the value."""
        doubts = []
        country = (given["country"] or "").strip()
        if country and claim.country is None:
            doubts.append(f"“{country}” is not known as a country")
        coded = self.regions.get(claim.code or "")
        if coded and coded.code not in (place.adm1_pcode, place.adm2_pcode):
            name = given["adm2"] or given["adm1"]
            doubts.append(f"the code {coded.code} is {coded.name} here{f', not {name}' if name else ''}")
        known = (plain(place.adm1_name), claim.adm1)
        if place.level == 1 and place.match != "alias" and claim.adm2 and claim.adm2 not in known:
            doubts.append(f"“{given['adm2']}” is not known as a region of {place.adm1_name}")
        there = self._country_at(claim.position) if claim.position and place.match != "spatial" else None
        if there and place.country_iso3 and there != place.country_iso3:
            doubts.append(f"the position lies in {there}, not in {place.country_iso3}")
        return tuple(doubts)


def _by_name(aliases: Iterable[Alias]) -> dict[str, tuple[Alias, ...]]:
    grouped: dict[str, tuple[Alias, ...]] = {}
    for alias in aliases:
        grouped[plain(alias.name)] = (*grouped.get(plain(alias.name), ()), alias)
    return grouped


__all__ = ["Alias", "Gazetteer", "Match", "Place", "Region"]
