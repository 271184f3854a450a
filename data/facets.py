"""What the rail offers: layers, regions, partners and sectors that occur in what is released.

Names come from released rows only. Each list is counted without its own filter, so that a choice can be
widened again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from data.answers import Facet, Facets, LayerFacet, RegionNode
from data.filters import LAYER_FEEDS, Filter, has_sectors, partner_columns
from data.labels import GEO_LEVELS
from data.organisations.register import public_register
from data.released import Released
from data.rows import moment


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
    rows = released.rows(asked, layer)
    levels = np.flatnonzero(np.bincount(rows.whole("g_geo")))
    level = "exact" if not len(levels) else GEO_LEVELS[levels[0]] if len(levels) == 1 else "mixed"
    newest = moment(int(rows.times("known_from").max())) if len(rows) else None
    delayed = bool(rows.whole("g_delayed").any())
    ignores = []
    if asked.partners and not partner_columns(feed, asked.role):
        ignores.append("partner")
    if asked.sectors and not has_sectors(feed):
        ignores.append("sector")
    return LayerFacet(layer, len(rows), level, newest, delayed, tuple(ignores))


def _regions(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[RegionNode, ...]:
    """Regions with a released record in them or under them, countries first, then by name.

    Counted are the layers that are on; a layer that is off still names its regions, so that the tree
    does not fall apart under a hand that switches layers.
    """
    counts: Counter[str] = Counter()
    for layer in LAYER_FEEDS:
        found = released.rows(asked, layer).mentions(("country_iso3", "adm1_pcode", "adm2_pcode"))
        for code, count in found.items():
            counts[code] += count if layer in layers else 0
    known = released.regions.by_code
    shown = set(counts) & set(known)
    for code in list(shown):
        shown.update(_family(released, code))
    nodes = [
        RegionNode(r.code, r.name, r.level, r.parent, r.version, counts[r.code])
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
    counts: Counter[str] = Counter()
    for layer in layers:
        columns = partner_columns(LAYER_FEEDS[layer], asked.role)
        if columns:
            counts.update(released.rows(asked, layer).mentions(columns))
    registered, titles = released.policy.partners, public_register().titles
    named = [
        Facet(c, registered[c].name if c in registered else titles.get(c, c), n) for c, n in counts.items()
    ]
    return tuple(sorted(named, key=lambda facet: (facet.code not in registered, facet.code)))


def _sectors(released: Released, asked: Filter, layers: Sequence[str]) -> tuple[Facet, ...]:
    counts: Counter[str] = Counter()
    for layer in layers:
        if has_sectors(LAYER_FEEDS[layer]):
            counts.update(released.rows(asked, layer).mentions(("sector_code",)))
    return tuple(Facet(code, code, counts[code]) for code in sorted(counts))
