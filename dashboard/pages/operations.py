"""The operations page: rail, totals over map over timeline, drawer."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.pages.opening import Opening, page
from dashboard.panels import details, play, rail, search, situation_map, timeline, totals
from dashboard.view import View


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    centre = html.Div(
        [
            totals.layout(),
            situation_map.layout(opening.place, opening.regions_version, opening.profile),
            search.layout(),
            play.layout(),
            timeline.layout(),
        ],
        className="centre",
    )
    return page("operations", [rail.layout(), centre, details.layout()], view, notices, opening)
