"""The labels of what is shown beside the filter's own rows: a marking is computed from all that is on a page.

The rows of a filter have theirs in `Released.labels_shown`. A record that is chosen, or the list of a region,
may lie outside of the filter; a difference shows the earlier state of what is no longer there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np

from data.changes import changed
from data.filters import LAYER_FEEDS, Filter
from data.labels import Label
from data.released import Released
from data.schema import FEEDS

AGREEMENTS = "SELECT DISTINCT label_id, g_agreements FROM released.{feed}"

OF_RECORD = "SELECT DISTINCT label_id FROM released.{feed} WHERE record_id = ? AND known_from <= ?"
OF_REFERENCE = "SELECT DISTINCT label_id FROM released.reference WHERE reference_id = ? AND known_from <= ?"


def labels_of_record(released: Released, record_id: str, asked: Filter) -> frozenset[Label]:
    """Of a record's released revisions, or a reference feature's, wherever it lies; of neither: none."""
    known = released.content_at(asked)
    statements = [*(OF_RECORD.format(feed=feed) for feed in FEEDS), OF_REFERENCE]
    found = [released.ask(sql, (record_id, known)).column(0).to_pylist() for sql in statements]
    return _labels(released, (label_id for ids in found for label_id in ids))


def labels_of_all_time(released: Released, asked: Filter, layers: Sequence[str]) -> frozenset[Label]:
    """Of the filter's records of whatever period: a timeline shows more than the period that is chosen."""
    found: set[int] = set()
    for layer in layers:
        found.update(np.unique(released.all_time(asked, layer).whole("label_id")).tolist())
    return _labels(released, found)


def labels_of_records(released: Released, record_ids: Iterable[str], asked: Filter) -> frozenset[Label]:
    """Of several records."""
    return frozenset[Label]().union(*(labels_of_record(released, each, asked) for each in record_ids))


def labels_of_region(released: Released, code: str, asked: Filter) -> frozenset[Label]:
    """Of all records of the filter in a region, whichever regions and layers the filter chooses."""
    return frozenset(released.labels_shown(replace(asked, regions=(code,)), tuple(LAYER_FEEDS)))


def labels_of_changes(
    released: Released, asked: Filter, layers: Sequence[str], since: datetime
) -> frozenset[Label]:
    """Of both states of all that differs since then."""
    found: set[int] = set()
    for layer in layers:
        differs = changed(released, asked, layer, since)
        rows = np.concatenate([differs.before, differs.after])
        found.update(np.unique(differs.columns.whole("label_id")[rows[rows >= 0]]).tolist())
    return _labels(released, found)


def counts_of_labels(released: Released, asked: Filter, layers: Sequence[str]) -> Mapping[Label, int]:
    """How many of the filter's records carry each label."""
    found: dict[Label, int] = {}
    for layer in layers:
        counted = np.bincount(released.rows(asked, layer).whole("label_id"))
        for label_id in np.flatnonzero(counted).tolist():
            label = released.labels[label_id]
            found[label] = found.get(label, 0) + int(counted[label_id])
    return found


def agreements_of(released: Released, labels: Collection[Label]) -> frozenset[str]:
    """Ids of the agreements under which anything with these labels is released to the viewer."""
    found: set[str] = set()
    for feed in FEEDS:
        for row in released.ask(AGREEMENTS.format(feed=feed)).to_pylist():
            if released.labels[row["label_id"]] in labels:
                found.update(row["g_agreements"] or ())
    return frozenset(found)


def _labels(released: Released, ids: Iterable[int]) -> frozenset[Label]:
    return frozenset(released.labels[int(label_id)] for label_id in ids)
