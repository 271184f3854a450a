"""The language belongs to the request: its cookie, else the browser, else English; no answer mixes two."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from dash import Dash
from starlette.testclient import TestClient

import dashboard
from dashboard.access.language import language_of
from dashboard.application import create_app
from dashboard.languages import ENGLISH, LANGUAGES, USUAL, set_language
from dashboard.pages import router
from dashboard.settings import Settings
from dashboard.words import _
from tests.dashboard import fakes
from tests.dashboard.conftest import ORIGIN
from tests.dashboard.every_question import asked, bodies, in_language

ALL = ",".join(LANGUAGES)
SOURCES = [
    path
    for floor in ("dashboard", "layers", "data")
    for path in (Path(dashboard.__file__).parents[1] / floor).rglob("*.py")
]


@pytest.fixture
def app(store: fakes.FakeStore) -> Dash:
    """The application, which offers the pseudo-languages too."""
    settings = Settings(WATCHFLOOR_LANGUAGES=ALL)  # type: ignore[call-arg]
    return create_app(settings, store)  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def english_again() -> Iterator[None]:
    yield
    set_language(ENGLISH)


# ---- which language ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "code"),
    [
        ("fr", "fr"),
        ("FR-ca,en;q=0.5", "fr"),
        ("de, en;q=0.7, fr;q=0.8", "fr"),
        ("en, fr;q=0.9", "en"),
        ("fr;q=0, en;q=0.1", "en"),
        ("de", "en"),
        ("*", "en"),
        ("", "en"),
        ("ar-XB", "en"),
        ("en-XA", "en"),
        ("fr;q=nan, fr;q=9", "en"),
        ("\x00,fr;;q=1,(),;q=1", "en"),
        ("de," * 500 + "fr", "en"),
    ],
)
def test_without_a_cookie_the_browser_says(accepted: str, code: str) -> None:
    assert language_of(None, accepted, tuple(LANGUAGES)).code == code


@pytest.mark.parametrize("cookie", ["", "xx", "FR", "fr ", "ar-XB", "../fr", "fr\x00"])
def test_a_cookie_that_names_no_language_offered_means_english(cookie: str) -> None:
    assert language_of(cookie, "fr", USUAL).code == "en"


def test_the_page_says_its_language_from_the_first_byte(client: TestClient) -> None:
    for path in router.PAGES:
        french = client.get(path, headers=in_language("fr")).text
        assert '<html lang="fr" dir="ltr" data-locale="fr"' in french
        assert "Chargement" in french or "Loading" in french
        assert "Loading..." not in french
        assert '<html lang="ar-XB" dir="rtl"' in client.get(path, headers=in_language("ar-XB")).text
        assert '<html lang="en" dir="ltr"' in client.get(path).text
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "fr-CH,fr;q=0.9"}).text


def test_the_switch_sets_a_cookie_that_the_guard_takes(client: TestClient) -> None:
    answer = client.post("/language", json={"language": "fr"})
    assert answer.status_code == 204
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert '<html lang="fr"' in client.get("/").text
    client.post("/language", json={"language": "en"})
    assert '<html lang="en"' in client.get("/").text


@pytest.mark.parametrize("body", ["{}", '{"language":"xx"}', '{"language":["fr"]}', "[]", "x", "[" * 5000])
def test_a_language_that_is_none_is_refused(client: TestClient, body: str) -> None:
    answer = client.post("/language", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 400
    assert "Set-Cookie" not in answer.headers


def test_pseudo_languages_are_not_offered_unless_a_setting_says_so(store: fakes.FakeStore) -> None:
    app = create_app(Settings(), store)  # type: ignore[arg-type]
    with TestClient(app.server, base_url=ORIGIN, headers={"Origin": ORIGIN}) as client:
        assert '<html lang="en"' in client.get("/", headers=in_language("ar-XB")).text
        assert client.post("/language", json={"language": "ar-XB"}).status_code == 400
        assert "ar-XB" not in client.get("/_dash-layout").text


def test_no_text_is_put_into_words_when_a_module_is_loaded() -> None:
    def outside(node: ast.AST) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            if isinstance(child, ast.Call) and ast.unparse(child.func) in (
                "_",
                "several",
                "_.day",
                "_.number",
            ):
                yield child.lineno
            yield from outside(child)

    early = {path.name: list(outside(ast.parse(path.read_text("utf-8")))) for path in SOURCES}
    assert not {name: lines for name, lines in early.items() if lines}


def test_figures_are_grouped_in_one_place_only() -> None:
    grouped = re.compile(r":,[.\d]*[fgd]?\}|strftime\([^)]*%b|:[^}\"]*%b")
    shown = [path for path in SOURCES if path.parts[-2] not in ("commands", "feeds", "cases", "sample")]
    found = {path.name for path in shown if grouped.search(path.read_text("utf-8"))}
    # times.py: a date-time group is English; the store, the ingest and a policy's difference speak to the log
    # and to the command line
    log = {"boundaries.py", "whole_file.py", "parsing.py", "reference_file.py", "policy_difference.py"}
    assert found <= {"words.py", "times.py", "timeline.py", "charts.py"} | log


@pytest.mark.parametrize(
    ("code", "figure", "day"), [("en", "1,234.5", "14 Sep 2026"), ("fr", "1\u202f234,5", "14 sept. 2026")]
)
def test_figures_and_days_are_written_as_the_language_does(code: str, figure: str, day: str) -> None:
    set_language(LANGUAGES[code])
    assert _.number(1234.5, 2) == figure
    assert _.day(fakes.NOW) == day


# ---- every answer is in one language ----------------------------------------------------------

CALLBACKS_ARE_KNOWN = 12


def test_no_answer_mixes_two_languages(app: Dash, client: TestClient) -> None:
    outputs = list(app.callback_map)
    assert len(outputs) >= CALLBACKS_ARE_KNOWN
    spoken = 0
    for output in outputs:
        for body in bodies(app, output):
            english, french = asked(client, body, "en"), asked(client, body, "fr")
            spoken += english != french
            assert (asked(client, body, "en"), asked(client, body, "fr")) == (english, french), output
    assert spoken > len(outputs)


def test_languages_asked_for_at_once_stay_apart(app: Dash, client: TestClient) -> None:
    wanted = [
        (body, code)
        for output in app.callback_map
        for body in list(bodies(app, output))[:2]
        for code in USUAL
    ]
    alone = [asked(client, body, code) for body, code in wanted]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda one: asked(client, *one), wanted))
    assert together == alone
