"""Still parts as plain HTML, for what leaves as a file: no script, nothing is fetched, texts stay texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from dashboard.drawn import Node, Part, nodes

EMPTY = frozenset({"img", "input"})
"""Elements that have no end."""


def plain_html(parts: Sequence[Part]) -> str:
    """The elements one after the other. Only addresses with their content in them (`data:`) are kept."""
    return "".join(map(_html, nodes(parts)))


def _html(node: Node) -> str:
    if isinstance(node, str):
        return escape(node)
    tag, given = str(node[0]), node[1]
    children = node[2] if len(node) > 2 else []
    assert isinstance(given, Mapping)
    assert isinstance(children, list)
    said = "".join(f' {name}="{escape(str(value))}"' for name, value in given.items() if _stays(name, value))
    start = f"<{tag}{said}>"
    return start if tag in EMPTY else f"{start}{''.join(map(_html, children))}</{tag}>"


def _stays(name: str, value: object) -> bool:
    if name in ("src", "href"):
        return str(value).startswith("data:image/svg+xml,")
    return name not in ("style", "tabindex") and not name.startswith("data-")
