"""Every question of `data` that is asked of what is released, and how it is asked.

Which there are is read from the modules themselves: a question that is added later has to be named here, or a
test fails. The first argument of a question is a `Released`; that is what makes it one.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import data
from data import (
    area_marks,
    changes,
    conditions,
    details,
    extract,
    facets,
    figures,
    fills,
    known_sources,
    labels_shown,
    listing,
    marks,
    reference,
    search,
    seen_by,
    timeline,
    totals,
    trends,
)
from data.answers import Frame
from data.errors import WatchfloorError
from data.filters import LAYER_FEEDS, Filter
from data.geography import Bounds
from data.listed import LISTED
from data.organisations.seen import seen_names
from data.released import Released
from data.schema import FEEDS
from data.search_text import SearchText
from tests.release.plain_world import NOW, Row

LAYERS = tuple(LAYER_FEEDS)
FRAME = Frame(Bounds(-75, 15, -65, 22), 7)
EARLIER = NOW - timedelta(days=6)
WANTED = listing.Wanted(LAYERS, (listing.Order("title"), listing.Order("start_at", descending=True)))
NARROWED = replace(WANTED, conditions=(conditions.Condition("title", "contains", "1"),))


@dataclass(frozen=True)
class Question:
    """One asking: of what is released, by this filter; `ids` are records, released or not."""

    released: Released
    theirs: Released
    asked: Filter
    ids: tuple[str, ...]


Ask = Callable[[Question], object]


def each_layer(ask: Callable[[Question, str], object]) -> Ask:
    return lambda q: [ask(q, layer) for layer in LAYERS]


def each_id(ask: Callable[[Question, str], object]) -> Ask:
    return lambda q: [answered(lambda one=one: ask(q, one)) for one in q.ids]  # type: ignore[misc]


def answered(ask: Callable[[], object]) -> object:
    """The answer, or the refusal as it is said."""
    try:
        return ask()
    except WatchfloorError as error:
        return type(error).__name__, str(error)


def _searched(q: Question) -> list[object]:
    texts = [SearchText.of(text) for text in ("Bridge 1", q.ids[0])]
    return [search.search(q.released, text, q.asked) for text in texts if text is not None]


def _extract(q: Question) -> object:
    made = extract.csv_extract(q.released, q.asked, WANTED, tuple(LISTED))
    rows = made.content.replace(made.id.encode(), b"")
    return rows, made.rows, made.marking, made.record_ids, made.labels, made.agreements


def _changed(q: Question, layer: str) -> object:
    found = changes.changed(q.released, q.asked, layer, EARLIER)
    return [part.tolist() for part in (found.kind, found.before, found.after, found.at)]


def _narrowed(q: Question, layer: str) -> object:
    rows = q.released.rows(q.asked, layer)
    return conditions.narrowed(q.released, layer, rows, NARROWED.conditions).index.tolist()


def _labels(q: Question) -> frozenset[Any]:
    return frozenset(q.released.labels_shown(q.asked, LAYERS))


TEMPLATES: Mapping[str, Ask] = {
    "Released.extent": lambda q: q.released.extent(q.asked),
    "Released.labels_shown": lambda q: q.released.labels_shown(q.asked, (*LAYERS, *reference.LAYERS)),
    "area_marks.area_marks": each_layer(
        lambda q, layer: area_marks.area_marks(q.released, q.released.rows(q.asked, layer), layer, FRAME)
    ),
    "area_marks.sized": lambda q: [
        area_marks.sized(q.released, q.asked, marks.marks(q.released, q.asked, "incidents", FRAME), level)
        for level in (1, 2)
    ],
    "changes.changed": each_layer(_changed),
    "changes.changes": lambda q: changes.changes(q.released, q.asked, LAYERS, EARLIER),
    "changes.first_known": lambda q: [changes.first_known(q.released, feed).tolist() for feed in FEEDS],
    "changes.steps": lambda q: changes.steps(q.released, q.asked, LAYERS, 90),
    "conditions.folded_words": lambda q: [
        conditions.folded_words(q.released, LISTED[name], feed)
        for feed in FEEDS
        for name in ("title", "adm1_pcode")
    ],
    "conditions.narrowed": each_layer(_narrowed),
    "details.record": each_id(lambda q, one: details.record(q.released, one, q.asked)),
    "details.region": lambda q: [
        details.region(q.released, code, q.asked) for code in ("XQA", "XQ01", "XQ0101", "XQ02")
    ],
    "extract.csv_extract": lambda q: answered(lambda: _extract(q)),
    "facets.facets": lambda q: facets.facets(q.released, q.asked, LAYERS),
    "figures.last_by_region": lambda q: figures.last_by_region(q.released, q.asked),
    **{
        f"fills.fill {name}": lambda q, name=name: fills.fill(q.released, q.asked, name)  # type: ignore[misc]
        for name in fills.FILLS
    },
    "fills.leaf_codes": lambda q: fills.leaf_codes(q.released),
    "known_sources.known_sources": lambda q: known_sources.known_sources(q.released, q.asked),
    "labels_shown.agreements_of": lambda q: labels_shown.agreements_of(q.released, _labels(q)),
    "labels_shown.counts_of_labels": lambda q: labels_shown.counts_of_labels(q.released, q.asked, LAYERS),
    "labels_shown.labels_of_all_time": lambda q: labels_shown.labels_of_all_time(q.released, q.asked, LAYERS),
    "labels_shown.labels_of_changes": lambda q: labels_shown.labels_of_changes(
        q.released, q.asked, LAYERS, EARLIER
    ),
    "labels_shown.labels_of_record": each_id(
        lambda q, one: labels_shown.labels_of_record(q.released, one, q.asked)
    ),
    "labels_shown.labels_of_records": lambda q: labels_shown.labels_of_records(q.released, q.ids, q.asked),
    "labels_shown.labels_of_region": lambda q: labels_shown.labels_of_region(q.released, "XQ01", q.asked),
    "listing.length": lambda q: listing.length(q.released, q.asked, NARROWED),
    "listing.listing": lambda q: [
        listing.listing(q.released, q.asked, wanted, tuple(LISTED), first, first + 7)
        for wanted in (WANTED, NARROWED)
        for first in (0, 7)
    ],
    "listing.parts": lambda q: [
        *listing.parts(q.released, q.asked, WANTED, tuple(LISTED), ("g_own", "stored_id"))
    ],
    "listing.place_of": each_id(lambda q, one: listing.place_of(q.released, q.asked, WANTED, one)),
    "marks.marks": each_layer(lambda q, layer: marks.marks(q.released, q.asked, layer, FRAME)),
    "marks.marks_of": each_layer(
        lambda q, layer: marks.marks_of(q.released, q.released.rows(q.asked, layer), layer, FRAME, 3)
    ),
    "organisations.seen.seen_names": lambda q: seen_names(q.released),
    "reference.reference": lambda q: [
        reference.reference(q.released, q.asked, layer) for layer in reference.LAYERS
    ],
    "reference.reference_details": lambda q: [
        answered(lambda n=n: _without_number(reference.reference_details(q.released, f"REF:{n}", q.asked)))
        for n in range(8)
    ],
    "search.search": _searched,
    "seen_by.own_seen": lambda q: (
        seen_by.own_seen(q.released, q.theirs, q.asked, LAYERS, seen_by.SeenBy("XAC"))
        if len(q.released.viewer.partners) == 1
        else None
    ),
    "timeline.timeline": lambda q: [
        timeline.timeline(q.released, q.asked, layers) for layers in (LAYERS, ("military",), ("deliveries",))
    ],
    "totals.like": lambda q: totals.like(
        q.released, q.asked, LAYERS, totals.totals(q.released, Filter(), LAYERS)
    ),
    "totals.totals": lambda q: totals.totals(q.released, q.asked, LAYERS),
    "trends.described": lambda q: [
        trends.described(q.released, q.asked, total) for total in totals.totals(q.released, q.asked, LAYERS)
    ],
}
"""By its module and name. A `Question` holds all that any of them needs."""


def _without_number(row: Mapping[str, object]) -> Row:
    return {name: value for name, value in row.items() if name != "label_id"}


STEPS = frozenset(
    {
        *("all_time", "ask", "asked_by", "columns", "content_at", "drop", "holds_at", "keep", "known_at"),
        *("once", "over", "own_of_the_lake", "rows", "whole_regions"),
    }
)
"""Of a Released itself: what questions are made of, no answers."""

MAKERS = frozenset({"withheld.without"})
"""What makes another Released; `tests/data/test_withheld.py` holds it against one that was made anew."""


def questions_of_data() -> set[str]:
    """Every public function of `data` whose first argument is a `Released`, by its module and name, and what
    a Released answers itself."""
    methods = {
        name for name, _ in inspect.getmembers(Released, inspect.isfunction) if not name.startswith("_")
    }
    found = {f"Released.{name}" for name in methods - STEPS}
    for module in pkgutil.walk_packages(data.__path__, "data."):
        if module.name.endswith("_child"):
            continue
        loaded = importlib.import_module(module.name)
        for name, function in inspect.getmembers(loaded, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters.values()), None)
            own = function.__module__ == module.name and not name.startswith("_")
            if own and first is not None and first.annotation in ("Released", Released):
                found.add(f"{module.name.removeprefix('data.')}.{name}")
    return found - MAKERS
