// The marks without a pointer: a button beside the map takes the arrow keys and goes from mark to mark in view, as a
// page is read; Enter opens, Esc leaves. And the link that skips to the map.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const LINE = 32; // pixels: marks so near in height stand on one line
  let at = null; // the mark gone to

  const map = () => watchfloor.view && watchfloor.view.map();
  const button = () => document.querySelector("[data-walk]");

  function marks() {
    const box = map().getBounds();
    return Object.values(map().wfRenderer._layers)
      .filter((layer) => layer.feature && layer.getLatLng && (layer.wfSize || layer.wfBeside) && box.contains(layer.getLatLng()))
      .map((layer) => ({ layer, point: map().latLngToContainerPoint(layer.getLatLng()) }))
      .sort((a, b) => Math.round(a.point.y / LINE) - Math.round(b.point.y / LINE) || a.point.x - b.point.x)
      .map((each) => each.layer);
  }

  function leave() {
    if (at) at.wfWalked = false;
    if (at && at._map) at.fire("mouseout");
    at = null;
  }

  function go(step) {
    const all = marks(), before = all.indexOf(at), told = button().dataset;
    leave();
    if (!all.length) return say(told.none);
    at = all[before < 0 ? (step > 0 ? 0 : all.length - 1) : (before + step + all.length) % all.length];
    at.wfWalked = true;
    at.fire("mouseover", { latlng: at.getLatLng() });
    const tip = map().wfTip && map().wfTip.getContent();
    const words = tip ? [...tip.childNodes].map((line) => line.textContent).join(", ") : "";
    say(told.count.replace("{n}", all.indexOf(at) + 1).replace("{all}", all.length).replace("{words}", words));
  }

  function say(text) {
    document.querySelector(".walk-said").textContent = text;
  }

  function open() {
    if (!at || !at._map) return;
    const mark = at;
    leave();
    mark.fire("click", { latlng: mark.getLatLng() });
  }

  document.addEventListener("keydown", (event) => {
    if (!event.target.matches || !event.target.matches("[data-walk]") || !map()) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step) go(step);
    else if (event.key === "Enter") open();
    else if (event.key === "Escape" && at) {
      event.stopImmediatePropagation();
      leave();
    } else return;
    event.preventDefault();
  }, true);

  document.addEventListener("focusout", (event) => { if (event.target === button()) leave(); });

  document.addEventListener("click", (event) => {
    const skip = event.target.closest && event.target.closest("[data-skip]");
    if (!skip || !map()) return;
    event.preventDefault();
    map().getContainer().focus();
  });
})(window.watchfloor);
