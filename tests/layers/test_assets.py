"""The browser draws with the tones of the one table (layers/symbols.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from layers.symbols import TONES

ASSETS = Path(__file__).resolve().parents[2] / "assets"
NAMES = {**{name: name for name in ("ground", "land", "coast", "border")}, "stated": "quiet"}


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_ground_is_drawn_in_the_table_s_tones(scheme: str) -> None:
    script = (ASSETS / "basemap.js").read_text("utf-8")
    line = next(line for line in script.splitlines() if line.strip().startswith(f"{scheme}: {{"))
    found = dict(re.findall(r'(\w+): "(#[0-9a-f]{6})"', line))
    assert found == {name: getattr(TONES[scheme], tone) for name, tone in NAMES.items()}


MARKUP = (
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|createContextualFragment|DOMParser|srcdoc"
    r"|document\.write|\beval\(|new Function"
)


@pytest.mark.parametrize("name", sorted(path.name for path in ASSETS.glob("*.js")))
def test_no_script_makes_markup_or_names_a_foreign_address(name: str) -> None:
    script = (ASSETS / name).read_text("utf-8")
    assert not re.search(MARKUP, script)
    assert "http:" not in script
    assert "https:" not in script


def test_every_class_of_line_has_a_look_of_its_own() -> None:
    script = (ASSETS / "basemap.js").read_text("utf-8")
    looks = re.findall(r"^ {4}(\w+): \{ (dash: \[[^\]]*\], width: [\d.]+) \}", script, re.M)
    assert {name for name, _ in looks} == {
        "not_stated",
        "international",
        "undetermined",
        "line_of_control",
        "administrative",
    }
    assert len({look for _, look in looks}) == len(looks)
