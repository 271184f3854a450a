"""The application: one server, one page, its panels, its routes, one guard before them all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from dash import Dash
from dash.exceptions import DependencyException
from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from dashboard import acts, notices, shell
from dashboard.access.faults import Faults
from dashboard.access.guard import Guard, GuardRules
from dashboard.access.headers import security_headers
from dashboard.access.recorded import Recorded
from dashboard.access.requests import OwnAddress
from dashboard.entrance import Access, access_for
from dashboard.kept_files import KeptFiles
from dashboard.own_index import OwnIndex
from dashboard.pages import router
from dashboard.panels import (
    accountability,
    agreements,
    changes_list,
    changes_map,
    comparison,
    cube,
    details,
    marking,
    play,
    rail,
    records_table,
    saved_views,
    search,
    situation_map,
    timeline,
    totals,
)
from dashboard.routes import (
    basemap,
    events,
    health,
    language,
    signed_in,
)
from dashboard.servable import check_servable
from dashboard.settings import LOOPBACK_NAMES, Settings
from dashboard.words import _
from data.audit.trail import Trail
from data.basemap.lines import FILE_NAME, BoundaryFile
from data.store import Store

ASSETS = Path(__file__).resolve().parent.parent / "assets"
WEBSOCKET = "/_dash-ws-callback"
"""Dash adds it before it can be told that nothing here uses it."""

PANELS = (
    *(marking, saved_views, rail, search, totals, play, timeline),
    *(records_table, changes_list, details, agreements, cube),
)
"""Every panel that needs the store alone; the maps are handed the boundary lines too."""

LIBRARIES = "/_dash-component-suites/"


def create_app(settings: Settings, store: Store, trail: Trail | None = None) -> Dash:
    """The whole application for one open store; what is done goes to `trail`, the home's own without one.

    Raises SettingError where it must not be served so.
    """
    check_servable(settings, store)
    kept = timedelta(days=settings.views_kept_days)
    trail = trail or Trail.open(store.home, outside=settings.checkpoints, views_kept=kept)
    access = access_for(settings, store, trail)
    server = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app = _dash(server)
    app.layout = lambda: shell.layout(
        store.policy(), settings.languages, by_persona=access.by_persona, signs_out=access.by_session
    )
    router.register(app, store)
    _answer_pages(server, app)
    for panel in PANELS:
        panel.register(app, store)
    boundaries = BoundaryFile(store.home.path / FILE_NAME)
    for drawing in (situation_map, changes_map, comparison):
        drawing.register(app, store, boundaries)
    accountability.register(app, store, trail)
    acts.register(server, store, trail)
    health.register(server)
    signed_in.register(server)
    events.register(server, store, access.whose)
    access.register(server)
    language.register(server, settings.languages)
    basemap.register(server, boundaries)
    _close_routes(server)
    _answer_unknown_files(server)
    server.add_middleware(GZipMiddleware, minimum_size=500, compresslevel=5)
    server.add_middleware(KeptFiles)
    server.add_middleware(Faults)
    server.add_middleware(Guard, rules=_rules(app, settings, access))
    server.add_middleware(Recorded, store=store, trail=trail, pages=router.PAGES)
    server.add_middleware(Faults)  # once more, around the guard and the recording themselves
    return app


def _dash(server: FastAPI) -> OwnIndex:
    app = OwnIndex(
        "watchfloor",
        server=server,  # type: ignore[arg-type]
        backend="fastapi",
        assets_folder=str(ASSETS),
        assets_ignore=r"^sign_in\.css$",  # the sign-in page alone has it
        title="Watchfloor",
        update_title="",
        use_pages=False,
        serve_locally=True,
        suppress_callback_exceptions=True,
        on_error=notices.on_error,
        enable_mcp=False,
        index_string=shell.INDEX,
    )
    app.backend.websocket_capability = False
    return app


def _answer_pages(server: FastAPI, app: OwnIndex) -> None:
    """Each page but the first, which Dash answers itself, at its own path."""

    async def index(request: Request) -> Response:
        return HTMLResponse(app.index_for(request))

    for path in router.PAGES:
        if path != "/":
            server.add_api_route(path, index, methods=["GET"], include_in_schema=False)


def _close_routes(server: FastAPI) -> None:
    """Every path that is not ours is 404 (Dash would answer with the page); HEAD is answered as GET is."""

    async def nothing_here(path: str) -> Response:
        del path
        return _nothing()

    server.router.routes[:] = [route for route in server.routes if getattr(route, "path", "") != WEBSOCKET]
    for route in server.routes:
        methods = getattr(route, "methods", None)
        if methods and "GET" in methods:
            methods.add("HEAD")
    server.add_api_route(
        "/{path:path}", nothing_here, methods=["GET", "HEAD", "POST"], include_in_schema=False
    )


def _nothing() -> Response:
    return PlainTextResponse(_("There is nothing at this address."), 404)


def _answer_unknown_files(server: FastAPI) -> None:
    """A library or a file of one that Dash does not serve is 404; Dash itself raises, and answers 500."""

    async def no_file(request: Request, error: Exception) -> Response:
        if not request.scope["path"].startswith(LIBRARIES):
            raise error
        return _nothing()

    server.add_exception_handler(DependencyException, no_file)
    server.add_exception_handler(FileNotFoundError, no_file)


def _rules(app: Dash, settings: Settings, access: Access) -> GuardRules:
    @lru_cache(maxsize=1)
    def security() -> Mapping[str, str]:
        return security_headers(app.csp_hashes())

    return GuardRules(
        source=access.source,
        programs=access.programs,
        own=OwnAddress(LOOPBACK_NAMES | {settings.host}, settings.port, settings.public_url),
        routes=lambda: app.server.routes,
        callbacks=lambda: app.callback_map,
        security=security,
        languages=settings.languages,
        has_sign_in=access.by_session,
    )
