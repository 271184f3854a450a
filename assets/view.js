// The View is the URL's query string, and this file alone writes it: pushState for choices, replaceState for map
// moves, popstate back to the one store that the panels listen to. Formats: dashboard/view.py.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const SORTED = ["region", "partner", "sector"];
  const FIXED = { role: "any", fill: "" };
  const MOVE_PAUSE = 250, DAY = 86400000;
  const EVENT = "watchfloor:view"; // told to the document when the View has changed; what changed is in `detail`
  let page = null; // what the page's element says: keys, layers, default period, first place
  let current = {}; // the View's words by key, defaults left out
  let sent = null, arranged = null, map = null, asked = null, timer = null;
  let awaited = null; // a record chosen by hand whose details are on their way

  function read(text) {
    const found = {};
    for (const [key, value] of new URLSearchParams(text)) {
      if (page.keys.includes(key) && !(key in found) && value) found[key] = value;
    }
    return tidy(found);
  }

  // The same rules as View.to_query: lists in order, defaults left out, a brush instead of a preset.
  function tidy(words) {
    const kept = {};
    for (const key of page.keys) {
      let value = words[key] || "";
      if (SORTED.includes(key)) value = [...new Set(value.split(",").filter(Boolean))].sort().join(",");
      if (key === "region") value = anyVersion(value.split(",")).join(",");
      if (key === "layer" && value) {
        const on = value.split(",");
        value = page.layers.filter((layer) => on.includes(layer)).join(",") || "none";
        if (value === page.layersOn.join(",")) value = "";
      }
      if (key === "period" && (value === page.period || (words.from && words.to))) value = "";
      if ((key === "from" || key === "to") && !(words.from && words.to)) value = "";
      if (value && value !== FIXED[key]) kept[key] = value;
    }
    return kept;
  }

  const bare = (code) => code.split("@")[0];

  // A bare code means any version of the region, so its versions need not be said beside it.
  function anyVersion(codes) {
    return codes.filter((code) => code === bare(code) || !codes.includes(bare(code)));
  }

  function encode(value) {
    return encodeURIComponent(value).replace(/%2C|%3A|%3B|%40/g, decodeURIComponent)
      .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
  }

  function query(words, keys) {
    return (keys || page.keys).filter((key) => words[key]).map((key) => `${key}=${encode(words[key])}`).join("&");
  }

  function address(words) {
    const text = query(words);
    return window.location.pathname + (text ? `?${text}` : "") + watchfloor.links.hash(page.element);
  }

  function tell(id, props) {
    window.dash_clientside.set_props(id, props);
  }

  // The ways to the other pages take the View along.
  function links() {
    const text = query(current);
    document.querySelectorAll("a[data-page]").forEach((link) => {
      link.href = link.dataset.page + (text ? `?${text}` : "") + watchfloor.links.hash(page.element);
      if (link.dataset.page === window.location.pathname) link.setAttribute("aria-current", "page");
    });
  }

  // What the panels hear: everything but how it is arranged; the table alone hears its order and columns.
  function apply() {
    const text = query(current, page.asked), order = query(current, ["sort", "columns"]);
    const before = sent;
    if (order !== arranged) {
      arranged = order;
      if (document.querySelector(".table-panel")) tell("arranged", { data: order });
    }
    if (text !== sent) {
      sent = text;
      forgiven();
      tell("view", { data: text });
    }
    links();
    if (before !== text) document.dispatchEvent(new CustomEvent(EVENT, { detail: { before, now: text } }));
    if (watchfloor.map && watchfloor.map.select) watchfloor.map.select(current.sel || "");
    if (watchfloor.area) watchfloor.area.show(current.area);
  }

  function choose(changes) {
    if (!page) return;
    const wanted = tidy(Object.assign({}, current, changes)), next = tidy(Object.assign(wanted, { at: atOf(wanted) }));
    if (query(next) === query(current)) return;
    awaited = next.sel && next.sel !== current.sel ? next.sel : null;
    current = next;
    page.addressed = false;
    window.history.pushState(null, "", address(current));
    apply();
  }

  // After another picture was drawn over that of the View: the panels hear the View, also when they had it already.
  function settleOn(changes) {
    if (!page) return;
    const before = sent;
    choose(changes);
    if (sent === before) tell("view", { data: sent });
  }

  // What is released to the viewer has changed: the panels hear the same View once more.
  function again() {
    if (page) tell("view", { data: sent });
  }

  function list(key) {
    if (key === "layer" && !current.layer) return page.layersOn;
    return (current[key] || "").split(",").filter((value) => value && value !== "none");
  }

  function toggled(key, value) {
    const before = list(key), same = (one) => (key === "region" ? bare(one) === bare(value) : one === value);
    const after = before.some(same) ? before.filter((one) => !same(one))
      : [...before.filter((one) => key !== "region" || !within(one, value)), value];
    return key === "layer" && !after.length ? "none" : after.join(",");
  }

  // A region beside one that holds it, or lies in it, says nothing: the newer choice takes the older one's place.
  function within(one, other) {
    const [a, b] = [one, other].map((code) => document.querySelector(`.tree li[data-code="${CSS.escape(bare(code))}"]`));
    return Boolean(a && b && a !== b && (a.contains(b) || b.contains(a)));
  }

  // A click on the map: this region alone and its details; with Shift or Ctrl it joins those chosen, or leaves.
  function toggle(key, value) {
    if (!page) return;
    const event = window.event || {};
    if (key !== "region") return choose({ [key]: toggled(key, value) });
    if (event.shiftKey || event.ctrlKey || event.metaKey) return choose({ region: toggled(key, value) });
    const alone = list(key).length === 1 && bare(list(key)[0]) === bare(value);
    choose({ region: alone ? "" : value, sel: alone ? "" : `region:${value}` });
    // Where the drawer is still to come, its coming does it: then the map's width is known.
    if (!alone && (drawerOpen() || watchfloor.trays.small())) keepInSight();
  }

  function changesOf(text) {
    return Object.fromEntries(new URLSearchParams(text));
  }

  document.addEventListener("click", (event) => {
    const control = event.target.closest && event.target.closest("[data-set],[data-toggle]");
    if (!control || !page) return;
    event.preventDefault();
    if (control.dataset.set !== undefined) choose(changesOf(control.dataset.set));
    else {
      const [key, ...value] = control.dataset.toggle.split(":");
      choose({ [key]: toggled(key, value.join(":")) });
      if (key === "region") show(list("region"));
    }
  });

  // A time typed by hand, in UTC. A time of day is taken as it is; a day alone is its beginning, and as the end of a
  // period its end, so that the last day is in it. A period needs both of its fields.
  document.addEventListener("change", (event) => {
    const field = event.target.closest && event.target.closest("input[data-time]");
    if (!field || !page) return;
    const key = field.dataset.time, found = watchfloor.times.typed(field.value);
    fault(field, found ? "" : "unread");
    if (found && key !== "from" && key !== "to") choose({ [key]: iso(found.at) });
    else if (found) period(field);
  });

  // With whose eyes the picture is looked at beside one's own; which of the published counts are looked at.
  document.addEventListener("change", (event) => {
    if (page && event.target.matches && event.target.matches("select[data-compare]")) choose({ compare: event.target.value });
    if (page && event.target.matches && event.target.matches("select[data-cube]")) choose({ cube: event.target.value });
  });

  function period(field) {
    const [from, to] = ["from", "to"].map((name) => document.querySelector(`input[data-time="${name}"]`));
    const first = watchfloor.times.typed(from.value), last = watchfloor.times.typed(to.value);
    if (!first || !last) return;
    const end = last.day ? last.at + DAY : last.at;
    [from, to].forEach((one) => fault(one, one === field && end <= first.at ? "order" : ""));
    if (first.at < end) choose({ period: "", from: iso(first.at), to: iso(end) });
  }

  // What is wrong with a field is said under it, in the words that the server gave it.
  function fault(field, kind) {
    const place = field.parentElement.querySelector(".wrong");
    field.setAttribute("aria-invalid", String(kind !== ""));
    place.textContent = kind && place.dataset[kind];
  }

  // With another View the fields say its times again, and what was typed wrongly is gone.
  function forgiven() {
    document.querySelectorAll('input[data-time][aria-invalid="true"]').forEach((field) => {
      field.value = field.getAttribute("value");
      fault(field, "");
    });
  }

  window.addEventListener("popstate", () => {
    if (!page) return;
    current = read(window.location.search);
    page.addressed = true;
    awaited = null;
    apply();
    const place = placeOf(current.at) || homeOf(current) || page.home;
    if (map && !samePlace(place)) map.setView([place[0], place[1]], place[2], { animate: false });
  });

  // ---- the map's place -----------------------------------------------------------------------------

  function placeOf(text) {
    const parts = (text || "").split(",").map(Number);
    return parts.length === 3 && parts.every(Number.isFinite) ? parts : null;
  }

  function place() {
    const centre = map.getCenter().wrap();
    return [Number(centre.lat.toFixed(4)), Number(centre.lng.toFixed(4)), Math.round(map.getZoom())];
  }

  function samePlace(other) {
    const [lat, lon, zoom] = place(), pixel = 360 / (256 * 2 ** zoom);
    return zoom === other[2] && Math.abs(lat - other[0]) < 2 * pixel && Math.abs(lon - other[1]) < 2 * pixel;
  }

  // What a View without a place shows: its area, its regions or what is selected, as the server said of the View that
  // the page was opened with; without any of these everything. Other Views say their place.
  const keyOf = (words) => ["area", "region", "sel"].map((key) => words[key] || "").join(" ").trim();

  function homeOf(words) {
    const key = keyOf(words);
    return key === "" ? page.home : key === page.openedKey ? page.openedHome : null;
  }

  function atOf(words) {
    if (!map || !document.contains(map.getContainer())) return words.at || "";
    const home = homeOf(words), said = placeOf(words.at);
    if (home && samePlace(home)) return "";
    return said && samePlace(said) ? words.at : place().join(",");
  }

  function moved() {
    if (!map || !page || !document.contains(map.getContainer())) return;
    const before = current.at, at = atOf(current);
    current = tidy(Object.assign({}, current, { at }));
    if ((before || "") !== at) window.history.replaceState(null, "", address(current));
    links();
    askFrame();
  }

  function askFrame() {
    const frame = watchfloor.frame.of(map);
    if (asked && asked.join() === frame.join()) return;
    asked = frame;
    tell("frame", { data: asked });
    document.dispatchEvent(new CustomEvent("watchfloor:frame"));
  }

  function attach(found) {
    map = found;
    map.on("moveend zoomend resize", () => {
      watchfloor.sight.moved();
      clearTimeout(timer);
      timer = setTimeout(moved, MOVE_PAUSE);
    });
    map.whenReady(() => {
      setTimeout(settle, 0);
      const box = map.getContainer();
      let size = windowSize(), width = box.clientWidth;
      // A drawer that a hand opens or closes takes its room beside the map: what is on screen stays where it is. In
      // all other cases (the View came with an address, a line more above the map, another window) the middle stays.
      new ResizeObserver(() => {
        if (!page) return;
        const here = homeOf(current), home = !current.at && here && samePlace(here), other = windowSize();
        const stays = !page.addressed && other === size && box.clientWidth !== width;
        watchfloor.sight.byUs(() => map.invalidateSize({ animate: false, pan: !stays }));
        // Right to left the drawer takes its room on the left: what is on screen would move along with that edge.
        if (stays && document.dir === "rtl") watchfloor.sight.pan(map, width - box.clientWidth, 0);
        if (home && !stays) settle();
        size = other;
        width = box.clientWidth;
        if (stays && current.sel) keepInSight();
        else if (stays) watchfloor.sight.giveBack(map);
      }).observe(box);
    });
  }

  const windowSize = () => `${window.innerWidth}:${window.innerHeight}`;

  const drawerOpen = () => Boolean(document.querySelector(".drawer .details:not(:empty)"));

  function keepInSight() {
    if (map) watchfloor.sight.keep(map, current.sel || "");
  }

  // A record that is not drawn where the map stands, chosen in a list: its details say where it is.
  function bringAwaited() {
    const said = awaited && document.querySelector(".details .record-id");
    if (!said || said.textContent !== awaited) return;
    awaited = null;
    keepInSight();
  }

  // The server chose the first place without knowing how large the map is; here it is known.
  function settle() {
    if (!page || !map) return;
    page.home = watchfloor.sight.fitted(map, page.extent, false) || page.home;
    page.openedHome = watchfloor.sight.fitted(map, page.box, page.openedKey !== "") || page.home;
    const home = homeOf(current);
    if (!current.at && home) map.setView([home[0], home[1]], home[2], { animate: false });
  }

  // Regions chosen in the tree are brought into sight, and near when they are small on the map; a choice on the
  // map is in sight already.
  function show(codes) {
    if (!map || !codes.length) return;
    const wanted = new Set(codes.map(bare)), corners = [];
    map.eachLayer((layer) => {
      const p = layer.feature && layer.feature.properties;
      if (p && wanted.has(p.code) && layer.getLatLngs) corners.push(...layer.getLatLngs().flat(Infinity));
    });
    const box = narrowest(corners);
    if (!box.isValid()) return;
    const near = map.getBoundsZoom(box, false, L.point(60, 60)) - map.getZoom() < 1;
    if (!near || !map.getBounds().contains(box)) map.fitBounds(box, { padding: [30, 30], maxZoom: 11, animate: false });
  }

  // The box around corners; across the antimeridian where that is narrower than round the other side of the world.
  function narrowest(corners) {
    const plain = L.latLngBounds([]), across = L.latLngBounds([]);
    for (const { lat, lng } of corners) {
      plain.extend([lat, lng]);
      across.extend([lat, lng < 0 ? lng + 360 : lng]);
    }
    const width = (box) => (box.isValid() ? box.getEast() - box.getWest() : 0);
    return width(plain) > 180 && width(across) < width(plain) ? across : plain;
  }

  function step(by) {
    if (!map) return;
    if (by === "home") map.setView([page.home[0], page.home[1]], page.home[2], { animate: false });
    else map.setZoom(map.getZoom() + Number(by));
  }

  // ---- the brush on the timeline -------------------------------------------------------------------

  function brushed(graph, event) {
    const range = event && event.range && Object.entries(event.range).find(([axis]) => axis.startsWith("x"));
    const meta = graph.layout && graph.layout.meta;
    if (!range || !meta || !meta.starts.length) return;
    const [low, high] = range[1].map(utc).sort((a, b) => a - b);
    const starts = meta.starts.map((text) => Date.parse(text)), length = meta.days * DAY;
    const first = Math.max(0, starts.findLastIndex((start) => start <= low));
    const last = Math.max(first, starts.findLastIndex((start) => start < high));
    choose({ period: "", from: iso(starts[first]), to: iso(starts[last] + length) });
  }

  function utc(value) {
    return typeof value === "number" ? value : Date.parse(`${String(value).trim().replace(" ", "T")}Z`);
  }

  function iso(at) {
    return new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  }

  function listen(graph) {
    if (graph.wfListens || !graph.on) return;
    graph.wfListens = true;
    graph.on("plotly_selected", (event) => brushed(graph, event));
    let resizing = null;
    const fit = () => {
      clearTimeout(resizing);
      resizing = setTimeout(() => {
        const drawn = graph._fullLayout && graph._fullLayout.width;
        if (graph.isConnected && graph.clientWidth && drawn !== graph.clientWidth) window.Plotly.Plots.resize(graph);
      }, 120);
    };
    // A figure that arrives while the drawer opens is drawn in the old width, so its drawing asks once more.
    graph.on("plotly_afterplot", fit);
    new ResizeObserver(fit).observe(graph.closest(".timeline-box") || graph);
  }

  // ---- the map first, then the chart ---------------------------------------------------------------

  const LONGEST_WAIT = 1500;

  // Reading the chart library keeps the browser from drawing: it begins when the first marks have been drawn, or
  // when there is nothing to draw.
  function seen() {
    const begun = performance.now();
    const store = page.element;
    const ask = () => {
      if (!page || page.element !== store) return;
      const drawn = Object.values((watchfloor.map && watchfloor.map.drawn) || {}).some((count) => count > 0);
      if (!(drawn && watchfloor.painted && watchfloor.painted.marks) && performance.now() - begun < LONGEST_WAIT) {
        setTimeout(ask, 15);
      } else whenShown(document.getElementById("timeline-place"), () => library(() => tell("map-seen", { data: true })));
    };
    ask();
  }

  // On a small screen the timeline is a tray: its library, more than all else together, comes when it is opened.
  function whenShown(place, then) {
    const panel = place && place.closest(".timeline-panel");
    if (!panel) return;
    const watch = new ResizeObserver(() => {
      if (!panel.clientHeight) return;
      watch.disconnect();
      then();
    });
    watch.observe(panel);
  }

  // Dash gives the chart's library thirty seconds and then shows an error; a slow line needs longer. So it is fetched
  // before the chart is asked for, without a limit, and once more where the line breaks.
  function library(then) {
    if (window.Plotly || !window._dashPlotlyJSURL) {
      then();
      return;
    }
    const script = document.createElement("script");
    script.src = window._dashPlotlyJSURL;
    script.onload = then;
    script.onerror = () => {
      script.remove();
      setTimeout(() => library(then), 5000);
    };
    document.body.appendChild(script);
  }

  // ---- the page comes and goes ---------------------------------------------------------------------

  const edgesOf = (text) => (text ? text.split(",").map(Number) : []);

  function opened(element) {
    const data = element.dataset, keys = data.keys.split(","), quiet = data.arrangement.split(",");
    page = {
      element, keys, asked: keys.filter((key) => !quiet.includes(key)), layers: data.layers.split(","),
      layersOn: data.layersOn.split(","), period: data.period, home: placeOf(data.home), extent: edgesOf(data.extent),
      box: edgesOf(data.box),
    };
    current = read(data.query);
    page.openedKey = keyOf(current);
    page.openedHome = page.home;
    page.addressed = true;
    sent = query(current, page.asked);
    arranged = query(current, ["sort", "columns"]);
    asked = null;
    watchfloor.links.told(element); // before the address is put in order, which makes it our own
    if (window.location.search.replace(/^\?/, "") !== query(current)) {
      window.history.replaceState(null, "", address(current));
    }
    apply();
    seen();
  }

  function look() {
    const element = document.querySelector("main[data-keys]");
    if (element && (!page || page.element !== element)) opened(element);
    else if (page) links();
    bringAwaited();
    const graph = document.querySelector("#timeline .js-plotly-plot");
    if (graph) listen(graph);
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });

  // The first map of a page is the one whose place is in the address; others follow it (follow.js).
  (function hook() {
    if (window.L && L.Map) L.Map.addInitHook(function () { if (!this.getContainer().matches(".follows")) attach(this); });
    else setTimeout(hook, 5);
  })();

  watchfloor.view = { choose, settleOn, again, toggle, step, query: () => query(current), word: (key) => current[key] || "", map: () => map };
})(window.watchfloor);
