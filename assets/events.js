// The server tells when the viewer's own version changed (dashboard/routes/events.py); then the page asks anew. One
// stream a browser: it opens six connections to a host, and the seventh page would never load. The page that holds the
// lock listens, and tells the others.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const LOCK = "watchfloor-events", channel = new BroadcastChannel(LOCK);
  let drawn = null, waiting = null; // the version that the page shows; the one it will ask for when it may

  const main = () => document.querySelector("main[data-version]");
  const playing = () => Boolean(watchfloor.play && watchfloor.play.playing());

  function heard(version) {
    waiting = version;
    renew();
  }

  // While a period plays its steps stay of one version; a page that is not there yet opens with the newest.
  function renew() {
    if (waiting === null || !main() || playing()) return;
    const shown = drawn === null ? main().dataset.version : drawn, version = waiting;
    waiting = null;
    drawn = version;
    if (version === shown) return;
    watchfloor.view.again();
    document.dispatchEvent(new CustomEvent("watchfloor:renewed"));
  }

  function listen() {
    const stream = new EventSource("/events");
    stream.addEventListener("version", (event) => {
      channel.postMessage(event.data);
      heard(event.data);
    });
    // A refusal ends a stream for good (the browser opens it again only after a broken line): try now and then.
    stream.addEventListener("error", () => {
      if (stream.readyState !== EventSource.CLOSED) return;
      // A refusal says no reason here; asked for as a file it does, and signed_out.js tells it.
      fetch("/signed-in").catch(() => {}).then(() => {
        if (!watchfloor.signedOut()) setTimeout(listen, 5000);
      });
    });
  }

  channel.addEventListener("message", (event) => heard(String(event.data)));
  document.addEventListener("watchfloor:view", renew);
  setInterval(renew, 1000);

  // The lock is held as long as the page is there; the next page that waits for it goes on.
  navigator.locks.request(LOCK, () => new Promise(listen));
})(window.watchfloor);
