"""The tools of the map. What a press does stands in `assets/tools.js` and the file of each tool."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.words import _


def tools() -> Component:
    """One button a tool; the sentence that a tool needs while it is at work stands on its button."""
    return html.Div(
        [
            _tool(
                "box",
                _("Select by a box"),
                _("Drag a box, or click two of its corners. Enter sets a corner at the middle, Esc ends."),
            ),
            _tool(
                "polygon",
                _("Select by a polygon"),
                _("Click the corners; click the first again, or double-click, to close. Esc ends."),
                crossed=_(
                    "The edges would cross. Set this corner elsewhere, or take one back with Backspace."
                ),
            ),
        ],
        className="tools",
        role="toolbar",
        **attributes({"aria-label": _("Map tools")}),
    )


def _tool(name: str, title: str, hint: str, **sentences: str) -> Component:
    said = {"data-tool": name, "data-hint": hint, "aria-label": title, "aria-pressed": "false"}
    said |= {f"data-{key}": sentence for key, sentence in sentences.items()}
    return html.Button(type="button", className=f"tool tool-{name}", title=title, **attributes(said))
