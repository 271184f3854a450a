"""The table twin in Chromium over the sample exercise: the same View, sorted and narrowed on the server."""

from __future__ import annotations

import csv
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import expect

from dashboard.view import View
from data.conditions import Condition
from data.filters import Filter
from data.home import Home
from data.listing import Order, Wanted, listing
from data.released import Released
from data.store import Store
from tests.browser.conftest import Opened
from tests.browser.test_operations import POINT_OF_A_MARK

pytestmark = pytest.mark.browser

LAYERS = ("incidents", "military", "presence", "deliveries")
IN_ORDER = """(found, order, name) => [...document.querySelectorAll(found)]
  .sort((a, b) => a.getAttribute(order) - b.getAttribute(order)).map((each) => each.getAttribute(name))"""
IDS = f"({IN_ORDER})('.ag-center-cols-container .ag-row[row-id]', 'row-index', 'row-id')"
HEADS = f"({IN_ORDER})('.ag-header-cell[col-id]', 'aria-colindex', 'col-id')"
COUNT = "#records-count strong"
SCROLLED = "document.querySelector('.ag-body-viewport').scrollTop"
CHOSEN = "(document.querySelector('.ag-row-selected') || document.body).getAttribute('row-id')"


@pytest.fixture(scope="module")
def released(exercise_home: Home) -> Released:
    store = Store.open(exercise_home)
    return store.released_to(store.policy().viewer(next(iter(store.policy().personas))))


def asked(released: Released) -> Filter:
    return View().to_filter(released.now)


def opened_at(visitor: Opened, query: str = "") -> None:
    visitor.page.goto(f"{visitor.base}table{'?' + query if query else ''}")
    settled(visitor)


def settled(visitor: Opened) -> None:
    visitor.page.wait_for_selector(f"{COUNT}, #records-count .nothing")
    visitor.still()


def expected(released: Released, *order: Order, conditions: tuple[Condition, ...] = ()) -> list[str]:
    page = listing(released, asked(released), Wanted(LAYERS, order, conditions), ("title",), 0, 20)
    return [str(row["record_id"]) for row in page.rows]


def shown(visitor: Opened, count: int = 12) -> list[str]:
    found: list[str] = visitor.page.evaluate(IDS)
    return found[:count]


def test_the_table_shows_what_the_question_answers(visitor: Opened, released: Released) -> None:
    opened_at(visitor)
    assert shown(visitor) == expected(released)[:12]
    total = listing(released, asked(released), Wanted(LAYERS), ("title",), 0, 1).total
    assert visitor.page.locator(COUNT).inner_text().startswith(f"{total:,} records")


def test_a_click_on_a_head_sorts_everything_and_stands_in_the_address(
    visitor: Opened, released: Released
) -> None:
    opened_at(visitor)
    visitor.page.click('.ag-header-cell[col-id="title"] .ag-header-cell-label')
    settled(visitor)
    assert visitor.query == "sort=title"
    assert shown(visitor) == expected(released, Order("title"))[:12]
    opened_at(visitor, "sort=-title")
    assert shown(visitor) == expected(released, Order("title", True))[:12]


def test_far_rows_come_when_they_are_looked_at(visitor: Opened, released: Released) -> None:
    opened_at(visitor)
    visitor.page.evaluate("dash_ag_grid.getApi('records').ensureIndexVisible(9000, 'top')")
    settled(visitor)
    page = listing(released, asked(released), Wanted(LAYERS), ("title",), 9000, 9001)
    assert page.rows[0]["record_id"] in shown(visitor, 60)


def test_a_condition_narrows_on_the_server(visitor: Opened, released: Released) -> None:
    opened_at(visitor)
    model = "{title: {filterType: 'text', type: 'contains', filter: 'bridge'}}"
    visitor.page.evaluate(f"dash_ag_grid.getApi('records').setFilterModel({model})")
    expect(visitor.page.locator("#records-count")).to_contain_text("the map is not narrowed", timeout=30_000)
    settled(visitor)
    bridge = (Condition("title", "contains", "bridge"),)
    assert shown(visitor) == expected(released, conditions=bridge)[:12]
    said = visitor.page.locator("#records-count").inner_text()
    found = listing(released, asked(released), Wanted(LAYERS, (), bridge), ("title",), 0, 1)
    assert 0 < found.total < found.released
    assert f"{found.total:,} of {found.released:,} records released to you meet the condition;" in said
    assert visitor.page.locator("[data-clear-columns]").inner_text() == "Clear the condition"
    visitor.page.click("[data-clear-columns]")
    expect(visitor.page.locator(COUNT)).to_have_text(f"{found.released:,} records released to you")
    settled(visitor)
    assert shown(visitor) == expected(released)[:12]


def test_a_filter_of_the_rail_is_the_tables_too(visitor: Opened) -> None:
    opened_at(visitor)
    before = visitor.page.locator(COUNT).inner_text()
    visitor.page.click('#rail-layers [data-toggle="layer:deliveries"]')
    settled(visitor)
    assert "layer=" in visitor.query
    assert visitor.page.locator(COUNT).inner_text() != before
    visitor.page.go_back()
    settled(visitor)
    assert visitor.page.locator(COUNT).inner_text() == before


def test_a_row_chosen_is_chosen_on_the_map_and_in_the_drawer(visitor: Opened) -> None:
    opened_at(visitor)
    visitor.page.click('.ag-row[row-index="3"] .ag-cell[col-id="title"]')
    settled(visitor)
    record = visitor.page.evaluate(IDS)[3]
    assert parse_qs(visitor.query)["sel"] == [record]
    assert visitor.page.locator("#details .record-id").inner_text() == record
    assert visitor.page.evaluate(CHOSEN) == record


def test_a_mark_chosen_on_the_map_comes_into_sight_in_the_table(visitor: Opened) -> None:
    opened_at(visitor, "at=18.5,-72.3,12")
    visitor.page.set_viewport_size({"width": 1920, "height": 1080})
    settled(visitor)
    found = visitor.page.evaluate(POINT_OF_A_MARK.replace("at.x > 260", "at.x > 60"))
    assert found, "no point is in sight"
    visitor.page.mouse.click(found["x"], found["y"])
    settled(visitor)
    visitor.until(f"({CHOSEN}) === {found['id']!r}")


def test_columns_are_chosen_and_mailed(visitor: Opened) -> None:
    opened_at(visitor)
    visitor.page.click(".table-head .popover summary")
    visitor.page.click('#records-columns button:has-text("Latitude")')
    settled(visitor)
    assert parse_qs(visitor.query)["columns"][0].endswith(",latitude")
    opened_at(visitor, "columns=title,latitude,deaths_best&sort=-deaths_best")
    assert visitor.page.evaluate(HEADS) == ["title", "latitude", "deaths_best"]


def test_a_column_switched_on_is_filled_for_the_rows_in_sight(visitor: Opened) -> None:
    opened_at(visitor, "columns=title,start_at")
    visitor.page.evaluate("dash_ag_grid.getApi('records').ensureIndexVisible(300, 'top')")
    settled(visitor)
    before = visitor.page.evaluate(SCROLLED)
    visitor.page.click(".table-head .popover summary")
    visitor.page.click('#records-columns button[data-set$=",originator"]')
    visitor.until(f"String({HEADS}) === 'title,start_at,originator'")
    settled(visitor)
    assert visitor.page.evaluate(SCROLLED) == before > 5000
    for record in shown(visitor)[2:8]:
        cell = visitor.page.locator(f'.ag-row[row-id="{record}"] .ag-cell[col-id="originator"]')
        expect(cell).to_have_text(record.split(":")[0])


def test_a_record_chosen_again_comes_into_sight_again(visitor: Opened) -> None:
    opened_at(visitor)
    visitor.page.click('.ag-row[row-index="3"] .ag-cell[col-id="title"]')
    settled(visitor)
    [first] = parse_qs(visitor.query)["sel"]
    visitor.page.evaluate("dash_ag_grid.getApi('records').ensureIndexVisible(400, 'top')")
    settled(visitor)
    for record in (shown(visitor, 60)[20], first):
        visitor.page.evaluate(f"watchfloor.view.choose({{ sel: {record!r} }})")
        settled(visitor)
    # A row that has the focus stays in the page wherever the table stands: its name alone would say nothing.
    visitor.until(f"{SCROLLED} < 500")
    assert visitor.page.evaluate(CHOSEN) == first


def test_nothing_found_says_so_and_offers_a_way_out(visitor: Opened) -> None:
    opened_at(visitor, "region=NOWHERE")
    assert "No records released to you" in visitor.page.locator("#records-count").inner_text()
    visitor.page.click("#records-count .ways-out .button")
    settled(visitor)
    assert len(shown(visitor)) == 12


def test_the_map_and_the_table_lead_to_each_other_with_the_view(visitor: Opened) -> None:
    visitor.go("period=30d&partner=XLL")
    with visitor.page.expect_navigation():
        visitor.page.click('nav.pages a[data-page="/table"]')
    settled(visitor)
    assert visitor.page.url.split("#")[0] == f"{visitor.base}table?period=30d&partner=XLL"
    assert visitor.page.locator('nav.pages a[aria-current="page"]').inner_text() == "Table"


def test_an_analyst_takes_the_table_along_as_it_stands(visitor: Opened) -> None:
    opened_at(visitor, "layer=incidents&partner=XAA&role=originator&columns=title,start_at&sort=title")
    with visitor.page.expect_download() as coming:
        visitor.page.click("[data-extract]")
    with Path(coming.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert coming.value.suggested_filename.endswith(".csv")
    assert f"{len(rows):,} record" in visitor.page.inner_text(COUNT)
    assert [row["record_id"] for row in rows][:12] == shown(visitor)
    expect(visitor.page.locator("#records-file")).to_contain_text("anded out")


def test_why_there_is_no_file_is_said_on_the_page(visitor: Opened) -> None:
    opened_at(visitor)
    visitor.page.context.set_offline(True)
    visitor.page.click("[data-extract]")
    expect(visitor.page.locator("#records-file")).to_contain_text("cannot be reached")
    visitor.page.context.set_offline(False)
    visitor.faults.clear()
    visitor.page.click("[data-extract]")
    expect(visitor.page.locator("#records-file")).to_contain_text("nobody in common", timeout=20_000)
    count, said = (visitor.page.locator(name).bounding_box() for name in ("#records-count", "#records-file"))
    assert count is not None
    assert said is not None
    assert count["y"] + count["height"] <= said["y"], "a long reason stands under the count, not over it"
    assert all("409" in fault for fault in visitor.faults)
    visitor.faults.clear()


def test_who_may_only_look_has_no_button(visitor: Opened) -> None:
    opened_at(visitor)
    with visitor.page.expect_navigation():
        visitor.page.select_option("#persona", "corvessa-liaison")
    settled(visitor)
    assert visitor.page.locator("[data-extract]").count() == 0
