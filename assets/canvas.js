// The one canvas of the map: regions below, then the area drawn, lines and names, then marks, each layer in its own order.
// One canvas because a canvas takes all pointer events: two of them, one above the other, make the lower deaf.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const MARKS_FROM = 10; // z of the lowest layer of marks; regions and their frames lie below
  let Renderer = null;

  function scheme() {
    const root = document.documentElement;
    return root.getAttribute("data-mantine-color-scheme") === "light" ? "light" : "dark";
  }

  // A line as a row of small boxes, so that names keep off it.
  function along(points, boxes) {
    for (let i = 1; i < points.length; i += 1) {
      const a = points[i - 1], b = points[i], steps = Math.max(1, Math.ceil(a.distanceTo(b) / 10));
      for (let k = 0; k < steps && boxes.length < 5000; k += 1) {
        const x = a.x + ((b.x - a.x) * k) / steps, y = a.y + ((b.y - a.y) * k) / steps;
        boxes.push([x - 5, y - 5, x + 5, y + 5]);
      }
    }
  }

  // Leaflet comes with dash-leaflet's bundle, so its classes are extended when they are first needed.
  function rendererClass() {
    if (Renderer) return Renderer;
    Renderer = L.Canvas.extend({
      options: { padding: 0.25, tolerance: 3 },

      _initPath(layer) {
        L.Canvas.prototype._initPath.call(this, layer);
        this._unsorted = true;
        this._changed();
      },

      _removePath(layer) {
        L.Canvas.prototype._removePath.call(this, layer);
        this._changed();
      },

      // Names keep off the marks, so one mark more or less moves names anywhere: the next drawing is a whole one.
      _changed() {
        this.marksVersion = (this.marksVersion || 0) + 1;
        this._whole = true;
      },

      _redraw() {
        if (this._whole) this._redrawBounds = null;
        this._whole = false;
        L.Canvas.prototype._redraw.call(this);
      },

      // Regions and hazard by z, then marks of all layers large before small, so that no small one hides under a
      // big one, then in the order of the layers; the record chosen comes last.
      _sort() {
        const layers = Object.values(this._layers);
        const floor = (layer) => Math.min(layer.wfZ || 0, MARKS_FROM + 1);
        layers.sort((a, b) => (a.wfTop ? 1 : 0) - (b.wfTop ? 1 : 0) || floor(a) - floor(b) || (b._radius || 0) - (a._radius || 0)
          || (a.wfZ || 0) - (b.wfZ || 0) || a._leaflet_id - b._leaflet_id);
        let previous = null;
        this._drawFirst = null;
        for (const layer of layers) {
          const order = { layer, prev: previous, next: null };
          layer._order = order;
          if (previous) previous.next = order; else this._drawFirst = order;
          previous = order;
        }
        this._drawLast = previous;
        this._unsorted = false;
      },

      _draw() {
        if (!this._map || !this._ctx) return;
        if (this._unsorted) this._sort();
        const bounds = this._redrawBounds, ctx = this._ctx;
        ctx.save();
        if (bounds) {
          const size = bounds.getSize();
          ctx.beginPath();
          ctx.rect(bounds.min.x, bounds.min.y, size.x, size.y);
          ctx.clip();
        }
        this._drawing = true;
        let named = false;
        for (let order = this._drawFirst; order; order = order.next) {
          const layer = order.layer;
          if (!named && (layer.wfZ || 0) >= MARKS_FROM) {
            this._drawMiddle(ctx);
            named = true;
            watchfloor.painted = Object.assign(watchfloor.painted || {}, { marks: true });
          }
          if (!bounds || (layer._pxBounds && layer._pxBounds.intersects(bounds))) layer._updatePath();
        }
        if (!named) this._drawMiddle(ctx);
        this._drawing = false;
        ctx.restore();
        watchfloor.painted = Object.assign(watchfloor.painted || {}, { map: this.marksVersion || 0 });
      },

      // Border lines and names change with the view and the marks only, so they are kept as a picture.
      _drawMiddle(ctx) {
        const bounds = this._bounds;
        if (!bounds || this._map._animatingZoom) return;
        const size = bounds.getSize(), ratio = L.Browser.retina ? 2 : 1;
        if (size.x < 1 || size.y < 1) return; // a map without room has nothing between land and marks
        const key = [bounds.min.x, bounds.min.y, size.x, size.y, this._map.getZoom(), scheme(),
          this.marksVersion, this.wfVersion].join(":");
        if (key !== this._middleKey) {
          this._middle = this._middle || document.createElement("canvas");
          this._middle.width = size.x * ratio;
          this._middle.height = size.y * ratio;
          const own = this._middle.getContext("2d");
          own.scale(ratio, ratio);
          own.translate(-bounds.min.x, -bounds.min.y);
          if (watchfloor.area) watchfloor.area.draw(own, this._map, bounds);
          if (watchfloor.basemap) watchfloor.basemap.drawLines(own, this._map, bounds);
          if (watchfloor.labels) watchfloor.labels.draw(own, this._map, bounds, this._obstacles());
          this._middleKey = key;
        }
        ctx.drawImage(this._middle, bounds.min.x, bounds.min.y, size.x, size.y);
      },

      _obstacles() {
        const boxes = [];
        for (const layer of Object.values(this._layers)) {
          if ((layer.wfZ || 0) < MARKS_FROM) continue;
          if (layer._point) {
            const { x, y } = layer._point, r = layer._radius;
            boxes.push([x - r, y - r, x + r + (layer.wfLabel || 0), y + r]);
          } else {
            for (const part of layer._parts || []) along(part, boxes);
          }
        }
        return boxes;
      },

      // Asked for when names, lines or colours changed: everything is drawn anew once.
      refresh() {
        this.wfVersion = (this.wfVersion || 0) + 1;
        this._unsorted = true;
        this._whole = true;
        if (this._map && !this._redrawRequest) {
          this._redrawRequest = L.Util.requestAnimFrame(this._redraw, this);
        }
      },
    });
    return Renderer;
  }

  function renderer(map) {
    if (!map.wfRenderer) {
      map.wfRenderer = new (rendererClass())();
      map.options.renderer = map.wfRenderer;
      map.whenReady(() => map.addLayer(map.wfRenderer));
    }
    return map.wfRenderer;
  }

  watchfloor.canvas = { renderer, scheme, MARKS_FROM };
})(window.watchfloor);
