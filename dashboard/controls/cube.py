"""The published cube for people: what to choose, the figures by area and week, and by which rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.actions import button
from dashboard.controls.codes import code_words
from dashboard.controls.places import region_name
from dashboard.controls.records import FEED_TITLES
from dashboard.elements import attributes
from dashboard.words import _
from data.cube.cells import CATEGORIES, CATEGORY_COLUMN
from data.cube.published import PublishedCube
from data.cube.rules import A3
from data.cube.weeks import WEEK
from data.regions_shown import RegionIndex

STEPS = (15, 30, 60)
"""From these figures on a cell has the next darker fill."""


@dataclass(frozen=True)
class Slice:
    """What is shown: one category of a feed in one ISO year. `figures` by area and week; `weeks` in order."""

    feed: str
    category: str
    year: int
    weeks: tuple[date, ...]
    figures: Mapping[tuple[str, date], int]


def choices(cube: PublishedCube, chosen: Slice) -> Component:
    """Feed, category and year, each from a fixed list."""
    feeds = [
        button(
            _(FEED_TITLES[feed]),
            f"cube={feed}:{_first(cube, feed)}",
            pressed=feed == chosen.feed,
            class_name="segment",
        )
        for feed in CATEGORIES
    ]
    years = [
        button(
            str(year),
            f"cube={chosen.feed}:{chosen.category}:{year}",
            pressed=year == chosen.year,
            class_name="segment",
        )
        for year in cube.years(chosen.feed, chosen.category)
    ]
    parts = [_group(_("Feed"), feeds), _categories(cube, chosen)]
    return html.Div(parts + ([_group(_("Year"), years)] if len(years) > 1 else []), className="cube-choices")


def _first(cube: PublishedCube, feed: str) -> str:
    return next((one for one in CATEGORIES[feed] if cube.years(feed, one)), CATEGORIES[feed][0])


def _group(said: str, buttons: Sequence[Component]) -> Component:
    group = html.Div(buttons, className="segments", role="group", **attributes({"aria-label": said}))
    return html.Div([html.Span(said, className="quiet"), group], className="compared-group")


def _categories(cube: PublishedCube, chosen: Slice) -> Component:
    said = _("Category")
    named = sorted((_category(chosen.feed, one), one) for one in CATEGORIES[chosen.feed])
    options = [_option(cube, chosen, name, one) for name, one in named]
    told = attributes({"data-cube": "", "aria-label": said})
    select = html.Select(options, className="eyes", **told)
    return html.Div([html.Span(said, className="quiet"), select], className="compared-group")


def _option(cube: PublishedCube, chosen: Slice, name: str, category: str) -> Component:
    extra: dict[str, Any] = {"selected": "selected"} if category == chosen.category else {}
    words = _.listed([name, _("has figures") if cube.years(chosen.feed, category) else ""])
    return html.Option(words, value=f"{chosen.feed}:{category}", **extra)


def _category(feed: str, category: str) -> str:
    return code_words(CATEGORY_COLUMN[feed], category)


def when(cube: PublishedCube) -> Component:
    """Of which Monday it is, when the next one comes, and what marks it."""
    if cube.as_of is None:
        return html.P(
            _("No counts have been published yet. They come once a week, by themselves."), className="nothing"
        )
    last, following = _.day(cube.as_of), _.day(cube.as_of + WEEK)
    said = _("As of {day}; the next on {next}.").format(day=last, next=following)
    return html.P(
        [said, " ", _("An aggregate for every registered partner, the same for all.")], className="quiet"
    )


def heat(chosen: Slice, regions: RegionIndex) -> Component:
    """Areas down, weeks across. What is not told is hatched and has a dash: held back, or nothing."""
    areas = sorted({area for area, _week in chosen.figures}, key=lambda code: _area(regions, code))
    if not areas:
        return html.P(
            [
                html.Strong(_("Suppressed in every area and week.")),
                " ",
                _("Or there was nothing: nobody can tell."),
            ],
            className="nothing",
        )
    since = min(week for _code, week in chosen.figures)
    weeks = [week for week in chosen.weeks if week >= since]
    head = html.Tr([html.Th(_("Week from"), scope="col", className="corner"), *map(_week, weeks)])
    rows = [
        _row(_area(regions, code), [chosen.figures.get((code, week)) for week in weeks]) for code in areas
    ]
    rows.append(_row(_("All other areas"), [None] * len(weeks)))
    title = _.listed([_(FEED_TITLES[chosen.feed]), _category(chosen.feed, chosen.category), str(chosen.year)])
    told = attributes({"aria-label": title})
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="policy-matrix cube-heat", **told)
    return html.Div(table, className="policy-wide", tabIndex="0", role="region", **told)


def _area(regions: RegionIndex, code: str) -> str:
    region = regions.by_code.get(code)
    return region_name(region) if region is not None else code


def _week(monday: date) -> Component:
    at = datetime.combine(monday, time(), UTC)
    number = _("Week {number}").format(number=monday.isocalendar().week)
    return html.Th(_.day(at, "d MMM"), scope="col", title=number)


def _row(name: str, figures: Sequence[int | None]) -> Component:
    return html.Tr([html.Th(name, scope="row"), *map(_cell, figures)])


def _cell(figure: int | None) -> Component:
    if figure is None:
        said = _("suppressed")
        return html.Td(["–", html.Span(said, className="unseen")], className="held", title=said)
    step = sum(figure >= least for least in STEPS) + 1
    return html.Td(_.number(figure), className=f"step-{step}")


def key() -> Component:
    """What the fills mean."""
    bounds = [5, *STEPS]
    fills = [
        _sample(
            f"step-{place + 1}",
            f"{_.number(least)}–{_.number(after - 5)}" if after else f"{_.number(least)}+",
        )
        for place, (least, after) in enumerate(zip(bounds, [*STEPS, 0], strict=True))
    ]
    return html.Ul(
        [*fills, _sample("held", _("suppressed: too few, or nothing"))], className="policy-key cube-key"
    )


def _sample(kind: str, words: str) -> Component:
    text = "–" if kind == "held" else ""
    return html.Li(
        [html.Span(text, className=f"cube-sample {kind}", **attributes({"aria-hidden": "true"})), words]
    )


def rules() -> list[Component]:
    """By which rules, in plain words, and why one's own counts differ."""
    figures = {"k": A3.k, "protected": A3.k_protected, "originators": A3.originators, "step": A3.rounds_to}
    share = f"{_.number(A3.most_share * 100)} %"
    said = [
        _("Records of partners who allow it are counted here, also those that are not released to you."),
        _(
            "A figure stands for {k} records or more ({protected} for protection and health), of at least"
            " {originators} partners, none of whom has more than {share}. This holds for what any partner"
            " cannot see of it, too."
        ).format(**figures, share=share),
        _(
            "Figures are rounded to {step}. There are no totals, and no other areas, times or categories."
        ).format(**figures),
        _("“Suppressed” may be nothing or too few to be told: nobody can tell which."),
        _("A week is counted a week after it ended. A figure only grows, by what is enough by itself."),
        _("What is cancelled, relabelled or purged later stays counted: a figure that fell would tell."),
    ]
    own = _(
        "Everywhere else counts cover what is released to you, exactly and at once. So the two differ,"
        " both ways: here records count that you do not see, and some that you see do not count."
    )
    return [
        html.H3(_("How these figures come about")),
        html.Ul([html.Li(one) for one in said], className="cube-rules"),
        html.H3(_("Why they are not your own counts")),
        html.P(own, className="cube-own"),
    ]
