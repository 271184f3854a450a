"""Sources are declared in a file, whole or not at all, and come out as they went in."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from data.errors import SourceRefused
from data.home import Home
from data.sources import DeclaredSource, Sources, as_toml, parse_sources

TEXT = b"""
[[source]]
id = "quakes"
partner = "USGS"
recipe = "usgs-quakes"
address = "https://quakes.example/all_day.geojson"
every = "PT5M"
cadence = "PT1H"
level = "OPEN"
releasable_to = ["WHO", "OCHA"]

[[source]]
id = "alerts"
partner = "JRC"
recipe = "gdacs"
address = "http://alerts.example/rss.xml?a=\\"1\\""
"""
QUAKES = DeclaredSource(
    "quakes",
    "USGS",
    "usgs-quakes",
    "https://quakes.example/all_day.geojson",
    timedelta(minutes=5),
    timedelta(hours=1),
    "OPEN",
    ("WHO", "OCHA"),
)
ALERTS = DeclaredSource("alerts", "JRC", "gdacs", 'http://alerts.example/rss.xml?a="1"')


@pytest.fixture
def known(tmp_path: Path) -> Sources:
    return Sources(Home.open(tmp_path / "home"))


def test_what_is_declared_is_there(known: Sources) -> None:
    assert known.all() == ()
    assert known.load(TEXT, "sources.toml") == (QUAKES, ALERTS)
    assert known.all() == (ALERTS, QUAKES)
    assert known.of("quakes") == QUAKES


def test_they_come_out_as_they_went_in(known: Sources) -> None:
    known.load(TEXT, "sources.toml")
    before = known.all()
    assert known.load(as_toml(before).encode(), "again.toml") == before


def test_a_file_replaces_all(known: Sources) -> None:
    known.load(TEXT, "sources.toml")
    known.load(b"", "none.toml")
    assert known.all() == ()


def test_one_that_is_not_there_is_said_with_those_that_are(known: Sources) -> None:
    with pytest.raises(SourceRefused, match="Declare it in a file"):
        known.of("x")
    known.load(TEXT, "sources.toml")
    with pytest.raises(SourceRefused, match=r"There is no source 'x'\. There are: alerts, quakes"):
        known.of("x")


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ('id = "quakes"', 'id = "a b"', "id is 'a b'; expected an id"),
        ('id = "quakes"', 'id = "alerts"', "alerts"),
        ('"USGS"', '"XXX"', "partner is 'XXX'; expected one of"),
        ('"usgs-quakes"', '"x"', "recipe is 'x'; expected one of"),
        ('"https://quakes.example/all_day.geojson"', '"file:///etc/passwd"', "expected an address"),
        (
            '"https://quakes.example/all_day.geojson"',
            '"https://me:secret@quakes.example/"',
            "expected an address",
        ),
        ('"https://quakes.example/all_day.geojson"', '"https://"', "expected an address"),
        ('"https://quakes.example/all_day.geojson"', '"http://[::1"', "expected an address"),
        ('"PT5M"', '"PT1S"', "10 seconds or more"),
        ('"PT5M"', '"often"', "ISO 8601 duration"),
        ('level = "OPEN"', 'level = "SECRET"', "level is 'SECRET'"),
        ('["WHO", "OCHA"]', '["who"]', "releasable_to"),
        ("cadence", "cadense", "only these keys"),
        ('address = "https://quakes.example/all_day.geojson"', "", "nothing is fetched without one"),
        ("[[source]]", "[source]", ""),
        ("[[source]]", "[[source", "not a TOML file"),
    ],
)
def test_a_wrong_one_refuses_all(known: Sources, before: str, after: str, sentence: str) -> None:
    known.load(TEXT, "sources.toml")
    assert before.encode() in TEXT
    with pytest.raises(SourceRefused, match=r"sources\.toml") as refused:
        known.load(TEXT.replace(before.encode(), after.encode(), 1), "sources.toml")
    assert sentence in str(refused.value)
    assert len(known.all()) == 2


def test_an_address_keeps_its_own_words_to_itself(known: Sources) -> None:
    """A name and password in an address would be shown and dumped: they are not taken, nor said again."""
    with pytest.raises(SourceRefused):
        parse_sources(TEXT.replace(b"//quakes", b"//me:hunter2@quakes"), "s.toml", known.home.policy())
