"""Every text that a person reads goes through the catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import dashboard
from dashboard.catalogue import TEMPLATE, template
from dashboard.controls.codes import declared

FOLDER = Path(dashboard.__file__).parent
READ = [
    *(FOLDER / "panels").glob("*.py"),
    *(FOLDER / "controls").glob("*.py"),
    *(FOLDER / "pages").glob("*.py"),
]
FILES = [*READ, FOLDER / "shell.py", FOLDER / "states.py", FOLDER / "notices.py", FOLDER / "actions.py"]
TEXT = re.compile(r"[A-Za-z]{3,}")
NAMES = {"Watchfloor"}
SHOWN = {"children", "title", "placeholder", "alt", "aria-label"}


def bare_texts(tree: ast.AST) -> list[str]:
    """Literals with letters in them that stand as a child, or as an attribute that is read, of an element."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("html."):
            found += node.args[:1] + [k.value for k in node.keywords if k.arg in SHOWN]
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            found += [v for k, v in pairs if isinstance(k, ast.Constant) and k.value == "aria-label"]
    children = [item for one in found for item in (one.elts if isinstance(one, ast.List) else [one])]
    texts = [c.value for c in children if isinstance(c, ast.Constant) and isinstance(c.value, str)]
    return [text for text in texts if TEXT.search(text) and text not in NAMES]


def test_no_text_stands_beside_the_catalogue() -> None:
    bare = {file.name: bare_texts(ast.parse(file.read_text("utf-8"))) for file in FILES}
    assert not {name: texts for name, texts in bare.items() if texts}


def test_the_search_for_bare_texts_finds_one() -> None:
    assert bare_texts(ast.parse('html.Div(["Hello there", html.B(_("fine"))], title="Over here")')) == [
        "Hello there",
        "Over here",
    ]


def msgids(text: str) -> set[str]:
    return set(re.findall(r'^msgid "(.*)"$', text, re.M))


def test_the_template_holds_every_text() -> None:
    kept, gathered = TEMPLATE.read_text("utf-8"), template().decode()
    missing, idle = msgids(gathered) - msgids(kept), msgids(kept) - msgids(gathered)
    assert (missing, idle) == (set(), set()), "run `make words`"
    assert kept == gathered, "run `make words`"


def test_words_that_stand_in_no_source_text_are_in_the_template() -> None:
    found = msgids(TEMPLATE.read_text("utf-8"))
    wanted = {"update", "cancel", "recall", "File refused", "Nothing to show"}
    wanted |= {"There is no such record released to you."}
    wanted |= {"Personnel", "Transport mode", "explosion remote", "isr uas", "en route", "Mortality rate"}
    assert wanted <= found
    assert {text for text, _place in declared()} <= found


def test_the_browser_s_scripts_name_no_months() -> None:
    for name in ("rail", "map", "times"):
        script = (FOLDER.parent / "assets" / f"{name}.js").read_text("utf-8")
        assert not re.search(r"\b(Jan|Feb|Apr|Jun|Jul|Aug|Sep|Oct|Dec)\b|en-GB|en-US", script)
