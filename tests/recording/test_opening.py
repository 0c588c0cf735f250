"""Opening a file to read: all of its data, and files with invalid data."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from spacebeam.recording.entry import Mark
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.opening import ended_abruptly
from spacebeam.search.matching.matcher import Matcher
from spacebeam.search.parser import parse
from spacebeam.search.view import FilteredView
from tests.recording.test_reader import change, write
from tests.support.batches import NOON, check_numbers, numbered_batch
from tests.support.recordings import opened_recording, read

PROJECT = Path(__file__).parents[2]


def test_a_recording_is_read_without_a_loop(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10), numbered_batch(10, 10))
    code = (
        "import sys\nfrom pathlib import Path\nfrom spacebeam.recording import opening\n"
        "recording = opening.open_read_only(Path(sys.argv[1]))\n"
        "print(len(recording), {'gi.events', 'gi.repository.GLib'} & sys.modules.keys())"
    )
    command = [sys.executable, "-c", code, str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "20 set()\n"


def test_a_recording_opened_to_read_cannot_be_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10))
    with opened_recording(path) as recording:
        assert check_numbers(recording) == 10
        assert recording.size == 1200
        assert (recording.block_count, recording.began) == (1, numbered_batch(0, 1).time)
        with pytest.raises(NotImplementedError):
            recording.store.save_block(recording.block(0), is_complete=True)
        with pytest.raises(NotImplementedError):
            recording.star(1, is_starred=True)
        with pytest.raises(NotImplementedError):
            recording.store.forget_block(0)


def test_marks_handshakes_and_facts_are_read(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10))
    change(path, "INSERT INTO mark VALUES(3, 1, ''), (4, 0, 'look')")
    change(path, "INSERT INTO handshake VALUES(5, '[]'), (0, '{}')")
    change(path, "INSERT INTO fact VALUES('title', 'A feed'), ('began', 1.5)")
    with opened_recording(path) as recording:
        assert recording.marks == {3: Mark(True), 4: Mark(note="look")}
        assert recording.stars == {3}
        assert recording.handshakes == [(0, "{}"), (5, "[]")]
        assert recording.facts == {"title": "A feed", "began": 1.5}
        assert ended_abruptly(recording)
    change(path, "INSERT INTO fact VALUES('ended', 9.0)")
    with opened_recording(path) as recording:
        assert not ended_abruptly(recording)


def test_a_damaged_text_makes_no_entry_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10))
    change(path, 'INSERT INTO handshake VALUES(0, \'{"url": "ws://here"}\')')
    change(path, "INSERT INTO mark VALUES(3, 1, 'look here')")
    path.write_bytes(path.read_bytes().replace(b"here", b"her\xff"))
    with opened_recording(path) as recording:
        assert check_numbers(recording) == 10
        assert recording.handshakes == [(0, '{"url": "ws://her\ufffd"}')]
        assert recording.marks[3] == Mark(True, "look her\ufffd")


def test_invalid_facts_handshakes_and_marks_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10))
    change(path, "INSERT INTO fact VALUES('title', x'ff'), (x'ff', 'title'), ('address', NULL)")
    change(path, "INSERT INTO handshake VALUES(0, x'ff'), (1, 'good')")
    change(path, "INSERT INTO mark VALUES(3, 'yes', 7)")
    with opened_recording(path) as recording:
        assert recording.facts == {}
        assert recording.handshakes == [(1, "good")]
        assert recording.marks == {3: Mark(True, "7")}
    change(path, "INSERT INTO fact VALUES('title2', CAST(x'ff' AS TEXT))")
    with opened_recording(path) as recording:
        assert recording.facts == {"title2": "\ufffd"}


@pytest.mark.parametrize(
    "damage",
    [
        "first = 1 WHERE first = 0",
        "first = 11 WHERE first = 10",
        "count = 0",
        "count = -1",
        "count = 11",
        "count = 9",
        "count = 100000",
        "count = 10.5 WHERE first = 10",
        "count = 0, sent = 0, received = 0 WHERE first = 10",
        "count = 100000 WHERE first = 10",
        "count = 'many'",
        "count = 1.5",
        "count = x'00'",
        "began = 1e300",
        "began = -1",
        "began = 'now'",
        "ended = 0",
        "ended = 9e999",
        "sent = 11",
        "sent = -1",
        "received_size = 9223372036854775807",
        "received_size = 'much'",
        "received_size = 0.5",
    ],
)
def test_an_invalid_list_of_blocks_is_refused(tmp_path: Path, damage: str) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10), numbered_batch(10, 10))
    change(path, f"UPDATE block SET {damage}")
    with pytest.raises(RecordingError, match="invalid list of blocks"):
        read(path)
    change(path, "DELETE FROM block")
    with opened_recording(path) as recording:
        assert len(recording) == 0  # the file was closed and can be opened again


def test_a_time_in_an_unreadable_block_is_found_at_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 1000), numbered_batch(1000, 1000, time=NOON + 10))
    change(path, "UPDATE content SET entries = x'00' WHERE first = 1000")
    with opened_recording(path) as recording:
        assert recording.number_at(NOON + 5) == 1000
        assert recording.number_at(NOON + 11) == 2000


def test_a_time_is_found_although_the_clock_was_set_back(tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    times = (NOON + 10, NOON, NOON + 20)
    write(path, *(numbered_batch(0, 1000, time=time) for time in times))
    with opened_recording(path) as recording:
        assert recording.number_at(NOON + 5) == 0
        assert recording.number_at(NOON + 11) == 2000


@pytest.mark.parametrize("listed", [(10, 5), (5, 10), (15, 10)])
def test_a_block_with_a_wrong_listed_count_is_refused(
    listed: tuple[int, int], tmp_path: Path
) -> None:
    path = tmp_path / "x.beam"
    write(path, numbered_batch(0, 10), numbered_batch(10, 10))
    change(path, f"UPDATE block SET count = {listed[1]} WHERE first = 10")
    change(path, f"UPDATE block SET first = {listed[0]} WHERE first = 10")
    change(path, f"UPDATE content SET first = {listed[0]} WHERE first = 10")
    change(path, f"UPDATE block SET count = {listed[0]}, received = 5 WHERE first = 0")
    change(path, "UPDATE block SET received = 5")
    with opened_recording(path) as recording:
        assert len(recording) == sum(listed)
        lies = [place for place in (0, 1) if listed[place] != 10]
        for place in lies:
            with pytest.raises(RecordingError, match="invalid block"):
                recording.block(place)
        view = FilteredView(recording, Matcher(parse("is:text")))
        while not view.is_current:
            with suppress(RecordingError):
                view.advance()
                continue
            view.show_unreadable_block()
        assert view.scanned == sum(listed)


@pytest.mark.parametrize("name", [b"\xff.beam", b"100% #1?.beam", "ü ✓.beam".encode()])
def test_a_file_may_have_any_name(name: bytes, tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(name)
    write(path, numbered_batch(0, 10))
    with opened_recording(path) as recording:
        assert len(recording) == 10
