"""`spacebeam record`: the file that it writes, its messages and exit codes."""

from __future__ import annotations

import json
import os
import re
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spacebeam.decode.preview import size
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.opening import ended_abruptly
from spacebeam.recording.recording import Recording
from tests.cli.program import (
    PATIENCE,
    close_frame,
    command,
    interrupt,
    open_stream,
    peer,
    read_frame,
    read_until,
    sending,
    spacebeam,
    started,
    text_frame,
    wait_for_close,
)
from tests.support.disks import disk
from tests.support.recordings import read


def _payloads(recording: Recording, direction: Direction, kind: Kind = Kind.TEXT) -> list[bytes]:
    entries = map(recording.entry, range(len(recording)))
    return [bytes(one.payload) for one in entries if (one.direction, one.kind) == (direction, kind)]


def test_every_message_is_recorded(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", f"{served}/flood?count=100000&size=5", str(path))
    assert (finished.returncode, finished.stderr.decode()) == (
        0,
        "Closed by the server (1000, normal closure: “100000 messages sent”).\n",
    )
    recording = read(path)
    summary = f"{len(recording):,} entries ({size(recording.size)}) recorded in {path}\n"
    assert finished.stdout.decode() == summary
    assert _payloads(recording, Direction.RECEIVED) == [b"01234"] * 100_000
    assert _payloads(recording, Direction.NONE, Kind.EVENT)[0].startswith(b'{"type":"connected"')
    assert not ended_abruptly(recording)


def test_the_recording_has_its_address(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    assert spacebeam("record", f"{served}/flood?count=1", str(path)).returncode == 0
    recording = read(path)
    assert recording.facts["address"] == f"{served}/flood?count=1"
    assert "title" not in recording.facts  # only the person gives a title
    assert recording.facts["began"] == recording.began <= recording.facts["ended"]
    ((before, report),) = recording.handshakes
    assert before == 0
    assert json.loads(report)["exchanges"][0]["response"]["status"] == 101


def test_the_file_is_private(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    spacebeam("record", f"{served}/flood?count=1", str(path))
    assert path.stat().st_mode & 0o777 == 0o600


def test_messages_are_sent_and_recorded(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam(
        "record", f"{served}/echo", str(path), "--send", "a", "--send", "ü", "--count", "2"
    )
    assert finished.returncode == 0
    recording = read(path)
    assert _payloads(recording, Direction.SENT) == [b"a", "ü".encode()]
    assert _payloads(recording, Direction.RECEIVED) == [b"a", "ü".encode()]


def test_exactly_the_given_number_of_messages_is_recorded(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", f"{served}/flood?count=500000", str(path), "--count", "12345")
    assert finished.returncode == 0
    recording = read(path)
    assert len(_payloads(recording, Direction.RECEIVED)) == 12345
    assert len(_payloads(recording, Direction.SENT, Kind.CLOSE)) == 1


def test_fewer_messages_than_wanted_exit_with_3(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", f"{served}/flood?count=3", str(path), "--count", "4")
    assert finished.returncode == 3
    assert finished.stderr.decode().splitlines() == [
        "Closed by the server (1000, normal closure: “3 messages sent”).",
        "spacebeam: Received 3 of 4 messages.",
    ]
    assert len(_payloads(read(path), Direction.RECEIVED)) == 3


def test_recording_stops_at_the_time_limit(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", f"{served}/ticker?interval=10", str(path), "--for", "1.5")
    assert finished.returncode == 0
    assert _payloads(read(path), Direction.RECEIVED)
    assert not ended_abruptly(read(path))


@pytest.mark.parametrize("end", [interrupt, lambda child: _terminate(child)])
def test_signals_stop_recording_with_a_close_frame(
    tmp_path: Path, served: str, end: Callable[[subprocess.Popen[bytes]], int]
) -> None:
    path = tmp_path / "a.beam"
    with started(
        "record", f"{served}/echo", str(path), "--send", "hi", "-v", stdout=subprocess.PIPE
    ) as child:
        assert child.stderr is not None
        read_until(child.stderr.fileno(), b"< text 2 B")
        assert end(child) == 0
    recording = read(path)
    assert _payloads(recording, Direction.RECEIVED) == [b"hi"]
    assert len(_payloads(recording, Direction.RECEIVED, Kind.CLOSE)) == 1
    assert not ended_abruptly(recording)


def _terminate(child: subprocess.Popen[bytes]) -> int:
    child.send_signal(signal.SIGTERM)
    return child.wait(PATIENCE)


def test_a_lost_connection_is_reported_and_everything_recorded(tmp_path: Path) -> None:
    def drop(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("last"))

    path = tmp_path / "a.beam"
    with peer(drop) as url:
        finished = spacebeam("record", url, str(path))
    assert finished.returncode == 3
    assert b"Connection lost" in finished.stderr
    assert _payloads(read(path), Direction.RECEIVED) == [b"last"]


def test_reconnecting_continues_the_file(tmp_path: Path) -> None:
    received: list[bytes] = []

    def script(word: str, then: Callable[[socket.socket], None]) -> Callable[[socket.socket], None]:
        def serve(connection: socket.socket) -> None:
            open_stream(connection)
            received.append(read_frame(connection)[1])
            connection.sendall(text_frame(word))
            then(connection)

        return serve

    path = tmp_path / "a.beam"
    options = ("--send", "please", "--reconnect", "3", "--count", "2")
    with peer(script("one", socket.socket.close), script("two", wait_for_close)) as url:
        finished = spacebeam("record", url, str(path), *options)
    assert finished.returncode == 0, finished.stderr
    recording = read(path)
    assert received == [b"please"] * 2
    assert _payloads(recording, Direction.RECEIVED) == [b"one", b"two"]
    assert len(recording.handshakes) == 2
    assert recording.handshakes[1][0] > recording.handshakes[0][0]


def test_a_connection_that_is_given_up_is_reported_once_and_everything_recorded(
    tmp_path: Path,
) -> None:
    def drop(connection: socket.socket) -> None:
        open_stream(connection)
        connection.sendall(text_frame("last"))

    path = tmp_path / "a.beam"
    with peer(drop) as url:
        finished = spacebeam("record", url, str(path), "--reconnect", "1")
    assert finished.returncode == 3
    assert finished.stderr.decode().count("Gave up reconnecting after 1 attempt.") == 1
    assert (
        finished.stderr.decode().splitlines()[-1].endswith("Gave up reconnecting after 1 attempt.")
    )
    assert _payloads(read(path), Direction.RECEIVED) == [b"last"]


def test_a_program_reads_how_a_recording_ended(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    with peer(sending(text_frame("hi") + close_frame(1001, "idle timeout"))) as url:
        finished = spacebeam("record", url, str(path), "--json")
    assert finished.returncode == 0
    assert "Closed by the server (1001, going away: “idle timeout”)." in finished.stderr.decode()
    recording = read(path)
    outcome = json.loads(finished.stdout)
    event = outcome.pop("event")
    assert outcome == {
        "file": str(path),
        "entries": len(recording),
        "bytes": recording.size,
        "complete": True,
    }
    assert event["type"] == "closed"
    assert (event["code"], event["reason"]) == (1001, "idle timeout")
    last = recording.entry(len(recording) - 1)
    assert json.loads(bytes(last.payload)) == event


def test_a_program_reads_why_there_is_no_recording(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", "ws://127.0.0.1:1", str(path), "--json")
    assert finished.returncode == 1
    outcome = json.loads(finished.stdout)
    assert (outcome["entries"], outcome["complete"]) == (0, False)
    assert outcome["event"]["type"] == "connect-failed"
    assert not path.exists()


def test_a_failed_connection_creates_no_file(tmp_path: Path) -> None:
    path = tmp_path / "a.beam"
    finished = spacebeam("record", "ws://127.0.0.1:1", str(path))
    assert finished.returncode == 1
    assert finished.stderr.startswith(b"spacebeam: ")
    assert list(tmp_path.iterdir()) == []


def test_an_existing_file_is_not_overwritten(tmp_path: Path, served: str) -> None:
    path = tmp_path / "a.beam"
    path.write_bytes(b"mine")
    finished = spacebeam("record", f"{served}/echo", str(path))
    assert finished.returncode == 5
    assert "already exists" in finished.stderr.decode()
    assert path.read_bytes() == b"mine"


def test_a_missing_folder_is_reported(tmp_path: Path, served: str) -> None:
    finished = spacebeam("record", f"{served}/echo", str(tmp_path / "none" / "a.beam"))
    assert finished.returncode == 5
    assert b"Could not create the recording " in finished.stderr
    assert b": No such file or directory." in finished.stderr


def test_a_full_disk_makes_the_server_wait_and_is_reported(tmp_path: Path, served: str) -> None:
    def no_more() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2**20, 2**20))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    path = tmp_path / "a.beam"
    with subprocess.Popen(
        command("record", f"{served}/flood?count=1000000", str(path), "--close-timeout", "0.5"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        preexec_fn=no_more,
    ) as child:
        assert child.stderr is not None
        assert child.stdout is not None
        read_until(child.stderr.fileno(), b"the server waits.")
        assert interrupt(child) == 5
        assert b"Not everything could be written" in child.stderr.read()
        assert child.stdout.read() == b""


def test_messages_are_written_when_a_full_disk_has_room_though_the_server_has_closed(
    tmp_path: Path, served: str
) -> None:
    with disk(tmp_path / "small", "2M") as small:
        path = small.folder / "a.beam"
        with started(
            "record", f"{served}/flood?count=400&size=10000", str(path), stdout=subprocess.PIPE
        ) as child:
            assert child.stderr is not None
            told = read_until(child.stderr.fileno(), b"Ctrl+C discards them.")
            assert b"The disk is full" in told
            small.change("size=64M")
            assert child.wait(PATIENCE) == 0
            assert b"Recording resumed." in child.stderr.read()
        recording = read(path)
        received = _payloads(recording, Direction.RECEIVED)
        assert [len(payload) for payload in received] == [10_000] * 400
        assert not ended_abruptly(recording)


def test_ctrl_c_on_a_full_disk_prints_the_number_of_lost_entries(
    tmp_path: Path, served: str
) -> None:
    with disk(tmp_path / "small", "2M") as small:
        path = small.folder / "a.beam"
        with started("record", f"{served}/flood?count=400&size=10000", str(path)) as child:
            assert child.stderr is not None
            read_until(child.stderr.fileno(), b"Ctrl+C discards them.")
            assert interrupt(child) == 5
            told = child.stderr.read().decode()
        found = re.search(r"a\.beam: (\d+) of (\d+) entries are lost\. The disk is full", told)
        assert found is not None, told
        lost, count = map(int, found.groups())
        assert 0 < lost < count
        assert len(read(path)) == count - lost


@pytest.mark.parametrize(("count", "code"), [([], 0), (["--count", "1000000000"], 3)])
def test_ctrl_c_exits_with_0_without_a_wanted_number(
    count: list[str], code: int, tmp_path: Path, served: str
) -> None:
    path = tmp_path / "a.beam"
    arguments = ("record", f"{served}/ticker?interval=5", str(path), *count)
    with started(*arguments, stdout=subprocess.DEVNULL) as child:
        deadline = time.monotonic() + PATIENCE
        while not path.exists() or not path.stat().st_size or not len(read(path)):
            assert time.monotonic() < deadline
        assert interrupt(child) == code
        assert child.stderr is not None
        assert (b"of 1000000000 messages." in child.stderr.read()) is bool(code)
    assert len(read(path))


def test_a_message_too_large_for_a_recording_is_bad_usage(tmp_path: Path) -> None:
    finished = spacebeam(
        "record", "ws://example.org", str(tmp_path / "a.beam"), "--max-message", "1G"
    )
    assert finished.returncode == 2
    assert b"a recording holds messages of up to 900M." in finished.stderr


def test_progress_is_shown_on_a_terminal(tmp_path: Path) -> None:
    screen, terminal = os.openpty()
    with (
        peer(sending(text_frame("hello"))) as url,
        subprocess.Popen(
            command("record", url, str(tmp_path / "a.beam"), "--for", "0.5"),
            stdout=subprocess.DEVNULL,
            stderr=terminal,
        ) as child,
    ):
        read_until(screen, b"2 entries, ")
        assert child.wait(PATIENCE) == 0
    os.close(screen)
    os.close(terminal)


@pytest.mark.parametrize("name", [b"caf\xe9.beam", b"a\nb.beam", b"./-x.beam", b"a?b#c%20.beam"])
def test_a_file_may_have_any_name(name: bytes, tmp_path: Path, served: str) -> None:
    path = os.path.join(str(tmp_path), os.fsdecode(name))
    finished = spacebeam("record", f"{served}/flood?count=2", path)
    assert finished.returncode == 0
    assert finished.stderr.startswith(b"Closed by the server (1000, normal closure")
    assert spacebeam("info", path).returncode == 0
    assert json.loads(spacebeam("info", "--json", path).stdout)["file"] == path
    assert spacebeam("search", path, "is:text", "--count").stdout == b"2\n"


def test_too_long_a_name_is_refused_at_once(tmp_path: Path, served: str) -> None:
    finished = spacebeam("record", f"{served}/flood?count=2", str(tmp_path / ("x" * 250 + ".beam")))
    assert finished.returncode == 5
    assert b"File name too long" in finished.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_who_closed_is_told_though_standard_output_is_full(
    tmp_path: Path, served: str, options: tuple[str, ...]
) -> None:
    path = tmp_path / "a.beam"
    with open("/dev/full", "wb") as full:
        url = f"{served}/flood?count=3"
        finished = spacebeam("record", url, str(path), *options, stdout=full)
    assert finished.returncode == 5
    closed, failed = finished.stderr.decode().splitlines()
    assert closed == "Closed by the server (1000, normal closure: “3 messages sent”)."
    assert failed == "spacebeam: Could not write to standard output: No space left on device."
    assert not ended_abruptly(read(path))
