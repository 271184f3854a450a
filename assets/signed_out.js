// Signed out while the page is open: the server answers 401. The page says so once, asks no more, keeps what it shows,
// and leads to the sign-in page and back to this View. Signing out by hand is here too. Namespace watchfloor.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const asked = window.fetch.bind(window);
  const NOBODY_AFTER_MS = 60000;
  let over = false, touched = performance.now();

  // What a page asks while nobody touches it keeps nobody signed in (dashboard/access/guard.py).
  ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"].forEach((name) => {
    window.addEventListener(name, (event) => { if (event.isTrusted) touched = performance.now(); }, { capture: true, passive: true });
  });

  function said(what, options) {
    if (performance.now() - touched < NOBODY_AFTER_MS || !options || options.headers instanceof Headers) return [what, options];
    return [what, { ...options, headers: { ...options.headers, "X-Watchfloor-By-Itself": "1" } }];
  }

  const words = () => document.querySelector("[data-signed-out]");
  const here = () => window.location.pathname + window.location.search;

  // Where another server signs people in, the page itself leads there.
  function back() {
    const way = words().dataset.signsIn;
    return way ? `${way}?next=${encodeURIComponent(here())}` : here();
  }

  const make = (tag, text, more) => Object.assign(document.createElement(tag), { textContent: text }, more);

  function tell() {
    const said = words();
    if (said && said.dataset.goesTo) {
      document.body.replaceChildren(); // a wall that is none any more shows nothing
      window.location.assign(said.dataset.goesTo);
      return;
    }
    if (!said || document.querySelector(".signed-out")) return;
    const box = make("div", "", { className: "notice late signed-out" }), inside = make("div", "");
    const link = make("a", said.dataset.again, { className: "button", href: back() });
    box.setAttribute("role", "alert");
    // The View may still change: what is gone to is the one that is shown when the link is followed.
    link.addEventListener("click", () => { link.href = back(); });
    inside.append(make("strong", said.dataset.signedOut), make("p", said.dataset.said), link);
    box.append(inside);
    document.body.append(box);
  }

  // Dash takes 204 for "nothing changed": nothing is drawn wrong, nothing waits for an answer that will not come.
  const nothing = () => new Response(null, { status: 204 });

  window.fetch = async (what, options) => {
    if (over) return nothing();
    const answer = await asked(...said(what, options));
    if (answer.status !== 401 || new URL(answer.url, window.location).origin !== window.location.origin) return answer;
    over = true;
    tell();
    return nothing();
  };

  function signOut(everywhere) {
    asked("/sign-out", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ everywhere }),
    }).then((answer) => {
      if (answer.ok || answer.status === 401) window.location.assign("/sign-in");
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-sign-out]");
    if (button) signOut(button.dataset.signOut === "everywhere");
  });

  watchfloor.signedOut = () => over;
})(window.watchfloor);
