"""The operations page: rail, totals over map over timeline, drawer."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.controls.trays import DETAILS, MENU, RAIL, TIMES, tray, tray_head
from dashboard.elements import attributes
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import details, play, rail, search, situation_map, timeline, totals
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    centre = html.Div(
        [
            totals.layout(),
            situation_map.layout(opening.place, opening.regions_version, opening.profile),
            search.layout(),
            html.Div(
                [tray_head(TIMES), play.layout(), timeline.layout()],
                className="times",
                **attributes(tray(TIMES)),
            ),
        ],
        className="centre",
    )
    named = PageName("operations", _("Map"), (RAIL, TIMES, DETAILS, MENU))
    return page(named, [rail.layout(), centre, details.layout()], view, notices, opening)
