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
from data.seen_by import SeenBy, may_ask, own_alone, together
from data.store import Store
from layers.sizes import SizeScale, size_scale


@dataclass(frozen=True)
class Pair:
    """`earlier` is what is held against, `later` the View's own.

    `other`: with whose eyes the earlier one is looked at; None where both are the viewer's.
    """

    earlier: Asked
    later: Asked
    other: SeenBy | None = None

    @property
    def by_knowledge(self) -> bool:
        """Whether two knowledge times are compared; else two periods, or two viewers, are."""
        return self.earlier.view.known_at != self.later.view.known_at


def pair_of(released: Released, asked: Asked) -> Pair:
    """What the View says; else the period before, else what was known before the last day of changes.

    A viewer that may not look with a partner's eyes gets what nobody has chosen.
    """
    view = asked.view
    if isinstance(view.compare, SeenBy):
        if may_ask(released.viewer, released.policy, view.compare, released.now):
            return _own_pair(released, asked, view.compare)
        view = replace(view, compare=None)
    if view.compare is None:
        start, end = view.times(released.now)
        since = (start - (end - start), start) if start is not None else None
        view = replace(view, compare=since or whole_second(since_of(released, asked)))
    other = _pinned(view, released.now).compared()
    return Pair(Asked(other, other.to_filter(released.now)), asked)


def _own_pair(released: Released, asked: Asked, other: SeenBy) -> Pair:
    """The viewer's own records twice: reference layers are of whoever gave them, and in neither."""
    later = replace(asked.view, layers=asked.record_layers)
    question = own_alone(asked.filter, released.viewer)
    return Pair(Asked(later.compared(), question), Asked(later, question), other)


def _pinned(view: View, now: datetime) -> View:
    """Between knowledge times the period stays where it is: a preset would move along with the knowledge."""
    start, end = view.times(now)
    if isinstance(view.compare, tuple) or start is None:
        return view
    return replace(view, period=DEFAULT_PERIOD, start=start, end=end)


def with_their_eyes(store: Store, released: Released, pair: Pair) -> Released:
    """What the earlier one is asked of: the viewer's own, or what the viewer and the other may both see."""
    if pair.other is None:
        return released
    return store.released_to(together(released.viewer, released.policy, pair.other), aside=True)


def pictures(
    released: Released, pair: Pair, reported: object, theirs: Released | None = None
) -> tuple[Picture, Picture]:
    """Both pictures in one frame; sizes of areas and colours of regions mean the same on both maps.

    `theirs`: what the earlier one is asked of, where that is not the viewer's own.
    """
    frame = frame_of(reported) or first_frame(released, pair.later)
    layers = pair.later.record_layers
    sides = ((theirs or released, pair.earlier), (released, pair.later))
    both = [{layer: marks.marks(of, asked.filter, layer, frame) for layer in layers} for of, asked in sides]
    scales = {layer: _larger(both[0][layer], both[1][layer]) for layer in layers}
    classes = classes_of(*sides)
    earlier, later = (
        picture_in(of, asked, frame, found, scales, classes)
        for (of, asked), found in zip(sides, both, strict=True)
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


def total_pairs(released: Released, pair: Pair, theirs: Released | None = None) -> tuple[TotalPair, ...]:
    """The headline figures beside each other, in the order of the View's own; `theirs` as in `pictures`."""
    if not pair.later.record_layers:
        return ()
    now = totals.totals(released, pair.later.filter, pair.later.record_layers)
    then = totals.like(theirs or released, pair.earlier.filter, pair.later.record_layers, now)
    return tuple(TotalPair(*both) for both in zip(then, now, strict=True))
