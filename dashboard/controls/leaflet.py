"""The map itself: one Leaflet map with its layers, its corner and its disclaimer, wherever a page shows one.

Several maps may stand on a page; each has its own ids. `assets/` draws the ground of every one of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import dash_leaflet as dl
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.drawn import still
from dashboard.elements import attributes
from dashboard.frames import Place
from dashboard.ids import MapIds
from dashboard.words import _
from layers import base
from layers.base import LAYERS, LAYERS_BY_ID

SHAPES = tuple(layer.id for layer in LAYERS)


@dataclass(frozen=True)
class Ground:
    """Where a map opens, which version of the regions it shows, and the words about its lines."""

    place: Place
    regions_version: str
    words: str


def map_frame(
    ids: MapIds,
    ground: Ground,
    title: str,
    *,
    follows: bool = False,
    tools: Component | None = None,
    above: Component | None = None,
    beside: Sequence[Component] = (),
) -> Component:
    """The map at its first place; later places are set in the browser.

    One that `follows` another goes where that goes, and takes it along (`assets/follow.js`). `tools` stand in
    its corner, what is `above` stands over its legend, what is `beside` lies over it.
    """
    return html.Section(
        [
            dl.MapContainer(
                [_regions_layer(ids), *[_layer(ids, name) for name in SHAPES]],
                id=ids.name,
                className="map follows" if follows else "map",
                center=[ground.place.latitude, ground.place.longitude],
                zoom=ground.place.zoom,
                minZoom=2,
                maxZoom=14,
                preferCanvas=True,
                trackViewport=False,
                zoomControl=False,
                attributionControl=False,
                worldCopyJump=True,
            ),
            _corner(tools),
            _side(ids, above),
            *beside,
            still(ids.note, "map-note"),
            html.Div(id=ids.state, className="panel-state"),
            html.Div(ground.words, id=ids.ground, className="disclaimer"),
            dcc.Store(id=ids.version, data=ground.regions_version),
        ],
        className="map-panel",
        **attributes({"aria-label": title}),
    )


def _regions_layer(ids: MapIds) -> Component:
    shapes: Component = dl.GeoJSON(
        id=ids.regions,
        data=base.collection("regions", []),
        style={"variable": "watchfloor.map.regionStyle"},
        onEachFeature={"variable": "watchfloor.map.onEachRegion"},
        hideout={},
    )
    return shapes


def _layer(ids: MapIds, name: str) -> Component:
    point, each = ("pointToLayer", "onEachFeature")
    if not LAYERS_BY_ID[name].feed:
        point, each = ("hazardPoint", "hazardEach") if name == "hazard" else ("besidePoint", "besideEach")
    shapes: Component = dl.GeoJSON(
        id=ids.layer(name),
        data=base.collection(name, []),
        pointToLayer={"variable": f"watchfloor.map.{point}"},
        style={"variable": "watchfloor.map.style"},
        onEachFeature={"variable": f"watchfloor.map.{each}"},
        hideout=base.hideout(name, words=_),
    )
    return shapes


def _corner(tools: Component | None) -> Component:
    """Zoom and tools."""
    zoom = [
        html.Button(
            sign, type="button", className="zoom", **attributes({"data-zoom": step, "aria-label": said})
        )
        for sign, step, said in (("+", "1", _("Closer")), ("\N{MINUS SIGN}", "-1", _("Farther")))
    ]
    whole = html.Button(
        "⤢",
        type="button",
        className="zoom",
        **attributes({"data-zoom": "home", "aria-label": _("Everything")}),
    )
    parts = [html.Div([*zoom, whole], className="zooms"), tools]
    return html.Div([part for part in parts if part is not None], className="map-corner")


def _side(ids: MapIds, above: Component | None) -> Component:
    """The legend of what is drawn, across from the tools: it has the height of the map there."""
    legend = html.Details(
        [html.Summary(_("Legend")), still(ids.legend, "legend-rows")],
        className="legend",
        open=True,
    )
    return html.Div([part for part in (above, legend) if part is not None], className="map-side")
