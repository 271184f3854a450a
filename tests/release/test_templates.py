"""T3: first filtered by the release, then aggregated. What a viewer is answered is what it would be answered
if nothing that it may not have had ever been there; who may have what, the second implementation says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from random import Random

import pytest

from data import facets, listing, marks, timeline, totals
from data.filters import LAYER_FEEDS, Filter
from data.released import Released
from data.schema import FEEDS
from data.viewer import Viewer
from tests.data import release_cases as cases
from tests.release.plain_world import (
    COMPARED,
    NOW,
    OWN_COMPARED,
    Asked,
    PlainLake,
    Row,
    random_data,
    random_policy,
)
from tests.release.templates import FRAME, LAYERS, TEMPLATES, Question, answered, questions_of_data
from tests.sizes import figure, parts

VIEWERS = 12
KINDS = {"military": ("military", "police"), "presence": ("humanitarian", "civil", "private")}
FILTERS = (
    Filter(),
    Filter(),
    Filter(start=NOW - timedelta(days=9), end=NOW),
    Filter(regions=("XQ01",)),
    Filter(partners=("XAA", "XAB"), role="originator"),
    Filter(known_at=NOW - timedelta(days=4)),
    Filter(sectors=("HEA",), start=NOW - timedelta(days=20)),
)


def test_every_question_of_what_is_released_is_asked_here() -> None:
    named = {name.split()[0] for name in TEMPLATES}
    assert questions_of_data() == named, "say in TEMPLATES how it is asked"


def asking(seed: int) -> Iterator[tuple[Random, Asked, PlainLake]]:
    """One random lake, and those who ask it."""
    random = Random(seed)
    data = random_data(random)
    lake = PlainLake(data)
    try:
        for _ in range(VIEWERS):
            viewer = cases.random_viewer(random)
            while not viewer.identities:
                viewer = cases.random_viewer(random)
            yield random, Asked(random_policy(random), viewer, random.choice(cases.PURPOSES), data), lake
    finally:
        lake.close()


def ids_of(random: Random, case: Asked, released: Released) -> tuple[str, ...]:
    """Records that there are, whoever may have them, and what this viewer knows them by."""
    every = sorted({str(row["record_id"]) for rows in case.data.rows.values() for row in rows})
    known = [word for feed in FEEDS for word in released.columns(feed).codes("record_id").words]
    return (*random.sample(every, 2), *known[:2], "nobody")


@pytest.mark.full_size
@pytest.mark.parametrize("seeds", parts("template_datasets"), ids=str)
def test_an_answer_is_that_of_a_world_without_what_is_withheld(
    seeds: range, record_property: Callable[[str, object], None]
) -> None:
    count = answers = 0
    for seed in seeds:
        for random, case, lake in asking(seed):
            released = lake.released_to(case.policy, case.viewer, case.purpose)
            count += _told(case, lake, released, random.choice(FILTERS), ids_of(random, case, released))
            answers += len(TEMPLATES)
            released.drop()
    figure(
        record_property,
        "T3 answers of all templates against the permitted rows alone",
        answers,
        "0 differences",
    )
    assert count > 15 * len(seeds), "enough must be released to be counted"


def _told(case: Asked, lake: PlainLake, released: Released, asked: Filter, ids: tuple[str, ...]) -> int:
    """Compares each answer; says how many rows were released."""
    both = Viewer((*case.viewer.identities, cases.a_person("XAC", categories=frozenset())))
    alone = PlainLake(case.permitted())
    theirs = lake.released_to(case.policy, both, case.purpose)
    try:
        without = alone.released_to(case.policy, case.viewer, case.purpose)
        others = alone.released_to(case.policy, both, case.purpose)
        assert released.version == without.version
        for name, ask in TEMPLATES.items():
            one = answered(lambda ask=ask: ask(Question(released, theirs, asked, ids)))  # type: ignore[misc]
            other = answered(lambda ask=ask: ask(Question(without, others, asked, ids)))  # type: ignore[misc]
            assert repr(one) == repr(other), (name, asked, case)
    finally:
        alone.close()
        theirs.drop()
    return sum(released.columns(feed).count for feed in FEEDS)


@pytest.mark.full_size
@pytest.mark.parametrize("seeds", parts("template_datasets"), ids=str)
def test_what_is_released_is_what_the_second_implementation_permits_and_leaves(
    seeds: range, record_property: Callable[[str, object], None]
) -> None:
    rows = 0
    for seed in seeds:
        for _random, case, lake in asking(1_000 + seed):
            released = lake.released_to(case.policy, case.viewer, case.purpose)
            for feed in FEEDS:
                expected = {str(row["id"]): row for row in case.shown(feed)}
                assert of_snapshot(released, feed) == expected, case
                rows += len(expected)
            counted_in_plain_python(case, released)
            released.drop()
    figure(record_property, "T3 released rows against plain Python, column by column", rows, "0 differences")
    assert rows > 5 * len(seeds)


def of_snapshot(released: Released, feed: str) -> dict[str, Row]:
    """The rows of now, the columns compared."""
    names = (*COMPARED, *OWN_COMPARED[feed])
    chosen = ", ".join(f"{name}" for name in names)
    sql = (
        f"SELECT stored_id AS id, {chosen} FROM released.{feed}"  # noqa: S608 - names of ours
        " WHERE known_from <= ? AND known_until IS NULL AND msg_type <> 'cancel'"
    )
    return {row["id"]: row for row in released.ask(sql, (NOW,)).to_pylist()}


def rows_of(case: Asked, layer: str) -> list[Row]:
    rows = case.shown(LAYER_FEEDS[layer])
    kinds = KINDS.get(layer)
    return [row for row in rows if not kinds or row["presence_kind"] in kinds]


def counted_in_plain_python(case: Asked, released: Released) -> None:
    """The answers that are counts, sums or lists, once more without the product."""
    shown: Mapping[str, list[Row]] = {layer: rows_of(case, layer) for layer in LAYERS}
    everything = [row for rows in shown.values() for row in rows]
    found = facets.facets(released, Filter(), LAYERS)
    assert {each.layer: each.count for each in found.layers} == {k: len(v) for k, v in shown.items()}
    regions = Counter(
        str(code)
        for row in everything
        for code in (row["country_iso3"], row["adm1_pcode"], row["adm2_pcode"])
        if code
    )
    assert {node.code: node.count for node in found.regions if node.count} == dict(regions)
    for layer, rows in shown.items():
        drawn = marks.marks(released, Filter(), layer, FRAME)
        assert drawn.total == len(rows)
        assert drawn.unplaced + sum(mark.count for mark in drawn.marks) == len(rows)
    listed = listing.listing(released, Filter(), listing.Wanted(LAYERS), ("start_at", "title"), 0, 500)
    newest = sorted((row["start_at"] for row in everything), reverse=True)  # type: ignore[type-var]
    assert [row["start_at"] for row in listed.rows] == newest
    assert sorted(str(row["title"]) for row in listed.rows) == sorted(str(row["title"]) for row in everything)
    assert listed.total == len(everything)
    _totals(released, shown)
    binned = timeline.timeline(released, Filter(), ("deliveries",)).rows[0]
    assert sum(sum(series.values) for series in binned.series) == len(shown["deliveries"])


def _totals(released: Released, shown: Mapping[str, list[Row]]) -> None:
    told = {total.id: total.value for total in totals.totals(released, Filter(), LAYERS)}
    events = [row for row in shown["incidents"] if row["report_kind"] == "event"]
    if "events" in told:
        assert told["events"] == len(events)
    if "deaths" in told:
        assert told["deaths"] == sum(int(str(row["deaths_best"] or 0)) for row in events)
    if "military" in told:
        assert told["military"] == len(shown["military"])
    if "presence" in told:
        assert told["presence"] == len(shown["presence"])
    if "arrived" in told:
        kept = [row for row in shown["deliveries"] if row["aid_type"] == "in_kind"]
        assert told["arrived"] == sum(row["flow_status"] == "delivered" for row in kept)
    if "committed" in told:
        money = [row for row in shown["deliveries"] if row["aid_type"] == "funding"]
        given = [row["value_usd"] for row in money if row["flow_status"] == "committed"]
        assert told["committed"] == pytest.approx(float(sum(value for value in given if value)))  # type: ignore[misc]
