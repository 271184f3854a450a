// Builds what stands still in a panel from its `data-drawn` (dashboard/drawn.py), and changes only what differs
// from the picture before: focus, scroll and what was unfolded stay. Text becomes text nodes, never markup.

(function () {
  "use strict";

  const TAGS = new Set(("a button dd details div dl dt em h1 h2 h3 img input label li option p select span strong"
    + " summary table tbody td th thead time tr ul").split(" "));
  const NAMES = /^(alt|class|disabled|for|height|href|id|lang|rel|role|scope|selected|src|style|tabindex|target|title|type|value|width|data-[a-z-]+|aria-[a-z-]+)$/;
  const ADDRESSES = { href: /^(https?:\/\/|\/(?!\/))/, src: /^data:image\/svg\+xml[,;]/ };
  const known = new WeakMap(); // host -> { text, nodes }: what it shows

  function give(element, name, value) {
    if (!NAMES.test(name)) return;
    if (ADDRESSES[name] && !ADDRESSES[name].test(value)) {
      element.removeAttribute(name); // never the address of the picture before
      return;
    }
    if (name === "style") {
      element.removeAttribute("style");
      Object.entries(value).forEach(([property, said]) => { element.style[property] = said; });
    } else element.setAttribute(name, value);
    // What somebody is typing is theirs until they are done.
    if (name === "value" && element.tagName === "INPUT" && document.activeElement !== element) element.value = value;
  }

  function make(node) {
    if (typeof node === "string") return document.createTextNode(node);
    const [tag, given, children = []] = node;
    const element = document.createElement(TAGS.has(tag) ? tag : "span");
    Object.entries(given).forEach(([name, value]) => give(element, name, value));
    children.forEach((child) => element.appendChild(make(child)));
    return element;
  }

  const text = (value) => (typeof value === "string" ? value : JSON.stringify(value));

  function change(element, before, after) {
    if (typeof after === "string") {
      if (before !== after) element.nodeValue = after;
      return;
    }
    const [, had, inside = []] = before, [, given, children = []] = after;
    Object.keys(had).filter((name) => !(name in given)).forEach((name) => element.removeAttribute(name));
    Object.entries(given).forEach(([name, value]) => {
      if (text(value) !== text(had[name])) give(element, name, value);
    });
    fit(element, inside, children);
  }

  const kind = (node) => (typeof node === "string" ? "#" : node[0]);

  // What a thing is by: its code or name where it has one, else its place among its sisters.
  function keys(nodes) {
    const taken = new Set();
    return nodes.map((node, index) => {
      const given = typeof node === "string" ? {} : node[1];
      const name = given["data-code"] || given["data-name"] || given["data-total"];
      const key = `${kind(node)} ${name && !taken.has(name) ? `=${name}` : `#${index}`}`;
      if (name) taken.add(name);
      return key;
    });
  }

  function fit(parent, before, after) {
    const elements = [...parent.childNodes], old = new Map(), wanted = keys(after);
    keys(before).forEach((key, index) => old.set(key, { node: before[index], element: elements[index] }));
    const stays = new Set(wanted);
    old.forEach(({ element }, key) => { if (!stays.has(key)) element.remove(); });
    after.forEach((node, index) => {
      const found = old.get(wanted[index]);
      if (found) change(found.element, found.node, node);
      const element = found ? found.element : make(node);
      if (parent.childNodes[index] !== element) parent.insertBefore(element, parent.childNodes[index] || null);
    });
  }

  function draw(host) {
    const said = host.dataset.drawn || "[]", shown = known.get(host);
    if (shown && shown.text === said) return;
    const nodes = JSON.parse(said);
    fit(host, shown ? shown.nodes : [], nodes);
    known.set(host, { text: said, nodes });
  }

  function look(records) {
    for (const { type, target, addedNodes } of records) {
      if (type === "attributes") draw(target);
      addedNodes.forEach((added) => {
        if (added.nodeType !== Node.ELEMENT_NODE) return;
        if (added.hasAttribute("data-drawn")) draw(added);
        added.querySelectorAll("[data-drawn]").forEach(draw);
      });
    }
  }

  new MutationObserver(look).observe(document.documentElement, {
    childList: true, subtree: true, attributes: true, attributeFilter: ["data-drawn"],
  });
})();
