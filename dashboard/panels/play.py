"""The period runs over time: all layers on one clock. The browser shows the steps (`assets/play.js`)."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of
from dashboard.asking import ask
from dashboard.controls.marking import labels_on, marked_with
from dashboard.controls.period import EARLIER, LATER
from dashboard.drawn import drawn
from dashboard.elements import attributes
from dashboard.frames import frame_of
from dashboard.ids import Id
from dashboard.picture import classes_of, first_frame, picture_in
from dashboard.play_request import PlayRequest, play_request
from dashboard.times import span
from dashboard.totals_strip import counted
from dashboard.view import DEFAULT_PERIOD
from dashboard.view_values import time_words
from dashboard.words import _
from data import marks
from data.answers import Frame
from data.errors import StoreUnavailable
from data.released import Released
from data.store import Store
from layers.regions import Classes
from layers.sizes import SizeScale, size_scale

SPEEDS, USUAL_SPEED = (1, 2, 4), 2
"""Steps a second."""

STEPS = "data-steps"
"""The attribute that carries an answer, as JSON: a store is not to be read from outside."""


def layout() -> Component:
    """Step back, play, step on; speed, loop, and the window that is shown."""
    speeds = [
        _button(
            "speed", f"{speed}×", _("{n} steps a second").format(n=speed), pressed=speed == 2, value=speed
        )
        for speed in SPEEDS
    ]
    idle = _("Play the period over time")
    unavailable = _("Not available now. What you see is the last good picture.")
    return html.Section(
        [
            _button("back", EARLIER, _("One step back (comma)")),
            _button("play", "▶", _("Let the period run over time, or stop it (space)"), pressed=False),
            _button("on", LATER, _("One step on (full stop)")),
            html.Div(
                speeds, className="segments", role="group", **attributes({"aria-label": _("Steps a second")})
            ),
            _button("loop", "⟳", _("Begin again at the end"), pressed=False),
            html.Span(idle, className="play-said", id="play-said"),
            dcc.Store(id=Id.PLAY_ASKED),
            html.Div(id=Id.PLAY_STEPS, className="unseen"),
        ],
        className="play-panel",
        **attributes({"aria-label": _("Play"), "data-idle": idle, "data-unavailable": unavailable}),
    )


def _button(name: str, sign: str, said: str, *, pressed: bool | None = None, value: int = 0) -> Component:
    told = {"data-play": name, "aria-label": said}
    if pressed is not None:
        told["aria-pressed"] = "true" if pressed else "false"
    if value:
        told["data-speed"] = str(value)
    kind = "segment" if value else "play-button"
    return html.Button(sign, type="button", className=kind, title=said, **attributes(told))


def register(app: Dash, store: Store) -> None:
    """Some steps are answered at a time, ahead of what is shown."""

    @app.callback(
        Output(Id.PLAY_STEPS, STEPS),
        Input(Id.PLAY_ASKED, "data"),
        State(Id.VIEW, "data"),
        State(Id.FRAME, "data"),
    )
    async def steps(given: object, query: object, frame: object) -> object:
        request = play_request(given)
        if request is None:
            return no_update
        try:
            found = await ask(store, lambda seen: played(seen, asked_of(seen, query), request, frame))
        except StoreUnavailable:
            found = []
        return json.dumps({"serial": request.serial, "steps": found}, separators=(",", ":"))


def played(
    released: Released, asked: Asked, request: PlayRequest, reported: object
) -> list[dict[str, object]]:
    """For each window the shapes of every layer, the looks of regions that are filled, the note, the totals.

    Symbols of areas and fills of regions keep one scale: that of the View's period, which the legend shows.
    """
    frame = frame_of(reported) or first_frame(released, asked)
    scales = {
        layer: size_scale(marks.marks(released, asked.filter, layer, frame)) for layer in asked.record_layers
    }
    classes = classes_of((released, asked))
    return [_step(released, asked, window, frame, scales, classes) for window in request.windows]


def _step(
    released: Released,
    asked: Asked,
    window: tuple[datetime, datetime],
    frame: Frame,
    scales: dict[str, SizeScale | None],
    classes: Classes | None,
) -> dict[str, object]:
    start, end = window
    here = _within(released, asked, start, end)
    found = {layer: marks.marks(released, here.filter, layer, frame) for layer in here.record_layers}
    shown = picture_in(released, here, frame, found, scales, classes)
    return {
        "from": time_words(start),
        "to": time_words(end),
        "words": span(start, end),
        "shapes": shown.shapes,
        "regions": shown.regions if asked.view.fill else None,
        "note": drawn(shown.note),
        "totals": drawn(counted(released, here, compared=False)),
        "marking": drawn(marked_with(released, labels_on("/", released, here))),
    }


def _within(released: Released, asked: Asked, start: datetime | None, end: datetime | None) -> Asked:
    view = replace(asked.view, period=DEFAULT_PERIOD, start=start, end=end)
    return Asked(view, view.to_filter(released.now))
