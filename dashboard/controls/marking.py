"""The marking's strip, and what it is computed from: everything that the page shows, not the filter alone."""

from __future__ import annotations

from collections.abc import Iterable

from dash import html
from dash.development.base_component import Component

from dashboard.asked import Asked
from dashboard.changed_picture import since_of
from dashboard.chosen import REFERENCE, REGION
from dashboard.comparison import pair_of
from dashboard.pages.paths import COMPARE, COUNTS
from dashboard.words import _
from data import labels_shown
from data.labels import PUBLIC, Label
from data.marking import Marking, marking
from data.partners import Policy
from data.released import Released

WITHOUT_RECORDS = frozenset({"/agreements", COUNTS, "/accountability"})
"""Pages that show the policy, the trail or published counts, and no record."""


def labels_on(path: object, released: Released, asked: Asked) -> frozenset[Label]:
    """The labels of what a page shows: its pictures, and what is selected, which may lie outside of them.

    Where the timeline stands, of all time: its bars count whatever period is chosen.
    """
    if path == COUNTS:
        return frozenset({_aggregate(released.policy)})
    if isinstance(path, str) and path in WITHOUT_RECORDS:  # whatever a body holds comes here
        return frozenset()
    found = set(_shown(released, asked))
    if path == COMPARE:
        found |= _shown(released, pair_of(released, asked).earlier)
    elif path == "/changes":
        since = since_of(released, asked)
        found |= labels_shown.labels_of_changes(released, asked.filter, asked.record_layers, since)
    elif path != "/table":
        found |= labels_shown.labels_of_all_time(released, asked.filter, asked.record_layers)
    return frozenset(found | _selected(released, asked))


def _aggregate(policy: Policy) -> Label:
    """Published counts are nobody's record: of the lowest level, for every registered partner."""
    return Label("", policy.id, policy.levels[0], (PUBLIC,))


def _shown(released: Released, asked: Asked) -> frozenset[Label]:
    return frozenset(released.labels_shown(asked.filter, asked.view.layers))


def _selected(released: Released, asked: Asked) -> frozenset[Label]:
    selected = asked.view.selected
    if not selected:
        return frozenset()
    if selected.startswith(REGION):
        return labels_shown.labels_of_region(released, selected.removeprefix(REGION), asked.filter)
    return labels_shown.labels_of_record(released, selected.removeprefix(REFERENCE), asked.filter)


def marked_with(released: Released, labels: Iterable[Label]) -> list[Component]:
    """An end of the page, marked as these labels together demand."""
    said = marking(released.policy, tuple(sorted(labels, key=repr)), released.viewer, released.now, _)
    return strip(said)


def strip(said: Marking) -> list[Component]:
    """Strip of the home's kind, neutral banner, TLP chip in its own colour on black."""
    parts: list[Component] = []
    if said.strip:
        parts.append(html.Span(said.strip, className="strip"))
    parts.append(html.Span(said.banner, className="banner"))
    if said.tlp:
        colour = said.tlp.split("+")[0].lower()
        parts.append(html.Span(f"TLP:{said.tlp}", className=f"tlp tlp-{colour}"))
    if said.sensitivity:
        parts.append(html.Span(said.sensitivity, className="sensitivity"))
    return parts
