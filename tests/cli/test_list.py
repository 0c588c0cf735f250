"""`spacebeam list`: a recording's entries, a line each."""

from __future__ import annotations

import base64
import json
import os
import shutil
import sqlite3
import subprocess
from array import array
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from spacebeam.protocol.batch import Batch, Direction, Kind, single
from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.cli.program import PATIENCE, command, read_until, spacebeam
from tests.cli.recordings import BEGAN, write_entries, write_example
from tests.support.calls import CALLS, RECEIVED, text


def _entries(*arguments: str) -> list[dict[str, Any]]:
    finished = spacebeam("list", *arguments, "--json")
    assert (finished.returncode, finished.stderr) == (0, b"")
    return [json.loads(line) for line in finished.stdout.splitlines()]


def _flood(count: int) -> Batch:
    data = b"".join(b"%07d" % number for number in range(count))
    starts = array("I", range(0, 7 * count, 7))
    ends = array("I", range(7, 7 * count + 1, 7))
    return Batch(BEGAN, Direction.RECEIVED, data, bytes((Kind.TEXT,)) * count, starts, ends)


def _lines(stdout: bytes) -> list[str]:
    """Return the lines without their times."""
    return [line[len("2023-11-14 22:13:20.250 ") :] for line in stdout.decode().splitlines()]


def test_every_entry_has_a_line(tmp_path: Path) -> None:
    finished = spacebeam("list", write_example(tmp_path / "a.beam"))
    assert (finished.returncode, finished.stderr) == (0, b"")
    assert _lines(finished.stdout) == [
        "* event  Connected to ws://example.org/",
        '> text   {"subscribe": "btc"}',
        '< text   {"price": 7}',
        "< binary 00ff",
        "< ping   hi",
        "< close  1000 normal closure: bye",
    ]


def test_a_line_begins_with_the_local_time(tmp_path: Path) -> None:
    for line, after in zip(
        spacebeam("list", write_example(tmp_path / "a.beam")).stdout.splitlines(),
        range(6),
        strict=True,
    ):
        time = datetime.strptime(line[:23].decode(), "%Y-%m-%d %H:%M:%S.%f")
        assert time.timestamp() == BEGAN + after


_PAYLOADS = (
    b"",
    b"two\nlines\r\n",
    b"\x00\x1b[2J\x7f \\n \\x00",
    "é\x9b\u202e\u2028\u200b\U000e0041 👩\u200d👧".encode(),
    b"\xed\xa0\x80 \xff\xc3",  # a lone surrogate; bytes that no UTF-8 has
    bytes(range(256)),
)


def test_a_line_is_a_whole_message_of_any_bytes_that_can_be_read_back(tmp_path: Path) -> None:
    path = write_entries(
        tmp_path / "a.beam",
        *(single(BEGAN, Direction.RECEIVED, Kind.TEXT, one) for one in _PAYLOADS),
    )
    lines = _lines(spacebeam("list", path).stdout)
    assert lines[1] == r"< text   two\nlines\r\n"
    assert lines[2] == r"< text   \x00\x1b[2J\x7f \\n \\x00"
    assert lines[3] == r"< text   é\u009b\u202e\u2028\u200b\U000e0041 " + "👩\u200d👧"
    assert lines[4] == r"< text   \xed\xa0\x80 \xff\xc3"
    for line, payload in zip(lines, _PAYLOADS, strict=True):
        written = line.removeprefix("< text   ")
        shell = ["bash", "-c", 'printf %b "$1"', "bash", written]
        assert subprocess.run(shell, stdout=subprocess.PIPE, check=True).stdout == payload
    assert [_payload(entry) for entry in _entries(path)] == list(_PAYLOADS)
    assert spacebeam("list", path, "--raw").stdout == b"".join(one + b"\n" for one in _PAYLOADS)
    assert spacebeam("list", path, "--binary", "raw").stdout == b"".join(_PAYLOADS)


def _payload(entry: dict[str, Any]) -> bytes:
    if "base64" in entry:
        return base64.b64decode(entry["base64"], validate=True)
    payload: str = entry["text"]
    return payload.encode()


def test_control_frames_are_whole_in_every_format(tmp_path: Path) -> None:
    frames = (
        (Kind.PING, bytes(range(125))),
        (Kind.PONG, b"\xff" * 125),
        (Kind.CLOSE, b"\x03\xe8a\nb\xff"),
        (Kind.CLOSE, b""),
        (Kind.CLOSE, b"x"),  # a raw frame
    )
    path = write_entries(
        tmp_path / "a.beam", *(single(BEGAN, Direction.SENT, kind, one) for kind, one in frames)
    )
    lines = _lines(spacebeam("list", path).stdout)
    assert len(lines) == 5
    assert lines[0].endswith(r"\x1e\x1f" + bytes(range(0x20, 0x7D)).decode().replace("\\", r"\\"))
    assert lines[1] == "> pong   " + r"\xff" * 125
    assert lines[2] == r"> close  1000 normal closure: a\nb\xff"
    assert lines[3:] == ["> close  no status code", "> close  no status code: x"]
    found = _entries(path)
    assert [_payload(entry) for entry in found if "base64" in entry] == [
        payload for _kind, payload in frames if payload
    ]
    assert spacebeam("list", path, "--raw").stdout == b""


@pytest.mark.parametrize("kind", [Kind.TEXT, Kind.BINARY])
def test_a_long_message_is_whole_in_every_format(kind: Kind, tmp_path: Path) -> None:
    payload = b"0123456789abcdef" * 2**20
    path = write_entries(tmp_path / "a.beam", single(BEGAN, Direction.RECEIVED, kind, payload))
    written = payload.hex().encode() if kind is Kind.BINARY else payload
    for options in ((), ("--raw",)):
        assert spacebeam("list", path, *options).stdout.endswith(written + b"\n")
        assert spacebeam("search", path, "cdef", *options).stdout.endswith(written + b"\n")
    assert spacebeam("list", path, "--binary", "raw").stdout == payload
    encoded = spacebeam("list", path, "--raw", "--binary", "base64").stdout
    assert kind is Kind.TEXT or base64.b64decode(encoded) == payload
    assert [_payload(entry) for entry in _entries(path)] == [payload]


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
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("list", path, "--filter", "is:received is:text", "--raw")
    assert finished.stdout == b'{"price": 7}\n'


@pytest.mark.parametrize("where", [("--from", "129999"), ("--last", "2")])
def test_a_range_of_entries_is_listed(tmp_path: Path, where: tuple[str, str]) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(130_000))  # in two blocks
    assert spacebeam("list", path, *where, "--raw").stdout == b"0129998\n0129999\n"
    assert [entry["number"] for entry in _entries(path, *where)] == [129_999, 130_000]
    assert spacebeam("list", path, "--from", "130001").stdout == b""


def test_a_flood_is_listed_completely_in_order(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(200_000))
    lines = b"".join(b"%07d\n" % number for number in range(200_000))
    assert spacebeam("list", path, "--raw").stdout == lines
    assert _lines(spacebeam("list", path).stdout) == [
        f"< text   {line}" for line in lines.decode().split()
    ]
    assert [entry["text"] for entry in _entries(path)] == lines.decode().split()


def test_a_closed_pipe_is_not_a_failure(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", _flood(200_000))
    with subprocess.Popen(
        command("list", path, "--raw"), stdout=subprocess.PIPE, stderr=subprocess.PIPE
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


def _on_terminal(until: bytes, *arguments: str) -> bytes:
    """Return the output of “spacebeam list” on a terminal."""
    ours, theirs = os.openpty()
    with subprocess.Popen(command("list", *arguments), stdout=theirs) as child:
        os.close(theirs)
        shown = read_until(ours, until)
        assert child.wait(PATIENCE) == 0
    os.close(ours)
    return shown


def test_raw_messages_are_unchanged_only_in_a_pipe(tmp_path: Path) -> None:
    hostile = single(BEGAN, Direction.RECEIVED, Kind.TEXT, "\x1b[2Jé".encode())
    path = write_entries(tmp_path / "a.beam", hostile)
    assert spacebeam("list", path, "--raw").stdout == "\x1b[2Jé\n".encode()
    assert _on_terminal(b"\n", path, "--raw") == "␛[2Jé\r\n".encode()
    assert _on_terminal(b"\n", path).endswith(r" < text   \x1b[2Jé".encode() + b"\r\n")


def test_raw_bytes_are_hexadecimal_on_a_terminal(tmp_path: Path) -> None:
    path = write_entries(
        tmp_path / "a.beam", single(BEGAN, Direction.RECEIVED, Kind.BINARY, b"\x1b\x00")
    )
    assert _on_terminal(b"\n", path, "--binary", "raw") == b"1b00\r\n"


def test_a_terminal_is_shown_binary_messages_in_their_format(tmp_path: Path) -> None:
    payloads = (b'{"a":1}', b"\x1b[2J")
    messages = (single(BEGAN, Direction.RECEIVED, Kind.BINARY, one) for one in payloads)
    path = write_entries(tmp_path / "a.beam", *messages)
    both, decoded = b"7b2261223a317d\n1b5b324a\n", b'{"a":1}\n1b5b324a\n'
    assert spacebeam("list", path, "--raw").stdout == both
    assert spacebeam("list", path, "--raw", "--decode", "auto").stdout == decoded
    shown = spacebeam("search", path, "json:a", "--decode", "json").stdout
    assert shown.endswith(b' < binary {"a":1}\n')
    for options, first, last in (
        ((), b'{"a":1}', b"1b5b324a"),
        (("--binary", "base64"), b"eyJhIjoxfQ==", b"G1sySg=="),
        (("--decode", "hex"), b"7b2261223a317d", b"1b5b324a"),
        (("--decode", "text"), b'{"a":1}', rb"\x1b[2J"),
    ):
        shown = _on_terminal(last + b"\r\n", path, *options)
        assert b" < binary " + first + b"\r\n" in shown


def test_json_lines_have_no_format(tmp_path: Path) -> None:
    finished = spacebeam("list", write_example(tmp_path / "a.beam"), "--json", "--decode", "hex")
    assert finished.returncode == 2
    assert b"--decode" in finished.stderr


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
    finished = spacebeam("list", path, "--raw")
    assert finished.returncode == 4
    assert finished.stdout.count(b"\n") == 140_000 - 65_536
    assert finished.stdout.endswith(b"0139999\n")
    assert b"The recording is damaged" in finished.stderr
    assert b"Could not read 1 block of 3." in finished.stderr


def test_the_last_matching_entries_are_listed(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("list", path, "--filter", "is:text", "--last", "1", "--raw")
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


def test_hidden_entries_are_left_out(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    finished = spacebeam("list", path, "--hide", "is:ping", "--hide=is:event", "--hide", "BTC")
    assert _lines(finished.stdout) == [
        '< text   {"price": 7}',
        "< binary 00ff",
        "< close  1000 normal closure: bye",
    ]
    finished = spacebeam("search", path, "-is:sent", "--hide", "json:price", "--count")
    assert (finished.returncode, finished.stdout) == (0, b"4\n")
    assert spacebeam("list", path, "--hide", "size>=0").returncode == 1
    finished = spacebeam("list", path, "--hide", "is:pin")
    assert finished.returncode == 2
    assert b"After is:, write one of" in finished.stderr


def test_filters_may_be_about_questions_and_answers(tmp_path: Path) -> None:
    path = write_entries(tmp_path / "a.beam", *(text(*line) for line in CALLS))
    assert [one["number"] for one in _entries(path, "--filter", "latency>200ms")] == [3, 4]
    assert [one["number"] for one in _entries(path, "--filter", "is:unanswered")] == [8]
    slow = _entries(path, "--filter", "latency>200ms pair:getBook", "--hide", "pair:ping")
    assert [one["number"] for one in slow] == [4]


@pytest.mark.parametrize("text", ["is:unanswered", "-is:invalid"])
def test_what_is_only_in_recordings_is_refused_where_messages_are_new(text: str) -> None:
    finished = spacebeam("connect", "ws://127.0.0.1:9/", f"--hide={text}")
    assert (finished.returncode, b"of a recording only" in finished.stderr) == (2, True)


def test_a_filter_finds_messages_that_violate_the_given_schema(tmp_path: Path) -> None:
    schema = tmp_path / "order.json"
    schema.write_text('{"properties": {"id": {"type": "integer"}}}')
    orders = ({"id": 7}, {"id": "7"}, {"id": None})
    path = write_entries(tmp_path / "a.beam", *(text(1.0, RECEIVED, one) for one in orders))
    given = ("--json-schema", str(schema))
    found = _entries(path, "--filter", "is:invalid", *given)
    assert [one["number"] for one in found] == [2, 3]
    finished = spacebeam("search", path, "is:invalid", "--count", *given)
    assert (finished.returncode, finished.stdout) == (0, b"2\n")
    finished = spacebeam("list", path, "--hide", "is:invalid", "--raw", *given)
    assert finished.stdout == b'{"id": 7}\n'
    finished = spacebeam("stats", path, "--filter", "is:invalid", "--json", *given)
    assert sum(json.loads(one)["count"] for one in finished.stdout.splitlines()) == 2
    out = str(tmp_path / "bad.jsonl")
    finished = spacebeam("export", path, "-o", out, "--filter", "is:invalid", *given)
    assert finished.returncode == 0
    assert len(Path(out).read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--filter", "is:invalid"),
        ("list", "--hide", "is:invalid"),
        ("stats", "--filter=-is:invalid"),
        ("export", "-o", "-", "--format", "jsonl", "--filter", "is:invalid"),
    ],
)
def test_a_filter_about_a_schema_says_that_none_is_given(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    path = write_entries(tmp_path / "a.beam", text(1.0, RECEIVED, {"id": 7}))
    finished = spacebeam(words[0], path, *words[1:])
    assert (finished.returncode, finished.stdout) == (2, b"")
    assert b"is:invalid needs a JSON Schema: add --json-schema FILE." in finished.stderr
