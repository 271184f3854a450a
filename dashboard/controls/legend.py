"""The legend of what is on the map now: only variants, sizes and classes that are drawn."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.layers import symbol
from dashboard.elements import attributes
from dashboard.picture import Picture
from dashboard.times import number
from dashboard.words import _
from data.basemap.lines import OwnLines
from layers import regions
from layers.base import LAYERS, LAYERS_BY_ID
from layers.basemap import LINE_KEYS, LINES_TITLE_KEY
from layers.changes import BADGES, KIND_TITLES
from layers.legend import LayerLegend, Row, layer_legend
from layers.msgid import msgid
from layers.regions import HATCH, RAMPS, LegendRow
from layers.symbols import TONES, Scheme, svg_uri

SCHEMES: tuple[Scheme, ...] = ("dark", "light")


def map_legend(drawn: Picture, own: OwnLines) -> list[Component]:
    """What the symbols' variants mean (the symbols themselves stand in the rail), sizes, fill, lines."""
    both = [
        tuple(
            layer_legend(layer, drawn.marks[layer.id], scheme, _, scale=drawn.scales.get(layer.id))
            for scheme in SCHEMES
        )
        for layer in LAYERS
        if layer.id in drawn.marks
    ]
    fill = [_fill(drawn)] if drawn.fill is not None else []
    return [
        *fill,
        *_variants(both),
        *_hazard(drawn),
        *_beside(drawn),
        *_sizes(both),
        *_unplaced(drawn),
        *_lines(own),
    ]


def change_legend(drawn: Picture, own: OwnLines) -> list[Component]:
    """The badges, and what else is on the map of changes."""
    rows: list[Component] = [
        html.Div(
            [html.Span(BADGES[kind], className=f"change-badge {kind}"), html.Span(_(KIND_TITLES[kind]))],
            className="legend-row",
        )
        for kind in BADGES
    ]
    return [html.Div(rows, className="legend-layer"), *map_legend(drawn, own)]


HAZARD_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "track": msgid("track of the hazard"),
        "wind_swath": msgid("area of its winds"),
        "cone": msgid("forecast, as issued then"),
    }
)


def _hazard(drawn: Picture) -> list[Component]:
    """Each kind of hazard shape that is drawn, with a sample of its look."""
    found = drawn.shapes.get("hazard", {}).get("features")
    features = found if isinstance(found, list) else []
    kinds = {item["properties"]["kind"] for item in features}
    rows: list[Component] = [
        html.Div([html.Span(className=f"hazard-sample {kind}"), html.Span(_(words))], className="legend-row")
        for kind, words in HAZARD_KINDS.items()
        if kind in kinds
    ]
    return [html.Div(rows, className="legend-layer")] if rows else []


def _beside(drawn: Picture) -> list[Component]:
    """The reference layers that are drawn, each with whose they are."""
    rows: list[Component] = []
    for name, each in drawn.beside.items():
        title = _(LAYERS_BY_ID[name].title_key)
        whose = ", ".join(each.originators) or _("none here")
        rows.append(
            html.Div(
                [symbol(name, 14), html.Span(_("{name}: {value}").format(name=title, value=whose))],
                className="legend-row",
            )
        )
        if each.left_out:
            said = _("{count} more: come closer").format(count=number(each.left_out))
            rows.append(html.Div(said, className="legend-note"))
    return [html.Div(rows, className="legend-layer")] if rows else []


def _lines(own: OwnLines) -> list[Component]:
    """Each class of line that is drawn, with a sample of its own look."""
    rows: list[Component] = [
        html.Div(
            [html.Span(className=f"line-sample {name}"), html.Span(_(LINE_KEYS[name]))],
            className="legend-row",
        )
        for name in own.classes
    ]
    if own.lines is None:
        return rows
    named = html.Div(_(LINES_TITLE_KEY), className="legend-title")
    return [html.Div([named, *rows], className="legend-layer")]


def _variants(both: list[tuple[LayerLegend, ...]]) -> list[Component]:
    """Each variant once, with the symbol of the first layer that has it."""
    rows: dict[str, Component] = {}
    for dark, light in both:
        for one, other in zip(dark.variants, light.variants, strict=True):
            rows.setdefault(one.words, _row(one, other))
    return [html.Div(list(rows.values()), className="legend-layer")] if rows else []


def _sizes(both: list[tuple[LayerLegend, ...]]) -> list[Component]:
    return [
        html.Div(
            [
                html.Div(dark.sizes_title, className="legend-title"),
                html.Div(
                    [_size(*pair) for pair in zip(dark.sizes, light.sizes, strict=True)], className="sizes"
                ),
            ],
            className="legend-layer",
        )
        for dark, light in both
        if dark.sizes
    ]


def _unplaced(drawn: Picture) -> list[Component]:
    """What no symbol on the map stands for."""
    counts = [
        html.Span(
            [symbol(name, 12), _.number(found.unplaced)],
            className="unplaced",
            **attributes({"data-layer": name}),
        )
        for name, found in drawn.marks.items()
        if found.unplaced
    ]
    if not counts:
        return []
    said = html.Span(_("Without a place, in lists and counts only"), className="legend-title")
    return [html.Div([said, html.Div(counts, className="unplaced-row")], className="legend-layer counted")]


def _images(dark: Row, light: Row, size: int) -> list[Component]:
    return [
        html.Img(
            src=svg_uri(row.symbol, size),
            alt="",
            className=f"only-{scheme}",
            width=str(size),
            height=str(size),
        )
        for row, scheme in ((dark, "dark"), (light, "light"))
    ]


def _row(dark: Row, light: Row) -> Component:
    return html.Div(
        [html.Span(_images(dark, light, 14), className="symbol"), html.Span(dark.words)],
        className="legend-row",
    )


def _size(dark: Row, light: Row) -> Component:
    size = max(6, round(dark.diameter))
    return html.Div(
        [html.Span(_images(dark, light, size), className="symbol"), html.Span(dark.words)], className="size"
    )


def _fill(drawn: Picture) -> Component:
    assert drawn.fill is not None
    rows = regions.legend(drawn.fill, drawn.outside, _, drawn.classes)
    title = regions.legend_title(drawn.fill, _)
    return html.Div(
        [html.Div(title, className="legend-title"), *[_class(row) for row in rows]], className="legend-layer"
    )


def _class(row: LegendRow) -> Component:
    patches = [
        html.Span(className=f"patch only-{scheme}", style=_patch(row, scheme)) for scheme in ("dark", "light")
    ]
    return html.Div(
        [*patches, html.Span(row.words), html.Span(_.number(row.count), className="count")],
        className="legend-row",
    )


def _patch(row: LegendRow, scheme: str) -> dict[str, str]:
    if row.look == "no_report":
        ground, lines = HATCH[scheme]
        return {"background": f"repeating-linear-gradient(45deg,{ground} 0 3px,{lines} 3px 4px)"}
    if row.look == "outside":
        return {"background": TONES[scheme].ground}
    return {"background": RAMPS[scheme][max(row.index, 0)]}
