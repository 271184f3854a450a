// Names on the map, placed greedily so that no two overlap: towns beside their dot, countries and regions inside.
// They are drawn under the marks, so a place is looked for where the marks leave room.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const TONES = {
    dark: { town: "#dbe5ef", country: "#8fa3b8", region: "#9aaec2", halo: "#0b1118" },
    light: { town: "#16222e", country: "#5a6b7d", region: "#5d6c7b", halo: "#ffffff" },
  };
  const MOST = { town: 90, country: 40, region: 90 };
  const HIDDEN = 0.3; // the share of a name that marks may cover

  // A grid of boxes: asking what is covered stays cheap however many there are. What two boxes share is counted
  // cell by cell, so that no box counts twice.
  class Room {
    constructor() { this.cells = new Map(); this.side = 48; }

    each(box, act) {
      const side = this.side, right = Math.floor(box[2] / side), low = Math.floor(box[3] / side);
      for (let x = Math.floor(box[0] / side); x <= right; x += 1) {
        for (let y = Math.floor(box[1] / side); y <= low; y += 1) act(x * 65536 + y, x * side, y * side);
      }
    }

    add(box) {
      this.each(box, (key) => {
        const cell = this.cells.get(key);
        if (cell) cell.push(box); else this.cells.set(key, [box]);
      });
    }

    covered(box) {
      let shared = 0;
      this.each(box, (key, left, top) => {
        const cell = this.cells.get(key);
        if (!cell) return;
        const x0 = Math.max(box[0], left), x1 = Math.min(box[2], left + this.side);
        const y0 = Math.max(box[1], top), y1 = Math.min(box[3], top + this.side);
        for (let i = 0; i < cell.length; i += 1) {
          const w = Math.min(x1, cell[i][2]) - Math.max(x0, cell[i][0]);
          const h = Math.min(y1, cell[i][3]) - Math.max(y0, cell[i][1]);
          if (w > 0 && h > 0) shared += w * h;
        }
      });
      return shared / ((box[2] - box[0]) * (box[3] - box[1]));
    }
  }

  // Setting a font costs more than measuring with it: widths are kept.
  const widths = new Map();

  function widthOf(ctx, wanted) {
    const key = `${wanted.font}|${wanted.text}`;
    if (!widths.has(key)) {
      if (widths.size > 5000) widths.clear();
      ctx.font = wanted.font;
      if ("letterSpacing" in ctx) ctx.letterSpacing = wanted.spacing || "0px";
      widths.set(key, ctx.measureText(wanted.text).width + 2);
    }
    return widths.get(key);
  }

  function around(x, y, w, h) {
    const d = 5;
    return [
      [x + d, y - h / 2], [x + d, y - h - 1], [x + d, y + 1], [x - d - w, y - h / 2],
      [x - d - w, y - h - 1], [x - d - w, y + 1], [x - w / 2, y - h - d], [x - w / 2, y + d],
    ];
  }

  function inside(x, y, w, h) {
    const places = [];
    for (const dy of [0, -1.1, 1.1, -2.2, 2.2]) for (const dx of [0, -0.35, 0.35]) {
      places.push([x - w / 2 + dx * w, y - h / 2 + dy * h]);
    }
    return places;
  }

  // A region's name stands on its own area only, from its first letter to its last.
  function fits(area, x, y, w, h) {
    return [0.05, 0.5, 0.95].every((share) => area._containsPoint(L.point(x + share * w, y + h / 2)));
  }

  function place(ctx, wanted, taken, marks) {
    const w = widthOf(ctx, wanted), h = wanted.size * 1.15;
    let best = null;
    const spots = wanted.dot ? around(wanted.x, wanted.y, w, h) : inside(wanted.x, wanted.y, w, h);
    for (let rank = 0; rank < spots.length; rank += 1) {
      const [x, y] = spots[rank], box = [x - 2, y - 1, x + w + 2, y + h + 1];
      if (taken.covered(box) > 0 || (wanted.area && !fits(wanted.area, x, y, w, h))) continue;
      const cost = marks.covered(box);
      if (cost <= HIDDEN && (!best || cost + rank * 0.02 < best.cost)) best = { x, y, h, box, cost: cost + rank * 0.02 };
      if (best && best.cost <= rank * 0.02) break;
    }
    return best;
  }

  function write(ctx, wanted, spot, tones) {
    ctx.font = wanted.font;
    if ("letterSpacing" in ctx) ctx.letterSpacing = wanted.spacing || "0px";
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineJoin = "round";
    ctx.globalAlpha = wanted.kind === "region" ? 0.7 : 0.88;
    ctx.strokeStyle = tones.halo;
    ctx.lineWidth = 3;
    ctx.strokeText(wanted.text, spot.x + 1, spot.y + spot.h / 2);
    ctx.globalAlpha = 1;
    ctx.fillStyle = tones[wanted.kind];
    ctx.fillText(wanted.text, spot.x + 1, spot.y + spot.h / 2);
    if (!wanted.dot) return;
    ctx.beginPath();
    if (wanted.capital) ctx.rect(wanted.x - 2.2, wanted.y - 2.2, 4.4, 4.4);
    else ctx.arc(wanted.x, wanted.y, 2, 0, 2 * Math.PI);
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fill();
  }

  function towns(map, bounds, zoom, project) {
    const found = [];
    for (const town of watchfloor.basemap.places()) {
      if (town.min_zoom > zoom) continue;
      const at = project(town);
      if (!bounds.contains(at)) continue;
      const size = town.capital ? 12 : 11.5;
      found.push({ kind: "town", text: town.name, x: at.x, y: at.y, dot: true, capital: town.capital, size,
        font: `${town.capital ? 600 : 500} ${size}px ${watchfloor.marks.FONT}`,
        rank: town.capital ? town.rank - 1e6 : town.rank });
      if (found.length >= 3 * MOST.town) break;
    }
    return found;
  }

  // Small countries are named from the zoom on at which their name says more than it hides.
  function countries(map, bounds, zoom, project) {
    const found = [];
    for (const country of watchfloor.basemap.countries()) {
      if (country.min_zoom > zoom || zoom > country.min_zoom + 5) continue;
      const at = project(country);
      if (!bounds.contains(at)) continue;
      const size = Math.min(14, 10 + (zoom - country.min_zoom));
      found.push({ kind: "country", text: country.name.toUpperCase(), x: at.x, y: at.y, size, spacing: "1.6px",
        font: `600 ${size}px ${watchfloor.marks.FONT}`, rank: country.rank - 5e5 });
    }
    return found;
  }

  function regions(map, bounds) {
    const found = [];
    for (const layer of Object.values(map.wfRenderer._layers)) {
      if (!layer.feature || !layer.feature.properties.code || layer.wfParent || !layer._pxBounds) continue;
      if (layer.wfInside === false) continue;
      const box = layer._rawPxBounds || layer._pxBounds, size = box.getSize();
      if (size.x < 44 || size.y < 22) continue;
      const p = layer.feature.properties;
      const at = p.label ? map.latLngToLayerPoint([p.label[1], p.label[0]]) : box.getCenter();
      if (!bounds.contains(at)) continue;
      found.push({ kind: "region", text: p.name, x: at.x, y: at.y, size: 10.5, area: layer,
        font: `italic 500 10.5px ${watchfloor.marks.FONT}`, rank: size.x * size.y });
    }
    return found;
  }

  function draw(ctx, map, bounds, obstacles) {
    if (!watchfloor.basemap) return;
    const zoom = map.getZoom(), tones = TONES[watchfloor.canvas.scheme()];
    const project = (spot) => map.latLngToLayerPoint(watchfloor.map.nearest(L.latLng(spot.latitude, spot.longitude), map));
    const taken = new Room(), marks = new Room();
    obstacles.forEach((box) => marks.add(box));
    const wanted = [...countries(map, bounds, zoom, project), ...towns(map, bounds, zoom, project)]
      .sort((a, b) => a.rank - b.rank);
    const names = regions(map, bounds).sort((a, b) => b.rank - a.rank);
    const written = { town: 0, country: 0, region: 0 };
    for (const label of [...wanted, ...names]) {
      if (written[label.kind] >= MOST[label.kind]) continue;
      const spot = place(ctx, label, taken, marks);
      if (!spot) continue;
      taken.add(spot.box);
      if (label.dot) taken.add([label.x - 4, label.y - 4, label.x + 4, label.y + 4]);
      write(ctx, label, spot, tones);
      written[label.kind] += 1;
    }
    watchfloor.labels.written = written;
  }

  watchfloor.labels = { draw, written: null };
})(window.watchfloor);
