"""What was reported unsafe or wrong: its originator decides with one press, overseers read it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from dash import html
from dash.development.base_component import Component

from dashboard.controls.press import press
from dashboard.controls.report import REASON_WORDS, withheld_sign
from dashboard.controls.roles import role_list
from dashboard.elements import attributes
from dashboard.times import moment
from dashboard.words import _
from data.reporting import decides, told_name
from data.reports import KEPT, RELEASED, Report
from data.viewer import Viewer

MOST_LISTED = 100
"""Reports that are listed, those that withhold first."""


def reported_parts(reports: Sequence[Report], viewer: Viewer, profile: str) -> list[Component]:
    """A table of the reports; nothing where there are none."""
    if not reports:
        return []
    heads = (_("Record"), _("State"), _("Why"), _("When"), _("Partner"), _("Role"))
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    rows = [_row(one, viewer, profile) for one in reports[:MOST_LISTED]]
    title = _("Reported unsafe or wrong")
    table = html.Table(
        [html.Thead(head), html.Tbody(rows)],
        className="account reported",
        **attributes({"aria-label": title}),
    )
    said = _(
        "What is withheld is seen by its originator alone. Mend it by delivering a revision, or cancel it; it"
        " stays withheld until it is released again."
    )
    return [
        html.Div([html.H2(title)], className="policy-title"),
        html.P(said, className="quiet"),
        html.Div(table, className="policy-wide", tabIndex="0"),
    ]


def _row(report: Report, viewer: Viewer, profile: str) -> Component:
    name = told_name(viewer, report)
    why = html.Div(_(REASON_WORDS[report.reason]))
    remark = [html.Div(report.remark, className="remark")] if report.remark else []
    return html.Tr(
        [
            html.Td(_record(report, viewer)),
            html.Td([*_state(report, profile), *(_decisions(report) if decides(viewer, report) else ())]),
            html.Td([why, *remark], className="why"),
            html.Td(moment(report.at, profile)),
            html.Td(f"{report.partner} · {name}" if name else report.partner),
            html.Td(role_list(report.roles)),
        ]
    )


def _record(report: Report, viewer: Viewer) -> Component | str:
    """A link for its originator, who sees the record."""
    if viewer.partners != {report.originator}:
        return report.record_id
    return html.A(report.record_id, href=f"/?sel={quote(report.record_id)}", className="saved-link")


def _state(report: Report, profile: str) -> list[Component]:
    if report.decided_at is None:
        return [html.Div(withheld_sign())]
    at = moment(report.decided_at, profile)
    if report.decided == RELEASED:
        return [html.Div(_("released again {time}").format(time=at))]
    return [html.Div(withheld_sign()), html.Div(_("kept so {time}").format(time=at))]


def _decisions(report: Report) -> list[Component]:
    if not report.withholds:
        return []
    keep = [] if report.decided == KEPT else [_decide(report, KEPT, _("Keep withheld"))]
    return [html.Div([_decide(report, RELEASED, _("Release again")), *keep], className="presses")]


def _decide(report: Report, how: str, words: str) -> Component:
    return press(words, "/api/reports/decision", {"report": report.id, "how": how})
