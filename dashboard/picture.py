"""What the map shows for one viewer, View and frame: shapes by layer, region fill, legend, note."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from dash.development.base_component import Component

from dashboard.asked import Asked, words_of
from dashboard.chosen import chosen_box
from dashboard.frames import Place, frame_around, frame_of, place_for
from dashboard.states import nothing_found
from dashboard.view import View
from dashboard.words import _
from data import fills, marks, reference
from data.answers import FillValues, Frame, Marks, RegionNode
from data.drawn_area import DrawnArea
from data.released import Released
from layers import base, hazard, regions
from layers import reference as drawn_reference
from layers.base import LAYERS
from layers.reference import Drawn
from layers.regions import Classes, inside
from layers.sizes import SizeScale


@dataclass(frozen=True)
class Picture:
    """Everything the map panel puts out. `marks` holds the record layers that are on."""

    shapes: Mapping[str, Mapping[str, object]]
    marks: Mapping[str, Marks]
    fill: FillValues | None
    outside: int
    regions: Mapping[str, object]
    note: Component | None
    area: DrawnArea | None = None
    beside: Mapping[str, Drawn] = field(default_factory=dict)
    """The reference layers that are on, the hazard apart."""
    scales: Mapping[str, SizeScale | None] = field(default_factory=dict)
    """By layer, what its symbols of areas are sized by, where it is another scale than that of its marks."""
    classes: Classes | None = None
    """What the fill is coloured by, where these are other classes than its own."""


def picture(released: Released, asked: Asked, reported: object) -> Picture:
    """`reported` is the frame as the browser gave it; anything that is not one becomes the first frame."""
    frame = frame_of(reported) or first_frame(released, asked)
    found = {name: marks.marks(released, asked.filter, name, frame) for name in asked.record_layers}
    return picture_in(released, asked, frame, found, {})


def picture_in(
    released: Released,
    asked: Asked,
    frame: Frame,
    found: Mapping[str, Marks],
    scales: Mapping[str, SizeScale | None],
    classes: Classes | None = None,
) -> Picture:
    """The picture of these marks in a frame.

    `scales`: by layer, another scale than that of its marks. `classes`: others than those of its fill.
    """
    shapes = {layer.id: _shapes(layer.id, found, scales.get(layer.id)) for layer in LAYERS}
    if hazard.LAYER.id in asked.view.layers:
        shapes[hazard.LAYER.id] = _hazard(released, asked)
    beside = {name: _beside(released, asked, name, frame) for name in BESIDE if name in asked.view.layers}
    shapes |= {name: each.features for name, each in beside.items()}
    view = asked.view
    nodes = nodes_of(released)
    fill, outside = _fill(released, asked)
    empty = asked.record_layers and not any(each.total for each in found.values())
    note = nothing_found(words_of(released, asked), _("No records released to you")) if empty else None
    drawn = regions.hideout(fill, nodes, view.regions, _, classes)
    return Picture(shapes, found, fill, outside, drawn, note, view.area, beside, scales, classes)


def classes_of(*pictured: tuple[Released, Asked]) -> Classes | None:
    """The classes that hold the fills of all these, so that a colour means one thing; None without a fill."""
    found = [fill for released, asked in pictured if (fill := _fill(released, asked)[0]) is not None]
    return regions.classes(*found) if found else None


def _fill(released: Released, asked: Asked) -> tuple[FillValues | None, int]:
    """The fill's values in the regions of the filter, and how many regions are outside.

    A rate of part of a region would be none of the region: of a drawn area the regions that lie whole in it.
    """
    if not asked.view.fill:
        return None, 0
    whole = fills.fill(released, asked.filter, asked.view.fill)
    area = asked.view.area
    if not asked.view.regions and area is None:
        return whole, 0
    within = inside(nodes_of(released), asked.view.regions)
    held = within if area is None else released.regions.within(area)
    if area is not None and asked.view.regions:
        held &= within
    shown = {code: value for code, value in whole.values.items() if code in held}
    return replace(whole, values=shown), len(whole.values) - len(shown)


def first_frame(released: Released, asked: Asked) -> Frame:
    """Around the place in the View, else around everything released."""
    return frame_around(first_place(released, asked))


def first_place(released: Released, asked: Asked) -> Place:
    """Where the map opens: the View's place, else around what is chosen, else around everything released."""
    if asked.view.at is not None:
        return Place(*asked.view.at)
    return place_for(chosen_box(released, asked) or released.extent(View().to_filter(released.now)))


def _shapes(layer: str, found: Mapping[str, Marks], scale: SizeScale | None) -> Mapping[str, object]:
    if layer in found:
        return base.features(found[layer], scale=scale, words=_)
    return base.collection(layer, [])


def _hazard(released: Released, asked: Asked) -> Mapping[str, object]:
    return hazard.features(reference.reference(released, asked.filter, hazard.LAYER.id), _)


def _beside(released: Released, asked: Asked, layer: str, frame: Frame) -> Drawn:
    rows = reference.reference(released, asked.filter, layer)
    return drawn_reference.features(layer, rows, frame.bounds)


BESIDE = tuple(layer.id for layer in drawn_reference.LAYERS)


def nodes_of(released: Released) -> list[RegionNode]:
    """The regions loaded, as the map's looks are made of them."""
    return [
        RegionNode(region.code, region.name, region.level, region.parent, region.version)
        for region in released.regions.by_code.values()
    ]
