// Positions on WGS 84 as UTM, UPS and MGRS, both ways.
//
// Transverse Mercator: L. Krüger's series to the sixth order, as in C. F. F. Karney, "Transverse Mercator with an
// accuracy of a few nanometers", J. Geodesy 85 (2011), equations 7 to 36. Polar stereographic: J. P. Snyder, "Map
// Projections: A Working Manual", USGS 1395 (1987), chapter 21. Zones, bands and letters: NGA.SIG.0012, "Universal
// Grids and the Transverse Mercator and Polar Stereographic Map Projections" (2014), chapters 2 and 3.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const A = 6378137, F = 1 / 298.257223563, E = Math.sqrt(F * (2 - F)), N = F / (2 - F);
  const UTM_SCALE = 0.9996, UPS_SCALE = 0.994, UPS_MIDDLE = 2000000, SQUARE = 100000;
  const BANDS = "CDEFGHJKLMNPQRSTUVWX", ROWS = "ABCDEFGHJKLMNPQRSTUV", COLUMNS = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"];
  const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64 + N ** 6 / 256);
  const SERIES = (rows) => rows.map((row, j) => row.reduce((sum, part, k) => sum + part * N ** (j + 1 + k), 0));
  const ALPHA = SERIES([
    [1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800],
    [13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360],
    [61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440],
    [49561 / 161280, -179 / 168, 6601661 / 7257600],
    [34729 / 80640, -3418889 / 1995840],
    [212378941 / 319334400],
  ]);
  const BETA = SERIES([
    [1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800],
    [1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720],
    [17 / 480, -37 / 840, -209 / 4480, 5569 / 90720],
    [4397 / 161280, -11 / 504, -830251 / 7257600],
    [4583 / 161280, -108847 / 3991680],
    [20648693 / 638668800],
  ]);

  const radians = (degrees) => (degrees * Math.PI) / 180;
  const degrees = (angle) => (angle * 180) / Math.PI;

  // Tangent of the conformal latitude from that of the geographic one, and back by Newton's method (7 to 9, 19 to 21).
  function conformal(tau) {
    const sigma = Math.sinh(E * Math.atanh((E * tau) / Math.hypot(1, tau)));
    return tau * Math.hypot(1, sigma) - sigma * Math.hypot(1, tau);
  }

  function geographic(wanted) {
    let tau = wanted / (1 - E * E);
    for (let n = 0; n < 8; n += 1) {
      const now = conformal(tau);
      const step = ((wanted - now) / Math.hypot(1, now)) * ((1 + (1 - E * E) * tau * tau) / ((1 - E * E) * Math.hypot(1, tau)));
      tau += step;
      if (Math.abs(step) < 1e-14 * Math.max(1, Math.abs(tau))) break;
    }
    return tau;
  }

  // ---- UTM -------------------------------------------------------------------------------------------

  function zoneOf(lat, lon) {
    const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
    if (lat >= 56 && lat < 64 && turned >= 3 && turned < 12) return 32;
    if (lat >= 72 && turned >= 0 && turned < 42) return turned < 9 ? 31 : turned < 21 ? 33 : turned < 33 ? 35 : 37;
    return Math.floor((turned + 180) / 6) + 1;
  }

  const meridian = (zone) => 6 * zone - 183;

  function toUtm(lat, lon, zone) {
    const taup = conformal(Math.tan(radians(lat))), turn = radians(((lon - meridian(zone) + 540) % 360) - 180);
    const xi0 = Math.atan2(taup, Math.cos(turn)), eta0 = Math.asinh(Math.sin(turn) / Math.hypot(taup, Math.cos(turn)));
    let xi = xi0, eta = eta0;
    ALPHA.forEach((part, j) => {
      const k = 2 * (j + 1);
      xi += part * Math.sin(k * xi0) * Math.cosh(k * eta0);
      eta += part * Math.cos(k * xi0) * Math.sinh(k * eta0);
    });
    return { zone, easting: 500000 + UTM_SCALE * RADIUS * eta, northing: UTM_SCALE * RADIUS * xi + (lat < 0 ? 1e7 : 0) };
  }

  // `northing` counts from the equator, southwards below zero.
  function fromUtm(zone, easting, northing) {
    const xi0 = northing / (UTM_SCALE * RADIUS), eta0 = (easting - 500000) / (UTM_SCALE * RADIUS);
    let xi = xi0, eta = eta0;
    BETA.forEach((part, j) => {
      const k = 2 * (j + 1);
      xi -= part * Math.sin(k * xi0) * Math.cosh(k * eta0);
      eta -= part * Math.cos(k * xi0) * Math.sinh(k * eta0);
    });
    const taup = Math.sin(xi) / Math.hypot(Math.sinh(eta), Math.cos(xi));
    const turn = Math.atan2(Math.sinh(eta), Math.cos(xi));
    return { lat: degrees(Math.atan(geographic(taup))), lon: turned(meridian(zone) + degrees(turn)) };
  }

  const turned = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

  // ---- UPS -------------------------------------------------------------------------------------------

  const UPS_RADIUS = (2 * A * UPS_SCALE) / Math.sqrt((1 + E) ** (1 + E) * (1 - E) ** (1 - E));

  function toUps(lat, lon) {
    const north = lat > 0, taup = conformal(Math.tan(radians(Math.abs(lat))));
    const far = Math.abs(lat) === 90 ? 0 : UPS_RADIUS / (taup + Math.hypot(1, taup)), turn = radians(lon);
    const up = far * Math.cos(turn);
    return { north, easting: UPS_MIDDLE + far * Math.sin(turn), northing: UPS_MIDDLE + (north ? -up : up) };
  }

  function fromUps(north, easting, northing) {
    const x = easting - UPS_MIDDLE, y = (northing - UPS_MIDDLE) * (north ? -1 : 1), far = Math.hypot(x, y);
    if (far < 1e-6) return { lat: north ? 90 : -90, lon: 0 };
    const t = far / UPS_RADIUS, lat = degrees(Math.atan(geographic((1 / t - t) / 2)));
    return { lat: north ? lat : -lat, lon: degrees(Math.atan2(x, y)) };
  }

  // ---- MGRS ------------------------------------------------------------------------------------------

  // Letters of the squares of the polar caps: columns count from the western edge, rows from the southern one.
  const WEST = "JKLPQRSTUXYZ", EAST = "ABCFGHJKLPQR", POLAR_ROWS = "ABCDEFGHJKLMNPQRSTUVWXYZ";
  const LOW = { A: [800000, 800000], B: [2000000, 800000], Y: [800000, 1300000], Z: [2000000, 1300000] };

  const five = (metres) => String(Math.floor((metres + 1e-6) % SQUARE)).padStart(5, "0");
  const bandOf = (lat) => BANDS[Math.min(19, Math.floor((lat + 80) / 8))];

  // 29N KG 12345 67890, to a metre; of the polar caps Z AH 12345 67890.
  function mgrs(lat, lon) {
    if (lat < -80 || lat >= 84) return polar(lat, lon);
    const zone = zoneOf(lat, lon), { easting, northing } = toUtm(lat, lon, zone);
    const east = easting + 1e-6, north = northing + 1e-6;
    const column = COLUMNS[zone % 3][Math.floor(east / SQUARE) - 1];
    const row = ROWS[(Math.floor(north / SQUARE) + (zone % 2 ? 0 : 5)) % 20];
    return `${zone}${bandOf(lat)} ${column}${row} ${five(easting)} ${five(northing)}`;
  }

  function polar(lat, lon) {
    const { north, easting, northing } = toUps(lat, lon), east = easting + 1e-6, up = northing + 1e-6;
    const letter = north ? (east >= UPS_MIDDLE ? "Z" : "Y") : (east >= UPS_MIDDLE ? "B" : "A"), low = LOW[letter];
    const column = (east >= UPS_MIDDLE ? EAST : WEST)[Math.floor((east - low[0]) / SQUARE)];
    const row = POLAR_ROWS[Math.floor((up - low[1]) / SQUARE)];
    return `${letter} ${column}${row} ${five(easting)} ${five(northing)}`;
  }

  const FORM = /^(\d{1,2})?([A-HJ-NP-Z])([A-HJ-NP-Z])([A-HJ-NP-Z])(\d*)$/;

  // The middle of the square that the text means, or { fault: "digits" | "square" }; null when it is no MGRS at all.
  function fromMgrs(text) {
    const found = FORM.exec(text.toUpperCase().replace(/\s+/g, ""));
    if (!found) return null;
    const [, zone, band, column, row, digits] = found, fine = digits.length / 2;
    if (digits.length % 2 || fine > 5) return { fault: "digits" };
    const size = 10 ** (5 - fine), within = (part) => Number(part || 0) * size + size / 2;
    const inside = [within(digits.slice(0, fine)), within(digits.slice(fine))];
    const place = zone ? ofZone(Number(zone), band, column, row, inside) : ofPole(band, column, row, inside);
    return place || { fault: "square" };
  }

  function ofPole(letter, column, row, [east, north]) {
    const low = LOW[letter];
    if (!low) return null;
    const x = (letter === "A" || letter === "Y" ? WEST : EAST).indexOf(column), y = POLAR_ROWS.indexOf(row);
    if (x < 0 || y < 0) return null;
    const place = fromUps(letter > "B", low[0] + x * SQUARE + east, low[1] + y * SQUARE + north);
    return letter > "B" ? (place.lat >= 83 ? place : null) : (place.lat <= -79 ? place : null);
  }

  // A row's letter comes again every 2,000 km; the band says which of them is meant.
  function ofZone(zone, band, column, row, [east, north]) {
    const x = zone >= 1 && zone <= 60 ? COLUMNS[zone % 3].indexOf(column) : -1;
    const y = ROWS.indexOf(row), number = BANDS.indexOf(band);
    if (x < 0 || y < 0 || number < 0) return null;
    const south = 8 * number - 80, top = number === 19 ? 84 : south + 8;
    const first = ((y - (zone % 2 ? 0 : 5) + 20) % 20) * SQUARE + north;
    for (let turn = -5; turn <= 4; turn += 1) {
      const place = fromUtm(zone, (x + 1) * SQUARE + east, first + turn * 20 * SQUARE);
      const wide = Math.abs(turned(place.lon - meridian(zone)));
      if (place.lat >= south - 1 && place.lat < top + 1 && wide <= 12) return place;
    }
    return null;
  }

  watchfloor.grid = { mgrs, fromMgrs, toUtm, fromUtm, toUps, fromUps, zoneOf, turned };
})(window.watchfloor);
