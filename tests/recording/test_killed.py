"""A program killed while it records leaves a valid file with all that it had written."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from spacebeam.recording.errors import RecordingError, RecordingFault
from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import ended_abruptly
from tests.support.batches import check_numbers
from tests.support.feed import SIZE, feed_server
from tests.support.recorder import logged
from tests.support.recordings import entries_in_file, opened_recording

PROJECT = Path(__file__).parents[2]
KILLS = int(os.environ.get("SPACEBEAM_KILLS") or 3)  # `make robust` asks for more
MAX_LOST = 18 * 2**20 // SIZE  # entries: reading pauses while 16 MiB are pending
_TIMEOUT_S = 30.0


@contextlib.contextmanager
def recorder(address: str, path: Path) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Record in a child process, which is killed at the end of the block.

    Yield a function that waits for a condition while the child records.
    """
    command = [sys.executable, "-m", "tests.support.recorder", address, str(path), str(log(path))]
    child = subprocess.Popen(command, cwd=PROJECT)

    def wait_for(condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _TIMEOUT_S
        while not condition():
            assert child.poll() is None
            assert time.monotonic() < deadline, "the condition never held"
            time.sleep(0.002)

    try:
        yield wait_for
    finally:
        child.kill()
        child.wait()


def log(path: Path) -> Path:
    """Return the file in which the child logs how many entries it has recorded."""
    return path.with_suffix(".log")


def check_file(path: Path, least: int) -> int:
    """Check a valid, incomplete recording of at least `least` entries; return their count."""
    assert not is_being_written(path)
    with opened_recording(path) as recording:
        assert ended_abruptly(recording)
        assert len(recording) >= least
        # One entry is the event of the connection.
        assert check_numbers(recording, SIZE) == len(recording) - 1
        assert recording.entry(least - 1).number == least - 1
        return len(recording)


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_in_a_flood_loses_only_pending_entries(number: int, tmp_path: Path) -> None:
    count = random.Random(number).randrange(1, 1_000_000) if number else 500_000
    path = tmp_path / "x.beam"
    with feed_server() as address, recorder(address, path) as wait_for:
        wait_for(lambda: logged(log(path)) >= count and entries_in_file(path) > 0)
        least = entries_in_file(path)
    assert check_file(path, least) >= logged(log(path)) - MAX_LOST


@pytest.mark.parametrize("number", range((KILLS + 2) // 3))
def test_a_kill_after_a_slow_feed_loses_nothing(number: int, tmp_path: Path) -> None:
    count = random.Random(number).randrange(1, 40) if number else 20
    path = tmp_path / "x.beam"
    with feed_server(rate=20, count=count) as address, recorder(address, path) as wait_for:
        wait_for(lambda: entries_in_file(path) == 1 + count)
    assert check_file(path, 1 + count) == 1 + count


@pytest.mark.parametrize("number", range(KILLS))
def test_a_kill_at_the_beginning_leaves_a_valid_or_empty_file(number: int, tmp_path: Path) -> None:
    path = tmp_path / "x.beam"
    with feed_server() as address, recorder(address, path) as wait_for:
        wait_for(lambda: logged(log(path)) > 0)
        time.sleep(random.Random(number).uniform(0.0, 0.05))  # the moment of the kill varies
    if not path.exists():
        return
    try:
        with opened_recording(path) as recording:
            assert ended_abruptly(recording)
            assert check_numbers(recording, SIZE) == max(0, len(recording) - 1)
    except RecordingError as error:
        assert error.fault is RecordingFault.IS_EMPTY  # noqa: PT017
