"""`[[relabel]]` of a policy that is applied: which records get another label, and how far at once.

    [[relabel]]
    records = ["XAA:reports:17"]    # or source = "reports", or label_id = 4
    set = { releasable_to = ["XAB"], release_geo_level = "adm2" }

Where the new label widens, its meet with the old one holds at once (`data.label_join`, the strictest of
both), and the rest waits for two releasers. Nothing here touches content.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from types import MappingProxyType

import pyarrow.compute as pc

from data.errors import LabelRefused, PolicyError
from data.feeds.publication import Lake
from data.label_join import strictest
from data.labels import Label, parse_label
from data.partners import Policy
from data.policy_table import Table
from data.schema import FEED_NAMES

SELECTORS = ("records", "source", "label_id")
SETTABLE = tuple(
    item.name for item in fields(Label) if item.name not in ("originator", "policy_id", "policy_version")
)


@dataclass(frozen=True)
class Relabel:
    """One table: by what records are chosen, which, and the fields that are set. `where` names it."""

    by: str
    chosen: frozenset[str]
    fields: Mapping[str, object]
    where: str

    def covers(self, record_id: str, source: str, label_id: int) -> bool:
        """Whether it is about this record."""
        said = {"records": record_id, "source": source, "label_id": str(label_id)}
        return said[self.by] in self.chosen


@dataclass(frozen=True)
class Relabelling:
    """A record whose label is to be another. `at_once`: what holds now; `wanted`: what was asked for."""

    record_id: str
    feed: str
    revision: int
    label: Label
    at_once: Label
    wanted: Label

    @property
    def waits(self) -> bool:
        """Whether a part of it widens, and is for two releasers."""
        return self.at_once != self.wanted


def relabels(document: Mapping[str, object], where: str) -> tuple[Relabel, ...]:
    """The `[[relabel]]` tables of a document. Raises PolicyError."""
    return tuple(_relabel(table) for table in Table(where, document).tables("relabel"))


def _relabel(table: Table) -> Relabel:
    table.only("records source label_id set")
    given = [name for name in SELECTORS if name in table.values]
    if len(given) != 1:
        table.refuse("records, source, label_id", " and ".join(given) or None, "exactly one of them")
    changed = table.values.get("set")
    if not isinstance(changed, Mapping) or not changed:
        table.refuse("set", changed, "the fields of the label that are set, as { releasable_to = [] }")
    for name, value in changed.items():
        if name not in SETTABLE:
            table.refuse(f"set.{name}", value, f"only these: {', '.join(SETTABLE)}")
    return Relabel(given[0], _chosen(table, given[0]), MappingProxyType(dict(changed)), table.where)


def _chosen(table: Table, by: str) -> frozenset[str]:
    if by == "records":
        ids = table.strings("records", len, "ids of records")
        return frozenset(ids) if ids else table.refuse("records", [], "at least one id of a record")
    if by == "source":
        return frozenset((table.text("source"),))
    value = table.values["label_id"]
    if isinstance(value, bool) or not isinstance(value, int):
        table.refuse("label_id", value, "the number of a label")
    return frozenset((str(value),))


def relabelled(lake: Lake, asked: Iterable[Relabel], policy: Policy) -> tuple[Relabelling, ...]:
    """What the tables come to for the newest revisions, later tables on top of earlier ones.

    Raises PolicyError when a table is about no record, or a label cannot be as it says.
    """
    tables = tuple(asked)
    found: list[Relabelling] = []
    met: set[tuple[str, str]] = set()
    targets: dict[tuple[int, tuple[int, ...]], tuple[Label, Label]] = {}
    for feed in FEED_NAMES if tables else ():
        rows = lake.newest_rows(feed).select(["record_id", "source", "label_id", "revision", "msg_type"])
        for row in rows.filter(pc.not_equal(rows.column("msg_type"), "recall")).to_pylist():
            said = (row["record_id"], row["source"], row["label_id"])
            places = tuple(n for n, table in enumerate(tables) if table.covers(*said))
            met |= {(tables[n].where, said[0] if tables[n].by == "records" else "") for n in places}
            if not places:
                continue
            key = (row["label_id"], places)
            label = lake.label(row["label_id"]) if key not in targets else targets[key][0]
            if key not in targets:
                targets[key] = (label, _target(label, [tables[n] for n in places], policy))
            wanted = targets[key][1]
            if wanted != label:
                held = at_once(label, wanted, policy)
                found.append(Relabelling(row["record_id"], feed, row["revision"], label, held, wanted))
    _check_met(tables, met)
    return tuple(found)


def _check_met(tables: Iterable[Relabel], met: set[tuple[str, str]]) -> None:
    for table in tables:
        for one in sorted(table.chosen):
            if (table.where, one if table.by == "records" else "") not in met:
                raise PolicyError(
                    f"{table.where}: {table.by} names {one!r}, and there is no such record that stands.",
                    "Mend the file and try again.",
                )


def _target(label: Label, tables: Iterable[Relabel], policy: Policy) -> Label:
    """The label with the fields that are set; one that comes to the same stays as it was written."""
    wanted = label
    for table in tables:
        given = {**asdict(wanted), **table.fields, "policy_version": policy.version}
        try:
            wanted = parse_label(given, policy)
        except LabelRefused as error:
            raise PolicyError(f"{table.where}: {error.message}", "Mend the file and try again.") from error
    return label if replace(wanted, policy_version=label.policy_version) == label else wanted


def at_once(label: Label, wanted: Label, policy: Policy) -> Label:
    """What of the wanted label holds without anybody's approval: the strictest of it and the present one."""
    present = replace(label, policy_version=wanted.policy_version)
    met = strictest((present, wanted), policy)
    if met == strictest((wanted,), policy):
        return wanted
    return label if met == strictest((present,), policy) else met
