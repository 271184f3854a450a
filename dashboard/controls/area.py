"""The chip of the area that was drawn on the map: how large it is, what it counts, and the way out."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.times import number
from dashboard.words import _
from data.drawn_area import DrawnArea


def area_chip(area: DrawnArea | None) -> Component | None:
    """Nothing where no area is drawn."""
    if area is None:
        return None
    size = number(float(f"{area.km2:.3g}"))
    said = _("Of records known to a region only, those whose region lies whole in it are counted.")
    return html.Div(
        [
            html.Div(
                [
                    html.Strong(_("Area drawn")),
                    html.Span(_("{size} km²").format(size=size), className="size"),
                    button(_("Remove"), "area=", class_name="quiet-button", title=_("Remove the area drawn")),
                ],
                className="area-head",
            ),
            html.Div(said, className="quiet"),
        ],
        className="area-chip",
        role="status",
    )
