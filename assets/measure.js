// Measuring: legs along the shortest way on the WGS 84 ellipsoid, with the bearing at their beginning.
//
// The geodesic is T. Vincenty's, "Direct and inverse solutions of geodesics on the ellipsoid with application of
// nested equations", Survey Review 23 (1975). Between nearly opposite points, where his iteration does not end, it is
// the great circle on the mean sphere, within half a per cent.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const A = 6378137, F = 1 / 298.257223563, B = A * (1 - F), MEAN = 6371008.8, MILE = 1852;
  const radians = (degrees) => (degrees * Math.PI) / 180;

  // { metres, bearing } from one place to another; the bearing is true, clockwise from north.
  function geodesic(lat1, lon1, lat2, lon2) {
    const wide = radians(((((lon2 - lon1 + 180) % 360) + 360) % 360) - 180);
    const u1 = Math.atan((1 - F) * Math.tan(radians(lat1))), u2 = Math.atan((1 - F) * Math.tan(radians(lat2)));
    const [s1, c1, s2, c2] = [Math.sin(u1), Math.cos(u1), Math.sin(u2), Math.cos(u2)];
    let turn = wide;
    for (let n = 0; n < 200; n += 1) {
      const sl = Math.sin(turn), cl = Math.cos(turn);
      const ss = Math.hypot(c2 * sl, c1 * s2 - s1 * c2 * cl);
      if (ss === 0) return { metres: 0, bearing: 0 };
      const cs = s1 * s2 + c1 * c2 * cl, sigma = Math.atan2(ss, cs), sa = (c1 * c2 * sl) / ss, ca2 = 1 - sa * sa;
      const cm = ca2 ? cs - (2 * s1 * s2) / ca2 : 0, c = (F / 16) * ca2 * (4 + F * (4 - 3 * ca2));
      const next = wide + (1 - c) * F * sa * (sigma + c * ss * (cm + c * cs * (2 * cm * cm - 1)));
      if (Math.abs(next - turn) < 1e-12) return measured(ss, cs, sigma, ca2, cm, Math.atan2(c2 * sl, c1 * s2 - s1 * c2 * cl));
      if (Math.abs(next) > Math.PI) break;
      turn = next;
    }
    return onSphere(radians(lat1), radians(lat2), wide);
  }

  function measured(ss, cs, sigma, ca2, cm, azimuth) {
    const u = (ca2 * (A * A - B * B)) / (B * B);
    const a = 1 + (u / 16384) * (4096 + u * (-768 + u * (320 - 175 * u))), b = (u / 1024) * (256 + u * (-128 + u * (74 - 47 * u)));
    const less = b * ss * (cm + (b / 4) * (cs * (2 * cm * cm - 1) - (b / 6) * cm * (4 * ss * ss - 3) * (4 * cm * cm - 3)));
    return { metres: B * a * (sigma - less), bearing: ((azimuth * 180) / Math.PI + 360) % 360 };
  }

  function onSphere(lat1, lat2, wide) {
    const y = Math.sin(wide) * Math.cos(lat2);
    const x = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(wide);
    const far = Math.atan2(Math.hypot(x, y), Math.sin(lat1) * Math.sin(lat2) + Math.cos(lat1) * Math.cos(lat2) * Math.cos(wide));
    return { metres: MEAN * far, bearing: ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360 };
  }

  function legs(places) {
    return places.slice(1).map((place, n) => geodesic(places[n].lat, places[n].lng, place.lat, place.lng));
  }

  function figure(value) {
    const digits = value < 10 ? 2 : value < 1000 ? 1 : 0;
    return value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  // 12.3 km, and where the marking is a military one also 6.64 NM.
  function words(metres) {
    const far = metres < 1000 ? `${Math.round(metres)} m` : `${figure(metres / 1000)} km`;
    const military = document.querySelector('.tools[data-miles="1"]');
    return military ? `${far} · ${figure(metres / MILE)} NM` : far;
  }

  const bearing = (leg) => `${String(Math.round(leg.bearing) % 360).padStart(3, "0")}°`;
  const said = (leg) => `${words(leg.metres)} · ${bearing(leg)}`;

  // The shortest way as a line on the map: where it is long it is bent, so it is drawn through places between.
  function between(one, other) {
    const [la, lb] = [radians(one.lat), radians(other.lat)], wide = radians(other.lng - one.lng);
    const cosine = Math.sin(la) * Math.sin(lb) + Math.cos(la) * Math.cos(lb) * Math.cos(wide), far = Math.acos(Math.max(-1, Math.min(1, cosine)));
    if (far < 0.02 || Math.sin(far) < 1e-6) return [one, other];
    const found = [], steps = Math.ceil(far / 0.02);
    for (let n = 0; n <= steps; n += 1) {
      const p = Math.sin((1 - n / steps) * far) / Math.sin(far), q = Math.sin((n / steps) * far) / Math.sin(far);
      const x = p * Math.cos(la) + q * Math.cos(lb) * Math.cos(wide), y = q * Math.cos(lb) * Math.sin(wide);
      const z = p * Math.sin(la) + q * Math.sin(lb);
      found.push(L.latLng((Math.atan2(z, Math.hypot(x, y)) * 180) / Math.PI, one.lng + (Math.atan2(y, x) * 180) / Math.PI));
    }
    return found;
  }

  function text(ctx, words_, at, strong) {
    const { line, halo } = watchfloor.tools.tones();
    ctx.font = `${strong ? 650 : 500} 11.5px ${watchfloor.marks.FONT}`;
    ctx.textAlign = "left";
    ctx.textBaseline = "middle";
    ctx.lineWidth = 3.5;
    ctx.lineJoin = "round";
    ctx.strokeStyle = halo;
    ctx.strokeText(words_, at.x + 9, at.y - 9);
    ctx.fillStyle = line;
    ctx.fillText(words_, at.x + 9, at.y - 9);
  }

  function draw(ctx, places, hover, map) {
    const all = hover && places.length ? [...places, hover] : places;
    if (all.length > 1) watchfloor.tools.path(ctx, all.slice(1).flatMap((place, n) => between(all[n], place)), false);
    watchfloor.tools.corners(ctx, places);
    legs(all).forEach((leg, n) => {
      const one = map.latLngToContainerPoint(all[n]), other = map.latLngToContainerPoint(all[n + 1]);
      if (one.distanceTo(other) > 40) text(ctx, said(leg), L.point((one.x + other.x) / 2, (one.y + other.y) / 2), n === all.length - 2);
    });
  }

  // The legs as text beside the map, for the eye and for a screen reader.
  function list(places) {
    const box = document.querySelector(".measured");
    box.replaceChildren();
    const all = legs(places), total = all.reduce((sum, leg) => sum + leg.metres, 0);
    all.forEach((leg, n) => row(box, `${n + 1}`, said(leg)));
    if (all.length) row(box, box.dataset.total, words(total));
  }

  function row(box, name, value) {
    const line = document.createElement("div"), term = document.createElement("span"), text_ = document.createElement("span");
    term.textContent = name;
    text_.textContent = value;
    line.append(term, text_);
    box.appendChild(line);
  }

  function start() {
    watchfloor.tools.add("measure", {
      draw, changed: list, ended: () => list([]),
    });
  }

  watchfloor.measure = { geodesic };
  if (watchfloor.tools) start(); else document.addEventListener("DOMContentLoaded", start);
})(window.watchfloor);
