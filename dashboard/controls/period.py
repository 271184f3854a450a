"""The period: presets, its dates in words, earlier and later, and its days."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.fields import day_field
from dashboard.elements import attributes
from dashboard.view import DEFAULT_PERIOD, PERIODS, View
from dashboard.view_values import EARLIEST, LATEST, time_words
from dashboard.words import _
from data.filters import Filter

EARLIER, LATER = (
    "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}",
    "\N{SINGLE RIGHT-POINTING ANGLE QUOTATION MARK}",
)


def period(view: View, asked: Filter, dates: str, now: datetime) -> Component:
    """What is chosen, and the ways to another one."""
    end = asked.end or now
    shown = html.Div(
        [
            _step(EARLIER, _("Earlier, by its own length"), asked.start, end, -1),
            html.Span(dates, className="dates"),
            _step(LATER, _("Later, by its own length"), asked.start, end, 1) if end < now else _no_later(),
        ],
        className="period-shown",
    )
    return html.Div([_presets(view), shown, _days(view, asked, now)])


def _presets(view: View) -> Component:
    brushed = view.start is not None
    names = {"24h": _("24 h"), "7d": _("7 d"), "30d": _("30 d"), "operation": _("Operation")}
    buttons = [
        button(
            names[name],
            f"period={'' if name == DEFAULT_PERIOD else name}&from=&to=",
            pressed=not brushed and view.period == name,
            class_name="segment",
        )
        for name in PERIODS
    ]
    return html.Div(buttons, className="segments", role="group", **attributes({"aria-label": _("Period")}))


def _step(sign: str, said: str, start: datetime | None, end: datetime, direction: int) -> Component:
    if start is None:
        return html.Span(className="step")
    length = max(end - start, timedelta(hours=1))
    begin, finish = start + direction * length, end + direction * length
    if begin < EARLIEST or finish > LATEST:
        return html.Span(className="step")
    sets = f"period=&from={time_words(begin)}&to={time_words(finish)}"
    return button(sign, sets, class_name="step", title=said)


def _no_later() -> Component:
    return html.Span(LATER, className="step off", **attributes({"aria-hidden": "true"}))


def _days(view: View, asked: Filter, now: datetime) -> Component:
    """The first and the last day, for any period at all; with their times of day where somebody set them."""
    start, end, preset = asked.start, asked.end or now, view.start is None
    whole = preset or end.time() == time.min
    last = end - timedelta(microseconds=1) if whole else end
    fields = [
        day_field("from", start, _("From"), timed=not preset),
        day_field("to", last, _("To"), timed=not whole),
    ]
    return html.Details(
        [html.Summary(_("Days …")), html.Div(fields, className="days")],
        className="days-fold",
    )
