"""What a search found, as the options of a list. Each says in data-… what choosing it does."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.controls.layers import symbol
from dashboard.controls.record import category_words, short_day
from dashboard.controls.region import level_words
from dashboard.elements import attributes
from dashboard.frames import box_words
from dashboard.words import _
from data.search import Found, FoundPlace, FoundRecord, FoundRegion
from data.search_text import SearchText

LISTBOX = "found-list"


def found_list(found: Found, wanted: SearchText, marking: Sequence[Component]) -> list[Component]:
    """The options, at most twenty, and how the records among them are marked; or that there is none.

    Records are found wherever they lie, so the page's own marking need not be theirs.
    """
    if not len(found):
        words = _("No place or region has “{text}” in its name, and no record released to you.")
        return [_said(words.format(text=wanted.text), wanted)]
    options = [
        *map(_region, found.regions),
        *map(_place, found.places),
        *map(_record, found.records),
    ]
    rows = [_option(n, *parts) for n, parts in enumerate(options)]
    told = {"data-asked": wanted.text, "aria-label": _("Found")}
    options_list = html.Ul(rows, id=LISTBOX, role="listbox", className="found-list", **attributes(told))
    ends = [html.Div(list(marking), className="found-marking")] if found.records else []
    return [options_list, *ends]


def not_found_now(wanted: SearchText) -> Component:
    """The store cannot answer."""
    return _said(_("The search is not available at the moment."), wanted)


def _said(words: str, wanted: SearchText) -> Component:
    return html.Div(words, className="found-none", role="status", **attributes({"data-asked": wanted.text}))


Parts = tuple[Component | None, str, str, dict[str, str]]
"""Symbol, name, the quiet line under it, and what choosing it does."""


def _option(number: int, mark: Component | None, name: str, quiet: str, does: dict[str, str]) -> Component:
    lines = [html.Span(name, className="name"), html.Span(quiet, className="quiet")]
    return html.Li(
        [html.Span(mark, className="mark"), html.Div(lines)],
        id=f"found-{number}",
        role="option",
        className="found-option",
        **attributes({"aria-selected": "false"} | does),
    )


def _region(found: FoundRegion) -> Parts:
    region = found.region
    quiet = " · ".join(filter(None, (level_words(region.level), " / ".join(found.path), region.code)))
    does = {"data-region": region.code, "data-box": box_words(region.bounds)}
    return None, region.name, quiet, does


def _place(found: FoundPlace) -> Parts:
    town = found.town
    kind = _("Capital") if town.capital else _("Town")
    at = f"{town.position.lat:.4f},{town.position.lon:.4f}"
    return None, town.name, f"{kind} · {found.country}", {"data-place": at}


def _record(found: FoundRecord) -> Parts:
    name = found.title or category_words(found.layer, found.category)
    quiet = " · ".join(filter(None, (found.location, found.source_org, short_day(found.start_at))))
    does = {"data-record": found.record_id}
    if found.latitude is not None and found.longitude is not None:
        does["data-place"] = f"{found.latitude:.4f},{found.longitude:.4f}"
    elif found.bounds is not None:
        does["data-box"] = box_words(found.bounds)
    return symbol(found.layer, 14), name, quiet, does
