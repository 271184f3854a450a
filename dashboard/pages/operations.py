"""The operations page: rail, totals over map over timeline, drawer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.frames import Place, box_words
from dashboard.ids import Id
from dashboard.notices import notice
from dashboard.panels import details, rail, search, situation_map, timeline, totals
from dashboard.view import DEFAULT_LAYERS, DEFAULT_PERIOD, KEYS, LAYERS, View
from dashboard.words import _
from data.geography import Bounds


@dataclass(frozen=True)
class Opening:
    """What the page opens with beside its View: the map's first place, boxes, the scheme."""

    place: Place
    extent: Bounds | None
    regions_version: str
    scheme: str
    profile: str = "humanitarian"
    """The operation's marking."""
    box: Bounds | None = None
    """Around what the View chooses: there the map opens when the View says no place."""


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View. `assets/view.js` reads the canonical query and the defaults here."""
    told = [notice(_("This link could not be read completely"), notices, "late")] if notices else []
    return html.Main(
        [
            rail.layout(),
            html.Div(
                [
                    totals.layout(),
                    situation_map.layout(opening.place, opening.regions_version, opening.profile),
                    search.layout(),
                    timeline.layout(),
                ],
                className="centre",
            ),
            details.layout(),
            html.Div(told, className="notices"),
            dcc.Store(id=Id.VIEW, data=view.without("at").to_query()),
            dcc.Store(id=Id.FRAME),
            dcc.Store(id=Id.SCHEME, data=opening.scheme),
        ],
        className="operations",
        id="operations",
        **attributes(
            {
                "data-query": view.to_query(),
                "data-keys": ",".join(KEYS),
                "data-layers": ",".join(LAYERS),
                "data-layers-on": ",".join(DEFAULT_LAYERS),
                "data-period": DEFAULT_PERIOD,
                "data-extent": box_words(opening.extent),
                "data-box": box_words(opening.box),
                "data-home": f"{opening.place.latitude},{opening.place.longitude},{opening.place.zoom}",
            }
        ),
    )
