"""A recipe is declared, checked to the last key, and never code."""

from __future__ import annotations

from copy import deepcopy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import RecipeError
from data.feeds.recipe_file import columns_named, parse_recipe, read_recipe, recipe, recipes
from data.schema import FEEDS
from tests.data.feeds.fake_lake import EVENTS, events


def refused(path: str, value: object) -> str:
    """What is said of the events' recipe with one key set (`path` goes by dots), or left out (None)."""
    document: dict[str, Any] = deepcopy(dict(EVENTS))
    table = document
    *folders, key = path.split(".")
    for folder in folders:
        table = table.setdefault(folder, {})
    table[key] = value
    if value is None:
        del table[key]
    with pytest.raises(RecipeError) as error:
        parse_recipe(document, "events")
    return str(error.value)


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("colour", "red", "The recipe events says 'colour', which is not one of"),
        ("feed", "rumours", "'feed' is 'rumours'; it must be one of incidents, deployments, deliveries"),
        ("identical", "many", "'identical' is 'many'; it must be one of one, several"),
        ("complete", "yes", "'complete' is 'yes'; it must be one of true, false"),
        ("complete", 1, "'complete' is 1; it must be one of true, false"),
        ("key", [], "'key' must be a list of words"),
        ("licence", None, "does not say 'licence'"),
        ("publisher", " ", "'publisher' must be words"),
        ("version.offset", "a week", "'version.offset' is 'a week'; expected a duration such as 'P7D'"),
        ("version.colum", "x", "[version] of the recipe events says 'colum'"),
        ("columns.colour", "red", "fills 'colour', which is no column of incidents"),
        ("columns.revision", "red", "fills 'revision', which ingest fills itself"),
        ("columns.title", {"from": "name", "code": "x.upper()"}, "says 'code', which is not one of"),
        ("columns.title", {"from": []}, "'columns.title.from' must be a list of words"),
        (
            "columns.title",
            {"from": "name", "values": "none"},
            "uses the values 'none'; there is no such table",
        ),
        ("constants.incident_type", "rumour", "constants.incident_type is 'rumour', not one of"),
        ("label.colour", "red", "[label] of the recipe events says 'colour'"),
        ("file.format", "xml", "file.format is 'xml'; it is one of csv, parquet, geojson, rss"),
        ("figures", [{"metric": "x"}], "does not say 'adds_over_area'"),
        ("aliases.place", [{"name": "x"}], "must say 'name' and 'to_name'"),
    ],
)
def test_what_a_recipe_may_not_say_is_refused_in_one_sentence(path: str, value: object, said: str) -> None:
    assert said in refused(path, value)


def test_an_unknown_recipe_is_refused_with_those_that_are_there() -> None:
    with pytest.raises(RecipeError, match=r"no recipe 'ebola-cats'. There are: ebola-3w, ebola-cases"):
        recipe("ebola-cats")


def test_a_file_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text("feed = ")
    with pytest.raises(RecipeError, match=r"The recipe x.toml is not TOML"):
        read_recipe(tmp_path / "x.toml")


def test_every_shipped_recipe_is_one_and_fills_what_its_feed_needs() -> None:
    by_ingest = (
        "record_id revision msg_type ingested_at received_at day geo_precision source content_hash label_id"
        " originator line_no source_org further_figures related_ids equipment"
    )
    filled_by_ingest = set(by_ingest.split())
    assert {"ebola-cases", "ebola-centres", "ebola-fts"} <= {item.name for item in recipes()}
    for item in recipes():
        needed = {column.name for column in FEEDS[item.feed].columns if not column.nullable}
        said = {field.target for field in item.columns} | set(item.constants)
        assert needed <= said | filled_by_ingest, item.name
        assert item.label["originator"]
        assert item.label["classification"] == "OPEN"


def test_every_column_a_recipe_speaks_of_is_needed_once() -> None:
    named = columns_named(events())
    assert len(named) == len(set(named))
    assert {"id", "name", "from", "listed", "country", "lat", "checked"} <= set(named)


def test_durations_are_read() -> None:
    assert recipe("ebola-cases").version_offset == timedelta(days=7)
