// What is chosen lies in the free part of the map, between the tools and the legend: first places are fitted into it,
// a choice moves the map the least way that brings it there, and closing the drawer takes that move back.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const EDGE = 20, INSET = 12, FEW = { left: 5, right: 5, top: 5, bottom: 5 };
  let ours = false, owed = null; // `owed`: how far a choice moved the map, until a hand moves it

  const bare = (code) => code.split("@")[0];

  function byUs(move) {
    ours = true;
    move();
    ours = false;
  }

  function moved() {
    if (!ours) owed = null;
  }

  function pan(map, x, y) {
    byUs(() => map.panBy([x, y], { animate: false }));
  }

  // What tools, legend and words take. A map that is hardly wider than the legend has no free part beside it.
  function margins(map) {
    const box = map.getContainer(), panel = box.closest(".map-panel"), width = box.clientWidth;
    const legend = panel && panel.querySelector(".legend[open]"), tools = panel && panel.querySelector(".map-corner");
    const atTools = tools && width > 500 ? tools.offsetWidth + EDGE + INSET : EDGE;
    const atLegend = legend && legend.offsetWidth && width >= 3 * legend.offsetWidth ? legend.offsetWidth + EDGE + INSET : EDGE;
    const [left, right] = document.dir === "rtl" ? [atLegend, atTools] : [atTools, atLegend];
    return { left, right, top: EDGE + (tools ? tools.offsetTop : 0), bottom: Math.min(60, box.clientHeight / 5) };
  }

  // The least way that brings `low` to `high` between two edges; to the middle, what is longer than they are apart.
  function way(low, high, first, last) {
    if (high - low > last - first) return (low + high - first - last) / 2;
    return low < first ? low - first : high > last ? high - last : 0;
  }

  const between = (from, to, size, m) => L.point(
    way(from.x, to.x, m.left, size.x - m.right), way(from.y, to.y, m.top, size.y - m.bottom));

  // Where the record or region chosen lies: as drawn, else as its details say.
  function boundsOf(map, chosen) {
    const found = L.latLngBounds([]), code = chosen.startsWith("region:") ? bare(chosen.slice(7)) : null;
    map.eachLayer((layer) => {
      const p = layer.feature && layer.feature.properties;
      if (code && p && p.code === code && layer.getBounds) found.extend(layer.getBounds());
      if (!code && layer.wfTop && layer.getLatLng) found.extend(layer.getLatLng());
    });
    const said = !found.isValid() && document.querySelector(".details .record-id[data-at]");
    if (said && said.textContent === chosen) {
      found.extend(watchfloor.map.nearest(L.latLng(said.dataset.at.split(",").map(Number)), map));
    }
    return found.isValid() ? found : null;
  }

  function keep(map, chosen) {
    const found = boundsOf(map, chosen);
    if (!found) return;
    const m = margins(map), size = map.getSize(), free = size.subtract([m.left + m.right, m.top + m.bottom]);
    const from = map.latLngToContainerPoint(found.getNorthWest()), to = map.latLngToContainerPoint(found.getSouthEast());
    if (free.x < 40 || free.y < 40) return;
    if (to.x - from.x > free.x || to.y - from.y > free.y) {
      map.fitBounds(found, { paddingTopLeft: [m.left, m.top], paddingBottomRight: [m.right, m.bottom], animate: false });
      return;
    }
    const by = between(from, to, size, m);
    if (Math.abs(by.x) < 1 && Math.abs(by.y) < 1) return;
    pan(map, by.x, by.y);
    owed = (owed || L.point(0, 0)).add(by);
  }

  function giveBack(map) {
    const back = owed;
    owed = null;
    if (back) pan(map, -back.x, -back.y);
  }

  // The place that shows a box, `free`: in the free part, its middle as near to the map's as can be.
  function fitted(map, edges, free) {
    if (edges.length !== 4 || !edges.every(Number.isFinite)) return null;
    const [west, south, east, north] = edges, box = L.latLngBounds([[south, west], [north, west > east ? east + 360 : east]]);
    const size = map.getSize(), wanted = free ? margins(map) : FEW;
    const m = size.x > wanted.left + wanted.right + 40 && size.y > wanted.top + wanted.bottom + 40 ? wanted : FEW;
    const zoom = Math.max(2, Math.min(9, map.getBoundsZoom(box, false, L.point(m.left + m.right, m.top + m.bottom))));
    const middle = (m === FEW ? box.getCenter() : shifted(map, box, zoom, m)).wrap();
    return [Number(middle.lat.toFixed(4)), Number(middle.lng.toFixed(4)), zoom];
  }

  function shifted(map, box, zoom, m) {
    const size = map.getSize(), centre = map.project(box.getCenter(), zoom), off = size.divideBy(2).subtract(centre);
    const from = map.project(box.getNorthWest(), zoom).add(off), to = map.project(box.getSouthEast(), zoom).add(off);
    return map.unproject(centre.add(between(from, to, size, m)), zoom);
  }

  watchfloor.sight = { byUs, moved, pan, keep, giveBack, fitted };
})(window.watchfloor);
