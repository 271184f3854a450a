"""Every route and every callback: who answers there, what comes back, and who may ask.

The guard goes by these two lists. What is not in them is refused at run time, whoever asks, and a test
compares them with the application's routes and callbacks; so nothing is served that was not looked at here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from starlette.routing import BaseRoute, Match
from starlette.types import Scope

from data.partners import FILE, OPERATOR, OVERSEER, RELEASER, SCREEN


@dataclass(frozen=True)
class Rule:
    """`owner` is the module that answers, `holds` is what comes back.

    Whoever asks must have signed in, unless `anyone`; and must have one of `roles` where there are some.
    `purpose` is what is released by the answer (release policy, Amendments): `screen`, or `file` for what
    is offered for saving. `is_page`: who is not signed in is led to the sign-in page, and back. `is_form`:
    a browser's own form posts there, without a script. `in_background`: the page asks by itself, which
    keeps nobody signed in. `on_screens`: a wall asks it too, which looks and does nothing else: it does not
    search, draw or take files (release policy, A3 Walls). `is_for_programs`: a partner's system asks, with
    the credential of a feed operator; no person and no wall does.
    """

    owner: str
    holds: str
    anyone: bool = False
    roles: frozenset[str] = frozenset()
    purpose: str = SCREEN
    is_page: bool = False
    is_form: bool = False
    in_background: bool = False
    on_screens: bool = False
    is_for_programs: bool = False

    def __post_init__(self) -> None:
        if self.purpose not in (SCREEN, FILE):
            raise ValueError(f"The purpose of {self.owner} is {self.purpose!r}, expected screen or file.")


def _page(title: str, *, on_screens: bool = False) -> Rule:
    return Rule(
        "dashboard.pages.router", f"the page {title} without data", is_page=True, on_screens=on_screens
    )


def _panel(name: str, holds: str) -> Rule:
    return Rule(f"dashboard.panels.{name}", holds)


def _shown(name: str, holds: str) -> Rule:
    """A panel that a wall shows too."""
    return Rule(f"dashboard.panels.{name}", holds, on_screens=True)


def _served(owner: str, holds: str, *, in_background: bool = False) -> Rule:
    """What a page needs wherever it is shown."""
    return Rule(owner, holds, in_background=in_background, on_screens=True)


def _program(holds: str) -> Rule:
    """What partners' systems ask."""
    return Rule("dashboard.routes.records", holds, roles=frozenset({OPERATOR}), is_for_programs=True)


DASH = "dash"
ROUTES: Mapping[str, Rule] = MappingProxyType(
    {
        "/": _page("map", on_screens=True),
        "/table": _page("table"),
        "/changes": _page("changes"),
        "/compare": _page("compare"),
        "/agreements": _page("agreements"),
        "/counts": _page("published counts"),
        "/accountability": _page("accountability"),
        "/_dash-layout": _served(DASH, "the frame, for the viewer"),
        "/_dash-dependencies": _served(DASH, "names of callbacks, no data"),
        "/_dash-update-component": _served(DASH, "answers of callbacks; each has its own rule"),
        "/_dash-component-suites/{package_name}/{fingerprinted_path:path}": _served(DASH, "libraries"),
        "/_reload-hash": _served(DASH, "no data"),
        "/_favicon.ico": _served(DASH, "a picture"),
        "/assets": _served(DASH, "files of ours"),
        "/screen": Rule("dashboard.routes.screen", "a code, no data", anyone=True),
        "/healthz": Rule("dashboard.routes.health", "ok", anyone=True),
        "/persona": Rule("dashboard.routes.persona", "sets a signed cookie, where there are personas"),
        "/language": Rule("dashboard.routes.language", "sets a cookie that is checked"),
        "/basemap/{name}.json": _served("dashboard.routes.basemap", "public geography"),
        "/api/extracts": Rule("dashboard.routes.extracts", "rows, once the trail has them", purpose=FILE),
        "/api/account-reports": Rule(
            "dashboard.routes.account_reports",
            "the trail, as far as an owner or an overseer may read it",
            roles=frozenset({RELEASER, OVERSEER}),
            purpose=FILE,
        ),
        "/api/approvals": Rule("dashboard.routes.approvals", "nothing", roles=frozenset({RELEASER})),
        "/api/reports": Rule("dashboard.routes.reports", "a sentence: a record is withheld on report"),
        "/api/reports/decision": Rule("dashboard.routes.reports", "a sentence", roles=frozenset({RELEASER})),
        "/api/recalls": Rule("dashboard.routes.reports", "a sentence", roles=frozenset({RELEASER})),
        "/api/feeds/{feed}/records": _program(
            "takes records into the spool; nothing of anybody's comes back"
        ),
        "/api/feeds/{feed}/deliveries/{delivery_id}": _program("what became of a partner's own delivery"),
        "/api/openapi.json": Rule("dashboard.routes.records", "how records are posted", anyone=True),
        "/events": _served(
            "dashboard.routes.events", "the viewer's own version, no data", in_background=True
        ),
        "/signed-in": _served("dashboard.routes.signed_in", "nothing", in_background=True),
        "/sign-in": Rule("dashboard.routes.sign_in", "a form, no data", anyone=True, is_form=True),
        "/sign-in/provider": Rule("dashboard.routes.oidc", "the way to the provider, no data", anyone=True),
        "/sign-in/return": Rule("dashboard.routes.oidc", "the way back from it, no data", anyone=True),
        "/sign-out": Rule("dashboard.routes.sign_out", "ends sessions of whoever asks"),
        "/{path:path}": _served("dashboard.application", "404"),
    }
)
"""By the path that the route declares."""

PUBLIC_FILES = frozenset({"/assets/sign_in.css"})
"""What the sign-in page is made of."""

PUBLIC_FILE = Rule(DASH, "the sign-in page's own files", anyone=True)

CALLBACKS: Mapping[str, Rule] = MappingProxyType(
    {
        "page.children": _served("dashboard.pages.router", "the page's frame"),
        "marking-top.data-drawn": _shown("marking", "marking and clocks"),
        "rail-regions.data-drawn": _shown("rail", "the rail"),
        "saved.data-drawn": _panel("saved_views", "kept views of the person and their partner"),
        "found.data-drawn": _panel("search", "places, regions and released records by name"),
        "totals.data-drawn": _shown("totals", "totals"),
        "map-regions.data": _shown("situation_map", "public regions"),
        "map-layer-responsibility.data": _shown(
            "situation_map", "reference layers, hazard, marks, fill, legend"
        ),
        "play-steps.data-steps": _shown("play", "marks and totals of the next steps"),
        "timeline-place.children": _shown("timeline", "the empty graph, no data"),
        "timeline.figure": _shown("timeline", "timeline"),
        "details.data-drawn": _shown("details", "drawer"),
        "changes-head.data-drawn": _panel("changes_list", "what changed, as a list"),
        "changed-layer-responsibility.data": _panel("changes_map", "what changed, on the map"),
        "changed-regions.data": _panel("changes_map", "public regions"),
        "compared-head.data-drawn": _panel("comparison", "two periods or knowledge times, their figures"),
        "earlier-layer-responsibility.data": _panel("comparison", "both maps of a comparison"),
        "earlier-regions.data": _panel("comparison", "public regions"),
        "later-regions.data": _panel("comparison", "public regions"),
        "policy.data-drawn": _panel("agreements", "agreements that the viewer's partner is a party to"),
        "cube.data-drawn": _panel("cube", "the published cube, the same for everybody"),
        "account.data-drawn": _panel(
            "accountability", "the trail, as far as an owner or an overseer may read it"
        ),
        "records.getRowsResponse": _panel("records_table", "rows of the table"),
        "records.columnDefs": _panel("records_table", "columns of the table and their choice, no data"),
        "records-place.data-row": _panel("records_table", "where the record chosen stands in the table"),
    }
)
"""By the first part that the callback puts out."""


def path_of(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """The declared path of the route that will answer, found as the server finds it; empty without one."""
    partly = ""
    for route in routes:
        match, _child = route.matches(scope)
        if match is Match.FULL:
            return str(getattr(route, "path", ""))
        if match is Match.PARTIAL and not partly:
            partly = str(getattr(route, "path", ""))
    return partly


def rule_of_route(declared: str, path: str) -> Rule | None:
    """The rule of a route by its declared path; None for a route that nobody has looked at."""
    return PUBLIC_FILE if path in PUBLIC_FILES else ROUTES.get(declared)


def callback_key(output: str) -> str:
    """What a callback is called by here: the first part that it puts out."""
    return output.strip(".").split("...")[0]


def rule_of_callback(output: str) -> Rule | None:
    """The rule of a callback; None for one that nobody has looked at."""
    return CALLBACKS.get(callback_key(output))
