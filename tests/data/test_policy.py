"""policy.toml: what is in it comes out, and whatever is wrong in it is refused in one sentence."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import PolicyError
from data.labels import Label
from data.level_names import may_name_level
from data.policy import REPLAY_POLICY, Policy, parse_policy, read_policy
from data.policy_table import duration
from data.release import RecordFacts, decide
from data.viewer import Identity, Viewer

Document = dict[str, Any]

TEXT = """
[operation]
id = "EX-1"
title = "Exercise One"
kind = "exercise"
from = 2026-09-01T00:00:00Z
until = 2026-10-01T00:00:00Z
marking = "nato"

[policy]
id = "ONE"
version = "7"
levels = ["OPEN", "SENSITIVE"]
categories = ["medical", "protection"]

[[partner]]
code = "XAA"
name = "Aldara"
kind = "state"
service = "military"

[[partner]]
code = "RED+1-X"
name = "Relief"
kind = "red_cross"
service = "relief"

[[partner]]
code = "XAB"
name = "Brenn"
kind = "state"
service = "police"

[[group]]
code = "EAST"
members = [
    { partner = "XAB", from = 2026-09-05T00:00:00Z },
    { partner = "XAA", from = 2026-09-01T00:00:00Z, until = 2026-09-10T00:00:00Z },
]

[[persona]]
id = "aldara-commander"
name = "Commander"
partner = "XAA"
roles = ["viewer", "releaser"]
clearance = "SENSITIVE"
categories = ["medical"]
regions = "all"

[[persona]]
id = "brenn-sector"
name = "Sector chief"
partner = "XAB"
roles = ["viewer"]
clearance = "OPEN"
categories = []
regions = ["XQ-01", "XQ"]

[[agreement]]
id = "two"
kind = "bilateral"
parties = ["XAA", "XAB"]
feeds = ["incidents"]
level = "OPEN"
regions = ["XQ"]
from = 2026-09-03T00:00:00Z
until = 2026-09-20T00:00:00Z
geo_level = "adm1"
delay = "P1DT6H"
hide = ["operational", "personal"]
allows = ["screen"]
use = "planning"
retention = "one year"
at_end = "return"
humanitarian_sites = "exact"
legal_basis = "exchange of letters"

[[agreement]]
id = "all"
kind = "multilateral"
parties = ["XAA", "XAB", "RED+1-X"]
feeds = ["incidents", "deployments", "deliveries"]
level = "SENSITIVE"
regions = "all"
from = 2026-09-01T00:00:00Z
geo_level = "exact"
allows = ["screen", "file"]
legal_basis = "charter"
"""


def document() -> Document:
    return copy.deepcopy(tomllib.loads(TEXT))


def parsed() -> Policy:
    return parse_policy(document(), "policy.toml")


def at(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, tzinfo=UTC)


def test_what_is_written_is_what_is_read() -> None:
    policy = parsed()
    assert (policy.id, policy.version, policy.levels) == ("ONE", "7", ("OPEN", "SENSITIVE"))
    assert policy.categories == {"medical", "protection"}
    operation = policy.operation
    assert (operation.id, operation.title, operation.kind, operation.marking) == (
        *("EX-1", "Exercise One", "exercise", "nato"),
    )
    assert (operation.from_at, operation.until_at) == (at(1), datetime(2026, 10, 1, tzinfo=UTC))
    partner = policy.partners["RED+1-X"]
    assert (partner.code, partner.name, partner.kind, partner.service) == (
        *("RED+1-X", "Relief", "red_cross", "relief"),
    )
    assert list(policy.partners) == ["XAA", "RED+1-X", "XAB"]
    assert list(policy.personas) == ["aldara-commander", "brenn-sector"]


def test_an_agreement_is_read_with_all_its_terms() -> None:
    everybody, two = parsed().agreements
    assert (two.id, two.kind, two.parties) == ("two", "bilateral", {"XAA", "XAB"})
    assert (two.feeds, two.level, two.regions) == ({"incidents"}, "OPEN", {"XQ"})
    assert (two.from_at, two.until_at, two.geo_level) == (at(3), at(20), "adm1")
    assert (two.delay, two.hide) == (timedelta(days=1, hours=6), {"operational", "personal"})
    assert (two.allows, two.use, two.retention, two.at_end) == ({"screen"}, "planning", "one year", "return")
    assert (two.humanitarian_sites, two.legal_basis) == ("exact", "exchange of letters")
    assert (everybody.regions, everybody.until_at, everybody.delay) == (None, None, timedelta())
    assert (everybody.hide, everybody.at_end, everybody.humanitarian_sites) == (frozenset(), "delete", "adm2")


def test_a_persona_becomes_a_viewer() -> None:
    expected = Identity(
        id="brenn-sector",
        name="Sector chief",
        partner="XAB",
        clearance="OPEN",
        categories=frozenset(),
        regions=frozenset({"XQ-01", "XQ"}),
        roles=frozenset({"viewer"}),
    )
    assert parsed().viewer("brenn-sector") == Viewer((expected,))
    assert parsed().viewer("aldara-commander").identities[0].regions is None


def test_an_unknown_persona_is_said_to_be_so() -> None:
    with pytest.raises(PolicyError, match=r"no persona 'nobody'.*aldara-commander, brenn-sector"):
        parsed().viewer("nobody")


def test_groups_count_while_a_membership_lasts() -> None:
    policy = parsed()
    assert policy.groups_of("XAA", at(1)) == {"EAST"}
    assert policy.groups_of("XAA", at(9, 23)) == {"EAST"}
    assert policy.groups_of("XAA", at(10)) == frozenset()
    assert policy.groups_of("XAB", at(4, 23)) == frozenset()
    assert policy.groups_of("XAB", at(30)) == {"EAST"}
    assert policy.groups_of("EAST", at(5)) == frozenset()


def test_the_next_change_is_the_next_boundary_of_anything() -> None:
    policy = parsed()
    seen = [datetime(2026, 8, 1, tzinfo=UTC)]
    while (change := policy.next_change_after(seen[-1])) is not None:
        seen.append(change)
    assert seen[1:] == [at(1), at(3), at(5), at(10), at(20), datetime(2026, 10, 1, tzinfo=UTC)]


def test_the_digest_is_of_the_content_alone() -> None:
    turned = document()
    for name in ("partner", "persona", "agreement"):
        turned[name].reverse()
    turned["group"][0]["members"].reverse()
    turned["agreement"][0]["parties"].reverse()
    assert parse_policy(turned, "elsewhere.toml").digest == parsed().digest
    changed = document()
    changed["agreement"][0]["delay"] = "PT1S"
    assert parse_policy(changed, "policy.toml").digest != parsed().digest
    changed = document()
    changed["policy"]["levels"].reverse()
    assert parse_policy(changed, "policy.toml").digest != parsed().digest


def test_what_may_be_left_out_may_be_left_out() -> None:
    small = document()
    for name in ("group", "persona", "agreement"):
        del small[name]
    del small["policy"]["categories"], small["operation"]["from"], small["operation"]["until"]
    policy = parse_policy(small, "policy.toml")
    assert (policy.groups, policy.personas, policy.agreements, policy.categories) == ({}, {}, (), frozenset())
    assert (policy.operation.from_at, policy.operation.until_at) == (None, None)
    assert policy.next_change_after(at(1)) is None


# --- refusals ---------------------------------------------------------------------------------------------

WRONG: list[tuple[str, str, object, str]] = [
    # where, key, value (None: taken out), what the sentence must name
    ("operation", "id", None, "id is missing"),
    ("operation", "id", "two words", "'two words'"),
    ("operation", "title", "", "title"),
    ("operation", "title", "two\nlines", "title"),
    ("operation", "title", 7, "title is 7"),
    ("operation", "kind", "drill", "exercise, replay, actual"),
    ("operation", "marking", "secret", "nato, eu, un, national, humanitarian"),
    ("operation", "from", "2026-09-01T00:00:00Z", "a time in UTC"),
    ("operation", "from", date(2026, 9, 1), "a time in UTC"),
    ("operation", "from", datetime(2026, 9, 1), "a time in UTC"),  # noqa: DTZ001
    ("operation", "until", at(1), "a time after its from, 2026-09-01T00:00:00Z"),
    ("operation", "clock", "mine", "clock"),
    ("policy", "id", None, "id is missing"),
    ("policy", "version", 7, "version is 7"),
    ("policy", "version", None, "version is missing"),
    ("policy", "levels", [], "levels"),
    ("policy", "levels", None, "levels"),
    ("policy", "levels", "OPEN", "levels is 'OPEN'"),
    ("policy", "levels", ["OPEN", "OPEN"], "once"),
    ("policy", "levels", ["OPEN", "Open"], "different"),
    ("policy", "levels", ["OPEN", "NATO SECRET"], "'NATO SECRET'"),
    ("policy", "levels", ["OPEN", 1], "levels is 1"),
    ("policy", "categories", ["two words"], "'two words'"),
    ("policy", "categories", [""], "categories"),
    ("policy", "author", "me", "author"),
    ("partner", "code", "aaa", "'aaa'"),
    ("partner", "code", "AAA ", "'AAA '"),
    ("partner", "code", "A", "'A'"),
    ("partner", "code", "А" + "BC", "a capital letter"),  # noqa: RUF001 - a Cyrillic A
    ("partner", "code", "ABCDEFGHIJKLM", "ABCDEFGHIJKLM"),
    ("partner", "code", "PUBLIC", "not PUBLIC or ALL"),
    ("partner", "code", "ALL", "not PUBLIC or ALL"),
    ("partner", "code", "XAB", "no other table"),
    ("partner", "code", 5, "code is 5"),
    ("partner", "code", None, "code is missing"),
    ("partner", "name", " ", "name"),
    ("partner", "kind", "army", "red_cross"),
    ("partner", "service", "secret", "military, police, civil, relief"),
    ("partner", "service", None, "service is missing"),
    ("partner", "colour", "red", "colour"),
    ("group", "code", "XAB", "no other table"),
    ("group", "code", "PUBLIC", "not PUBLIC or ALL"),
    ("group", "members", [], "at least one member"),
    ("group", "members", None, "at least one member"),
    ("group", "members", ["XAA"], "tables"),
    ("group", "members", [{"partner": "XZZ", "from": at(1)}], "'XZZ'"),
    ("group", "members", [{"partner": "XAA"}], "from is missing"),
    ("group", "members", [{"partner": "XAA", "from": at(2), "until": at(2)}], "a time after its from"),
    ("group", "members", [{"partner": "XAA", "from": at(2), "as": "chair"}], "as"),
    ("group", "owner", "XAA", "owner"),
    ("persona", "id", "brenn-sector", "no other table"),
    ("persona", "id", "", "id is ''"),
    ("persona", "partner", "XZZ", "'XZZ'"),
    ("persona", "partner", "EAST", "'EAST'"),
    ("persona", "roles", [], "at least 1"),
    ("persona", "roles", None, "at least 1"),
    ("persona", "roles", ["god"], "'god'"),
    ("persona", "roles", "viewer", "roles is 'viewer'"),
    ("persona", "clearance", "", "clearance is ''"),
    ("persona", "clearance", None, "clearance is missing"),
    ("persona", "clearance", "HIGH", "OPEN, SENSITIVE"),
    ("persona", "categories", ["nuclear"], "'nuclear'"),
    ("persona", "categories", ["medical", "medical"], "once"),
    ("persona", "regions", None, "regions"),
    ("persona", "regions", [], "regions"),
    ("persona", "regions", "ALL", "regions is 'ALL'"),
    ("persona", "regions", ["all", " "], "' '"),
    ("persona", "regions", ["two words"], "'two words'"),
    ("persona", "password", "x", "password"),
    ("agreement", "id", "all", "no other table"),
    ("agreement", "kind", "trilateral", "bilateral, multilateral"),
    ("agreement", "parties", ["XAA"], "at least 2"),
    ("agreement", "parties", ["XAA", "XAA"], "once"),
    ("agreement", "parties", ["XAA", "XZZ"], "'XZZ'"),
    ("agreement", "parties", ["XAA", "EAST"], "'EAST'"),
    ("agreement", "parties", ["XAA", "XAB", "RED+1-X"], "exactly two"),
    ("agreement", "feeds", [], "at least 1"),
    ("agreement", "feeds", ["rumours"], "'rumours'"),
    ("agreement", "level", "HIGH", "OPEN, SENSITIVE"),
    ("agreement", "level", None, "level is missing"),
    ("agreement", "regions", None, "regions"),
    ("agreement", "from", None, "from is missing"),
    ("agreement", "until", at(3), "a time after its from"),
    ("agreement", "until", "never", "a time in UTC"),
    ("agreement", "geo_level", "village", "exact, adm2, adm1, adm0, none"),
    ("agreement", "geo_level", None, "geo_level is missing"),
    ("agreement", "delay", "two days", "ISO 8601"),
    ("agreement", "delay", "P1Y", "ISO 8601"),
    ("agreement", "delay", 6, "delay is 6"),
    ("agreement", "hide", ["public"], "'public'"),
    ("agreement", "hide", "personal", "hide is 'personal'"),
    ("agreement", "allows", [], "at least 1"),
    ("agreement", "allows", None, "at least 1"),
    ("agreement", "allows", ["print"], "'print'"),
    ("agreement", "at_end", "burn", "delete, return, keep_aggregate"),
    ("agreement", "humanitarian_sites", "adm1", "adm2, exact"),
    ("agreement", "legal_basis", None, "legal_basis is missing"),
    ("agreement", "legal_basis", "x" * 501, "legal_basis"),
    ("agreement", "use", ["planning"], "use is"),
    ("agreement", "geolevel", "adm1", "geolevel"),
]


@pytest.mark.parametrize(("where", "key", "value", "said"), WRONG)
def test_every_wrong_value_is_refused_by_name(where: str, key: str, value: object, said: str) -> None:
    wrong = document()
    table = wrong[where][0] if isinstance(wrong[where], list) else wrong[where]
    if value is None:
        del table[key]
    else:
        table[key] = value
    with pytest.raises(PolicyError) as refusal:
        parse_policy(wrong, "my-policy.toml")
    message = refusal.value.message
    assert message.startswith("my-policy.toml, [")
    assert f"[{where}]" in message
    assert key in message
    assert said in message
    assert "expected" in message
    assert message.count("\n") == 0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(extra=1), "extra is 1"),
        (lambda d: d.pop("operation"), "operation is missing"),
        (lambda d: d.pop("policy"), "policy is missing"),
        (lambda d: d.update(policy=[1]), "policy is [1]"),
        (lambda d: d.pop("partner"), "at least one [[partner]]"),
        (lambda d: d.update(partner={"code": "XAA"}), "[[partner]]"),
        (lambda d: d.update(agreement=["x"]), "[[agreement]]"),
    ],
)
def test_a_wrong_table_is_refused_by_name(change: Callable[[Document], object], said: str) -> None:
    wrong = document()
    change(wrong)
    with pytest.raises(PolicyError) as refusal:
        parse_policy(wrong, "my-policy.toml")
    assert refusal.value.message.startswith("my-policy.toml: ")
    assert said in refusal.value.message


def test_a_file_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("\ufeff" + TEXT, "utf-8")
    assert read_policy(path).digest == parsed().digest


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"[operation\n", "is not a TOML file"),
        (b"\xff\xfe\x00", "is not UTF-8 text"),
        (b"x = " + b"[" * 20_000, "is not a TOML file"),
        (b"#" * (5 * 1024 * 1024), "larger than 4 MiB"),
        (b"", "policy is missing"),
    ],
)
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "policy.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(PolicyError) as refusal:
        read_policy(path)
    assert "policy.toml" in str(refusal.value)
    assert said in str(refusal.value)
    assert str(tmp_path) not in str(refusal.value)


@pytest.mark.parametrize(
    "name",
    [
        *("RESTRICTED", "Confidential", "SECRET", "TOP SECRET", "top-secret", "TOPSECRET", "S E C R E T"),
        *(
            "COSMIC",
            "COSMIC TOP SECRET",
            "NATO RESTRICTED",
            "NATO CONFIDENTIAL",
            "EU SECRET",
            "EU RESTRICTED",
        ),
        *("RESTREINT UE", "CONFIDENTIEL UE", "TRÈS SECRET", "très secret défense", "Diffusion restreinte"),
        *("GEHEIM", "streng geheim", "VS-Vertraulich", "VS – Nur für den Dienstgebrauch", "VS-NfD"),
        *(
            "SECRETO",
            "ALTO SECRETO",
            "CONFIDENCIAL",
            "RESERVADO",
            "DIFUSIÓN LIMITADA",
            "RISERVATO",
            "SEGRETO",
        ),
        *("NS", "CTS", "R", "TS", "CLASSIFIED", "PROTECTED B", "UNCLASSIFIED SECRET", "SECRETARIAT ONLY"),
        *("СЕКРЕТНО", "SЕCRET", "ＳＥＣＲＥＴ", "SEC\u200bRET", "", " ", "---", " OPEN", "OPEN\n", "O" * 41),  # noqa: RUF001
    ],
)
def test_a_level_is_not_named_like_a_classification(name: str) -> None:
    assert not may_name_level(name)


@pytest.mark.parametrize(
    "name",
    [
        "OPEN",
        "SENSITIVE",
        "UNCLASSIFIED",
        "NATO UNCLASSIFIED",
        "Non classifié",
        "Unrestricted",
        "LIMITED",
        "ÖFFENTLICH",
    ],
)
def test_a_level_may_be_named_openly(name: str) -> None:
    assert may_name_level(name)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("PT6H", timedelta(hours=6)),
        ("P2D", timedelta(days=2)),
        ("P1DT6H", timedelta(days=1, hours=6)),
        ("P2W", timedelta(weeks=2)),
        ("PT90M", timedelta(minutes=90)),
        ("PT1H30M15S", timedelta(hours=1, minutes=30, seconds=15)),
        ("PT0S", timedelta()),
        ("P3650D", timedelta(days=3650)),
    ],
)
def test_durations_are_read(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "6H", "P1M", "P1Y", "PT-6H", "-P1D", "p1d", "P1.5D", "P1D ", "P3651D", "P٣D"],
)
def test_what_is_no_duration_is_none(text: str) -> None:
    assert duration(text) is None


# --- the shipped policy -----------------------------------------------------------------------------------


def test_the_shipped_policy_registers_every_originator_of_the_recipes() -> None:
    policy = read_policy(REPLAY_POLICY)
    recipes = sorted((REPLAY_POLICY.parents[1] / "feeds" / "recipes").glob("*.toml"))
    for path in recipes:
        label = tomllib.loads(path.read_text("utf-8"))["label"]
        assert label["originator"] in policy.partners, path.name
        assert label["classification"] in policy.levels, path.name
    assert {"WHO", "OCHA", "UNMEER", "BRC", "UU", "II", "USAID", "UNHCR"} <= set(policy.partners)
    assert (policy.operation.id, policy.operation.kind, policy.levels) == (
        "REPLAY",
        "replay",
        ("OPEN", "SENSITIVE"),
    )


def test_under_the_shipped_policy_public_records_reach_every_persona_and_own_ones_nobody_else() -> None:
    policy = read_policy(REPLAY_POLICY)
    now = datetime(2014, 11, 30, tzinfo=UTC)
    facts = RecordFacts("deployments", frozenset({"LBR"}), presence_kind="humanitarian")
    public = Label("WHO", policy.id, "OPEN", ("PUBLIC",))
    sites = {}
    for persona in policy.personas:
        decision = decide(policy, policy.viewer(persona), public, facts, now, "file")
        assert decision.permit, persona
        sites[persona] = not decision.obligations.without_site
        own = decide(policy, policy.viewer(persona), Label("WHO", policy.id, "OPEN"), facts, now, "screen")
        assert own.permit is (persona == "who-analyst")
    assert [persona for persona, exact in sites.items() if not exact] == ["gbr-military"]


def test_the_observer_of_the_shipped_policy_is_bound_to_a_country() -> None:
    policy = read_policy(REPLAY_POLICY)
    observer, label = policy.viewer("observer"), Label("WHO", policy.id, "OPEN", ("PUBLIC",))
    now = datetime(2014, 11, 30, tzinfo=UTC)
    facts = RecordFacts("incidents", frozenset({"GIN"}))
    assert not decide(policy, observer, label, facts, now, "screen").permit
