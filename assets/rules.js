// When the rules of release change for this viewer (a policy, an agreement that begins or ends), what was drawn under
// the rules before must not stay while the picture is made anew, which takes seconds where there are many records.
// Four tenths of a second after the server told it the page is covered, and says why, until every panel has been
// answered under the new rules. Nothing else uncovers it.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const COVER_AFTER_MS = 400, SETTLED_MS = 300, ASKS_WITHIN_MS = 2000, TRY_AGAIN_MS = 2000, MOST_TRIES = 5;
  const QUESTIONS = "/_dash-update-component", OF_THE_VIEW = '"id":"view","property":"data"';
  const FAULT = '"data-failed"'; // a panel that failed is answered all the same, with a notice beside it
  const asked = window.fetch.bind(window);
  let changing = false, drawing = 0; // the rules changed; the number of the drawing under the new ones
  let cover = null, trying = null, underWay = 0, begun = 0, failed = false, tries = 0;

  const isOfTheView = (options) => Boolean(options) && typeof options.body === "string" && options.body.includes(OF_THE_VIEW);

  window.fetch = async (what, options) => {
    if (!changing || !String(what.url || what).includes(QUESTIONS)) return asked(what, options);
    const mine = drawing;
    underWay += 1;
    if (isOfTheView(options)) begun += 1;
    try {
      const answer = await asked(what, options);
      const said = answer.status === 204 ? "" : await answer.clone().text(); // whole, not its headers alone
      if (mine === drawing && (!answer.ok || said.includes(FAULT))) failed = true;
      return answer;
    } catch (error) {
      if (mine === drawing) failed = true;
      throw error;
    } finally {
      underWay -= 1;
      setTimeout(settle, SETTLED_MS);
    }
  };

  // The server told that the rules have changed; when the picture under them is ready it tells a version.
  function changed() {
    changing = true;
    drawing = 0;
    if (watchfloor.play) watchfloor.play.end();
    if (cover === null) cover = setTimeout(() => document.documentElement.classList.add("rules-changing"), COVER_AFTER_MS);
  }

  let drawings = 0;

  function ask() {
    if (!changing) return;
    drawings += 1;
    drawing = drawings;
    begun = 0;
    failed = false;
    watchfloor.view.again();
    clearTimeout(trying);
    // A page that asks nothing by itself was drawn under the rules before.
    trying = setTimeout(() => { if (drawing && begun === 0) window.location.reload(); }, ASKS_WITHIN_MS);
  }

  function settle() {
    if (!drawing || underWay > 0 || begun === 0) return;
    if (!failed) {
      lift();
      return;
    }
    drawing = 0;
    tries += 1;
    clearTimeout(trying);
    // A panel that cannot be drawn keeps what it showed before: a page that is loaded anew has nothing of it.
    trying = setTimeout(tries < MOST_TRIES ? ask : () => window.location.reload(), TRY_AGAIN_MS);
  }

  function lift() {
    clearTimeout(cover);
    clearTimeout(trying);
    cover = trying = null;
    changing = false;
    drawing = tries = 0;
    document.documentElement.classList.remove("rules-changing");
  }

  watchfloor.rules = { changed, ask, changing: () => changing };
})(window.watchfloor);
