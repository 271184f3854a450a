"""The tools of the map. What a press does stands in `assets/tools.js` and the file of each tool."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes, text_field
from dashboard.times import MILITARY_PROFILES
from dashboard.words import _


def tools(profile: str) -> Component:
    """`profile` is the operation's marking: military ones measure in nautical miles too.

    One button a tool; the sentence that a tool needs while it is at work stands on its button."""
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
            _tool(
                "measure",
                _("Measure distances and bearings"),
                _("Click places: length along the WGS 84 ellipsoid and true bearing of each leg. Esc ends."),
            ),
        ],
        className="tools",
        role="toolbar",
        **attributes(
            {"aria-label": _("Map tools"), "data-miles": "1" if profile in MILITARY_PROFILES else ""}
        ),
    )


def measured() -> Component:
    """The legs measured and their total, as text; `assets/measure.js` fills it."""
    return html.Div(className="measured", role="status", **attributes({"data-total": _("Total")}))


def _tool(name: str, title: str, hint: str, **sentences: str) -> Component:
    said = {"data-tool": name, "data-hint": hint, "aria-label": title, "aria-pressed": "false"}
    said |= {f"data-{key}": sentence for key, sentence in sentences.items()}
    return html.Button(type="button", className=f"tool tool-{name}", title=title, **attributes(said))


def readout() -> Component:
    """The position under the cursor, and a field for a position to go to; `assets/readout.js` fills it."""
    form = _("5.3767° N 10.7833° W, or 5° 22.60′ N 10° 47.00′ W, or 29N LF 02399 94592")
    faults = {
        "data-unread": _("“{text}” cannot be read as a position. Write {form}.").replace("{form}", form),
        "data-latitude": _("“{text}” has a latitude beyond 90 degrees."),
        "data-longitude": _("“{text}” has a longitude beyond 180 degrees."),
        "data-minutes": _("“{text}” has minutes or seconds of 60 or more."),
        "data-digits": _("“{text}” needs as many digits for east as for north, at most five each."),
        "data-square": _("“{text}” names a square that its zone does not have."),
    }
    signs = {
        "data-sides": "|".join((_("N"), _("S"), _("E"), _("W"))),
        "data-point": _.decimal_and_group[:1],
    }
    position = html.Button(
        type="button",
        className="position",
        title=_("Degrees, minutes or MGRS: press to change"),
        **attributes({"data-position": ""}),
    )
    go = html.Button(
        _("Go to"), type="button", className="go", **attributes({"data-go": "", "aria-expanded": "false"})
    )
    leave = html.Button(
        "×", type="button", className="leave", **attributes({"data-leave": "", "aria-label": _("Leave")})
    )
    return html.Div(
        [
            html.Div(
                [
                    html.Div([text_field("go-to", _("Degrees, minutes or MGRS")), leave], className="go-row"),
                    html.Div(className="wrong", role="alert"),
                ],
                className="go-panel",
            ),
            html.Div(
                [position, html.Span(_("middle of the map"), className="of", hidden=True), go],
                className="line",
            ),
        ],
        className="readout",
        **attributes(faults | signs),
    )


def walk() -> Component:
    """The marks for whoever has no pointer: arrows go from one to the next, Enter opens; `assets/walk.js`."""
    words = _("Marks on the map: the arrow keys go from one to the next, Enter opens, Esc leaves")
    told = {"data-walk": "", "data-none": _("No mark is in view"), "data-count": _("{n} of {all}: {words}")}
    return html.Div(
        [
            html.Button(words, type="button", className="walk", **attributes(told)),
            html.Div(className="walk-said", **attributes({"aria-live": "polite"})),
        ],
        className="walk-place",
    )
