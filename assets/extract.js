// The table as a file: the server says whether there is one (dashboard/routes/extracts.py); the page hands it on.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const said = () => document.getElementById("records-file");
  let busy = false;

  function tell(text, late) {
    const place = said();
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("late", Boolean(late));
  }

  const nameIn = (header) => ((header || "").match(/filename="([A-Za-z0-9_.-]+)"/) || [])[1] || "watchfloor.csv";

  function save(blob, name) {
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  async function take(button) {
    const words = button.dataset, view = watchfloor.view;
    tell(words.making);
    const answer = await fetch("/api/extracts", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ query: view.query(), arranged: view.query(), conditions: watchfloor.table.conditions() }),
    });
    if (answer.ok) {
      save(await answer.blob(), nameIn(answer.headers.get("Content-Disposition")));
      const left = Number(answer.headers.get("X-Watchfloor-Left-Out"));
      tell(left ? words.left.replace("{count}", watchfloor.times.number(left)) : words.made);
      return;
    }
    const told = (answer.headers.get("Content-Type") || "").includes("json") ? await answer.json() : null;
    tell(told ? told.sentences.join(" ") : words.failed, true);
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest && event.target.closest("[data-extract]");
    if (!button || busy) return;
    busy = true;
    button.setAttribute("aria-busy", "true");
    try {
      await take(button);
    } catch (error) {
      tell(button.dataset.failed, true);
    }
    busy = false;
    button.removeAttribute("aria-busy");
  });

  // What was said of a file is of the list as it was.
  document.addEventListener("watchfloor:view", () => tell(""));
})(window.watchfloor);
