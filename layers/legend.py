"""The rows of the map's legend, as values: the panel makes the elements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from data.answers import Marks
from layers.layer import Layer
from layers.metrics import metric_title
from layers.msgid import Words, msgid
from layers.sizes import SizeScale, size_scale
from layers.symbols import BOX, Scheme, Stroke, drawing
from layers.totals import grouped


@dataclass(frozen=True)
class Row:
    """One row: the symbol's paths in a box of 24 (`layers.symbols.svg_uri` makes an image), and its words."""

    symbol: tuple[Stroke, ...]
    words: str
    diameter: float = 0.0
    """Side of the image in pixels at which the symbol is as large as on the map; 0 = as the other symbols."""


@dataclass(frozen=True)
class LayerLegend:
    """A layer's legend: its own row, then only the variants and sizes that are on the map."""

    layer: str
    title: str
    own: Row
    variants: tuple[Row, ...]
    sizes_title: str
    sizes: tuple[Row, ...]
    notes: tuple[str, ...]


IMAGE_SHARE = 1.15
"""A symbol leaves a margin in its box of 24: the image is this much larger than the symbol on the map."""

IGNORES = {
    "partner": msgid("the partner filter leaves this layer alone: it names none"),
    "sector": msgid("the sector filter leaves this layer alone: it has none"),
}


def layer_legend(
    layer: Layer,
    marks: Marks | None,
    scheme: Scheme,
    words: Words,
    ignores: Iterable[str] = (),
    scale: SizeScale | None = None,
) -> LayerLegend:
    """The legend of one layer for what it draws now (None: switched off, its own row alone).

    `scale`: the one that the marks are drawn by, where it is another than their own.
    """
    title = words(layer.title_key)
    own = Row(drawing(layer.id, scheme), title)
    shown = marks if marks is not None else Marks(layer.id, (), 0, 0)
    sizes_title, sizes = _sizes(layer, shown, scale, scheme, words)
    notes = [words(IGNORES[name]) for name in ignores if name in IGNORES]
    if shown.unplaced:
        notes.insert(
            0,
            words(msgid("{count} without a place on the map: in lists and counts only")).format(
                count=grouped(shown.unplaced, words)
            ),
        )
    return LayerLegend(
        layer.id, title, own, _variants(layer, shown, scheme, words), sizes_title, sizes, tuple(notes)
    )


def _variants(layer: Layer, marks: Marks, scheme: Scheme, words: Words) -> tuple[Row, ...]:
    rows = []
    if any(mark.category in layer.inner and mark.kind == "point" for mark in marks.marks):
        rows.append(Row(drawing(layer.id, scheme, police=True), words(msgid("police"))))
    if layer.verified and any(mark.unverified for mark in marks.marks):
        rows.append(Row(drawing(layer.id, scheme, hollow=True), words(msgid("unverified"))))
    if layer.verified and any(mark.disputed for mark in marks.marks):
        rows.append(Row(drawing(layer.id, scheme, slashed=True), words(msgid("disputed"))))
    if any(mark.kind == "point" and mark.precision in (2, 7) for mark in marks.marks):
        text = words(msgid("place within 25 km"))
        rows.append(Row(drawing(layer.id, scheme, approximate=True), text))
    if any(mark.kind == "cluster" for mark in marks.marks):
        rows.append(Row(drawing(layer.id, scheme), words(msgid("number: records close together"))))
    return tuple(rows)


def _sizes(
    layer: Layer, marks: Marks, given: SizeScale | None, scheme: Scheme, words: Words
) -> tuple[str, tuple[Row, ...]]:
    own = size_scale(marks)
    if own is None:
        return "", ()
    scale = given or own
    of_what = metric_title(scale.metric) if scale.metric else layer.noun_key
    said = words(msgid("{what}, one an area")).format(what=words(of_what))
    title = said[:1].upper() + said[1:]
    symbol = drawing(layer.id, scheme, approximate=True)
    classes = scale.classes()
    return title, tuple(
        _size(symbol, grouped(value, words), round(across * IMAGE_SHARE, 1)) for value, across in classes
    )


def _size(symbol: tuple[Stroke, ...], figure: str, side: float) -> Row:
    """A row of the size legend: its outline is as thin as on the map, whatever its size."""
    thin = tuple(replace(stroke, width=round(1.3 * BOX / side, 2)) for stroke in symbol)
    return Row(thin, figure, side)
