"""The columns of the table: which there are, of which feed, and how each is compared and sorted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from data.filters import LAYER_FEEDS
from data.schema import DELIVERIES, DEPLOYMENTS, FEEDS, INCIDENTS, SEVERITIES, column_names

ListedKind = Literal["layer", "text", "region", "time", "number"]

LAYER, CATEGORY_COLUMN, KNOWN = "layer", "category", "known_from"
"""Columns of the table that no feed has by this name: what kind of record it is, the word that its feed
groups by (`data.area_marks.CATEGORY`), and since when this revision is known."""

REGION_COLUMNS = frozenset(column_names("country_iso3 adm1_pcode adm2_pcode"))
TIME_COLUMNS = frozenset(column_names("start_at end_at valid_until eta_at arrived_at"))
NUMBER_COLUMNS = frozenset(
    column_names(
        "deaths_best injured displaced affected metric_value personnel capacity quantity weight_kg value_usd"
        " geo_precision latitude longitude"
    )
)
RANKED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"severity": tuple(reversed(column_names(SEVERITIES)))}
)
"""Columns whose codes have an order of their own, from the least to the most; others are sorted as texts."""

CORE = column_names(
    "title start_at end_at location_name adm2_pcode adm1_pcode country_iso3 geo_precision originator source"
    " source_org source_grade valid_until latitude longitude record_id"
)
OWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        INCIDENTS: column_names(
            "verification report_kind severity deaths_best injured displaced affected metric metric_value"
            " metric_unit actor1_code actor2_code"
        ),
        DEPLOYMENTS: column_names(
            "presence_kind contributor org_code org_name role sector_code deployment_status activity_type"
            " personnel capacity capacity_unit"
        ),
        DELIVERIES: column_names(
            "donor donor_name channel_code channel_org implementing_code implementing_org recipient_code"
            " recipient aid_type sector_code item_category item quantity unit weight_kg value_usd eta_at"
            " arrived_at"
        ),
    }
)
"""The columns that a feed has for itself; those of the released snapshot that say something to people."""

USUAL = column_names(
    "layer start_at category title location_name adm1_pcode originator source_org source_grade"
    " verification known_from"
)
USUAL_OWN: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        INCIDENTS: column_names("severity deaths_best"),
        DEPLOYMENTS: column_names("org_name sector_code personnel"),
        DELIVERIES: column_names("item quantity unit value_usd"),
    }
)
"""What is shown until somebody chooses columns: the first always, the second where one feed alone is on."""


@dataclass(frozen=True)
class ListedColumn:
    """`feeds`: those that have it; a record of another feed has no value there."""

    name: str
    kind: ListedKind
    feeds: frozenset[str]


def _kind(name: str) -> ListedKind:
    if name == LAYER:
        return "layer"
    if name in REGION_COLUMNS:
        return "region"
    if name in TIME_COLUMNS or name == KNOWN:
        return "time"
    return "number" if name in NUMBER_COLUMNS else "text"


def _listed() -> Mapping[str, ListedColumn]:
    everywhere = frozenset(FEEDS)
    names = dict.fromkeys((LAYER, CORE[1], CATEGORY_COLUMN, *CORE, KNOWN), everywhere)
    for feed, own in OWN.items():
        for name in own:
            names[name] = names.get(name, frozenset()) | {feed}
    return MappingProxyType({name: ListedColumn(name, _kind(name), feeds) for name, feeds in names.items()})


LISTED: Mapping[str, ListedColumn] = _listed()
"""Every column of the table by its name, in the order in which they are offered."""


def usual_columns(layers: Sequence[str]) -> tuple[str, ...]:
    """What the table shows for these layers when nobody has chosen."""
    feeds = {LAYER_FEEDS[layer] for layer in layers if layer in LAYER_FEEDS}
    own = USUAL_OWN[next(iter(feeds))] if len(feeds) == 1 else ()
    shown = tuple(name for name in (*USUAL, *own) if LISTED[name].feeds & feeds or not feeds)
    return tuple(dict.fromkeys(shown))
