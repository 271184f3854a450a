"""The page of the published cube: fixed counts that are the same for every partner."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from dashboard.controls.trays import MENU
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import cube
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens."""
    named = PageName("counts", _("Published counts"), (MENU,))
    return page(named, [cube.layout()], view, notices, opening)
