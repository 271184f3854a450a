// The search (ARIA combobox with a list): the text goes to the server when the hand pauses, what is found comes
// back as a list (dashboard/controls/found.py), and each of its options says what choosing it does.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const PAUSE = 220, LEAST = 2, NEAR = 10;
  let timer = null, active = -1;

  const field = () => document.getElementById("search");
  const host = () => document.getElementById("found");
  const list = () => host() && host().querySelector("[role=listbox]");
  const options = () => (list() ? [...list().querySelectorAll("[role=option]")] : []);
  const wanted = () => field().value.trim().split(/\s+/).join(" ");

  function focus() {
    if (!field()) return false;
    field().focus();
    field().select();
    return true;
  }

  function ask() {
    const text = wanted();
    window.dash_clientside.set_props("searched", { data: text.length < LEAST ? "" : text });
  }

  // The answer to an earlier text is not shown: what is found belongs to what stands in the field.
  function show() {
    const input = field(), found = host() && host().firstElementChild;
    if (!input || !host()) return;
    const fits = Boolean(found) && found.dataset.asked === wanted() && document.activeElement === input;
    host().classList.toggle("open", fits);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", input.closest(".search-panel").dataset.listbox);
    input.setAttribute("aria-expanded", String(fits && options().length > 0));
    mark(fits ? Math.min(active, options().length - 1) : -1);
  }

  function mark(index) {
    active = index;
    options().forEach((option, n) => option.setAttribute("aria-selected", String(n === index)));
    const chosen = options()[index];
    if (chosen) {
      field().setAttribute("aria-activedescendant", chosen.id);
      chosen.scrollIntoView({ block: "nearest" });
    } else field().removeAttribute("aria-activedescendant");
  }

  function close() {
    host().classList.remove("open");
    field().setAttribute("aria-expanded", "false");
    mark(-1);
  }

  function take(option) {
    const { region, record, place, box } = option.dataset, map = watchfloor.view.map();
    watchfloor.fields.empty(field());
    close();
    field().blur();
    if (region) watchfloor.view.choose({ region, sel: "" });
    if (record) watchfloor.view.choose({ sel: record });
    if (!map) return;
    if (place) {
      const [lat, lng] = place.split(",").map(Number);
      map.setView([lat, lng], Math.max(NEAR, map.getZoom()), { animate: false });
    } else if (box) {
      const [west, south, east, north] = box.split(",").map(Number);
      map.fitBounds([[south, west], [north, west > east ? east + 360 : east]], { padding: [30, 30], maxZoom: 11, animate: false });
    }
    map.getContainer().focus({ preventScroll: true });
  }

  function key(event) {
    const open = host().classList.contains("open"), count = options().length;
    if (event.key === "Escape") {
      event.stopImmediatePropagation();
      if (open) close();
      else if (field().value) watchfloor.fields.empty(field());
      else field().blur();
    } else if (event.key === "Enter") {
      event.stopImmediatePropagation();
      if (open && count) take(options()[Math.max(active, 0)]);
    } else if (["ArrowDown", "ArrowUp"].includes(event.key)) {
      event.preventDefault();
      if (!open) show();
      if (!count) return;
      const step = event.key === "ArrowDown" ? 1 : -1;
      mark(active < 0 && step < 0 ? count - 1 : (active + step + count) % count);
    }
  }

  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    active = -1;
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
    show();
  });

  document.addEventListener("keydown", (event) => { if (field() && event.target === field()) key(event); }, true);

  document.addEventListener("focusin", (event) => { if (event.target === field()) show(); });
  document.addEventListener("focusout", (event) => { if (event.target === field()) close(); });

  // The press must not take the focus from the field before the click comes.
  document.addEventListener("mousedown", (event) => {
    if (host() && host().contains(event.target)) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const option = event.target.closest && event.target.closest("#found [role=option]");
    if (option) take(option);
  });

  let watched = null;
  new MutationObserver(() => {
    if (!host() || watched === host()) return;
    watched = host();
    new MutationObserver(show).observe(watched, { childList: true, subtree: true });
    show();
  }).observe(document.documentElement, { childList: true, subtree: true });

  watchfloor.search = { focus };
})(window.watchfloor);
