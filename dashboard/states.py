"""The two designed states beside data: nothing found, and not available."""

from __future__ import annotations

from datetime import datetime

from dash import html, no_update
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.words import _
from data.errors import WatchfloorError


def nothing_found(words: str, said: str) -> Component:
    """What there is none of, as a sentence; the filter in words, and a way out."""
    return html.Div(
        [
            html.Strong(said),
            html.Span(words),
            html.Div(
                [
                    button(
                        _("Whole operation"), "region=&area=&period=&from=&to=", class_name="quiet-button"
                    ),
                    button(
                        _("Clear all filters"),
                        "region=&area=&period=&from=&to=&known=&partner=&role=&sector=&layer=",
                    ),
                ],
                className="ways-out",
            ),
        ],
        className="nothing",
        role="status",
    )


def not_available(now: datetime) -> Component:
    """Said over the last good picture, which stays."""
    since = _("Not available since {time}Z. What you see is the last good picture.")
    return html.Div(since.format(time=f"{now:%H:%M}"), className="not-available", role="status")


def kept(error: WatchfloorError, now: datetime, said_before: object, outputs: int) -> tuple[object, ...]:
    """A callback's answer when the store cannot: its `outputs` stay, its state says since when."""
    del error
    return (*[no_update] * outputs, no_update if said_before else not_available(now))
