"""A program that is killed while it records leaves a sound file, up to a moment before."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import ended_abruptly
from tests.support.batches import check_numbers
from tests.support.feed import SIZE, feed_server
from tests.support.kept import opened
from tests.support.recorder import logged

PROJECT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SPACEBEAM_KILLS") or 3)  # `make robust` asks for more
LONGEST_LOSS = 0.3  # seconds before the kill
_PATIENCE = 30.0


def kill_while_recording(address: str, path: Path, after: float) -> int:
    """Record for so many seconds and kill; returns how many entries have to be in the file."""
    log = path.with_suffix(".log")
    command = [sys.executable, "-m", "tests.support.recorder", address, str(path), str(log)]
    child = subprocess.Popen(command, cwd=PROJECT)
    try:
        deadline = time.monotonic() + _PATIENCE
        while not logged(log):
            assert child.poll() is None
            assert time.monotonic() < deadline, "nothing was recorded"
            time.sleep(0.002)
        time.sleep(after)  # the moment of the kill is what is tried
        killed = time.monotonic()
    finally:
        child.kill()
        child.wait()
    lines = logged(log)
    assert after < LONGEST_LOSS or lines[-1][0] - lines[0][0] > after / 2  # to the end
    return max((count for when, count in lines if when < killed - LONGEST_LOSS), default=0)


def check_file(path: Path, least: int) -> None:
    """The file is a sound recording that ended abruptly, and has so many entries at least."""
    assert not is_being_written(path)
    with opened(path) as recording:
        assert ended_abruptly(recording)
        assert len(recording) >= least
        # One event says that it was connected.
        assert check_numbers(recording, SIZE) == len(recording) - 1
        assert recording.entry(least - 1).number == least - 1


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_in_a_flood_loses_a_moment(number: int, tmp_path: Path) -> None:
    after = random.Random(number).uniform(0.31, 1.2) if number else 0.8
    path = tmp_path / "x.beam"
    with feed_server() as address:
        least = kill_while_recording(address, path, after)
    assert least
    check_file(path, least)


@pytest.mark.parametrize("number", range((KILLS + 2) // 3))
def test_a_kill_in_a_slow_feed_loses_a_moment(number: int, tmp_path: Path) -> None:
    after = random.Random(number).uniform(0.5, 2.0) if number else 0.9
    path = tmp_path / "x.beam"
    with feed_server(rate=20) as address:
        least = kill_while_recording(address, path, after)
    assert least > 3
    check_file(path, least)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_at_the_very_beginning_leaves_a_recording_or_nothing(
    number: int, tmp_path: Path
) -> None:
    after = random.Random(number).uniform(0.0, 0.05)
    path = tmp_path / "x.beam"
    with feed_server() as address:
        kill_while_recording(address, path, after)
    if not path.exists():
        return
    try:
        with opened(path) as recording:
            assert ended_abruptly(recording)
            assert check_numbers(recording, SIZE) == max(0, len(recording) - 1)
    except RecordingError as error:
        assert error.fault is RecordingFault.IS_EMPTY  # noqa: PT017
