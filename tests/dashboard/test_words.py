"""Every text that a person reads goes through the catalogue."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import dashboard

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
