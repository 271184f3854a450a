"""The register changes: the same records, with the codes of now, by the system."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.feeds.recipe import Recipe
from data.feeds.renaming import NOTE, rename_into
from data.home import Home
from data.organisations.decisions import MERGE, SPLIT, Decision, record
from tests.data.feeds.fake_lake import PRESENCES, FakeLake, home_of_kind, presence, presences, take

AT = datetime(2026, 11, 27, tzinfo=UTC)
ROWS = [presence("Foya", "MSF", "2026-09-01"), presence("Zorzor", "MSF-B", "2026-09-01")]


def decide(home: Home, action: str, code: str, *names: str) -> None:
    record(home, Decision(AT, "somebody", "XAA", action, code, names))


def stating(**fields: str) -> Recipe:
    """The recipe of presences, with the partner's own word about the organisation's code."""
    return presences(columns={**PRESENCES["columns"], **fields})


def codes(lake: FakeLake) -> list[str | None]:
    newest = [row for row in lake.rows("deployments") if row["superseded_at"] is None]
    return [row["org_code"] for row in sorted(newest, key=lambda row: row["org_name"])]


def test_a_decision_reaches_what_is_in_the_lake_and_again_changes_nothing(lake: FakeLake, home: Home) -> None:
    take(lake, home, presences(), ROWS)
    assert codes(lake) == ["MSF", None]
    decide(home, MERGE, "MSF", "MSF-B")
    assert rename_into(lake, home, declared=[presences()]) == {
        "incidents": 0,
        "deployments": 1,
        "deliveries": 0,
    }
    assert codes(lake) == ["MSF", "MSF"]
    assert sum(rename_into(lake, home, declared=[presences()]).values()) == 0
    changed = lake.rows("deployments")[-1]
    assert (changed["notes"], changed["msg_type"], changed["revision"]) == (NOTE, "update", 2)
    assert take(lake, home, presences(), ROWS).duplicate == 2


def test_a_split_leaves_the_name_without_a_code(lake: FakeLake, home: Home) -> None:
    take(lake, home, presences(), ROWS)
    decide(home, SPLIT, "MSF", "MSF")
    rename_into(lake, home, declared=[presences()])
    assert codes(lake) == [None, None]


def test_a_code_that_a_recipe_takes_from_the_file_stays(lake: FakeLake, home: Home) -> None:
    recipe = stating(org_code="town")
    take(lake, home, recipe, ROWS)
    decide(home, MERGE, "MSF", "MSF-B")
    assert rename_into(lake, home, declared=[recipe])["deployments"] == 0
    assert codes(lake) == ["Foya", "Zorzor"]


def test_a_decision_reaches_a_source_without_a_recipe_and_can_be_taken_back(
    lake: FakeLake, home: Home
) -> None:
    """What its originator states stays: MSF is the code of the first, whatever is decided about the name."""
    take(lake, home, presences(), ROWS)
    decide(home, MERGE, "GROUP", "MSF-B", "MSF")
    assert rename_into(lake, home)["deployments"] == 1
    assert codes(lake) == ["MSF", "GROUP"]
    assert sum(rename_into(lake, home).values()) == 0
    decide(home, MERGE, "OTHER", "MSF-B")
    rename_into(lake, home)
    assert codes(lake) == ["MSF", "OTHER"]
    decide(home, SPLIT, "OTHER", "MSF-B", "MSF")
    rename_into(lake, home)
    assert codes(lake) == ["MSF", None]


def test_a_decision_reaches_what_comes_where_the_partner_states_no_code(lake: FakeLake, home: Home) -> None:
    recipe = stating(org_code="code")
    decide(home, MERGE, "GROUP", "MSF-B", "MSF")
    take(lake, home, recipe, [{**ROWS[0], "code": "OWN"}, {**ROWS[1], "code": ""}])
    assert codes(lake) == ["OWN", "GROUP"]
    assert sum(rename_into(lake, home, declared=[recipe]).values()) == 0
    decide(home, SPLIT, "GROUP", "MSF-B")
    rename_into(lake, home, declared=[recipe])
    assert codes(lake) == ["OWN", None]


@pytest.mark.parametrize("kind", ["replay", "exercise"])
def test_a_code_is_known_since_then_in_a_replay_and_from_now_on_elsewhere(
    lake: FakeLake, tmp_path: Path, kind: str
) -> None:
    home = home_of_kind(tmp_path / kind, kind)
    take(lake, home, presences(), ROWS)
    decide(home, MERGE, "MSF", "MSF-B")
    rename_into(lake, home, declared=[presences()])
    old, new = [row for row in lake.rows("deployments") if row["org_name"] == "MSF-B"]
    assert old["superseded_at"] == new["ingested_at"]
    assert (new["ingested_at"] == old["ingested_at"]) is (kind == "replay")


@pytest.mark.parametrize("kind", ["recall", "cancel"])
def test_what_was_withdrawn_stays_withdrawn(lake: FakeLake, home: Home, kind: str) -> None:
    take(lake, home, presences(), ROWS)
    table = lake.tables["deployments"]
    rows = [{**row, "msg_type": kind} for row in table.to_pylist()]
    lake.tables["deployments"] = type(table).from_pylist(rows, schema=table.schema)
    decide(home, MERGE, "MSF", "MSF-B")
    assert sum(rename_into(lake, home, declared=[presences()]).values()) == 0
