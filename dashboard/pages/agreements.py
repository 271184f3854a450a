"""The page of the policy: partners, groups, agreements and their dates."""

from __future__ import annotations

from collections.abc import Sequence

from dash.development.base_component import Component

from dashboard.controls.trays import MENU
from dashboard.pages.opening import Opening, PageName, page
from dashboard.panels import agreements
from dashboard.view import View
from dashboard.words import _


def layout(view: View, notices: Sequence[str], opening: Opening) -> Component:
    """The page as it opens."""
    named = PageName("agreements", _("Agreements"), (MENU,))
    return page(named, [agreements.layout()], view, notices, opening)
