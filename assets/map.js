// What dash-leaflet calls by name: {"variable": "watchfloor.map.pointToLayer"} and so on. The features come from
// layers/base.py, layers/hazard.py and layers/basemap.py, colours and words in each layer's hideout.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const drawn = {}; // features on the map, by layer: what tests and the watchdog count
  const NEUTRAL = { dark: "#8aa0b6", light: "#4d6075" };
  const HALO = { dark: "#0b1118", light: "#ffffff" };
  const TEXT = { dark: "#dbe5ef", light: "#16222e" };
  const FOCUS = { dark: "#7cc4ff", light: "#0b63b0" };
  let Mark = null;
  let selected = null; // set by select(); the hideout's is used until then

  const scheme = () => watchfloor.canvas.scheme();
  const count = (layer, step) => { drawn[layer] = (drawn[layer] || 0) + step; };

  function lookOf(mark) {
    const p = mark.feature.properties, told = mark.wfTold, now = scheme();
    return {
      shape: p.shape, kind: p.kind, count: p.count, hollow: p.hollow, slashed: p.slashed, inner: p.inner,
      pale: p.precision === 2 || p.precision === 7,
      zero: p.kind === "area" && p.value !== null && p.value <= 0,
      share: p.count ? p.unverified / p.count : 0,
      colour: (told.colours || NEUTRAL)[now], halo: (told.halo || HALO)[now], focus: (told.focus || FOCUS)[now],
      selected: mark.wfTop || mark.wfWalked, hovered: mark.wfHovered, change: p.change, text: TEXT[now],
    };
  }

  function markClass() {
    if (Mark) return Mark;
    Mark = L.CircleMarker.extend({
      _updatePath() {
        if (!this._renderer._drawing || this._empty()) return;
        watchfloor.marks.draw(this._renderer._ctx, lookOf(this), this._point.x, this._point.y, this.wfSize / 2);
      },
      onAdd(map) {
        L.CircleMarker.prototype.onAdd.call(this, map);
        count(this.feature.properties.layer, 1);
      },
      onRemove(map) {
        L.CircleMarker.prototype.onRemove.call(this, map);
        count(this.feature.properties.layer, -1);
        if (map.wfTip && map.wfTip.wfOwner === this) closeTip(map);
      },
    });
    return Mark;
  }

  function told(context) {
    return (context && context.hideout) || {};
  }

  const chosen = (hideout) => (selected === null ? hideout.selected : selected) || null;

  // The copy of the world that is nearest to the middle of the screen.
  function nearest(latlng, map) {
    const turns = Math.round((map.getCenter().lng - latlng.lng) / 360);
    return turns ? L.latLng(latlng.lat, latlng.lng + 360 * turns) : latlng;
  }

  function pointToLayer(feature, latlng, context) {
    if (feature.properties.layer === "hazard") return watchfloor.map.hazardPoint(feature, latlng, context);
    const map = context.map, p = feature.properties;
    const mark = new (markClass())(nearest(latlng, map), {
      // Room for halo, ring and corners, so that a partial redraw leaves no crumbs.
      radius: Math.max(p.size / 2, 7) + (p.change ? 8 : 2), weight: 8, renderer: watchfloor.canvas.renderer(map),
    });
    mark.feature = feature;
    mark.wfTold = told(context);
    mark.wfSize = p.size;
    mark.wfTop = p.id === chosen(mark.wfTold);
    mark.wfZ = watchfloor.canvas.MARKS_FROM + (mark.wfTold.z || 0);
    return mark;
  }

  function onEachFeature(feature, layer, context) {
    if (feature.properties.layer === "hazard") {
      watchfloor.map.hazardEach(feature, layer, context);
      return;
    }
    layer.on({ click: chooseMark, mouseover: enter, mouseout: leave });
  }

  function chooseMark(event) {
    const mark = event.target, p = mark.feature.properties, map = mark._map;
    L.DomEvent.stopPropagation(event);
    if (p.kind === "cluster") {
      closeTip(map);
      map.setView(mark.getLatLng(), Math.min(map.getZoom() + 2, map.getMaxZoom()));
      return;
    }
    if (watchfloor.view) watchfloor.view.choose({ sel: p.id });
  }

  function enter(event) {
    const layer = event.target;
    layer.wfHovered = true;
    layer.redraw();
    const content = layer.wfTip ? layer.wfTip(layer) : markTip(layer);
    if (content) openTip(layer, layer.getLatLng ? layer.getLatLng() : event.latlng, content);
  }

  function leave(event) {
    const layer = event.target;
    layer.wfHovered = false;
    layer.redraw();
    if (layer._map) closeTip(layer._map);
  }

  function openTip(layer, latlng, content) {
    const map = layer._map;
    map.wfTip = map.wfTip || L.tooltip({ className: "wf-tip", direction: "top", opacity: 1 });
    // Near the upper edge of the map there is room below only.
    const above = map.latLngToContainerPoint(latlng).y > 110;
    map.wfTip.options.direction = above ? "top" : "bottom";
    map.wfTip.options.offset = L.point(0, (above ? -1 : 1) * ((layer.wfSize || 8) / 2 + 2));
    map.wfTip.wfOwner = layer;
    map.wfTip.setLatLng(latlng).setContent(content).addTo(map);
  }

  function closeTip(map) {
    if (map.wfTip) map.removeLayer(map.wfTip);
  }

  // Tooltips are elements with text in them, never markup: titles come from partners' files.
  function lines(title, rest) {
    const box = document.createElement("div");
    [title, ...rest].filter(Boolean).forEach((text, index) => {
      const line = document.createElement(index ? "div" : "strong");
      line.textContent = text;
      box.appendChild(line);
    });
    return box.childNodes.length ? box : null;
  }

  function say(words, key, number) {
    return ((words && words[key]) || key).replace("{count}", number === undefined ? "" : grouped(number));
  }

  const grouped = (number) => watchfloor.times.number(number);
  const time = (at) => (at ? watchfloor.times.moment(at) : "");

  function markTip(mark) {
    const p = mark.feature.properties, words = mark.wfTold.words, names = mark.wfTold.categories || {};
    const change = p.change ? say(words, p.change) : "";
    const category = names[p.category] || (p.category || "").replace(/_/g, " ");
    if (p.kind === "cluster") {
      const shares = ["unverified", "disputed"].filter((name) => p[name])
        .map((name) => say(words, `of which {count} ${name}`, p[name]));
      return lines(say(words, "{count} records", p.count), [change, ...shares, say(words, "click to look closer")]);
    }
    if (p.kind === "area") {
      const figure = p.value === null ? "" : `${grouped(p.value)} ${p.value_words}`;
      const shares = p.unverified ? say(words, "of which {count} unverified", p.unverified) : "";
      return lines(p.title, [change, figure, say(words, "{count} records", p.count), shares,
        say(words, "known for the area")]);
    }
    return lines(p.title, [change, [category, p.originator].filter(Boolean).join(" · "), time(p.at),
      p.hollow ? say(words, "unverified") : "", p.slashed ? say(words, "disputed") : "",
      p.precision === 2 || p.precision === 7 ? say(words, "place approximate, within 25 km") : ""]);
  }

  // Marks the record chosen without drawing the layer anew; "" for none.
  function select(id) {
    selected = id;
    document.querySelectorAll(".leaflet-container").forEach((box) => {
      if (!box.wfMap) return;
      const renderer = box.wfMap.wfRenderer;
      for (const layer of Object.values(renderer._layers)) {
        if (layer.wfSize || layer.wfBeside) layer.wfTop = layer.feature.properties.id === (id || null);
      }
      renderer.refresh();
    });
  }

  watchfloor.map = Object.assign(watchfloor.map || {}, {
    pointToLayer, onEachFeature, select, chosen: () => selected || "", drawn, count, told, lines, say, time, enter, leave, nearest,
  });
})(window.watchfloor);
