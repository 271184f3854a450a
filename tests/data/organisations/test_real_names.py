"""The real lists of the Ebola response: Médecins Sans Frontières, however written, is one after a review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.feeds.ingest import ingest
from data.home import Home
from data.lake import LakeWriter
from data.organisations.review import Review, review

pytestmark = pytest.mark.real_files

FILES = (
    ("ebola-3w", "3w_snapshots_2014.csv"),
    ("ebola-centres", "medical_centres_snapshots_2014.csv"),
)
KNOWN = {"MSF", "Medecins sans Frontieres"}
SECTIONS = {
    "MSF-B",
    "MSF Belgique",
    "Medecins sans Frontieres Belgique",
    "Medecins sans Frontieres France",
    "Medecins sans Frontieres Switzerland",
}
WHO_READS = "ocha-analyst"


@pytest.fixture(scope="module")
def home(real_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Who does what where and the treatment centres, as they were published."""
    made = Home.open(tmp_path_factory.mktemp("names") / "home")
    for recipe, name in FILES:
        ingest(made, recipe, [real_files / "ebola_west_africa" / name])
    return made


@pytest.fixture
def reviewed(home: Home) -> Iterator[Review]:
    with review(home, WHO_READS) as found:
        yield found


def organisations(home: Home) -> Counter[str]:
    """Of the records that name the organisation in whatever way: its code, else the name as it stands."""
    with LakeWriter(home) as lake:
        rows = lake.newest_rows("deployments").select(["org_name", "org_code"]).to_pylist()
    return Counter(
        row["org_code"] or row["org_name"]
        for row in rows
        if row["org_name"].startswith(("MSF", "Medecins sans"))
    )


def test_six_spellings_are_six_before_the_review_and_one_after(home: Home, reviewed: Review) -> None:
    names = {item.name for item in reviewed.seen if item.key.startswith(("msf", "medecinssans"))}
    assert names == KNOWN | SECTIONS
    before = organisations(home)
    assert set(before) == {"MSF", *SECTIONS}
    assert len(before) == 6
    first = next(found for found in reviewed.suggestions() if found.code == "MSF")
    assert (first.is_known, set(first.open_names)) == (True, SECTIONS)
    assert organisations(home) == before
    reviewed.merge(first.open_names, first.code)
    assert organisations(home) == {"MSF": sum(before.values())}
    with review(home, WHO_READS) as later:
        (named,) = [item for item in later.organisations() if item.code == "MSF"]
        assert {item.name for item in named.names} == KNOWN | SECTIONS
        assert not any(found.code == "MSF" for found in later.suggestions())
        assert [(d.persona, d.action, d.code, set(d.names)) for d in later.log()] == [
            (WHO_READS, "merge", "MSF", SECTIONS)
        ]


def test_the_same_lists_again_are_all_duplicate_after_the_review(home: Home, real_files: Path) -> None:
    before = organisations(home)
    for recipe, name in FILES:
        report = ingest(home, recipe, [real_files / "ebola_west_africa" / name])
        assert (report.duplicate, report.new, report.revised) == (report.read, 0, 0)
    assert organisations(home) == before


def test_agencies_of_the_united_nations_are_one_under_both_their_names(home: Home) -> None:
    with LakeWriter(home) as lake:
        rows = lake.newest_rows("deployments").select(["org_name", "org_code"]).to_pylist()
    names: dict[str | None, set[str]] = {}
    for row in rows:
        names.setdefault(row["org_code"], set()).add(row["org_name"])
    assert names["UNICEF"] == {"UNICEF", "United Nations Children's Fund"}
    assert names["WHO"] == {"WHO", "World Health Organization"}
    assert names["UNFPA"] == {"UNFPA", "United Nations Population Fund"}


def test_ministries_of_two_states_are_never_one_group(reviewed: Review) -> None:
    for found in reviewed.suggestions():
        names = {item.name for item in found.names}
        assert not ({"Guinea MOH", "MOH Guinea"} & names and {"Liberia MOH", "MOH Liberia"} & names)
