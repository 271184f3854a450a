// What stands still in the View: scheme, open branches, searches, clocks, persona, keys. Namespace watchfloor.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const root = document.documentElement;
  const open = new Set();
  const clocks = new WeakMap();

  // ---- dark and light ------------------------------------------------------------------------------

  function scheme() {
    return root.getAttribute("data-mantine-color-scheme") === "light" ? "light" : "dark";
  }

  function wear(name, keep) {
    root.setAttribute("data-mantine-color-scheme", name);
    // The server draws the chart in the right tones from the first picture on.
    document.cookie = `watchfloor_scheme=${name}; path=/; max-age=31536000; samesite=lax`;
    if (keep) localStorage.setItem("watchfloor-scheme", name);
  }

  const preferred = window.matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark";
  wear(localStorage.getItem("watchfloor-scheme") || preferred, false);

  function turn() {
    wear(scheme() === "dark" ? "light" : "dark", true);
    window.dash_clientside.set_props("scheme", { data: scheme() });
  }

  // ---- the region tree and the searches ------------------------------------------------------------

  function plain(text) {
    return text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function arrange() {
    document.querySelectorAll(".tree li[data-code]").forEach((item) => {
      const list = item.querySelector(":scope > ul");
      if (!list) return;
      const chosenBelow = list.querySelector("[aria-checked='true']") !== null;
      const known = open.has(item.dataset.code) || open.has(`!${item.dataset.code}`);
      const isOpen = known ? open.has(item.dataset.code) : chosenBelow || item.matches(".tree > li:only-child");
      item.classList.toggle("open", isOpen);
      item.querySelector(".opener").setAttribute("aria-expanded", String(isOpen));
    });
    document.querySelectorAll("[data-filters]").forEach((row) => sift(row));
    bringToSight();
  }

  // The region chosen last is brought into sight in its tree once the tree shows it; the rail itself stays.
  let sought = "";

  const regionsOf = (text) => (new URLSearchParams(text || "").get("region") || "").split(",").filter(Boolean);

  document.addEventListener("watchfloor:view", (event) => {
    const before = regionsOf(event.detail.before);
    const added = regionsOf(event.detail.now).filter((code) => !before.includes(code));
    if (added.length) sought = added[added.length - 1].split("@")[0];
  });

  function bringToSight() {
    const item = sought && document.querySelector(`.tree li[data-code="${CSS.escape(sought)}"]`);
    const line = item && item.querySelector(":scope > .line");
    if (!line || !line.querySelector("[aria-checked='true']") || !line.offsetHeight) return;
    sought = "";
    const list = line.closest(".regions"), box = list.getBoundingClientRect(), at = line.getBoundingClientRect();
    if (at.top < box.top || at.bottom > box.bottom - 30) list.scrollTop += at.top - box.top - (box.height - at.height) / 2;
  }

  function chooseFound(row) {
    const target = document.getElementById(row.dataset.filters), wanted = plain(row.querySelector("input").value.trim());
    const found = wanted && [...target.querySelectorAll("li[data-name]")].find((item) => answers(item, wanted));
    const control = found && found.querySelector("[data-toggle]");
    if (control) control.click();
  }

  const answers = (item, wanted) => plain(item.dataset.name).includes(wanted)
    || plain(item.dataset.code || "").startsWith(wanted);

  // What was looked for has been found: the whole tree comes back.
  function empty(row) {
    const field = row.querySelector("input");
    watchfloor.fields.empty(field);
    sift(row);
  }

  function sift(row) {
    const field = row.querySelector("input"), target = document.getElementById(row.dataset.filters);
    if (!field || !target) return;
    const wanted = plain(field.value.trim());
    target.classList.toggle("searching", wanted !== "");
    target.querySelectorAll("li[data-name]").forEach((item) => {
      const family = [item, ...item.querySelectorAll("li[data-name]")];
      item.classList.toggle("unmatched", wanted !== "" && !family.some((each) => answers(each, wanted)));
    });
    const hit = wanted === "" || target.querySelector("li[data-name]:not(.unmatched)") !== null;
    row.querySelector(".no-hit").hidden = hit;
  }

  function openBranch(button) {
    const item = button.closest("li"), code = item.dataset.code, isOpen = item.classList.contains("open");
    open.delete(isOpen ? code : `!${code}`);
    open.add(isOpen ? `!${code}` : code);
    arrange();
  }

  // ---- clocks --------------------------------------------------------------------------------------

  function tick() {
    document.querySelectorAll("time.face").forEach((face) => {
      const told = face.dataset.at;
      let clock = clocks.get(face);
      if (!clock || clock.told !== told) {
        clock = { told, at: Date.parse(told), since: performance.now() };
        clocks.set(face, clock);
      }
      // data-runs: how many seconds pass in one; nothing where it shows a time that does not go on
      const now = clock.at + (performance.now() - clock.since) * Number(face.dataset.runs);
      const text = watchfloor.times.moment(now, face.dataset.profile);
      if (face.firstChild && face.firstChild.nodeValue !== text) face.firstChild.nodeValue = text;
    });
  }

  setInterval(tick, 1000);

  // An exercise goes on faster, or stands: what the faces said when they were drawn holds no longer.
  document.addEventListener("watchfloor:clock", ({ detail }) => {
    document.querySelectorAll("time.face").forEach((face) => {
      if (!face.dataset.runs) return;
      clocks.set(face, { told: face.dataset.at, at: Date.parse(detail.at), since: performance.now() });
      face.dataset.runs = detail.pace;
    });
    tick();
  });

  // ---- persona, language, notices, keys ----------------------------------------------------------------------

  // The answer sets a cookie; the page that is loaded anew is for another persona, or in another language.
  function ask(path, wanted) {
    fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wanted),
    }).then((answer) => {
      if (!answer.ok) return;
      // The address was the former persona's own, so it is no other partner's link.
      window.history.replaceState(null, "", window.location.pathname + window.location.search);
      window.location.reload();
    });
  }

  function putAway(button) {
    if (button.closest("#fault")) window.dash_clientside.set_props("fault", { children: null });
    else button.closest(".notice").hidden = true;
  }

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest && event.target.closest(selector);
    if (hit(".regions [data-toggle]")) document.querySelectorAll("[data-filters]").forEach(empty);
    if (hit("[data-open]")) openBranch(hit("[data-open]"));
    if (hit("button[data-scheme]")) turn();
    if (hit("[data-language]")) ask("/language", { language: hit("[data-language]").dataset.language });
    if (hit("[data-dismiss]")) putAway(hit("[data-dismiss]"));
    if (hit("[data-zoom]")) watchfloor.view.step(hit("[data-zoom]").dataset.zoom);
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("select[data-persona]") && event.target.value) ask("/persona", { persona: event.target.value });
  });

  document.addEventListener("input", (event) => {
    const row = event.target.closest("[data-filters]");
    if (row) sift(row);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, select, textarea");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
      // Where no search lies over the map, the rail's own field is the search.
      const field = document.getElementById("region-search"), found = watchfloor.search.focus();
      if (found || field) event.preventDefault();
      if (!found && field) field.focus();
    }
    if (event.key === "Enter" && typing && event.target.closest("[data-filters]")) {
      chooseFound(event.target.closest("[data-filters]"));
    }
    if (event.key === "Escape") {
      if (typing) event.target.blur();
      else watchfloor.view.choose({ sel: "" });
    }
  });

  // Where it would take much of the map's width, the legend starts folded; whoever opens it keeps it open.
  function fold() {
    document.querySelectorAll(".legend:not(.met)").forEach((legend) => {
      const map = legend.closest(".map-panel");
      if (!map.clientWidth) return;
      legend.classList.add("met");
      if (map.clientWidth < 3.6 * legend.offsetWidth || map.clientHeight < 300) legend.open = false;
    });
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; arrange(); tick(); fold(); });
  }).observe(root, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-checked"] });
})(window.watchfloor);
