// Reference layers beside the records (layers/reference.py): ports, airfields, areas of responsibility. Thin lines
// in quiet tones on the one canvas, below the marks; a click opens the details.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const NAMED_FROM = 10; // from this zoom on ports and airfields bear their names
  const tone = (layer) => layer.wfTold.colours[watchfloor.canvas.scheme()];
  const halo = (layer) => layer.wfTold.halo[watchfloor.canvas.scheme()];

  function twice(ctx, layer, width, draw) {
    for (const [wide, colour] of [[width + 2.6, halo(layer)], [width, tone(layer)]]) {
      ctx.beginPath();
      draw();
      ctx.lineWidth = wide;
      ctx.lineCap = ctx.lineJoin = "round";
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  function port(ctx, x, y) {
    ctx.moveTo(x, y - 1.5); ctx.lineTo(x, y + 6);
    ctx.moveTo(x - 3, y + 0.3); ctx.lineTo(x + 3, y + 0.3);
    ctx.moveTo(x - 5, y + 2); ctx.quadraticCurveTo(x - 4.4, y + 6, x, y + 6); ctx.quadraticCurveTo(x + 4.4, y + 6, x + 5, y + 2);
    ctx.moveTo(x + 2, y - 3.5); ctx.arc(x, y - 3.5, 2, 0, 2 * Math.PI);
  }

  function airfield(ctx, x, y) {
    ctx.moveTo(x + 5.4, y); ctx.arc(x, y, 5.4, 0, 2 * Math.PI);
    ctx.moveTo(x - 2.6, y + 2.6); ctx.lineTo(x + 2.6, y - 2.6);
  }

  function ring(ctx, layer, x, y) {
    const colour = layer.wfTop || layer.wfWalked ? layer.wfTold.focus[watchfloor.canvas.scheme()] : tone(layer);
    ctx.beginPath();
    ctx.arc(x, y, 10.5, 0, 2 * Math.PI);
    ctx.lineWidth = layer.wfTop ? 2.2 : 1;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }

  function name(ctx, layer, x, y, align) {
    ctx.font = `500 10.5px ${watchfloor.marks.FONT}`;
    ctx.textAlign = align;
    ctx.textBaseline = "middle";
    ctx.lineWidth = 3;
    ctx.strokeStyle = halo(layer);
    ctx.strokeText(layer.feature.properties.title, x, y);
    ctx.fillStyle = tone(layer);
    ctx.fillText(layer.feature.properties.title, x, y);
  }

  function drawSite(layer) {
    const ctx = layer._renderer._ctx, { x, y } = layer._point, shape = layer.feature.properties.shape;
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    twice(ctx, layer, 1.4, () => (shape === "port" ? port : airfield)(ctx, x, y));
    if (layer.wfTop || layer.wfHovered) ring(ctx, layer, x, y);
    if (layer._map.getZoom() >= NAMED_FROM) name(ctx, layer, x + 9, y, "left");
  }

  function trace(ctx, layer) {
    ctx.beginPath();
    for (const part of layer._parts) {
      part.forEach((point, index) => (index ? ctx.lineTo(point.x, point.y) : ctx.moveTo(point.x, point.y)));
      ctx.closePath();
    }
  }

  // The edge alone, in long dashes; its name along the upper left corner of what is on screen.
  function drawArea(layer) {
    const ctx = layer._renderer._ctx, top = layer._parts.flat().reduce((a, b) => (b.y < a.y - 0.5 || (Math.abs(b.y - a.y) <= 0.5 && b.x < a.x) ? b : a));
    trace(ctx, layer);
    ctx.globalAlpha = layer.wfHovered || layer.wfTop ? 0.12 : 0.05;
    ctx.fillStyle = tone(layer);
    ctx.fill("evenodd");
    for (const [width, colour, alpha, dash] of [[4, halo(layer), 0.6, []], [layer.wfTop ? 2.4 : 1.5, tone(layer), 1, [11, 5]]]) {
      ctx.setLineDash(dash);
      ctx.globalAlpha = alpha;
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (layer._map.getZoom() >= 6) name(ctx, layer, top.x + 5, top.y + 10, "left");
  }

  function besidePoint(feature, latlng, context) {
    return L.circleMarker(watchfloor.map.nearest(latlng, context.map), {
      radius: 8, weight: 4, renderer: watchfloor.canvas.renderer(context.map),
    });
  }

  function besideEach(feature, layer, context) {
    const p = feature.properties, site = layer instanceof L.CircleMarker;
    layer.wfTold = watchfloor.map.told(context);
    layer.wfTop = p.id === watchfloor.map.chosen();
    layer.wfBeside = true;
    layer.wfZ = site ? watchfloor.canvas.MARKS_FROM + 0.1 : 6.5;
    // An area is touched at its edge alone: what lies in it stays within reach.
    if (!site) layer._containsPoint = function (point) { return L.Polyline.prototype._containsPoint.call(this, point, true); };
    layer._updatePath = function () {
      if (!this._renderer._drawing) return;
      if (site) drawSite(this);
      else if (this._parts.length) drawArea(this);
    };
    layer.wfTip = () => watchfloor.map.lines(p.title, [[watchfloor.map.say(layer.wfTold.words, layer.wfTold.title), p.originator].join(" · "), p.authority]);
    layer.on({
      mouseover: watchfloor.map.enter, mouseout: watchfloor.map.leave,
      add: () => watchfloor.map.count(p.layer, 1), remove: () => watchfloor.map.count(p.layer, -1),
      click: (event) => {
        L.DomEvent.stopPropagation(event);
        if (watchfloor.view) watchfloor.view.choose({ sel: p.id });
      },
    });
  }

  watchfloor.map = Object.assign(watchfloor.map || {}, { besidePoint, besideEach });
})(window.watchfloor);
