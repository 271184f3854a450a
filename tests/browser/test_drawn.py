"""What assets/drawn.js builds: only the differences are touched, and nothing hostile comes through."""

from __future__ import annotations

import json

import pytest

from tests.browser.conftest import Opened

pytestmark = pytest.mark.browser

HOST = """() => {
  const host = document.createElement("div");
  host.id = "still";
  document.body.appendChild(host);
}"""
GIVE = """(nodes) => { document.getElementById("still").setAttribute("data-drawn", nodes); }"""


def given(opened: Opened, *nodes: object) -> None:
    opened.page.evaluate(GIVE, json.dumps(nodes))


def test_only_what_differs_is_touched(opened: Opened) -> None:
    page = opened.go()
    page.evaluate(HOST)
    items = [["li", {"data-code": code}, [["button", {"type": "button"}, [code]]]] for code in "ABC"]
    given(opened, ["ul", {}, items])
    page.evaluate("""() => {
      const b = document.querySelector("#still li[data-code=B]");
      b.classList.add("open");
      b.firstChild.focus();
      window.kept = b;
    }""")
    given(opened, ["ul", {}, [items[1], ["li", {"data-code": "C"}, ["changed"]]]])
    assert page.inner_text("#still").split() == ["B", "changed"]
    assert page.evaluate("document.querySelector('#still li[data-code=B]') === window.kept")
    assert page.evaluate("window.kept.classList.contains('open')")
    assert page.evaluate("document.activeElement === window.kept.firstChild"), "the focus stays"


def test_an_attribute_that_is_gone_is_taken_away(opened: Opened) -> None:
    page = opened.go()
    page.evaluate(HOST)
    given(opened, ["span", {"title": "x", "style": {"background": "red"}}, ["a"]])
    given(opened, ["span", {}, ["b"]])
    left = """(e => [e.getAttribute("title"), e.style.background, e.textContent])(
      document.querySelector("#still span"))"""
    assert page.evaluate(left) == [None, "", "b"]


def test_what_is_hostile_does_not_become_an_element(opened: Opened) -> None:
    page = opened.go()
    page.evaluate(HOST)
    given(
        opened,
        ["script", {}, ["window.hit = 1"]],
        ["a", {"href": "javascript:window.hit=1", "onclick": "window.hit=1"}, ["x"]],
        ["img", {"src": "https://example.org/x.png", "onerror": "window.hit=1"}],
        "<b>bold</b>",
    )
    page.click("#still a")
    html = page.evaluate("document.getElementById('still').innerHTML")
    assert html == "<span>window.hit = 1</span><a>x</a><img>&lt;b&gt;bold&lt;/b&gt;"
    assert page.evaluate("window.hit") is None
