"""Reference layers on the page: off at first, switched in the rail, opened by a click, each to its own."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response, expect

from tests.browser.conftest import Opened
from tests.browser.test_operations import become

pytestmark = pytest.mark.browser

ALL = "layer=responsibility,ports,airfields&at=19.3,-74,7"
EDGE = """(title) => {
  const map = watchfloor.view.map(), box = map.getContainer().getBoundingClientRect();
  let at = null;
  map.eachLayer((layer) => {
    if (!layer.feature || layer.feature.properties.title !== title) return;
    at = map.latLngToContainerPoint(layer.getLatLng ? layer.getLatLng() : layer.getBounds().getSouthWest());
  });
  return at && [box.x + at.x, box.y + at.y];
}"""


def test_they_are_off_until_they_are_switched_on(visitor: Opened) -> None:
    page = visitor.go()
    assert page.evaluate("[watchfloor.map.drawn.ports, watchfloor.map.drawn.responsibility]") == [None, None]
    assert page.evaluate("watchfloor.map.drawn.hazard > 0")
    page.click(".beside > summary")
    page.click("[data-toggle='layer:ports']")
    visitor.until("watchfloor.map.drawn.ports > 5")
    assert "layer=incidents,military,presence,deliveries,hazard,ports" in visitor.query
    expect(page.locator("#map-legend")).to_contain_text("Ports: XCR")
    page.click("[data-toggle='layer:ports']")
    visitor.until("watchfloor.map.drawn.ports === 0")
    assert visitor.query == ""


def test_a_click_tells_by_whose_authority(visitor: Opened) -> None:
    page = visitor.go(ALL)
    become(visitor, "aldara-commander")
    visitor.until("watchfloor.map.drawn.responsibility === 2")
    page.mouse.click(*page.evaluate(EDGE, "Joint operations area PALISADE"))
    expect(page.locator(".drawer h2")).to_have_text("Joint operations area PALISADE")
    for words in ("Commander, Aldaran joint force", "Exercise order 3", "26 Aug 2026", "Your own record."):
        expect(page.locator(".drawer")).to_contain_text(words)
    assert "sel=reference:XAA:responsibility:" in visitor.query


def test_another_persona_gets_no_byte_of_it(visitor: Opened) -> None:
    page = visitor.go(ALL)
    become(visitor, "aldara-commander")
    visitor.until("watchfloor.map.drawn.responsibility === 2")
    page.mouse.click(*page.evaluate(EDGE, "Joint operations area PALISADE"))
    expect(page.locator(".drawer h2")).to_have_text("Joint operations area PALISADE")
    visitor.settled()  # nothing that the commander asked is under way any more
    answers: list[Response] = []
    page.on("response", lambda r: answers.append(r) if r.request.method == "POST" else None)
    become(visitor, "ternfield-observer")
    visitor.until("watchfloor.map.drawn.responsibility === 1")
    expect(page.locator(".drawer")).to_contain_text("no such record released")
    page.wait_for_timeout(500)
    chosen = next(n for n, answer in enumerate(answers) if answer.url.endswith("/persona"))
    said = [answer.text() for answer in answers[chosen + 1 :]]
    assert any("relief coordination" in text for text in said)
    assert not any(
        word in text for text in said for word in ("PALISADE", "Exercise order 3", "joint force (exercise)")
    )


def test_an_area_is_not_drawn_outside_its_dates(visitor: Opened) -> None:
    visitor.go(ALL)
    become(visitor, "aldara-commander")
    visitor.until("watchfloor.map.drawn.responsibility === 2")
    visitor.go(f"{ALL.replace('layer', 'from=2026-10-01T00:00:00Z&to=2026-10-03T00:00:00Z&layer')}")
    visitor.until("watchfloor.map.drawn.responsibility === 1")
