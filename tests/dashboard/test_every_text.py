"""Every text that a person reads is in a catalogue: the page in a pseudo-language shows which is not.

In `en-XA` whatever comes from the catalogue stands in brackets, and the values put into it are set apart.
What is left outside must be data, a name, a code or a date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import shapely
from dash import Dash, html
from plotly.io.json import to_json_plotly
from starlette.testclient import TestClient

from dashboard.application import create_app
from dashboard.controls.codes import SECTOR_NAMES, vocabulary
from dashboard.controls.facts import SILENT
from dashboard.controls.legend import change_legend
from dashboard.controls.record import record_parts
from dashboard.drawn import DRAWN
from dashboard.languages import ENGLISH, LANGUAGES, set_language
from dashboard.notices import fault
from dashboard.panels.play import STEPS
from dashboard.picture import Picture
from dashboard.pseudo import CLOSE, OPEN
from dashboard.settings import Settings
from dashboard.words import FIRST_STRONG_ISOLATE, POP_ISOLATE, _
from data.basemap.lines import LINE_CLASSES, BoundaryLine, BoundaryLines, OwnLines
from data.errors import RegionsRefused, StoreUnavailable
from data.filters import LAYER_FEEDS
from data.labels import Label
from data.marking import marking
from data.policy import parse_policy
from data.schema import FEEDS
from data.transform import released_columns
from data.viewer import NOBODY
from layers import hazard
from tests.dashboard import fakes
from tests.dashboard.every_question import asked, bodies, in_language


@pytest.fixture
def app(store: fakes.FakeStore) -> Dash:
    """The application, which offers the pseudo-languages too."""
    settings = Settings(WATCHFLOOR_LANGUAGES=",".join(LANGUAGES))  # type: ignore[call-arg]
    return create_app(settings, store)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language(ENGLISH)


NOT_TEXTS_SAID = """
    id className class type namespace href src style htmlFor for role rel target autoComplete width
    height value lang aria-checked aria-pressed aria-hidden aria-live data-set data-toggle data-code
    data-name data-total data-open data-zoom data-page data-query data-keys data-arrangement data-layers
    data-period data-extent data-home data-filters data-at data-profile data-lines data-time data-play
    data-language data-layer data-row layer kind shape region color colours halo focus ramps hatch tones
    parents chosen inside at variable family paper_bgcolor plot_bgcolor bgcolor bordercolor font line
    marker xanchor yanchor xref yref x0 x1 dx xaxis yaxis shapes meta uirevision selectionrevision
    separators barmode dragmode selectdirection hovermode newselection activeselection locale locales
    plotlyServerURL rangemode fillcolor gridcolor linecolor tickcolor zerolinecolor field filter
    cellRenderer sort getRowId rowModelType multiSortKey symbols tooltipField rowSelection state
    originator record_id from to data-clear-columns aria-controls aria-expanded data-sheet data-opens
    data-closes data-tool data-field data-layers-on data-listbox data-box data-partner data-most data-tray
    scope data-rules data-cube data-act data-body data-part
"""
NOT_TEXTS = frozenset(NOT_TEXTS_SAID.split())
"""Properties of elements, of the map, of the chart and of the grid that no person reads."""

FEATURE_TEXTS = ("title", "value_words", "label")
"""What the map says of a feature; its category is a code, whose words stand in the layer's hideout."""

BY_CODE = frozenset(["categories", "words", "names", "states", "localeText", "values"])
"""Objects whose keys are codes or the page's own keys, and whose values are texts."""

DATA = re.compile(
    r"XAB:\w+:\d+|Quintana Isle|Sector [A-F]\b|Sektor Beh|Aberia Engineers|Aberia|Acoria Relief|XA[BC]|XQA\d*"
    r"|Exercise Northern Trade Winds|Commander|Analyst|Record \d+ <b>of</b> \w+|Changed \d+ <b>here</b>"
    r"|Record \d+ <img src=x onerror=alert\(1\)>|Something at place \d+|Bridge at Rio Claro .* washed out"
    r"|Deck gone between the second and third pier; ford passable for trucks\.|javascript:alert\(1\)|AGR-1"
    r"|B2|OPEN|PUBLIC|TLP:AMBER|nobody|HEA|WSH"
)
"""The canned answers' own words and codes (fakes.py)."""

NAMES = re.compile(
    r"Watchfloor|Natural Earth · GeoNames \(CC BY 4\.0\)|English|Français|\bEN\b|\bFR\b|\bX[AB]\b|TLP:"
    r"|\[!!Pseudo!!\]|Pseudo, right to left|\b[0-9a-f]{12}\b|^(?:dark|light)$|rgba\([\d.,]*\)"
    # the words of an address are the same in every language
    r"|^ *\u2068(?:at|compare|from|known|period|region|sel|sort) |24h, 7d, 30d, operation|a@b"
)
DATES = re.compile(
    r"\d{4}-\d\d-\d\d(?: \d\d:\d\d)?|\d\d:\d\dZ"
    r"|\d{1,2} (?:Jan|Jul|Aug|Sep|Dec)(?: 2026)?(?: \d\d:\d\d(?: UTC)?)?"
)
MARKUP = re.compile(r"</?(?:[bi]|br|span[^>]*|extra)>|%\{[xy][^}]*\}")


NOT_PROSE = re.compile(r"rgba\([^)]*\)|%\{[^}]*\}|\d+\.\d+[°′]|CC BY 4\.0|8\.4,-10\.2,6")
"""Figures that are written for machines, and positions."""


def told(value: object, key: str = "") -> Iterator[str]:
    """Every string of an answer that a person may read."""
    if isinstance(value, list):
        for item in value:
            yield from told(item, key)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _member(value, name, item, key)
    elif isinstance(value, str) and key in (DRAWN, STEPS):
        found = json.loads(value or "[]")
        yield from nodes(found) if key == DRAWN else told(found)
    elif isinstance(value, str):
        yield value


def _member(holder: dict[str, Any], name: str, item: object, key: str) -> Iterator[str]:
    if key in BY_CODE:
        yield from told(item, "text")
    elif "geometry" in holder:
        if name == "properties" and isinstance(item, dict):
            yield from (str(item.get(text) or "") for text in FEATURE_TEXTS)
    elif name in ("totals", "marking") and isinstance(item, str):
        yield from nodes(json.loads(item))
    elif name not in NOT_TEXTS:
        yield from told(item, name)


def nodes(drawn: list[Any]) -> Iterator[str]:
    """The texts of still parts (dashboard/drawn.py), and of their attributes."""
    for node in drawn:
        if isinstance(node, str):
            yield node
        else:
            yield from told(node[1])
            yield from nodes(node[2] if len(node) > 2 else [])


def outside(text: str) -> str:
    """What of a text stands outside of the brackets; values put into a text are outside again."""
    counts, kept, at = [True], [], 0
    while at < len(text):
        sign = next((s for s in (OPEN, CLOSE) if text.startswith(s, at)), text[at])
        at += len(sign)
        if sign in (OPEN, FIRST_STRONG_ISOLATE):
            counts.append(sign != OPEN)
        elif sign in (CLOSE, POP_ISOLATE):
            counts.pop()
        kept.append(sign if counts[-1] and len(sign) == 1 else " ")
    return "".join(kept)


def bare(text: str) -> str:
    """What is neither translated nor data, where there are letters in it."""
    left = outside(text)
    for known in (DATA, MARKUP, NAMES, DATES):
        left = known.sub(" ", left)
    return left.strip() if re.search(r"[^\W\d_]{2,}", left) else ""


def untranslated(answer: object) -> list[str]:
    """The texts of an answer that are in no catalogue."""
    return [f"{bare(text)!r} of {text[:90]!r}" for text in told(answer) if bare(text)]


def test_the_search_finds_what_is_not_translated() -> None:
    isolated = f"{OPEN}until {FIRST_STRONG_ISOLATE}Friday{POP_ISOLATE}·{CLOSE}"
    assert bare(f"{OPEN}Fine{CLOSE} 12 Aberia") == ""
    assert bare(isolated) == f"{FIRST_STRONG_ISOLATE}Friday"
    assert bare(f"{OPEN}Fine{CLOSE} but") == "but"


def test_every_text_of_the_page_is_in_a_catalogue(app: Dash, client: TestClient) -> None:
    answers = [("layout", client.get("/_dash-layout", headers=in_language("en-XA")).json())]
    for output in app.callback_map:
        answers += [(output[:60], asked(client, body, "en-XA")) for body in bodies(app, output)]
    found = {f"{output}: {left}" for output, answer in answers for left in untranslated(answer)}
    assert not found, "\n".join(sorted(found))
    assert sum(OPEN in text for _output, answer in answers for text in told(answer)) > 5_000


def test_what_is_said_when_the_store_is_gone_is_in_a_catalogue(
    app: Dash, client: TestClient, store: fakes.FakeStore
) -> None:
    store.broken = True
    answers = [asked(client, next(iter(bodies(app, output))), "en-XA") for output in app.callback_map]
    assert not [left for answer in answers for left in untranslated(answer)]
    assert "Not available since" in json.dumps(answers)


def test_french_figures_and_months_are_french(app: Dash, client: TestClient) -> None:
    foreign = re.compile(r"\d,\d{3}\b|\d\.\d|\b(?:Jan|Jul|Aug|Sep) 2026|\d (?:Jan|Jul|Aug|Sep)\b")
    found = set()
    for output in app.callback_map:
        for body in bodies(app, output):
            texts = [
                known.sub(" ", text) for text in told(asked(client, body, "fr")) for known in (NOT_PROSE,)
            ]
            found |= {text for text in texts if foreign.search(text)}
    assert not found


def shown(parts: object) -> object:
    return json.loads(to_json_plotly(html.Div(parts)))


@pytest.mark.parametrize("feed", FEEDS)
def test_every_field_of_a_record_is_named_in_a_catalogue(feed: str, store: fakes.FakeStore) -> None:
    set_language(LANGUAGES["en-XA"])
    layer = next(layer for layer, of in LAYER_FEEDS.items() if of == feed)
    words = vocabulary()
    for n in range(40):
        values: dict[str, object] = {
            column.name: sorted(words[column.name])[n % len(words[column.name])]
            if column.name in words
            else n
            for column in released_columns(feed)
            if column.name not in SILENT
        }
        details = replace(
            fakes.record(None, "XAB:incidents:1", None),
            feed=feed,
            layer=layer,
            values={**values, "geo_precision": n % 8, "sector_code": list(SECTOR_NAMES)[n % 17]},
            geo_level=("exact", "adm2", "adm1", "adm0", "none")[n % 5],
            own=n % 2 == 0,
        )
        released = store.released_to(NOBODY)
        assert not untranslated(shown(record_parts(details, released)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["exercise", "replay", "actual"])
@pytest.mark.parametrize("profile", ["un", "humanitarian"])
def test_a_marking_that_no_standard_words_is_in_a_catalogue(profile: str, kind: str) -> None:
    set_language(LANGUAGES["en-XA"])
    policy = parse_policy(fakes.POLICY, "test")
    policy = replace(policy, operation=replace(policy.operation, kind=kind, marking=profile))
    label = Label(
        "XAB",
        "EX-TEST",
        "OPEN",
        ("XAC",),
        display_only_to=("XAB",),
        required_categories=("HEA",),
        sensitivity="low",
    )
    for labels in ((), (label,), (replace(label, releasable_to=("PUBLIC",)),)):
        for viewer in (policy.viewer("xab-commander"), policy.viewer("xac-analyst")):
            said = marking(policy, labels, viewer, fakes.NOW, _)
            assert not [bare(text) for text in (said.strip, said.banner, said.sensitivity) if bare(text)]


def test_a_hazard_and_own_lines_are_named_in_a_catalogue() -> None:
    set_language(LANGUAGES["en-XA"])
    at = datetime(2026, 9, 14, tzinfo=UTC)
    kinds = ("track", "track_point", "wind_swath", "cone")
    rows = [
        {
            "reference_id": kind,
            "kind": kind,
            "name": "Aberia",
            "valid_at": at,
            "geometry": shapely.to_wkb(shapely.Point(1, 1)),
            "attributes": '{"wind_kt": 95}',
        }
        for kind in kinds
    ]
    drawn = hazard.features(rows, _)
    strengths = [item["properties"]["category"] for item in drawn["features"]]  # type: ignore[attr-defined]
    assert not [text for text in strengths if bare(text)]
    lines = BoundaryLines(tuple(BoundaryLine(name, shapely.Point(1, 1)) for name in LINE_CLASSES))
    picture = Picture({"hazard": drawn}, {}, None, 0, {}, None)
    for own in (OwnLines(), OwnLines(lines, "1")):
        assert not untranslated([drawn, shown(change_legend(picture, own))])


def test_a_fault_is_told_in_the_reader_s_language() -> None:
    set_language(LANGUAGES["en-XA"])
    refused = RegionsRefused(
        "{file}: feature {number} is no line.", "Lines are LineStrings.", file=7, number=1
    )
    for error in (ValueError("secret"), StoreUnavailable("The store could not answer."), refused):
        told_of = json.loads(to_json_plotly(fault(error)))
        left = [re.sub(r"[0-9a-f]{8}", "", bare(text)) for text in told(told_of)]
        assert not [text for text in left if re.search(r"[a-z]{2,}", text)]
