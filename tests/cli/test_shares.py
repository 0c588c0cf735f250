"""Together they look at each block of one file once, and none of them goes on alone."""

from __future__ import annotations

import errno
import os
import signal
import time
from operator import length_hint
from pathlib import Path

import pytest

from spacebeam.cli import shares
from spacebeam.cli.shares import Count, Counted, Share, count_in_shares
from spacebeam.recording.errors import RecordingError
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


def every(recording: Recording, share: Share) -> Counted:
    """How many entries there are, and in how many blocks."""
    sizes = [len(recording.block(index)) for index in share]
    return Counted(sum(sizes), len(sizes))


def open_files() -> int:
    return len(os.listdir("/dev/fd"))


def children() -> set[str]:
    """The processes that this one began and has not seen the end of."""
    return set(Path(f"/proc/self/task/{os.getpid()}/children").read_text().split())


@pytest.mark.parametrize("blocks", [1, 3, 63, 64, 65, 130])
def test_together_they_look_at_each_block_once(blocks: int, tmp_path: Path) -> None:
    path, looked_at = long(tmp_path / "a.beam", blocks), tmp_path / "indices"

    def noting(_recording: Recording, share: Share) -> Counted:
        with looked_at.open("ab", buffering=0) as stream:
            for index in share:
                stream.write(bytes([index]))
        return Counted(1, 2)

    assert count_in_shares(path, noting) == (4, 8)
    assert sorted(looked_at.read_bytes()) == list(range(blocks))


def test_for_those_that_are_held_up_another_takes_the_parts(tmp_path: Path) -> None:
    blocks, most_in_part = 100, 2
    reading, writing = os.pipe()
    own: list[int] = []

    def counted(_recording: Recording, share: Share) -> Counted:
        if share.number == 0:
            own.extend(share)
        os.close(writing)
        # The others wait, with the first block of a part, until there is no part left.
        others = share.number and sum(len(os.read(reading, 1)) + 1 for _index in share)
        return Counted(len(own) + others, 0)

    assert count_in_shares(long(tmp_path / "a.beam", blocks), counted) == (blocks, 0)
    os.close(reading)
    assert len(own) >= blocks - 3 * most_in_part


def test_each_can_expect_as_many_as_the_others(tmp_path: Path) -> None:
    assert [length_hint(Share(0, 4, blocks, ())) for blocks in (1, 4, 10)] == [1, 1, 3]


@pytest.mark.parametrize("numbers", [{1}, {2, 3}, {1, 2, 3}])
def test_those_that_say_nothing_are_stood_in_for(numbers: set[int], tmp_path: Path) -> None:
    def dying(recording: Recording, share: Share) -> Counted:
        if share.number in numbers:
            next(iter(share), None)
            os._exit(1)
        return every(recording, share)

    assert count_in_shares(long(tmp_path / "a.beam", 10), dying) == (10, 10)


@pytest.mark.parametrize("possible", [0, 1, 2])
def test_where_no_more_can_be_begun_those_that_are_there_count_all(
    possible: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fork, begun = long(tmp_path / "a.beam", 10), os.fork, 0

    def limited() -> int:
        nonlocal begun
        if begun == possible:
            raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        begun += 1
        return fork()

    monkeypatch.setattr(os, "fork", limited)
    before = open_files(), children()
    assert count_in_shares(path, every) == (10, 10)
    assert begun == possible
    assert (open_files(), children()) == before


@pytest.mark.parametrize("error", [RecordingError, KeyboardInterrupt])
def test_where_one_cannot_go_on_the_others_do_not_either(
    error: type[BaseException], tmp_path: Path
) -> None:
    test = os.getpid()

    def failing(_recording: Recording, _share: Share) -> Counted:
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
    assert list(tmp_path.iterdir()) == [path]  # and nothing of SQLite's


def test_they_do_not_go_on_for_one_that_was_killed(tmp_path: Path) -> None:
    path, looked_at, most_in_part = long(tmp_path / "a.beam", 100), tmp_path / "indices", 2
    held, release = os.pipe()

    def noting(_recording: Recording, share: Share) -> Counted:
        if share.number == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        with looked_at.open("ab", buffering=0) as stream:
            for index in share:
                stream.write(bytes([index]))
                os.read(held, 1)  # until the first is no more
        return Counted(0, 0)

    told, telling = os.pipe()
    killed = os.fork()
    if not killed:
        try:
            os.close(release)
            count_in_shares(path, noting)
        finally:
            os._exit(0)
    os.close(telling)
    assert os.waitstatus_to_exitcode(os.waitpid(killed, 0)[1]) == -signal.SIGKILL
    os.close(release)
    assert os.read(told, 1) == b""  # all have ended
    assert len(looked_at.read_bytes()) <= 3 * most_in_part
    os.close(held)
    os.close(told)


def replacing(path: Path, other: Path) -> Count:
    """Counts, and puts another file in the place of the first before all is counted."""

    def count(recording: Recording, share: Share) -> Counted:
        if share.number == 0 and other.exists():
            other.replace(path)
        return every(recording, share)

    return count


def test_a_file_that_is_replaced_meanwhile_is_counted_anew(tmp_path: Path) -> None:
    path, other = long(tmp_path / "a.beam", 10), long(tmp_path / "b.beam", 30)
    assert count_in_shares(path, replacing(path, other)) == (30, 30)


def test_a_file_that_is_missing_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="There is no file"):
        count_in_shares(tmp_path / "none.beam", every)


def test_it_leaves_nothing_behind(tmp_path: Path) -> None:
    path = long(tmp_path / "a.beam", 10)
    before = open_files(), children()
    for _time in range(20):
        count_in_shares(path, every)
        assert list(tmp_path.iterdir()) == [path]
    assert (open_files(), children()) == before


def test_ctrl_c_just_after_a_process_was_begun_leaves_it_not_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fork = long(tmp_path / "a.beam", 10), os.fork

    def interrupted() -> int:
        if process := fork():
            signal.raise_signal(signal.SIGINT)
        return process

    monkeypatch.setattr(os, "fork", interrupted)
    before = open_files(), children()
    with pytest.raises(KeyboardInterrupt):
        count_in_shares(path, every)
    assert (open_files(), children()) == before
    assert list(tmp_path.iterdir()) == [path]


def test_where_the_system_takes_care_of_those_that_ended_they_are_not_waited_for(
    tmp_path: Path,
) -> None:
    path = long(tmp_path / "a.beam", 10)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert count_in_shares(path, every) == (10, 10)
    finally:
        signal.signal(signal.SIGCHLD, before)
