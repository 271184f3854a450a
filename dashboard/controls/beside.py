"""A feature of a reference layer in the drawer: what it is, by whose authority, when, its release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from dashboard.controls.layers import symbol
from dashboard.controls.record import release_part, under_words
from dashboard.times import day
from dashboard.words import _
from data.labels import cut_for
from data.released import Released
from layers.base import LAYERS_BY_ID


def reference_parts(row: Mapping[str, object], released: Released) -> list[Component]:
    """Top to bottom. `row` has the columns of `data.reference.SHOWN`."""
    layer = LAYERS_BY_ID[str(row["layer"])]
    said = _attributes(row["attributes"])
    facts = (
        (_("Authority"), said.get("authority", "")),
        (_("Legal basis"), said.get("legal_basis", "")),
        (_("From"), _day(row["valid_from"])),
        (_("Until"), _day(row["valid_until"])),
        (_("Source"), str(row["source_org"])),
    )
    rows: list[Component] = []
    for title, words in facts:
        rows += [html.Dt(title), html.Dd(words)] if words else []
    label = released.labels[int(str(row["label_id"]))]
    own = released.viewer.partners == frozenset({label.originator})
    agreements = row["agreements"] if isinstance(row["agreements"], list) else []
    return [
        html.Div([symbol(layer.id), html.Span(_(layer.title_key))], className="kind"),
        html.H2(str(row["name"])),
        html.Dl(rows, className="facts"),
        release_part(
            cut_for(label, released.policy, released.viewer, released.now),
            _("Your own record.") if own else under_words([str(code) for code in agreements], released),
        ),
    ]


def _attributes(text: object) -> dict[str, str]:
    try:
        found = json.loads(str(text))
    except ValueError:
        return {}
    return {k: v for k, v in found.items() if isinstance(v, str)} if isinstance(found, dict) else {}


def _day(at: object) -> str:
    return day(at) if isinstance(at, datetime) else ""
