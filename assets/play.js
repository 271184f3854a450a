// The period runs over time. Steps come from the server some ahead (dashboard/panels/play.py); a step shown changes
// the map's layers and the totals together. Stopping makes the window that is shown the View's period.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const AHEAD = 12, AT_ONCE = 4, DAY = 86400000;
  const LENGTHS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY };
  const PATIENCE = 20000, TRIES = 2; // milliseconds for an answer; after so many without one the play stops
  // { windows, from: where it begins, shown: the step on the map, or -1, waiting: the step that is to come, or false,
  //   steps: Map(index -> step), asked: Set, tries, playing, timer, patience }
  let run = null;
  let serial = 0, expected = new Map(); // serial -> indexes asked for
  let shown = 0; // steps shown: what the bench counts

  const tell = (id, props) => window.dash_clientside.set_props(id, props);
  const iso = (at) => new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const graph = () => document.querySelector("#timeline .js-plotly-plot");
  const panel = () => document.querySelector(".play-panel");
  const pressed = (name) => panel().querySelector(`[data-play="${name}"][aria-pressed="true"]`);
  const speed = () => Number((pressed("speed") || { dataset: { speed: 2 } }).dataset.speed);

  // The windows: as long as the period chosen, by whole bins; of the whole operation a week of days, or one bin.
  function windows() {
    const meta = graph() && graph().layout && graph().layout.meta;
    if (!meta || !meta.starts.length) return [];
    const starts = meta.starts.map((text) => Date.parse(text)), bin = meta.days * DAY, view = watchfloor.view;
    const brushed = view.word("from") ? Date.parse(view.word("to")) - Date.parse(view.word("from")) : 0;
    const length = brushed || LENGTHS[view.word("period")] || (meta.days < 7 ? 7 * DAY : bin);
    const bins = Math.max(1, Math.min(starts.length, Math.round(length / bin)));
    return starts.slice(0, starts.length - bins + 1).map((start) => [start, start + bins * bin]);
  }

  function begin() {
    const found = windows();
    if (!found.length) return null;
    // A period that begins after the last window's start is nearest to the last window.
    const begins = Date.parse(watchfloor.view.word("from") || ""), from = found.findLastIndex(([start]) => start <= begins);
    return { windows: found, from, shown: -1, waiting: false, steps: new Map(), asked: new Set(), tries: 0, playing: false };
  }

  function askAhead() {
    if (!run || expected.size) return; // one question at a time: a second would take the first one's place
    const wanted = [], first = run.waiting !== false ? run.waiting : Math.max(run.shown, 0);
    for (let n = 0; n < AHEAD && wanted.length < AT_ONCE; n += 1) {
      let index = first + n;
      if (index >= run.windows.length) {
        if (!pressed("loop")) break;
        index %= run.windows.length;
      }
      if (!run.steps.has(index) && !run.asked.has(index)) wanted.push(index);
    }
    if (!wanted.length) return;
    wanted.forEach((index) => run.asked.add(index));
    serial += 1;
    expected.set(serial, wanted);
    run.patience = setTimeout(tired, PATIENCE);
    tell("play-asked", { data: { serial, windows: wanted.map((index) => run.windows[index].map(iso)) } });
  }

  // No answer comes when the line broke: Dash tells nobody. It is asked once more, then the play stops and says so.
  function tired() {
    expected = new Map();
    run.asked.clear();
    run.tries += 1;
    if (run.tries < TRIES) askAhead();
    else stopWithout();
  }

  // Steps are kept as long as the run lasts, so a loop asks for nothing twice.
  function came(answer) {
    const indexes = expected.get(answer.serial);
    expected.delete(answer.serial);
    if (!run || !indexes) return;
    clearTimeout(run.patience);
    run.tries = 0;
    indexes.forEach((index, place) => {
      run.asked.delete(index);
      const step = answer.steps[place];
      if (step && Date.parse(step.from) === run.windows[index][0]) run.steps.set(index, step);
    });
    if (!answer.steps.length) {
      stopWithout();
      return;
    }
    if (run.waiting !== false && run.steps.has(run.waiting)) show(run.waiting);
    askAhead();
  }

  function show(index) {
    const step = run.steps.get(index);
    if (!step) {
      run.waiting = index;
      askAhead();
      return;
    }
    run.waiting = false;
    run.shown = index;
    document.documentElement.classList.add("playing");
    Object.entries(step.shapes).forEach(([layer, data]) => tell(`map-layer-${layer}`, { data }));
    if (step.regions) tell("map-regions", { hideout: step.regions });
    const totals = document.getElementById("totals");
    if (totals) tell("totals", { "data-drawn": step.totals });
    tell("map-note", { "data-drawn": step.note });
    // What is on screen decides how it is marked, step by step.
    ["marking-top", "marking-bottom"].forEach((end) => tell(end, { "data-drawn": step.marking }));
    document.getElementById("play-said").textContent = step.words;
    point(run.windows[index]);
    shown += 1;
    askAhead();
    if (run.playing) next();
  }

  // The window on the timeline, drawn over the chart: the chart itself is not drawn anew at every step.
  function point([start, end]) {
    const chart = graph(), axis = chart && chart._fullLayout && chart._fullLayout.xaxis;
    if (!axis) return;
    const host = chart.closest(".timeline-box");
    let box = host.querySelector(".play-window");
    if (!box) box = host.appendChild(Object.assign(document.createElement("div"), { className: "play-window" }));
    const at = (time) => axis._offset + Math.max(0, Math.min(axis._length, axis.l2p(time)));
    box.style.left = `${at(start)}px`;
    box.style.width = `${Math.max(2, at(end) - at(start))}px`;
  }

  function next() {
    clearTimeout(run.timer);
    run.timer = setTimeout(() => {
      if (!run || !run.playing) return;
      if (run.shown + 1 < run.windows.length) show(run.shown + 1);
      else if (pressed("loop")) show(0);
      else stop();
    }, 1000 / speed());
  }

  function say(playing) {
    const button = panel() && panel().querySelector('[data-play="play"]');
    if (!button) return;
    button.setAttribute("aria-pressed", String(playing));
    button.textContent = playing ? "❚❚" : "▶";
  }

  // The windows come with the chart, which comes after the map: who is quicker than that is not left standing.
  function play(left = 20) {
    run = run || begin();
    if (!run) {
      if (left > 0) setTimeout(() => { if (!run) play(left - 1); }, 250);
      return;
    }
    if (run.playing) {
      stop();
      return;
    }
    run.playing = true;
    say(true);
    tellWords("idle");
    show(run.from < 0 || run.from + 1 >= run.windows.length ? 0 : run.from);
  }

  // What is shown becomes the View: everything else on the page follows, and the address can be mailed. The step that
  // is waited for is not shown yet; where none was, the View stays.
  function stop() {
    if (!run) return;
    const window_ = run.windows[run.shown];
    leave();
    watchfloor.view.settleOn(window_ ? periodOf(window_) : {});
  }

  function stopWithout() {
    stop();
    tellWords("unavailable");
  }

  const periodOf = ([start, end]) => ({ period: "", from: iso(start), to: iso(end) });

  function leave() {
    if (run) [run.timer, run.patience].forEach(clearTimeout);
    run = null;
    expected = new Map();
    document.documentElement.classList.remove("playing");
    say(false);
    tellWords("idle");
  }

  function tellWords(state) {
    const said = document.getElementById("play-said");
    if (said) said.textContent = panel().dataset[state];
  }

  // One step by key or button: of the step that is shown, or of the View's own period.
  function step(by) {
    const found = run || begin();
    if (!found) return;
    const last = found.windows.length - 1, here = found.shown >= 0 ? found.shown : found.from;
    const wide = !watchfloor.view.word("from") && found.shown < 0;
    const index = wide ? (by > 0 ? 0 : last) : Math.max(0, Math.min(last, here + by));
    leave();
    watchfloor.view.settleOn(periodOf(found.windows[index]));
  }

  function toggle(button) {
    const name = button.dataset.play;
    if (name === "play") play();
    else if (name === "back") step(-1);
    else if (name === "on") step(1);
    else if (name === "loop") button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
    else if (name === "speed") {
      panel().querySelectorAll('[data-play="speed"]').forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
    }
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest && event.target.closest("[data-play]");
    if (button) toggle(button);
  });

  document.addEventListener("keydown", (event) => {
    if (!panel() || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea") || (event.key === " " && event.target.closest("button, summary, a"))) return;
    if (event.key === " ") play();
    else if (event.key === ",") step(-1);
    else if (event.key === ".") step(1);
    else return;
    event.preventDefault();
  });

  // Whoever changes the View while it plays ends the play: its steps are of another picture.
  document.addEventListener("watchfloor:view", leave);

  // Whoever moves the map out of its frame goes on playing: the steps are asked for anew, of the new frame, and the play
  // goes on from the one that is shown.
  document.addEventListener("watchfloor:frame", () => {
    if (!run) return;
    clearTimeout(run.timer);
    run.steps.clear();
    run.asked.clear();
    if (run.shown >= 0) run.waiting = run.shown;
    expected.forEach((_indexes, number) => expected.set(number, []));
    askAhead();
  });

  // The answer is an attribute of an element (dashboard/panels/play.py says why).
  function look() {
    const place = document.getElementById("play-steps");
    if (!place || place.wfListens) return;
    place.wfListens = true;
    new MutationObserver(() => came(JSON.parse(place.dataset.steps)))
      .observe(place, { attributes: true, attributeFilter: ["data-steps"] });
  }

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  watchfloor.play = { end: leave, shown: () => shown, playing: () => Boolean(run && run.playing) };
})(window.watchfloor);
