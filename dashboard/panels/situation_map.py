"""The map: regions, hazard and the marks of each layer, in the frame that is on screen."""

from __future__ import annotations

from dash import Dash, Input, Output, State, no_update
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask, in_thread
from dashboard.controls.area import area_chip
from dashboard.controls.ground import stated, tell_refusal
from dashboard.controls.leaflet import Ground, map_frame
from dashboard.controls.legend import map_legend
from dashboard.controls.map_tools import measured, readout, tools, walk
from dashboard.drawn import DRAWN, drawn, still
from dashboard.frames import Place
from dashboard.ids import Id, MapIds
from dashboard.map_answers import map_answer, map_kept, map_outputs, register_regions
from dashboard.picture import picture
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.store import Store

MAP = MapIds(Id.MAP)


def layout(place: Place, regions_version: str, profile: str) -> Component:
    """The map at its first place; later places are set in the browser."""
    return map_frame(
        MAP,
        Ground(place, regions_version, stated(OwnLines())),
        _("Map"),
        tools=tools(profile),
        above=still(Id.MAP_AREA, "map-area"),
        beside=[walk(), readout(), measured()],
    )


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Marks follow View and frame; the regions' shapes come once; lines and disclaimer follow their file."""

    register_regions(app, store, MAP)

    @app.callback(
        *map_outputs(MAP),
        Output(Id.MAP_AREA, DRAWN),
        Input(Id.VIEW, "data"),
        Input(Id.FRAME, "data"),
        State(MAP.state, "children"),
        State(MAP.ground, "data-lines"),
    )
    async def redraw(query: object, frame: object, said: object, shown: object) -> tuple[object, ...]:
        own = await in_thread(boundaries.now)
        tell_refusal(own, shown)
        try:
            now = await ask(store, lambda released: picture(released, asked_of(released, query), frame))
        except StoreUnavailable as error:
            return (*map_kept(error, store, said, own), no_update)
        return (*map_answer(now, own, map_legend), drawn(area_chip(now.area)))
