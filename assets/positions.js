// A position in words, in three notations, and back: degrees, degrees and minutes, MGRS. Namespace watchfloor.positions.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const FORMATS = ["degrees", "minutes", "mgrs"];
  const ENGLISH = { sides: "N|S|E|W", point: "." };
  const side = (value, letters) => letters[value < 0 ? 1 : 0];

  // As the language of the page writes it: north, south, east, west, and the sign before the decimals.
  const signs = () => (document.querySelector(".readout") || { dataset: ENGLISH }).dataset;

  function inDegrees(value, letters) {
    return `${Math.abs(value).toFixed(4)}° ${side(value, letters)}`;
  }

  // Minutes are rounded before they are split from the degrees: 60.00′ is a degree.
  function inMinutes(value, letters) {
    const all = Math.round(Math.abs(value) * 6000), whole = Math.floor(all / 6000);
    return `${whole}° ${((all - 6000 * whole) / 100).toFixed(2).padStart(5, "0")}′ ${side(value, letters)}`;
  }

  function words(format, lat, lng) {
    const lon = watchfloor.grid.turned(lng);
    if (format === "mgrs") return watchfloor.grid.mgrs(lat, lon);
    const one = format === "minutes" ? inMinutes : inDegrees, { sides, point } = signs(), [n, s, e, w] = sides.split("|");
    return `${one(lat, [n, s])} ${one(lon, [e, w])}`.replace(/\./g, point);
  }

  // { lat, lon }, or { fault } with what is wrong: unread, latitude, longitude, minutes, digits, square.
  function read(text) {
    const grid = watchfloor.grid.fromMgrs(text);
    if (grid) return grid;
    const plain = inLetters(text.toUpperCase()).replace(/[°º'′’"″”]|,(?=\s)|;/g, " ")
      .replace(/[\u2212\u2013]/g, "-").trim();
    if (!/^[-+\d.\sNSEW,]+$/.test(plain)) return { fault: "unread" };
    const pointed = commas(plain), found = pointed === plain ? null : degrees(pointed);
    return found && !found.fault ? found : degrees(plain);
  }

  // The page's own letter for a side (O is west in French, and east in other languages) beside the English one.
  function inLetters(text) {
    const own = signs().sides.split("|"), known = ENGLISH.sides.split("|");
    return text.replace(/[A-Z]/g, (letter) => (known.includes(letter) ? letter : known[own.indexOf(letter)] || letter));
  }

  // 19,0621 N 73,0701 W: commas before decimals, where no point is and something else parts the halves.
  function commas(plain) {
    if (plain.includes(".") || !/[\sNSEW]/.test(plain)) return plain;
    return plain.replace(/(?<![\d,])(\d+),(\d+)(?![\d,])/g, "$1.$2");
  }

  function degrees(plain) {
    const parts = plain.replace(/,/g, " ").replace(/([NSEW])/g, " $1 ").trim().split(/\s+/);
    const halves = split(parts);
    if (!halves) return { fault: "unread" };
    const [lat, lon] = halves.map(angle);
    if (lat === null || lon === null) return { fault: "unread" };
    if (Number.isNaN(lat) || Number.isNaN(lon)) return { fault: "minutes" };
    if (Math.abs(lat) > 90) return { fault: "latitude" };
    return Math.abs(lon) > 180 ? { fault: "longitude" } : { lat, lon };
  }

  // Latitude and longitude apart, each { numbers, letter }; longitude may come first where letters say so.
  function split(parts) {
    const letters = parts.filter((part) => /^[NSEW]$/.test(part)), numbers = parts.filter((part) => !/^[NSEW]$/.test(part));
    if (![2, 4, 6].includes(numbers.length) || ![0, 2].includes(letters.length)) return null;
    const half = numbers.length / 2, found = [0, 1].map((n) => ({ numbers: numbers.slice(n * half, (n + 1) * half), letter: letters[n] || "" }));
    if (!letters.length) return found;
    // The letters stand all before or all behind their numbers.
    const before = [letters[0], ...numbers.slice(0, half), letters[1], ...numbers.slice(half)].join();
    const behind = [...numbers.slice(0, half), letters[0], ...numbers.slice(half), letters[1]].join();
    if (![before, behind].includes(parts.join())) return null;
    const [one, other] = found, flat = (letter) => letter === "N" || letter === "S";
    if (flat(one.letter) === flat(other.letter)) return null;
    return flat(one.letter) ? found : [other, one];
  }

  // Degrees of one half: null for what is no number, NaN for minutes or seconds of 60 and more.
  function angle({ numbers, letter }) {
    if (!numbers.every((text, n) => (n ? /^\d{1,2}(\.\d+)?$/ : /^[-+]?\d{1,3}(\.\d+)?$/).test(text))) return null;
    if (letter && /^[-+]/.test(numbers[0])) return null;
    if (numbers.slice(0, -1).some((text) => text.includes("."))) return null;
    const [whole, minutes = 0, seconds = 0] = numbers.map(Number);
    if (minutes >= 60 || seconds >= 60) return NaN;
    const size = Math.abs(whole) + minutes / 60 + seconds / 3600;
    return numbers[0].startsWith("-") || letter === "S" || letter === "W" ? -size : size;
  }

  watchfloor.positions = { FORMATS, words, read };
})(window.watchfloor);
