"""The map of what changed between two knowledge times: the layers' symbols, each with its badge."""

from __future__ import annotations

from dash import Dash, Input, State
from dash.development.base_component import Component

from dashboard.asked import asked_of
from dashboard.asking import ask, in_thread
from dashboard.changed_picture import changed_picture
from dashboard.controls.ground import stated, tell_refusal
from dashboard.controls.leaflet import Ground, map_frame
from dashboard.controls.legend import change_legend
from dashboard.frames import Place
from dashboard.ids import Id, MapIds
from dashboard.map_answers import map_answer, map_kept, map_outputs, register_regions
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.store import Store

MAP = MapIds(Id.CHANGES_MAP)


def layout(place: Place, regions_version: str) -> Component:
    """The map at its first place."""
    return map_frame(MAP, Ground(place, regions_version, stated(OwnLines())), _("Map of what changed"))


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Marks follow View and frame."""

    register_regions(app, store, MAP)

    @app.callback(
        *map_outputs(MAP),
        Input(Id.VIEW, "data"),
        Input(Id.FRAME, "data"),
        State(MAP.state, "children"),
        State(MAP.ground, "data-lines"),
    )
    async def redraw(query: object, frame: object, said: object, shown: object) -> tuple[object, ...]:
        own = await in_thread(boundaries.now)
        tell_refusal(own, shown)
        try:
            now = await ask(store, lambda seen: changed_picture(seen, asked_of(seen, query), frame))
        except StoreUnavailable as error:
            return map_kept(error, store, said, own)
        return map_answer(now, own, change_legend)
