// The table twin: tells ag-grid of a new View, and the View of what was chosen in the table. Rows, order and counts
// come from the server (dashboard/panels/records_table.py). Namespace watchfloor.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const GRID = "records";
  let grid = null; // ag-grid's own interface, of the grid that is on the page
  let chosenHere = ""; // the record chosen in the table itself, as long as it is: it is in sight already
  let filled = new Set(); // the columns that the rows were asked for with

  const view = () => watchfloor.view;

  // The symbol of a record as on the map; its name is in the title for whoever cannot see it.
  window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {};
  window.dashAgGridComponentFunctions.WatchfloorKind = function (props) {
    const row = props.data;
    if (!row) return null;
    const images = props.symbols[`${row.layer}/${row.state || ""}`] || [];
    const said = [props.names[row.layer], props.states[row.state]].filter(Boolean).join(", ");
    return window.React.createElement("span", { className: "symbol", role: "img", "aria-label": said, title: said },
      images.map((src, index) => window.React.createElement("img", {
        key: src, src, alt: "", width: 15, height: 15, className: index ? "only-light" : "only-dark",
      })));
  };

  function sortOf(state) {
    return state.filter((column) => column.sort).sort((a, b) => (a.sortIndex || 0) - (b.sortIndex || 0))
      .map((column) => (column.sort === "desc" ? `-${column.colId}` : column.colId)).join(",");
  }

  function sorted() {
    const sort = sortOf(grid.getColumnState());
    view().choose({ sort: sort === "-start_at" ? "" : sort });
  }

  function moved(event) {
    if (!event.finished || event.source !== "uiColumnMoved" || narrow) return;
    const columns = grid.getColumnState().filter((column) => !column.hide).map((column) => column.colId).join(",");
    view().choose({ columns });
  }

  function chosen(node) {
    if (!node || !node.data) return;
    chosenHere = node.data.record_id;
    view().choose({ sel: chosenHere });
  }

  function mark() {
    const wanted = view().word("sel");
    grid.forEachNode((node) => {
      const is = Boolean(node.data) && node.data.record_id === wanted;
      if (node.isSelected() !== is) node.setSelected(is, false);
    });
  }

  function listen(found) {
    grid = found;
    grid.addEventListener("sortChanged", (event) => { if (event.source !== "api" && event.source !== "gridOptionsChanged") sorted(); });
    grid.addEventListener("columnMoved", moved);
    grid.addEventListener("newColumnsLoaded", () => { narrow = false; fill(); fit(); });
    grid.addEventListener("rowClicked", (event) => chosen(event.node));
    grid.addEventListener("cellKeyDown", (event) => { if (event.event.key === "Enter") chosen(event.node); });
    // Cells are gone through with the arrows; Tab leaves the rows, which may be thousands.
    grid.setGridOption("tabToNextCell", () => false);
    filled = columns();
    fit();
  }

  const columns = () => new Set((grid.getColumns() || []).map((column) => column.getColId()));

  // Rows come with the cells of the columns that were there: one switched on since is empty until they come again.
  // They stay where they are meanwhile, and so does the place in the list.
  function fill() {
    const now = columns(), more = [...now].some((id) => !filled.has(id));
    filled = now;
    if (more) grid.refreshInfiniteCache();
  }

  // ---- a small screen shows three columns, as long as nobody chose others -------------------------

  const NARROW = [{ colId: "layer", width: 52 }, { colId: "title", flex: 1 }, { colId: "start_at", width: 112 }];
  let narrow = false, wide = null; // `wide`: the columns as they were, for a window that grows again

  function fit() {
    if (!grid || !document.getElementById(GRID)) return;
    const wanted = watchfloor.trays.narrow() && !view().word("columns");
    if (!wanted && narrow) grid.applyColumnState({ state: wide, applyOrder: true });
    if (wanted && grid.getColumn("title")) {
      if (!narrow) wide = grid.getColumnState().map((one) => Object.assign({}, one, { hide: false }));
      grid.applyColumnState({ state: NARROW.map((one) => Object.assign({ hide: false }, one)), defaultState: { hide: true } });
      grid.moveColumns(NARROW.map((one) => one.colId), 0);
    }
    narrow = wanted;
  }

  // The title, and under it what a small screen has no column for; the style sheet shows it there alone.
  window.dashAgGridComponentFunctions.WatchfloorTitle = function (props) {
    const row = props.data;
    if (!row) return null;
    const more = [row.category, row.location_name || row.adm2_pcode || row.adm1_pcode, row.source_org].filter(Boolean).join(" · ");
    const line = (className, text) => window.React.createElement("span", { key: className, className }, text);
    return window.React.createElement("span", { className: "row-lines" }, [line("row-title", props.value), line("row-more", more)]);
  };

  window.addEventListener("resize", fit);

  // A new View: the rows are asked for anew, from the top, unless only another record was chosen.
  document.addEventListener("watchfloor:view", (event) => {
    if (!grid || !document.getElementById(GRID)) return;
    if (view().word("sel") !== chosenHere) chosenHere = "";
    const without = (text) => (text || "").split("&").filter((part) => !part.startsWith("sel=")).join("&");
    if (without(event.detail.before) !== without(event.detail.now)) {
      grid.ensureIndexVisible(0, "top");
      grid.purgeInfiniteCache();
    }
    mark();
  });

  // The rows that are on screen come again, where they are.
  document.addEventListener("watchfloor:renewed", () => {
    if (grid && document.getElementById(GRID)) grid.refreshInfiniteCache();
  });

  // The server says where the record chosen stands in the list: `ROW ID`.
  function bring(text) {
    const [row, ...id] = (text || "").split(" ");
    if (!grid || !text || id.join(" ") === chosenHere) return;
    if (Number(row) < grid.getDisplayedRowCount()) grid.ensureIndexVisible(Number(row), "middle");
    else grid.setRowCount(Math.max(grid.getDisplayedRowCount(), Number(row) + 1), false) || grid.ensureIndexVisible(Number(row), "middle");
  }

  document.addEventListener("click", (event) => {
    if (grid && event.target.closest && event.target.closest("[data-clear-columns]")) grid.setFilterModel(null);
  });

  // The grid says nothing when a page of rows has come in; the page's own change does.
  let waiting = false;
  function markSoon() {
    if (waiting || !grid) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; mark(); });
  }

  function look() {
    markSoon();
    const box = document.getElementById(GRID), place = document.getElementById("records-place");
    if (box && !box.wfListens && window.dash_ag_grid && window.dash_ag_grid.getApiAsync) {
      box.wfListens = true;
      window.dash_ag_grid.getApiAsync(GRID).then(listen);
    }
    if (place && !place.wfListens) {
      place.wfListens = true;
      new MutationObserver(() => bring(place.dataset.row)).observe(place, { attributes: true, attributeFilter: ["data-row"] });
    }
  }

  watchfloor.table = { conditions: () => (grid ? grid.getFilterModel() : {}) };
  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
})(window.watchfloor);
