// The server tells when the viewer's own version changed (dashboard/routes/events.py); then the page asks anew. One
// stream a browser: it opens six connections to a host, and the seventh page would never load. The page that holds the
// lock listens, and tells the others.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const LOCK = "watchfloor-events", channel = new BroadcastChannel(LOCK);
  let drawn = null, waiting = null; // the version that the page shows; the one it will ask for when it may
  let rules = null, opened = null; // the rules of release, as the server names them for this viewer; the page checked

  const main = () => document.querySelector("main[data-version]");
  const playing = () => Boolean(watchfloor.play && watchfloor.play.playing());

  function heard([kind, said]) {
    if (kind === "rules") {
      if (rules !== null && said !== rules) watchfloor.rules.changed();
      rules = said;
    } else if (kind === "clock") {
      const [at, pace] = said.split(" ");
      document.dispatchEvent(new CustomEvent("watchfloor:clock", { detail: { at, pace } }));
    } else waiting = said;
    renew();
  }

  // A page is opened under the rules that it names; where others were told meanwhile it is of yesterday.
  function check() {
    const page = main();
    if (page === opened || rules === null || !page) return;
    opened = page;
    if (page.dataset.rules === rules) return;
    watchfloor.rules.changed();
    if (waiting === null) waiting = drawn === null ? page.dataset.version : drawn;
  }

  // While a period plays its steps stay of one version; a page that is not there yet opens with the newest; one that
  // waits for answers asks when they are there, and then for the newest.
  function renew() {
    check();
    if (waiting === null || !main() || playing()) return;
    if (watchfloor.answers.awaited() && !watchfloor.rules.changing()) return;
    const shown = drawn === null ? main().dataset.version : drawn, version = waiting;
    waiting = null;
    drawn = version;
    if (watchfloor.rules.changing()) watchfloor.rules.ask(); // also where the version stays as it is
    else if (version === shown) return;
    else watchfloor.view.again();
    document.dispatchEvent(new CustomEvent("watchfloor:renewed"));
  }

  function tell(said) {
    channel.postMessage(said);
    heard(said);
  }

  function listen() {
    const stream = new EventSource("/events");
    for (const kind of ["rules", "version", "clock"]) stream.addEventListener(kind, (event) => tell([kind, event.data]));
    // A refusal ends a stream for good (the browser opens it again only after a broken line): try now and then.
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return;
      // A refusal says no reason here; asked for as a file it does, and signed_out.js tells it.
      fetch("/signed-in").catch(() => {}).then((answer) => {
        // Nobody is let in while no policy can be read; what was drawn before may not be shown either.
        if (answer && answer.status === 503) tell(["rules", "none"]);
        if (!watchfloor.signedOut()) setTimeout(listen, 5000);
      });
    });
  }

  channel.addEventListener("message", (event) => heard(event.data));
  for (const name of ["watchfloor:view", "watchfloor:answered"]) document.addEventListener(name, renew);
  setInterval(renew, 1000);

  // The lock is held as long as the page is there; the next page that waits for it goes on.
  navigator.locks.request(LOCK, () => new Promise(listen));
})(window.watchfloor);
