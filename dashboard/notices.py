"""What is said when something goes wrong: a known error in its own words, any other by a reference number."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence

from dash import html, set_props
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.words import _
from data.errors import WatchfloorError

log = logging.getLogger("watchfloor.dashboard")


def notice(title: str, sentences: Sequence[str], tone: str = "") -> Component:
    """One notice, to be read and put away."""
    return html.Div(
        [
            html.Div([html.Strong(title), *[html.P(sentence) for sentence in sentences]]),
            html.Button(
                "×", className="notice-close", **attributes({"data-dismiss": "", "aria-label": _("Put away")})
            ),
        ],
        className=f"notice {tone}".strip(),
        role="status",
    )


def fault(error: Exception) -> Component:
    """The notice of an error; of one that we do not know only a number, the rest is in the log."""
    if isinstance(error, WatchfloorError):
        return notice(_(error.title), [part for part in error.told(_) if part], "late")
    reference = secrets.token_hex(4)
    log.error("fault %s: %s", reference, type(error).__name__, exc_info=error)
    said = _("It has been logged with the reference {reference}.").format(reference=reference)
    return notice(_("Something went wrong"), [said], "late")


def on_error(error: Exception) -> None:
    """Dash's door for whatever a callback raised; the panel keeps what it showed."""
    set_props(Id.FAULT, {"children": fault(error)})
