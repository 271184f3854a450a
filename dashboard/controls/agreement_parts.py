"""Agreements for people: between whom, with what taken away, from when until when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.places import region_name
from dashboard.elements import attributes
from dashboard.times import day
from dashboard.words import _
from data.known_policy import KnownPolicy, Standing, standing
from data.partners import BILATERAL, SCREEN, Agreement, Group
from data.regions_shown import RegionIndex
from layers.agreements import HEIGHT, WIDTH, graph
from layers.msgid import msgid

STANDING_WORDS: Mapping[Standing, str] = MappingProxyType(
    {
        Standing.IN_FORCE: msgid("in force"),
        Standing.TO_COME: msgid("to come"),
        Standing.ENDED: msgid("ended"),
    }
)
SIGNS: Mapping[Standing, str] = MappingProxyType(
    {Standing.IN_FORCE: "●", Standing.TO_COME: "○", Standing.ENDED: "×"}
)
PLACE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "exact": msgid("exact places"),
        "adm2": msgid("places by district"),
        "adm1": msgid("places by province"),
        "adm0": msgid("places by country"),
        "none": msgid("no places"),
    }
)
FEED_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "incidents": msgid("incidents"),
        "deployments": msgid("deployments"),
        "deliveries": msgid("deliveries"),
    }
)
CLASS_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "operational": msgid("operational details"),
        "protection": msgid("protection details"),
        "personal": msgid("personal details"),
    }
)
END_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "delete": msgid("then deleted"),
        "return": msgid("then returned"),
        "keep_aggregate": msgid("then kept as totals"),
    }
)


def graph_of(known: KnownPolicy, now: datetime) -> list[Component]:
    """The graph in both schemes; what it shows stands in the table too, for whoever cannot see it."""
    said = _("Partners, groups and agreements as a graph; the tables below say the same")
    pictures = [
        html.Img(
            src=graph(known, now, scheme), alt=said, className=f"only-{scheme}", width=WIDTH, height=HEIGHT
        )
        for scheme in ("dark", "light")
    ]
    keys = [html.Li([html.Span(sign), f" {_(STANDING_WORDS[stands])}"]) for stands, sign in _lines()]
    shapes = [html.Li([html.Span(sign), f" {words}"]) for sign, words in _shapes()]
    return [_wide(pictures, "policy-graph"), html.Ul([*keys, *shapes], className="policy-key")]


def _lines() -> Sequence[tuple[Standing, str]]:
    return ((Standing.IN_FORCE, "──"), (Standing.TO_COME, "╌╌"), (Standing.ENDED, "····"))


def _shapes() -> Sequence[tuple[str, str]]:
    return (("◇", _("agreement of several")), ("□", _("group")), ("▭", _("partner")))


def matrix(known: KnownPolicy, now: datetime) -> Component:
    """Who has which agreement with whom: a row and a column for each known partner."""
    codes = tuple(known.partners)
    head = html.Tr([html.Td(""), *(_head(known, code, "col") for code in codes)])
    rows = [
        html.Tr([_head(known, row, "row"), *(_cell(known, row, column, now) for column in codes)])
        for row in codes
    ]
    said = attributes({"aria-label": _("Agreements between partners")})
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="policy-matrix", **said)
    return _wide(table, "policy-wide")


def _wide(part: Component | Sequence[Component], name: str) -> Component:
    """Scrolls by itself where the screen is narrow, by the keyboard too."""
    return html.Div(part, className=name, tabIndex="0")


def _head(known: KnownPolicy, code: str, scope: str) -> Component:
    own = "own" if code in known.own else ""
    return html.Th(code, title=known.partners[code].name, scope=scope, className=own)


def _cell(known: KnownPolicy, one: str, other: str, now: datetime) -> Component:
    if one == other:
        return html.Td("", className="self")
    found = known.between(one, other)
    signs = [
        html.Span(SIGNS[stands], className=f"standing {stands.replace(' ', '-')}")
        for stands in dict.fromkeys(standing(each.from_at, each.until_at, now) for each in found)
    ]
    said = "\n".join(f"{each.id}: {_(STANDING_WORDS[_stands(each, now)])}" for each in found)
    return html.Td(signs, title=said or _("no agreement known to you"))


def _stands(agreement: Agreement, now: datetime) -> Standing:
    return standing(agreement.from_at, agreement.until_at, now)


def agreements_list(
    known: KnownPolicy, regions: RegionIndex, now: datetime, carried_out: Mapping[str, datetime]
) -> Component:
    """Every known agreement with its terms; those in force first. `carried_out`: by id, when what it says of
    its end was done."""
    order = list(STANDING_WORDS)
    found = sorted(known.agreements, key=lambda each: (order.index(_stands(each, now)), each.id))
    parts = [_agreement(each, regions, now, carried_out.get(each.id)) for each in found]
    return html.Ul(parts, className="policy-list")


def _agreement(
    agreement: Agreement, regions: RegionIndex, now: datetime, done_at: datetime | None
) -> Component:
    stands = _stands(agreement, now)
    kind = _("between two") if agreement.kind == BILATERAL else _("of several")
    head = html.Div(
        [
            html.Span(SIGNS[stands], className=f"standing {stands.replace(' ', '-')}"),
            html.Strong(agreement.id),
            html.Span(f"{kind}, {_(STANDING_WORDS[stands])}", className="quiet"),
            html.Span(_dates(agreement.from_at, agreement.until_at), className="quiet"),
        ],
        className="policy-head",
    )
    lines = [_.listed(sorted(agreement.parties), ", "), _terms(agreement, regions), _end(agreement)]
    over = [_over(agreement, done_at)] if stands is Standing.ENDED else []
    return html.Li([head, *(html.Div(line) for line in lines if line), *over, _basis(agreement)])


def _over(agreement: Agreement, done_at: datetime | None) -> Component:
    """Whether what was agreed of the end was done; nothing goes by itself."""
    if done_at is None or (agreement.until_at is not None and done_at < agreement.until_at):
        return html.Div(_("What was agreed of its end is still to be done"), className="to-do")
    said = _("What was agreed of its end was done on {day}").format(day=day(done_at))
    return html.Div(said, className="quiet")


def _dates(from_at: datetime, until_at: datetime | None) -> str:
    if until_at is None:
        return _("from {first}, without end").format(first=day(from_at))
    return _("from {first} until before {last}").format(first=day(from_at), last=day(until_at))


def _terms(agreement: Agreement, regions: RegionIndex) -> str:
    feeds = [_(FEED_WORDS[feed]) for feed in sorted(agreement.feeds)]
    parts = [_.listed(feeds, ", "), _("up to {level}").format(level=agreement.level)]
    parts.append(_(PLACE_WORDS[agreement.geo_level]))
    if agreement.regions is not None:
        parts.append(_("only in {places}").format(places=_.listed(_places(agreement.regions, regions), ", ")))
    if agreement.delay:
        parts.append(_("after {delay}").format(delay=_length(agreement.delay)))
    if agreement.hide:
        parts.append(_("without {classes}").format(classes=_.listed(_hidden(agreement), ", ")))
    if agreement.allows == {SCREEN}:
        parts.append(_("on screen only"))
    return _.listed(parts)


def _places(codes: frozenset[str], regions: RegionIndex) -> list[str]:
    known = regions.by_code
    return [region_name(known[code]) if code in known else code for code in sorted(codes)]


def _hidden(agreement: Agreement) -> list[str]:
    return [_(CLASS_WORDS[name]) for name in sorted(agreement.hide)]


def _length(delay: timedelta) -> str:
    hours = delay.total_seconds() / 3600
    if hours % 24 == 0:
        return _("{n} d").format(n=round(hours / 24))
    return _("{n} h").format(n=round(hours)) if hours % 1 == 0 else _("{n} min").format(n=round(hours * 60))


def _end(agreement: Agreement) -> str:
    said = [agreement.use, agreement.retention and _("retention: {time}").format(time=agreement.retention)]
    return _.listed([part for part in (*said, _(END_WORDS[agreement.at_end])) if part])


def _basis(agreement: Agreement) -> Component:
    return html.Div(agreement.legal_basis, className="quiet")


def groups_list(known: KnownPolicy, now: datetime) -> Component:
    """Every known group with its members and since when they belong to it."""
    return html.Ul([_group(each, now) for each in known.groups], className="policy-list")


def _group(group: Group, now: datetime) -> Component:
    members = [
        html.Li(
            [
                html.Span(SIGNS[standing(one.from_at, one.until_at, now)], className="standing"),
                html.Strong(one.partner),
                html.Span(_dates(one.from_at, one.until_at), className="quiet"),
            ]
        )
        for one in group.members
    ]
    return html.Li([html.Div(html.Strong(group.code), className="policy-head"), html.Ul(members)])
