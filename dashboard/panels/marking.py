"""The marking, top and bottom, and the two clocks: one function gives both ends the same words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dash import Dash, Input, Output, State, html
from dash.development.base_component import Component

from dashboard.asked import Asked, asked_of
from dashboard.asking import ask
from dashboard.controls.marking import labels_on, marked_with
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.times import MILITARY_PROFILES, moment
from dashboard.words import _
from data.errors import StoreUnavailable
from data.exercise_clock import pace_of
from data.partners import Operation
from data.released import Released
from data.store import Store


def layout(place: Id) -> Component:
    """An end of the page: empty until the first answer, never gone."""
    said = _("Marking, top") if place == Id.MARKING_TOP else _("Marking, bottom")
    told = attributes({DRAWN: drawn(None), "aria-label": said})
    return html.Div(id=place, className="marking", role="region", **told)


def clocks() -> Component:
    """The place of the two clocks in the header."""
    return still(Id.CLOCKS, "clocks")


def register(app: Dash, store: Store) -> None:
    """Marking and clocks follow the View: what is shown decides how it is marked."""

    @app.callback(
        Output(Id.MARKING_TOP, DRAWN),
        Output(Id.MARKING_BOTTOM, DRAWN),
        Output(Id.CLOCKS, DRAWN),
        Input(Id.VIEW, "data"),
        State(Id.URL, "pathname"),
    )
    async def mark(query: object, path: object) -> tuple[object, ...]:
        try:
            pace = pace_of(store.clock)
            parts = await ask(store, lambda released: marked(released, asked_of(released, query), path, pace))
        except StoreUnavailable:
            parts = (_unmarked(), _unmarked(), [])
        return tuple(map(drawn, parts))


def marked(
    released: Released, asked: Asked, path: object, pace: float | None = None
) -> tuple[list[Component], list[Component], list[Component]]:
    """The two ends and the clocks of the page at a path."""
    ends = marked_with(released, labels_on(path, released, asked))
    faces = clock_faces(released.now, asked.view.known_at, released.policy.operation, pace)
    return ends, ends, faces


def _unmarked() -> list[Component]:
    """What is on screen is the last good picture; its marking cannot be confirmed now."""
    return [html.Span(_("Marking not available: handle as marked before"), className="banner")]


def clock_faces(
    now: datetime, known_at: datetime | None, operation: Operation, pace: float | None = None
) -> list[Component]:
    """NOW, and the time whose knowledge the picture shows; both say whose time they are.

    `pace`: how many seconds they go on in one; None: as real time does. A replay stands.
    """
    runs = "" if operation.kind == "replay" else f"{1 if pace is None else pace:g}"
    label = {"exercise": _("Now, exercise time"), "replay": _("Now, end of the replay")}.get(
        operation.kind, _("Now")
    )
    known = min(known_at, now) if known_at is not None else now
    return [
        _face(label, now, operation.marking, runs=runs),
        _face(
            _("Picture as known"),
            known,
            operation.marking,
            runs=runs if known_at is None else "",
            past=known_at is not None,
        ),
    ]


def _face(label: str, at: datetime, profile: str, *, runs: str, past: bool = False) -> Component:
    data: dict[str, Any] = {
        "data-at": at.isoformat(),
        "data-runs": runs,
        "data-profile": "dtg" if profile in MILITARY_PROFILES else "long",
    }
    face = html.Time(moment(at, profile), className="face", **data)
    return html.Div([html.Span(label, className="label"), face], className="clock past" if past else "clock")
