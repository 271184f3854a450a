// What leaves as a file: the server says whether there is one; the page hands it on. data-extract: the address;
// data-body: what is posted, else the table as it stands (dashboard/routes/extracts.py).
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const place = (button) => (button && button.parentElement.querySelector('[role="status"]')) || document.getElementById("records-file");
  let busy = false;

  function tell(button, text, late) {
    const found = place(button);
    if (!found) return;
    found.textContent = text;
    found.classList.toggle("late", Boolean(late));
  }

  const nameIn = (header) => ((header || "").match(/filename="([A-Za-z0-9_.-]+)"/) || [])[1] || "watchfloor.csv";

  function save(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function take(button) {
    const words = button.dataset, view = watchfloor.view;
    const table = () => ({ query: view.query(), arranged: view.query(), conditions: watchfloor.table.conditions() });
    tell(button, words.making);
    const { answer, said } = await watchfloor.post(words.extract, words.body || JSON.stringify(table()));
    if (answer.ok) {
      save(await answer.blob(), nameIn(answer.headers.get("Content-Disposition")));
      const left = Number(answer.headers.get("X-Watchfloor-Left-Out"));
      tell(button, left ? words.left.replace("{count}", watchfloor.times.number(left)) : words.made);
      return;
    }
    tell(button, said || words.failed, true);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-extract]");
    if (!button || busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      await take(button);
    } catch (error) {
      tell(button, button.dataset.failed, true);
    }
    busy = false;
    button.removeAttribute("aria-busy");
  });

  // What was said of a file is of the list as it was.
  document.addEventListener("watchfloor:view", () => tell(null, ""));
})(window.watchfloor);
