"""What a case wants: which files, from where, which part of them; what is refused before anything is made."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.cases.case import case, case_names
from data.cases.files import find_files
from data.cases.load import load_case
from data.errors import CaseRefused, HomeError
from data.feeds.recipe_file import recipe
from data.home import REPLAY, Home
from data.policy import read_policy
from tests.factories import a_home

CASES = case_names()


def a_folder(path: Path, name: str, *, without: tuple[str, ...] = ()) -> Path:
    """The files of a case by name, empty, here and there beneath a folder."""
    for number, item in enumerate(case(name).files):
        if item.name not in without:
            place = path / f"box {number % 3}" / "raw" / item.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(b"")
    return path


def test_three_cases_ship() -> None:
    assert CASES == ("ebola-2014", "haiti", "minusma")


@pytest.mark.parametrize("name", CASES)
def test_a_case_is_whole(name: str, tmp_path: Path) -> None:
    asked = case(name)
    used = {item.file for item in (*asked.regions, *asked.deliveries)}
    assert used == {item.name for item in asked.files}
    assert all(re.fullmatch(r"https://[a-z0-9.-]+/\S+", item.published) for item in asked.files)
    policy_file = tmp_path / "policy.toml"
    policy_file.write_text(asked.policy, encoding="utf-8")
    policy = read_policy(policy_file)
    operation = policy.operation
    assert (operation.kind, operation.id) == (REPLAY, asked.operation)
    assert operation.from_at is not None
    assert operation.until_at is not None
    assert all(item.as_of is None or item.as_of <= operation.until_at for item in asked.deliveries)
    owners = {recipe(item.recipe).label["originator"] for item in asked.deliveries}
    assert owners <= set(policy.partners)
    services = {policy.partners[persona.partner].service for persona in policy.personas.values()}
    assert services == {"military", "civil", "relief"}
    assert "ILLUSTRATIVE" in asked.policy


def test_all_missing_files_are_named_in_one_sentence_with_where_they_were_published(tmp_path: Path) -> None:
    gone = ("geopko_tcc_long.csv", "cod_hti_adm1.geojson")
    folder = a_folder(tmp_path / "files", "haiti", without=gone)
    with pytest.raises(CaseRefused) as refused:
        load_case(tmp_path / "home", "haiti", folder)
    sentence = str(refused.value)
    assert sentence.startswith(f"Of 4 files of haiti, {folder} does not hold 2: ")
    for item in case("haiti").files:
        assert (item.name in sentence) == (item.name in gone)
        if item.name in gone:
            assert f"{item.holds}, published at {item.published}" in sentence
    assert sentence.count(". ") == 0
    assert not (tmp_path / "home").exists()


def test_files_are_found_anywhere_beneath_the_folder(tmp_path: Path) -> None:
    found = find_files(case("haiti"), a_folder(tmp_path, "haiti"))
    assert set(found) == {item.name for item in case("haiti").files}


def test_a_file_that_stands_there_twice_must_be_the_same(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, "haiti")
    other = folder / "again" / "geopko_tcc_long.csv"
    other.parent.mkdir()
    other.write_bytes(b"")
    find_files(case("haiti"), folder)
    other.write_bytes(b"another")
    with pytest.raises(CaseRefused, match="stands twice"):
        find_files(case("haiti"), folder)


@pytest.mark.parametrize("name", ["ebola", "../haiti", "", "Haiti"])
def test_a_case_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(CaseRefused, match="ebola-2014, haiti, minusma"):
        load_case(tmp_path / "home", name, tmp_path)


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CaseRefused, match="is no folder"):
        load_case(tmp_path / "home", "haiti", tmp_path / "nowhere")


def test_a_home_that_holds_another_operation_stays_as_it_is(tmp_path: Path) -> None:
    home = a_home(tmp_path / "home")
    before = home.policy_file.read_bytes()
    with pytest.raises(HomeError, match="holds the operation 'EX-TEST', not 'HAITI-2010'"):
        load_case(home.path, "haiti", a_folder(tmp_path / "files", "haiti"))
    assert home.policy_file.read_bytes() == before
    assert not Home(home.path).holds_rows()


HEAD = ["country,when,what", "#country,#date,#item"]
MALI_13, MALI_14, NIGER_14 = 'Mali,1-Jan-13,"a, ""b"""', "Mali ,2-Feb-14,c", "Niger,3-Mar-14,d"
