"""Sheets: on a small screen the rail, the drawer, the timeline and the menu lie over the map, one at a time.

On a large screen the same elements stand beside the map and the bar is not there: `assets/small.css` decides
by the size of the window alone. Which sheet is open is no part of the View; `assets/sheets.js` holds it.
"""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.words import _
from layers.msgid import msgid

RAIL, TIMES, DETAILS, MENU, MAP = "rail", "times", "details", "menu", "map"

WAYS = {
    MAP: ("◧", msgid("Map")),
    RAIL: ("☰", msgid("Filters")),
    TIMES: ("▤", msgid("Timeline")),
    DETAILS: ("◉", msgid("Details")),
    MENU: ("⋯", msgid("More")),
}
"""Sign and word of each sheet, in the order of the bar."""


def sheet(name: str) -> dict[str, str]:
    """The attributes that make an element the sheet of this name."""
    return {"data-sheet": name, "id": f"sheet-{name}"}


def sheet_head(name: str, sets: str | None = None) -> Component:
    """The head of a sheet: what it is, and the way to close it. `sets`: what closing does to the View."""
    told = {"data-closes": "", "aria-label": _("Close: {sheet}").format(sheet=_(WAYS[name][1]))}
    if sets is not None:
        told["data-set"] = sets
    close = html.Button("×", type="button", className="sheet-close", **attributes(told))
    return html.Div([html.Strong(_(WAYS[name][1])), close], className="sheet-head")


def bar(title: str, sheets: Sequence[str]) -> Component:
    """The bar at the foot of a small screen: the page itself without a sheet, then its sheets."""
    page = _button("◧" if MAP not in sheets else "▦", title, {"data-closes": ""})
    ways = [_way(name) for name in WAYS if name in sheets]
    return html.Nav([page, *ways], className="bar", **attributes({"aria-label": _("Parts of the page")}))


def _way(name: str) -> Component:
    sign, word = WAYS[name]
    told = {"data-opens": name, "aria-expanded": "false", "aria-controls": f"sheet-{name}"}
    return _button(sign, _(word), told, counted=name == RAIL)


def _button(sign: str, word: str, told: dict[str, str], *, counted: bool = False) -> Component:
    parts: list[Component] = [
        html.Span(sign, className="bar-sign", **attributes({"aria-hidden": "true"})),
        html.Span(word),
    ]
    if counted:
        parts.append(html.Span(className="bar-count"))
    return html.Button(parts, type="button", className="bar-button", **attributes(told))
