"""What waits for releasers, for people: what it says, who has approved it, who is still missing."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.controls.press import press
from dashboard.elements import attributes
from dashboard.times import moment
from dashboard.words import _, several
from data.known_changes import KnownApproval, KnownChange

SHOWN = 6
"""Lines that stand open; the rest is there on asking."""


def staged_list(changes: Sequence[KnownChange], profile: str) -> list[Component]:
    """A heading and every change that waits; nothing where nothing waits."""
    if not changes:
        return []
    said = _("What widens waits for two people with the role releaser, and for the owners of the records.")
    return [
        html.H3(_("Waiting for approval")),
        html.P(said, className="quiet"),
        html.Ul([_change(one, profile) for one in changes], className="policy-list staged"),
    ]


def _change(change: KnownChange, profile: str) -> Component:
    head = html.Div(
        [
            html.Span("◔", className="standing"),
            html.Strong(_("Change {number}").format(number=change.number)),
            html.Span(
                _("proposed by {who}, {time}").format(**_said(change.proposed, profile)), className="quiet"
            ),
        ],
        className="policy-head",
    )
    told = (_lines(_("What it says"), change.terms), _lines(_("Of your records"), change.figures))
    parts = html.Div([html.Div(lines) for lines in told if lines], className="staged-parts")
    return html.Li([head, parts, _standing(change, profile), _button(change)])


def _said(one: KnownApproval, profile: str) -> dict[str, str]:
    who = f"{one.partner} · {one.who}" if one.who else one.partner
    who = who if one.partner else _("whoever sits at the server")
    return {"who": who, "time": moment(one.at, profile)}


def _lines(title: str, lines: Sequence[str]) -> list[Component]:
    """Lines as the policy file's own words say them, which are English."""
    if not lines:
        return []
    english = attributes({"lang": "en"})
    items = [html.Li(line) for line in lines]
    more = several("{count} more line", "{count} more lines", len(lines) - SHOWN)
    rest = html.Details([html.Summary(more), html.Ul(items[SHOWN:], className="staged-lines", **english)])
    return [
        html.Div(title, className="quiet"),
        html.Ul(items[:SHOWN], className="staged-lines", **english),
        *([rest] if len(lines) > SHOWN else []),
    ]


def _standing(change: KnownChange, profile: str) -> Component:
    said = [_("approved by {who}, {time}").format(**_said(one, profile)) for one in change.approvals]
    if change.people:
        said.append(
            several(
                "{count} more person must approve it", "{count} more people must approve it", change.people
            )
        )
    said += [_("somebody of {partner} must approve it").format(partner=owner) for owner in change.owners]
    return html.Ul([html.Li(line) for line in said], className="quiet")


def _button(change: KnownChange) -> Component:
    if change.mine:
        return html.P(_("You have approved it; another person must be the second."), className="quiet")
    sure = _("Press again to approve for good")
    return html.Div(press(_("Approve"), "/api/approvals", {"staged": change.number}, sure), className="act")
