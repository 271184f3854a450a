// The tools of the map. One at a time takes the clicks and keeps the places clicked; it draws them over the map.
// A tool says: most (places it takes), drag (two places by a drag), check(places) (a sentence why not, or ""),
// draw(ctx, places, hover, map), full(places) (done by itself), done(places), ended().
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const NEAR = 10; // pixels: a click so near the first or the last place means that place
  const STILL = 4; // pixels: a press that moved less is a click
  const known = {}, shownAlways = [];
  let tool = null, places = [], hover = null, pressed = null, byKeys = false, over = null, queued = false;
  let swallow = false; // the click that follows a release which ended the tool is nobody's

  const map = () => watchfloor.view && watchfloor.view.map();
  const panel = () => map() && map().getContainer().closest(".map-panel");
  const button = (name) => document.querySelector(`[data-tool="${name}"]`);

  function pixel(event) {
    const box = map().getContainer().getBoundingClientRect();
    return L.point(event.clientX - box.left, event.clientY - box.top);
  }

  const spot = (latlng) => map().latLngToContainerPoint(latlng);
  const near = (one, other, reach) => one && other && one.distanceTo(other) <= reach;

  // ---- what is drawn over the map --------------------------------------------------------------------

  function canvas() {
    if (over && over.isConnected) return over;
    over = document.createElement("canvas");
    over.className = "tool-canvas";
    over.setAttribute("aria-hidden", "true");
    map().getContainer().appendChild(over);
    map().on("move zoom viewreset resize zoomend moveend", redraw);
    return over;
  }

  function redraw() {
    if (queued || !map()) return;
    queued = true;
    requestAnimationFrame(paint);
  }

  function paint() {
    queued = false;
    const size = map().getSize(), ratio = window.devicePixelRatio || 1, surface = canvas();
    surface.width = size.x * ratio;
    surface.height = size.y * ratio;
    const ctx = surface.getContext("2d");
    ctx.scale(ratio, ratio);
    shownAlways.forEach((draw) => draw(ctx, map()));
    if (!tool) return;
    const at = byKeys ? map().getCenter() : hover;
    tool.draw(ctx, places, at, map());
    if (byKeys) cross(ctx, size.x / 2, size.y / 2);
  }

  function tones() {
    const dark = watchfloor.canvas.scheme() === "dark";
    return dark ? { line: "#f3f8fd", halo: "#0b1118", focus: "#7cc4ff" } : { line: "#16222e", halo: "#ffffff", focus: "#0b63b0" };
  }

  function cross(ctx, x, y) {
    const { line, halo } = tones();
    for (const [width, colour] of [[4, halo], [1.5, line]]) {
      ctx.beginPath();
      ctx.moveTo(x - 11, y); ctx.lineTo(x + 11, y); ctx.moveTo(x, y - 11); ctx.lineTo(x, y + 11);
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  // A line through places, with a halo so that it is seen on any ground.
  function path(ctx, latlngs, closed, dash) {
    const { line, halo } = tones();
    ctx.beginPath();
    latlngs.map(spot).forEach((p, index) => (index ? ctx.lineTo(p.x, p.y) : ctx.moveTo(p.x, p.y)));
    if (closed) ctx.closePath();
    ctx.lineJoin = "round";
    for (const [width, colour, gaps] of [[4.5, halo, []], [1.8, line, dash || []]]) {
      ctx.setLineDash(gaps);
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ctx.setLineDash([]);
  }

  function corners(ctx, latlngs) {
    const { line, halo } = tones();
    for (const p of latlngs.map(spot)) {
      ctx.beginPath();
      ctx.arc(p.x, p.y, 3.6, 0, 2 * Math.PI);
      ctx.fillStyle = halo;
      ctx.strokeStyle = line;
      ctx.lineWidth = 1.8;
      ctx.fill();
      ctx.stroke();
    }
  }

  // ---- begin, take, end ------------------------------------------------------------------------------

  function say(text, wrong) {
    let hint = panel().querySelector(".tool-hint");
    if (!hint) {
      hint = document.createElement("div");
      hint.className = "tool-hint";
      hint.setAttribute("role", "status");
      panel().appendChild(hint);
    }
    hint.textContent = text;
    hint.hidden = !text;
    hint.classList.toggle("wrong", Boolean(wrong));
  }

  function begin(name) {
    if (!map() || !known[name]) return;
    const same = tool && tool.name === name;
    end();
    if (same) return;
    tool = known[name];
    map().doubleClickZoom.disable();
    map().getContainer().classList.add("picking");
    button(name).setAttribute("aria-pressed", "true");
    say(button(name).dataset.hint);
    map().getContainer().focus({ preventScroll: true });
    redraw();
  }

  function end() {
    if (!tool) return;
    const was = tool;
    tool = null;
    places = [];
    hover = pressed = null;
    byKeys = false;
    map().doubleClickZoom.enable();
    map().dragging.enable();
    map().getContainer().classList.remove("picking");
    button(was.name).setAttribute("aria-pressed", "false");
    say("");
    if (was.ended) was.ended();
    redraw();
  }

  function take(latlng) {
    const at = spot(latlng), first = places.length > 2 && spot(places[0]), last = places.length && spot(places[places.length - 1]);
    if (tool.closes && (near(at, first, NEAR) || (places.length > 2 && near(at, last, NEAR)))) return finish();
    if (last && near(at, last, STILL)) return;
    const next = [...places, latlng], wrong = tool.check ? tool.check(next, false) : "";
    if (wrong) return say(button(tool.name).dataset[wrong], true);
    places = next;
    say(button(tool.name).dataset.hint);
    if (tool.changed) tool.changed(places);
    if (tool.full && tool.full(places)) finish();
    else redraw();
  }

  function finish() {
    const wrong = tool.check ? tool.check(places, true) : "";
    if (wrong) return say(button(tool.name).dataset[wrong], true);
    const was = tool, taken = places;
    end();
    was.done(taken);
  }

  function back() {
    places = places.slice(0, -1);
    say(button(tool.name).dataset.hint);
    if (tool.changed) tool.changed(places);
    redraw();
  }

  // ---- the hand --------------------------------------------------------------------------------------

  const onMap = (event) => tool && map() && map().getContainer().contains(event.target);

  function stop(event) {
    event.stopImmediatePropagation();
    event.preventDefault();
  }

  document.addEventListener("mousedown", (event) => {
    swallow = false;
    if (!onMap(event) || event.button) return;
    pressed = pixel(event);
    byKeys = false;
    if (!tool.drag) return;
    stop(event);
    map().getContainer().focus({ preventScroll: true });
    if (!places.length) take(map().containerPointToLatLng(pressed));
  }, true);

  document.addEventListener("mousemove", (event) => {
    if (!tool || !map()) return;
    if (pressed && tool.drag) stop(event);
    if (!pressed && !onMap(event)) return;
    byKeys = false;
    hover = map().containerPointToLatLng(pixel(event));
    redraw();
  }, true);

  document.addEventListener("mouseup", (event) => {
    if (!tool || !pressed || !tool.drag) return;
    const at = pixel(event), moved = !near(at, pressed, STILL);
    pressed = null;
    swallow = true;
    stop(event);
    const opposite = places.length && !near(at, spot(places[0]), STILL);
    if (opposite && (moved || tool.clicked)) take(map().containerPointToLatLng(at));
    else if (tool) tool.clicked = true;
  }, true);

  document.addEventListener("click", (event) => {
    const control = event.target.closest && event.target.closest("[data-tool]");
    if (control) return begin(control.dataset.tool);
    if (swallow && map() && map().getContainer().contains(event.target)) {
      swallow = false;
      return stop(event);
    }
    if (!onMap(event)) return;
    stop(event);
    if (tool.drag) return;
    const at = pixel(event), still = near(at, pressed, STILL);
    pressed = null;
    if (still) take(map().containerPointToLatLng(at));
  }, true);

  document.addEventListener("dblclick", (event) => { if (onMap(event)) stop(event); }, true);

  document.addEventListener("keydown", (event) => {
    if (!tool) return;
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "Escape" && !typing) {
      stop(event);
      return end();
    }
    if (!map() || event.target !== map().getContainer()) return;
    if (event.key === "Enter") {
      stop(event);
      byKeys = true;
      take(map().getCenter());
    } else if (event.key === "Backspace" && places.length) {
      stop(event);
      back();
    } else if (event.key.startsWith("Arrow")) {
      byKeys = true;
      redraw();
    }
  }, true);

  function add(name, made) {
    known[name] = Object.assign({ name }, made);
  }

  // What is drawn over the map whatever tool is at work.
  function always(draw) {
    shownAlways.push(draw);
  }

  new MutationObserver(redraw).observe(document.documentElement, {
    attributes: true, attributeFilter: ["data-mantine-color-scheme"],
  });

  watchfloor.tools = { add, always, redraw, path, corners, tones };
})(window.watchfloor);
