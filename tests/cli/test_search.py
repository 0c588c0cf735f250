"""`spacebeam search`: matching entries, with grep's exit codes."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from spacebeam.protocol.batch import Direction, Kind, single
from spacebeam.recording.recording import Recording
from tests.cli.program import PATIENCE, interrupt, spacebeam, started
from tests.cli.recordings import write_entries, write_example
from tests.recording.test_reader import change, write
from tests.support.batches import numbered_batch, packed


def test_matching_entries_are_printed(tmp_path: Path) -> None:
    finished = spacebeam("search", write_example(tmp_path / "a.beam"), "price")
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert finished.stdout.endswith(b' < text   {"price": 7}\n')


def test_the_messages_alone_are_printed(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    assert spacebeam("search", path, "price", "--raw").stdout == b'{"price": 7}\n'
    assert spacebeam("search", path, "--binary", "raw", "is:binary").stdout == b"\x00\xff"


def test_json_has_every_value_of_an_entry(tmp_path: Path) -> None:
    finished = spacebeam("search", write_example(tmp_path / "a.beam"), "json:price=7", "--json")
    assert json.loads(finished.stdout)["number"] == 3


def test_starred_entries_match(tmp_path: Path) -> None:
    def star(recording: Recording) -> None:
        recording.star(3, is_starred=True)

    path = write_example(tmp_path / "a.beam", star)
    assert spacebeam("search", path, "is:starred", "--raw").stdout == b"00ff\n"


def test_messages_that_cannot_be_searched_are_reported(tmp_path: Path) -> None:
    deep = b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    payloads = (deep, b'{"a":[]}', deep, b"[" * 100_000)
    path = write_entries(
        tmp_path / "a.beam", *(single(1.0, Direction.RECEIVED, Kind.TEXT, one) for one in payloads)
    )
    reported = b"2 messages could not be searched: they are too long or nested too deeply.\n"
    reported = b"spacebeam: " + reported
    wanted = "json:to_string(a)=[]"
    finished = spacebeam("search", path, wanted, "--raw")
    assert (finished.returncode, finished.stdout, finished.stderr) == (4, b'{"a":[]}\n', reported)
    finished = spacebeam("search", path, wanted, "--json")
    found, last = map(json.loads, finished.stdout.splitlines())
    assert (found["number"], last) == (2, {"unsearched": 2})
    finished = spacebeam("search", path, wanted, "--count")
    assert (finished.returncode, finished.stdout, finished.stderr) == (4, b"1\n", reported)
    finished = spacebeam("list", path, "--filter", wanted, "--last", "1", "--raw")
    assert (finished.stdout, finished.stderr) == (
        b'{"a":[]}\n',
        b"spacebeam: 1 message could not be searched: it is too long or nested too deeply.\n",
    )
    # A path of keys is followed to any depth.
    finished = spacebeam("search", path, "json:a", "--count")
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, b"3\n", b"")


def test_matching_entries_are_counted(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("search", path, "is:received", "--count")
    assert (finished.returncode, finished.stdout) == (0, b"4\n")
    finished = spacebeam("search", path, "nowhere", "--count")
    assert (finished.returncode, finished.stdout) == (1, b"0\n")


def test_a_filter_can_begin_with_a_minus(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    for arguments in (
        ("--count", path, "--", "-is:received"),
        ("--count", path, "-is:received"),
        (path, "-is:received", "--count"),
        (path, "--color", "never", "-is:received", "--count"),
    ):
        finished = spacebeam("search", *arguments)
        assert (finished.returncode, finished.stdout) == (0, b"2\n")


def test_no_match_exits_with_1_without_a_message(tmp_path: Path) -> None:
    finished = spacebeam("search", write_example(tmp_path / "a.beam"), "nowhere")
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, b"", b"")


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("is:foo bar", "  is:foo bar\n  ^~~~~~\n"),
        ("日本 /x(/", "  日本 /x(/\n       ^~~~\n"),
        ("a\x1b[2J is:\x07", "  a␛[2J is:␇\n        ^~~~\n"),
    ],
)
def test_an_error_in_the_filter_is_pointed_out(tmp_path: Path, text: str, marked: str) -> None:
    finished = spacebeam("search", write_example(tmp_path / "a.beam"), text)
    assert (finished.returncode, finished.stdout) == (2, b"")
    printed = finished.stderr.decode()
    assert printed.startswith("spacebeam: In the filter: ")
    assert printed.endswith(f"{marked}Try 'spacebeam search --help'.\n")


def test_every_error_in_the_filter_is_pointed_out(tmp_path: Path) -> None:
    finished = spacebeam("search", write_example(tmp_path / "a.beam"), "is:foo after:never")
    assert finished.stderr.decode().count("In the filter") == 2


@pytest.mark.parametrize("how", [(), ("--count",)])
def test_damaged_blocks_are_reported_and_the_rest_searched(how: tuple[str], tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *(numbered_batch(n, 1, 70_000) for n in range(4)))
    change(Path(path), "UPDATE content SET entries = x'00' WHERE first IN (1, 2)")
    finished = spacebeam("search", path, "0", *how)
    assert finished.returncode == 4
    assert finished.stdout.count(b"\n") == (1 if how else 2)
    assert not how or finished.stdout == b"2\n"
    assert b"Could not read 2 blocks of " in finished.stderr


@pytest.mark.parametrize("how", ["--count", "--json"])
def test_ctrl_c_exits_with_another_code_than_no_match(how: str, tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    write(path, *[packed([b"ab"] * 60_000)] * 50)
    arguments = ("search", str(path), "/a$/", how)  # takes seconds and matches nothing
    with started(*arguments, stdout=subprocess.PIPE) as child:
        deadline = time.monotonic() + PATIENCE
        while str(path) not in opened_by(child.pid):  # until the search begins
            assert time.monotonic() < deadline
        assert interrupt(child) == 130
        assert child.stdout is not None
        assert child.stdout.read() == b""  # the program has closed it
    assert list(tmp_path.iterdir()) == [path]


def opened_by(process: int) -> str:
    """Return the files that a process has open."""
    with contextlib.suppress(OSError):
        return " ".join(map(os.readlink, Path(f"/proc/{process}/fd").iterdir()))
    return ""


def test_an_unreadable_file_exits_with_another_code_than_no_match(tmp_path: Path) -> None:
    finished = spacebeam("search", str(tmp_path / "none.beam"), "a")
    assert finished.returncode == 4
    assert b"There is no file" in finished.stderr
