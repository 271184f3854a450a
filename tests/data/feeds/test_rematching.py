"""Regions loaded later: the same records, placed, by the system."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import shapely

from data.feeds.rematching import NOTE, rematch_into
from data.home import Home
from data.regions import Area, region_rows
from tests.data.feeds.fake_lake import FakeLake, event, events, home_of_kind, presence, presences, take

BOMI = Area("LR01", "Bomi", 1, None, "LBR", shapely.box(-11.3, 6.4, -10.5, 7.1))
REGIONS = region_rows([BOMI], date(2019, 11, 4))
D2 = datetime(2026, 9, 2, tzinfo=UTC)


def place_later(lake: FakeLake, home: Home) -> dict[str, int]:
    lake._regions = REGIONS
    return rematch_into(lake, home)


@pytest.fixture
def rows() -> list[dict[str, str]]:
    return [event(1, region="Bomi", lat="", lon=""), event(2, region="Nowhere", lat="", lon="")]


def test_a_place_that_is_known_now_is_a_new_revision(
    lake: FakeLake, home: Home, rows: list[dict[str, str]]
) -> None:
    take(lake, home, events(), rows)
    assert place_later(lake, home) == {"incidents": 1, "deployments": 0, "deliveries": 0}
    first, second, other = lake.rows("incidents")
    assert (first["geo_precision"], first["adm1_pcode"], other["geo_precision"]) == (6, None, 6)
    assert (second["geo_precision"], second["adm1_pcode"], second["revision"]) == (4, "LR01", 2)
    assert (second["notes"], second["source_org"], second["msg_type"]) == (NOTE, "Aldara", "update")
    assert second["content_hash"] == first["content_hash"]
    assert lake.label(second["label_id"]) == lake.label(first["label_id"])


def test_matching_again_changes_nothing(lake: FakeLake, home: Home, rows: list[dict[str, str]]) -> None:
    take(lake, home, events(), rows)
    place_later(lake, home)
    assert sum(place_later(lake, home).values()) == 0
    assert take(lake, home, events(), rows).duplicate == 2


def test_in_a_replay_a_look_back_shows_the_place(
    lake: FakeLake, home: Home, rows: list[dict[str, str]]
) -> None:
    take(lake, home, events(), [*rows, event(3, listed="2026-09-05")])
    place_later(lake, home)
    first, second, *_ = lake.rows("incidents")
    assert (first["superseded_at"], second["ingested_at"], second["received_at"]) == (D2, D2, D2)


def test_in_an_exercise_the_place_is_known_from_now_on(
    lake: FakeLake, tmp_path: Path, rows: list[dict[str, str]]
) -> None:
    home = home_of_kind(tmp_path / "exercise", "exercise")
    take(lake, home, events(), rows)
    place_later(lake, home)
    first, second, _ = lake.rows("incidents")
    now = datetime(2026, 9, 30, 12, tzinfo=UTC)
    assert second["ingested_at"] == first["superseded_at"] >= now


@pytest.mark.parametrize("kind", ["recall", "cancel"])
def test_what_was_withdrawn_stays_withdrawn(
    lake: FakeLake, home: Home, rows: list[dict[str, str]], kind: str
) -> None:
    take(lake, home, events(), rows)
    table = lake.tables["incidents"].to_pylist()
    lake.tables["incidents"] = type(lake.tables["incidents"]).from_pylist(
        [{**row, "msg_type": kind} for row in table], schema=lake.tables["incidents"].schema
    )
    assert sum(place_later(lake, home).values()) == 0


def test_regions_that_are_the_originators_own_word_stay(lake: FakeLake, home: Home) -> None:
    take(lake, home, presences(), [presence("Foya", "MSF", "2026-09-01")])
    table = lake.tables["deployments"].to_pylist()
    own = [{**row, "pcode_match": None, "adm1_pcode": "XX1", "country_iso3": "LBR"} for row in table]
    lake.tables["deployments"] = type(lake.tables["deployments"]).from_pylist(
        own, schema=lake.tables["deployments"].schema
    )
    assert sum(place_later(lake, home).values()) == 0
