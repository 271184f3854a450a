"""`make pictures`: the manual's pictures, of the sample exercise, made by the application itself.

python -m tests.pictures [FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.chromium import PROJECT, chromium, free_port, served

SETTLING_MS = 4_000
LARGE, LAPTOP, PHONE = (1920, 1080), (1366, 768), (390, 844)


@dataclass(frozen=True)
class Picture:
    """Where it is taken (path and query), how large, in which scheme, as whom, after which presses."""

    address: str
    size: tuple[int, int] = LAPTOP
    scheme: str = "dark"
    persona: str = ""
    presses: tuple[str, ...] = ()


PICTURES = {
    "operations-dark": Picture("", LARGE),
    "operations-light-1366": Picture("", LAPTOP, "light"),
    "region": Picture("?region=HTI&period=30d&sel=region:HTI", LAPTOP, "light"),
    "fill": Picture("?fill=records_per_1000_km2&layer=incidents", LAPTOP, "dark"),
    "known-then": Picture(
        "?from=2026-08-25T00:00:00Z&to=2026-09-01T00:00:00Z&known=2026-09-01T00:00:00Z", LAPTOP, "light"
    ),
    "table": Picture("table?layer=incidents&sort=-severity,-start_at", LAPTOP, "light"),
    "changes": Picture("changes?compare=2026-09-27T00:00:00Z", LAPTOP, "dark"),
    "compare": Picture("compare?period=7d", LAPTOP, "dark"),
    "another-partner": Picture("", LAPTOP, "dark", persona="last"),
    "area": Picture(
        "?area=19.2,-73.4;19.2,-71.6;17.9,-71.6;17.9,-73.4&layer=incidents,deliveries,ports,airfields",
        LAPTOP,
        "light",
    ),
    "telephone": Picture("?period=7d", PHONE, "dark"),
}
"""Ten and more: each stands in the manual."""


def take(url: str, folder: Path) -> None:
    """One picture a line of PICTURES; an error on the page ends it."""
    with chromium() as browser:
        for name, wanted in PICTURES.items():
            _take(browser, url, wanted, folder / f"{name}.png")


def _take(browser: Browser, url: str, wanted: Picture, file: Path) -> None:
    width, height = wanted.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if wanted.scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: said.type == "error" and faults.append(said.text))
    page.goto(url + wanted.address)
    _settled(page)
    if wanted.persona:
        other = page.locator("#persona option").nth(-1).get_attribute("value")
        with page.expect_navigation():
            page.select_option("#persona", other)
        _settled(page)
    for press in wanted.presses:
        page.click(press)
    page.wait_for_timeout(SETTLING_MS)
    page.screenshot(path=file)
    context.close()
    if faults:
        raise RuntimeError(f"The page of {file.name} said: {faults[0]}")


def _settled(page: Page) -> None:
    page.wait_for_selector(".leaflet-container canvas", state="attached")
    page.wait_for_load_state("networkidle")


def main() -> int:
    """Serve a new sample exercise and take its pictures."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "docs/pictures"
    folder.mkdir(parents=True, exist_ok=True)
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with tempfile.TemporaryDirectory(prefix="watchfloor-pictures-") as home:
        settings = {"WATCHFLOOR_HOME": home, "PORT": str(port), "HOST": "127.0.0.1"}
        with served(["app.py", "serve"], url, settings):
            take(url, folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
