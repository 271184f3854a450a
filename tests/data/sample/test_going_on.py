"""What is told after the scenario's end: the same for the same seed, whenever somebody plays."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from data.sample.going_on import GoingOn, Post
from data.sample.own_words import content_of
from data.sample.reporting import BEAT, REPORTING
from data.sample.scenario import generate
from data.sample.sources import SOURCES
from data.sample.storm import END
from data.sample.world import world
from data.schema import DELIVERIES, FEED_NAMES, INCIDENTS

SEED = 2026
DAYS = timedelta(days=6)
HOUR = timedelta(hours=1)

Plain = list[tuple[datetime, str, bytes]]


def plain(posts: list[Post]) -> Plain:
    return [(post.at, post.source.name, content_of(post)) for post in posts]


@pytest.fixture(scope="module")
def posts() -> list[Post]:
    return GoingOn(world(), SEED, END).due(END + DAYS)


def test_it_does_not_hang_on_how_often_somebody_looks(posts: list[Post]) -> None:
    going_on = GoingOn(world(), SEED, END)
    steps = int(DAYS / timedelta(minutes=97))
    found = [post for n in range(steps + 1) for post in going_on.due(END + n * timedelta(minutes=97))]
    assert plain(found + going_on.due(END + DAYS)) == plain(posts)


def test_whoever_begins_in_the_middle_tells_what_would_have_been_told(posts: list[Post]) -> None:
    since = END + timedelta(days=3, hours=5, minutes=11)
    assert plain(GoingOn(world(), SEED, since).due(END + DAYS)) == [
        told for told in plain(posts) if told[0] > since
    ]


def test_another_seed_tells_something_else(posts: list[Post]) -> None:
    other = plain(GoingOn(world(), SEED + 1, END).due(END + timedelta(days=1)))
    assert not ({content for *_, content in other} & {content for *_, content in plain(posts)}) - {b""}


def test_what_begins_has_an_id_that_nothing_in_the_scenario_has(posts: list[Post]) -> None:
    scenario = generate(SEED)
    known = {record_id for table in scenario.feeds.values() for record_id in table["record_id"].to_pylist()}
    said = [said for post in posts for said in post.said]
    first = [one.record_id for one in said if one.first]
    assert len(first) == len(set(first)) > 400
    assert not known & set(first)
    assert {one.record_id for one in said if not one.first} <= known | set(first)


def test_each_source_keeps_its_rhythm_and_the_silent_ones_their_silence(posts: list[Post]) -> None:
    heard = Counter(post.source.name for post in posts)
    silent = {name for name, source in SOURCES.items() if source.silent_after}
    assert heard.keys() == SOURCES.keys() - silent
    for post in posts:
        assert post.at > END
        assert (post.at - END - timedelta(minutes=1)) % BEAT == timedelta()
    for name in heard:
        times = [post.at for post in posts if post.source.name == name]
        steps = [later - earlier for earlier, later in pairwise(times)]
        assert all(step % REPORTING[name].step == timedelta() and step for step in steps)


def test_something_of_every_feed_is_told_within_the_first_hours_and_something_at_once(
    posts: list[Post],
) -> None:
    assert {post.source.feed for post in posts if post.at <= END + 12 * HOUR} == set(FEED_NAMES)
    assert sum(len(post.said) for post in posts if post.at <= END + BEAT) > 10


def test_a_post_says_one_word_of_a_record_and_later_ones_come_later(posts: list[Post]) -> None:
    told: dict[str, datetime] = {}
    for post in posts:
        for said in post.said:
            assert told.get(said.record_id, END) < post.at
            told[said.record_id] = post.at


def test_what_happened_had_happened_when_it_was_told(posts: list[Post]) -> None:
    for said in (said for post in posts if post.source.feed == INCIDENTS for said in post.said):
        assert said.telling.says["start_at"] <= said.telling.says["reported_at"] <= said.at  # type: ignore[operator]


def test_consignments_go_on_and_new_ones_begin_about_as_many_as_before(posts: list[Post]) -> None:
    by_day = Counter(
        (post.at - END).days for post in posts if post.source.name == "xll-consignments" for _ in post.said
    )
    assert all(40 < by_day[day] < 200 for day in range(DAYS.days))
    said = [said for post in posts if post.source.feed == DELIVERIES for said in post.said]
    statuses = Counter(str(one.telling.says["flow_status"]) for one in said)
    assert statuses.keys() >= {"committed", "dispatched", "in_transit", "arrived", "distributed"}
    assert any(one.first for one in said)
    assert any(not one.first for one in said)


def test_the_weather_is_over_and_what_follows_goes_on(posts: list[Post]) -> None:
    kinds = Counter(
        str(said.telling.says["incident_type"])
        for post in posts
        if post.source.feed == INCIDENTS
        for said in post.said
    )
    assert kinds["storm"] == 0
    assert kinds.keys() >= {"epidemic", "displacement", "accident", "crime", "access_restriction"}
    assert 30 * DAYS.days < sum(kinds.values()) < 120 * DAYS.days


def test_some_are_corrected_and_some_are_taken_back() -> None:
    said = [
        said
        for post in GoingOn(world(), SEED, END).due(END + timedelta(days=20))
        for said in post.said
        if not said.first
    ]
    notes = Counter(str(one.telling.says.get("notes", "")).split(" ")[0] for one in said)
    assert notes.keys() >= {"Corrected:", "Checked", "Cancelled:"}
    assert {one.telling.msg_type for one in said} >= {"update", "cancel"}
