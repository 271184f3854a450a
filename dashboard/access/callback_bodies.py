"""A callback's body, read strictly: exactly the ids and properties that the callback declares.

Dash answers 500 to a body of another shape; here it is refused before Dash sees it. Values stay
untrusted: each callback parses its own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

_KEYS = frozenset({"output", "outputs", "inputs", "state", "changedPropIds", "parsedChangedPropsIds"})
_MOST_DEPTH = 40


def callback_asked(body: bytes, callbacks: Mapping[str, Any]) -> str | None:
    """The output of the callback that this body asks; None when Dash may not see it.

    `callbacks` is the app's callback map.
    """
    try:
        parsed = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(parsed, dict) or not _KEYS.issuperset(parsed) or not _shallow(parsed, _MOST_DEPTH):
        return None
    output = parsed.get("output")
    if not isinstance(output, str) or output not in callbacks:
        return None
    return output if _fits(parsed, output, callbacks[output]) else None


def _fits(parsed: Mapping[str, Any], output: str, callback: Mapping[str, Any]) -> bool:
    inputs, state = callback["inputs"], callback["state"]
    if not _same_dependencies(parsed.get("inputs"), inputs):
        return False
    if not _same_dependencies(parsed.get("state", []), state):
        return False
    if not _same_outputs(parsed.get("outputs"), output):
        return False
    known = {f"{item['id']}.{item['property']}" for item in inputs}
    return _known_names(parsed.get("changedPropIds", []), known) and _names(
        parsed.get("parsedChangedPropsIds", [])
    )


def _same_dependencies(given: object, declared: list[Mapping[str, str]]) -> bool:
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(_same_one(one, other) for one, other in zip(given, declared, strict=True))


def _same_one(given: object, declared: Mapping[str, str]) -> bool:
    if not isinstance(given, dict) or not {"id", "property", "value"}.issuperset(given):
        return False
    return given.get("id") == declared["id"] and given.get("property") == declared["property"]


def _same_outputs(given: object, output: str) -> bool:
    if output.startswith(".."):
        wanted = output[2:-2].split("...")
        return isinstance(given, list) and [_output_name(item) for item in given] == wanted
    return _output_name(given) == output


def _output_name(given: object) -> str:
    if not isinstance(given, dict) or set(given) != {"id", "property"}:
        return ""
    return f"{given['id']}.{given['property']}" if all(isinstance(v, str) for v in given.values()) else ""


def _known_names(given: object, known: set[str]) -> bool:
    return isinstance(given, list) and _names(given) and set(given).issubset(known)


def _names(given: object) -> bool:
    return isinstance(given, list) and all(isinstance(name, str) for name in given)


def _shallow(value: object, left: int) -> bool:
    if isinstance(value, dict):
        return left > 0 and all(_is_text(key) and _shallow(item, left - 1) for key, item in value.items())
    if isinstance(value, list):
        return left > 0 and all(_shallow(item, left - 1) for item in value)
    return not isinstance(value, str) or _is_text(value)


def _is_text(value: str) -> bool:
    """A lone surrogate is JSON but cannot be written as UTF-8 again."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
