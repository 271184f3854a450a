"""Obligations in SQL: what is coarsened, what is hidden, before any filter, count, sort or search.

The decision itself is `data.release`; here is only what an obligation does to each column. The columns
`g_geo` (0 exact … 4 none), `g_operational`, `g_protection`, `g_personal`, `g_own` come from the grant
that a row is joined with.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from data.schema import FEEDS, STRING, Column, column_names

FINEST_KEPT: Mapping[str, int] = MappingProxyType(
    {
        "country_iso3": 3,
        "adm1_pcode": 2,
        "adm1_name": 2,
        "adm2_pcode": 1,
        "adm2_name": 1,
        "pcode_valid_from": 2,
        "pcode_match": 1,
    }
)
"""Up to which geo level (index in GEO_LEVELS) a column of place is kept. Other columns of place are kept
only at 0, exact."""

EXACT_ONLY = frozenset(
    column_names(
        "latitude longitude geometry bbox mx my location_name provider_country provider_adm1_name"
        " provider_adm2_name provider_pcode sidc icon"
    )
)
"""Positions and the provider's own names of places: a coarsened record must not keep them."""

TEXT_KEPT = frozenset(
    column_names(
        "record_id operation source source_org source_licence source_grade org_name org_acronym donor_name"
        " metric metric_unit capacity_unit appeal_code"
    )
)
"""The texts that a coarsened record keeps: who it is from, and what is counted. Any other text may name a
place (release policy, Amendments: coarsening also nulls titles and all free text), so a column that is new
is nulled until somebody has put it here."""

PLACES_OF_ORIGIN = frozenset({"origin_latitude", "origin_longitude", "origin_iso3"})

NEVER_RELEASED = frozenset(
    {"content_hash", "label_hash", "ingested_at", "superseded_at", "superseded_received_at", "label_id"}
)
"""Columns about the store itself, or by whose value a withheld text could be guessed."""


def released_columns(feed: str) -> tuple[Column, ...]:
    """The columns of a feed that can be released at all."""
    return tuple(c for c in FEEDS[feed].columns if c.name not in NEVER_RELEASED)


def released_value(column: Column) -> str:
    """The SQL of one column after its obligations: the value, or NULL where it must not be seen."""
    name = column.name
    if name == "record_id":
        return "CASE WHEN g_geo = 0 THEN t.record_id ELSE g_opaque_id END"
    if name == "related_ids":
        return "CASE WHEN g_geo = 0 THEN t.related_ids ELSE [] END"
    if name == "further_figures":
        return FIGURES_WITHOUT_TEXT
    if name == "equipment":
        return "CASE WHEN g_geo = 0 AND NOT g_operational THEN t.equipment ELSE [] END"
    if name == "geo_precision":
        return COARSE_PRECISION
    kept = [_class_kept(column), _place_kept(name), _own_kept(name)]
    conditions = " AND ".join(condition for condition in kept if condition)
    return f"CASE WHEN {conditions} THEN t.{name} END" if conditions else f"t.{name}"


def _class_kept(column: Column) -> str:
    return "" if column.field_class == "public" else f"NOT g_{column.field_class}"


def _place_kept(name: str) -> str:
    if name in FINEST_KEPT:
        return f"g_geo <= {FINEST_KEPT[name]}"
    exact = name in EXACT_ONLY or name in PLACES_OF_ORIGIN or is_free_text(name)
    return "g_geo = 0" if exact else ""


def is_free_text(name: str) -> bool:
    """Whether a column is text that a coarsened record must not keep."""
    texts = {column.name for feed in FEEDS.values() for column in feed.columns if column.type == STRING}
    return name in texts - TEXT_KEPT - set(FINEST_KEPT)


def _own_kept(name: str) -> str:
    return "g_own" if name == "caveat_geo" else ""


FIGURES_WITHOUT_TEXT = (
    "CASE WHEN g_geo = 0 THEN t.further_figures ELSE list_transform(t.further_figures,"
    " lambda f: struct_update(f, metric_case_definition := NULL::VARCHAR)) END"
)
"""A case definition is free text inside each figure."""

COARSE_PRECISION = (
    "CASE WHEN g_geo = 0 THEN t.geo_precision"
    " WHEN g_geo = 1 AND t.adm2_pcode IS NOT NULL AND t.geo_precision IN (1, 2, 3, 5) THEN 3::TINYINT"
    " WHEN g_geo <= 2 AND t.adm1_pcode IS NOT NULL AND t.geo_precision IN (1, 2, 3, 4, 5) THEN 4::TINYINT"
    " WHEN g_geo <= 3 AND t.country_iso3 IS NOT NULL AND t.geo_precision <> 0 THEN 6::TINYINT"
    " ELSE 0::TINYINT END"
)
"""Precision after coarsening: the area that is left. A point at sea has no area: country or unknown."""
