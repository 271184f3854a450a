"""`make pictures`: the README's pictures, of the sample exercise, made by the application itself.

python -m tests.pictures [FOLDER]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.chromium import PROJECT, chromium, free_port, served

PICTURES = {
    "operations-dark": ((1920, 1080), "dark"),
    "operations-light-1366": ((1366, 768), "light"),
}
SETTLING_MS = 4_000


def take(url: str, folder: Path) -> None:
    """One picture a line of PICTURES; an error on the page ends it."""
    with chromium() as browser:
        for name, ((width, height), scheme) in PICTURES.items():
            context = browser.new_context(
                viewport={"width": width, "height": height},
                color_scheme="dark" if scheme == "dark" else "light",
                reduced_motion="reduce",
            )
            page = context.new_page()
            faults: list[str] = []
            page.on("pageerror", lambda error, into=faults: into.append(str(error)))
            page.on("console", lambda said, into=faults: said.type == "error" and into.append(said.text))
            page.goto(url)
            page.wait_for_selector("#map canvas")
            page.wait_for_timeout(SETTLING_MS)
            page.screenshot(path=folder / f"{name}.png")
            context.close()
            if faults:
                raise RuntimeError(f"The page said: {faults[0]}")


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
