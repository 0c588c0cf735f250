"""`spacebeam search`: what passes a filter, with grep's exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from spacebeam.recording.recording import Recording
from tests.cli.program import PATIENCE, spacebeam
from tests.cli.recordings import talk


def test_what_is_found_is_printed(tmp_path: Path) -> None:
    finished = spacebeam("search", talk(tmp_path / "a.beam"), "price")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b'{"price": 7}\n', b"")


def test_json_tells_all_of_it(tmp_path: Path) -> None:
    finished = spacebeam("search", talk(tmp_path / "a.beam"), "json:price=7", "--json")
    assert json.loads(finished.stdout)["number"] == 2


def test_stars_are_found(tmp_path: Path) -> None:
    def star(recording: Recording) -> None:
        recording.star(3, is_starred=True)

    path = talk(tmp_path / "a.beam", star)
    assert spacebeam("search", path, "is:starred").stdout == b"00ff\n"


def test_it_is_counted(tmp_path: Path) -> None:
    path = talk(tmp_path / "a.beam")
    finished = spacebeam("search", path, "is:received", "--count")
    assert (finished.returncode, finished.stdout) == (0, b"4\n")
    finished = spacebeam("search", path, "nowhere", "--count")
    assert (finished.returncode, finished.stdout) == (1, b"0\n")


def test_a_filter_may_begin_with_a_minus(tmp_path: Path) -> None:
    path = talk(tmp_path / "a.beam")
    finished = spacebeam("search", "--count", path, "--", "-is:received")
    assert (finished.returncode, finished.stdout) == (0, b"2\n")


def test_nothing_found_is_told_by_the_exit_code_alone(tmp_path: Path) -> None:
    finished = spacebeam("search", talk(tmp_path / "a.beam"), "nowhere")
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, b"", b"")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("is:foo bar", "  is:foo bar\n  ^~~~~~\n"),
        ("日本 /x(/", "  日本 /x(/\n       ^~~~\n"),
        ("a\x1b[2J is:\x07", "  a␛[2J is:␇\n        ^~~~\n"),
    ],
)
def test_a_mistake_in_the_filter_is_pointed_out(tmp_path: Path, text: str, marked: str) -> None:
    finished = spacebeam("search", talk(tmp_path / "a.beam"), text)
    assert (finished.returncode, finished.stdout) == (2, b"")
    told = finished.stderr.decode()
    assert told.startswith("spacebeam: In the filter: ")
    assert told.endswith(marked)


def test_every_mistake_is_pointed_out(tmp_path: Path) -> None:
    finished = spacebeam("search", talk(tmp_path / "a.beam"), "is:foo after:never")
    assert finished.stderr.decode().count("In the filter") == 2


def test_a_file_that_cannot_be_read_is_no_miss(tmp_path: Path) -> None:
    finished = spacebeam("search", str(tmp_path / "none.beam"), "a")
    assert finished.returncode == 2
    assert b"There is no file" in finished.stderr


def test_no_more_is_loaded_than_a_search_needs(tmp_path: Path) -> None:
    code = (
        "import sys; from spacebeam.__main__ import main; main()\n"
        "heavy = {'gi', 'asyncio', 'ssl', 'shutil', 'json', 'logging', 'tempfile'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, "search", talk(tmp_path / "a.beam"), "price", "--count"],
        capture_output=True,
        timeout=PATIENCE,
        check=True,
    )
    assert finished.stdout == b"1\n[]\n"
