"""Counting in a long recording: the processors share the blocks.

Processes and not threads: what is found is handled in Python, one thread at a time.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from spacebeam.recording.errors import RecordingError
from spacebeam.recording.file import is_being_written
from spacebeam.recording.opening import open_read_only
from spacebeam.recording.recording import Recording

_WORTHWHILE = 16 * 2**20  # bytes of a file
_MOST = 8  # processes
# Of a file, numbered by a byte. Who is done with one takes the next: with a fixed share for each,
# all would wait for the process whose processor others want too.
_PARTS = 64


class Counted(NamedTuple):
    """How many entries were found, and how many blocks could not be looked at."""

    found: int
    unread: int


class Share:
    """The indices of the blocks that one of the processes looks at.

    How many they are is seen in the end; `operator.length_hint` tells what can be expected.
    """

    def __init__(self, number: int, processes: int, blocks: int, parts: Iterable[int]) -> None:
        self.number = number  # of the process; 0 is the one that was asked
        self._processes = processes
        self._blocks = blocks  # in the file
        self._parts = parts

    def __length_hint__(self) -> int:
        return -(-self._blocks // self._processes)

    def __iter__(self) -> Iterator[int]:
        for part in self._parts:
            begin, end = part * self._blocks // _PARTS, (part + 1) * self._blocks // _PARTS
            yield from range(begin, end)


Count = Callable[[Recording, Share], Counted]  # of what is in these blocks


def count_in_shares(path: Path, count: Count) -> Counted:
    """What `count` gives for all blocks of a file together. Raises RecordingError."""
    before, processes = _version(path), _processes(path)
    if processes > 1:
        counted = _together(path, count, processes)
        # Of a file that was changed, each may have seen another.
        if counted is not None and _version(path) == before:
            return counted
    with closing(open_read_only(path)) as recording:
        return count(recording, Share(0, 1, recording.block_count, range(_PARTS)))


def _version(path: Path) -> tuple[int, ...]:
    """Which file it is, and when it was changed."""
    try:
        found = path.stat()
    except OSError:
        return ()
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def _processes(path: Path) -> int:
    """How many are to count."""
    try:
        is_long = path.stat().st_size >= _WORTHWHILE
    except OSError:
        return 1
    # Of one that grows, each process would see another length.
    if not is_long or not hasattr(os, "fork") or is_being_written(path):
        return 1
    return min(os.cpu_count() or 1, _MOST)


def _together(path: Path, count: Count, processes: int) -> Counted | None:
    """What this process and others count; None if one of them does not tell."""
    offered = _offered_parts()
    others: list[_Other] = []
    with ExitStack() as last:
        try:
            with _uninterrupted():
                # Before the file is opened here: SQLite's connections do not outlive a fork.
                with suppress(OSError):  # where no more can be begun, those there are take all
                    for number in range(1, processes):
                        others.append(_begin(path, count, number, processes, offered))
                # Closed when nobody else has it open: so what SQLite has beside it goes.
                recording = last.enter_context(closing(open_read_only(path)))
            share = Share(0, processes, recording.block_count, _taken(offered))
            told = [count(recording, share), *map(_told, others)]
        except BaseException:
            for other in others:
                other.kill()
            raise
        finally:
            os.close(offered)
            for other in others:
                other.wait()
    counted = [one for one in told if one is not None]
    if len(counted) < len(told):
        return None  # whoever counts alone then meets the same error
    return Counted(sum(one.found for one in counted), sum(one.unread for one in counted))


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl+C waits until the block is done, or something might be begun that nobody knows of."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _offered_parts() -> int:
    """Where each process takes its parts: a pipe with their numbers, which ends behind the last."""
    reading, writing = os.pipe()
    os.write(writing, bytes(range(_PARTS)))
    os.close(writing)
    return reading


def _taken(offered: int, parent: int | None = None) -> Iterator[int]:
    """The parts that this process takes, each when it is done with the one before.

    With `parent`, as long as that is its parent: nobody else wants to know.
    """
    while (parent is None or os.getppid() == parent) and (number := os.read(offered, 1)):
        yield number[0]


class _Other(NamedTuple):
    """A process that takes parts too."""

    process: int
    reading: int  # the end of the pipe that says what it counted

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)

    def wait(self) -> None:
        os.close(self.reading)
        with suppress(ChildProcessError):  # where SIGCHLD is ignored the system does it
            os.waitpid(self.process, 0)


def _begin(path: Path, count: Count, number: int, processes: int, offered: int) -> _Other:
    """Begin to count in a process of its own, which Ctrl+C does not reach. Raises OSError."""
    parent, (reading, writing) = os.getpid(), os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if process:
        os.close(writing)
        return _Other(process, reading)
    try:
        with closing(open_read_only(path)) as recording:
            parts = _taken(offered, parent)
            found, unread = count(recording, Share(number, processes, recording.block_count, parts))
        os.write(writing, b"%d %d" % (found, unread))
    except RecordingError:
        pass  # nothing is told
    finally:
        os._exit(0)


def _told(other: _Other) -> Counted | None:
    with open(other.reading, "rb", closefd=False) as stream:
        told = stream.read().split()
    return Counted(int(told[0]), int(told[1])) if len(told) == 2 else None
