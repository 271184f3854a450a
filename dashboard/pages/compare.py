"""The page that holds two periods or two knowledge times against each other."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from dashboard.controls.trays import DETAILS, MENU, RAIL
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import comparison, details, rail
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens for a View."""
    twin = comparison.layout(opening.place, opening.regions_version)
    named = PageName("compare", _("Compare"), (RAIL, DETAILS, MENU))
    return page(named, [rail.layout(), twin, details.layout()], view, notices, opening)
