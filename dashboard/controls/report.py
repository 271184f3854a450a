"""Reporting a record from the drawer, and what its originator reads there while it is withheld."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.press import press
from dashboard.elements import Field, attributes
from dashboard.words import _
from data.reporting import MOST_REMARK, may_report
from data.reports import REASONS
from data.viewer import Viewer
from layers.msgid import msgid

REASON_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "unsafe": msgid("unsafe: it puts people at risk"),
        "wrong": msgid("wrong"),
        "contact": msgid("names people, or how to reach them"),
        "place": msgid("tells a place too finely"),
        "other": msgid("another reason, as the remark says"),
    }
)


def withheld_sign() -> Component:
    """A word and a shape: a circle that is crossed out."""
    sign = html.Span(className="withheld-sign", **attributes({"aria-hidden": "true"}))
    return html.Span([sign, _("withheld on report")], className="withheld")


def withheld_note() -> Component:
    """What the originator reads over its own record."""
    said = _("All others do not see it until a releaser of your partner releases it again.")
    link = html.A(_("Decide"), href="/accountability", className="press")
    return html.Div([withheld_sign(), html.Span(said), link], className="withheld-note", role="note")


def report_form(record_id: str, viewer: Viewer) -> Component | None:
    """Folded until it is wanted; nothing for a viewer who is nobody in particular."""
    if not may_report(viewer):
        return None
    options = [html.Option(_(REASON_WORDS[reason]), value=reason) for reason in REASONS]
    reason = html.Select(options, **attributes({"data-part": "reason", "aria-label": _("Why")}))
    told = {"data-part": "remark", "aria-label": _("Remark"), "data-most": str(MOST_REMARK)}
    remark = Field(type="text", value="", title=_("Remark"), **attributes(told))
    said = _(
        "It is withheld at once from all but its originator, who is told your partner and decides. What you"
        " write is read by the originator."
    )
    return html.Details(
        [
            html.Summary(_("Report unsafe or wrong data")),
            html.P(said, className="quiet"),
            html.Label([html.Span(_("Why"), className="label"), reason]),
            html.Label([html.Span(_("Remark"), className="label"), remark]),
            html.Div(press(_("Report"), "/api/reports", {"record": record_id}), className="act"),
        ],
        className="report form",
    )
