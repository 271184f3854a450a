"""Trays: on a small screen the rail, the drawer, the timeline and the menu lie over the map, one at a time.

On a large screen the same elements stand beside the map and the bar is not there: `assets/small.css` decides
by the size of the window alone. Which tray is open is no part of the View; `assets/trays.js` holds it.
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
"""Sign and word of each tray, in the order of the bar."""


def tray(name: str) -> dict[str, str]:
    """The attributes that make an element the tray of this name."""
    return {"data-tray": name, "id": f"tray-{name}"}


def tray_head(name: str, sets: str | None = None) -> Component:
    """The head of a tray: what it is, and the way to close it. `sets`: what closing does to the View."""
    told = {"data-closes": "", "aria-label": _("Close: {tray}").format(tray=_(WAYS[name][1]))}
    if sets is not None:
        told["data-set"] = sets
    close = html.Button("×", type="button", className="tray-close", **attributes(told))
    return html.Div([html.Strong(_(WAYS[name][1])), close], className="tray-head")


def bar(title: str, trays: Sequence[str]) -> Component:
    """The bar at the foot of a small screen: the page itself without a tray, then its trays."""
    page = _button("◧" if MAP not in trays else "▦", title, {"data-closes": ""})
    ways = [_way(name) for name in WAYS if name in trays]
    return html.Nav([page, *ways], className="bar", **attributes({"aria-label": _("Parts of the page")}))


def _way(name: str) -> Component:
    sign, word = WAYS[name]
    told = {"data-opens": name, "aria-expanded": "false", "aria-controls": f"tray-{name}"}
    return _button(sign, _(word), told, counted=name == RAIL)


def _button(sign: str, word: str, told: dict[str, str], *, counted: bool = False) -> Component:
    parts: list[Component] = [
        html.Span(sign, className="bar-sign", **attributes({"aria-hidden": "true"})),
        html.Span(word),
    ]
    if counted:
        parts.append(html.Span(className="bar-count"))
    return html.Button(parts, type="button", className="bar-button", **attributes(told))
