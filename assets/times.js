// Times and numbers in the language of the page, in the same form as dashboard/times.py. Namespace watchfloor.times.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const locale = () => document.documentElement.dataset.locale || "en"; // whose months and figures, by the server
  const GROUP = "en"; // the months of a date-time group are English by definition, whatever the page speaks
  const made = new Map();

  const two = (number) => String(number).padStart(2, "0");

  // Making a format is slow, and the clocks ask every second.
  function kept(kind, language, options) {
    const key = `${kind.name} ${language} ${JSON.stringify(options)}`;
    if (!made.has(key)) made.set(key, new kind(language, options));
    return made.get(key);
  }

  function month(at, language) {
    const options = { timeZone: "UTC", day: "numeric", month: "short" };
    return kept(Intl.DateTimeFormat, language, options).formatToParts(at).find((part) => part.type === "month").value;
  }

  // 301800Z NOV 14 in the profile "dtg", else 30 Nov 2014 18:00 UTC.
  function moment(at, profile) {
    const d = new Date(at), hour = two(d.getUTCHours()), minute = two(d.getUTCMinutes());
    if (profile === "dtg") {
      return `${two(d.getUTCDate())}${hour}${minute}Z ${month(d, GROUP).toUpperCase()} ${two(d.getUTCFullYear() % 100)}`;
    }
    return `${d.getUTCDate()} ${month(d, locale())} ${d.getUTCFullYear()} ${hour}:${minute} UTC`;
  }

  function number(value) {
    return kept(Intl.NumberFormat, locale(), { maximumFractionDigits: 1 }).format(value);
  }

  // What somebody typed, in UTC: 2014-11-30, or 2014-11-30 18:00; null for anything else, and for a day or an hour that
  // there is not. `day`: no time of day was typed.
  function typed(text) {
    const found = /^\s*(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2})?)\s*Z?)?\s*$/.exec(text || "");
    if (!found) return null;
    const said = `${found[1]}T${found[2] || "00:00"}`, at = Date.parse(`${said}Z`);
    // A browser counts the 31st of February on into March: what does not come back as it was typed is none.
    return Number.isFinite(at) && new Date(at).toISOString().startsWith(said) ? { at, day: !found[2] } : null;
  }

  watchfloor.times = { moment, number, typed };
})(window.watchfloor);
