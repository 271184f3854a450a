"""A home holds one operation; its kind decides the clock."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import shapely

from data.clock import system_clock
from data.errors import HomeError, PolicyError
from data.home import SHIPPED_POLICY, Home, home_clock
from data.home_state import home_secret
from data.lake import LakeWriter
from data.regions import Area, region_rows
from data.schema import DELIVERIES, INCIDENTS
from data.store import Store
from tests.factories import a_home, a_publication, a_row, publish

AT = datetime(2015, 8, 3, tzinfo=UTC)
OTHER = SHIPPED_POLICY.read_text(encoding="utf-8").replace('id = "REPLAY"', 'id = "OTHER"')
ACTUAL = SHIPPED_POLICY.read_text(encoding="utf-8").replace('kind = "replay"', 'kind = "actual"')
EXERCISE = SHIPPED_POLICY.read_text(encoding="utf-8").replace(
    'kind = "replay"', 'kind = "exercise"\nuntil = 2015-08-03T00:00:00Z'
)


def home_with(path: Path, policy: str) -> Home:
    path.mkdir()
    (path / "policy.toml").write_text(policy, encoding="utf-8")
    return Home.open(path)


def test_an_empty_home_becomes_a_replay_with_the_shipped_policy(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "new" / "home")
    assert home.kind == "replay"
    assert home.policy_file.read_bytes() == SHIPPED_POLICY.read_bytes()
    assert {path.name for path in home.path.iterdir()} == {
        "policy.toml", "lake", "spool", "inbox", "quarantine", "audit", "sheets",
    }  # fmt: skip


def test_opening_again_keeps_the_policy(tmp_path: Path) -> None:
    home_with(tmp_path / "home", OTHER)
    assert Home.open(tmp_path / "home").policy().operation.id == "OTHER"


def test_a_folder_of_other_things_is_not_made_a_home(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").write_text("x")
    with pytest.raises(HomeError, match=r"holds other things \(such as 'letters.txt'\) and no policy.toml"):
        Home.open(tmp_path)
    assert not (tmp_path / "policy.toml").exists()


def test_records_without_a_policy_are_not_given_another_one(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    home.catalog.write_bytes(b"x")
    home.policy_file.unlink()
    with pytest.raises(HomeError, match=r"holds records but no policy\.toml"):
        Home.open(home.path)


def test_a_wrong_policy_is_refused(tmp_path: Path) -> None:
    (tmp_path / "policy.toml").write_text("nonsense = 1")
    with pytest.raises(PolicyError):
        Home.open(tmp_path)


def test_an_empty_home_is_claimed_by_an_operation(tmp_path: Path) -> None:
    home = Home.claim(tmp_path / "home", OTHER, "OTHER")
    assert home.policy().operation.id == "OTHER"


def test_a_home_that_was_only_opened_is_still_empty(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    with LakeWriter(home):
        pass
    assert home.catalog.exists()
    assert Home.claim(tmp_path / "home", OTHER, "OTHER").policy().operation.id == "OTHER"


def a_record(home: Home) -> None:
    publish(home, a_publication(INCIDENTS, [a_row(INCIDENTS)]))


def a_region(home: Home) -> None:
    area = Area("XQ01", "North", 1, "XQQ", "XQQ", shapely.box(-71, 18, -70, 19))
    with LakeWriter(home) as lake:
        lake.publish_regions(region_rows([area], AT.date()))


def a_file_without_records(home: Home) -> None:
    publish(home, a_publication(INCIDENTS, []))


def a_changed_policy(home: Home) -> None:
    home.policy_file.write_text(f"{SHIPPED_POLICY.read_text(encoding='utf-8')}\n# ours", encoding="utf-8")


@pytest.mark.parametrize("given", [a_record, a_region, a_file_without_records, a_changed_policy])
def test_a_home_that_was_given_anything_is_kept(tmp_path: Path, given: Callable[[Home], None]) -> None:
    home = Home.open(tmp_path / "home")
    assert home.is_unused
    given(home)
    assert not home.is_unused
    with pytest.raises(HomeError, match="holds the operation 'REPLAY', not 'OTHER'"):
        Home.claim(home.path, OTHER, "OTHER")


def test_looking_for_a_home_makes_none(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match="is empty"):
        Home.existing(tmp_path / "home")
    assert not (tmp_path / "home").exists()
    assert Home(tmp_path / "home").is_unused


def test_the_secret_of_a_home_is_kept_and_its_owners_alone(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    assert len(home_secret(home)) == 32
    assert home_secret(home) == home_secret(home) == home.secret_file.read_bytes()
    assert home.secret_file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in home.path.iterdir() if "secret" in path.name] == ["secret"]


def test_who_asks_while_the_secret_is_made_gets_the_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, make, got = Home.open(tmp_path / "home"), secrets.token_bytes, []

    def asked_meanwhile(size: int) -> bytes:
        monkeypatch.setattr("secrets.token_bytes", make)
        got.append(home_secret(home))
        return make(size)

    monkeypatch.setattr("secrets.token_bytes", asked_meanwhile)
    got.append(home_secret(home))
    assert len(got[0]) == 32
    assert got[0] == got[1] == home_secret(home)


def test_nothing_is_signed_with_a_secret_that_is_not_whole(tmp_path: Path) -> None:
    home = Home.open(tmp_path / "home")
    home.secret_file.touch()
    with pytest.raises(HomeError, match=r"is not whole: .* holds 0 bytes, expected at least 16"):
        home_secret(home)


def test_the_same_operation_claims_its_home_again_and_keeps_its_policy(tmp_path: Path) -> None:
    home = Home.claim(tmp_path / "home", OTHER, "OTHER")
    changed = OTHER.replace('title = "Replay of open data"', 'title = "Changed"')
    home.policy_file.write_text(changed, encoding="utf-8")
    assert Home.claim(home.path, OTHER, "OTHER").policy().operation.title == "Changed"


@pytest.mark.parametrize("has_records", [False, True])
def test_a_home_of_another_operation_is_not_claimed(tmp_path: Path, has_records: bool) -> None:
    if has_records:
        home = Home.open(tmp_path / "home")
        home.catalog.write_bytes(b"x")
    else:
        home = home_with(tmp_path / "home", ACTUAL.replace('id = "REPLAY"', 'id = "REAL"'))
    before = home.policy_file.read_bytes()
    with pytest.raises(HomeError, match=r"holds the operation '(REAL|REPLAY)', not 'OTHER'"):
        Home.claim(home.path, OTHER, "OTHER")
    assert home.policy_file.read_bytes() == before


def test_a_replay_stands_at_the_last_thing_known(tmp_path: Path) -> None:
    clock = home_clock(Home.open(tmp_path / "home"), lambda: AT)
    assert clock() == AT == clock()


def test_an_exercise_starts_at_its_end_and_goes_on(tmp_path: Path) -> None:
    clock = home_clock(home_with(tmp_path / "home", EXERCISE), lambda: None)
    assert AT <= clock() < AT + timedelta(minutes=1)


def test_an_actual_operation_has_the_real_time(tmp_path: Path) -> None:
    clock = home_clock(home_with(tmp_path / "home", ACTUAL), lambda: AT)
    assert abs(clock() - system_clock()) < timedelta(minutes=1)


def test_a_home_of_an_earlier_version_gets_the_columns_it_does_not_have(tmp_path: Path) -> None:
    home = a_home(tmp_path)
    publish(home, a_publication(DELIVERIES, [a_row(DELIVERIES, 1)]))
    with LakeWriter(home) as lake:
        lake._lake.run("ALTER TABLE lake.deliveries DROP COLUMN freight_usd")
    publish(home, a_publication(DELIVERIES, [a_row(DELIVERIES, 2)]))
    store = Store.open(home)
    told = store.released_to(store.policy().viewer("aldara")).ask("SELECT freight_usd FROM lake.deliveries")
    store.close()
    assert told.column(0).to_pylist() == [None, None]
