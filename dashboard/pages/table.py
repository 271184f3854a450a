"""The table page: the rail, the records as rows, and the same records on a small map beside them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.controls.trays import DETAILS, MAP, MENU, RAIL, tray
from dashboard.elements import attributes
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import details, rail, records_table, situation_map
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    twins = html.Div(
        [
            records_table.layout(view),
            html.Div(
                situation_map.layout(opening.place, opening.regions_version, opening.profile),
                className="twin-map",
                **attributes(tray(MAP)),
            ),
        ],
        className="twins",
    )
    named = PageName("table", _("Table"), (MAP, RAIL, DETAILS, MENU))
    return page(named, [rail.layout(), twins, details.layout()], view, notices, opening)
