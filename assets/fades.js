// Where a list or a row of choices holds more than it shows, its end fades: data-more says so to the style sheet.
window.watchfloor = window.watchfloor || {};

(function () {
  "use strict";

  const BELOW = ".legend, .regions", BESIDE = ".compared-choices";

  function tell(box) {
    const down = box.matches(BELOW);
    const rest = down ? box.scrollHeight - box.scrollTop - box.clientHeight
      : box.scrollWidth - Math.abs(box.scrollLeft) - box.clientWidth;
    const scrolls = !down || getComputedStyle(box).overflowY !== "visible", more = scrolls && rest > 8;
    if (more && !box.dataset.more) box.dataset.more = down ? "below" : "beside";
    if (!more && box.dataset.more) delete box.dataset.more;
  }

  const sizes = new ResizeObserver((seen) => seen.forEach(({ target }) => tell(target)));

  function look() {
    document.querySelectorAll(`${BELOW}, ${BESIDE}`).forEach((box) => {
      if (!box.wfFades) {
        box.wfFades = true;
        box.addEventListener("scroll", () => tell(box), { passive: true });
        sizes.observe(box);
      }
      tell(box);
    });
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; look(); });
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["class", "open"] });
})();
