// A button that does something on the server for good (dashboard/controls/press.py); the page then asks anew.
// data-act: the address; data-body: what is posted, with the parts of its form (data-part); data-sure: what the
// first of two presses says; data-failed, data-close: words.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const ARMED_MS = 6000;
  const waiting = new WeakMap();
  let busy = false;

  function disarm(button) {
    if (!waiting.has(button)) return;
    const { text, timer } = waiting.get(button);
    clearTimeout(timer);
    waiting.delete(button);
    button.textContent = text;
    button.classList.remove("armed");
  }

  function arm(button) {
    const text = button.textContent, timer = setTimeout(() => disarm(button), ARMED_MS);
    waiting.set(button, { text, timer });
    button.textContent = button.dataset.sure;
    button.classList.add("armed");
  }

  function body(button) {
    const form = button.closest(".form"), told = JSON.parse(button.dataset.body);
    if (form) form.querySelectorAll("[data-part]").forEach((part) => { told[part.dataset.part] = part.value; });
    return JSON.stringify(told);
  }

  async function act(button) {
    const words = button.dataset;
    try {
      const { answer, said } = await watchfloor.post(words.act, body(button));
      watchfloor.tell(said || (answer.ok ? "" : words.failed), words.close, !answer.ok);
      if (answer.ok) watchfloor.view.again();
    } catch (error) {
      watchfloor.tell(words.failed, words.close, true);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-act]");
    if (!button || busy) return;
    if (button.dataset.sure && !waiting.has(button)) {
      arm(button);
      return;
    }
    disarm(button);
    busy = true;
    button.setAttribute("aria-busy", "true");
    await act(button);
    busy = false;
    button.removeAttribute("aria-busy");
  });
})(window.watchfloor);
