"""Who saw or took whose data, for people: by partner, by day, and one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.roles import role_list
from dashboard.elements import attributes
from dashboard.pages.paths import TITLES
from dashboard.times import day, moment
from dashboard.words import _, several
from data.accountability import Account, Use, Used
from data.audit.entry import Action
from layers.msgid import msgid
from layers.trend import trend_uri

ACTION_WORDS: Mapping[Action, str] = MappingProxyType(
    {
        Action.VIEW: msgid("looked"),
        Action.EXPORT: msgid("took a file"),
        Action.DENIAL: msgid("was refused"),
        Action.POLICY_CHANGE: msgid("changed the policy"),
        Action.LABEL_CHANGE: msgid("changed labels"),
        Action.APPROVAL: msgid("approved a change"),
        Action.SIGN_IN: msgid("signed in"),
        Action.SIGN_OUT: msgid("signed out"),
        Action.SIGN_IN_REFUSED: msgid("could not sign in"),
        Action.USER_CHANGE: msgid("changed accounts"),
        Action.RECALL: msgid("recalled"),
        Action.REPORT: msgid("reported"),
        Action.REPORT_DECIDED: msgid("decided about a report"),
        Action.PURGE: msgid("purged"),
        Action.RETENTION: msgid("ended a retention"),
        Action.PUBLICATION: msgid("published counts"),
    }
)


def account_parts(found: Account, profile: str, beside: Component | None = None) -> list[Component]:
    """Head (with what stands beside it), totals by partner with the days, and the newest entries."""
    said = _("Everything that the audit trail holds") if found.every else _("Who saw or took your data")
    since = _("since {day}").format(day=day(found.since))
    head = html.Div(
        [html.H2(_("Accountability")), html.Span(f"{said}, {since}", className="quiet"), beside],
        className="policy-title",
    )
    if not found.total:
        return [head, html.P(_("Nobody yet."), className="nothing")]
    pair = html.Div([_wide(_partners(found)), _days(found)], className="policy-pair")
    newest = several("{count} entry", "{count} entries", found.total)
    if found.total > len(found.uses):
        newest += ", " + _("the newest {most}").format(most=_.number(len(found.uses)))
    return [head, pair, html.H3(newest), _wide(_uses(found, profile))]


def _wide(table: Component) -> Component:
    return html.Div(table, className="policy-wide", tabIndex="0")


def _partners(found: Account) -> Component:
    heads = (_("Partner"), _("Looked"), _("Files"), _("Records in files"))
    rows = [_partner(code, used) for code, used in found.by_partner.items()]
    return _table(heads, rows, _("By partner"))


def _partner(code: str, used: Used) -> Component:
    figures = (used.views, used.files, used.records)
    cells = [html.Td(_.number(figure), className="number") for figure in figures]
    return html.Tr([html.Th(code or "–", scope="row"), *cells])


def _days(found: Account) -> Component:
    """How many entries each day had, as a line, and its highest in words."""
    counts = [float(count) for _day, count in found.per_day]
    busiest, most = max(found.per_day, key=lambda one: one[1])
    said = _("Entries a day; most on {day}: {count}").format(
        day=_.day(busiest, "d MMM"), count=_.number(most)
    )
    images = [
        html.Img(src=trend_uri(counts, scheme), alt=said, className=f"only-{scheme}", width=240, height=48)
        for scheme in ("dark", "light")
    ]
    return html.Div([*images, html.P(said, className="quiet")], className="account-days")


def _uses(found: Account, profile: str) -> Component:
    heads = (_("When"), _("Partner"), _("Role"), _("What"), _("Records"), _("Under"))
    return _table(heads, [_use(use, profile) for use in found.uses], _("One by one"))


def use_cells(use: Use, profile: str) -> tuple[str, ...]:
    """What is said of an entry: when, who, in which role, what, how many records, under what."""
    who = _.listed([*use.partners], ", ") or "–"
    what = _(ACTION_WORDS[use.action]) if use.action in ACTION_WORDS else use.action.value
    return (
        moment(use.at, profile),
        f"{who} · {_.listed(use.names, ', ')}" if use.names else who,
        role_list(use.roles),
        f"{what} · {_detail(use)}" if use.detail else what,
        _.number(use.records) if use.records else "",
        _.listed(use.agreements, ", "),
    )


def _detail(use: Use) -> str:
    """The page by its name; of a file its id, whose beginning is in the file's name."""
    return _(TITLES[use.detail]) if use.detail in TITLES else use.detail[:40]


def _use(use: Use, profile: str) -> Component:
    cells = enumerate(use_cells(use, profile))
    return html.Tr([html.Td(text, className="number" if place == 4 else "") for place, text in cells])


def _table(heads: tuple[str, ...], rows: Sequence[Component], said: str) -> Component:
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    told = attributes({"aria-label": said})
    return html.Table([html.Thead(head), html.Tbody(rows)], className="account", **told)
