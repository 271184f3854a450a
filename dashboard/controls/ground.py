"""The lines under the picture, and the words about them."""

from __future__ import annotations

from dash import set_props
from dash.development.base_component import Component

from dashboard.ids import Id
from dashboard.notices import notice
from dashboard.words import _
from data.basemap.lines import OwnLines
from data.errors import RegionsRefused
from layers.basemap import ATTRIBUTION, disclaimer


def stated(own: OwnLines) -> str:
    """The disclaimer that goes with the lines drawn, and whose data the ground is."""
    return f"{disclaimer(own.lines, _)} {ATTRIBUTION}"


def tell_refusal(own: OwnLines, shown: object) -> None:
    """Said once on each page for each wrong file of boundary lines."""
    if own.refused and shown != own.version:
        set_props(Id.FAULT, {"children": _refused(own.refused)})


def _refused(error: RegionsRefused) -> Component:
    said = [_.listed(error.told(_), " "), _("The neutral lines of the basemap are drawn.")]
    return notice(_("Boundary lines refused"), said, "late")
