"""The table twin: the records that the map shows, a row each, sorted and filtered on the server."""

from __future__ import annotations

from typing import Any

import dash_ag_grid as dag
from dash import Dash, Input, Output, State, dcc, html, no_update
from dash.development.base_component import Component

from dashboard.access.viewing import current_viewer
from dashboard.asked import Asked, asked_of, words_of
from dashboard.asking import ask
from dashboard.controls.grid_words import grid_words
from dashboard.controls.records import cells, column_choice, column_definitions, shown_columns
from dashboard.drawn import DRAWN, drawn, still
from dashboard.elements import attributes
from dashboard.ids import Id
from dashboard.languages import current_language
from dashboard.states import kept, nothing_found
from dashboard.table_request import TableRequest, order_of, table_request
from dashboard.view import View
from dashboard.words import _, several
from data import listing
from data.errors import StoreUnavailable
from data.partners import ANALYST
from data.released import Released
from data.store import Store

BLOCK = 100
"""Rows the browser asks for at once."""

NO_ROWS: dict[str, Any] = {"rowData": [], "rowCount": 0}


def layout(view: View) -> Component:
    """The head line, the grid, and what is said over it."""
    choice = html.Details(
        [html.Summary(_("Columns")), still(Id.TABLE_COLUMNS, "columns-choice")], className="popover"
    )
    return html.Section(
        [
            html.Div([still(Id.TABLE_COUNT, "table-count"), *_file(), choice], className="table-head"),
            html.Div(_grid(view), className="table-grid"),
            html.Div(id=Id.TABLE_PLACE, className="unseen"),
            html.Div(id=Id.TABLE_STATE, className="panel-state"),
            dcc.Store(id=Id.ARRANGED, data=view.arranged().to_query()),
        ],
        className="table-panel",
        **attributes({"aria-label": _("Table")}),
    )


def _file() -> list[Component]:
    """The way to take the list along, for whoever may; `assets/extract.js` carries it out."""
    if ANALYST not in current_viewer().roles:
        return []
    told = {
        "data-extract": "/api/extracts",
        "data-making": _("Making the file…"),
        "data-made": _("The file has been handed out."),
        "data-left": _("Handed out, without {count} records that may only be looked at."),
        "data-failed": _("The server cannot be reached: there is no file."),
    }
    said = html.Span(id=Id.TABLE_FILE, className="table-file quiet", role="status")
    return [said, html.Button(_("CSV file"), type="button", className="press", **attributes(told))]


def _grid(view: View) -> Component:
    grid: Component = dag.AgGrid(
        id=Id.TABLE,
        rowModelType="infinite",
        columnDefs=column_definitions(shown_columns(view, view.layers), order_of(view.sort)),
        defaultColDef={"sortable": True, "resizable": True, "suppressHeaderMenuButton": True, "minWidth": 56},
        getRowId="params.data.record_id",
        columnSize=None,
        className="wf-grid",
        style={"height": "100%", "width": "100%"},
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 12,
            # one request is one property of the page: a second at the same time would take its place
            "maxConcurrentDatasourceRequests": 1,
            "infiniteInitialRowCount": 1,
            "blockLoadDebounceMillis": 60,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
            "multiSortKey": "ctrl",
            "enableCellTextSelection": True,
            "tooltipShowDelay": 600,
            "animateRows": False,
            "suppressMultiSort": False,
            "suppressDragLeaveHidesColumns": True,
            "localeText": grid_words(),
            "enableRtl": current_language().direction == "rtl",
        },
    )
    return grid


def register(app: Dash, store: Store) -> None:
    """Rows follow the grid's own requests within the View; columns follow what is chosen."""

    @app.callback(
        Output(Id.TABLE, "getRowsResponse"),
        Output(Id.TABLE_COUNT, DRAWN),
        Output(Id.TABLE_STATE, "children"),
        Input(Id.TABLE, "getRowsRequest"),
        State(Id.VIEW, "data"),
        State(Id.ARRANGED, "data"),
        State(Id.TABLE_STATE, "children"),
    )
    async def page(given: object, query: object, arranged: object, said: object) -> tuple[object, ...]:
        request = table_request(given)
        if request is None:
            return no_update, no_update, no_update
        columns, _notices = View.from_query(arranged if isinstance(arranged, str) else "")
        try:
            rows, count = await ask(
                store, lambda released: paged(released, asked_of(released, query), request, columns)
            )
        except StoreUnavailable as error:
            _kept, state = kept(error, store.clock(), said, 1)
            return NO_ROWS, no_update, state
        return rows, drawn(count), None

    @app.callback(
        Output(Id.TABLE, "columnDefs"),
        Output(Id.TABLE_COLUMNS, DRAWN),
        Input(Id.ARRANGED, "data"),
        Input(Id.VIEW, "data"),
    )
    async def columns(arranged: object, query: object) -> tuple[object, ...]:
        asked, _told = View.from_query(query if isinstance(query, str) else "")
        view, _notices = View.from_query(arranged if isinstance(arranged, str) else "")
        names = shown_columns(view, asked.layers)
        return column_definitions(names, order_of(view.sort)), drawn(column_choice(view, asked.layers))

    @app.callback(
        Output(Id.TABLE_PLACE, "data-row"),
        Input(Id.VIEW, "data"),
        State(Id.TABLE, "getRowsRequest"),
    )
    async def find(query: object, given: object) -> object:
        request = table_request(given) or TableRequest(0, 1)
        try:
            return await ask(store, lambda released: placed(released, asked_of(released, query), request))
        except StoreUnavailable:
            return ""


def paged(
    released: Released, asked: Asked, request: TableRequest, arranged: View
) -> tuple[dict[str, Any], list[Component]]:
    """One page of rows for the grid, and the head line."""
    names = shown_columns(arranged, asked.view.layers)
    wanted = listing.Wanted(asked.record_layers, request.order, request.conditions)
    found = listing.listing(
        released, asked.filter, wanted, (*names, "verification"), request.first, request.last
    )
    profile = released.policy.operation.marking
    rows = [cells(row, names, released.regions, profile) for row in found.rows]
    return {"rowData": rows, "rowCount": found.total}, _count(released, asked, request, found)


def _count(
    released: Released, asked: Asked, request: TableRequest, found: listing.Listing
) -> list[Component]:
    if not found.total and not request.conditions:
        return [nothing_found(words_of(released, asked), _("No records released to you"))]
    if request.conditions:
        return [html.Strong(_narrowed(request, found)), _widen(_columns_with_conditions(request))]
    said = several("{count} record released to you", "{count} records released to you", found.total)
    return [html.Strong(said), html.Span(words_of(released, asked), className="quiet")]


def _narrowed(request: TableRequest, found: listing.Listing) -> str:
    """Conditions of columns are the table's own: the map and every count beside it stay as they are."""
    one = _("{count} of {all} records released to you meet the condition; the map is not narrowed")
    more = _("{count} of {all} records released to you meet the conditions; the map is not narrowed")
    said = one if _columns_with_conditions(request) == 1 else more
    return said.format(count=_.number(found.total), all=_.number(found.released))


def _columns_with_conditions(request: TableRequest) -> int:
    return len({condition.column for condition in request.conditions})


def _widen(count: int) -> Component:
    said = _("Clear the condition") if count == 1 else _("Clear the conditions")
    return html.Button(
        said, type="button", className="quiet-button", **attributes({"data-clear-columns": ""})
    )


def placed(released: Released, asked: Asked, request: TableRequest) -> str:
    """`ROW ID` of the record chosen, for the grid to bring it into sight; empty when it is not there."""
    if not asked.view.selected:
        return ""
    wanted = listing.Wanted(asked.record_layers, request.order, request.conditions)
    place = listing.place_of(released, asked.filter, wanted, asked.view.selected)
    return "" if place is None else f"{place} {asked.view.selected}"
