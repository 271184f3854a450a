"""Places, regions and records by name: public geography, and of the records those released to the viewer.

Records are looked for in the released relation alone, in its transformed columns: a title that was withheld
is not found by, and what is not released changes neither the answer nor its order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import MappingProxyType

from data.area_marks import CATEGORY
from data.basemap.world import Town, countries, towns
from data.feeds.recipe_file import recipes
from data.filters import LAYER_FEEDS, Filter
from data.geography import Bounds
from data.names import plain
from data.places import Alias
from data.regions_shown import RegionIndex, ShownRegion
from data.released import Released
from data.search_text import SearchText

MOST_FOUND = 20
MOST_OF_A_KIND = 6
"""Regions, and towns; records have what is left."""

RECORD_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "incidents": ("title", "location_name", "source_org"),
        "deployments": ("title", "location_name", "source_org", "org_name", "org_code"),
        "deliveries": (
            *("title", "location_name", "source_org", "donor_name", "channel_org"),
            *("implementing_org", "recipient"),
        ),
    }
)
"""By feed what a record is found by, beside its id: its name, its place, its organisations."""

FOUND_RECORDS = """
SELECT record_id, title, {category} AS category, location_name, source_org, start_at, latitude, longitude,
    coalesce(adm2_pcode, adm1_pcode, country_iso3) AS region, geo_precision,
    CASE WHEN record_id = $1 THEN 0
        WHEN starts_with(strip_accents(lower(coalesce(title, ''))), $2) THEN 1 ELSE 2 END AS rank
FROM released.{feed} WHERE rowid IN (SELECT row FROM picked)
    AND (record_id = $1 OR contains(lower(record_id), $2) OR {conditions})
ORDER BY rank, start_at DESC, record_id LIMIT {most}
"""


@dataclass(frozen=True)
class FoundRegion:
    """A region by its name, an alias or its code."""

    region: ShownRegion
    path: tuple[str, ...]


@dataclass(frozen=True)
class FoundPlace:
    """A town of the basemap."""

    town: Town
    country: str


@dataclass(frozen=True)
class FoundRecord:
    """A released record. Without a released point `latitude` is None; `bounds` is the box of its region."""

    record_id: str
    layer: str
    title: str
    category: str
    location: str
    source_org: str
    start_at: datetime
    latitude: float | None
    longitude: float | None
    bounds: Bounds | None
    rank: int


@dataclass(frozen=True)
class Found:
    """At most MOST_FOUND in all, each kind with the best first."""

    regions: tuple[FoundRegion, ...] = ()
    places: tuple[FoundPlace, ...] = ()
    records: tuple[FoundRecord, ...] = ()

    def __len__(self) -> int:
        return len(self.regions) + len(self.places) + len(self.records)


def search(released: Released, wanted: SearchText, asked: Filter) -> Found:
    """What answers to `wanted`; records as known at the filter's time, whatever else is filtered."""
    regions = tuple(_regions(released.regions, wanted))[:MOST_OF_A_KIND]
    places = tuple(_towns(wanted))[:MOST_OF_A_KIND]
    left = MOST_FOUND - len(regions) - len(places)
    return Found(regions, places, tuple(_records(released, wanted, asked, left)))


def _regions(index: RegionIndex, wanted: SearchText) -> Iterator[FoundRegion]:
    code = wanted.text.upper()
    ranked = []
    for region in index.by_code.values():
        rank = 0 if region.code.upper() == code else wanted.rank(region.name, *_other_names(region))
        if rank is None and region.code.upper().startswith(code):
            rank = 1
        if rank is not None:
            ranked.append((rank, region.level, region.name, region.code))
    for *_order, found in sorted(ranked):
        yield FoundRegion(index.by_code[found], index.path(found)[:-1])


def _other_names(region: ShownRegion) -> Iterable[str]:
    """What partners call it: a country's names in other languages, the spellings of the recipes."""
    if region.level == 0:
        country = countries().get(region.code)
        return () if country is None else (country.fr, *country.also, country.iso2)
    own = plain(region.name)
    return (alias.name for alias in _aliases().get(own, ()) if _is_of(alias, region))


def _is_of(alias: Alias, region: ShownRegion) -> bool:
    return alias.to_code in (None, region.code) and alias.country_iso3 in (None, region.country_iso3)


@cache
def _aliases() -> Mapping[str, tuple[Alias, ...]]:
    """The spellings of all recipes by the plain name of the region they mean."""
    named: dict[str, tuple[Alias, ...]] = {}
    for recipe in recipes():
        for alias in recipe.place.aliases if recipe.place else ():
            named[plain(alias.to_name)] = (*named.get(plain(alias.to_name), ()), alias)
    return MappingProxyType(named)


def _towns(wanted: SearchText) -> Iterator[FoundPlace]:
    """The best first, of equally good ones the largest: towns stand in that order."""
    holding = [n for n, name in enumerate(_town_names()) if wanted.plain in name]
    ranked = [(rank, n) for n in holding if (rank := wanted.rank(towns()[n].name)) is not None]
    for _rank, n in sorted(ranked):
        town = towns()[n]
        country = countries().get(town.country_iso3)
        yield FoundPlace(town, country.en if country else town.country_iso3)


@cache
def _town_names() -> tuple[str, ...]:
    """The plain name of each town: thousands are looked through at every key that somebody presses."""
    return tuple(plain(town.name) for town in towns())


def _records(released: Released, wanted: SearchText, asked: Filter, most: int) -> list[FoundRecord]:
    known = Filter(known_at=asked.known_at)
    found: list[FoundRecord] = []
    for layer, feed in LAYER_FEEDS.items():
        texts = RECORD_COLUMNS[feed]
        sql = FOUND_RECORDS.format(
            category=CATEGORY[feed],
            feed=feed,
            most=MOST_FOUND,
            conditions=" OR ".join(f"contains(strip_accents(lower({name})), $2)" for name in texts),
        )
        rows = released.ask(
            sql, (wanted.text, wanted.folded), rows=released.all_time(known, layer)
        ).to_pylist()
        found += [_record(released, layer, row) for row in rows]
    found.sort(key=lambda record: (record.rank, -record.start_at.timestamp(), record.record_id))
    return found[:most]


def _record(released: Released, layer: str, row: Mapping[str, object]) -> FoundRecord:
    code = str(row["region"] or "")
    region = released.regions.by_code.get(code)
    latitude, longitude = row["latitude"], row["longitude"]
    placed = row["geo_precision"] in (1, 2, 7) and isinstance(latitude, float)
    return FoundRecord(
        record_id=str(row["record_id"]),
        layer=layer,
        title=str(row["title"] or ""),
        category=str(row["category"] or ""),
        location=str(row["location_name"] or (region.name if region else "")),
        source_org=str(row["source_org"] or ""),
        start_at=row["start_at"],  # type: ignore[arg-type]
        latitude=latitude if placed and isinstance(latitude, float) else None,
        longitude=longitude if placed and isinstance(longitude, float) else None,
        bounds=region.bounds if region else None,
        rank=int(str(row["rank"])),
    )
