"""Fields for times of the View, written as ISO 8601 has it: the browser's own fields follow its language.

What is typed is read by `assets/view.js` and parsed with the View.
"""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.elements import Field, attributes


def time_field(key: str, at: datetime, said: str) -> Component:
    """A field for a time of the View, in UTC; `assets/view.js` reads it."""
    return html.Label(
        [
            html.Span(said, className="unseen"),
            _input(key, f"{at:%Y-%m-%d %H:%M}", said),
        ],
        className="time-field",
    )


def day_field(key: str, at: datetime | None, said: str) -> Component:
    """A field for a day of the View; the last day is one that is in the period."""
    return html.Label(
        [html.Span(said, className="label"), _input(key, f"{at:%Y-%m-%d}" if at else "", said)],
        className="time-field",
    )


def _input(key: str, value: str, said: str) -> Component:
    told = attributes({"data-time": key, "aria-label": said})
    return Field(type="text", value=value, title=said, **told)
