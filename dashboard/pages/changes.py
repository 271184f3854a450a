"""The page of what changed between two knowledge times: the rail, the list, the map."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.controls.trays import DETAILS, MENU, RAIL
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import changes_list, changes_map, details, rail
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    twins = html.Div(
        [changes_list.layout(), changes_map.layout(opening.place, opening.regions_version)],
        className="twins",
    )
    named = PageName("changes", _("Changes"), (RAIL, DETAILS, MENU))
    return page(named, [rail.layout(), twins, details.layout()], view, notices, opening)
