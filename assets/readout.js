// The position under the cursor, in a corner of the map, and the way to a position that somebody types.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const KEPT = "watchfloor-position", NEAR = 9;
  let cursor = null, marked = null, queued = false;

  const map = () => watchfloor.view && watchfloor.view.map();
  const host = () => document.querySelector(".readout");
  const field = () => document.getElementById("go-to");

  function format() {
    const kept = localStorage.getItem(KEPT);
    return watchfloor.positions.FORMATS.includes(kept) ? kept : watchfloor.positions.FORMATS[0];
  }

  // Without a cursor on the map it is the middle of the map, and says so.
  function show() {
    queued = false;
    const place = host(), m = map();
    if (!place || !m) return;
    const at = cursor || m.getCenter(), button = place.querySelector("[data-position]");
    const text = watchfloor.positions.words(format(), Math.max(-90, Math.min(90, at.lat)), at.lng);
    if (button.textContent !== text) button.textContent = text;
    button.classList.toggle("middle", !cursor);
    place.querySelector(".of").hidden = Boolean(cursor);
  }

  function soon() {
    if (queued) return;
    queued = true;
    requestAnimationFrame(show);
  }

  function attach(found) {
    found.on("mousemove", (event) => { cursor = event.latlng; soon(); });
    found.on("mouseout", () => { cursor = null; soon(); });
    found.on("move moveend", soon);
    found.whenReady(soon);
  }

  function turn() {
    const all = watchfloor.positions.FORMATS;
    localStorage.setItem(KEPT, all[(all.indexOf(format()) + 1) % all.length]);
    show();
  }

  // ---- go to -----------------------------------------------------------------------------------------

  function open(state) {
    const place = host();
    place.classList.toggle("open", state);
    place.querySelector("[data-go]").setAttribute("aria-expanded", String(state));
    say("");
    if (state) field().focus();
  }

  function say(text) {
    host().querySelector(".wrong").textContent = text;
    field().setAttribute("aria-invalid", String(text !== ""));
  }

  function go() {
    const text = field().value.trim();
    if (!text) return say("");
    const found = watchfloor.positions.read(text);
    if (found.fault) return say(host().dataset[found.fault].replace("{text}", text));
    say("");
    marked = watchfloor.map.nearest(L.latLng(found.lat, found.lon), map());
    map().setView(marked, Math.max(NEAR, map().getZoom()), { animate: false });
    watchfloor.tools.redraw();
  }

  function leave() {
    marked = null;
    watchfloor.fields.empty(field());
    open(false);
    watchfloor.tools.redraw();
    host().querySelector("[data-go]").focus();
  }

  function draw(ctx, m) {
    if (!marked) return;
    const at = m.latLngToContainerPoint(marked), { focus, halo } = watchfloor.tools.tones();
    for (const [width, colour] of [[5.5, halo], [2.6, focus]]) {
      ctx.beginPath();
      for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        ctx.moveTo(at.x + 6 * x, at.y + 6 * y);
        ctx.lineTo(at.x + 21 * x, at.y + 21 * y);
      }
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest && event.target.closest(selector);
    if (hit("[data-position]")) turn();
    if (hit("[data-go]")) open(!host().classList.contains("open"));
    if (hit("[data-leave]")) leave();
  });

  document.addEventListener("keydown", (event) => {
    if (!field() || event.target !== field()) return;
    if (event.key === "Enter") go();
    if (event.key === "Escape") {
      event.stopImmediatePropagation();
      leave();
    }
  }, true);

  (function hook() {
    if (!window.L || !L.Map || !watchfloor.tools) return setTimeout(hook, 5);
    L.Map.addInitHook(function () { attach(this); });
    watchfloor.tools.always(draw);
  })();

  watchfloor.readout = { marked: () => marked };
})(window.watchfloor);
