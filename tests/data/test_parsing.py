"""Whatever a file makes of its parser, the parent goes on, with one sentence."""

from __future__ import annotations

import os
import resource
import time
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from data.errors import FileRefused, RegionsRefused
from data.feeds.file_form import FileForm
from data.feeds.parsed_sheet import parsed_sheet
from data.parsed_boundaries import read_boundaries
from data.parsing import DEFAULT_LIMITS, Limits, Parser, parsed
from data.whole_file import bytes_of
from tests.data.bad_child import WORD

PARSER = Parser("tests.data.bad_child", FileRefused, WORD.equals)
SMALL = Limits(parse_mb=512)


def answered(do: str, limits: Limits = SMALL, **more: str) -> pa.Table:
    return parsed(PARSER, "odd.csv", b"some bytes", {"do": do, **more}, limits)


def refusal(do: str, limits: Limits = SMALL, **more: str) -> str:
    with pytest.raises(FileRefused) as refused:
        answered(do, limits, **more)
    return str(refused.value)


def test_a_child_that_crashes_is_one_sentence() -> None:
    said = refusal("crash")
    assert "The file odd.csv was not taken: parsing it ended without an answer (SIGSEGV)" in said
    assert "Nothing of it was published. Ask the partner to send it again." in said


def test_a_fault_of_the_parser_is_one_sentence_without_the_file_s_words() -> None:
    said = refusal("fail")
    assert "parsing it ended without an answer (status 1)" in said
    assert "some bytes" not in said


def test_a_child_that_computes_without_end_is_ended() -> None:
    said = refusal("spin", Limits(parse_seconds=1))
    assert "parsing it took longer than WATCHFLOOR_PARSE_SECONDS (1 s)." in said
    assert "or raise the setting if you trust the file" in said


def state(pid: str) -> str:
    """Z: ended, and nobody has asked how; empty: gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return ""


def test_a_child_that_hangs_is_ended_with_whatever_it_has_started(tmp_path: Path) -> None:
    said = refusal("hang", Limits(parse_seconds=6), ids=str(tmp_path / "ids"))
    assert "took longer than WATCHFLOOR_PARSE_SECONDS (6 s)" in said
    child, its_own = (tmp_path / "ids").read_text().split()
    assert state(child) == ""
    for _ in range(200):  # it was told to end; on a busy machine it does so a little later
        if state(its_own) in ("", "Z"):
            break
        time.sleep(0.1)
    assert state(its_own) in ("", "Z")


def test_a_child_that_eats_memory_is_ended_and_the_parent_has_not_grown() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "parsing it needs more memory than WATCHFLOOR_PARSE_MB allows (512 MB)." in refusal("eat")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50_000


def test_an_answer_without_end_is_broken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs more memory than WATCHFLOOR_PARSE_MB allows" in refusal("flood")


@pytest.mark.parametrize("do", ["leave", "lie", "babble", "twist", "forget"])
def test_an_answer_that_is_none_is_not_taken(do: str) -> None:
    assert refusal(do) == (
        "The file odd.csv was not taken: its parser gave an answer that is none."
        " Ask the partner to send it again."
    )


def test_the_child_s_own_sentence_is_the_refusal_without_signs_for_terminals() -> None:
    assert refusal("refuse") == "It is not \ufffd[31mred\ufffd. Mend it."


def test_the_child_finds_nothing_but_the_bytes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WATCHFLOOR_SECRET", "of the parent")
    with (tmp_path / "secret").open("w") as held:
        os.set_inheritable(held.fileno(), True)
        variables, files, folder, content = answered("look")["word"].to_pylist()
    expected = "ARROW_DEFAULT_MEMORY_POOL LC_ALL OMP_NUM_THREADS OPENBLAS_NUM_THREADS PYTHONPATH"
    assert variables == expected
    assert files == "0 1 2 3"  # the copy, two for what is printed, the answer
    assert (folder, content) == ("/", "some bytes")


def test_no_file_is_left_behind(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    answered("look")
    refusal("crash")
    assert list(tmp_path.iterdir()) == []


def test_a_parent_with_lower_limits_lowers_the_child_s() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert answered("look", Limits(parse_mb=10**6)).num_rows == 4
    assert resource.getrlimit(resource.RLIMIT_FSIZE) == (soft, hard)


def test_no_room_for_the_copy_is_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "missing"))
    assert "could not be given to its parser: No such file or directory" in refusal("look")


def test_a_file_over_the_limit_is_not_even_read(tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as big:
        big.truncate(2**40)
    with pytest.raises(FileRefused, match=r"big.csv is larger than WATCHFLOOR_FILE_MB allows \(1 MB\)"):
        bytes_of(tmp_path / "big.csv", Limits(file_mb=1), FileRefused)


def test_what_is_no_plain_file_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path / "pipe.csv", tmp_path, Path("/dev/zero")):
        with pytest.raises(FileRefused, match=r"is not a file|Is a directory"):
            bytes_of(path, DEFAULT_LIMITS, FileRefused)


def test_a_file_that_is_being_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, look = tmp_path / "growing.csv", os.fstat
    path.write_text("a,b\n1,2\n")

    def looked(handle: int) -> os.stat_result:
        found = look(handle)
        with path.open("a") as file:
            file.write("3,4\n")
        return found

    monkeypatch.setattr("data.whole_file.os.fstat", looked)
    with pytest.raises(FileRefused, match=r"growing.csv was written to while it was read"):
        bytes_of(path, DEFAULT_LIMITS, FileRefused)


def test_a_setting_too_low_for_a_file_is_named(real_files: Path) -> None:
    content = (real_files / "aid_generic/raw/SCMS_Delivery_History_Dataset.csv").read_bytes()
    for limits, words in (
        (Limits(parse_mb=310), r"needs more memory than WATCHFLOOR_PARSE_MB allows \(310 MB\)"),
        (Limits(file_rows=10_000), r"has more rows than WATCHFLOOR_FILE_ROWS allows \(10,000\)"),
    ):
        with pytest.raises(FileRefused, match=words):
            parsed_sheet("scms.csv", content, FileForm(), limits)
    assert parsed_sheet("scms.csv", content, FileForm(), DEFAULT_LIMITS).rows == 10_324


def test_regions_go_through_a_child_of_the_same_limits(tmp_path: Path) -> None:
    path = tmp_path / "areas.geojson"
    point = '{"type": "Feature", "properties": {"code": "A"}, "geometry": null}'
    path.write_text('{"type": "FeatureCollection", "features": [' + ",".join([point] * 400_000) + "]}")
    fields = {"code_field": "code", "name_field": "code", "version": date(2020, 1, 1)}
    with pytest.raises(RegionsRefused, match=r"needs more memory than WATCHFLOOR_PARSE_MB allows \(520 MB\)"):
        read_boundaries(path, level=1, limits=Limits(parse_mb=520), **fields)
    with pytest.raises(RegionsRefused, match=r"field “geometry”: there is no shape"):
        read_boundaries(path, level=1, **fields)
    with pytest.raises(RegionsRefused, match=r"missing.geojson cannot be read: No such file"):
        read_boundaries(tmp_path / "missing.geojson", level=1, **fields)
    with pytest.raises(RegionsRefused, match="level 3 is none"):
        read_boundaries(path, level=3, **fields)
