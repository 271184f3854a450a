"""T9: whoever asks before, at the same time, or after, a viewer's answers are those of a store that nobody
else has ever asked: cold and warm, over deliveries, changes of the policy, and the hours.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from data.filters import Filter
from data.home import Home
from data.labels import Label
from data.policy_force import putting
from data.schema import FEEDS
from data.store import Store
from tests.factories import NOW, POLICY, T0, a_home, a_publication, a_row, publish
from tests.release.templates import TEMPLATES, Question, answered
from tests.sizes import figure, size

STEPS = 100
"""Of one example; each has a home and a store of its own."""

POLICIES = (
    POLICY,
    POLICY.replace('parties = ["XAA", "XAB", "XAC"]', 'parties = ["XAA", "XAC"]'),
    POLICY.replace('geo_level = "exact"', 'geo_level = "adm2"').replace(
        "hide = []", 'hide = ["operational"]'
    ),
)
LABELS = (
    Label("XAA", "TEST", "OPEN", releasable_to=("PUBLIC",)),
    Label("XAA", "TEST", "SENSITIVE", releasable_to=("XAB",)),
    Label("XAB", "TEST", "OPEN", releasable_to=("XGR",)),
    Label("XAC", "TEST", "OPEN"),
)
DELIVERIES = 3
FILTERS = (Filter(), Filter(start=T0, end=NOW - timedelta(days=5)), Filter(known_at=NOW - timedelta(days=10)))
VIEWERS = ("aldara", "borland", "dunmark")
PURPOSES = ("screen", "file")
SAME_STATE = 40
"""Steps after which something may change: before, there is nothing warm to be wrong."""

IDS = ("XAA:test:1", "XAC:test:103", "nobody")

Asked = tuple[str, str, str, Filter]
"""A viewer, a purpose, a question by its name, a filter."""

asked = st.tuples(
    st.sampled_from(VIEWERS),
    st.sampled_from(PURPOSES),
    st.sampled_from(sorted(TEMPLATES)),
    st.sampled_from(FILTERS),
)


def deliver(home: Home, number: int) -> None:
    """Some more records of each label, a part of them known later than others."""
    for base, feed in enumerate(FEEDS):
        rows = [
            a_row(
                feed,
                number * 100 + base * 10 + n,
                record_id=f"{LABELS[n].originator}:test:{number * 100 + base * 10 + n}",
                originator=LABELS[n].originator,
                label_id=n,
                release_until=NOW + timedelta(hours=2) if n == 0 and number == 1 else None,
            )
            for n in range(len(LABELS))
        ]
        columns = FEEDS[feed].by_name
        publish(
            home,
            a_publication(feed, [{k: v for k, v in row.items() if k in columns} for row in rows], LABELS),
        )


def answer(store: Store, asked: Asked) -> str:
    who, purpose, name, wanted = asked
    released = store.released_to(store.policy().viewer(who), purpose)
    question = Question(released, released, wanted, IDS)
    return f"{released.version} {answered(lambda: TEMPLATES[name](question))!r}"


class Interleaved(RuleBasedStateMachine):
    """One home and its store, asked by everybody; and the same asked cold."""

    tried = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.home = a_home(self.folder / "home")
        self.home.secret_file.write_bytes(b"the same secret every time")
        self.policy, self.hours, self.delivered, self.steps = 0, 0, 1, 0
        deliver(self.home, 1)
        self.store = Store(self.home, self.now)
        self.colds: dict[tuple[object, ...], Store] = {}

    def now(self) -> datetime:
        return NOW + timedelta(hours=self.hours)

    def cold(self, asked: Asked) -> str:
        """Of a store that nobody has asked but this viewer, for this purpose, in this state of the home."""
        key = (self.policy, self.hours, self.delivered, *asked[:2])
        if key not in self.colds:
            self.colds[key] = Store(self.home, self.now)
        return answer(self.colds[key], asked)

    @rule(one=asked)
    def ask(self, one: Asked) -> None:
        self.steps += 1
        Interleaved.tried += 1
        assert answer(self.store, one) == self.cold(one), one

    @rule(one=asked, who=st.sampled_from(VIEWERS))
    def ask_a_b_a(self, one: Asked, who: str) -> None:
        """The same question of somebody else between two of the same."""
        self.steps += 1
        for each in (one, (who, *one[1:]), one):
            Interleaved.tried += 1
            assert answer(self.store, each) == self.cold(each), each

    @rule(one=asked, who=st.sampled_from(VIEWERS))
    def ask_at_the_same_time(self, one: Asked, who: str) -> None:
        """The same question of several people in the same moment."""
        self.steps += 1
        every = [one, (who, *one[1:]), one, (who, *one[1:])]
        ready = threading.Barrier(len(every))

        def asks(each: Asked) -> str:
            ready.wait()
            return answer(self.store, each)

        with ThreadPoolExecutor(len(every)) as pool:
            found = list(pool.map(asks, every))
        Interleaved.tried += len(every)
        assert found == [self.cold(each) for each in every], every

    @precondition(lambda self: self.steps >= SAME_STATE)
    @rule(one=asked, policy=st.integers(0, len(POLICIES) - 1))
    def ask_while_the_policy_changes(self, one: Asked, policy: int) -> None:
        """An answer is that of the policy before or of the one after; the next one is of the one after."""
        before, self.steps = self.cold(one), 0
        with ThreadPoolExecutor(1) as pool:
            asking = pool.submit(answer, self.store, one)
            with putting(self.home, POLICIES[policy].encode()):
                pass
            self.policy = policy
            found = asking.result()
        Interleaved.tried += 2
        assert found in (before, self.cold(one)), one
        assert answer(self.store, one) == self.cold(one), one

    @precondition(lambda self: self.steps >= SAME_STATE and self.delivered < DELIVERIES)
    @rule()
    def deliver_more(self) -> None:
        self.delivered, self.steps = self.delivered + 1, 0
        deliver(self.home, self.delivered)

    @precondition(lambda self: self.steps >= SAME_STATE and self.hours < 4)
    @rule()
    def wait(self) -> None:
        self.hours, self.steps = self.hours + 2, 0

    def teardown(self) -> None:
        for store in (self.store, *self.colds.values()):
            store.close()
        with suppress(OSError):
            shutil.rmtree(self.folder)


@pytest.mark.full_size
def test_no_answer_hangs_on_what_others_asked(record_property: Callable[[str, object], None]) -> None:
    steps = size("cache_steps")
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        Interleaved,
        settings=settings(
            max_examples=steps // STEPS,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            deadline=None,
        ),
    )
    figure(
        record_property,
        f"T9 answers in {steps:,} interleaved steps",
        Interleaved.tried,
        "0 differ from cold ones",
    )
