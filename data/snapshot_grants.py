"""What is granted of a feed: rows put into classes, and each pair of classes decided.

The decision is `data.release.decide_record`, one pure function. It hangs on few things of a row (its label,
its release times against now, its region where somebody is bound to regions, its kind of presence), so rows
are put into classes by these, the function decides each pair of classes (the revision shown, the newest
revision), and the rows follow by an equality join. SQL decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pyarrow as pa

from data.labels import GEO_LEVELS, cut_for
from data.policy import Policy
from data.release import RecordFacts, decide_record
from data.schema import DEPLOYMENTS, TIME
from data.snapshot_making import Making
from data.snapshot_sql import CLASSES, PAIRS
from data.viewer import Viewer

GRANT = pa.schema(
    [
        ("own_class", pa.string()),
        ("newest_class", pa.string()),
        ("g_geo", pa.int8()),
        ("g_operational", pa.bool_()),
        ("g_protection", pa.bool_()),
        ("g_personal", pa.bool_()),
        ("g_received_before", TIME),
        ("g_agreements", pa.list_(pa.string())),
        ("g_label", pa.string()),
    ]
)


def grants_of(making: Making, feed: str) -> pa.Table:
    presence = "coalesce(presence_kind, '')" if feed == DEPLOYMENTS else "''"
    codes = sorted(binding_regions(making.asking.policy, making.asking.viewer))
    making.connection.run(
        making.sql(CLASSES, feed, presence=presence), (making.asking.now, making.asking.now.date(), codes)
    )
    pairs = making.connection.table(making.sql(PAIRS, feed)).to_pylist()
    facts = {row["own_class"]: _facts(row, feed, making.asking.now) for row in pairs}
    granted = [_grant(making, row, facts, pairs_label(pairs)) for row in pairs]
    return pa.Table.from_pylist([row for row in granted if row], schema=GRANT)


def pairs_label(pairs: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """The label of each class. Every revision is in the table, so a newest class is an own class too."""
    return {str(row["own_class"]): int(str(row["label_id"])) for row in pairs}


def _grant(
    making: Making, row: Mapping[str, object], facts: Mapping[str, RecordFacts], label_of: Mapping[str, int]
) -> dict[str, object] | None:
    own, newest = str(row["own_class"]), str(row["newest_class"])
    if newest not in facts:
        return None
    decision = decide_record(
        making.asking.policy,
        making.asking.viewer,
        (making.asking.labels[label_of[own]], facts[own]),
        (making.asking.labels[label_of[newest]], facts[newest]),
        making.asking.now,
        making.purpose,
    )
    if not decision.permit:
        return None
    duty = decision.obligations
    return {
        "own_class": own,
        "newest_class": newest,
        "g_geo": GEO_LEVELS.index(duty.geo_level),
        "g_operational": "operational" in duty.hide,
        "g_protection": "protection" in duty.hide,
        "g_personal": "personal" in duty.hide,
        "g_received_before": making.asking.now - duty.delay,
        "g_agreements": list(decision.agreements),
        "g_label": repr(
            cut_for(
                making.asking.labels[label_of[own]],
                making.asking.policy,
                making.asking.viewer,
                making.asking.now,
            )
        ),
    }


def _facts(row: Mapping[str, object], feed: str, now: datetime) -> RecordFacts:
    """Stands for every record of a class: its times say only before or after now, as the class does."""
    places = str(row["places"])
    return RecordFacts(
        feed=feed,
        regions=frozenset(places.split(",")) if places else frozenset(),
        release_from=now + timedelta(seconds=1) if row["not_yet"] else None,
        release_until=now if row["over"] else None,
        label_review_on=now.date() - timedelta(days=1) if row["past_review"] else None,
        received_at=now,
        presence_kind=str(row["presence_kind"]) or None,
    )


def binding_regions(policy: Policy, viewer: Viewer) -> frozenset[str]:
    """The region codes that a decision for this viewer can hang on."""
    codes: set[str] = set()
    for identity in viewer.identities:
        codes.update(identity.regions or ())
    for each in policy.whole:
        for agreement in each.agreements:
            codes.update(agreement.regions or ())
    return frozenset(codes)
