// What is posted by hand: one way to send JSON, and one to tell what became of it. Namespace watchfloor.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  // The answer, and the sentence that it brought; none where it brought none.
  async function post(path, body) {
    const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body });
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
    return { answer, said: told && told.sentences ? told.sentences.join(" ") : "" };
  }

  // In a notice, for what was pressed may be gone with the next answer.
  function tell(text, close, late) {
    const old = document.querySelector(".notice.of-press");
    if (old) old.remove();
    if (!text) return;
    const make = (tag, given) => Object.assign(document.createElement(tag), given);
    const box = make("div", { className: "notice of-press" + (late ? " late" : "") });
    const button = make("button", { className: "notice-close", type: "button", textContent: "×" });
    box.setAttribute("role", "status");
    button.setAttribute("data-dismiss", "");
    button.setAttribute("aria-label", close);
    box.append(make("div", { textContent: text }), button);
    document.querySelector(".notices").append(box);
  }

  watchfloor.post = post;
  watchfloor.tell = tell;
})(window.watchfloor);
