"""The page's HTML as Dash makes it, in the language of the request.

It tells no versions of what serves it, and loads no idle libraries.
"""

from __future__ import annotations

import json
import re
from contextvars import ContextVar
from html import escape

from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from starlette.requests import Request

from dashboard.languages import current_language
from dashboard.words import _

VERSIONS = ("dash_version", "dash_version_url", "python_version", "plotly_version", "ddk_version")
"""Told by Dash for its developer tools, which are never on here; nothing else in the browser reads them."""

TABLE_PATH = "/table"
_GRID_SCRIPT = re.compile(r'<script src="[^"]*/dash_ag_grid/[^"]*"></script>\s*')
"""The grid is a third of a megabyte, packed: only the page that shows it loads it."""

_IDLE_SCRIPT = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\s*')
"""Dash's own table comes along with every Dash; no page of ours has one."""

SPOKEN = "{%spoken%}"
"""Where the index says its language: `lang`, `dir`, and whose figures and months the scripts write."""

_path: ContextVar[str] = ContextVar("watchfloor_path", default="/")


class OwnIndex(Dash):
    """Dash with the hook that it has for its index taken."""

    def index_for(self, request: Request) -> str:
        """The HTML of the page at a path of ours. Dash wants to know the request that it answers."""
        path, current = _path.set(request.scope["path"]), set_current_request(request)  # type: ignore[no-untyped-call]
        self._setup_server()  # type: ignore[no-untyped-call] # what Dash does before its own first page
        try:
            return str(self.index())  # type: ignore[no-untyped-call]
        finally:
            reset_current_request(current)  # type: ignore[no-untyped-call]
            _path.reset(path)

    def interpolate_index(self, *places: str, **parts: str) -> str:
        """The index, from parts that are HTML already."""
        parts["config"] = without_versions(parts["config"])
        parts["scripts"] = _IDLE_SCRIPT.sub("", parts["scripts"])
        if _path.get() != TABLE_PATH:
            parts["scripts"] = _GRID_SCRIPT.sub("", parts["scripts"])
        parts["app_entry"] = parts["app_entry"].replace("Loading...", escape(_("Loading …")))
        page = str(super().interpolate_index(*places, **parts))  # type: ignore[no-untyped-call]
        return page.replace(SPOKEN, _spoken(), 1)


def _spoken() -> str:
    language = current_language()
    return f'lang="{language.code}" dir="{language.direction}" data-locale="{language.locale}"'


def without_versions(config: str) -> str:
    """The `<script>` element of Dash's config, its JSON without VERSIONS."""
    begin, end = config.index(">") + 1, config.rindex("</script>")
    told = {key: value for key, value in json.loads(config[begin:end]).items() if key not in VERSIONS}
    text = json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")
    return f"{config[:begin]}{text}{config[end:]}"
