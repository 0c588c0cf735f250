"""`spacebeam list`: a recording's entries, a line each."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
from array import array
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.cli.program import PATIENCE, command, read_until, spacebeam
from tests.cli.recordings import BEGAN, write_entries, write_example


def _entries(*arguments: str) -> list[dict[str, Any]]:
    finished = spacebeam("list", *arguments, "--json")
    assert (finished.returncode, finished.stderr) == (0, b"")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def _flood(count: int) -> Batch:
    data = b"".join(b"%07d" % number for number in range(count))
    starts = array("I", range(0, 7 * count, 7))
    ends = array("I", range(7, 7 * count + 1, 7))
    return Batch(BEGAN, Direction.RECEIVED, data, bytes((Kind.TEXT,)) * count, starts, ends)


def test_every_entry_has_a_line(tmp_path: Path) -> None:
    finished = spacebeam("list", write_example(tmp_path / "a.beam"))
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert finished.stdout.decode().splitlines() == [
        "* Connected to ws://example.org/",
        '{"subscribe": "btc"}',
        '{"price": 7}',
        "00ff",
        "< ping: “hi”",
        "< close: 1000 normal closure: bye",
    ]


def test_json_has_every_value_of_an_entry(tmp_path: Path) -> None:
    found = _entries(write_example(tmp_path / "a.beam"))
    assert [entry["number"] for entry in found] == [1, 2, 3, 4, 5, 6]
    assert found[2] == {
        "number": 3,
        "time": BEGAN + 2,
        "direction": "received",
        "kind": "text",
        "text": '{"price": 7}',
    }
    assert found[3]["base64"] == "AP8="
    assert (found[5]["code"], found[5]["reason"]) == (1000, "bye")


def test_json_has_the_marks_of_an_entry(tmp_path: Path) -> None:
    def say(recording: Recording) -> None:
        recording.star(1, is_starred=True)
        recording.set_mark(2, Mark(note='see "this"\n'))

    found = _entries(write_example(tmp_path / "a.beam", say))
    assert [entry.get("starred") for entry in found[:3]] == [None, True, None]
    assert [entry.get("note") for entry in found[:3]] == [None, None, 'see "this"\n']


def test_a_filter_selects_entries(tmp_path: Path) -> None:
    finished = spacebeam(
        "list", write_example(tmp_path / "a.beam"), "--filter", "is:received is:text"
    )
    assert finished.stdout == b'{"price": 7}\n'


@pytest.mark.parametrize("where", [("--from", "129999"), ("--last", "2")])
def test_a_range_of_entries_is_listed(tmp_path: Path, where: tuple[str, str]) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(130_000))  # in two blocks
    assert spacebeam("list", path, *where).stdout == b"0129998\n0129999\n"
    assert [entry["number"] for entry in _entries(path, *where)] == [129_999, 130_000]
    assert spacebeam("list", path, "--from", "130001").stdout == b""


def test_a_flood_is_listed_completely_in_order(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(200_000))
    lines = b"".join(b"%07d\n" % number for number in range(200_000))
    assert spacebeam("list", path).stdout == lines
    assert [entry["text"] for entry in _entries(path)] == lines.decode().split()


def test_a_closed_pipe_is_not_a_failure(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(200_000))
    with subprocess.Popen(
        command("list", path), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == b"0000000\n"
        child.stdout.close()
        assert child.stderr.read() == b""
        assert child.wait(PATIENCE) == 0


def test_a_full_disk_is_reported(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        finished = spacebeam("list", write_example(tmp_path / "a.beam"), stdout=full)
    assert finished.returncode == 5
    assert b"Could not write to standard output: No space left on device." in finished.stderr


def test_control_characters_are_escaped_only_on_a_terminal(tmp_path: Path) -> None:
    hostile = single(BEGAN, Direction.RECEIVED, Kind.TEXT, "\x1b[2Jé".encode())
    path = write_entries(tmp_path / "a.beam", hostile)
    assert spacebeam("list", path).stdout == "\x1b[2Jé\n".encode()
    ours, theirs = os.openpty()
    with subprocess.Popen(command("list", path), stdout=theirs) as child:
        os.close(theirs)
        assert "␛[2Jé".encode() in read_until(ours, b"\n")
        assert child.wait(PATIENCE) == 0
    os.close(ours)


def test_a_terminal_is_shown_binary_messages_in_their_format(tmp_path: Path) -> None:
    payloads = (b'{"a":1}', b"\x1b[2J")
    messages = (single(BEGAN, Direction.RECEIVED, Kind.BINARY, one) for one in payloads)
    path = write_entries(tmp_path / "a.beam", *messages)
    assert spacebeam("list", path).stdout == b"7b2261223a317d\n1b5b324a\n"
    assert spacebeam("list", path, "--decode", "auto").stdout == b'{"a":1}\n1b5b324a\n'
    assert spacebeam("search", path, "json:a", "--decode", "json").stdout == b'{"a":1}\n'
    for options, shown in (
        ((), b'{"a":1}\r\n1b5b324a\r\n'),
        (("--decode", "hex"), b"7b2261223a317d\r\n1b5b324a\r\n"),
        (("--decode", "text"), '{"a":1}\r\n␛[2J\r\n'.encode()),
    ):
        ours, theirs = os.openpty()
        with subprocess.Popen(command("list", path, *options), stdout=theirs) as child:
            os.close(theirs)
            assert read_until(ours, shown[-8:]).endswith(shown)
            assert child.wait(PATIENCE) == 0
        os.close(ours)


def test_json_lines_have_no_format(tmp_path: Path) -> None:
    finished = spacebeam("list", write_example(tmp_path / "a.beam"), "--json", "--decode", "hex")
    assert finished.returncode == 2
    assert b"--decode" in finished.stderr


def test_text_that_is_not_utf8_is_listed(tmp_path: Path) -> None:
    path = write_entries(
        tmp_path / "a.beam", single(BEGAN, Direction.RECEIVED, Kind.TEXT, b"a\xffb")
    )
    assert spacebeam("list", path).stdout == b"a\xffb\n"
    assert _entries(path)[0]["text"] == "a\ufffdb"


def test_an_incomplete_recording_is_listed(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    copy = tmp_path / "b.beam"
    shutil.copy(path, copy)
    assert len(_entries(str(copy))) == 6


def test_a_damaged_block_is_reported_and_the_rest_listed(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(140_000))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE content SET entries = x'00' WHERE first = 65536")
        connection.commit()
    finished = spacebeam("list", path)
    assert finished.returncode == 4
    assert finished.stdout.count(b"\n") == 140_000 - 65_536
    assert finished.stdout.endswith(b"0139999\n")
    assert b"The recording is damaged" in finished.stderr
    assert b"Could not read 1 block of 3." in finished.stderr


def test_the_last_matching_entries_are_listed(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("list", path, "--filter", "is:text", "--last", "1")
    assert (finished.returncode, finished.stdout) == (0, b'{"price": 7}\n')


def test_no_match_exits_with_1(tmp_path: Path) -> None:
    finished = spacebeam("list", write_example(tmp_path / "a.beam"), "--filter", "nowhere")
    assert (finished.returncode, finished.stdout, finished.stderr) == (1, b"", b"")


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["/nowhere/a.beam"], 4, "There is no file /nowhere/a.beam."),
        (["/etc/passwd"], 4, "/etc/passwd is not a recording of Spacebeam."),
        (["a.beam", "--from", "0"], 2, "Entries are numbered from 1."),
        (["a.beam", "--last", "few"], 2, "“few” is not a number of entries."),
        (["a.beam", "--filter", "is:odd"], 2, "  is:odd\n  ^~~~~~\n"),
    ],
)
def test_errors_are_reported(arguments: list[str], code: int, words: str) -> None:
    finished = spacebeam("list", *arguments)
    assert finished.returncode == code
    assert words in finished.stderr.decode()
    assert finished.stdout == b""
