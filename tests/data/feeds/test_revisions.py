"""New, revision, duplicate, end: on rows that came in any way."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.feeds.revision import Incoming, Known, Outcome, Past, Source
from data.feeds.revisions import revise
from data.labels import Label

D0 = datetime(2026, 9, 1, tzinfo=UTC)
OPEN = Label("XAA", "TEST", "OPEN", ("PUBLIC",))
OWN = Label("XAA", "TEST", "OPEN")

Rows = list[tuple[int, str, str]]
"""(day, native, content)"""


def incoming(rows: Rows, label: Label = OPEN) -> list[Incoming]:
    at = [D0 + timedelta(days=day) for day, _, _ in rows]
    return [Incoming(n, c, label, at[i], at[i], i) for i, (_, n, c) in enumerate(rows)]


def source(
    several: bool = False, complete: bool = False, held: frozenset[tuple[datetime, str]] = frozenset()
) -> Source:
    return Source("XAA:test:", several, complete, held)


def stored(
    outcomes: list[Outcome],
) -> dict[tuple[str, int], tuple[datetime, datetime | None, str, Label, bool]]:
    """What the store holds after these outcomes."""
    rows: dict[tuple[str, int], tuple[datetime, datetime | None, str, Label, bool]] = {}
    for outcome in outcomes:
        for gone in outcome.superseded:
            at, until, content, label, ended = rows[gone.record_id, gone.revision]
            assert until is None, "superseded twice"
            rows[gone.record_id, gone.revision] = (at, gone.superseded_at, content, label, ended)
        for r in outcome.revisions:
            assert (r.record_id, r.revision) not in rows
            rows[r.record_id, r.revision] = (r.ingested_at, r.superseded_at, r.content_hash, r.label, r.ended)
    return rows


def known_after(outcomes: list[Outcome]) -> tuple[list[Known], list[Past]]:
    known, past = [], []
    for (identity, number), (at, until, content, label, ended) in stored(outcomes).items():
        past.append(Past(identity, content, label, at))
        if until is None:
            native = identity.removeprefix("XAA:test:")
            known.append(
                Known(identity, native, number, content, label, at, at, "update", ended, -1 - len(known))
            )
    return known, past


def laid(deliveries: list[Rows], how: Source, label: Label = OPEN) -> list[Outcome]:
    """The outcomes of deliveries, one after the other."""
    outcomes: list[Outcome] = []
    for rows in deliveries:
        outcomes.append(revise(*known_after(outcomes), incoming(rows, label), how))
    return outcomes


def counts(outcome: Outcome) -> tuple[int, int, int, int, int]:
    return (outcome.new, outcome.revised, outcome.duplicate, outcome.ended, len(outcome.stale))


def test_other_content_is_a_revision_that_supersedes_the_one_before() -> None:
    first, second = laid([[(0, "a", "x")], [(2, "a", "y")]], source())
    assert counts(first) == (1, 0, 0, 0, 0)
    assert counts(second) == (0, 1, 0, 0, 0)
    assert second.revisions[0].revision == 2
    assert second.superseded[0].superseded_at == D0 + timedelta(days=2)


def test_another_label_on_the_same_content_is_a_revision() -> None:
    first = revise([], [], incoming([(0, "a", "x")]), source())
    second = revise(*known_after([first]), incoming([(0, "a", "x")], OWN), source())
    assert counts(second) == (0, 1, 0, 0, 0)


def test_another_version_of_the_policy_alone_is_no_revision() -> None:
    first = revise([], [], incoming([(0, "a", "x")]), source())
    later = Label("XAA", "TEST", "OPEN", ("PUBLIC",), policy_version="2")
    assert counts(revise(*known_after([first]), incoming([(0, "a", "x")], later), source())) == (
        0,
        0,
        1,
        0,
        0,
    )


def test_an_older_version_with_other_content_is_held_back() -> None:
    _, second = laid([[(5, "a", "x")], [(3, "a", "y")]], source())
    assert counts(second) == (0, 0, 0, 0, 1)
    assert (
        "it is of 2026-09-04, older than what is known of the record XAA:test:a (2026-09-06)"
        in second.stale[0]
    )


files = st.lists(
    st.tuples(st.integers(0, 4), st.sampled_from("abc"), st.sampled_from("xyz")), min_size=1, max_size=25
)
hows = st.builds(source, several=st.booleans(), complete=st.booleans())


def fitting(rows: Rows, how: Source) -> Rows:
    """Where a row is one fact, its id stands once in a version."""
    return rows if how.several else [(d, n, c) for (d, n), c in {(d, n): c for d, n, c in rows}.items()]


TWICE: Rows = [(0, "a", "x"), (0, "b", "x"), (0, "c", "x"), (3, "a", "y"), (3, "b", "x")]
"""`a` changes, `b` stays, `c` ends."""


@pytest.mark.parametrize("several", [False, True])
def test_another_label_for_all_versions_of_a_file_is_that_of_every_newest_revision(several: bool) -> None:
    how = source(several, complete=True)
    first = laid([TWICE], how)
    second = revise(*known_after(first), incoming(TWICE, OWN), how)
    assert counts(second) == (0, 3, 2, 0, 0)
    newest = {identity: (c, e) for (identity, _), (_, until, c, _, e) in stored(first).items() if not until}
    after = stored([*first, second])
    assert {i: (c, e) for (i, _), (_, until, c, _, e) in after.items() if not until} == newest
    assert {label for _, until, _, label, _ in after.values() if not until} == {OWN}
    third = revise(*known_after([*first, second]), incoming(TWICE, OWN), how)
    assert (counts(third), third.revisions, third.superseded) == ((0, 0, 5, 0, 0), (), ())


def test_another_label_for_an_older_version_alone_is_that_of_the_newest_revision() -> None:
    first = laid([[(0, "a", "x")], [(3, "a", "y")]], source())
    second = revise(*known_after(first), incoming([(0, "a", "x")], OWN), source())
    (revision,) = second.revisions
    assert (revision.content_hash, revision.label, revision.revision) == ("y", OWN, 3)
    assert revision.ingested_at == revision.received_at == D0 + timedelta(days=3)
    again = revise(*known_after([*first, second]), incoming([(0, "a", "x")], OWN), source())
    assert counts(again) == (0, 0, 1, 0, 0)


def test_the_label_of_what_ends_in_the_same_delivery_is_the_new_one() -> None:
    first = laid([[(0, "a", "x"), (0, "b", "x"), (3, "a", "y"), (3, "b", "x")]], source(complete=True))
    rows: Rows = [(0, "a", "x"), (0, "b", "x"), (5, "b", "x")]
    second = revise(*known_after(first), incoming(rows, OWN), source(complete=True))
    newest = {i: (label, e) for (i, _), (_, u, _, label, e) in stored([*first, second]).items() if not u}
    assert newest == {"XAA:test:a": (OWN, True), "XAA:test:b": (OWN, False)}


@given(files, hows)
def test_another_label_for_a_file_changes_labels_alone_and_once(rows: Rows, how: Source) -> None:
    rows = fitting(rows, how)
    first = laid([rows], how)
    second = revise(*known_after(first), incoming(rows, OWN), how)
    before, after = stored(first), stored([*first, second])
    newest = {i: (c, e) for (i, _), (_, until, c, _, e) in after.items() if not until}
    assert newest == {i: (c, e) for (i, _), (_, until, c, _, e) in before.items() if not until}
    assert {label for _, until, _, label, _ in after.values() if not until} == {OWN}
    assert not second.stale
    third = revise(*known_after([*first, second]), incoming(rows, OWN), how)
    assert (third.revisions, third.duplicate) == ((), len(rows))


def test_a_file_that_grows_repeats_its_old_versions_without_a_revision() -> None:
    old: Rows = [(0, "a", "x"), (0, "b", "x"), (1, "a", "y"), (1, "b", "x")]
    _, second = laid([old, [*old, (2, "a", "z"), (2, "b", "x")]], source(complete=True))
    assert counts(second) == (0, 1, 5, 0, 0)


def test_what_a_complete_list_no_longer_has_ends_at_its_date() -> None:
    (outcome,) = laid([[(0, "a", "x"), (0, "b", "x"), (3, "b", "x")]], source(complete=True))
    assert counts(outcome) == (2, 0, 1, 1, 0)
    end = outcome.revisions[-1]
    assert (end.record_id, end.ended, end.ingested_at) == ("XAA:test:a", True, D0 + timedelta(days=3))


def test_a_list_that_is_not_complete_ends_nothing() -> None:
    (outcome,) = laid([[(0, "a", "x"), (0, "b", "x"), (3, "b", "x")]], source())
    assert outcome.ended == 0


def test_a_record_whose_row_was_held_back_has_not_ended() -> None:
    rows: Rows = [(0, "a", "x"), (0, "b", "x"), (3, "b", "x")]
    held = frozenset({(D0 + timedelta(days=3), "a")})
    assert laid([rows], source(complete=True, held=held))[0].ended == 0


def test_an_ended_record_comes_back_as_a_revision() -> None:
    (outcome,) = laid([[(0, "a", "x"), (1, "b", "x"), (2, "a", "x"), (2, "b", "x")]], source(complete=True))
    back = [r for r in outcome.revisions if r.record_id == "XAA:test:a"]
    assert [(r.revision, r.ended) for r in back] == [(1, False), (2, True), (3, False)]
    assert back[2].first_row == 0


def test_an_older_list_ends_nothing_that_is_known_later() -> None:
    _, second = laid([[(0, "a", "x"), (5, "a", "x"), (5, "b", "x")], [(3, "a", "x")]], source(complete=True))
    assert second.ended == 0


def test_a_recalled_record_is_not_taken_again() -> None:
    first = revise([], [], incoming([(0, "a", "x")]), source())
    (known,), past = known_after([first])
    recalled = Known(**{**vars(known), "msg_type": "recall", "content_hash": "recalled"})
    outcome = revise([recalled], past, incoming([(1, "a", "x")]), source())
    assert counts(outcome) == (0, 0, 0, 0, 1)
    assert "was recalled" in outcome.stale[0]


def test_rows_that_share_an_id_keep_their_numbers_in_any_order() -> None:
    rows: Rows = [(0, "a", "x"), (0, "a", "y"), (0, "a", "x")]
    _, second = laid(
        [rows, [(1, "a", "y"), (1, "a", "x"), (1, "a", "x")]], source(several=True, complete=True)
    )
    assert counts(second) == (0, 0, 3, 0, 0)


def test_of_rows_that_share_an_id_only_the_one_that_changed_is_revised() -> None:
    rows: Rows = [(0, "a", "x"), (0, "a", "y"), (0, "a", "z")]
    _, second = laid(
        [rows, [(1, "a", "z"), (1, "a", "new"), (1, "a", "x")]], source(several=True, complete=True)
    )
    assert counts(second) == (0, 1, 2, 0, 0)
    assert second.revisions[0].record_id == "XAA:test:a.2"


@given(st.lists(files, min_size=1, max_size=3), hows)
def test_the_revisions_of_a_record_are_a_chain_without_gap(deliveries: list[Rows], how: Source) -> None:
    rows = stored(laid([fitting(rows, how) for rows in deliveries], how))
    for (identity, number), (at, until, *_) in rows.items():
        following = rows.get((identity, number + 1))
        assert until == (following[0] if following else None)
        assert following is None or following[0] >= at
        assert number == 1 or (identity, number - 1) in rows


@given(files, hows)
def test_the_same_file_again_changes_nothing(rows: Rows, how: Source) -> None:
    rows = fitting(rows, how)
    _, again = laid([rows, rows], how)
    assert (again.revisions, again.superseded, dict(again.stale)) == ((), (), {})
    assert again.duplicate == len(rows)


@given(files, hows, st.randoms(use_true_random=False))
def test_the_order_of_rows_in_a_file_is_no_matter(rows: Rows, how: Source, chance: random.Random) -> None:
    rows = fitting(rows, how)
    shuffled = list(rows)
    chance.shuffle(shuffled)
    _, again = laid([rows, shuffled], how)
    assert (again.revisions, dict(again.stale)) == ((), {})


@given(files, hows)
def test_every_row_is_counted_once(rows: Rows, how: Source) -> None:
    rows = fitting(rows, how)
    (outcome,) = laid([rows], how)
    assert outcome.new + outcome.revised + outcome.duplicate + len(outcome.stale) == len(rows)


@given(files)
def test_what_is_known_of_a_complete_list_is_the_list(rows: Rows) -> None:
    """At each version's date exactly its rows are known and have not ended."""
    how = source(several=True, complete=True)
    held = stored(laid([rows], how))
    for day in {day for day, _, _ in rows}:
        at = D0 + timedelta(days=day)
        known = Counter(
            (identity.removeprefix("XAA:test:")[0], content)
            for (identity, _), (since, until, content, _, ended) in held.items()
            if since <= at and (until is None or at < until) and not ended
        )
        assert known == Counter((native, content) for d, native, content in rows if d == day)


@pytest.mark.parametrize("several", [False, True])
def test_two_hundred_thousand_rows_are_laid_in_seconds(several: bool) -> None:
    rows: Rows = [
        (day, f"n{number}", "x" if number % 3 else f"{day}") for day in range(4) for number in range(50_000)
    ]
    began = time.monotonic()
    laid([rows], source(several=several, complete=True))
    assert time.monotonic() - began < 30
