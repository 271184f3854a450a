// Maps side by side show one place: the one marked `follows` goes where the page's own map goes, and takes it along.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const main = () => watchfloor.view && watchfloor.view.map();
  let moving = false;

  function same(a, b) {
    const [p, q] = [a.getCenter(), b.getCenter()], pixel = 360 / (256 * 2 ** a.getZoom());
    return a.getZoom() === b.getZoom() && Math.abs(p.lat - q.lat) < pixel && Math.abs(p.lng - q.lng) < pixel;
  }

  function bring(map, to) {
    if (!map || moving || map === to || !document.contains(map.getContainer()) || same(map, to)) return;
    moving = true;
    map.setView(to.getCenter(), to.getZoom(), { animate: false });
    moving = false;
  }

  function follow(map) {
    map.on("move zoomend", () => bring(main(), map));
    map.whenReady(() => {
      const wait = () => {
        const other = main();
        if (!document.contains(map.getContainer())) return;
        if (!other || other === map || !document.contains(other.getContainer())) {
          setTimeout(wait, 30);
          return;
        }
        other.on("move zoomend", () => bring(map, other));
        bring(map, other);
      };
      setTimeout(wait, 0);
    });
    new ResizeObserver(() => {
      moving = true; // its own new size is no move of the place that both show
      map.invalidateSize({ animate: false, pan: false });
      moving = false;
      if (main()) bring(map, main());
    }).observe(map.getContainer());
  }

  (function hook() {
    if (window.L && L.Map) L.Map.addInitHook(function () { if (this.getContainer().matches(".follows")) follow(this); });
    else setTimeout(hook, 5);
  })();
})(window.watchfloor);
