// The shapes of the marks on canvas. Sizes, colours and texts come from the server (layers/symbols.py, sizes.py).
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const FONT = "Inter, 'Segoe UI', system-ui, 'DejaVu Sans', sans-serif";
  // Reach of each shape for a symbol of radius 1, so that shapes of one size look equally large.
  const REACH = { circle: 0.92, square: 0.84, triangle: 1.12, pentagon: 1.04 };
  const sprites = new Map();

  function outline(ctx, shape, x, y, radius) {
    const r = radius * (REACH[shape] || 1);
    ctx.beginPath();
    if (shape === "square") {
      ctx.rect(x - r, y - r, 2 * r, 2 * r);
    } else if (shape === "triangle" || shape === "pentagon") {
      const corners = shape === "triangle" ? 3 : 5, low = shape === "triangle" ? 0.18 * r : 0.04 * r;
      for (let i = 0; i < corners; i += 1) {
        const turn = (2 * Math.PI * i) / corners;
        ctx.lineTo(x + r * Math.sin(turn), y + low - r * Math.cos(turn));
      }
      ctx.closePath();
    } else {
      ctx.arc(x, y, r, 0, 2 * Math.PI);
    }
  }

  function slash(ctx, x, y, radius, look) {
    const r = radius * 1.15;
    for (const [width, colour] of [[4.2, look.halo], [1.9, look.colour]]) {
      ctx.beginPath();
      ctx.moveTo(x - r, y + r);
      ctx.lineTo(x + r, y - r);
      ctx.lineWidth = width;
      ctx.strokeStyle = colour;
      ctx.stroke();
    }
  }

  function body(ctx, look, x, y, radius, fillAlpha, width, ground = 0.5) {
    ctx.lineJoin = "round";
    ctx.lineCap = "round";
    outline(ctx, look.shape, x, y, radius);
    ctx.strokeStyle = look.halo;
    ctx.globalAlpha = 0.85;
    ctx.lineWidth = width + 2;
    ctx.stroke();
    if (fillAlpha < 1) {
      // The ground shows through only dimly, or a hollow mark on a bright fill would be lost.
      ctx.globalAlpha = ground;
      ctx.fillStyle = look.halo;
      ctx.fill();
    }
    ctx.globalAlpha = fillAlpha;
    ctx.fillStyle = look.colour;
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = look.colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  function point(ctx, look, x, y, radius) {
    body(ctx, look, x, y, radius - 0.8, look.hollow ? 0 : look.pale ? 0.38 : 1, 1.6);
    if (look.inner) {
      ctx.beginPath();
      ctx.arc(x, y, radius * 0.32, 0, 2 * Math.PI);
      ctx.fillStyle = look.hollow ? look.colour : look.halo;
      ctx.fill();
    }
    if (look.slashed) slash(ctx, x, y, radius, look);
  }

  // Drawn once, then copied: a thousand copies cost less than fifty texts. Sides are even, so that a copy lies on
  // whole pixels and stays sharp.
  function sprite(look, radius) {
    const key = [look.kind, look.shape, look.colour, look.halo, look.hollow, look.pale, look.inner, look.slashed,
      radius, look.kind === "cluster" ? `${look.count}/${look.share.toFixed(2)}` : ""].join();
    let found = sprites.get(key);
    if (!found) {
      if (sprites.size > 3000) sprites.clear();
      const side = 2 * Math.ceil(radius * 1.35 + 6), ratio = L.Browser.retina ? 2 : 1;
      found = document.createElement("canvas");
      found.width = found.height = side * ratio;
      const ctx = found.getContext("2d");
      ctx.scale(ratio, ratio);
      (look.kind === "cluster" ? cluster : point)(ctx, look, side / 2, side / 2, radius);
      found.side = side;
      sprites.set(key, found);
    }
    return found;
  }

  function short(count) {
    if (count < 1000) return String(count);
    const thousands = count < 10000 ? count / 1000 : Math.round(count / 1000);
    return `${watchfloor.times.number(thousands)}k`;
  }

  function cluster(ctx, look, x, y, radius) {
    body(ctx, look, x, y, radius, look.hollow ? 0 : 0.94, 1.4);
    if (look.share > 0 && look.share < 1) ring(ctx, look, x, y, radius);
    if (look.slashed) slash(ctx, x, y, radius, look);
    const text = short(look.count);
    const low = look.shape === "triangle" ? radius * 0.36 : 0.5;
    ctx.font = `700 ${Math.max(9, Math.min(13, radius * (text.length > 3 ? 0.62 : 0.78)))}px ${FONT}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = look.hollow ? look.colour : look.halo;
    ctx.fillText(text, x, y + low);
  }

  // A broken ring around a cluster: the part that is missing is the share of unverified records.
  function ring(ctx, look, x, y, radius) {
    const r = radius + 3, length = { circle: 2 * Math.PI, square: 8, triangle: 3 * Math.sqrt(3), pentagon: 5.878 };
    const whole = length[look.shape] * r * (REACH[look.shape] || 1);
    outline(ctx, look.shape, x, y, r);
    ctx.strokeStyle = look.colour;
    ctx.lineWidth = 1.5;
    ctx.setLineDash([whole * (1 - look.share), whole]);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function area(ctx, look, x, y, radius) {
    if (look.zero) {
      outline(ctx, look.shape, x, y, radius);
      ctx.strokeStyle = look.colour;
      ctx.lineWidth = 1.2;
      ctx.stroke();
      return;
    }
    body(ctx, look, x, y, radius - 0.6, look.hollow ? 0.06 : 0.52, 1.3, look.hollow ? 0.15 : 0.5);
    if (look.slashed) slash(ctx, x, y, radius, look);
  }

  function halo(ctx, look, x, y, radius, colour, width) {
    outline(ctx, "circle", x, y, radius + 5.5);
    ctx.strokeStyle = look.halo;
    ctx.lineWidth = width + 2.4;
    ctx.stroke();
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.stroke();
  }

  function draw(ctx, look, x, y, radius) {
    ctx.globalAlpha = 1;
    if (look.selected) halo(ctx, look, x, y, radius, look.focus, 2.4);
    else if (look.hovered) halo(ctx, look, x, y, radius, look.colour, 1.2);
    if (look.kind === "area") area(ctx, look, x, y, radius);
    else {
      const image = sprite(look, radius);
      ctx.drawImage(image, x - image.side / 2, y - image.side / 2, image.side, image.side);
    }
    if (look.change) badge(ctx, look, x, y, radius);
  }

  // What happened to it, at its upper right: a sign on a disc, in the tones of text, not of a layer.
  function badge(ctx, look, x, y, radius) {
    const r = 5.4, at = Math.max(radius, 6) * 0.78, [cx, cy] = [x + at, y - at];
    ctx.beginPath();
    ctx.arc(cx, cy, r, 0, 2 * Math.PI);
    ctx.fillStyle = look.text;
    ctx.fill();
    ctx.strokeStyle = look.halo;
    ctx.lineWidth = 1.4;
    ctx.stroke();
    ctx.lineWidth = 1.7;
    ctx.beginPath();
    if (look.change === "corrected") {
      ctx.moveTo(cx - 3, cy + 0.8);
      ctx.bezierCurveTo(cx - 1.4, cy - 2.6, cx + 1.4, cy + 2.6, cx + 3, cy - 0.8);
    } else {
      const [a, b] = look.change === "new" ? [[3, 0], [0, 3]] : [[2.2, 2.2], [2.2, -2.2]];
      for (const [dx, dy] of [a, b]) {
        ctx.moveTo(cx - dx, cy - dy);
        ctx.lineTo(cx + dx, cy + dy);
      }
    }
    ctx.stroke();
  }

  watchfloor.marks = { draw, outline, FONT };
})(window.watchfloor);
