"""What the rail offers: layers, regions, partners and sectors that occur in what is released.

Names come from released rows only. Each list is counted without its own filter, so that a choice can be
widened again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.answers import Facet, Facets, LayerFacet, RegionNode
from data.filters import LAYER_FEEDS, Filter, has_sectors, partner_columns
from data.labels import GEO_LEVELS
from data.released import Released

LAYER_SQL = """
SELECT count(*) AS n, min(g_geo) AS finest, max(g_geo) AS coarsest, max(known_from) AS newest_at,
    coalesce(bool_or(g_delayed), false) AS delayed
FROM released.{feed} WHERE {where}
"""
REGION_SQL = """
SELECT country_iso3, adm1_pcode, adm2_pcode, count(*) AS n FROM released.{feed} WHERE {where}
GROUP BY ALL ORDER BY ALL
"""
VALUES_SQL = """
SELECT value, count(*) AS n FROM (
    SELECT unnest(list_distinct([{columns}])) AS value FROM released.{feed} WHERE {where}
) WHERE value IS NOT NULL GROUP BY value ORDER BY value
"""


def facets(released: Released, asked: Filter, layers: Sequence[str]) -> Facets:
    """The rail's lists for one viewer, filter and set of layers that are on."""
    on = [layer for layer in LAYER_FEEDS if layer in layers]
    return Facets(
        layers=tuple(_layer(released, asked, layer) for layer in LAYER_FEEDS),
        regions=_regions(released, replace(asked, regions=()), on),
        partners=_partners(released, replace(asked, partners=()), on),
        sectors=_sectors(released, replace(asked, sectors=()), on),
    )


def _layer(released: Released, asked: Filter, layer: str) -> LayerFacet:
    feed = LAYER_FEEDS[layer]
    where = released.condition(asked, layer)
    row = released.ask(LAYER_SQL.format(feed=feed, where=where.sql), where.params).to_pylist()[0]
    finest, coarsest = row["finest"], row["coarsest"]
    level = "exact" if finest is None else GEO_LEVELS[finest] if finest == coarsest else "mixed"
    ignores = []
    if asked.partners and not partner_columns(feed, asked.role):
        ignores.append("partner")
    if asked.sectors and not has_sectors(feed):
        ignores.append("sector")
    return LayerFacet(layer, row["n"], level, row["newest_at"], row["delayed"], tuple(ignores))


def _regions(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[RegionNode, ...]:
    """Regions with a released record in them or under them, countries first, then by name.

    Counted are the layers that are on; a layer that is off still names its regions, so that the tree
    does not fall apart under a hand that switches layers.
    """
    counts: dict[str, int] = {}
    for layer in LAYER_FEEDS:
        where = released.condition(asked, layer)
        sql = REGION_SQL.format(feed=LAYER_FEEDS[layer], where=where.sql)
        for row in released.ask(sql, where.params).to_pylist():
            for code in {row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"]} - {None}:
                counts[code] = counts.get(code, 0) + (row["n"] if layer in layers else 0)
    known = released.regions.by_code
    shown = set(counts) & set(known)
    for code in list(shown):
        shown.update(_family(released, code))
    nodes = [
        RegionNode(r.code, r.name, r.level, r.parent, r.version, counts.get(r.code, 0))
        for r in (known[code] for code in shown)
    ]
    return tuple(sorted(nodes, key=lambda node: (node.level, node.name, node.code)))


def _family(released: Released, code: str) -> set[str]:
    """A region's ancestors, and the sisters of each: an area without a record is shown with 0."""
    regions = released.regions
    family: set[str] = set()
    step: str | None = code
    while step is not None and step in regions.by_code:
        parent = regions.by_code[step].parent
        family.add(step)
        if parent is not None:
            family.update(r.code for r in regions.children.get(parent, ()))
        step = parent
    return family


def _partners(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Facet, ...]:
    counts: dict[str, int] = {}
    for layer in layers:
        feed = LAYER_FEEDS[layer]
        columns = partner_columns(feed, asked.role)
        if columns:
            _count(released, asked, layer, columns, counts)
    registered = released.policy.partners
    named = [Facet(c, registered[c].name if c in registered else c, n) for c, n in counts.items()]
    return tuple(sorted(named, key=lambda facet: (facet.code not in registered, facet.code)))


def _sectors(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Facet, ...]:
    counts: dict[str, int] = {}
    for layer in layers:
        if has_sectors(LAYER_FEEDS[layer]):
            _count(released, asked, layer, ("sector_code",), counts)
    return tuple(Facet(code, code, counts[code]) for code in sorted(counts))


def _count(
    released: Released, asked: Filter, layer: str, columns: tuple[str, ...], counts: dict[str, int]
) -> None:
    where = released.condition(asked, layer)
    sql = VALUES_SQL.format(columns=", ".join(columns), feed=LAYER_FEEDS[layer], where=where.sql)
    for row in released.ask(sql, where.params).to_pylist():
        counts[row["value"]] = counts.get(row["value"], 0) + row["n"]
