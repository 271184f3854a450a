"""Records as rows of the table: its columns for ag-grid, its cells in words, and the choice of columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.codes import column_words
from dashboard.controls.facts import value_words
from dashboard.controls.places import region_name
from dashboard.elements import attributes
from dashboard.view import View
from dashboard.words import _
from data.area_marks import CATEGORY
from data.filters import LAYER_FEEDS
from data.listed import CATEGORY_COLUMN, CORE, KNOWN, LAYER, LISTED, OWN, ListedColumn, usual_columns
from data.listing import DEFAULT_ORDER, Order
from data.regions_shown import RegionIndex
from layers.base import LAYERS_BY_ID
from layers.msgid import msgid
from layers.symbols import drawing, svg_uri

FILTERS: Mapping[str, str] = MappingProxyType(
    {"number": "agNumberColumnFilter", "time": "agDateColumnFilter"}
)
WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        **{"title": 300, LAYER: 64, CATEGORY_COLUMN: 150, "record_id": 260, "org_name": 190, "item": 190},
        **{"source_org": 170, "location_name": 160, "adm1_pcode": 150, "adm2_pcode": 150},
        **{"source_grade": 92, "originator": 112},
    }
)
KIND_WIDTHS: Mapping[str, int] = MappingProxyType({"time": 172, "number": 112, "region": 130, "text": 138})

FEED_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "incidents": msgid("Incidents"),
        "deployments": msgid("Deployments and presence"),
        "deliveries": msgid("Aid deliveries"),
    }
)
TITLES: Mapping[str, str] = MappingProxyType(
    {
        LAYER: msgid("Kind"),
        CATEGORY_COLUMN: msgid("Category"),
        KNOWN: msgid("Known since"),
        "adm1_pcode": msgid("Province"),
        "adm2_pcode": msgid("District"),
        "geo_precision": msgid("Precision"),
    }
)
"""Columns that the table calls otherwise than the drawer: it shows names of regions, not codes."""

STATES = ("", "unverified", "disputed")


def title_of(name: str) -> str:
    """A column's head."""
    return _(TITLES[name]) if name in TITLES else column_words(name)


def shown_columns(view: View, layers: Sequence[str]) -> tuple[str, ...]:
    """The columns that the View names, else the usual ones of the layers that are on."""
    chosen = tuple(name for name in view.columns if name in LISTED)
    return chosen or usual_columns(layers)


def column_definitions(names: Sequence[str], order: Sequence[Order]) -> list[dict[str, Any]]:
    """ag-grid's columns. Their order is the View's; sorting and filtering happen on the server."""
    sorted_by = {step.column: (place, step.descending) for place, step in enumerate(order or DEFAULT_ORDER)}
    return [_definition(LISTED[name], sorted_by.get(name)) for name in names]


def _definition(column: ListedColumn, sorting: tuple[int, bool] | None) -> dict[str, Any]:
    place, descending = sorting if sorting is not None else (None, False)
    told: dict[str, Any] = {
        "field": column.name,
        "headerName": title_of(column.name),
        "headerTooltip": title_of(column.name),
        "width": WIDTHS.get(column.name, KIND_WIDTHS.get(column.kind, 138)),
        "sort": None if sorting is None else "desc" if descending else "asc",
        "sortIndex": place,
        "filter": FILTERS.get(column.kind, "agTextColumnFilter"),
        "filterParams": {"maxNumConditions": 1, "debounceMs": 400},
    }
    if column.kind == "number":
        told |= {"type": "rightAligned"}
    if column.kind == "layer":
        told |= {"cellRenderer": "WatchfloorKind", "cellRendererParams": _symbols(), "filter": False}
    else:
        told |= {"tooltipField": column.name}
    if column.name == "title":
        told |= {"cellRenderer": "WatchfloorTitle"}
    return told


def _symbols() -> dict[str, Any]:
    """The picture of each layer and state in both schemes, and what it is called: as on the map."""
    return {
        "symbols": {
            f"{layer}/{state}": [
                svg_uri(drawing(layer, scheme, hollow=state == "unverified", slashed=state == "disputed"), 15)
                for scheme in ("dark", "light")
            ]
            for layer in LAYER_FEEDS
            for state in STATES
        },
        "names": {layer: _(LAYERS_BY_ID[layer].title_key) for layer in LAYER_FEEDS},
        "states": {"unverified": _("unverified"), "disputed": _("disputed")},
    }


def cells(
    row: Mapping[str, object], names: Sequence[str], regions: RegionIndex, profile: str
) -> dict[str, str]:
    """One record's cells, as people read them; `record_id`, `layer` and `state` are for the page."""
    layer = str(row[LAYER])
    said = {name: _cell(name, row.get(name), layer, regions, profile) for name in names if name != LAYER}
    state = str(row.get("verification") or "")
    return {
        **{name: text for name, text in said.items() if text},
        "record_id": str(row["record_id"]),
        LAYER: layer,
        "state": state if state in STATES else "",
    }


def _cell(name: str, value: object, layer: str, regions: RegionIndex, profile: str) -> str:
    if value is None:
        return ""
    if LISTED[name].kind == "region":
        code = str(value)
        return region_name(regions.by_code[code]) if code in regions.by_code else code
    if name == CATEGORY_COLUMN:
        return value_words(value, profile, CATEGORY[LAYER_FEEDS[layer]])
    return value_words(value, profile, name)


def column_choice(view: View, layers: Sequence[str]) -> Component:
    """Every column as a check box; what they set is the whole list, so that the order stays."""
    shown = shown_columns(view, layers)
    feeds = {LAYER_FEEDS[layer] for layer in layers if layer in LAYER_FEEDS}
    parts = [_group(_("Every record"), (LAYER, CATEGORY_COLUMN, *CORE, KNOWN), shown)]
    parts += [_group(_(FEED_TITLES[feed]), own, shown) for feed, own in OWN.items() if feed in feeds]
    back = button(_("The usual columns"), "columns=", class_name="quiet-button")
    return html.Div([*parts, back], className="column-groups")


def _group(title: str, names: Sequence[str], shown: Sequence[str]) -> Component:
    boxes = [html.Li(_choice(name, shown)) for name in dict.fromkeys(names)]
    return html.Div([html.H3(title), html.Ul(boxes, className="checks")], className="column-group")


def _choice(name: str, shown: Sequence[str]) -> Component:
    on = name in shown
    after = [one for one in shown if one != name] if on else [*shown, name]
    box = html.Span(className="box", **attributes({"aria-hidden": "true"}))
    extra: dict[str, Any] = {
        "data-set": f"columns={','.join(after)}",
        "aria-checked": "true" if on else "false",
    }
    return html.Button(
        [box, html.Span(title_of(name), className="name")],
        type="button",
        role="checkbox",
        className="check",
        **extra,
    )
