"""T17, as far as it goes without a network: all that is installed is pinned, and nothing else is."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import distributions

import pytest

from tests.dependencies import PINS, PROJECT, audited, hashed, pins, plain

OUR_OWN = {"watchfloor", "pip", "setuptools", "wheel"}
"""The project itself, and what a venv begins with."""


def test_everything_installed_is_pinned_at_its_version() -> None:
    pinned = pins(PINS.read_text("utf-8"))
    installed = {plain(each.metadata["Name"]): each.version for each in distributions()}
    loose = {name: version for name, version in installed.items() if pinned.get(name) != version}
    assert {name: version for name, version in loose.items() if name not in OUR_OWN} == {}


def test_everything_asked_for_is_pinned() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {plain(re.split(r"[\[<>=!~ ;]", line, maxsplit=1)[0]) for line in asked}
    assert names <= pins(PINS.read_text("utf-8")).keys()


@pytest.mark.parametrize("line", ["dash", "dash>=4", "dash==4.*", "dash==4.4.1; python_version > '3'"])
def test_a_line_that_pins_no_version_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="pins no version"):
        pins(line)


def test_a_withdrawn_file_and_an_advisory_are_told() -> None:
    file = {"download_info": {"archive_info": {"hashes": {"sha256": "0a"}}}, "is_yanked": True}
    lines, withdrawn = hashed({"install": [{**file, "metadata": {"name": "Dash", "version": "1"}}]})
    assert (lines, withdrawn) == (["Dash==1 --hash=sha256:0a"], ["Dash==1"])
    known = {"name": "dash", "version": "1", "vulns": [{"id": "CVE-1"}]}
    report = {"dependencies": [known, {"name": "other", "skip_reason": "unknown"}]}
    assert audited(report) == (1, ["dash 1: CVE-1"], ["other"])
