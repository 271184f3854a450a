"""The map: regions, hazard and the marks of each layer, in the frame that is on screen."""

from __future__ import annotations

import dash_leaflet as dl
from dash import Dash, Input, Output, State, dcc, html, set_props
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask, in_thread
from dashboard.controls.area import area_chip
from dashboard.controls.legend import map_legend
from dashboard.controls.map_tools import measured, readout, tools, walk
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.frames import Place
from dashboard.ids import Id, map_layer
from dashboard.notices import notice
from dashboard.picture import Picture, picture
from dashboard.states import kept
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.store import Store
from layers import base
from layers.base import LAYERS, LAYERS_BY_ID
from layers.basemap import ATTRIBUTION, disclaimer, region_shapes

SHAPES = tuple(layer.id for layer in LAYERS)

GROUND = "map-ground"
"""The disclaimer. Its `data-lines` names the version of the boundary lines that `assets/basemap.js` draws."""


def layout(place: Place, regions_version: str, profile: str) -> Component:
    """The map at its first place; later places are set in the browser."""
    return html.Section(
        [
            dl.MapContainer(
                [_regions_layer(), *[_layer(name) for name in SHAPES]],
                id=Id.MAP,
                className="map",
                center=[place.latitude, place.longitude],
                zoom=place.zoom,
                minZoom=2,
                maxZoom=14,
                preferCanvas=True,
                trackViewport=False,
                zoomControl=False,
                attributionControl=False,
                worldCopyJump=True,
            ),
            _corner(profile),
            still(Id.MAP_AREA, "map-area"),
            walk(),
            readout(),
            measured(),
            html.Div(id=Id.MAP_NOTE, className="map-note"),
            html.Div(id=Id.MAP_STATE, className="panel-state"),
            html.Div(_stated(OwnLines()), id=GROUND, className="disclaimer"),
            dcc.Store(id=Id.REGIONS_VERSION, data=regions_version),
        ],
        className="map-panel",
        **attributes({"aria-label": _("Map")}),
    )


def _regions_layer() -> Component:
    shapes: Component = dl.GeoJSON(
        id=Id.MAP_REGIONS,
        data=base.collection("regions", []),
        style={"variable": "watchfloor.map.regionStyle"},
        onEachFeature={"variable": "watchfloor.map.onEachRegion"},
        hideout={},
    )
    return shapes


def _layer(name: str) -> Component:
    point, each = ("pointToLayer", "onEachFeature")
    if not LAYERS_BY_ID[name].feed:
        point, each = ("hazardPoint", "hazardEach") if name == "hazard" else ("besidePoint", "besideEach")
    shapes: Component = dl.GeoJSON(
        id=map_layer(name),
        data=base.collection(name, []),
        pointToLayer={"variable": f"watchfloor.map.{point}"},
        style={"variable": "watchfloor.map.style"},
        onEachFeature={"variable": f"watchfloor.map.{each}"},
        hideout=base.hideout(name, words=_),
    )
    return shapes


def _corner(profile: str) -> Component:
    """Zoom, and the legend of what is drawn."""
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
    legend = html.Details(
        [html.Summary(_("Legend")), still(Id.MAP_LEGEND, "legend-rows")],
        className="legend",
        open=True,
    )
    return html.Div(
        [html.Div([*zoom, whole], className="zooms"), tools(profile), legend], className="map-corner"
    )


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Marks follow View and frame; the regions' shapes come once; lines and disclaimer follow their file."""

    @app.callback(Output(Id.MAP_REGIONS, "data"), Input(Id.REGIONS_VERSION, "data"))
    async def shapes(_version: object) -> object:
        return await in_thread(lambda: region_shapes(store.regions().table))

    @app.callback(
        *[Output(map_layer(name), "data") for name in SHAPES],
        Output(Id.MAP_REGIONS, "hideout"),
        Output(Id.MAP_LEGEND, DRAWN),
        Output(Id.MAP_AREA, DRAWN),
        Output(Id.MAP_NOTE, "children"),
        Output(Id.MAP_STATE, "children"),
        Output(GROUND, "children"),
        Output(GROUND, "data-lines"),
        Input(Id.VIEW, "data"),
        Input(Id.FRAME, "data"),
        State(Id.MAP_STATE, "children"),
        State(GROUND, "data-lines"),
    )
    async def redraw(query: object, frame: object, said: object, shown: object) -> tuple[object, ...]:
        own = await in_thread(boundaries.now)
        if own.refused and shown != own.version:
            set_props(Id.FAULT, {"children": _refused(own)})
        ground = (_stated(own), own.version)
        try:
            now = await ask(store, lambda released: picture(released, asked_of(released, query), frame))
        except StoreUnavailable as error:
            return (*kept(error, store.clock(), said, len(SHAPES) + 4), *ground)
        return (*_answer(now, own), *ground)


def _stated(own: OwnLines) -> str:
    """The disclaimer that goes with the lines drawn, and whose data the ground is."""
    return f"{disclaimer(own.lines, _)} {ATTRIBUTION}"


def _refused(own: OwnLines) -> Component:
    """Said once on each page for each wrong file."""
    return notice(
        _("Boundary lines refused"), [own.refused, _("The neutral lines of the basemap are drawn.")], "late"
    )


def _answer(now: Picture, own: OwnLines) -> tuple[object, ...]:
    shapes = [now.shapes[name] for name in SHAPES]
    return (*shapes, now.regions, drawn(map_legend(now, own)), drawn(area_chip(now.area)), now.note, None)
