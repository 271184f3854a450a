"""What is said when something goes wrong: a known error in its own words, any other by a reference number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dash import html, set_props
from dash.development.base_component import Component

from dashboard.access.faults import logged
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.words import _
from data.errors import WatchfloorError

NOTHING: Mapping[str, str] = MappingProxyType({})
FAILED: Mapping[str, str] = MappingProxyType({"data-failed": ""})
"""A panel was not drawn anew: `assets/rules.js` keeps covered what it showed under other rules."""


def notice(
    title: str, sentences: Sequence[str], tone: str = "", told: Mapping[str, str] = NOTHING
) -> Component:
    """One notice, to be read and put away. `told`: attributes of its own."""
    return html.Div(
        [
            html.Div([html.Strong(title), *[html.P(sentence) for sentence in sentences]]),
            html.Button(
                "×", className="notice-close", **attributes({"data-dismiss": "", "aria-label": _("Put away")})
            ),
        ],
        className=f"notice {tone}".strip(),
        role="status",
        **attributes(told),
    )


def fault(error: Exception) -> Component:
    """The notice of an error; of one that we do not know only a number, the rest is in the log."""
    if isinstance(error, WatchfloorError):
        return notice(_(error.title), [part for part in error.told(_) if part], "late", FAILED)
    reference = logged(error)
    said = _("It has been logged with the reference {reference}.").format(reference=reference)
    return notice(_("Something went wrong"), [said], "late", FAILED)


def on_error(error: Exception) -> None:
    """Dash's door for whatever a callback raised; the panel keeps what it showed."""
    set_props(Id.FAULT, {"children": fault(error)})
