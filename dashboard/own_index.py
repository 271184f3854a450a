"""The page's HTML as Dash makes it, without the versions of what serves it."""

from __future__ import annotations

import json

from dash import Dash

VERSIONS = ("dash_version", "dash_version_url", "python_version", "plotly_version", "ddk_version")
"""Told by Dash for its developer tools, which are never on here; nothing else in the browser reads them."""


class OwnIndex(Dash):
    """Dash with the hook that it has for its index taken."""

    def interpolate_index(self, *places: str, **parts: str) -> str:
        """The index, from parts that are HTML already."""
        parts["config"] = without_versions(parts["config"])
        return str(super().interpolate_index(*places, **parts))  # type: ignore[no-untyped-call]


def without_versions(config: str) -> str:
    """The `<script>` element of Dash's config, its JSON without VERSIONS."""
    begin, end = config.index(">") + 1, config.rindex("</script>")
    told = {key: value for key, value in json.loads(config[begin:end]).items() if key not in VERSIONS}
    text = json.dumps(told, separators=(",", ":")).replace("<", "\\u003c")
    return f"{config[:begin]}{text}{config[end:]}"
