"""Fields for times of the View, written as ISO 8601 has it: the browser's own fields follow its language.

What is typed is read by `assets/view.js` and parsed with the View.
"""

from __future__ import annotations

from datetime import datetime, time

from dash import html
from dash.development.base_component import Component

from dashboard.elements import Field, attributes
from dashboard.words import _


def time_field(key: str, at: datetime, said: str) -> Component:
    """A field for a time of the View, in UTC; `assets/view.js` reads it."""
    return _field(key, f"{at:%Y-%m-%d %H:%M}", said, html.Span(said, className="unseen"))


def day_field(key: str, at: datetime | None, said: str, *, timed: bool) -> Component:
    """A field for a day of the View; `timed` says its time of day too, unless the day begins with it."""
    value = "" if at is None else _moment(at) if timed and at.time() != time.min else f"{at:%Y-%m-%d}"
    return _field(key, value, said, html.Span(said, className="label"))


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at.second else f"{at:%Y-%m-%d %H:%M}"


def _field(key: str, value: str, said: str, label: Component) -> Component:
    told = attributes({"data-time": key, "aria-label": said})
    return html.Label(
        [label, Field(type="text", value=value, title=said, **told), _wrong()], className="time-field"
    )


def _wrong() -> Component:
    """Where `assets/view.js` says what is wrong with what was typed, and the words for it."""
    said = {
        "data-unread": _("There is no such time. Type 2014-11-30, or 2014-11-30 18:00, in UTC."),
        "data-order": _("The period ends before it begins."),
    }
    return html.Span(className="wrong", role="alert", **attributes(said))
