"""What became of an originator's own records since they were taken: by the lake's revisions of each."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import pyarrow as pa

from data.audit.entry import Entry
from data.home import Home
from data.home_state import home_secret
from data.label_join import strictest
from data.labels import Label, label_digest
from data.release import SCREEN, RecordFacts, decide
from data.released import Released
from data.schema import DEPLOYMENTS, FEEDS

WITHHELD, RECALLED, CANCELLED, TIGHTENED = "withheld", "recalled", "cancelled", "tightened"
"""What became of a record since; the first that holds."""

REVISIONS = """
WITH own AS (
    SELECT *, snapshot_id AS added, concat(originator, ':', source, ':~',
        left(sha256(concat(?, record_id)), 20)) AS opaque_id
    FROM lake.{feed} WHERE originator = ?
)
SELECT {columns} FROM own AS o JOIN incoming AS i ON i.record_id = o.record_id
UNION ALL
SELECT {columns} FROM own AS o JOIN incoming AS i ON i.record_id = o.opaque_id
ORDER BY stored_id, revision
"""

COLUMNS = """
o.record_id AS stored_id, i.record_id AS told_id, o.revision, o.msg_type, o.label_id, o.added,
    o.superseded_at IS NULL AS is_newest, o.country_iso3, o.adm1_pcode, o.adm2_pcode, {presence} AS presence
"""
PLACES = ("country_iso3", "adm1_pcode", "adm2_pcode")

Row = Mapping[str, object]


def revisions_of(home: Home, released: Released, own: str, ids: Collection[str]) -> dict[str, list[Row]]:
    """All revisions of the own records among these, by the id under which they were told.

    Only of those that the asker may have: others of its partner stay untold.
    """
    found = _every_revision(home, released, own, ids)
    return {one: rows for one, rows in found.items() if _is_for(released, _newest(rows))}


def not_for(home: Home, released: Released, own: str, ids: Collection[str]) -> frozenset[str]:
    """Which own records are not for the asker: above its clearance, of a category, out of its regions."""
    found = _every_revision(home, released, own, ids)
    return frozenset(one for one, rows in found.items() if not _is_for(released, _newest(rows)))


def _every_revision(home: Home, released: Released, own: str, ids: Collection[str]) -> dict[str, list[Row]]:
    salt = hashlib.sha256(home_secret(home)).hexdigest()
    incoming = pa.table({"record_id": pa.array(sorted(ids), pa.string())})
    found: dict[str, list[Row]] = defaultdict(list)
    for feed in FEEDS if ids else ():
        columns = COLUMNS.format(presence="o.presence_kind" if feed == DEPLOYMENTS else "NULL")
        rows = released.own_of_the_lake(REVISIONS.format(feed=feed, columns=columns), (salt, own), incoming)
        for row in rows.to_pylist():
            found[str(row["told_id"])].append({**row, "feed": feed})
    return found


def _is_for(released: Released, row: Row) -> bool:
    """Whether the asker may have this own record: its originator's people are bound to level, categories and
    regions too (R2, R4, R5)."""
    label = released.labels.get(int(str(row["label_id"])))
    places = frozenset(str(row[name]) for name in PLACES if row[name])
    kind = str(row["presence"]) if row["presence"] else None
    facts = RecordFacts(str(row["feed"]), places, presence_kind=kind)
    return (
        label is not None
        and decide(released.policy, released.viewer, label, facts, released.now, SCREEN).permit
    )


def _newest(rows: Sequence[Row]) -> Row:
    return next((row for row in rows if row["is_newest"]), rows[-1])


def became(rows: Sequence[Row], entry: Entry, own: str, released: Released, withheld: Collection[str]) -> str:
    """What became of a record that `entry` handed out, by its revisions; empty where nothing did."""
    newest = _newest(rows)
    if newest["stored_id"] in withheld:
        return WITHHELD
    if newest["msg_type"] in ("recall", "cancel"):
        return RECALLED if newest["msg_type"] == "recall" else CANCELLED
    return TIGHTENED if _is_tightened(rows, newest, entry, own, released) else ""


def _is_tightened(rows: Sequence[Row], newest: Row, entry: Entry, own: str, released: Released) -> bool:
    """Whether the newest label came after the file, and is stricter than one that the record had in it."""
    told = entry.details.get("labels")
    in_file = {
        one.get("label") for one in (told if isinstance(told, list) else []) if one.get("originator") == own
    }
    label = released.labels.get(int(str(newest["label_id"])))
    version = entry.details.get("lake_version")
    came_before = isinstance(version, int) and int(str(newest["added"])) <= version
    if label is None or came_before or (version is None and label_digest(label) in in_file):
        return False
    earlier = {int(str(row["label_id"])) for row in rows if row is not newest}
    before = [released.labels[one] for one in earlier if one in released.labels]
    return any(_is_stricter(label, one, released) for one in before if label_digest(one) in in_file)


def _is_stricter(label: Label, before: Label, released: Released) -> bool:
    now = replace(label, policy_version=before.policy_version)
    return strictest((now, before), released.policy) != strictest((before,), released.policy)
