"""The three cases on the real files: what is in them, who sees what of it; once more changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from data.answers import Frame
from data.cases.case import case_names
from data.cases.load import LoadedCase, load_case
from data.filters import LAYER_FEEDS, Filter
from data.geography import Bounds
from data.home import Home
from data.marking import marking
from data.marks import marks
from data.released import Released
from data.store import Store

pytestmark = pytest.mark.real_files

CASES = case_names()
READ = {"ebola-2014": 21_036, "haiti": 510, "minusma": 975}
STRIPS = {
    "ebola-2014": "REPLAY 7 Apr 2014 – 26 Jul 2015",
    "haiti": "REPLAY 12 Jan 2010 – 31 Dec 2010",
    "minusma": "REPLAY 1 Jul 2013 – 31 Dec 2023",
}
AROUND = {
    "ebola-2014": Bounds(-17, 2, -5, 15),
    "haiti": Bounds(-76, 17, -70, 21),
    "minusma": Bounds(-13, 8, 17, 26),
}
"""What the map may open on: the countries of the case with some room."""

SHOWN: Mapping[tuple[str, str], tuple[int, int, int, int]] = {
    ("ebola-2014", "ocha-coordination"): (4282, 38, 1226, 686),
    ("ebola-2014", "msf-field"): (4282, 38, 1226, 686),
    ("ebola-2014", "unmil-operations"): (4282, 38, 1226, 686),
    ("ebola-2014", "gbr-task-force"): (4162, 38, 1226, 0),
    ("ebola-2014", "sle-response-centre"): (1014, 0, 114, 110),
    ("minusma", "ocha-access"): (280, 63, 0, 12),
    ("minusma", "minusma-operations"): (280, 63, 0, 0),
    ("minusma", "mali-services"): (42, 63, 0, 12),
    ("haiti", "ocha-coordination"): (0, 48, 0, 462),
    ("haiti", "minustah-operations"): (0, 48, 0, 383),
    ("haiti", "usa-task-force"): (0, 48, 0, 79),
}
"""Records of incidents, deployments, presence and deliveries when the replay ends."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


@pytest.fixture(scope="module")
def loaded(real_files: Path, folder: Path) -> dict[str, LoadedCase]:
    """All three, each in a home of its own."""
    return {name: load_case(folder / name, name, real_files) for name in CASES}


@pytest.fixture(scope="module")
def stores(loaded: dict[str, LoadedCase], folder: Path) -> Iterator[dict[str, Store]]:
    opened = {name: Store.open(Home.existing(folder / name)) for name in CASES}
    yield opened
    for store in opened.values():
        store.close()


def released(store: Store, persona: str | None = None) -> Released:
    """What is released to a persona, else to the one whom the page is for when nobody was chosen."""
    policy = store.policy()
    return store.released_to(policy.viewer(persona or next(iter(policy.personas))))


def now(store: Store) -> Filter:
    return Filter(end=store.now())


@pytest.mark.parametrize("name", CASES)
def test_every_row_is_read_and_few_are_held_back(loaded: dict[str, LoadedCase], name: str) -> None:
    reports = [report for _, report in loaded[name].reports]
    assert sum(report.read for report in reports) == READ[name]
    assert sum(report.quarantined for report in reports) == (5 if name == "ebola-2014" else 0)
    assert not loaded[name].is_all_known


@pytest.mark.parametrize("name", CASES)
def test_the_replay_says_its_dates_and_ends_within_them(stores: dict[str, Store], name: str) -> None:
    store = stores[name]
    policy = store.policy()
    viewer = policy.viewer(next(iter(policy.personas)))
    assert marking(policy, (), viewer, store.now()).strip == STRIPS[name]
    assert policy.operation.until_at is not None
    assert store.now() <= policy.operation.until_at


@pytest.mark.parametrize("name", CASES)
def test_the_default_persona_sees_marks_at_places_and_the_map_opens_on_them(
    stores: dict[str, Store], name: str
) -> None:
    store = stores[name]
    seen = released(store)
    extent = seen.extent(Filter())
    assert extent is not None
    around = AROUND[name]
    assert around.west < extent.west < extent.east < around.east
    assert around.south < extent.south < extent.north < around.north
    drawn = {layer: marks(seen, now(store), layer, Frame(extent, 6)) for layer in LAYER_FEEDS}
    assert sum(len(found.marks) for found in drawn.values()) >= 9
    assert sum(found.total - found.unplaced for found in drawn.values()) >= 48


@pytest.mark.parametrize(("name", "persona"), SHOWN)
def test_each_persona_sees_what_its_agreements_give(
    stores: dict[str, Store], name: str, persona: str
) -> None:
    store = stores[name]
    seen = released(store, persona)
    assert tuple(len(seen.rows(now(store), layer)) for layer in LAYER_FEEDS) == SHOWN[name, persona]


def precisions(store: Store, persona: str, layer: str) -> set[int]:
    return set(released(store, persona).rows(now(store), layer).whole("geo_precision").tolist())


def test_agreements_make_points_into_areas(stores: dict[str, Store]) -> None:
    ebola, sahel, haiti = (stores[name] for name in ("ebola-2014", "minusma", "haiti"))
    assert precisions(ebola, "ocha-coordination", "presence") >= {2}
    assert 2 not in precisions(ebola, "unmil-operations", "presence")
    assert precisions(ebola, "gbr-task-force", "military") == {4}
    assert precisions(sahel, "ngo-security", "incidents") == {2, 4, 5, 6}
    assert precisions(sahel, "minusma-operations", "incidents") == {4, 6}
    assert precisions(haiti, "usa-task-force", "military") == {4}


def test_attacks_on_aid_workers_are_not_for_the_state(stores: dict[str, Store]) -> None:
    def kinds(persona: str) -> set[str]:
        rows = released(stores["minusma"], persona).rows(Filter(), "incidents")
        return set(rows.codes("incident_type").counts())

    assert kinds("ngo-security") == {"aid_worker_attack", "violence_civilians"}
    assert kinds("mali-services") == {"violence_civilians"}


def test_restrictions_of_both_files_are_records_of_one_register(stores: dict[str, Store]) -> None:
    rows = released(stores["ebola-2014"]).rows(Filter(), "incidents")
    assert rows.codes("source").counts() == {"ebola-cases": 4080, "ebola-restrictions": 202}


COUNTRIES = {"ebola-2014": {"GIN", "LBR", "SLE"}, "haiti": {"HTI"}, "minusma": {"MLI", "BFA", "NER"}}


@pytest.mark.parametrize("name", CASES)
def test_of_files_about_the_world_only_the_cases_rows_are_taken(stores: dict[str, Store], name: str) -> None:
    seen = released(stores[name])
    bases = seen.all_time(Filter(), "military").codes("country_iso3").counts()
    rows = seen.all_time(Filter(), "deliveries")
    goods = rows.only(rows.codes("aid_type").any_of(("in_kind",))).codes("country_iso3").counts()
    assert set(bases) <= COUNTRIES[name] >= set(goods)
    assert bases
    assert goods


@pytest.mark.parametrize("name", CASES)
def test_a_case_again_is_all_duplicate(
    loaded: dict[str, LoadedCase], real_files: Path, folder: Path, name: str
) -> None:
    before = Counter(path.suffix for path in (folder / name / "lake").rglob("*.parquet"))
    again = load_case(folder / name, name, real_files)
    assert again.is_all_known
    assert {count for _, count in again.regions} == {0}
    for _, report in again.reports:
        assert report.duplicate + report.quarantined == report.read
    assert Counter(path.suffix for path in (folder / name / "lake").rglob("*.parquet")) == before
