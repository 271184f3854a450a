"""The second clock: the time whose knowledge is shown, and the times at which the picture changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.fields import time_field
from dashboard.controls.period import EARLIER, LATER
from dashboard.elements import attributes
from dashboard.times import day, whole_second
from dashboard.view import View
from dashboard.view_values import time_words
from dashboard.words import _
from data.changes import Step

MOST_STEPS = 48
"""Bars that fit the rail."""

BAR = 26
"""Pixels of the highest bar; heights go by the root, so that a small change beside a big one is seen."""


def knowledge(view: View, steps: Sequence[Step], end: datetime, now: datetime) -> Component:
    """What is known is shown as a row of bars, one a day (or more): each is a time to go back to."""
    set_back = view.known_at is not None
    said = _("As known at") if set_back else _("As known now")
    field = time_field("known", view.known_at or now, _("Any time, UTC"))
    return html.Div(
        [
            html.Div([html.Span(said, className="known-words"), field], className="known-line"),
            *([_bars(view, steps, now)] if steps else []),
            html.Div([_way(view, end, now), _what_changed()], className="known-line"),
        ],
        className="knowledge set" if set_back else "knowledge",
    )


def _way(view: View, end: datetime, now: datetime) -> Component:
    if view.known_at is not None:
        return button(_("Back to now"), "known=", class_name="quiet-button")
    if view.start is not None and end < now:
        return button(_("As known then"), f"known={time_words(end)}", class_name="quiet-button")
    return html.Span()


def _bars(view: View, steps: Sequence[Step], now: datetime) -> Component:
    """Earlier, the bars, later. Only the bar that is shown stands in the order of the keyboard."""
    known = view.known_at or now
    most = max((_size(step) for step in steps), default=1)
    reached = [step for step in steps if whole_second(step.at) <= known]
    before = reached[-2] if len(reached) > 1 else None
    after = next((step for step in steps if whole_second(step.at) > known), None)
    bars = [_bar(step, most, step.at <= known, step is (reached[-1] if reached else None)) for step in steps]
    said = attributes({"aria-label": _("Times at which the picture changed")})
    group = html.Div(bars, className="known-bars", role="group", **said)
    return html.Div(
        [
            _turn(EARLIER, _("The change before"), before),
            group,
            _turn(LATER, _("The next change"), after),
        ],
        className="known-steps",
    )


def _turn(sign: str, said: str, step: Step | None) -> Component:
    if step is None:
        return html.Span(sign, className="step off", **attributes({"aria-hidden": "true"}))
    return button(sign, known_at(step), class_name="step", title=said)


def _bar(step: Step, most: int, is_known: bool, is_shown: bool) -> Component:
    height = max(2, round(BAR * (_size(step) / most) ** 0.5))
    return html.Button(
        html.Span(className="bar", style={"height": f"{height}px"}),
        type="button",
        className=f"known-bar{' known' if is_known else ''}{' shown' if is_shown else ''}",
        title=step_words(step),
        **attributes(
            {
                "data-set": known_at(step),
                "aria-label": step_words(step),
                "aria-pressed": "true" if is_shown else "false",
            }
        ),
        tabIndex=0 if is_shown else -1,
    )


def known_at(step: Step) -> str:
    """The change of the View by which the picture is shown as it was after this step."""
    return f"known={time_words(whole_second(step.at))}"


def step_words(step: Step) -> str:
    """20 Sep 2014: 212 new, 31 corrected, 4 withdrawn."""
    return _("{day}: {new} new, {corrected} corrected, {withdrawn} withdrawn").format(
        day=day(step.at),
        new=_.number(step.new),
        corrected=_.number(step.corrected),
        withdrawn=_.number(step.withdrawn),
    )


def _what_changed() -> Component:
    page = attributes({"data-page": "/changes"})
    return html.A(_("What changed"), href="/changes", className="quiet-button", **page)


def _size(step: Step) -> int:
    return step.new + step.corrected + step.withdrawn
