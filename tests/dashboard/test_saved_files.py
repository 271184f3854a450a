"""Whatever is offered for saving goes through a route that is released for the purpose `file`.

A format that is added later is found here: by the words that make a browser save, on the server and in the
scripts, and by the questions that make files of released rows (tests/release/templates.py).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from dashboard.access.census import ROUTES
from data.partners import FILE
from tests.release.templates import TEMPLATES
from tests.release.test_no_interference import BODIES
from tests.test_architecture import PROJECT, SOURCES, Source

SAVES = re.compile(
    r"content-disposition|FileResponse|StreamingResponse|\bDownload\b|send_(?:bytes|data|file)", re.I
)
SAVES_IN_SCRIPT = re.compile(
    r"\bdownload\b\s*[:=]|\.download\b|createObjectURL|showSaveFilePicker|toBlob|toDataURL|downloadImage"
)
SCRIPTS = {"assets/extract.js": "what /api/extracts answered, byte for byte"}
"""Scripts that save, and what."""


def offering(source: Source) -> Iterator[str]:
    """Places in a file of ours that make a browser save something; comments and docstrings do not."""
    told = {id(node.value) for node in source.nodes if isinstance(node, ast.Expr)}
    for node in source.nodes:
        said = ""
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            said = node.value
        elif isinstance(node, ast.Name | ast.Attribute):
            said = node.id if isinstance(node, ast.Name) else node.attr
        if SAVES.search(said):
            yield source.name


def owners() -> set[str]:
    return {f"{rule.owner.replace('.', '/')}.py" for rule in ROUTES.values() if rule.purpose == FILE}


def test_only_routes_for_files_offer_something_for_saving() -> None:
    assert {name for source in SOURCES for name in offering(source)} == owners()


def test_only_these_scripts_save_and_only_what_a_route_answered() -> None:
    saving = {
        path.relative_to(PROJECT).as_posix()
        for path in (PROJECT / "assets").rglob("*.js")
        if SAVES_IN_SCRIPT.search(path.read_text("utf-8"))
    }
    assert saving == set(SCRIPTS), "say in SCRIPTS what is saved: it has to be a route's answer"


def test_what_is_offered_is_asked_with_and_without_what_is_hidden() -> None:
    assert {path for path, rule in ROUTES.items() if rule.purpose == FILE} <= BODIES.keys()
    assert {name for name in TEMPLATES if name.startswith("extract.")} == {"extract.csv_extract"}


@pytest.mark.parametrize(
    "added",
    [
        "from starlette.responses import FileResponse\nanswer = FileResponse('x.pdf')",
        "headers = {'content-disposition': 'attachment'}",
        "from dash import dcc\nplace = dcc.Download(id='x')",
        "answer = StreamingResponse(rows)",
    ],
)
def test_an_offer_is_found_however_it_is_written(added: str) -> None:
    source = Source(PROJECT / "dashboard" / "panels" / "totals.py")
    source.__dict__["text"] = added
    assert list(offering(source))
