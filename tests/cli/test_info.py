"""`spacebeam info`: facts of a recording."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

from spacebeam.recording.entry import Mark
from spacebeam.recording.recording import Recording
from tests.cli.program import interrupt, read_until, spacebeam, started
from tests.cli.recordings import BEGAN, write_example


def _say(recording: Recording) -> None:
    recording.set_fact("title", "feed\x1b[2J")
    recording.set_fact("address", "ws://example.org/")
    recording.set_fact("began", BEGAN)
    recording.add_handshake('{"ok": true}')
    recording.star(1, is_starred=True)
    recording.set_mark(2, Mark(note="look"))
    recording.mark_complete(BEGAN + 3725.5)


def _reported(path: str) -> dict[str, Any]:
    finished = spacebeam("info", path, "--json")
    assert (finished.returncode, finished.stderr) == (0, b"")
    printed: dict[str, Any] = json.loads(finished.stdout)
    return printed


def test_json_has_every_value_of_a_recording(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam", _say)
    assert _reported(path) == {
        "file": path,
        "format": 2,
        "size": Path(path).stat().st_size,
        "title": "feed\x1b[2J",
        "address": "ws://example.org/",
        "began": BEGAN,
        "ended": BEGAN + 3725.5,
        "duration": 3725.5,
        "state": "whole",
        "entries": 6,
        "received": 4,
        "received_bytes": 21,
        "sent": 1,
        "sent_bytes": 20,
        "stars": 1,
        "notes": 1,
        "handshakes": [{"entry": 7, "report": {"ok": True}}],
    }


def test_a_recording_is_described_line_by_line(tmp_path: Path) -> None:
    finished = spacebeam("info", write_example(tmp_path / "a.beam", _say))
    assert finished.returncode == 0
    facts = dict(line.split("  ", 1) for line in finished.stdout.decode().splitlines())
    printed = {name: words.strip() for name, words in facts.items()}
    assert printed["Title"] == "feed␛[2J"
    assert printed["Entries"] == "6"
    assert printed["Received"] == "4 (21 B, pings, pongs and closes included)"
    assert printed["Ended"].endswith(", after 1:02:06")


def test_an_incomplete_recording_is_reported(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    printed = _reported(path)
    assert (printed["state"], printed["ended"]) == ("ended abruptly", BEGAN + 5)
    assert (
        b"abruptly, or it is a copy made during recording; its last entry is of "
        in spacebeam("info", path).stdout
    )


def test_a_recording_being_written_is_reported(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    with started(
        "record", f"{served}/echo", str(path), "--send", "hi", "-v", stdout=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        read_until(child.stderr.fileno(), b"< text 2 B")
        assert _reported(str(path))["state"] == "being written"
        assert b"not yet; it is being written" in spacebeam("info", str(path)).stdout
        assert interrupt(child) == 0
    assert _reported(str(path))["state"] == "whole"


def test_an_empty_recording_has_no_beginning(tmp_path: Path) -> None:
    path = write_example(tmp_path / "a.beam")
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DELETE FROM block; DELETE FROM content;")
    printed = _reported(path)
    assert (printed["entries"], printed["began"], printed["duration"]) == (0, None, None)
    assert b"never" in spacebeam("info", path).stdout


def test_a_file_that_is_no_recording_is_refused(tmp_path: Path) -> None:
    finished = spacebeam("info", "/etc/passwd")
    assert (finished.returncode, finished.stdout) == (4, b"")
    assert finished.stderr == b"spacebeam: /etc/passwd is not a recording of Spacebeam.\n"


def test_handshakes_are_printed(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    assert spacebeam("record", f"{served}/flood?count=1", str(path)).returncode == 0
    printed = spacebeam("info", str(path), "--verbose").stdout.decode()
    assert "\nHandshake 1 of 1, before entry 1, 2" in printed
    for expected in ("GET /flood?count=1 HTTP/1.1", "HTTP/1.1 101 ", "Upgrade: websocket", "Total"):
        assert expected in printed
    assert "GET /" not in spacebeam("info", str(path)).stdout.decode()


def test_an_unreadable_handshake_is_reported_and_the_next_printed(tmp_path: Path) -> None:
    def say(recording: Recording) -> None:
        recording.add_handshake('{"url": "ws://h/", "proxy": "\\u001b[2Jhttp://p"}')

    path = write_example(tmp_path / "a.beam", say)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("""INSERT INTO handshake VALUES(0, '{"\x1b[2J": "\x1b[2J"}')""")
        connection.commit()
    finished = spacebeam("info", path, "-v")
    printed = finished.stdout.decode()
    assert finished.returncode == 0
    assert "Handshake 1 of 2, before entry 1: could not be read. " in printed
    assert "Handshake 2 of 2, before entry 7, 1970-01-01" in printed
    assert "␛[2Jhttp://p" in printed
    assert "\x1b" not in printed
