"""Files that hold what has changed since: for originators to recall, for whoever took one to destroy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from dashboard.controls.press import press
from dashboard.controls.roles import role_list
from dashboard.elements import attributes
from dashboard.times import moment
from dashboard.words import _, several
from data.became import CANCELLED, RECALLED, TIGHTENED, WITHHELD
from data.held import Held, ToDestroy
from layers.msgid import msgid

BECAME_WORDS: Mapping[str, str] = MappingProxyType(
    {
        WITHHELD: msgid("withheld on report"),
        RECALLED: msgid("recalled by its originator"),
        CANCELLED: msgid("cancelled"),
        TIGHTENED: msgid("its label is stricter"),
    }
)
MOST_FILES, MOST_RECORDS = 100, 50
"""Files that are listed, the newest; ids that are told of each."""


def held_parts(files: Sequence[Held], profile: str) -> list[Component]:
    """A table of the files; nothing where there are none."""
    if not files:
        return []
    heads = (_("File"), _("State"), _("Changed since"), _("When"), _("Partner"), _("Role"), _("Under"))
    title = _("Files that hold what has changed since")
    said = _("Recall a file, and whoever took it is told to destroy its copy.")
    rows = [_file(one, profile) for one in files[:MOST_FILES]]
    return [
        html.Div([html.H2(title)], className="policy-title"),
        html.P(said, className="quiet"),
        _table(heads, rows, title),
    ]


def destroy_parts(files: Sequence[ToDestroy], profile: str) -> list[Component]:
    """What the partner that took a file reads; nothing where none was recalled."""
    if not files:
        return []
    title = _("Recalled: destroy your copy")
    heads = (_("Recalled by"), _("When"), _("File"), _("Taken"), _("Role"))
    said = _("Destroy every copy. A file's name ends with the first eight characters of its id.")
    rows = [_destroy(one, profile) for one in files[:MOST_FILES]]
    return [
        html.Div([html.H2(title)], className="policy-title"),
        html.P(said, className="quiet"),
        _table(heads, rows, title),
    ]


def _destroy(one: ToDestroy, profile: str) -> Component:
    said = (
        one.recall.originator,
        moment(one.recall.at, profile),
        one.extract,
        moment(one.taken_at, profile),
        role_list(one.roles),
    )
    return html.Tr([html.Td(text) for text in said])


def _file(one: Held, profile: str) -> Component:
    who = _.listed([*one.partners], ", ")
    file = several("{count} record of yours", "{count} records of yours", one.records)
    return html.Tr(
        [
            html.Td([html.Div(f"{one.format} {one.extract[:8]}"), html.Div(file, className="quiet")]),
            html.Td(_state(one, profile)),
            html.Td(_changed(one)),
            html.Td(moment(one.at, profile)),
            html.Td(f"{who} · {_.listed(one.names, ', ')}" if one.names else who),
            html.Td(role_list(one.roles)),
            html.Td(_.listed(one.agreements, ", ")),
        ]
    )


def _changed(one: Held) -> list[Component]:
    """How many became what, and which, folded."""
    counts = Counter(one.changed.values())
    said = [f"{_.number(count)} {_(BECAME_WORDS[what])}" for what, count in sorted(counts.items())]
    listed = [
        html.Li(f"{record}: {_(BECAME_WORDS[what])}")
        for record, what in sorted(one.changed.items())[:MOST_RECORDS]
    ]
    if len(one.changed) > MOST_RECORDS:
        listed.append(html.Li(_("and {count} more").format(count=_.number(len(one.changed) - MOST_RECORDS))))
    if not listed:
        return [html.Span("–")]
    return [html.Details([html.Summary(_.listed(said, ", ")), html.Ul(listed)], className="held")]


def _state(one: Held, profile: str) -> list[Component | str]:
    if one.recall is not None:
        by = role_list(one.recall.roles) or one.recall.originator
        said = _("recalled {time} by {role}").format(time=moment(one.recall.at, profile), role=by)
        return [html.Strong(said)]
    recall = press(_("Mark recalled"), "/api/recalls", {"extract": one.extract})
    return [html.Div([_("open"), recall], className="presses")]


def _table(heads: Sequence[str], rows: Sequence[Component], title: str) -> Component:
    head = html.Tr([html.Th(text, scope="col") for text in heads])
    told = attributes({"aria-label": title})
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="account reported", **told)
    return html.Div(table, className="policy-wide", tabIndex="0")
