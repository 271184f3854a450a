"""The account as a file: a report to print or hand on, and its entries for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from html import escape

from dash import html
from dash.development.base_component import Component

from dashboard.controls.account import account_parts, use_cells
from dashboard.elements import attributes
from dashboard.languages import current_language
from dashboard.plain_html import plain_html
from dashboard.words import _
from data.accountability import Account
from data.extract import cell

FORMATS = ("html", "csv")
MOST_LISTED = 50_000
"""Entries that a report lists one by one; its totals count all."""

PAGE = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>{title}</title><style>{style}</style></head>
<body><header class="marking">{marking}</header><main>{inside}</main>
<footer><p>{said}</p><pre>{checkpoint}</pre><div class="marking">{marking}</div></footer></body></html>
"""
STYLE = """
body { font: 13px/1.45 Inter, "Segoe UI", "DejaVu Sans", sans-serif; color: #0b1622; margin: 24px }
h2 { font-size: 18px; margin: 8px 0 2px } h3 { font-size: 14px; margin: 18px 0 6px }
.quiet { color: #52657a } .only-dark { display: none }
.marking { text-align: center; font-weight: 700; letter-spacing: .04em; padding: 3px }
.marking { border-block: 1px solid #b6c3d0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
thead { display: table-header-group }
th, td { text-align: start; padding: 2px 12px 2px 0; border-block-end: 1px solid #dce3ea }
th, td { vertical-align: top } .number { text-align: end }
pre { white-space: pre-wrap; overflow-wrap: anywhere }
.policy-pair { display: flex; flex-wrap: wrap; gap: 24px 48px }
@media print { body { margin: 0 } tr { break-inside: avoid } }
"""


def report_buttons() -> Component:
    """The two ways to take the account along; `assets/extract.js` carries them out."""
    told = {
        "data-extract": "/api/account-reports",
        "data-making": _("Making the file…"),
        "data-made": _("The file has been handed out."),
        "data-failed": _("The server cannot be reached: there is no file."),
    }
    words = {"html": _("Printable page"), "csv": _("CSV file")}
    buttons = [
        html.Button(
            words[name],
            type="button",
            className="press",
            **attributes({**told, "data-body": f'{{"format":"{name}"}}'}),
        )
        for name in FORMATS
    ]
    return html.Span([*buttons, html.Span("", className="quiet", role="status")], className="act")


def html_report(found: Account, profile: str, marking: str, said: str, checkpoint: str) -> bytes:
    """A page that stands by itself. `said`: for whom and when; `checkpoint`: of the trail that it is of."""
    language = current_language()
    page = PAGE.format(
        lang=language.code,
        direction=language.direction,
        title=escape(_("Accountability")),
        style=STYLE,
        marking=escape(marking),
        inside=plain_html(account_parts(found, profile)),
        said=escape(said),
        checkpoint=escape(checkpoint),
    )
    return page.encode()


def csv_report(found: Account, profile: str, marking: str, said: str) -> bytes:
    """One line an entry, newest first, the marking and for whom it was made on each."""
    file = io.StringIO(newline="")
    csv.writer(file).writerows(_lines(found, profile, marking, said))
    return file.getvalue().encode()


def _lines(found: Account, profile: str, marking: str, said: str) -> Iterator[Sequence[str]]:
    yield ("at", "partner", "role", "what", "records", "under", "marking", "made")
    for use in found.uses:
        cells = use_cells(use, profile)
        yield [cell(value) for value in (use.at, *cells[1:4], use.records, cells[5], marking, said)]
