"""What is put into the inbox is taken or refused, moved with its result, and never lost."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.errors import FolderUnusable
from data.feeds import inbox
from data.feeds.inbox import Changed, Waiting, make_folders, take, waiting
from data.feeds.result import Result
from data.home import Home
from data.lake import LakeWriter
from data.parsing import Limits
from data.sources import Sources
from tests.data.feeds.attacks import a_file, attack

AT = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
GOOD = a_file(attack(1), attack(2))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home.open(tmp_path / "home")
    make_folders(made)
    return made


def put(home: Home, name: str, content: bytes = GOOD, partner: str = "II") -> Path:
    path = home.inbox / partner / name
    path.write_bytes(content)
    return path


def only(home: Home) -> Waiting:
    (one,) = waiting(home)
    return one


def records(home: Home) -> list[str]:
    with LakeWriter(home) as lake:
        return sorted(lake.newest_rows("incidents")["record_id"].to_pylist())


def moved(home: Home, outcome: str, partner: str = "II") -> list[str]:
    folder = home.inbox / partner / outcome
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def result_of(home: Home, outcome: str, partner: str = "II") -> dict[str, Any]:
    (path,) = (home.inbox / partner / outcome).glob("*.result.json")
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_every_partner_has_a_folder(home: Home) -> None:
    assert {path.name for path in home.inbox.iterdir()} == set(home.policy().partners)


def test_a_file_is_taken_and_moved_with_what_became_of_it(home: Home) -> None:
    put(home, "march 2024.csv")
    assert take(home, only(home), AT).taken
    assert records(home) == ["II:insecurity-aid-workers:1", "II:insecurity-aid-workers:2"]
    assert waiting(home) == []
    file, told = moved(home, "taken")
    assert file.startswith("20261127T120000Z_")
    assert file.endswith("_march 2024.csv")
    assert told == f"{file}.result.json"
    assert (home.inbox / "II" / "taken" / file).read_bytes() == GOOD
    result = result_of(home, "taken")
    assert (result["taken"], result["read"], result["new"], result["recipe"]) == (
        True,
        2,
        2,
        "insecurity-aid-workers",
    )
    assert result["said"] == ["march 2024.csv: read 2, new 2, revised 0, duplicate 0, quarantined 0"]


def test_a_row_that_is_held_back_is_told_with_its_reason(home: Home) -> None:
    rows = [attack(n) for n in range(1, 7)]
    put(home, "x.csv", a_file(*rows, attack(7, Latitude="123")))
    take(home, only(home), AT)
    result = result_of(home, "taken")
    assert (result["new"], result["quarantined"]) == (6, 1)
    assert result["held"][0]["number"] == 8
    assert "latitude" in result["held"][0]["reason"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "No recipe fits"),
        (b"\x00\x01\x02", ""),
        (a_file(attack(1, Latitude="123")), "1 of the 1 rows"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_a_sentence(
    home: Home, content: bytes, sentence: str
) -> None:
    put(home, "bad.csv", content)
    assert not take(home, only(home), AT).taken
    assert records(home) == []
    assert len(moved(home, "refused")) == 2
    (said,) = result_of(home, "refused")["said"]
    assert sentence in said


def test_a_partner_delivers_nobody_elses_records(home: Home) -> None:
    rows = [attack(n, originator="II") for n in range(1, 7)]
    put(home, "x.csv", a_file(*rows, attack(7, originator="WHO")))
    take(home, only(home), AT)
    assert len(records(home)) == 6
    assert {identity.split(":")[0] for identity in records(home)} == {"II"}
    (held,) = result_of(home, "taken")["held"]
    assert held["reason"] == "label: the originator is WHO, and II delivers its own records only"


def test_a_file_in_no_partners_folder_is_refused(home: Home) -> None:
    (home.inbox / "x.csv").write_bytes(GOOD)
    (home.inbox / "XZZ").mkdir()
    put(home, "y.csv", partner="XZZ")
    said = [line for one in waiting(home) for line in take(home, one, AT).said]
    assert said == ["x.csv lies in the inbox itself, which is nobody's.", "XZZ is no partner of the policy."]
    assert records(home) == []


@pytest.mark.parametrize(
    "name", [".hidden.csv", "x.csv.part", "X.CSV.PART", "x.tmp", ".worker.lock", "x.csv.result.json"]
)
def test_what_is_still_being_sent_waits(home: Home, name: str) -> None:
    put(home, name)
    assert waiting(home) == []


def test_a_link_is_not_followed(home: Home, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(GOOD)
    link = home.inbox / "II" / "link.csv"
    link.symlink_to(secret)
    assert take(home, only(home), AT).said == ("link.csv is no plain file.",)
    assert records(home) == []
    assert secret.read_bytes() == GOOD


def test_a_pipe_holds_nobody_up(home: Home) -> None:
    os.mkfifo(home.inbox / "II" / "pipe.csv")
    assert not take(home, only(home), AT).taken
    assert waiting(home) == []


def test_names_cannot_leave_the_folder(home: Home) -> None:
    put(home, "a\n<b>$(c)`d`;é.csv")
    take(home, only(home), AT)
    file, _told = moved(home, "taken")
    assert file.endswith("_a__b__(c)_d__é.csv")
    assert result_of(home, "taken")["file_name"].count("\n") == 0


def test_a_very_long_name_is_cut(home: Home) -> None:
    put(home, "é" * 120 + ".csv")
    take(home, only(home), AT)
    file, _told = moved(home, "taken")
    assert file.endswith("é.csv")


def test_the_same_name_again_loses_nothing(home: Home) -> None:
    for _ in range(3):
        put(home, "x.csv")
        take(home, only(home), AT)
    assert len(moved(home, "taken")) == 6
    assert len(records(home)) == 2


def test_a_file_that_was_taken_and_not_moved_is_taken_again_without_harm(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the lake and the move."""
    put(home, "x.csv")
    monkeypatch.setattr(inbox, "_move", lambda *_told: None)
    take(home, only(home), AT)
    monkeypatch.undo()
    result = take(home, only(home), AT)
    assert (result.taken, result.new, result.duplicate) == (True, 0, 2)
    assert len(records(home)) == 2
    assert len(moved(home, "taken")) == 2


def x_of(home: Home) -> Waiting:
    return next(one for one in waiting(home) if one.path.name == "x.csv")


@pytest.mark.parametrize("way", ["file", "link", "long link"])
def test_what_is_in_the_way_of_a_move_is_not_followed(home: Home, way: str) -> None:
    put(home, "x.csv")
    outcome = home.inbox / "II" / "taken"
    if way == "file":
        outcome.write_text("in the way")
    else:
        outcome.symlink_to("../WHO" if way == "link" else "x" * 300)
    with pytest.raises(FolderUnusable, match=r"x.csv of II cannot be taken out of its folder: .*It waits"):
        take(home, x_of(home), AT)
    assert (home.inbox / "II" / "x.csv").exists()
    assert list((home.inbox / "WHO").iterdir()) == []


def test_a_partner_that_is_refused_on_purpose_reaches_no_other_folder(home: Home) -> None:
    """It delivers what is WHO's, and makes its folder of refused files WHO's inbox."""
    put(home, "x.csv", a_file(attack(1, originator="WHO")))
    (home.inbox / "II" / "refused").symlink_to("../WHO")
    with pytest.raises(FolderUnusable):
        take(home, x_of(home), AT)
    assert list((home.inbox / "WHO").iterdir()) == []


@pytest.mark.parametrize("what", ["link", "other", "more"])
def test_what_is_another_file_by_the_time_it_is_read_waits(home: Home, tmp_path: Path, what: str) -> None:
    path = put(home, "x.csv")
    seen = x_of(home)
    if what == "more":
        path.write_bytes(GOOD + b"\n")
    else:
        path.unlink()
        other = tmp_path / "others.csv"
        other.write_bytes(GOOD)
        if what == "link":
            path.symlink_to(other)
        else:
            other.rename(path)
    with pytest.raises((Changed, FolderUnusable)):
        take(home, seen, AT)
    assert records(home) == []
    assert moved(home, "taken") == []


def test_what_is_replaced_while_it_is_taken_is_read_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    put(home, "x.csv")
    taken = inbox._taken

    def replaces(home: Home, one: Waiting, content: bytes, limits: Limits) -> Result:
        result = taken(home, one, content, limits)
        newer = home.inbox / "II" / "newer.part"
        newer.write_bytes(a_file(attack(3)))
        newer.rename(home.inbox / "II" / "x.csv")
        return result

    monkeypatch.setattr(inbox, "_taken", replaces)
    take(home, x_of(home), AT)
    monkeypatch.undo()
    take(home, x_of(home), AT)
    assert [identity[-1] for identity in records(home)] == ["1", "2", "3"]


def test_a_recipe_is_its_publishers_alone_unless_an_operator_said_so(home: Home) -> None:
    put(home, "x.csv", partner="OCHA")
    said = take(home, only(home), AT).said
    assert said == ("The recipe insecurity-aid-workers is not one of OCHA's.",)
    text = b"""
[[source]]
id = "attacks"
partner = "OCHA"
recipe = "insecurity-aid-workers"
level = "SENSITIVE"
releasable_to = ["WHO"]
"""
    Sources(home).load(text, "sources.toml")
    put(home, "x.csv", partner="OCHA")
    assert take(home, only(home), AT).taken
    with LakeWriter(home) as lake:
        (row, _other) = lake.newest_rows("incidents").to_pylist()
        label = lake.label(row["label_id"])
    assert (label.originator, label.classification, label.releasable_to) == ("OCHA", "SENSITIVE", ("WHO",))


def test_a_partner_is_not_told_that_another_had_the_same_file(home: Home) -> None:
    Sources(home).load(
        b'[[source]]\nid = "a"\npartner = "OCHA"\nrecipe = "insecurity-aid-workers"\n', "s.toml"
    )
    put(home, "x.csv")
    take(home, only(home), AT)
    put(home, "x.csv", partner="OCHA")
    take(home, only(home), AT)
    assert "before" not in json.dumps(result_of(home, "taken", "OCHA"))


def test_a_row_of_a_later_year_does_not_move_a_replays_clock(home: Home, tmp_path: Path) -> None:
    quakes = Path(__file__).parent / "answers" / "usgs.geojson"
    put(home, "x.geojson", quakes.read_bytes().replace(b"1789990900000", b"3755000000000", 1), "USGS")
    result = take(home, only(home), AT)
    assert not result.taken
    assert "lies in the future" in result.said[0]


def test_the_longest_waiting_is_first_and_each_partner_has_its_turn(home: Home) -> None:
    for n, name in enumerate(("c.csv", "a.csv", "b.csv")):
        os.utime(put(home, name), (n, n))
    os.utime(put(home, "z.csv", partner="WHO"), (100, 100))
    assert [one.path.name for one in waiting(home)] == ["c.csv", "z.csv", "a.csv", "b.csv"]
