"""The timeline: one row a layer or metric, stacked by category, over one axis of time.

Figures are plain dicts: building graph objects costs twenty times as much. Plotly reads a little markup in
texts, so whatever comes from data is escaped.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from html import escape
from math import isfinite

from data.answers import Series, Timeline, TimelineRow
from layers.base import LAYERS_BY_ID
from layers.charts import Figure, Period, bare_layout, faded, figure_axis, iso, note, time_axis
from layers.layer import Layer
from layers.metrics import metric_title
from layers.msgid import Words, as_written, msgid, plain_name
from layers.symbols import SERIES, TONES, Scheme, Tones

OTHER = msgid("other")
OVERLAP = msgid("{title} (windows overlap: bars are not to be added)")
KNOWN_UNTIL = msgid("known until {time}")
REVISED = msgid("{count} reports corrected since they were first given")
INCOMPLETE = msgid("▨ not over yet")
CORRECTED = msgid("◇ corrected since")
NOTHING = msgid("Nothing found in this period and filter")
ROW_TITLE = {"day": msgid("{title} per day"), "week": msgid("{title} per week"), "bin": msgid("{title}")}
GAP = 0.1
"""Share of a bin left free between bars."""


def figure(timeline: Timeline, chosen: Period | None, scheme: Scheme, words: Words) -> Figure:
    """The timeline as a plotly figure. `chosen`: the period shaded, half-open; None: open there."""
    rows = [row for row in timeline.rows if row.series]
    if not timeline.starts or not rows:
        return empty_figure(words(NOTHING), scheme, words)
    tones, bands = TONES[scheme], _bands(len(rows))
    layout = bare_layout(tones, chosen, words)
    layout["xaxis"] = time_axis(timeline, tones, len(rows))
    notes = [_known_until(timeline, tones, words)]
    traces: list[Figure] = []
    for index, (row, band) in enumerate(zip(rows, bands, strict=True)):
        series = _stacked(row, words)
        layout[f"yaxis{index + 1 if index else ''}"] = figure_axis(band, tones, max(_tops(series), default=0))
        notes.append(_row_title(row, series, band, scheme, timeline, words))
        traces += _bars(timeline, series, index, scheme)
        traces += _revised(timeline, row, series, index, scheme, words)
    layout |= {"annotations": notes, "shapes": _shapes(timeline, chosen, tones)}
    return {"data": traces, "layout": layout}


def empty_figure(text: str, scheme: Scheme, words: Words = as_written) -> Figure:
    """A figure without data that says why, in the place of the bars."""
    tones = TONES[scheme]
    layout = bare_layout(tones, None, words)
    hidden = {"visible": False, "fixedrange": True}
    said = note(text, tones.quiet, x=0.5, y=0.5, xref="paper", yref="paper", xanchor="center", size=13)
    layout |= {"xaxis": hidden, "yaxis": hidden, "annotations": [said], "dragmode": False}
    return {"data": [], "layout": layout}


def _bands(count: int) -> list[tuple[float, float]]:
    """Heights from the top down, as shares of the plot; room above each for its title."""
    gap = 0.0 if count == 1 else min(0.12, 0.42 / count)
    height = (1 - gap * (count - 1)) / count
    tops = (1 - index * (height + gap) for index in range(count))
    return [(round(max(top - height, 0.0), 4), round(top, 4)) for top in tops]


def _bars(timeline: Timeline, series: list[Series], row: int, scheme: Scheme) -> list[Figure]:
    step = timeline.step_days * 86_400_000
    cut = _incomplete(timeline)
    tones, colours = TONES[scheme], SERIES[scheme]
    return [
        {
            "type": "bar",
            "name": escape(one.name),
            # Bins are regular: a start and a step say all of them in a few bytes.
            "x0": iso(timeline.starts[0]),
            "dx": step,
            "y": one.values,
            "yaxis": f"y{row + 1}" if row else "y",
            "xaxis": "x",
            "offset": step * GAP / 2,
            "width": step * (1 - GAP),
            "marker": _fill(colours[index % len(colours)], tones, cut, len(one.values)),
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}},
            "hovertemplate": f"%{{x|%-d %b %Y}}<br><b>%{{y:,}}</b> {escape(one.name)}<extra></extra>",
        }
        for index, one in enumerate(series)
    ]


def _revised(
    timeline: Timeline, row: TimelineRow, series: list[Series], index: int, scheme: Scheme, words: Words
) -> list[Figure]:
    """A small mark over each bar whose figures were corrected after they were first reported."""
    places = [n for n, count in enumerate(row.revised) if count]
    if not places:
        return []
    tops = [_tops(series)[n] for n in places]
    middle = timedelta(days=timeline.step_days / 2)
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": [iso(timeline.starts[n] + middle) for n in places],
            "y": tops,
            "yaxis": f"y{index + 1}" if index else "y",
            "xaxis": "x",
            "customdata": [row.revised[n] for n in places],
            "marker": {"symbol": "diamond-tall-open", "size": 7, "color": TONES[scheme].text},
            "hovertemplate": f"{escape(words(REVISED))}<extra></extra>".replace("{count}", "%{customdata:,}"),
            "selected": {"marker": {"opacity": 1}},
            "unselected": {"marker": {"opacity": 1}},
            "cliponaxis": False,
        }
    ]


def _tops(series: list[Series]) -> list[float]:
    """How high each bar reaches."""
    return [sum(column) for column in zip(*(one.values for one in series), strict=True)]


def _fill(colour: str, tones: Tones, cut: int, count: int) -> Figure:
    marker: Figure = {"color": colour, "line": {"color": tones.panel, "width": 0.6}}
    if cut < count:
        shapes = [""] * cut + ["/"] * (count - cut)
        marker["pattern"] = {"shape": shapes, "fillmode": "replace", "size": 5, "solidity": 0.45}
    return marker


def _incomplete(timeline: Timeline) -> int:
    """Index of the first bin that reaches beyond what is known (the count of bins when none does)."""
    step = timedelta(days=timeline.step_days)
    for index in range(len(timeline.starts) - 1, -1, -1):
        if timeline.starts[index] + step <= timeline.complete_until:
            return index + 1
    return 0


def _stacked(row: TimelineRow, words: Words) -> list[Series]:
    """The row's series in the layer's order, as many as the palette has; the smallest become other."""
    layer = LAYERS_BY_ID.get(row.layer)
    order = {name: index for index, name in enumerate(layer.categories if layer else ())}
    clean = [Series(one.name, _numbers(one.values)) for one in row.series]
    ranked = sorted(clean, key=lambda one: -sum(one.values))
    most = len(SERIES["dark"])
    named = [one for one in ranked if one.name != "other"][: most if len(ranked) <= most else most - 1]
    rest = [one for one in ranked if one not in named]
    named.sort(key=lambda one: (order.get(one.name, len(order)), one.name))
    shown = [Series(_category_words(one.name, layer, words), one.values) for one in named]
    if not rest:
        return shown
    sums = tuple(sum(column) for column in zip(*(one.values for one in rest), strict=True))
    return [*shown, Series(words(OTHER), sums)]


def _category_words(name: str, layer: Layer | None, words: Words) -> str:
    categories: Mapping[str, str] = layer.categories if layer else {}
    return words(categories[name]) if name in categories else words(plain_name(name))


def _row_title(
    row: TimelineRow,
    series: list[Series],
    band: tuple[float, float],
    scheme: Scheme,
    timeline: Timeline,
    words: Words,
) -> Figure:
    layer, tones, colours = LAYERS_BY_ID.get(row.layer), TONES[scheme], SERIES[scheme]
    key = metric_title(row.metric) if row.metric else layer.title_key if layer else plain_name(row.layer)
    unit = {1.0: "day", 7.0: "week"}.get(timeline.step_days, "bin")
    title = words(ROW_TITLE[unit]).format(title=words(key))
    if row.windows_overlap:
        title = words(OVERLAP).format(title=title)
    mark = f'<span style="color:{layer.symbol.colours[scheme]}">{layer.symbol.glyph}</span> ' if layer else ""
    names = "   ".join(
        f'<span style="color:{colours[index % len(colours)]}">■</span> {words.apart(escape(one.name))}'
        for index, one in enumerate(series)
    )
    legend = f"     {names}" if len(series) > 1 else ""
    legend += "".join(f"     {escape(words(said))}" for said in _looks(timeline, row))
    text = f'{mark}<b><span style="color:{tones.text}">{words.apart(escape(title))}</span></b>{legend}'
    return note(text, tones.quiet, x=0, y=band[1], xref="paper", yref="paper", yanchor="bottom", size=11)


def _looks(timeline: Timeline, row: TimelineRow) -> list[str]:
    """What the bars' own looks mean, where there are such bars."""
    cut = _incomplete(timeline)
    shown = any(any(one.values[cut:]) for one in row.series)
    return [*([INCOMPLETE] if shown else []), *([CORRECTED] if any(row.revised) else [])]


def _known_until(timeline: Timeline, tones: Tones, words: Words) -> Figure:
    text = words(KNOWN_UNTIL).format(time=words.day(timeline.complete_until, "d MMM"))
    said = note(
        text, tones.quiet, x=iso(timeline.complete_until), y=1, xref="x", yref="paper", yanchor="top", size=10
    )
    return said | {"xanchor": "right", "textangle": -90, "bgcolor": faded(tones.panel, 0.8)}


def _shapes(timeline: Timeline, chosen: Period | None, tones: Tones) -> list[Figure]:
    known = iso(timeline.complete_until)
    line = {"color": faded(tones.text, 0.55), "width": 1, "dash": "dot"}
    shapes: list[Figure] = [
        {"type": "line", "x0": known, "x1": known, "y0": 0, "y1": 1, "yref": "paper", "line": line}
    ]
    if chosen is None:
        return shapes
    end = timeline.starts[-1] + timedelta(days=timeline.step_days)
    left = max(chosen[0] or timeline.starts[0], timeline.starts[0])
    right = min(chosen[1] or end, max(end, timeline.complete_until))
    if left < right:
        shade = {"color": faded(tones.focus, 0.45), "width": 1}
        box = {"type": "rect", "x0": iso(left), "x1": iso(right), "y0": 0, "y1": 1, "yref": "paper"}
        shapes.append(box | {"fillcolor": faded(tones.focus, 0.11), "line": shade, "layer": "below"})
    return shapes


def _numbers(values: tuple[float, ...]) -> tuple[float, ...]:
    """Whole figures as integers, which are shorter on the wire; what is not finite counts as nothing."""
    finite = values if isfinite(sum(values)) else tuple(v if isfinite(v) else 0 for v in values)
    return tuple(int(v) if v == int(v) else round(v, 3) for v in finite)
