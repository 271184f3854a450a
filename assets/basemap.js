// The ground of the map, from this host only: land on tiles, border lines on the one canvas, a scale bar.
// Every Leaflet map on the page gets it by itself. Formats: layers/basemap.py.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const TONES = {
    dark: { ground: "#0b1118", land: "#17202b", coast: "#3d5166", border: "#51667c", stated: "#8aa0b6" },
    light: { ground: "#d5e0ea", land: "#f0eee9", coast: "#93a5b6", border: "#8b929b", stated: "#4d6075" },
  };
  // Each class of line has a look of its own; what states no class is drawn plainly and says so in the legend.
  // A line whose class is stated is stronger than the regions' borders, and as its sample in the legend (map.css).
  const LINES = {
    not_stated: { dash: [], width: 1 },
    international: { dash: [], width: 2.2 },
    undetermined: { dash: [7, 5], width: 2 },
    line_of_control: { dash: [2, 3.5], width: 2.6 },
    administrative: { dash: [9, 3, 2, 3], width: 1.2 },
  };
  const EDGE = 85.0511;
  const asked = new Map();
  const ground = { lines: [], places: [], countries: [], land: {} };

  const scheme = () => watchfloor.canvas.scheme();

  // Web mercator with the world from 0 to 1, north up at 0.
  function mercator(lon, lat) {
    const clipped = Math.max(-EDGE, Math.min(EDGE, lat)), sine = Math.sin((clipped * Math.PI) / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  }

  // Files are named by their version and cached for good, so each is asked for once; one that failed is asked again.
  function load(path) {
    if (!asked.has(path)) {
      asked.set(path, fetch(path).then((answer) => {
        if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
        return answer.json();
      }).catch((error) => {
        asked.delete(path);
        throw error;
      }));
    }
    return asked.get(path);
  }

  function track(points) {
    const path = new Float64Array(points.length * 2);
    let west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
    points.forEach(([lon, lat], index) => {
      const [x, y] = mercator(lon, lat);
      path[2 * index] = x;
      path[2 * index + 1] = y;
      west = Math.min(west, x); east = Math.max(east, x); north = Math.min(north, y); south = Math.max(south, y);
    });
    return { path, box: [west, north, east, south] };
  }

  function trace(ctx, { path }, scale, left, top) {
    for (let i = 0; i < path.length; i += 2) {
      const x = path[i] * scale - left, y = path[i + 1] * scale - top;
      if (i) ctx.lineTo(x, y); else ctx.moveTo(x, y);
    }
  }

  function crosses([west, north, east, south], left, top, right, bottom) {
    return west <= right && east >= left && north <= bottom && south >= top;
  }

  function drawTile(canvas, coords, size, rings) {
    const ratio = L.Browser.retina ? 2 : 1, ctx = canvas.getContext("2d"), tones = TONES[scheme()];
    const scale = 256 * 2 ** coords.z, world = scale / size;
    const left = (((coords.x % world) + world) % world) * size, top = coords.y * size, edge = 4 / scale;
    const box = [left / scale - edge, top / scale - edge, (left + size) / scale + edge, (top + size) / scale + edge];
    ctx.scale(ratio, ratio);
    ctx.clearRect(0, 0, size, size);
    ctx.beginPath();
    for (const turn of [-1, 0, 1]) {
      for (const ring of rings) {
        if (!crosses(ring.box, box[0] - turn, box[1], box[2] - turn, box[3])) continue;
        trace(ctx, ring, scale, left - turn * scale, top);
        ctx.closePath();
      }
    }
    // The fill covers the inner half of the stroke: what is left of it runs along the coast alone.
    ctx.lineJoin = "round";
    ctx.strokeStyle = tones.coast;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fillStyle = tones.land;
    ctx.fill("evenodd");
  }

  // GeoJSON of layers/basemap.py, with its positions turned into tracks of the unit world.
  function tracks(payload, each) {
    payload.features.forEach((feature) => {
      const { type, coordinates } = feature.geometry;
      const rings = type === "MultiPolygon" ? coordinates.flat() : type === "MultiLineString" ? coordinates
        : type === "Polygon" ? coordinates : [coordinates];
      rings.forEach((ring) => each(Object.assign(track(ring), { kind: feature.properties.class })));
    });
  }

  function readTracks(payload) {
    const found = [];
    tracks(payload, (one) => found.push(one));
    return found;
  }

  // A table of labels says in `columns` what stands where in its rows; the largest come first.
  function readTable(table) {
    return table.rows.map((row, rank) => {
      const label = { rank };
      table.columns.forEach((name, index) => { label[name] = row[index]; });
      return label;
    });
  }

  function landLayer() {
    const Land = L.GridLayer.extend({
      createTile(coords, done) {
        const tile = document.createElement("canvas"), size = this.getTileSize().x;
        tile.width = tile.height = size * (L.Browser.retina ? 2 : 1);
        this.rings(coords.z).then((rings) => {
          drawTile(tile, coords, size, rings);
          done(null, tile);
        }).catch((error) => done(error, tile));
        return tile;
      },
      rings(zoom) {
        const resolution = zoom <= 3 ? "110m" : "50m";
        ground.land[resolution] = ground.land[resolution]
          || load(`/basemap/land-${resolution}.json`).then(readTracks);
        ground.land[resolution].catch(() => { delete ground.land[resolution]; });
        return ground.land[resolution];
      },
    });
    return new Land({ tileSize: 512, updateWhenZooming: false, keepBuffer: 3, minZoom: 1, maxZoom: 18 });
  }

  // From this zoom on the regions' own borders are truer than the world's lines, which then step back among them.
  const CLOSE = 8;

  function loaded(ctx, map, bounds) {
    ctx.beginPath();
    let any = false;
    for (const layer of Object.values(map.wfRenderer._layers)) {
      if (!layer._parts || !layer.feature || !layer.feature.properties.code || layer.wfParent) continue;
      if (!layer._pxBounds || !layer._pxBounds.intersects(bounds)) continue;
      for (const part of layer._parts) {
        part.forEach((point, index) => (index ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
        ctx.closePath();
      }
      any = true;
    }
    return any;
  }

  function drawLines(ctx, map, bounds) {
    if (!ground.lines.length) return;
    for (const name of Object.keys(LINES)) {
      const near = name === "not_stated" && map.getZoom() >= CLOSE;
      ctx.save();
      if (near && loaded(ctx, map, bounds)) {
        const size = bounds.getSize();
        ctx.rect(bounds.min.x, bounds.min.y, size.x, size.y);
        ctx.clip("evenodd");
      }
      strokeLines(ctx, map, bounds, name);
      ctx.restore();
    }
  }

  function strokeLines(ctx, map, bounds, name) {
    const zoom = map.getZoom(), scale = 256 * 2 ** zoom, origin = map.getPixelOrigin(), look = LINES[name];
    const left = (bounds.min.x + origin.x) / scale, right = (bounds.max.x + origin.x) / scale;
    const top = (bounds.min.y + origin.y) / scale, bottom = (bounds.max.y + origin.y) / scale;
    ctx.beginPath();
    for (let turn = Math.floor(left); turn <= Math.floor(right); turn += 1) {
      for (const line of ground.lines) {
        if (line.kind !== name || !crosses(line.box, left - turn, top, right - turn, bottom)) continue;
        trace(ctx, line, scale, origin.x - turn * scale, origin.y);
      }
    }
    ctx.lineJoin = "round";
    ctx.strokeStyle = TONES[scheme()][name === "not_stated" ? "border" : "stated"];
    ctx.setLineDash(look.dash);
    ctx.lineWidth = zoom <= 3 ? look.width * 0.7 : look.width;
    ctx.stroke();
    ctx.setLineDash([]);
  }

  // A panel names the version of its boundary lines in `data-lines`; a file that has changed has another address.
  function followLines(map, show) {
    const panel = map.getContainer().closest(".map-panel");
    let drawn = null;
    const ask = () => {
      const named = panel && panel.querySelector("[data-lines]");
      const version = named ? named.dataset.lines : "";
      if (version === drawn || (panel && !version)) return;
      drawn = version;
      load(`/basemap/lines.json${version && `?v=${encodeURIComponent(version)}`}`).then(readTracks).then((found) => {
        if (version === drawn) show(found);
      }).catch((error) => {
        if (version === drawn) drawn = null;
        quiet(error);
      });
    };
    if (panel) {
      new MutationObserver(ask).observe(panel, { subtree: true, attributes: true, attributeFilter: ["data-lines"] });
    }
    ask();
  }

  function attach(map) {
    if (map.wfGround) return;
    map.getContainer().wfMap = map;
    const renderer = watchfloor.canvas.renderer(map);
    map.wfGround = landLayer().addTo(map);
    L.control.scale({ metric: true, imperial: false, position: document.dir === "rtl" ? "bottomright" : "bottomleft", maxWidth: 140 }).addTo(map);
    const language = document.documentElement.lang || "en";
    const show = (name) => (found) => { ground[name] = found; renderer.refresh(); };
    followLines(map, show("lines"));
    load(`/basemap/labels.json?lang=${language}`).then((payload) => {
      show("places")(readTable(payload.places));
      show("countries")(readTable(payload.countries));
    }).catch(quiet);
    new MutationObserver(() => { map.wfGround.redraw(); renderer.refresh(); })
      .observe(document.documentElement, { attributes: true, attributeFilter: ["data-mantine-color-scheme"] });
  }

  // A map without names is still a map; the next page asks again.
  function quiet(error) {
    watchfloor.basemap.missing = String(error.message || error);
  }

  // dash-leaflet makes the map; every map on the page gets its ground when it is made.
  function hook() {
    if (!window.L || !L.Map) return false;
    L.Map.addInitHook(function () { attach(this); });
    return true;
  }

  watchfloor.basemap = { drawLines, places: () => ground.places, countries: () => ground.countries };
  if (!hook()) document.addEventListener("DOMContentLoaded", hook);
})(window.watchfloor);
