"""Side by side: two maps of one place, their periods or knowledge times, and the figures of both."""

from __future__ import annotations

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of
from dashboard.asking import ask, in_thread
from dashboard.comparison import pair_of, pictures, total_pairs, with_their_eyes
from dashboard.controls.comparison import comparison_head, figures, titles
from dashboard.controls.ground import stated, tell_refusal
from dashboard.controls.leaflet import Ground, map_frame
from dashboard.controls.legend import map_legend
from dashboard.controls.seen_by import own_records
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.frames import Place
from dashboard.ids import Id, MapIds
from dashboard.map_answers import map_answer, map_kept, map_outputs, register_regions
from dashboard.picture import Picture
from dashboard.states import kept
from dashboard.words import _
from data.basemap.lines import BoundaryFile, OwnLines
from data.errors import StoreUnavailable
from data.released import Released
from data.seen_by import own_seen
from data.store import Store

EARLIER, LATER = MapIds(Id.EARLIER_MAP), MapIds(Id.LATER_MAP)
PARTS = (Id.COMPARED_HEAD, Id.EARLIER_TITLE, Id.LATER_TITLE)


def layout(place: Place, regions_version: str) -> Component:
    """The head with the figures; below it the two maps, the earlier one on the left."""
    ground = Ground(place, regions_version, stated(OwnLines()))
    earlier = _beside(
        Id.EARLIER_TITLE,
        map_frame(EARLIER, ground, _("Map, earlier"), follows=True),
    )
    later = _beside(Id.LATER_TITLE, map_frame(LATER, ground, _("Map, later")))
    return html.Section(
        [
            still(Id.COMPARED_HEAD, "compared-head"),
            html.Div(id=Id.COMPARED_STATE, className="panel-state"),
            html.Div([earlier, later], className="compared-maps"),
        ],
        className="compared-panel",
        **attributes({"aria-label": _("Compare")}),
    )


def _beside(title: Id, drawn_map: Component) -> Component:
    return html.Div([still(title, "compared-title"), drawn_map], className="compared-map")


def register(app: Dash, store: Store, boundaries: BoundaryFile) -> None:
    """Both maps are of one answer: they are never of two moments."""
    for ids in (EARLIER, LATER):
        register_regions(app, store, ids)

    @app.callback(
        *[Output(part, DRAWN) for part in PARTS],
        Output(Id.COMPARED_STATE, "children"),
        Input(Id.VIEW, "data"),
        State(Id.COMPARED_STATE, "children"),
    )
    async def tell(query: object, said: object) -> tuple[object, ...]:
        try:
            parts = await ask(store, lambda released: told(store, released, asked_of(released, query)))
        except StoreUnavailable as error:
            return kept(error, store.clock(), said, len(PARTS))
        return (*map(drawn, parts), None)

    @app.callback(
        *map_outputs(EARLIER),
        *map_outputs(LATER),
        Input(Id.VIEW, "data"),
        Input(Id.FRAME, "data"),
        State(LATER.state, "children"),
        State(LATER.ground, "data-lines"),
    )
    async def redraw(query: object, frame: object, said: object, shown: object) -> tuple[object, ...]:
        own = await in_thread(boundaries.now)
        tell_refusal(own, shown)
        try:
            both = await ask(store, lambda seen: _both(store, seen, asked_of(seen, query), frame))
        except StoreUnavailable as error:
            return map_kept(error, store, said, own) * 2
        return tuple(part for each in both for part in map_answer(each, own, map_legend))


def _both(store: Store, released: Released, asked: Asked, frame: object) -> tuple[Picture, Picture]:
    pair = pair_of(released, asked)
    return pictures(released, pair, frame, with_their_eyes(store, released, pair))


def told(
    store: Store, released: Released, asked: Asked
) -> tuple[list[Component], list[Component], list[Component]]:
    """The head with the figures, and what stands over each map."""
    pair = pair_of(released, asked)
    theirs = with_their_eyes(store, released, pair)
    head = html.Div(comparison_head(released, pair), className="compared-choices")
    earlier, later = titles(released, pair, released.policy.operation.marking)
    parts: list[Component] = [head, figures(total_pairs(released, pair, theirs))]
    if pair.other is not None:
        found = own_seen(released, theirs, pair.later.filter, pair.later.record_layers, pair.other)
        parts.append(own_records(pair.other, found))
    return parts, earlier, later
