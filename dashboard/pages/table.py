"""The table page: the rail, the records as rows, and the same records on a small map beside them."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.pages.opening import Opening, page
from dashboard.panels import details, rail, records_table, situation_map
from dashboard.view import View


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    twins = html.Div(
        [
            records_table.layout(view),
            situation_map.layout(opening.place, opening.regions_version, opening.profile),
        ],
        className="twins",
    )
    return page("table", [rail.layout(), twins, details.layout()], view, notices, opening)
