// The frame that the marks are asked for: the tiles that cover what is on screen, with some room. It is a function of the
// map's place and size alone, not of the way that led there, so that the same View gives the same clusters.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const TILE = 256, ROOM = 64, WORLDS = 540; // pixels, pixels, degrees: one world to either side (dashboard/frames.py)
  const before = (n) => Math.floor((n - ROOM) / TILE) * TILE, after = (n) => Math.ceil((n + ROOM) / TILE) * TILE;
  const short = (degrees, most) => Math.max(-most, Math.min(most, Number(degrees.toFixed(3))));

  // [west, south, east, north, zoom]
  function of(map) {
    const zoom = Math.round(map.getZoom()), seen = map.getPixelBounds();
    const corner = (x, y) => map.unproject(L.point(x, y), zoom);
    const northwest = corner(before(seen.min.x), before(seen.min.y)), southeast = corner(after(seen.max.x), after(seen.max.y));
    return [short(northwest.lng, WORLDS), short(southeast.lat, 90), short(southeast.lng, WORLDS), short(northwest.lat, 90), zoom];
  }

  watchfloor.frame = { of };
})(window.watchfloor);
