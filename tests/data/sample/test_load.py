"""The exercise in a home: whole, once, and never into another operation."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.columns import NONE
from data.errors import HomeError
from data.filters import Filter
from data.home import Home
from data.lake import LakeWriter
from data.sample import Loaded, load_sample
from data.sample.storm import END
from data.store import Store


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Loaded, list[tuple[int, int, str]]]:
    told: list[tuple[int, int, str]] = []
    path = tmp_path_factory.mktemp("homes") / "exercise"
    result = load_sample(path, progress=lambda *step: told.append(step))
    return Home(path), result, told


def test_an_empty_home_becomes_the_exercise(loaded: tuple[Home, Loaded, list[tuple[int, int, str]]]) -> None:
    home, result, told = loaded
    assert home.policy().operation.id == "EX-NORTHERN-PASSAGE"
    assert home.kind == "exercise"
    assert not result.already
    with LakeWriter(home) as lake:
        assert {feed: lake.newest_rows(feed).num_rows for feed in result.records} == result.records
        ends = lake.knowledge_ends_at()
        assert ends is not None
        assert ends < END
    assert told[-1][0] == told[-1][1]


def test_loading_again_changes_nothing(loaded: tuple[Home, Loaded, list[tuple[int, int, str]]]) -> None:
    home, result, _ = loaded
    assert load_sample(home).already
    with LakeWriter(home) as lake:
        assert {feed: lake.newest_rows(feed).num_rows for feed in result.records} == result.records


def test_another_seed_is_refused_in_a_loaded_home(
    loaded: tuple[Home, Loaded, list[tuple[int, int, str]]],
) -> None:
    with pytest.raises(HomeError, match="another seed than 7"):
        load_sample(loaded[0], seed=7)


def test_another_operation_is_refused(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    policy = home.policy_file.read_text(encoding="utf-8")
    home.policy_file.write_text(policy.replace('id = "REPLAY"', 'id = "OTHER"'), encoding="utf-8")
    before = home.policy_file.read_bytes()
    with pytest.raises(HomeError, match="OTHER"):
        load_sample(home)
    assert home.policy_file.read_bytes() == before
    assert not home.catalog.exists()


def test_personas_see_different_numbers(loaded: tuple[Home, Loaded, list[tuple[int, int, str]]]) -> None:
    home, _, _ = loaded
    store = Store(home, fixed_clock(END))
    seen = {}
    for persona in ("aldara-commander", "corvessa-liaison", "farrowmere-engineer", "ternfield-observer"):
        released = store.released_to(store.policy().viewer(persona))
        rows = released.all_time(Filter(), "incidents")
        seen[persona] = (len(rows), int((rows.whole("mx") != NONE).sum()))
    store.close()
    assert len(set(seen.values())) == len(seen), seen
    assert max(seen, key=lambda persona: seen[persona]) == "aldara-commander"
    assert seen["ternfield-observer"][0] < 0.7 * seen["aldara-commander"][0]
