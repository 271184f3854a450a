"""The quiet look of our charts, as plotly's plain dicts: axes, fonts, notes, and how a brush behaves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from data.answers import Timeline
from layers.msgid import Words
from layers.symbols import Tones

Figure = dict[str, object]
Period = tuple[datetime | None, datetime | None]

FEW = range(4)
"""Bars no higher than these would otherwise stand at an axis with halves."""

FONT = "Inter, 'Segoe UI', system-ui, 'DejaVu Sans', sans-serif"


def bare_layout(tones: Tones, chosen: Period | None, words: Words) -> Figure:
    """A layout without axes: transparent, no legend, a brush along time only."""
    return {
        "barmode": "stack",
        "bargap": 0,
        "showlegend": False,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 11, "color": tones.quiet},
        "margin": {"l": 52, "r": 14, "t": 22, "b": 24},
        "dragmode": "select",
        "selectdirection": "h",
        "newselection": {"line": {"color": tones.focus, "width": 1, "dash": "solid"}},
        "activeselection": {"fillcolor": tones.focus, "opacity": 0.12},
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": tones.panel,
            "bordercolor": tones.border,
            "font": {"family": FONT, "size": 12, "color": tones.text},
        },
        "uirevision": "timeline",
        # A brush that is done gives way to the shaded period: another revision drops what was drawn by hand.
        "selectionrevision": "/".join(iso(at) if at else "" for at in chosen or ()),
        "separators": words.decimal_and_group,
    }


def time_axis(timeline: Timeline, tones: Tones, rows: int) -> Figure:
    """The axis of time, under the lowest row, from the first bin to what is known."""
    end = max(timeline.starts[-1] + timedelta(days=timeline.step_days), timeline.complete_until)
    return {
        "type": "date",
        "range": [iso(timeline.starts[0]), iso(end)],
        "autorange": False,
        "fixedrange": True,
        "anchor": f"y{rows}" if rows > 1 else "y",
        "showgrid": True,
        "gridcolor": faded(tones.quiet, 0.14),
        "zeroline": False,
        "linecolor": faded(tones.quiet, 0.4),
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": faded(tones.quiet, 0.4),
        "nticks": 12,
        "hoverformat": "%-d %b %Y",
        "tickformatstops": [
            {"dtickrange": [None, 86_399_999], "value": "%H:%M\n%-d %b %Y"},
            {"dtickrange": [86_400_000, "M1"], "value": "%-d %b\n%Y"},
            {"dtickrange": ["M1", "M11"], "value": "%b %Y"},
            {"dtickrange": ["M12", None], "value": "%Y"},
        ],
    }


def figure_axis(band: tuple[float, float], tones: Tones, most: float) -> Figure:
    """A row's axis: few round figures, from zero, in its `band` of the height; no halves of what is counted.

    `most`: the highest bar.
    """
    few: Figure = (
        {"dtick": 1, "range": [0, max(most, 1) * 1.06]} if most in FEW else {"nticks": 3, "autorange": True}
    )
    return few | {
        "domain": list(band),
        "anchor": "x",
        "rangemode": "tozero",
        "fixedrange": True,
        "tickformat": ",~r",
        "showgrid": True,
        "gridcolor": faded(tones.quiet, 0.14),
        "zeroline": True,
        "zerolinecolor": faded(tones.quiet, 0.4),
        "zerolinewidth": 1,
    }


def note(text: str, colour: str, *, size: int, xanchor: str = "left", **place: object) -> Figure:
    """A text in the chart at a place given in plotly's words; `text` is escaped already."""
    font = {"size": size, "color": colour, "family": FONT}
    return {"text": text, "showarrow": False, "font": font, "xanchor": xanchor, **place}


def iso(at: datetime) -> str:
    """A time as plotly reads it, UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")


def faded(colour: str, strength: float) -> str:
    """A #rrggbb colour at a strength from 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{strength})"
