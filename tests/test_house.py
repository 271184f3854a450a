"""The manuals against the code, and the set-up against itself: what a newcomer reads is true."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[1]
MANUALS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md")
TARGETS = {"install", "run", "test", "check", "audit-tests", "bench", "pictures", "clean"}
PIN = re.compile(r"([A-Za-z0-9._-]+)==([^\s;@/]+)")


def read(name: str) -> str:
    return (PROJECT / name).read_text("utf-8")


def tables(text: str, first_head: str) -> list[list[str]]:
    """The rows of the first Markdown table whose first column is called so."""
    block = re.search(rf"^\| {re.escape(first_head)} \|.*\n\|[-| ]+\|\n((?:\|.*\n)+)", text, re.M)
    assert block, f"no table beginning with {first_head}"
    return [[cell.strip() for cell in row.strip("|\n").split("|")] for row in block[1].splitlines()]


def pins() -> dict[str, str]:
    found = (PIN.fullmatch(line) for line in read("constraints.txt").splitlines())
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def project_table() -> dict[str, list[str]]:
    document = tomllib.loads(read("pyproject.toml"))["project"]
    return {"": document["dependencies"], **document["optional-dependencies"]}


def needed() -> Iterator[Requirement]:
    """Everything an installation needs: what the project asks for, and what that asks for in turn."""
    waiting = [Requirement(line) for lines in project_table().values() for line in lines]
    seen: set[str] = set()
    while waiting:
        requirement = waiting.pop()
        extras = {"", *requirement.extras}
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        key = f"{canonicalize_name(requirement.name)}{sorted(extras)}"
        if key in seen:
            continue
        seen.add(key)
        yield requirement
        for line in metadata.requires(requirement.name) or []:
            below = Requirement(line)
            if below.marker is None or any(below.marker.evaluate({"extra": extra}) for extra in extras):
                below.marker = None
                waiting.append(below)


def test_the_settings_table_is_the_settings() -> None:
    from dashboard.settings import Settings

    written = tables(read("README.md"), "Variable")
    fields = Settings.model_fields.values()
    assert written == [[f"`{f.validation_alias}`", f"`{f.default}`", f.description] for f in fields]


def test_the_recipes_table_is_the_recipes() -> None:
    files = sorted((PROJECT / "data/feeds/recipes").glob("*.toml"))
    rows = tables(read("README.md"), "Recipe")
    feeds = {f"`{file.stem}`": tomllib.loads(file.read_text("utf-8"))["feed"] for file in files}
    assert {row[0]: row[1] for row in rows} == feeds


def test_every_command_of_the_manuals_exists() -> None:
    from dashboard import cli

    commands = {c.name or getattr(c.callback, "__name__", "") for c in cli.app.registered_commands}
    groups = {group.name for group in cli.app.registered_groups}
    manuals = read("README.md") + read("CONTRIBUTING.md")
    named = set(re.findall(r"python app\.py (\w+)", manuals))
    assert named
    assert named <= commands | groups


def test_make_has_every_command_of_the_manuals() -> None:
    targets = set(re.findall(r"^([a-z-]+):.*## \S", read("Makefile"), re.M))
    named = {match for manual in MANUALS for match in re.findall(r"\bmake ([a-z-]+)(?=[`\s])", read(manual))}
    written_as_code = {m for manual in MANUALS for m in re.findall(r"`make ([a-z-]+)", read(manual))}
    assert targets >= TARGETS
    assert targets >= written_as_code
    assert {"run", "test"} <= named


def test_ci_runs_what_everybody_runs() -> None:
    script = PROJECT / ".ci/run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").splitlines()[-1] == "make test"


def test_every_file_and_link_of_the_manuals_exists() -> None:
    missing = []
    for manual in MANUALS:
        text = read(manual)
        links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
        paths = re.findall(r"`((?:data|layers|dashboard|assets|tests|docs)/[\w./-]*|app\.py)`", text)
        where = (PROJECT / manual).parent
        missing += [f"{manual}: {link}" for link in links if not (where / link).exists()]
        missing += [f"{manual}: {path}" for path in paths if not path.isupper() and not _stands(path)]
    assert missing == []


def _stands(path: str) -> bool:
    return "NAME" in path or (PROJECT / path).exists()


def test_the_readme_says_what_it_must() -> None:
    text = read("README.md")
    for words in (
        "not for classified data",
        "Natural Earth",
        "world-atlas",
        "GeoNames",
        "CC BY 4.0",
        "unaccredited",
    ):
        assert words in text, words


def test_the_licence_is_apache_2() -> None:
    text = read("LICENSE")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert [f"   {n}. " in text for n in range(1, 10)] == [True] * 9
    assert "END OF TERMS AND CONDITIONS" in text
    assert tomllib.loads(read("pyproject.toml"))["project"]["license"] == "Apache-2.0"


def test_the_changelog_has_room_for_what_comes() -> None:
    assert "## [Unreleased]" in read("CHANGELOG.md")


def test_constraints_are_pins_and_nothing_else() -> None:
    lines = [line for line in read("constraints.txt").splitlines() if line and not line.startswith("#")]
    assert [line for line in lines if not PIN.fullmatch(line)] == []
    assert lines == sorted(lines, key=str.casefold)


def test_everything_that_is_installed_is_pinned() -> None:
    unpinned = {requirement.name for requirement in needed()} - {
        requirement.name for requirement in needed() if canonicalize_name(requirement.name) in pins()
    }
    assert unpinned == set()


def test_the_pins_satisfy_the_project() -> None:
    wrong = [str(r) for r in needed() if pins()[canonicalize_name(r.name)] not in r.specifier]
    assert wrong == []


def test_the_tests_run_on_the_pinned_versions() -> None:
    installed = {canonicalize_name(d.name): d.version for d in metadata.distributions()}
    wrong = {
        name: installed[name] for name, pin in pins().items() if name in installed and installed[name] != pin
    }
    wrong.pop("setuptools", None)
    assert wrong == {}


def test_decisions_are_numbered_without_gaps() -> None:
    notes = sorted(path.name for path in (PROJECT / "docs/decisions").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in notes] == list(range(1, len(notes) + 1))
    for name in notes:
        text = read(f"docs/decisions/{name}")
        assert text.startswith(f"# {name[:4]} "), name
        assert "Status: " in text, name


def test_a_test_cannot_reach_another_machine() -> None:
    with socket.socket() as outside, pytest.raises(AssertionError, match="stay on this machine"):
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="stay on this machine"):
        socket.create_connection(("watchfloor.invalid", 80))


def test_a_test_can_reach_this_machine(free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)), socket.create_connection(("localhost", free_port)):
        pass


A_TEST = """
import os
import pytest

def test_one(real_files):
    assert real_files.is_dir()

@pytest.mark.real_files
def test_two():
    assert not [n for n in os.environ if n.startswith("WATCHFLOOR_") or n in ("PORT", "HOST")]

def test_three():
    assert not [n for n in os.environ if n.startswith("WATCHFLOOR_") or n in ("PORT", "HOST")]
"""


@pytest.fixture
def small_project(tmp_path: Path) -> Path:
    """A project with our conftest and three tests, two of which use the real files."""
    folder = tmp_path / "project"
    (folder / "tests").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(read("pyproject.toml"))
    for name in ("conftest.py", "sizes.py", "__init__.py"):
        if (PROJECT / "tests" / name).exists():
            (folder / "tests" / name).write_text(read(f"tests/{name}"))
    (folder / "tests/test_some.py").write_text(A_TEST)
    return folder


def run_tests(folder: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-q"]
    environment = os.environ | {"WATCHFLOOR_HOME": "/nowhere", "PORT": "1", "HOST": "nowhere"}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout


def test_a_run_says_how_many_tests_used_the_real_files(small_project: Path) -> None:
    (small_project.parent / "shared/data").mkdir(parents=True)
    said = run_tests(small_project)
    assert "3 passed" in said
    assert "2 tests used the real files" in said


def test_a_run_without_the_real_files_says_so(small_project: Path) -> None:
    said = run_tests(small_project)
    assert "1 passed, 2 skipped" in said
    assert "0 tests used the real files" in said
    assert "2 were skipped because that folder is missing" in said


def test_what_was_tried_and_found_is_told_in_a_table(small_project: Path) -> None:
    small_project.joinpath("tests/test_more.py").write_text(
        "import pytest\n"
        "from tests.sizes import figure\n"
        "@pytest.mark.parametrize('n', [1_000, 200])\n"
        "def test_much(record_property, n):\n"
        "    figure(record_property, 'cases', n, '0 faults')\n"
    )
    said = run_tests(small_project)
    assert "what was tried, in the sizes of CI" in said
    assert re.search(r"cases +1,200 +0 faults", said)


def make(target: str, path: str, *more: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": path, "HOME": ""}
    command = ["/usr/bin/make", "-C", str(PROJECT), target, *more]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def bare_machine(tmp_path: Path) -> str:
    """A PATH with a shell and nothing that Watchfloor needs."""
    for tool in ("sh", "id", "awk", "mkdir", "env"):
        found = next(p for p in ("/bin", "/usr/bin") if Path(p, tool).exists())
        (tmp_path / tool).symlink_to(f"{found}/{tool}")
    return str(tmp_path)


def test_make_without_chromium_fails_in_one_sentence(bare_machine: str) -> None:
    done = make("chromium", bare_machine)
    assert done.returncode != 0
    assert "The browser tests need Chromium" in done.stderr
    assert "Traceback" not in done.stderr


def test_make_without_python_fails_in_one_sentence(bare_machine: str) -> None:
    done = make("install", bare_machine, "STAMP=never", "VENV=never")
    assert done.returncode != 0
    assert "Watchfloor needs Python 3.11 or newer" in done.stderr
