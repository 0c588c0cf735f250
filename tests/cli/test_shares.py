"""Shares of a count are those of one file, and none of them goes on alone."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from spacebeam.cli import shares
from spacebeam.cli.shares import Counted, count_in_shares
from spacebeam.recording.fault import RecordingError
from spacebeam.recording.recording import Recording
from tests.cli.recordings import recorded
from tests.support.batches import numbered_batch

_BLOCK = 70_000  # bytes


@pytest.fixture(autouse=True)
def _four_for_any_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shares, "_WORTHWHILE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 4)


def long(path: Path, blocks: int) -> Path:
    recorded(path, *(numbered_batch(number, 1, _BLOCK) for number in range(blocks)))
    return path


def every(recording: Recording, indices: range) -> Counted:
    return Counted(sum(len(recording.block(index)) for index in indices), len(indices))


def children() -> set[str]:
    """The processes that this one began and has not seen the end of."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


def test_together_they_are_the_whole(tmp_path: Path) -> None:
    assert count_in_shares(long(tmp_path / "a.beam", 10), every) == (10, 10)


def test_who_says_nothing_is_stood_in_for(tmp_path: Path) -> None:
    test = os.getpid()

    def dying(recording: Recording, indices: range) -> Counted:
        if os.getpid() != test and indices.start < 5:
            os._exit(1)
        return every(recording, indices)

    assert count_in_shares(long(tmp_path / "a.beam", 10), dying) == (10, 10)


@pytest.mark.parametrize("error", [RecordingError, KeyboardInterrupt])
def test_where_one_cannot_go_on_the_others_do_not_either(
    error: type[BaseException], tmp_path: Path
) -> None:
    test = os.getpid()

    def failing(_recording: Recording, _indices: range) -> Counted:
        if os.getpid() == test:
            raise error
        signal.pause()  # until it is ended
        return Counted(0, 0)

    path, before = long(tmp_path / "a.beam", 10), children()
    began = time.monotonic()
    with pytest.raises(error):
        count_in_shares(path, failing)
    assert time.monotonic() - began < 10
    assert children() == before


def replacing(path: Path, other: Path) -> Callable[[Recording, range], Counted]:
    """Counts, and puts another file in the place of the first before the last share is counted."""

    def count(recording: Recording, indices: range) -> Counted:
        if indices.start == 0 and other.exists():
            other.replace(path)
        return every(recording, indices)

    return count


def test_a_file_that_is_replaced_meanwhile_is_counted_anew(tmp_path: Path) -> None:
    path, other = long(tmp_path / "a.beam", 10), long(tmp_path / "b.beam", 30)
    assert count_in_shares(path, replacing(path, other)) == (30, 30)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no file"):
        count_in_shares(tmp_path / "none.beam", every)


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    path = long(tmp_path / "a.beam", 10)
    before = len(os.listdir("/dev/fd")), children()
    for _time in range(3):
        count_in_shares(path, every)
    assert (len(os.listdir("/dev/fd")), children()) == before
