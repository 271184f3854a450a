"""What the map of changes shows for one viewer, View and frame, since an earlier knowledge time."""

from __future__ import annotations

from datetime import datetime

from dashboard.asked import Asked, words_of
from dashboard.frames import frame_of
from dashboard.picture import Picture, first_frame, nodes_of
from dashboard.states import nothing_found
from dashboard.words import _
from data import changes, marks
from data.answers import Frame, Marks
from data.changes import CHANGE_KINDS, ChangeKind
from data.filters import LAYER_FEEDS
from data.released import Released
from layers import base, regions
from layers.base import LAYERS
from layers.changes import change_features
from layers.sizes import size_scale

MOST_CELLS = 90
"""Cells of points a kind of change may fill: there are three in each of four layers."""

MOST_STEPS = 400


def since_of(released: Released, asked: Asked) -> datetime:
    """The earlier of the two times: the View's, else that before the last day on which the picture changed.

    Never later than what the picture is known at: nothing differs from what is not known yet.
    """
    if isinstance(asked.view.compare, datetime):
        return min(asked.view.compare, released.content_at(asked.filter))
    steps = changes.steps(released, asked.filter, asked.record_layers, MOST_STEPS)
    begin = released.policy.operation.from_at or released.known_at(asked.filter)
    return steps[-2].at if len(steps) > 1 else begin


def changed_picture(released: Released, asked: Asked, reported: object) -> Picture:
    """`reported` is the frame as the browser gave it; anything that is not one becomes the first frame."""
    frame = frame_of(reported) or first_frame(released, asked)
    since = since_of(released, asked)
    found = {layer: _kinds(released, asked, layer, since, frame) for layer in asked.record_layers}
    together = _summed(found)
    scales = {layer: size_scale(drawn) for layer, drawn in together.items()}
    shapes = {
        layer.id: change_features(layer.id, found.get(layer.id, {}), scales.get(layer.id), _)
        if layer.id in LAYER_FEEDS
        else base.collection(layer.id, [])
        for layer in LAYERS
    }
    total = sum(each.total for kinds in found.values() for each in kinds.values())
    note = None if total else nothing_found(words_of(released, asked), _("No changes released to you"))
    hideout = regions.hideout(None, nodes_of(released), asked.view.regions, _)
    return Picture(shapes, together, None, 0, hideout, note, scales=scales)


def _kinds(
    released: Released, asked: Asked, layer: str, since: datetime, frame: Frame
) -> dict[ChangeKind, Marks]:
    differs = changes.changed(released, asked.filter, layer, since)
    return {
        kind: marks.marks_of(released, differs.rows(kind), layer, frame, MOST_CELLS)[0]
        for kind in CHANGE_KINDS
        if len(differs.rows(kind))
    }


def _summed(found: dict[str, dict[ChangeKind, Marks]]) -> dict[str, Marks]:
    """All kinds of a layer together, for the legend of what is drawn."""
    return {
        layer: Marks(
            layer,
            tuple(mark for each in kinds.values() for mark in each.marks),
            sum(each.total for each in kinds.values()),
            sum(each.unplaced for each in kinds.values()),
        )
        for layer, kinds in found.items()
    }
