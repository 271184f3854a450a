"""What a page is asked in Chromium, the same of ours and of the peer: when is it painted?

Nothing of the application's own is used. Marks are circles, or small pictures, put on the map's canvas; the
basemap's towns (dots of 2 px) and ground (one big picture) are none. A part counts as changed when its DOM
(totals, timeline) or its canvas (map) was touched, and as painted one frame later. A click is answered when
all three were painted and none has changed for a quarter of a second (which is not counted).
"""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Browser, Page

SIZE = {"width": 1920, "height": 1080}
LIMIT_MS = 120_000

PROBE = """
(() => {
  const painted = {map: 0, timeline: 0, totals: 0, marks: 0};
  const waiting = new Set();
  const changed = (part) => {
    if (waiting.has(part)) return;
    waiting.add(part);
    requestAnimationFrame(() => setTimeout(() => {
      waiting.delete(part);
      painted[part] = performance.now();
    }));
  };
  const onMap = new WeakMap();
  const isMap = (context) => {
    if (!onMap.has(context) || !onMap.get(context)) {
      onMap.set(context, !!(context.canvas.closest && context.canvas.closest('.leaflet-container')));
    }
    return onMap.get(context);
  };
  const watch = (type, name, part) => {
    const original = type.prototype[name];
    type.prototype[name] = function (...given) {
      const town = name === 'arc' && given[2] <= 2;
      const ground = name === 'drawImage' && given[0].width > 200;
      if (!town && !ground && (type === Path2D || isMap(this))) changed(part);
      return original.apply(this, given);
    };
  };
  watch(CanvasRenderingContext2D, 'clearRect', 'map');
  watch(CanvasRenderingContext2D, 'fill', 'map');
  watch(CanvasRenderingContext2D, 'arc', 'marks');
  watch(Path2D, 'arc', 'marks');
  watch(CanvasRenderingContext2D, 'drawImage', 'marks');
  new MutationObserver((records) => {
    for (const record of records) {
      const node = record.target.nodeType === 1 ? record.target : record.target.parentElement;
      if (!node) continue;
      if (node.closest('#totals')) changed('totals');
      if (node.closest('#timeline')) changed('timeline');
    }
  }).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});

  const until = (done, limit) => new Promise((resolve, reject) => {
    const begun = performance.now();
    const look = () => {
      const answer = done();
      if (answer !== null) return resolve(answer);
      if (performance.now() - begun > limit) return reject(new Error(JSON.stringify(painted)));
      setTimeout(look, 5);
    };
    look();
  });
  const quiet = (from, names = ['map', 'timeline', 'totals']) => {
    const parts = names.map((name) => painted[name]);
    const last = Math.max(...parts);
    const still = waiting.size === 0 && performance.now() - last > 250;
    return parts.every((at) => at > from) && still ? last : null;
  };
  const cells = (row) => [...document.querySelectorAll(`.ag-row[row-index="${row}"] .ag-cell`)]
    .map((cell) => cell.textContent.trim()).join('|');
  window.bench = {
    rows: (row, before, limit) => {
      const said = () => cells(row);
      const isThere = () => (said().replace(/[|]/g, '') && said() !== before ? performance.now() : null);
      return until(isThere, limit);
    },
    cells,
    jump: async (grid, row, limit) => {
      const begun = performance.now();
      window.dash_ag_grid.getApi(grid).ensureIndexVisible(row, 'top');
      await window.bench.rows(row, '', limit);
      await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      return performance.now() - begun;
    },
    maps: async (selector, limit) => {
      const begun = performance.now();
      document.querySelector(selector).click();
      return (await until(() => quiet(begun, ['map']), limit)) - begun;
    },
    click: async (selector, limit) => {
      const button = document.querySelector(selector);
      if (!button) throw new Error(`nothing to click at ${selector}`);
      const begun = performance.now();
      button.click();
      return (await until(() => quiet(begun), limit)) - begun;
    },
    firstMarks: (limit) => {
      const first = {at: 0};
      return until(() => { first.at = first.at || painted.marks; return first.at || null; }, limit);
    },
    settled: (limit) => until(() => quiet(0), limit),
  };
})();
"""


@dataclass(frozen=True)
class Subject:
    """One of the two applications: where it is, and what is pressed for each thing that is measured."""

    name: str
    url: str
    toggle: str
    """A selector with `{partner}` in it: a click adds that partner to the filter or takes it away."""
    table: str
    """Where its table is."""
    grid: str
    """The id of the table there."""
    comparison: str
    """Where two maps are compared."""
    compare: tuple[str, ...]
    """Selectors there, pressed in turn, each of which draws both maps anew."""
    step: str
    """A statement that shows one step more of the play; empty where the page plays by itself."""


def opened(browser: Browser, subject: Subject) -> tuple[Page, float]:
    """A new page in a new context, settled, and the ms from navigation to the first marks on the map."""
    page = browser.new_context(viewport=SIZE, color_scheme="dark").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(LIMIT_MS)
    page.add_init_script(PROBE)
    page.goto(subject.url, wait_until="commit")
    first = float(page.evaluate("limit => bench.firstMarks(limit)", LIMIT_MS))
    page.evaluate("limit => bench.settled(limit)", LIMIT_MS)
    return page, first


def first_paint(browser: Browser, subject: Subject) -> float:
    """Milliseconds from navigation to the first marks on the map, in a context of its own."""
    page, first = opened(browser, subject)
    page.context.close()
    return first


def click(page: Page, selector: str) -> float:
    """Milliseconds from a click to map, timeline and totals painted."""
    return float(page.evaluate("([where, limit]) => bench.click(where, limit)", [selector, LIMIT_MS]))


def first_rows(browser: Browser, subject: Subject) -> float:
    """Milliseconds from navigation to the first rows of the table, in a context of its own."""
    page = _fresh(browser)
    page.goto(subject.table, wait_until="commit")
    took = float(page.evaluate("limit => bench.rows(0, '', limit)", LIMIT_MS))
    page.context.close()
    return took


def far_pages(browser: Browser, subject: Subject, rows: list[int]) -> list[float]:
    """Milliseconds from asking for each of these rows to its being there."""
    page = _fresh(browser)
    page.goto(subject.table, wait_until="commit")
    page.evaluate("limit => bench.rows(0, '', limit)", LIMIT_MS)
    ask = "([grid, row, limit]) => bench.jump(grid, row, limit)"
    took = [float(page.evaluate(ask, [subject.grid, row, LIMIT_MS])) for row in rows]
    page.context.close()
    return took


def comparisons(browser: Browser, subject: Subject, count: int) -> list[float]:
    """Milliseconds from a choice on the page of comparisons to both maps painted."""
    page = _fresh(browser)
    page.goto(subject.comparison, wait_until="commit")
    page.evaluate("limit => bench.firstMarks(limit)", LIMIT_MS)
    page.wait_for_timeout(3_000)
    took = []
    for n in range(count):
        where = subject.compare[n % len(subject.compare)]
        page.wait_for_selector(where)
        took.append(float(page.evaluate("([where, limit]) => bench.maps(where, limit)", [where, LIMIT_MS])))
    page.context.close()
    return took


def frames(browser: Browser, subject: Subject, seconds: float) -> list[float]:
    """Milliseconds a frame of the play, at no pace but the machine's own."""
    page = opened(browser, subject)[0]
    took = []
    if subject.step:
        end = seconds * 1000
        while sum(took) < end:
            took.append(
                float(page.evaluate("([where, limit]) => bench.maps(where, limit)", [subject.step, LIMIT_MS]))
            )
    else:
        page.eval_on_selector(
            '[data-play="speed"]', "button => { button.dataset.speed = '1000'; button.click(); }"
        )
        page.click('[data-play="loop"]')
        page.click('[data-play="play"]')
        page.wait_for_timeout(1_000)
        first = int(page.evaluate("watchfloor.play.shown()"))
        page.wait_for_timeout(int(seconds * 1000))
        shown = int(page.evaluate("watchfloor.play.shown()")) - first
        took = [seconds * 1000 / max(shown, 1)] * max(shown, 1)
    page.context.close()
    return took


def _fresh(browser: Browser) -> Page:
    page = browser.new_context(viewport=SIZE, color_scheme="dark").new_page()  # type: ignore[arg-type]
    page.set_default_timeout(LIMIT_MS)
    page.add_init_script(PROBE)
    return page
