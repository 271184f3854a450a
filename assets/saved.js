// Kept views: what is pressed becomes a question to the server (dashboard/panels/saved_views.py). And links: each
// says by `#by=PARTNER` whose view it was, so that another partner is told that its counts may differ.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  let serial = 0;
  const hit = (event, selector) => event.target.closest && event.target.closest(selector);
  const box = () => document.querySelector(".saved-views");

  function ask(question) {
    serial += 1;
    window.dash_clientside.set_props("saved-asked", { data: Object.assign({ serial }, question) });
  }

  function save() {
    const field = box().querySelector("[data-save-name]"), shared = box().querySelector("[data-save-shared]");
    ask({
      name: field.value, path: window.location.pathname, query: watchfloor.view.query(),
      shared: shared.getAttribute("aria-checked") === "true",
    });
    field.value = "";
  }

  function copy(button) {
    navigator.clipboard.writeText(window.location.href).then(() => {
      const before = button.textContent;
      button.textContent = button.dataset.done;
      setTimeout(() => { button.textContent = before; }, 1500);
    }).catch(() => {});
  }

  document.addEventListener("click", (event) => {
    const shared = hit(event, "[data-save-shared]"), gone = hit(event, "[data-unsave]"), link = hit(event, "[data-copy-link]");
    if (hit(event, "[data-save]")) save();
    if (shared) shared.setAttribute("aria-checked", String(shared.getAttribute("aria-checked") !== "true"));
    if (gone) ask({ remove: gone.dataset.unsave });
    if (link) copy(link);
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches && event.target.matches("[data-save-name]")) save();
  });

  // ---- whose view a link was -----------------------------------------------------------------------

  // An end of the address that is no encoding names nobody.
  function sender() {
    let end = "";
    try { end = decodeURIComponent(window.location.hash); } catch { return ""; }
    return (/^#by=([\w.+-]{1,40})$/u.exec(end) || [])[1] || "";
  }

  function told(page) {
    const own = page.dataset.partner, from = sender(), place = page.querySelector(".other-link");
    if (!place || !from || !own || from === own) return;
    const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    const box = Object.assign(document.createElement("div"), { className: "notice late" }), words = make("div", "");
    const close = Object.assign(make("button", "×"), { className: "notice-close", type: "button" });
    box.setAttribute("role", "status");
    close.setAttribute("aria-label", place.dataset.close);
    close.dataset.dismiss = "";
    words.append(make("strong", place.dataset.title),
      make("p", place.dataset.said.replace("{partner}", from).replace("{own}", own)));
    box.append(words, close);
    place.replaceChildren(box);
    place.hidden = false;
  }

  watchfloor.links = { told, hash: (page) => (page && page.dataset.partner ? `#by=${page.dataset.partner}` : "") };
})(window.watchfloor);
