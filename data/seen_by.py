"""What another partner sees of what a viewer sees: both must be permitted, so it can only subtract.

Of the viewer's own records alone. Whether a third partner's record is released to the other is that third
partner's business: its lists are cut for everybody else, and a picture of the difference would spell them.

The other partner is asked about as one person of it would be: cleared to a level that is named, with no
category, bound to no region. Who its people are stays its own business. Why a record is not among them is
told of the viewer's own records alone: the lists and agreements of others are theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from data.filters import LAYER_FEEDS, Filter
from data.known_policy import known_policy
from data.policy import Policy
from data.release import RecordFacts, decide_record
from data.released import Released
from data.schema import DEPLOYMENTS
from data.viewer import Identity, Viewer

SHARING = frozenset({"analyst", "releaser"})
"""Roles that may ask: those that hand on what their partner has."""

DELAYED = "delay"
"""Beside R1 to R5a: it is released, and an agreement still holds it back."""

PLACES = ("country_iso3", "adm1_pcode", "adm2_pcode")
FACTS = ("label_id", "release_from", "release_until", "label_review_on", *PLACES)

OWN = """
SELECT {shown}, {newest}, {withheld} AS withheld, count(*) AS count
FROM (
    SELECT stored_id, stored_revision FROM released.{feed} WHERE g_own AND rowid IN (SELECT row FROM picked)
) AS s
JOIN lake.{feed} AS t ON t.record_id = s.stored_id AND t.revision = s.stored_revision
JOIN lake.{feed} AS n ON n.record_id = s.stored_id AND n.superseded_at IS NULL
GROUP BY ALL
"""
THEIRS = """
SELECT count(*) AS seen, count(*) FILTER (g_geo > 0) AS coarse FROM released.{feed}
WHERE rowid IN (SELECT row FROM picked) AND originator = ?
"""


@dataclass(frozen=True, order=True)
class SeenBy:
    """Whose eyes: a partner's code, and a level of the policy; none is the lowest."""

    partner: str
    level: str = ""


@dataclass(frozen=True)
class OwnSeen:
    """Of the viewer's own records in the filter: how many, how many the other sees, and of these coarsened.

    `hidden`: by the first rule that forbids (R1 to R5a, or DELAYED) how many it does not see.
    """

    records: int = 0
    seen: int = 0
    coarse: int = 0
    hidden: Mapping[str, int] = field(default_factory=dict)


def may_ask(viewer: Viewer, policy: Policy, other: SeenBy, now: datetime) -> bool:
    """Whether the viewer may look with the other's eyes: a partner it knows, and a level of the policy."""
    return other.partner in others_known(viewer, policy, now) and other.level in ("", *policy.levels)


def others_known(viewer: Viewer, policy: Policy, now: datetime) -> tuple[str, ...]:
    """With whose eyes the viewer may look: partners of its agreements and groups; none without the role."""
    if len(viewer.partners) != 1 or not may_share(viewer):
        return ()
    return tuple(code for code in known_policy(policy, viewer, now).partners if code not in viewer.partners)


def own_alone(asked: Filter, viewer: Viewer) -> Filter:
    """The same question about the viewer's own records."""
    return replace(asked, partners=tuple(sorted(viewer.partners)), role="originator")


def may_share(viewer: Viewer) -> bool:
    """Whether the viewer's role hands on what its partner has."""
    return bool(viewer.roles & SHARING)


def together(viewer: Viewer, policy: Policy, other: SeenBy) -> Viewer:
    """The viewer and somebody of the other partner: what both may see."""
    return Viewer((*viewer.identities, _identity(policy, other)))


def _identity(policy: Policy, other: SeenBy) -> Identity:
    level = other.level or policy.levels[0]
    name = policy.partners[other.partner].name
    return Identity(f"seen-by:{other.partner}:{level}", name, other.partner, level, regions=None)


def own_seen(
    released: Released, theirs: Released, asked: Filter, layers: Sequence[str], other: SeenBy
) -> OwnSeen:
    """The viewer's own records in both pictures. `theirs` is what is released to `together`."""
    found = OwnSeen()
    for layer in layers:
        found = _summed(found, _of_layer(released, theirs, asked, layer, other))
    return found


def _summed(one: OwnSeen, more: OwnSeen) -> OwnSeen:
    hidden = Counter(one.hidden) + Counter(more.hidden)
    return OwnSeen(one.records + more.records, one.seen + more.seen, one.coarse + more.coarse, dict(hidden))


def _of_layer(released: Released, theirs: Released, asked: Filter, layer: str, other: SeenBy) -> OwnSeen:
    feed, [partner] = LAYER_FEEDS[layer], released.viewer.partners
    facts = (*FACTS, "presence_kind") if feed == DEPLOYMENTS else FACTS
    withheld = sorted(released.withheld)
    sql = OWN.format(
        feed=feed,
        shown=", ".join(f"t.{name}" for name in facts),
        newest=", ".join(f"n.{name} AS n_{name}" for name in facts),
        withheld=f"s.stored_id IN ({', '.join('?' for _each in withheld)})" if withheld else "false",
    )
    hidden: Counter[str] = Counter()
    records = 0
    for row in released.ask(sql, withheld, rows=released.rows(asked, layer)).to_pylist():
        if not {row["label_id"], row["n_label_id"]} <= released.labels.keys():
            continue  # relabelled since: the next picture has it
        records += row["count"]
        rule = _forbidding(released, feed, row, other)
        if rule:
            hidden[rule] += row["count"]
    [counted] = theirs.ask(THEIRS.format(feed=feed), (partner,), rows=theirs.rows(asked, layer)).to_pylist()
    late = records - counted["seen"] - hidden.total()
    if late > 0:
        hidden[DELAYED] += late
    return OwnSeen(records, counted["seen"], counted["coarse"], dict(hidden))


def _forbidding(released: Released, feed: str, row: Mapping[str, object], other: SeenBy) -> str:
    """The first rule that forbids one of these own records to the other partner; empty where none does."""
    viewer = Viewer((_identity(released.policy, other),))
    shown, newest = ((released.labels[_label(row, of)], _facts(row, feed, of)) for of in ("", "n_"))
    decision = decide_record(released.policy, viewer, shown, newest, released.now, released.key.purpose)
    return next((reason.rule for reason in decision.reasons if not reason.permits), "")


def _label(row: Mapping[str, object], of: str) -> int:
    return int(str(row[f"{of}label_id"]))


def _facts(row: Mapping[str, object], feed: str, of: str) -> RecordFacts:
    def moment(name: str) -> datetime | None:
        value = row[f"{of}{name}"]
        return value if isinstance(value, datetime) else None

    review = row[f"{of}label_review_on"]
    places = (row[f"{of}{name}"] for name in PLACES)
    kind = row.get(f"{of}presence_kind")
    return RecordFacts(
        feed=feed,
        regions=frozenset(str(place) for place in places if place is not None),
        release_from=moment("release_from"),
        release_until=moment("release_until"),
        label_review_on=review if isinstance(review, date) else None,
        presence_kind=None if kind is None else str(kind),
        withheld=bool(row["withheld"]),
    )
