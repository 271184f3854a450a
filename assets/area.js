// The area drawn by hand: `area` in the View (dashboard/view_values.py has its form). It is framed, the rest is
// dimmed, as for a region chosen. Two tools draw it: a box, and a polygon of few corners.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const MOST = 40; // corners, as in data/drawn_area.py
  let shown = "", corners = [];

  // [[latitude, longitude], …]; what is not the form is no area (the server has said so in a notice).
  function read(text) {
    const found = (text || "").split(";").map((pair) => pair.split(",").map(Number));
    return found.length > 2 && found.every((pair) => pair.length === 2 && pair.every(Number.isFinite)) ? found : [];
  }

  // As the server writes it: four decimals, the western edge between -180 and 180.
  function written(latlngs) {
    const four = (number) => Number(number.toFixed(4)) + 0;
    const west = four(Math.min(...latlngs.map((p) => p.lng))), turns = 360 * Math.floor((west + 180) / 360);
    return latlngs.map((p) => `${four(p.lat)},${four(p.lng - turns)}`).join(";");
  }

  function show(text) {
    if ((text || "") === shown) return;
    shown = text || "";
    corners = read(shown);
    const map = watchfloor.view.map();
    if (map && map.wfRenderer) map.wfRenderer.refresh();
  }

  function trace(ctx, map, turn) {
    corners.forEach(([lat, lng], index) => {
      const p = map.latLngToLayerPoint([lat, lng + turn]);
      if (index) ctx.lineTo(p.x, p.y); else ctx.moveTo(p.x, p.y);
    });
    ctx.closePath();
  }

  function drawn(ctx, map, turns) {
    ctx.beginPath();
    turns.forEach((turn) => trace(ctx, map, turn));
  }

  // Called by the canvas between the regions and the lines: everything outside is dimmed, the edge is framed.
  function draw(ctx, map, box) {
    if (!corners.length) return;
    const dark = watchfloor.canvas.scheme() === "dark", size = box.getSize();
    const turns = [-360, 0, 360].map((turn) => turn + 360 * Math.round(map.getCenter().lng / 360));
    ctx.save();
    drawn(ctx, map, turns);
    ctx.rect(box.min.x, box.min.y, size.x, size.y);
    ctx.fillStyle = dark ? "#0b1118" : "#d5e0ea";
    ctx.globalAlpha = 0.62;
    ctx.fill("evenodd");
    ctx.globalAlpha = 1;
    ctx.lineJoin = "round";
    drawn(ctx, map, turns);
    for (const [width, colour] of [[5, dark ? "#0b1118" : "#ffffff"], [2.2, dark ? "#dbe5ef" : "#16222e"]]) {
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ctx.restore();
  }

  // ---- the tools -------------------------------------------------------------------------------------

  function cornersOfBox([one, other]) {
    const south = Math.min(one.lat, other.lat), north = Math.max(one.lat, other.lat);
    const west = Math.min(one.lng, other.lng), east = Math.max(one.lng, other.lng);
    return [[south, west], [south, east], [north, east], [north, west]].map((pair) => L.latLng(pair));
  }

  function side(a, b, c) {
    return Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lng - a.lng));
  }

  function cut(a, b, c, d) {
    return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
  }

  // Whether the edges of the corners so far cross each other; with `closed` the edge back to the first one too.
  function crossed(places, closed) {
    const edges = places.slice(1).map((place, index) => [places[index], place]);
    if (closed && places.length > 2) edges.push([places[places.length - 1], places[0]]);
    const last = edges.length - 1;
    return edges.some((one, i) => edges.some((other, j) => j > i + 1 && !(closed && i === 0 && j === last) && cut(...one, ...other)));
  }

  function choose(latlngs) {
    watchfloor.view.choose({ area: written(latlngs) });
  }

  function drawTool(ctx, places, hover, closed) {
    const line = hover && places.length ? [...places, hover] : places;
    if (line.length > 1) watchfloor.tools.path(ctx, line, closed && line.length > 2, [6, 4]);
    watchfloor.tools.corners(ctx, places);
  }

  function start() {
    watchfloor.tools.add("box", {
      drag: true,
      full: (places) => places.length === 2,
      done: (places) => choose(cornersOfBox(places)),
      ended() { this.clicked = false; },
      draw(ctx, places, hover) {
        if (places.length && hover) watchfloor.tools.path(ctx, cornersOfBox([places[0], hover]), true, [6, 4]);
        else watchfloor.tools.corners(ctx, places);
      },
    });
    watchfloor.tools.add("polygon", {
      closes: true,
      // The last corner there may be closes the area, so it is one only where it can.
      check: (places, closed) => (crossed(places, closed || places.length >= MOST) ? "crossed" : ""),
      full: (places) => places.length >= MOST,
      done: choose,
      draw: (ctx, places, hover) => drawTool(ctx, places, hover, true),
    });
  }

  watchfloor.area = { show, draw, written };
  document.addEventListener("DOMContentLoaded", start);
  if (watchfloor.tools) start();
})(window.watchfloor);
