"""Two pictures side by side: the View's, and the one it is held against. One frame, one scale for both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.asked import Asked
from dashboard.changed_picture import since_of
from dashboard.frames import frame_of
from dashboard.picture import Picture, classes_of, first_frame, picture_in
from dashboard.times import whole_second
from dashboard.view import DEFAULT_PERIOD, View
from data import marks, totals
from data.answers import Marks, Total
from data.released import Released
from layers.sizes import SizeScale, size_scale


@dataclass(frozen=True)
class Pair:
    """`earlier` is what is held against, `later` the View's own."""

    earlier: Asked
    later: Asked

    @property
    def by_knowledge(self) -> bool:
        """Whether two knowledge times are compared; else two periods are."""
        return self.earlier.view.known_at != self.later.view.known_at


def pair_of(released: Released, asked: Asked) -> Pair:
    """What the View says; else the period before, else what was known before the last day of changes."""
    view = asked.view
    if view.compare is None:
        start, end = view.times(released.now)
        since = (start - (end - start), start) if start is not None else None
        view = replace(view, compare=since or whole_second(since_of(released, asked)))
    other = _pinned(view, released.now).compared()
    return Pair(Asked(other, other.to_filter(released.now)), asked)


def _pinned(view: View, now: datetime) -> View:
    """Between knowledge times the period stays where it is: a preset would move along with the knowledge."""
    start, end = view.times(now)
    if isinstance(view.compare, tuple) or start is None:
        return view
    return replace(view, period=DEFAULT_PERIOD, start=start, end=end)


def pictures(released: Released, pair: Pair, reported: object) -> tuple[Picture, Picture]:
    """Both pictures in one frame; sizes of areas and colours of regions mean the same on both maps."""
    frame = frame_of(reported) or first_frame(released, pair.later)
    layers = pair.later.record_layers
    both = [
        {layer: marks.marks(released, asked.filter, layer, frame) for layer in layers}
        for asked in (pair.earlier, pair.later)
    ]
    scales = {layer: _larger(both[0][layer], both[1][layer]) for layer in layers}
    classes = classes_of(released, pair.earlier, pair.later)
    earlier, later = (
        picture_in(released, asked, frame, found, scales, classes)
        for asked, found in zip((pair.earlier, pair.later), both, strict=True)
    )
    return earlier, later


def _larger(one: Marks, other: Marks) -> SizeScale | None:
    """The scale that holds both, where both are sized by the same figure."""
    scales = [scale for scale in (size_scale(one), size_scale(other)) if scale is not None]
    if len({scale.metric for scale in scales}) != 1:
        return None
    return max(scales, key=lambda scale: scale.top)


@dataclass(frozen=True)
class TotalPair:
    """One headline figure in both; not a number where one of the two has no report of it."""

    earlier: Total
    later: Total


def total_pairs(released: Released, pair: Pair) -> tuple[TotalPair, ...]:
    """The headline figures beside each other, in the order of the View's own."""
    if not pair.later.record_layers:
        return ()
    now = totals.totals(released, pair.later.filter, pair.later.record_layers)
    then = totals.like(released, pair.earlier.filter, pair.later.record_layers, now)
    return tuple(TotalPair(*both) for both in zip(then, now, strict=True))
