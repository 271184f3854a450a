"""Buttons that do something on the server for good; `assets/act.js` posts for them."""

from __future__ import annotations

import json
from collections.abc import Mapping

from dash import html
from dash.development.base_component import Component

from dashboard.elements import attributes
from dashboard.words import _


def press(words: str, path: str, body: Mapping[str, object], sure: str = "") -> Component:
    """Posts `body` to `path`. `sure`: what stands on it after a first press, where it takes two.

    In a form the parts that are called `data-part` are posted too.
    """
    told = {
        "data-act": path,
        "data-body": json.dumps(body),
        "data-close": _("Put away"),
        "data-failed": _("It could not be done. Try again."),
    }
    told |= {"data-sure": sure} if sure else {}
    return html.Button(words, type="button", className="press", **attributes(told))
