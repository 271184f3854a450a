"""T8: a label that is missing, unknown or contradictory never comes in, whatever column said it."""

from __future__ import annotations

import pytest

from data.errors import FileRefused
from data.feeds.ingest import IngestOptions
from data.home import Home
from tests.data.feeds.fake_lake import LABEL, FakeLake, event, events, take

CYRILLIC_A, CYRILLIC_E, GREEK_O = (
    "\N{CYRILLIC CAPITAL LETTER A}",
    "\N{CYRILLIC CAPITAL LETTER IE}",
    "\N{GREEK CAPITAL LETTER OMICRON}",
)
ZERO_WIDTH, WIDE_A = "\N{ZERO WIDTH JOINER}", "\N{FULLWIDTH LATIN CAPITAL LETTER A}"
LISTS = (
    *("NULL", "None", "null", "[]", "[NULL]", "xab", "Xab", "aaa", "XZZ", "ALL", "*", "public", "XAB XAA"),
    *("XAB,XAB", "XAB;NULL", "XAB,XZZ", f"X{CYRILLIC_A}B", f"XA{ZERO_WIDTH}B", f"X{WIDE_A}B", '["XAB"]'),
)
HOSTILE: list[dict[str, str]] = [
    *({name: value} for name in ("releasable_to", "display_only_to") for value in LISTS),
    {"releasable_to": "XAB", "display_only_to": "XAB"},
    {"releasable_to": "PUBLIC", "display_only_to": "XAB"},
    {"releasable_to": "PUBLIC,PUBLIC"},
    {"originator": "xaa"},
    {"originator": "XZZ"},
    {"originator": f"X{CYRILLIC_A}{CYRILLIC_A}"},
    {"originator": "PUBLIC"},
    {"originator": "NULL"},
    {"policy_id": "OTHER"},
    {"policy_id": "test"},
    {"policy_id": f"T{CYRILLIC_E}ST"},
    {"classification": "open"},
    {"classification": "COSMIC"},
    {"classification": "OPEN SENSITIVE"},
    {"classification": f"{GREEK_O}PEN"},
    {"classification": "NULL"},
    {"required_categories": "Medical"},
    {"required_categories": "unknown"},
    {"required_categories": "medical,medical"},
    {"release_geo_level": "admin2"},
    {"release_geo_level": "ADM2"},
    {"release_geo_level": "village"},
    {"release_geo_level": "2"},
    {"agg_release": "all"},
    {"caveats": "x" * 65},
    {"tlp": "amber"},
    {"tlp": "TLP:RED"},
    {"sensitivity": "HIGH"},
    {"release_from": "2026-09-31"},
    {"release_from": "soon"},
    {"release_until": "never"},
    {"release_from": "2026-09-09", "release_until": "2026-09-08"},
    {"release_from": "2026-09-09", "release_until": "2026-09-09"},
    {"label_review_on": "2026-02-30"},
    {"label_review_on": "2026-08-31"},
    {"label_review_on": "past"},
]


def test_there_are_sixty_fixtures_at_least() -> None:
    assert len(HOSTILE) >= 60
    assert len({repr(one) for one in HOSTILE}) == len(HOSTILE)


@pytest.mark.parametrize(
    "said", HOSTILE, ids=lambda said: " ".join(f"{k}={v!a}"[:40] for k, v in said.items())
)
def test_a_hostile_label_of_a_row_holds_the_row_back(
    lake: FakeLake, home: Home, said: dict[str, str]
) -> None:
    clean = dict.fromkeys(said, "") | ({"releasable_to": "XAB"} if "releasable_to" in said else {})
    rows = [event(number) | clean for number in range(1, 10)]
    report = take(lake, home, events(), [*rows, event(10) | said])
    assert (report.new, report.quarantined) == (9, 1)
    (held,) = report.files[0].held
    assert any(name in held.reason for name in said)
    assert "\n" not in held.reason
    assert "XAA:events:E10" not in {row["record_id"] for row in lake.rows("incidents")}


@pytest.mark.parametrize("said", HOSTILE[:5])
def test_a_file_of_hostile_labels_is_refused_in_one_sentence(
    lake: FakeLake, home: Home, said: dict[str, str]
) -> None:
    with pytest.raises(FileRefused) as refusal:
        take(lake, home, events(), [event(1) | said])
    assert "\n" not in refusal.value.message
    assert not lake.publications


@pytest.mark.parametrize("name", ["originator", "policy_id", "classification"])
def test_a_file_whose_label_is_missing_is_refused(lake: FakeLake, home: Home, name: str) -> None:
    label = {field: value for field, value in LABEL.items() if field != name}
    with pytest.raises(FileRefused, match=f"without a label.*{name}"):
        take(lake, home, events(label=label), [event(1)])


@pytest.mark.parametrize(
    "options",
    [
        IngestOptions(level="COSMIC"),
        IngestOptions(releasable_to=("XZZ",)),
        IngestOptions(releasable_to=("XAB", "XAB")),
        IngestOptions(originator="XZZ"),
    ],
)
def test_a_hostile_option_refuses_the_file(lake: FakeLake, home: Home, options: IngestOptions) -> None:
    with pytest.raises(FileRefused):
        take(lake, home, events(), [event(1)], options)
    assert not lake.publications


PLACED = {"release_geo_level": "adm1", "region": "Montserrado"}


@pytest.mark.parametrize(
    ("text", "said", "words"),
    [
        ("call +231 77 123 4567", {}, "telephone"),
        ("write to j.doe@relief.example", {}, "e-mail"),
        ("at 6.8673, -10.8309", PLACED, "position"),
        ("near 6CQXR6GH+5V", PLACED, "position"),
        ("at ///filled.count.soap", PLACED, "position"),
    ],
)
def test_free_text_with_contacts_or_finer_places_holds_the_row_back(
    lake: FakeLake, home: Home, text: str, said: dict[str, str], words: str
) -> None:
    rows = [event(number) | dict.fromkeys(said, "") for number in range(1, 10)]
    report = take(lake, home, events(), [*rows, event(10, text=text) | said])
    (held,) = report.files[0].held
    assert words in held.reason
    assert text not in held.reason
