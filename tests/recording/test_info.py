"""A recording's file at a glance."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError
from spacebeam.recording.info import file_info
from spacebeam.recording.recording import Recording
from tests.cli.recordings import BEGAN, talk


def test_it_counts_without_reading_a_block(tmp_path: Path) -> None:
    path = talk(tmp_path / "a.beam", lambda recording: recording.settle(BEGAN + 9))
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("DELETE FROM content")
    found = file_info(Path(path))
    assert (found.entries, found.sent, found.received) == (6, 1, 4)
    assert (found.sent_size, found.received_size) == (20, 21)
    assert (found.began, found.ended, found.duration) == (BEGAN, BEGAN + 9, 9)
    assert found.is_whole
    assert not found.is_being_written


def test_what_was_never_said_to_be_whole_ends_with_its_last_entry(tmp_path: Path) -> None:
    found = file_info(Path(talk(tmp_path / "a.beam")))
    assert not found.is_whole
    assert found.ended == BEGAN + 5


def test_facts_and_marks_are_in_it(tmp_path: Path) -> None:
    def say(recording: Recording) -> None:
        recording.set_fact("title", "a feed")
        recording.add_handshake("{}")
        recording.star(1, is_starred=True)
        recording.star(2, is_starred=True)

    found = file_info(Path(talk(tmp_path / "a.beam", say)))
    assert (found.title, found.stars, found.notes) == ("a feed", 2, 0)
    assert found.handshakes == ((6, "{}"),)


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO fact VALUES('began', 'once')",
        "INSERT INTO fact VALUES('ended', 9e99)",
        "UPDATE block SET count = 9e999",
        "DROP TABLE mark",
    ],
)
def test_what_makes_no_sense_is_told(tmp_path: Path, damage: str) -> None:
    path = talk(tmp_path / "a.beam")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(damage)
        connection.commit()
    with pytest.raises(RecordingError, match=r"a\.beam"):
        file_info(Path(path))
