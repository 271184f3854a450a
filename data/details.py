"""One record, one region: what the drawer says. Full columns come from the lake through the same
transformation as the snapshot, row by row of what the snapshot holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from data.answers import RecordDetails, RegionDetails, RegionNode, Revision
from data.area_marks import CATEGORY
from data.errors import NotReleased
from data.figures import last_by_region
from data.filters import LAYER_FEEDS, MILITARY_KINDS, Filter, split_region
from data.labels import GEO_LEVELS, cut_for
from data.released import Released
from data.schema import DEPLOYMENTS, FEEDS
from data.transform import released_columns, released_value

MOST_LATEST = 12

HISTORY = """
SELECT {columns}, s.revision AS shown_revision, s.known_from, s.known_until, s.g_geo, s.g_own,
    s.g_agreements, s.label_id AS label_id
FROM lake.{feed} AS t JOIN (
    SELECT stored_id, stored_revision, revision, known_from, known_until, label_id, g_geo, g_own,
        g_agreements, g_operational, g_protection, g_personal, g_opaque_id
    FROM released.{feed} WHERE record_id = ? AND known_from <= ?
) AS s ON s.stored_id = t.record_id AND s.stored_revision = t.revision
ORDER BY s.revision
"""

LATEST = """
SELECT record_id, title, {category} AS category, start_at, source_org, {verification} AS verification,
    revision
FROM released.{feed} WHERE rowid IN (SELECT row FROM picked) ORDER BY start_at DESC, record_id LIMIT {most}
"""

HELD = "SELECT count(*) FROM released.{feed} WHERE rowid IN (SELECT row FROM picked) AND record_id = ?"

RELATED = """
SELECT record_id FROM released.{feed}
WHERE rowid IN (SELECT row FROM picked) AND record_id IN ({marks})
"""

SILENT = frozenset(
    {"revision", "received_at", "day", "originator", "source", "label_created_at", "label_hash"}
)
"""Columns in which two revisions may differ without anything having changed for the reader."""


def record(released: Released, record_id: str, asked: Filter) -> RecordDetails:
    """Everything released of one record as known at the filter's time.

    Raises NotReleased, whatever the cause.
    """
    for feed in FEEDS:
        history = _history(released, feed, record_id, asked)
        shown = [row for row in history if _current(row, released, asked)]
        if shown:
            found = _details(released, feed, shown[-1], history)
            return replace(found, inside=_is_inside(released, found.layer, record_id, asked))
    raise NotReleased


def _is_inside(released: Released, layer: str, record_id: str, asked: Filter) -> bool:
    sql = HELD.format(feed=LAYER_FEEDS[layer])
    held = released.ask(sql, (record_id,), rows=released.rows(asked, layer))
    return bool(held.column(0)[0].as_py())


def _history(released: Released, feed: str, record_id: str, asked: Filter) -> list[dict[str, object]]:
    columns = ", ".join(
        f"{released_value(column)} AS {column.name}"
        for column in released_columns(feed)
        if column.name != "revision"
    )
    sql = HISTORY.format(columns=columns, feed=feed)
    rows: list[dict[str, object]] = released.ask(sql, (record_id, released.content_at(asked))).to_pylist()
    for row in rows:
        if "related_ids" in row:
            row["related_ids"] = _released_ids(released, row["related_ids"], asked)
    return rows


def _current(row: Mapping[str, object], released: Released, asked: Filter) -> bool:
    until = row["known_until"]
    return not isinstance(until, datetime) or until > released.content_at(asked)


def _details(
    released: Released, feed: str, row: Mapping[str, object], history: Sequence[Mapping[str, object]]
) -> RecordDetails:
    names = [column.name for column in released_columns(feed)]
    values = {name: row[name] for name in names if name in row}
    own = bool(row["g_own"])
    label = released.labels[int(str(row["label_id"]))]
    return RecordDetails(
        feed=feed,
        layer=_layer_of(feed, row),
        values=values,
        revisions=_revisions(history, names),
        label=cut_for(label, released.policy, released.viewer, released.now),
        agreements=tuple(row["g_agreements"] or ()),  # type: ignore[arg-type]
        own=own,
        geo_level=GEO_LEVELS[int(str(row["g_geo"]))],
    )


def _layer_of(feed: str, row: Mapping[str, object]) -> str:
    if feed != DEPLOYMENTS:
        return feed
    return "military" if row["presence_kind"] in MILITARY_KINDS else "presence"


def _released_ids(released: Released, related: object, asked: Filter) -> list[str]:
    """Of the related records only those that are released too and known by then."""
    wanted = [str(item) for item in related] if isinstance(related, list) else []
    if not wanted:
        return []
    marks = ", ".join("?" for _ in wanted)
    everything = Filter(known_at=asked.known_at)
    found: set[str] = set()
    for layer, feed in LAYER_FEEDS.items():
        sql = RELATED.format(feed=feed, marks=marks)
        rows = released.ask(sql, wanted, rows=released.all_time(everything, layer))
        found.update(rows.column(0).to_pylist())
    return sorted(found)


def _revisions(history: Sequence[Mapping[str, object]], names: Sequence[str]) -> tuple[Revision, ...]:
    """The revisions of which this viewer sees something change.

    One that changed only what is withheld would tell that, and when: it is one with the revision before.
    """
    revisions: list[Revision] = []
    before: Mapping[str, object] | None = None
    for row in history:
        changed = () if before is None else _changed(before, row, names)
        if before is not None and not changed:
            revisions[-1] = replace(revisions[-1], known_until=_moment(row["known_until"]))
        else:
            revisions.append(
                Revision(
                    revision=len(revisions) + 1,
                    msg_type=_first(str(row["msg_type"])) if before is None else str(row["msg_type"]),
                    known_from=row["known_from"],  # type: ignore[arg-type]
                    known_until=_moment(row["known_until"]),
                    changed=tuple(name for name in changed if name != "msg_type"),
                )
            )
        before = row
    return tuple(revisions)


def _first(msg_type: str) -> str:
    """The first revision that a viewer sees is new to it: that it is an update would tell of one withheld."""
    return "new" if msg_type == "update" else msg_type


def _changed(
    before: Mapping[str, object], row: Mapping[str, object], names: Sequence[str]
) -> tuple[str, ...]:
    found = tuple(name for name in names if name not in SILENT and name in row and row[name] != before[name])
    only_new = found == ("msg_type",) and row["msg_type"] in ("new", "update")
    return () if only_new else found


def _moment(value: object) -> datetime | None:
    return value if isinstance(value, datetime) else None


def region(released: Released, code: str, asked: Filter) -> RegionDetails:
    """Counts, last figures and latest records of one region, CODE or CODE@VERSION.

    Raises NotReleased for an unknown code.
    """
    bare, version = split_region(code)
    known = released.regions.by_code.get(bare)
    if known is None:
        raise NotReleased
    here = replace(asked, regions=(code,))
    counts = {layer: len(released.rows(here, layer)) for layer in LAYER_FEEDS}
    figures = last_by_region(released, here).get(known.code, {})
    drawn = version or known.version
    node = RegionNode(known.code, known.name, known.level, known.parent, drawn, sum(counts.values()))
    return RegionDetails(
        node=node,
        path=released.regions.path(known.code),
        counts=counts,
        figures=tuple((metric, f.value, f.unit, f.at) for metric, f in figures.items()),
        latest=_latest(released, here),
    )


def _latest(released: Released, asked: Filter) -> tuple[Mapping[str, object], ...]:
    found: list[dict[str, object]] = []
    for layer, feed in LAYER_FEEDS.items():
        sql = LATEST.format(
            category=CATEGORY[feed],
            verification="verification" if feed == "incidents" else "''",
            feed=feed,
            most=MOST_LATEST,
        )
        rows = released.ask(sql, rows=released.rows(asked, layer)).to_pylist()
        found += [{**row, "layer": layer} for row in rows]
    found.sort(key=lambda row: (row["start_at"], str(row["record_id"])), reverse=True)
    return tuple(found[:MOST_LATEST])
