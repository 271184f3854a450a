"""A small world for tests of the release: four partners, two groups, and random things in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from hypothesis import strategies as st

from data.decision import RecordFacts
from data.labels import GEO_LEVELS, Label
from data.partners import Agreement, Group, Membership, Operation, Partner, Persona, Policy
from data.schema import FEED_NAMES
from data.viewer import Identity, Viewer

NOW = datetime(2026, 9, 15, 12, tzinfo=UTC)
START, END = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 10, 1, tzinfo=UTC)
TIMES = (START, NOW - timedelta(hours=1), NOW, NOW + timedelta(hours=1), END)
DAYS = (date(2026, 9, 14), date(2026, 9, 15), date(2026, 9, 16))
LEVELS = ("OPEN", "INTERNAL", "SENSITIVE")
CATEGORIES = ("medical", "personal", "protection")
PARTNERS = ("XAA", "XAB", "XAC", "XAD")
GROUPS = ("EAST", "WEST")
CODES = (*PARTNERS, *GROUPS, "PUBLIC")
REGIONS = ("XQA", "XQ01", "XQ0101", "XQ02")
PURPOSES = ("screen", "file")
SERVICES = {"XAA": "civil", "XAB": "military", "XAC": "relief", "XAD": "police"}

OPERATION = Operation("EX", "Exercise", "exercise", START, END, "humanitarian")


def an_agreement(name: str = "A", *parties: str, **changes: object) -> Agreement:
    """A multilateral agreement of everybody about everything, unless said otherwise."""
    members = frozenset(parties or PARTNERS)
    plain = Agreement(
        name, "multilateral", members, frozenset(FEED_NAMES), "SENSITIVE", None, START, END, "exact"
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_policy(*agreements: Agreement, **changes: object) -> Policy:
    """The small world with these agreements; XAA and XAC are in EAST now, XAB was, XAD will be in WEST."""
    east = Group(
        "EAST", (Membership("XAA", START), Membership("XAC", START, END), Membership("XAB", START, NOW))
    )
    west = Group("WEST", (Membership("XAB", START), Membership("XAD", NOW + timedelta(hours=1), END)))
    plain = Policy(
        operation=OPERATION,
        id="TEST",
        version="1",
        levels=LEVELS,
        categories=frozenset(CATEGORIES),
        partners={code: Partner(code, code.title(), "state", SERVICES[code]) for code in PARTNERS},
        groups={"EAST": east, "WEST": west},
        personas={"someone": Persona("someone", "Someone", "XAB", frozenset({"viewer"}), "OPEN")},
        agreements=agreements,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_person(partner: str = "XAB", **changes: object) -> Identity:
    """Cleared for everything, holding every category, bound to no region."""
    plain = Identity(partner.lower(), partner.title(), partner, "SENSITIVE", frozenset(CATEGORIES), None)
    return replace(plain, **changes)  # type: ignore[arg-type]


def a_viewer(partner: str = "XAB", **changes: object) -> Viewer:
    return Viewer((a_person(partner, **changes),))


def a_label(**changes: object) -> Label:
    """XAA's, open, to everybody."""
    return replace(Label("XAA", "TEST", "OPEN", ("PUBLIC",)), **changes)  # type: ignore[arg-type]


def a_record(**changes: object) -> RecordFacts:
    """An incident in XQ0101, without times of its own."""
    plain = RecordFacts("incidents", frozenset({"XQA", "XQ01", "XQ0101"}), received_at=START)
    return replace(plain, **changes)  # type: ignore[arg-type]


def sets(values: tuple[str, ...], least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=least)


def lists(values: tuple[str, ...]) -> st.SearchStrategy[tuple[str, ...]]:
    return sets(values).map(lambda chosen: tuple(sorted(chosen)))


regions = st.none() | sets(REGIONS)
agreements = st.builds(
    Agreement,
    id=st.sampled_from("ABCDEFGH"),
    kind=st.sampled_from(["multilateral", "bilateral"]),
    parties=sets(PARTNERS, 2) | st.just(frozenset(PARTNERS)),
    feeds=sets(FEED_NAMES, 1) | st.just(frozenset(FEED_NAMES)),
    level=st.sampled_from(LEVELS) | st.just(LEVELS[-1]),
    regions=st.none() | regions,
    from_at=st.sampled_from(TIMES[:4]) | st.just(START),
    until_at=st.none() | st.sampled_from(TIMES[2:]) | st.just(END),
    geo_level=st.sampled_from(GEO_LEVELS),
    delay=st.sampled_from([timedelta(), timedelta(hours=6), timedelta(days=2)]),
    hide=sets(("operational", "protection", "personal")),
    allows=sets(PURPOSES, 1) | st.just(frozenset(PURPOSES)),
    humanitarian_sites=st.sampled_from(["adm2", "exact"]),
)
policies = st.lists(agreements, max_size=4).map(lambda chosen: a_policy(*chosen)) | st.just(
    a_policy(an_agreement())
)
labels = st.builds(
    Label,
    originator=st.sampled_from(PARTNERS),
    policy_id=st.just("TEST"),
    classification=st.sampled_from(LEVELS),
    releasable_to=lists(CODES) | st.just(("PUBLIC",)),
    required_categories=st.just(()) | lists(CATEGORIES),
    display_only_to=st.just(()) | lists(CODES),
    release_geo_level=st.sampled_from(GEO_LEVELS),
    agg_release=st.sampled_from(["none", "cube_k"]),
    policy_version=st.sampled_from(["1", "2"]),
    caveats=lists(("EXERCISE", "ORCON")),
    tlp=st.sampled_from([None, "CLEAR", "AMBER", "RED"]),
    sensitivity=st.sampled_from([None, "low", "severe"]),
)
records = st.builds(
    RecordFacts,
    feed=st.sampled_from(FEED_NAMES),
    regions=sets(REGIONS),
    release_from=st.none() | st.sampled_from(TIMES),
    release_until=st.none() | st.sampled_from(TIMES),
    label_review_on=st.none() | st.sampled_from(DAYS),
    received_at=st.just(START),
    presence_kind=st.sampled_from(["military", "humanitarian", "civil"]),
)
people = st.builds(
    Identity,
    id=st.just("p"),
    name=st.just("P"),
    partner=st.sampled_from(PARTNERS),
    clearance=st.sampled_from(LEVELS) | st.just(LEVELS[-1]),
    categories=sets(CATEGORIES) | st.just(frozenset(CATEGORIES)),
    regions=st.none() | regions,
)
viewers = st.lists(people, min_size=1, max_size=2).map(lambda chosen: Viewer(tuple(chosen)))
purposes = st.sampled_from(PURPOSES)
times = st.sampled_from(TIMES)


def some(random: Random, values: tuple[str, ...], often: float = 0.5) -> frozenset[str]:
    return frozenset(value for value in values if random.random() < often)


def random_policy(random: Random) -> Policy:
    return a_policy(*(_random_agreement(random, number) for number in range(random.randint(1, 6))))


def _random_agreement(random: Random, number: int) -> Agreement:
    kind = random.choice(["multilateral", "multilateral", "bilateral"])
    count = 2 if kind == "bilateral" else random.randint(3, 4)
    return an_agreement(
        f"A{number}",
        *random.sample(PARTNERS, count),
        kind=kind,
        feeds=some(random, FEED_NAMES, 0.8),
        level=random.choice((*LEVELS, LEVELS[-1])),
        regions=random.choice([None, None, some(random, REGIONS)]),
        from_at=random.choice((START, START, *TIMES)),
        until_at=random.choice((None, END, END, *TIMES)),
        geo_level=random.choice(GEO_LEVELS),
        delay=timedelta(hours=random.choice([0, 6, 48])),
        hide=some(random, ("operational", "protection", "personal"), 0.3),
        allows=random.choice([frozenset(PURPOSES), frozenset({"screen"}), frozenset({"file"})]),
        humanitarian_sites=random.choice(["adm2", "exact"]),
    )


def random_person(random: Random) -> Identity:
    return a_person(
        random.choice((*PARTNERS, *PARTNERS, *PARTNERS, "XZZ")),
        clearance=random.choice((*LEVELS, *LEVELS, LEVELS[-1], "NONE")),
        categories=some(random, (*CATEGORIES, "stale"), 0.8),
        regions=random.choice([None, None, some(random, REGIONS)]),
    )


def random_viewer(random: Random) -> Viewer:
    count = random.choice([0, 1, 1, 1, 1, 1, 1, 1, 2, 2])
    return Viewer(tuple(random_person(random) for _ in range(count)))


def random_label(random: Random) -> Label:
    unlikely = random.random() < 0.03
    return Label(
        originator=random.choice(PARTNERS) if not unlikely else "XZZ",
        policy_id="TEST" if random.random() > 0.02 else "OTHER",
        classification=random.choice((*LEVELS, LEVELS[0], LEVELS[0])) if random.random() > 0.02 else "HIGH",
        releasable_to=tuple(sorted(some(random, (*CODES, "XZZ"), 0.35))),
        required_categories=tuple(sorted(some(random, (*CATEGORIES, "stale"), 0.1))),
        display_only_to=tuple(sorted(some(random, CODES, 0.15))),
        release_geo_level=random.choice(GEO_LEVELS) if random.random() > 0.02 else "village",
    )


def random_record(random: Random) -> RecordFacts:
    return RecordFacts(
        feed=random.choice(FEED_NAMES),
        regions=some(random, REGIONS),
        release_from=random.choice((None, None, None, *TIMES)),
        release_until=random.choice((None, None, None, *TIMES)),
        label_review_on=random.choice((None, None, None, *DAYS)),
        received_at=START,
        presence_kind=random.choice(["humanitarian", "military", "civil", "police", "private"]),
        withheld=random.random() < 0.2,
    )
