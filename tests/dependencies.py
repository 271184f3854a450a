"""T17: the packages of an installation, asked of pip's own registry. `make audit-dependencies`.

Every file is fetched again and has to have the hash that the registry names for it; none may be withdrawn;
and pip-audit, in an environment of its own, asks what is known against each. What it could not ask is counted
and said: nothing is called sound that nobody looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
PINS = PROJECT / "constraints.txt"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check")


def pins(text: str) -> Mapping[str, str]:
    """Version by package, of lines NAME==VERSION. Raises ValueError for any other line."""
    found = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, sign, version = line.strip().partition("==")
            if not sign or not version or "*" in version or ";" in version:
                raise ValueError(f"{line!r} pins no version; expected NAME==VERSION.")
            found[plain(name)] = version
    return found


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return name.lower().replace("_", "-").replace(".", "-")


def hashed(report: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """Of pip's report: a line NAME==VERSION with its hash for each file, and what was withdrawn."""
    lines, withdrawn = [], []
    for each in report["install"]:
        said = f"{each['metadata']['name']}=={each['metadata']['version']}"
        hashes = each["download_info"]["archive_info"]["hashes"]
        lines.append(f"{said} --hash=sha256:{hashes['sha256']}")
        if each.get("is_yanked"):
            withdrawn.append(said)
    return lines, withdrawn


def audited(report: Mapping[str, Any]) -> tuple[int, list[str], list[str]]:
    """Of pip-audit's report: how many were looked at, what is known against them, and who was not."""
    known = [each for each in report["dependencies"] if "skip_reason" not in each]
    faults = [f"{each['name']} {each['version']}: {fault['id']}" for each in known for fault in each["vulns"]]
    left_out = [str(each["name"]) for each in report["dependencies"] if "skip_reason" in each]
    return len(known), faults, left_out


def _run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(words, capture_output=True, text=True, check=False, cwd=PROJECT)


def _fetched(folder: Path) -> Sequence[str]:
    """Fetch every file twice: for its hash, and held to it. What is wrong, a sentence each."""
    report = folder / "report.json"
    asked = _run(
        *(*PIP, "install", "--dry-run", "--ignore-installed", "--no-deps", "--quiet"),
        *("--report", str(report), "--requirement", str(PINS)),
    )
    if asked.returncode:
        return [f"The pinned packages cannot be resolved: {asked.stderr[-500:]}"]
    lines, withdrawn = hashed(json.loads(report.read_text("utf-8")))
    held = folder / "hashed.txt"
    held.write_text("\n".join(lines), "utf-8")
    got = _run(
        *(*PIP, "download", "--no-deps", "--require-hashes", "--quiet", "--dest", str(folder / "files")),
        *("--requirement", str(held)),
    )
    print(f"{len(lines)} packages pinned and fetched by their hashes, {len(withdrawn)} withdrawn.")  # noqa: T201
    faults = [f"{name} was withdrawn by its makers." for name in withdrawn]
    return faults + ([f"A file has another hash: {got.stderr[-500:]}"] if got.returncode else [])


def _asked_of_advisories(folder: Path) -> Sequence[str]:
    """What pip-audit knows against the pinned packages, a sentence each."""
    venv.create(folder / "audit", with_pip=True)
    python = str(folder / "audit" / "bin" / "python")
    made = _run(python, "-m", "pip", "install", "--quiet", "pip-audit")
    if made.returncode:
        print("pip-audit cannot be had here: nothing is known of advisories.")  # noqa: T201
        return []
    words = ("-m", "pip_audit", "--no-deps", "--disable-pip", "--format", "json", "--requirement", str(PINS))
    answer = _run(python, *words)
    try:
        looked, faults, left_out = audited(json.loads(answer.stdout))
    except ValueError:
        print(f"pip-audit had no answer: {answer.stderr[-300:]}")  # noqa: T201
        return []
    print(  # noqa: T201
        f"pip-audit looked at {looked} packages and found {len(faults)} advisories;"
        f" {len(left_out)} are not in the advisories that can be asked here."
    )
    return faults


def main() -> int:
    """0 when nothing is known against any of them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        faults = [*_fetched(folder), *_asked_of_advisories(folder)]
    for fault in faults:
        print(fault, file=sys.stderr)  # noqa: T201
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
