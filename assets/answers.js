// Whether the panels have been answered what they last asked of the View. While they have not, the page asks nothing
// anew because something came: whoever asks before the answer is there throws that answer away, and a feed that never
// pauses would leave the picture standing.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const QUESTIONS = "/_dash-update-component", OF_THE_VIEW = '"id":"view","property":"data"';
  const LONGEST_MS = 10000; // an answer that does not come holds up nothing for longer
  const asked = window.fetch.bind(window);
  let underWay = 0, since = 0;

  const isOfTheView = (what, options) => String(what.url || what).includes(QUESTIONS)
    && Boolean(options) && typeof options.body === "string" && options.body.includes(OF_THE_VIEW);

  window.fetch = async (what, options) => {
    if (!isOfTheView(what, options)) return asked(what, options);
    underWay += 1;
    since = Date.now();
    try {
      return await asked(what, options);
    } finally {
      underWay -= 1;
      if (underWay === 0) setTimeout(() => document.dispatchEvent(new CustomEvent("watchfloor:answered")));
    }
  };

  watchfloor.answers = { awaited: () => underWay > 0 && Date.now() - since < LONGEST_MS };
})(window.watchfloor);
