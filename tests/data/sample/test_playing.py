"""The exercise is played: through the home's own spool into its lake, as the sample itself would say it."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from data.clock import system_clock
from data.errors import HomeError
from data.exercise_clock import Course, read_course, write_course
from data.feeds.taking import Taker
from data.home import Home, home_clock
from data.lake import LakeWriter
from data.sample import load_sample
from data.sample.going_on import GoingOn, Said
from data.sample.labels import LABELS
from data.sample.own_words import LINE
from data.sample.playing import Player
from data.sample.rows import Story, to_table
from data.sample.storm import END
from data.sample.world import world
from data.schema import FEED_NAMES, INCIDENTS
from data.spool import Spool
from tests.factories import a_home, a_publication, a_row, publish

HOURS = timedelta(hours=13)
OURS = frozenset(
    (
        *("revision", "msg_type", "ingested_at", "received_at", "superseded_at", "superseded_received_at"),
        *("content_hash", "label_id", "label_hash", "label_created_at", "policy_version"),
    )
)
"""What hangs on when it was taken, and is no word of the partner's."""

WORDS_OF_PLACE = frozenset(("pcode_match", "pcode_valid_from", "geometry", "bbox", "mx", "my"))
"""Asked for one by one: a position is matched by name and position here, by position alone in the sample."""


class Hastening:
    """A real clock that goes on by a second whenever it is asked, and in between lets the worker take."""

    def __init__(self, meanwhile: Callable[[], object] = lambda: None) -> None:
        self.now, self.meanwhile = system_clock() - timedelta(days=1), meanwhile

    def __call__(self) -> datetime:
        self.meanwhile()
        self.now += timedelta(seconds=1)
        return self.now


@pytest.fixture(scope="module", autouse=True)
def no_rest() -> Iterator[None]:
    """The clock of these tests goes on when it is asked, not by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.sample.playing.LOOKS_EVERY_SECONDS", 0.01)
        yield


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Home:
    path = tmp_path_factory.mktemp("homes") / "exercise"
    load_sample(path)
    return Home(path)


@pytest.fixture
def home(sample: Home, tmp_path: Path) -> Home:
    """The exercise as it was made, for one test."""
    return Home(Path(shutil.copytree(sample.path, tmp_path / "home")))


@pytest.fixture(scope="module")
def played(sample: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Some hours of it, at 3,600 times the pace, with a worker."""
    home = Home(Path(shutil.copytree(sample.path, tmp_path_factory.mktemp("played") / "home")))
    taker = Taker(home)
    Player(home, 3600, HOURS, real=Hastening(taker.looked)).run(threading.Event())
    assert taker.looked()
    return home


def told(home: Home) -> list[dict[str, object]]:
    """What became of each delivery."""
    import sqlite3

    with sqlite3.connect(home.spool / "posted.sqlite") as spool:
        rows = spool.execute("SELECT key, credential, state, told FROM posted ORDER BY number").fetchall()
    return [
        {"key": key, "credential": credential, "state": state} | (json.loads(said) if said else {})
        for key, credential, state, said in rows
    ]


def said_between(since: datetime, last: datetime) -> dict[str, list[Said]]:
    """By record, all that can be posted."""
    found: dict[str, list[Said]] = {}
    for post in GoingOn(world(), 2026, since).due(last):
        for said in post.said:
            if said.telling.says.get("geo_precision") != LINE:
                found.setdefault(said.record_id, []).append(said)
    return found


def test_all_of_it_is_taken_and_no_record_is_held_back(played: Home) -> None:
    deliveries = told(played)
    assert len(deliveries) > 40
    assert {one["state"] for one in deliveries} == {"taken"}
    assert sum(int(str(one["quarantined"])) for one in deliveries) == 0
    assert sum(int(str(one["duplicate"])) for one in deliveries) == 0
    said = said_between(END, END + HOURS)
    assert sum(int(str(one["new"])) for one in deliveries) == sum(one[0].first for one in said.values())
    assert sum(int(str(one["read"])) for one in deliveries) == sum(map(len, said.values()))


def is_as_the_sample(home: Home, said: dict[str, list[Said]]) -> None:
    """The newest revision of each record in the lake is what the sample's own rows would be."""
    with LakeWriter(home) as lake:
        labels = lake.labels()
        newest = {
            feed: {row["record_id"]: row for row in lake.newest_rows(feed).to_pylist()} for feed in FEED_NAMES
        }
    for record_id, words in said.items():
        story, telling = words[-1].story, words[-1].telling
        feed = story.source.feed
        (wanted,) = to_table(feed, [Story(story.source, story.native_id, [telling])]).to_pylist()
        found = newest[feed][record_id]
        names = wanted.keys() - OURS - WORDS_OF_PLACE
        differs = {name: (found[name], wanted[name]) for name in names if found[name] != wanted[name]}
        assert differs == {}, record_id
        assert labels[found["label_id"]] == LABELS[telling.label]
        assert (found["geometry"], found["mx"]) == (wanted["geometry"], wanted["mx"])


def test_the_lake_says_what_the_sample_would_say(played: Home) -> None:
    is_as_the_sample(played, said_between(END, END + HOURS))


def test_the_weekly_counts_go_on(home: Home) -> None:
    """They are known on Monday morning; play goes on from where the clock stands."""
    monday, real = END + timedelta(days=1, hours=9), Hastening()
    write_course(home.exercise_clock_file, Course.from_here(monday, 60, real()))
    Player(home, 600, timedelta(hours=1), real=real).run(threading.Event())
    taker = Taker(home)
    assert taker.looked()
    said = said_between(monday, monday + timedelta(hours=1))
    weekly = {
        key: words for key, words in said.items() if words[-1].telling.says.get("report_kind") == "report"
    }
    assert len(weekly) > 10
    assert all(words[0].first for words in weekly.values())
    assert {one["quarantined"] for one in told(home)} == {0}
    is_as_the_sample(home, weekly)


def test_what_was_known_is_a_revision_with_the_same_label(played: Home) -> None:
    said = {key: words for key, words in said_between(END, END + HOURS).items() if not words[0].first}
    assert len(said) > 20
    labels: dict[object, list[object]] = {}
    with LakeWriter(played) as lake:
        for source in {words[0].story.source for words in said.values()}:
            for row in lake.revisions(source.feed, source.originator, source.name).to_pylist():
                labels.setdefault(row["record_id"], []).append(row["label_id"])
    for record_id, words in said.items():
        assert len(labels[record_id]) > len(words)
        assert len(set(labels[record_id])) == 1


def test_its_clock_stands_where_play_ended_and_all_was_known_by_then(played: Home) -> None:
    with LakeWriter(played) as lake:
        ends = lake.knowledge_ends_at()
    now = home_clock(played, lambda: None)()
    assert ends is not None
    assert END + HOURS - timedelta(hours=1) < ends <= now
    assert abs(now - (END + HOURS)) < timedelta(seconds=1)


def test_the_next_play_goes_on_and_posts_nothing_twice(home: Home) -> None:
    taker = Taker(home)
    for _ in range(3):
        Player(home, 600, timedelta(hours=1), real=Hastening()).run(threading.Event())
    assert taker.looked()
    deliveries = told(home)
    assert len({(one["key"], one["credential"]) for one in deliveries}) == len(deliveries)
    assert sum(int(str(one["read"])) for one in deliveries) == sum(
        map(len, said_between(END, END + timedelta(hours=3)).values())
    )
    assert {int(str(one["quarantined"])) for one in deliveries} == {0}


def test_without_a_worker_it_says_so_and_waits_with_the_clock(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("data.sample.playing.MOST_WAITING", 12)
    sentences: list[str] = []
    ended = threading.Event()
    looks = iter(range(40))
    real = Hastening(lambda: next(looks, None) is None and ended.set())
    real.now = system_clock() + timedelta(hours=1)
    Player(home, 3600, None, sentences.append, real).run(ended)
    course = read_course(home.exercise_clock_file)
    assert course is not None
    assert 12 <= Spool(home).how_many_wait() < 60
    assert course.end < END + timedelta(hours=12)
    assert sum("start `python app.py work`" in sentence for sentence in sentences) == 1


def test_only_the_sample_exercise_is_played(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    with pytest.raises(HomeError, match="holds 'EX-TEST', and only the sample exercise can be played"):
        Player(home, 60).run(threading.Event())
    assert not home.exercise_clock_file.exists()


def test_it_waits_for_the_sample_to_be_made(tmp_path: Path) -> None:
    sentences: list[str] = []
    ended = threading.Event()
    Player(Home(tmp_path / "none"), 60, None, lambda said: (sentences.append(said), ended.set())[0]).run(
        ended
    )
    assert sentences == ["Waiting for the sample exercise: `serve` or `sample` makes it."]
    assert not (tmp_path / "none").exists()


def test_a_home_is_played_by_one(home: Home) -> None:
    ended = threading.Event()
    first = threading.Event()
    one = threading.Thread(target=Player(home, 60, None, lambda _: first.set()).run, args=(ended,))
    one.start()
    try:
        assert first.wait(60)
        with pytest.raises(HomeError, match="is being played already"):
            Player(home, 60).run(threading.Event())
    finally:
        ended.set()
        one.join()


def test_it_does_not_begin_before_what_is_known_already(home: Home) -> None:
    """The clock went on by itself for a while, and somebody delivered."""
    at = END + timedelta(hours=5)
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS, 1, ingested_at=at, received_at=at)]))
    course, going_on = Player(home, 60)._begin()
    assert course.exercise_at == at
    assert going_on.due(at)[0].at < END + timedelta(minutes=2)


def test_it_stops_before_the_first_agreement_ends(home: Home) -> None:
    """Beyond it everybody's picture would be empty (docs/decisions/0039)."""
    first = min(one.until_at for one in home.policy().agreements if one.until_at is not None)
    player = Player(home, 60)
    course, _ = player._begin()
    assert END < player._last(course) < first
