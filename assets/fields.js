// Fields for text that no callback listens to: made here, where a panel has left the place for one (data-field: its
// id, data-said: what it is for, data-most: characters). A component's own field loses its caret in fast typing.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  function make(place) {
    const input = document.createElement("input");
    const { field, said, most } = place.dataset;
    Object.assign(input, { id: field, type: "search", placeholder: said, autocomplete: "off", spellcheck: false });
    if (most) input.maxLength = Number(most);
    input.setAttribute("aria-label", said);
    place.appendChild(input);
  }

  // An input event goes with it, so that whoever follows the text hears that it is gone.
  function empty(input) {
    if (!input.value) return;
    input.value = "";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  new MutationObserver(() => document.querySelectorAll("[data-field]:empty").forEach(make))
    .observe(document.documentElement, { childList: true, subtree: true });

  watchfloor.fields = { empty };
})(window.watchfloor);
