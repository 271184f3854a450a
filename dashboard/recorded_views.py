"""What the audit trail says of a view: which View, which version of what, whose data under which labels."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from dashboard.asked import Asked, asked_of
from dashboard.comparison import pair_of
from dashboard.controls.marking import WITHOUT_RECORDS, labels_on
from dashboard.pages.paths import COMPARE
from data import labels_shown, search
from data.labels import Label, label_digest
from data.released import Released
from data.search_text import SearchText


def details_of_view(released: Released, query: str, page: str, searched: str = "") -> dict[str, object]:
    """Details of an entry about the page at a path with this View, or about a search on it.

    `count` of a label is how many of the filter's records carry it; 0 where it stands on what is beside
    them (the timeline's other times, an earlier picture, a record that is chosen). Of a search's text only
    the hash is told.
    """
    asked = asked_of(released, query)
    view = asked.view.asked().to_query()
    counts = _found(released, asked, searched) if searched else _shown(released, asked, page)
    return {
        "purpose": released.key.purpose,
        "page": page,
        **_named(released, page, asked),
        "view": view,
        "params_hash": hashlib.sha256(f"{page}?{view}#{searched}".encode()).hexdigest(),
        "part": "search" if searched else "page",
        "version": released.version,
        "policy_version": released.policy.version,
        "policy_set": released.key.policy_set.digest,
        "originators": sorted({label.originator for label in counts}),
        "agreements": sorted(labels_shown.agreements_of(released, counts)),
        "labels": [
            {"label": label_digest(label), "originator": label.originator, "count": count}
            for label, count in sorted(counts.items(), key=lambda item: repr(item[0]))
        ],
    }


def _named(released: Released, page: str, asked: Asked) -> dict[str, object]:
    """A look with another partner's eyes goes by its name on the page (release policy, A2)."""
    other = pair_of(released, asked).other if page == COMPARE else None
    return {"preview": f"What {other.partner} sees of what you see"} if other is not None else {}


def in_short(details: Mapping[str, object]) -> dict[str, object]:
    """The same where it is too long for an entry: of the View the hash, of the labels their originators."""
    labels = details["labels"]
    counts: dict[str, int] = {}
    for label in labels if isinstance(labels, list) else []:
        counts[label["originator"]] = counts.get(label["originator"], 0) + label["count"]
    summed = [{"label": "", "originator": code, "count": count} for code, count in sorted(counts.items())]
    return {**details, "view": "", "labels": summed, "shortened": True}


def _shown(released: Released, asked: Asked, page: str) -> Mapping[Label, int]:
    if page in WITHOUT_RECORDS:
        return {}
    beside = dict.fromkeys(labels_on(page, released, asked), 0)
    return {**beside, **labels_shown.counts_of_labels(released, asked.filter, asked.record_layers)}


def _found(released: Released, asked: Asked, searched: str) -> Mapping[Label, int]:
    """Of what a search finds: each record's label, wherever the record lies."""
    wanted = SearchText.of(searched)
    if wanted is None:
        return {}
    counts: dict[Label, int] = {}
    for each in search.search(released, wanted, asked.filter).records:
        for label in labels_shown.labels_of_record(released, each.record_id, asked.filter):
            counts[label] = counts.get(label, 0) + 1
    return counts
