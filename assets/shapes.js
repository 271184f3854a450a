// Regions and the hazard: polygons and lines on the same canvas, coloured when they are drawn so that the
// switch between dark and light needs no new data.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const patterns = {};
  const families = new WeakMap();
  const TONES = {
    dark: { land: "#212d3a", line: "#4a6078", frame: "#dbe5ef", ground: "#0b1118", halo: "#0b1118" },
    light: { land: "#fbfaf7", line: "#b3b6ba", frame: "#16222e", ground: "#d5e0ea", halo: "#ffffff" },
  };

  const scheme = () => watchfloor.canvas.scheme();

  // Codes that have regions below them: their own area is drawn by those, they only add a stronger line.
  function parents(data) {
    if (!data || !data.features) return new Set();
    if (!families.has(data)) families.set(data, new Set(data.features.map((f) => f.properties.parent)));
    return families.get(data);
  }

  function hatch(ctx, pair) {
    const key = pair.join();
    if (!patterns[key]) {
      const tile = document.createElement("canvas"), side = 8;
      tile.width = tile.height = side;
      const own = tile.getContext("2d");
      own.fillStyle = pair[0];
      own.fillRect(0, 0, side, side);
      own.strokeStyle = pair[1];
      own.lineWidth = 0.9;
      for (const shift of [-side, 0, side]) {
        own.beginPath();
        own.moveTo(shift - 1, side + 1);
        own.lineTo(shift + side + 1, -1);
        own.stroke();
      }
      patterns[key] = ctx.createPattern(tile, "repeat");
    }
    return patterns[key];
  }

  function trace(ctx, layer, closed) {
    ctx.beginPath();
    for (const part of layer._parts) {
      part.forEach((point, index) => (index ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
      if (closed) ctx.closePath();
    }
  }

  function stroke(ctx, colour, width, alpha, dash) {
    ctx.setLineDash(dash || []);
    ctx.globalAlpha = alpha;
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineJoin = "round";
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
  }

  function drawRegion(layer) {
    const ctx = layer._renderer._ctx, told = layer.wfTold, now = scheme(), code = layer.feature.properties.code;
    const tones = (told.tones || TONES)[now], classes = told.classes || {};
    const outside = told.inside && !layer.wfInside;
    trace(ctx, layer, true);
    if (!layer.wfParent) {
      const value = classes[code];
      ctx.fillStyle = value === undefined || outside ? tones.land
        : value === null ? hatch(ctx, told.hatch[now]) : told.ramps[now][value];
      ctx.globalAlpha = 1;
      ctx.fill("evenodd");
      if (outside) {
        ctx.fillStyle = tones.ground;
        ctx.globalAlpha = 0.62;
        ctx.fill("evenodd");
      } else if (layer.wfHovered) {
        ctx.fillStyle = tones.frame;
        ctx.globalAlpha = 0.12;
        ctx.fill("evenodd");
      }
    }
    const level = layer.feature.properties.level || 0;
    // Far out, lines would fill small islands: they grow with the zoom.
    const far = Math.max(0.45, Math.min(1, (layer._map.getZoom() - 3) / 5));
    stroke(ctx, tones.line, far * (layer.wfParent ? (level ? 1.4 : 1.8) : 0.8), outside ? 0.35 : layer.wfParent ? 1 : 0.85);
    if (layer.wfChosen) {
      stroke(ctx, tones.halo, 5, 0.8);
      stroke(ctx, tones.frame, 2.2, 1);
    }
  }

  // Each ring is drawn on the copy of the world that is nearest to the middle of the screen, as marks are. The middle
  // goes by steps, so that a small move projects nothing anew.
  const STEP = 60;
  const stepOf = (map) => STEP * Math.round(map.getCenter().lng / STEP);

  function ringMiddle(ring) {
    if (ring.wfMiddle === undefined) {
      const [west, east] = ring.reduce(([low, high], { lng }) => [Math.min(low, lng), Math.max(high, lng)], [540, -540]);
      ring.wfMiddle = (west + east) / 2;
    }
    return ring.wfMiddle;
  }

  function drawnNearest(layer) {
    const project = layer._projectLatlngs, update = layer._update;
    layer._projectLatlngs = function (ring, rings, bounds) {
      this.wfStep = stepOf(this._map);
      const turns = L.LineUtil.isFlat(ring) ? Math.round((this.wfStep - ringMiddle(ring)) / 360) : 0;
      const there = turns ? ring.map(({ lat, lng }) => L.latLng(lat, lng + 360 * turns)) : ring;
      project.call(this, there, rings, bounds);
    };
    layer._update = function () {
      if (this._map && this.wfStep !== stepOf(this._map)) this._project();
      update.call(this);
    };
  }

  function regionStyle(feature, context) {
    return { renderer: watchfloor.canvas.renderer(context.map), weight: 6, fill: true, stroke: true };
  }

  function regionEach(feature, layer, context) {
    const told = watchfloor.map.told(context), p = feature.properties;
    layer.wfTold = told;
    layer.wfParent = told.parents ? told.parents.includes(p.code) : parents(context.data).has(p.code);
    layer.wfChosen = (told.chosen || []).includes(p.code);
    layer.wfInside = !told.inside || told.inside.includes(p.code);
    layer.wfZ = layer.wfChosen ? 6 : layer.wfParent ? 5 - (p.level || 0) : 0;
    // A region that only adds a line must not stand between the pointer and those below it.
    layer.options.interactive = !layer.wfParent;
    drawnNearest(layer);
    layer._updatePath = function () {
      if (this._renderer._drawing && this._parts.length) drawRegion(this);
    };
    layer.wfTip = () => watchfloor.map.lines(p.name, [
      told.inside && !layer.wfInside ? told.outside : (told.values || {})[p.code] || ""]);
    layer.on({
      mouseover: watchfloor.map.enter, mouseout: watchfloor.map.leave,
      add: () => watchfloor.map.count("regions", 1), remove: () => watchfloor.map.count("regions", -1),
      click: (event) => {
        L.DomEvent.stopPropagation(event);
        if (watchfloor.view) watchfloor.view.toggle("region", p.code);
      },
    });
  }

  function hazardColour(layer) {
    return (layer.wfTold.colours || { dark: "#c3cedb", light: "#4d5666" })[scheme()];
  }

  function drawHazard(layer) {
    const ctx = layer._renderer._ctx, colour = hazardColour(layer), p = layer.feature.properties;
    const area = layer instanceof L.Polygon;
    trace(ctx, layer, area);
    if (area) {
      ctx.fillStyle = colour;
      ctx.globalAlpha = p.forecast ? 0.1 : 0.07;
      ctx.fill("evenodd");
      // A forecast is dashed; what was measured has a plain, quiet edge.
      stroke(ctx, colour, p.forecast ? 1.2 : 0.9, p.forecast ? 0.75 : 0.4, p.forecast ? [5, 4] : []);
    } else {
      stroke(ctx, (layer.wfTold.halo || { dark: "#0b1118", light: "#ffffff" })[scheme()], 4.5, 0.6);
      stroke(ctx, colour, 2, 0.95, p.forecast ? [6, 5] : []);
    }
  }

  function drawFix(layer) {
    const ctx = layer._renderer._ctx, { x, y } = layer._point, p = layer.feature.properties;
    const colour = hazardColour(layer), halo = (layer.wfTold.halo || {})[scheme()] || "#0b1118";
    watchfloor.marks.outline(ctx, "circle", x, y, p.label && layer._map.getZoom() >= 5 ? 4.5 : 2.8);
    ctx.fillStyle = p.forecast ? halo : colour;
    ctx.fill();
    stroke(ctx, halo, 3, 0.8);
    stroke(ctx, colour, 1.5, 1);
    if (!p.label || layer._map.getZoom() < 5) return;
    ctx.font = `600 10.5px ${watchfloor.marks.FONT}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineWidth = 3;
    ctx.strokeStyle = halo;
    ctx.strokeText(p.label, x + 9, y);
    ctx.fillStyle = colour;
    ctx.fillText(p.label, x + 9, y);
  }

  function hazardPoint(feature, latlng, context) {
    const map = context.map;
    return L.circleMarker(watchfloor.map.nearest(latlng, map), {
      radius: 8, weight: 4, renderer: watchfloor.canvas.renderer(map),
    });
  }

  function hazardEach(feature, layer, context) {
    const p = feature.properties, area = layer instanceof L.Polygon, fix = layer instanceof L.CircleMarker;
    layer.wfTold = watchfloor.map.told(context);
    layer.wfZ = area ? 7 : watchfloor.canvas.MARKS_FROM + (fix ? 0.2 : 0);
    layer.options.interactive = fix;
    layer.wfLabel = fix && p.label ? 8 + 6.4 * p.label.length : 0;
    layer._updatePath = function () {
      if (!this._renderer._drawing) return;
      if (fix) drawFix(this);
      else if (this._parts.length) drawHazard(this);
    };
    layer.wfTip = () => watchfloor.map.lines(p.title, [p.category, watchfloor.map.time(p.at),
      p.forecast ? watchfloor.map.say(layer.wfTold.words, "forecast") : ""]);
    layer.on({
      mouseover: watchfloor.map.enter, mouseout: watchfloor.map.leave,
      add: () => watchfloor.map.count("hazard", 1), remove: () => watchfloor.map.count("hazard", -1),
    });
  }

  watchfloor.map = Object.assign(watchfloor.map || {}, {
    style: regionStyle, regionStyle, onEachRegion: regionEach, hazardPoint, hazardEach,
  });
})(window.watchfloor);
