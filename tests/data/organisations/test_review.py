"""A person reviews names: only those released to it, and what it decides is done, kept, and can be undone."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.clock import fixed_clock
from data.errors import OrganisationRefused, PolicyError
from data.feeds.ingest import NO_OPTIONS, IngestOptions, ingest_into
from data.feeds.recipe_file import recipe
from data.home import Home
from data.labels import Label
from data.lake import LakeWriter
from data.organisations.decisions import decisions
from data.organisations.review import Review, apply, review
from tests.data.feeds.fake_lake import as_csv
from tests.factories import a_home, a_publication, a_row, publish

AT = datetime(2026, 11, 27, 10, tzinfo=UTC)
POLICY = """
[operation]
id = "TRIAL"
title = "Trial"
kind = "replay"
marking = "humanitarian"
[policy]
id = "TRIAL"
version = "1"
levels = ["OPEN"]
categories = []
[[partner]]
code = "OCHA"
name = "UN Office for the Coordination of Humanitarian Affairs"
kind = "un"
service = "relief"
[[partner]]
code = "XAB"
name = "Borland"
kind = "state"
service = "civil"
[[agreement]]
id = "ALL"
kind = "multilateral"
parties = ["OCHA", "XAB"]
feeds = ["deliveries"]
level = "OPEN"
regions = "all"
from = 2000-01-01T00:00:00Z
geo_level = "exact"
delay = "PT0S"
hide = []
allows = ["screen"]
use = "trial"
retention = "P1Y"
at_end = "delete"
humanitarian_sites = "adm2"
legal_basis = "trial"
[[persona]]
id = "ocha"
name = "OCHA"
partner = "OCHA"
roles = ["analyst"]
clearance = "OPEN"
categories = []
regions = "all"
[[persona]]
id = "borland"
name = "Borland"
partner = "XAB"
roles = ["viewer"]
clearance = "OPEN"
categories = []
regions = "all"
"""
CHANNELS = "MSF", "Médecins sans Frontières", "MSF - Norway", "Médecins sans Frontières - Belgium", "GOAL"
HIDDEN = "MSF Hidden Section"


def funding(*channels: str) -> bytes:
    """A list of funding, a grant for each channel."""
    same = {"snapshot_date": "2014-11-11", "donor": "Norway", "funding_usd": "1000", "status": "Committed"}
    rows = [
        {"channel": name, "description": f"Grant {n}", "area": "Liberia"} for n, name in enumerate(channels)
    ]
    return as_csv([same | row for row in rows])


def take(home: Home, content: bytes, name: str = "funding.csv", options: IngestOptions = NO_OPTIONS) -> str:
    with LakeWriter(home) as lake:
        report = ingest_into(lake, home, recipe("ebola-fts"), [(name, content)], options)
    return f"new {report.new}, revised {report.revised}, duplicate {report.duplicate}"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Five channels, for everybody."""
    made = a_home(tmp_path / "home", POLICY)
    take(made, funding(*CHANNELS))
    return made


@pytest.fixture
def withheld(home: Home) -> Home:
    """The same, and one more channel in the record of another source that its owner keeps to itself."""
    row = a_row("deliveries", 1, originator="OCHA", source="fts-incoming", channel_org=HIDDEN)
    publish(home, a_publication("deliveries", [row], (Label("OCHA", "TRIAL", "OPEN", ()),)))
    return home


@pytest.fixture
def ocha(home: Home) -> Iterator[Review]:
    with review(home, "ocha") as reviewed:
        yield reviewed


def codes(home: Home, feed: str = "deliveries") -> dict[str, str | None]:
    with LakeWriter(home) as lake:
        rows = lake.newest_rows(feed).to_pylist()
    return {row["channel_org"]: row["channel_code"] for row in rows}


def test_known_names_have_their_code_when_they_are_taken(home: Home) -> None:
    assert codes(home) == {
        "MSF": "MSF", "Médecins sans Frontières": "MSF", "MSF - Norway": None,
        "Médecins sans Frontières - Belgium": None, "GOAL": None,
    }  # fmt: skip
    with LakeWriter(home) as lake:
        assert {row["donor"] for row in lake.newest_rows("deliveries").to_pylist()} == {"NOR"}


def test_a_suggestion_changes_nothing(home: Home, ocha: Review) -> None:
    before = codes(home)
    (found,) = ocha.suggestions()
    assert sorted(found.open_names) == ["MSF - Norway", "Médecins sans Frontières - Belgium"]
    assert codes(home) == before
    assert decisions(home) == ()
    assert not home.state_file.exists()


def test_a_merge_reaches_what_is_there_and_what_comes(home: Home, ocha: Review) -> None:
    ocha.merge(["msf norway", "Medecins sans frontieres Belgium"], "MSF")
    assert {name for name, code in codes(home).items() if code == "MSF"} == set(CHANNELS) - {"GOAL"}
    assert take(home, funding(*CHANNELS)) == "new 0, revised 0, duplicate 5"
    again = funding(*CHANNELS, "MSF-Norway").replace(b"Grant 5", b"Another")
    assert take(home, again, name="later.csv") == "new 1, revised 0, duplicate 5"
    assert codes(home)["MSF-Norway"] == "MSF"


def test_a_merge_is_a_revision_by_the_system_that_keeps_the_partners_word(home: Home, ocha: Review) -> None:
    with LakeWriter(home) as lake:
        before = {row["record_id"]: row for row in lake.newest_rows("deliveries").to_pylist()}
    ocha.merge(["MSF - Norway"], "MSF")
    with LakeWriter(home) as lake:
        after = {row["record_id"]: row for row in lake.newest_rows("deliveries").to_pylist()}
    changed = [name for name, row in after.items() if row != before[name]]
    (record,) = changed
    old, new = before[record], after[record]
    assert {name for name in new if new[name] != old[name]} == {
        "channel_code",
        "revision",
        "msg_type",
        "notes",
    }
    assert "organisation named again by system" in new["notes"]
    assert new["ingested_at"] == old["ingested_at"]


def test_a_split_takes_the_name_out_again(home: Home, ocha: Review) -> None:
    ocha.merge(["MSF - Norway"], "MSF")
    with review(home, "ocha") as later:
        later.split(["MSF - Norway"])
    assert codes(home)["MSF - Norway"] is None
    with review(home, "ocha") as later:
        (found,) = later.suggestions()
        assert found.open_names == ("Médecins sans Frontières - Belgium",)


def test_who_decided_what_and_when_is_kept_and_never_changed(home: Home, ocha: Review) -> None:
    ocha.merge(["MSF - Norway"], "MSF", clock=fixed_clock(AT))
    with review(home, "borland") as later:
        later.split(["MSF - Norway"], clock=fixed_clock(AT))
        assert later.log()[0].persona == "ocha"
    with review(home, "ocha") as later:
        told = [(d.at, d.persona, d.partner, d.action, d.code, d.names) for d in later.log()]
    assert told == [
        (AT, "ocha", "OCHA", "merge", "MSF", ("MSF - Norway",)),
        (AT, "borland", "XAB", "split", "MSF", ("MSF - Norway",)),
    ]
    with closing(sqlite3.connect(home.state_file)) as state:
        for statement in (
            "DELETE FROM organisation_decisions",
            "UPDATE organisation_decisions SET code = 'X'",
        ):
            with pytest.raises(sqlite3.IntegrityError, match="stays as it was taken"):
                state.execute(statement)


def test_a_name_that_is_withheld_is_in_no_list_and_answered_like_one_that_is_none(withheld: Home) -> None:
    with review(withheld, "ocha") as owner:
        assert HIDDEN in {item.name for item in owner.seen}
        owner.merge([HIDDEN, "MSF - Norway"], "MSF")
    with review(withheld, "borland") as other:
        shown = repr((other.seen, other.suggestions(), other.organisations(), other.log()))
        assert "Hidden" not in shown
        assert other.log()[0].names == ("MSF - Norway",)
        sentences = []
        for name in (HIDDEN, "Nobody At All"):
            with pytest.raises(OrganisationRefused) as refused:
                other.merge([name], "MSF")
            sentences.append(str(refused.value).replace(name, "NAME"))
        assert sentences[0] == sentences[1]
        with pytest.raises(OrganisationRefused):
            other.split([HIDDEN])


def test_what_a_viewer_sees_of_a_merge_does_not_hang_on_what_is_withheld(withheld: Home, home: Home) -> None:
    with review(withheld, "ocha") as owner:
        owner.merge([HIDDEN], "SECRETCLUB")
    with review(withheld, "borland") as other:
        assert "SECRETCLUB" not in repr((other.seen, other.suggestions(), other.organisations(), other.log()))


def test_an_unknown_persona_may_not_even_look(home: Home) -> None:
    with pytest.raises(PolicyError, match="no persona 'nobody'"), review(home, "nobody"):
        pass


@pytest.mark.parametrize("code", ["", "msf", "M", "PUBLIC", "UNKNOWN", "A B", "X" * 17, "MSF'); --"])
def test_a_code_that_is_none_is_refused_before_anything_is_decided(
    home: Home, ocha: Review, code: str
) -> None:
    with pytest.raises(OrganisationRefused, match="a capital letter, then"):
        ocha.merge(["GOAL"], code)
    assert decisions(home) == ()


def test_a_name_without_an_organisation_cannot_be_split(ocha: Review) -> None:
    with pytest.raises(OrganisationRefused, match="of no organisation"):
        ocha.split(["GOAL"])


def test_a_code_that_the_originator_states_stays(home: Home) -> None:
    row = a_row("deliveries", 1, originator="OCHA", channel_org="Borland Relief", channel_code="XAB")
    publish(home, a_publication("deliveries", [row], (Label("OCHA", "TRIAL", "OPEN", ("PUBLIC",)),)))
    apply(home)
    assert codes(home)["Borland Relief"] == "XAB"
    with review(home, "ocha") as reviewed, pytest.raises(OrganisationRefused, match="originator's own word"):
        reviewed.split(["Borland Relief"])


def test_decisions_that_were_not_carried_out_are_when_apply_is_asked(home: Home, ocha: Review) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("data.organisations.review.rename_into", lambda *_: {})
        ocha.merge(["MSF - Norway"], "MSF")
    assert codes(home)["MSF - Norway"] is None
    assert apply(home) == {"incidents": 0, "deployments": 0, "deliveries": 1}
    assert codes(home)["MSF - Norway"] == "MSF"
    assert sum(apply(home).values()) == 0
