// The period runs over time. Steps come from the server some ahead (dashboard/panels/play.py); a step shown changes
// the map's layers and the totals together. Stopping makes the window that is shown the View's period.
window.watchfloor = window.watchfloor || {};

(function (watchfloor) {
  "use strict";

  const AHEAD = 12, AT_ONCE = 4, DAY = 86400000;
  const LENGTHS = { "24h": DAY, "7d": 7 * DAY, "30d": 30 * DAY };
  let run = null; // { windows, at, steps: Map(index -> step), asked: Set, waiting, playing, timer }
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
    const from = Date.parse(watchfloor.view.word("from") || ""), here = found.findIndex(([start]) => start >= from);
    return { windows: found, at: here >= 0 ? here : -1, steps: new Map(), asked: new Set(), playing: false, waiting: false };
  }

  function askAhead() {
    if (!run || expected.size) return; // one question at a time: a second would take the first one's place
    const wanted = [];
    for (let n = 0; n < AHEAD && wanted.length < AT_ONCE; n += 1) {
      let index = Math.max(run.at, 0) + n;
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
    tell("play-asked", { data: { serial, windows: wanted.map((index) => run.windows[index].map(iso)) } });
  }

  // Steps are kept as long as the run lasts, so a loop asks for nothing twice.
  function came(answer) {
    const indexes = expected.get(answer.serial);
    expected.delete(answer.serial);
    if (!run || !indexes) return;
    indexes.forEach((index, place) => {
      run.asked.delete(index);
      const step = answer.steps[place];
      if (step && Date.parse(step.from) === run.windows[index][0]) run.steps.set(index, step);
    });
    if (!answer.steps.length) stop();
    else if (run.waiting !== false && run.steps.has(run.waiting)) show(run.waiting);
    askAhead();
  }

  function show(index) {
    const step = run.steps.get(index);
    run.at = index;
    if (!step) {
      run.waiting = index;
      askAhead();
      return;
    }
    run.waiting = false;
    document.documentElement.classList.add("playing");
    Object.entries(step.shapes).forEach(([layer, data]) => tell(`map-layer-${layer}`, { data }));
    if (step.regions) tell("map-regions", { hideout: step.regions });
    const totals = document.getElementById("totals");
    if (totals) tell("totals", { "data-drawn": step.totals });
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
      if (run.at + 1 < run.windows.length) show(run.at + 1);
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
    show(run.at < 0 || run.at + 1 >= run.windows.length ? 0 : run.at);
  }

  // What is shown becomes the View: everything else on the page follows, and the address can be mailed.
  function stop() {
    if (!run) return;
    const window_ = run.at >= 0 && run.steps.has(run.at) ? run.windows[run.at] : null;
    clearTimeout(run.timer);
    leave();
    if (window_) watchfloor.view.choose({ period: "", from: iso(window_[0]), to: iso(window_[1]) });
  }

  function leave() {
    if (run) clearTimeout(run.timer);
    run = null;
    expected = new Map();
    document.documentElement.classList.remove("playing");
    say(false);
    const said = document.getElementById("play-said");
    if (said) said.textContent = panel().dataset.idle;
  }

  // One step by key or button: of the View's own period when nothing plays.
  function step(by) {
    const found = run || begin();
    if (!found) return;
    const wide = !watchfloor.view.word("from") && !run;
    const index = Math.max(0, Math.min(found.windows.length - 1, wide ? (by > 0 ? 0 : found.windows.length - 1) : found.at + by));
    const [start, end] = found.windows[index];
    leave();
    watchfloor.view.choose({ period: "", from: iso(start), to: iso(end) });
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

  // Whoever changes the View, or moves the map, while it plays, ends the play: its steps are of another picture.
  document.addEventListener("watchfloor:view", () => { if (run) leave(); });
  document.addEventListener("watchfloor:frame", () => {
    if (!run) return;
    run.steps.clear();
    run.asked.clear();
    run.waiting = run.at; // the step that is shown is asked for anew, in the new frame
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
  watchfloor.play = { shown: () => shown, playing: () => Boolean(run && run.playing) };
})(window.watchfloor);
