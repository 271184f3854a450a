"""The application as people start it, over the sample exercise and over the real Ebola files, in Chromium."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from data.filters import LAYER_FEEDS, MILITARY_KINDS, PRESENCE_KINDS, partner_columns
from data.home import Home
from data.released import Released
from data.store import Store
from tests.browser.conftest import Opened, run_command, serving, visiting

pytestmark = pytest.mark.browser

POINT_OF_A_MARK = """() => {
  const map = watchfloor.view.map(), size = map.getSize();
  let found = null;
  map.eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (!p || p.layer !== "incidents" || p.kind !== "point" || !layer.getLatLng) return;
    const at = map.latLngToContainerPoint(layer.getLatLng());
    if (at.x > 260 && at.y > 40 && at.x < size.x - 40 && at.y < size.y - 60) found = { at, id: p.id };
  });
  const box = map.getContainer().getBoundingClientRect();
  return found && { x: box.x + found.at.x, y: box.y + found.at.y, id: found.id };
}"""
POINT_OF_A_REGION = """(code) => {
  const map = watchfloor.view.map();
  let found = null;
  map.eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (p && p.code === code && layer.getBounds) found = layer.getBounds().getCenter();
  });
  const box = map.getContainer().getBoundingClientRect(), at = found && map.latLngToContainerPoint(found);
  return at && { x: box.x + at.x, y: box.y + at.y };
}"""
BRUSH = """() => {
  const box = document.querySelector("#timeline .nsewdrag").getBoundingClientRect();
  return [box.x, box.y, box.width, box.height];
}"""
COUNTS_SHOWN = """() => {
  const number = (element) => Number(element.textContent.replace(/,/g, "") || 0);
  const shown = { tree: {}, partners: {}, bars: {}, symbols: {}, unplaced: {} };
  document.querySelectorAll("#rail-regions li[data-code]").forEach((item) => {
    shown.tree[item.dataset.code] = number(item.querySelector(":scope > .line .count"));
  });
  document.querySelectorAll("#rail-partners [data-toggle]").forEach((control) => {
    shown.partners[control.dataset.toggle.slice(8)] = number(control.querySelector(".count"));
  });
  for (const bar of document.querySelector("#timeline .js-plotly-plot").data) {
    const axis = bar.yaxis || "y";
    shown.bars[axis] = (shown.bars[axis] || 0) + bar.y.reduce((a, b) => a + b, 0);
  }
  watchfloor.view.map().eachLayer((layer) => {
    const p = layer.feature && layer.feature.properties;
    if (!p || !p.layer || !layer.wfSize) return;
    shown.symbols[p.layer] = (shown.symbols[p.layer] || 0) + (p.count || 1);
  });
  document.querySelectorAll("#map-legend .unplaced").forEach((said) => {
    shown.unplaced[said.dataset.layer] = number(said);
  });
  return shown;
}"""
CENTRE = "(() => { const c = watchfloor.view.map().getCenter(); return [c.lat, c.lng]; })()"
DRAWN = "Object.values(window.watchfloor.map.drawn).reduce((a, b) => a + b, 0)"


def standing(released: Released, layer: str) -> list[Mapping[str, Any]]:
    """Released records of a layer that stand now, in plain Python."""
    rows: list[dict[str, Any]] = released.ask(f"SELECT * FROM released.{LAYER_FEEDS[layer]}").to_pylist()  # noqa: S608
    kinds = {"military": MILITARY_KINDS, "presence": PRESENCE_KINDS}.get(layer)
    now = released.built_at
    stands = [row for row in rows if row["known_from"] <= now and row["known_until"] is None]
    stands = [row for row in stands if row["msg_type"] != "cancel" and row["start_at"] <= now]
    if kinds is None:
        return stands
    there = [row for row in stands if row["presence_kind"] in kinds]
    return [r for r in there if (r["end_at"] > now if r["end_at"] else r["deployment_status"] != "ended")]


def recount(released: Released, layer: str) -> int:
    """How many they are."""
    return len(standing(released, layer))


def rail_counts(opened: Opened) -> dict[str, int]:
    lines = opened.page.locator("[data-toggle^='layer:']").all()
    said = {line.get_attribute("data-toggle"): line.locator(".count").inner_text() for line in lines}
    return {str(name)[6:]: int(text.replace(",", "")) for name, text in said.items() if text}


def become(opened: Opened, persona: str) -> None:
    """Choose another persona in the head of the page."""
    if opened.page.locator("#persona").input_value() != persona:
        with opened.page.expect_navigation():
            opened.page.select_option("#persona", persona)
    opened.settled()


def figures(opened: Opened) -> str:
    return " ".join(opened.page.locator("#totals .total-value").all_inner_texts())


@pytest.mark.parametrize("persona", ["aldara-commander", "ternfield-observer"])
def test_every_count_is_a_recount_of_what_is_released(
    browser: Browser, exercise: str, exercise_home: Home, persona: str
) -> None:
    with visiting(browser, exercise, (1920, 1080)) as opened:
        opened.go()
        become(opened, persona)
        store = Store.open(exercise_home)
        released = store.released_to(store.policy().viewer(persona))
        assert rail_counts(opened) == {layer: recount(released, layer) for layer in LAYER_FEEDS}
        events = (
            recount(released, "incidents")
            - released.ask(
                "SELECT count(*) FROM released.incidents WHERE report_kind = 'report' AND known_until IS NULL"
                " AND msg_type <> 'cancel'"
            )
            .column(0)
            .to_pylist()[0]
        )
        expect(opened.page.locator("[data-total='events'] .figure")).to_have_text(f"{events:,}")
        assert 0 < opened.page.evaluate(DRAWN) < 2_000
        store.close()


@pytest.mark.parametrize("persona", ["aldara-commander", "ternfield-observer"])
def test_tree_partners_bars_and_symbols_are_recounts_too(
    browser: Browser, exercise: str, exercise_home: Home, persona: str
) -> None:
    store = Store.open(exercise_home)
    released = store.released_to(store.policy().viewer(persona))
    rows = {layer: standing(released, layer) for layer in LAYER_FEEDS}
    store.close()
    with visiting(browser, exercise, (1920, 1080)) as opened:
        opened.go()
        become(opened, persona)
        page = opened.go("at=19,-72,3")
        shown = page.evaluate(COUNTS_SHOWN)
    everyone = [row for each in rows.values() for row in each]
    places = ("country_iso3", "adm1_pcode", "adm2_pcode")
    regions = Counter(code for row in everyone for code in {row[name] for name in places} - {None})
    assert shown["tree"] == {code: regions[code] for code in shown["tree"]}
    assert set(regions) <= set(shown["tree"]), "every region with a record is in the tree"
    partners: Counter[str] = Counter()
    for layer, each in rows.items():
        columns = partner_columns(LAYER_FEEDS[layer], "any")
        partners.update(code for row in each for code in {row[name] for name in columns} - {None})
    assert shown["partners"] == partners
    for axis, layer in (("y", "incidents"), ("y2", "deliveries")):
        assert shown["bars"][axis] == len(rows[layer])
    for layer, each in rows.items():
        nowhere = shown["unplaced"].get(layer, 0)
        assert shown["symbols"].get(layer, 0) + nowhere == len(each), layer


def test_another_persona_sees_another_picture(visitor: Opened) -> None:
    visitor.go()
    before, marking = figures(visitor), visitor.page.locator(".marking .banner").first.inner_text()
    become(visitor, "ternfield-observer")
    assert figures(visitor) != before
    assert visitor.page.locator(".marking .banner").first.inner_text() != marking


def test_a_click_on_a_region_chooses_it_and_everything_follows(visitor: Opened) -> None:
    page = visitor.go("layer=none")
    point = page.evaluate(POINT_OF_A_REGION, "HTI-S0101")
    page.mouse.click(point["x"], point["y"])
    expect(page.locator(".drawer h2")).to_be_visible()
    assert re.search(r"region=HTI-S\d+&.*sel=region:HTI-S\d+", visitor.query)
    expect(page.locator("#rail-regions [aria-checked='true']")).to_have_count(1)


def test_a_click_on_a_mark_opens_its_record(visitor: Opened) -> None:
    page = visitor.go("layer=incidents&period=7d")
    mark = page.evaluate(POINT_OF_A_MARK)
    page.mouse.click(mark["x"], mark["y"])
    expect(page.locator(".drawer h2")).to_be_visible()
    assert "sel=" in visitor.query
    drawer = page.locator(".drawer").inner_text().lower()
    for words in ("source", "revision", "released to you"):
        assert words in drawer


def test_brush_layer_back_and_forward_on_the_real_page(visitor: Opened) -> None:
    page = visitor.go()
    whole = figures(visitor)
    x, y, width, height = page.evaluate(BRUSH)
    page.mouse.move(x + 0.5 * width, y + height / 2)
    page.mouse.down()
    page.mouse.move(x + 0.6 * width, y + height / 2, steps=5)
    page.mouse.move(x + 0.7 * width, y + height / 2, steps=5)
    page.mouse.up()
    visitor.until("location.search.includes('from=')")
    brushed = visitor.query
    visitor.until(f"document.querySelector('#totals .figure').innerText !== {whole.split()[0]!r}")
    visitor.still()
    narrow = figures(visitor)
    page.click("[data-toggle='layer:deliveries']")
    visitor.until("window.watchfloor.map.drawn.deliveries === 0")
    page.go_back()
    visitor.until("window.watchfloor.map.drawn.deliveries > 0")
    assert visitor.query == brushed
    expect(page.locator("#totals")).to_contain_text(narrow.split()[0])
    page.go_back()
    visitor.until("location.search === ''")
    visitor.until(f"document.querySelector('#totals .figure').innerText === {whole.split()[0]!r}")
    page.go_forward()
    visitor.until(f"document.querySelector('#totals .figure').innerText === {narrow.split()[0]!r}")
    assert visitor.query == brushed


def test_a_mailed_link_shows_the_same_picture_to_somebody_of_the_same_partner(
    browser: Browser, exercise: str
) -> None:
    query = (
        "region=HTI&from=2026-08-25T00:00:00Z&to=2026-09-05T00:00:00Z&layer=incidents,hazard&at=18.9,-72.6,8"
    )
    seen = []
    for _ in range(2):
        with visiting(browser, exercise) as opened:
            opened.go(query)
            place = opened.page.evaluate(
                "(() => { const c = watchfloor.view.map().getCenter(); return [c.lat, c.lng]; })()"
            )
            seen.append((opened.query, figures(opened), rail_counts(opened), [round(n, 3) for n in place]))
    assert seen[0] == seen[1]
    assert seen[0][0] == query
    assert all(abs(a - b) < 0.01 for a, b in zip(seen[0][3], [18.9, -72.6], strict=True))


@pytest.mark.parametrize(
    "query", ["period=banana", "region=%00%27;DROP", "from=yesterday", "at=999,999,99", "layer=x"]
)
def test_a_wrong_value_is_a_clear_notice_and_no_error_page(visitor: Opened, query: str) -> None:
    page = visitor.go(query)
    expect(page.locator(".notice")).to_be_visible()
    assert figures(visitor)


@pytest.fixture(scope="module")
def ebola(tmp_path_factory: pytest.TempPathFactory, real_files: Path) -> Iterator[str]:
    """The application over the three real feeds and the regions of their time."""
    folder, files = tmp_path_factory.mktemp("ebola"), real_files / "ebola_west_africa"
    regions = str(files / "adm2_regions_gin_lbr_sle.geojson")
    names = ["--code", "PCODEUSE", "--name", "NAMEUSE", "--parent", "ADM1_CODE", "--parent-name", "ADM1_NAME"]
    run_command(folder, "regions", "load", regions, "--level", "2", *names, "--version", "2014-01-01")
    run_command(folder, "ingest", "ebola-cases", str(files / "ebola_cases_weekly_adm2.csv"))
    run_command(folder, "ingest", "ebola-centres", str(files / "medical_centres_snapshots_2014.csv"))
    with serving(folder) as base:
        # a delivery that comes while the server runs is on the next page
        run_command(folder, "ingest", "ebola-fts", str(files / "fts_funding_snapshots_2014-2015.csv"))
        yield base


def test_the_real_figures_stand_on_the_page_and_the_forbidden_sum_nowhere(
    browser: Browser, ebola: str
) -> None:
    with visiting(browser, ebola, (1920, 1080)) as opened:
        page = opened.go()
        for total, figure in (("reports", "1,486"), ("cumulative_cases", "27,650"), ("presence", "117")):
            expect(page.locator(f"[data-total='{total}'] .figure")).to_have_text(figure)
        expect(page.locator("[data-total='committed']")).to_have_attribute(
            "title", re.compile("1,398,849,665")
        )
        expect(page.locator(".marking .strip").first).to_contain_text("REPLAY")
        for query in (
            "",
            "region=GIN,LBR,SLE",
            "sel=region:LBR30",
            "fill=deaths_per_case",
            "known=2014-11-30T18:00:00Z",
        ):
            opened.go(query)
            assert not re.search(r"39[,. ]?557", page.content()), query


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
@pytest.mark.parametrize(
    "query", ["region=CUB,HTI&period=7d&at=20.7253,-73.6565,6", "sel=region:HTI-S0101&at=18.3503,-73.6565,7"]
)
def test_reloads_never_move_the_map(
    browser: Browser, exercise: str, size: tuple[int, int], query: str
) -> None:
    with visiting(browser, exercise, size) as opened:
        page = opened.go(query)
        assert opened.query == query
        for _ in range(2):
            page.reload()
            opened.settled()
            assert opened.query == query


def test_back_restores_the_place_though_the_drawer_came_and_went(visitor: Opened) -> None:
    page = visitor.go("layer=incidents&period=7d")
    mark = page.evaluate(POINT_OF_A_MARK)
    page.mouse.click(mark["x"], mark["y"])
    expect(page.locator(".drawer h2")).to_be_visible()
    visitor.still()
    shown, centre = visitor.query, page.evaluate(CENTRE)
    page.keyboard.press("Escape")
    expect(page.locator(".drawer h2")).to_be_hidden()
    visitor.still()
    page.go_back()
    expect(page.locator(".drawer h2")).to_be_visible()
    visitor.still()
    assert visitor.query == shown
    assert page.evaluate(CENTRE) == pytest.approx(centre, abs=0.02)
