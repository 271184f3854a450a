// Trays of a small screen: one at a time lies over the page, opened from the bar, closed by its button or Esc, and
// the focus goes back to what opened it. Whether there are trays at all, assets/small.css says (--trays). Which
// one is open is no part of the View. Namespace watchfloor.trays.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const CONDITIONS = ["region", "area", "known", "partner", "sector", "layer"];
  const root = document.documentElement;
  let opener = null; // what had the focus when a tray, or the details, came

  const told = (name) => getComputedStyle(root).getPropertyValue(name).trim() === "1";
  const small = () => told("--trays"), narrow = () => told("--narrow"); // the style sheet says it: one place
  const isOpen = () => root.dataset.trayOpen || "";
  const tray = (name) => document.querySelector(`[data-tray="${name}"]`);

  function mark() {
    const name = small() ? isOpen() : "";
    document.querySelectorAll(".bar [data-opens]").forEach((button) => {
      button.setAttribute("aria-expanded", String(button.dataset.opens === name));
    });
  }

  function open(name, from) {
    if (!tray(name)) return;
    if (from) opener = from;
    root.dataset.trayOpen = name;
    mark();
    const first = small() && from && tray(name).querySelector("[data-closes], .drawer-close");
    if (first) first.focus();
  }

  function close() {
    const name = isOpen(), inside = name && tray(name) && tray(name).contains(document.activeElement);
    delete root.dataset.trayOpen;
    mark();
    if (inside) giveBack();
  }

  // The element that had the focus may have been drawn anew since: then the bar's own button has it.
  function giveBack() {
    if (opener && opener.isConnected && opener.getClientRects().length) opener.focus();
    else (document.querySelector(".bar-button") || document.body).focus();
    opener = null;
  }

  // ---- the details follow what is chosen -----------------------------------------------------------

  const chosen = (text) => new URLSearchParams(text || "").get("sel") || "";

  document.addEventListener("watchfloor:view", (event) => {
    const before = chosen(event.detail.before), now = chosen(event.detail.now), drawer = tray("details");
    count();
    if (!drawer || before === now) return;
    const active = document.activeElement, outside = active && active !== document.body && !drawer.contains(active);
    if (now) open("details", outside ? active : null);
    else if (isOpen() === "details") close();
    else if (drawer.contains(active)) giveBack();
  });

  // How many conditions are set: with the rail out of sight nobody would know that the map is filtered. A role is one
  // beside a partner only: it says in which role.
  function count() {
    const words = new URLSearchParams(watchfloor.view.query()), timed = words.has("period") || words.has("from");
    const set = CONDITIONS.filter((key) => words.has(key)).length + Number(timed) + Number(words.has("partner") && words.has("role"));
    document.querySelectorAll(".bar-count").forEach((place) => { place.textContent = set ? String(set) : ""; });
  }

  // ---- presses and keys ----------------------------------------------------------------------------

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest && event.target.closest(selector);
    const way = hit("[data-opens]");
    if (way && way.dataset.opens === isOpen()) close();
    else if (way) open(way.dataset.opens, way);
    else if (hit("[data-closes]")) close();
    else if (hit(".menu a[data-page]")) close();
    document.querySelectorAll(".popover[open]").forEach((one) => { if (!one.contains(event.target)) one.open = false; });
  });

  // Before every other hearer of the key: what lies on top is closed first, and nothing else.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const popover = document.querySelector(".popover[open]");
    if (popover) {
      popover.open = false;
      popover.querySelector("summary").focus();
    } else if (small() && isOpen()) {
      if (isOpen() === "details") watchfloor.view.choose({ sel: "" });
      close();
    } else return;
    event.stopPropagation();
  }, true);

  // ---- what scrolls sideways without a control in it is reached by the keyboard --------------------

  const strips = new ResizeObserver((seen) => seen.forEach(({ target }) => reach(target)));

  function reach(strip) {
    if (strip.scrollWidth > strip.clientWidth + 1) strip.setAttribute("tabindex", "0");
    else strip.removeAttribute("tabindex");
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      document.querySelectorAll(".totals").forEach((strip) => {
        if (!strip.wfStrip) strips.observe(strip);
        strip.wfStrip = true;
        reach(strip);
      });
      if (!root.wfOpened && document.querySelector("main[data-keys]") && watchfloor.view) opened();
    });
  }).observe(root, { childList: true, subtree: true });

  // A link that names a record opens with its details.
  function opened() {
    root.wfOpened = true;
    count();
    if (watchfloor.view.word("sel")) open("details", null);
  }

  window.addEventListener("resize", mark);
  watchfloor.trays = { small, narrow };
})(window.watchfloor);
