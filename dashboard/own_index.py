"""The page's HTML as Dash makes it, without the versions of what serves it and without idle libraries."""

from __future__ import annotations

import json
import re
from contextvars import ContextVar

from dash import Dash
from dash.backends._fastapi import reset_current_request, set_current_request
from starlette.requests import Request

VERSIONS = ("dash_version", "dash_version_url", "python_version", "plotly_version", "ddk_version")
"""Told by Dash for its developer tools, which are never on here; nothing else in the browser reads them."""

TABLE_PATH = "/table"
_GRID_SCRIPT = re.compile(r'<script src="[^"]*/dash_ag_grid/[^"]*"></script>\s*')
"""The grid is a third of a megabyte, packed: only the page that shows it loads it."""

_IDLE_SCRIPT = re.compile(r'<script src="[^"]*/dash_table/[^"]*"></script>\s*')
"""Dash's own table comes along with every Dash; no page of ours has one."""

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
        return str(super().interpolate_index(*places, **parts))  # type: ignore[no-untyped-call]


def without_versions(config: str) -> str:
    """The `<script>` element of Dash's config, its JSON without VERSIONS."""
    begin, end = config.index(">") + 1, config.rindex("</script>")
    told = {key: value for key, value in json.loads(config[begin:end]).items() if key not in VERSIONS}
    text = json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")
    return f"{config[:begin]}{text}{config[end:]}"
