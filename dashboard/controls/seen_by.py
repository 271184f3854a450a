"""With whose eyes a picture is looked at beside one's own, and why of one's own records some are not seen."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.comparison import Pair
from dashboard.elements import attributes
from dashboard.view_values import against_words
from dashboard.words import _
from data.policy import Policy
from data.released import Released
from data.seen_by import DELAYED, OwnSeen, SeenBy, others_known
from layers.msgid import msgid

RULE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "R0": msgid("cannot be decided"),
        "R1": msgid("outside their release window, or past their review date"),
        "R1a": msgid("withheld on report"),
        "R2": msgid("their level is above the clearance"),
        "R3": msgid("not released to it by their list"),
        "R4": msgid("a category is required"),
        "R5": msgid("outside the regions"),
        "R5a": msgid("no agreement in force covers them"),
        DELAYED: msgid("still held back by the delay of an agreement"),
    }
)


def eyes(released: Released, pair: Pair) -> list[Component]:
    """The ways to look with a partner's eyes; nothing for whose role does not share."""
    policy = released.policy
    others = sorted(others_known(released.viewer, policy, released.now))
    if not others:
        return []
    title = _("with what a partner sees of it")
    chosen = pair.other.partner if pair.other is not None else ""
    options = [_option("", "–", chosen=not chosen)]
    options += [
        _option(code, f"{code} · {policy.partners[code].name}", chosen=code == chosen) for code in others
    ]
    told = attributes({"data-compare": "", "aria-label": title})
    return [
        html.Div(
            [html.Span(title, className="quiet"), html.Select(options, className="eyes", **told)],
            className="compared-group",
        ),
        *_levels(policy, pair.other),
    ]


def _option(code: str, words: str, *, chosen: bool) -> Component:
    extra: dict[str, Any] = {"selected": "selected"} if chosen else {}
    return html.Option(words, value=code, **extra)


def _levels(policy: Policy, other: SeenBy | None) -> list[Component]:
    """To which level somebody of the other partner is taken to be cleared; the lowest says nothing."""
    if other is None or len(policy.levels) < 2:
        return []
    now = other.level or policy.levels[0]
    said = _("cleared to")
    choices = [
        button(
            level,
            f"compare={against_words(SeenBy(other.partner, level if place else ''))}",
            pressed=level == now,
            class_name="segment",
        )
        for place, level in enumerate(policy.levels)
    ]
    group = html.Div(choices, className="segments", role="group", **attributes({"aria-label": said}))
    return [html.Div([html.Span(said, className="quiet"), group], className="compared-group")]


def eyes_title(other: SeenBy) -> str:
    """What stands over the other's map."""
    said = _("What {partner} sees of what you see").format(partner=other.partner)
    return _.listed([said, _("your own records")])


def own_records(other: SeenBy, found: OwnSeen) -> Component:
    """Of one's own records: how many are seen, how many as areas only, and by which rule others are not."""
    if not found.records:
        return html.P(_("None of these records are your own."), className="own-seen quiet")
    head = _("Of your own {all} records {partner} sees {seen}.").format(
        all=_.number(found.records), partner=other.partner, seen=_.number(found.seen)
    )
    if found.coarse:
        head += " " + _("{count} of them with a coarser place.").format(count=_.number(found.coarse))
    lines = [
        html.Li([html.Strong(_.number(count)), f" {_(RULE_WORDS[rule])}", html.Span(rule, className="rule")])
        for rule, count in sorted(found.hidden.items(), key=lambda item: -item[1])
    ]
    hidden = [html.P(_("Not seen:"), className="quiet"), html.Ul(lines)] if lines else []
    return html.Div([html.P(head), *hidden], className="own-seen")
