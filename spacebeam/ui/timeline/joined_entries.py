"""Reads what entries say after those before them, in a thread, for the rows and the inspector."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from weakref import WeakKeyDictionary, ref

from spacebeam.protocol.batch import Kind
from spacebeam.recording.block import Block
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import RecordingError
from spacebeam.recording.recording import Recording
from spacebeam.search.joined import REACH, Joined, JoinedReader, JoinedRun
from spacebeam.ui.tasks import Tasks

_STEP = 256  # entries that a thread reads before the window is looked at again
_UNTIL_PAUSE = 16  # entries that are read until the window can go first
_PAUSE_S = 0.0002
_MAX_WAITING = 300  # entries; a list has fewer rows
_MAX_KNOWN = 5000
_MESSAGES = (Kind.TEXT, Kind.BINARY)


class JoinedEntries:
    """Knows what entries of a recording say that depends on earlier ones.

    Watchers are called with the numbers of entries that were read.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = ref(recording)  # a closed tab's is released
        self._reader = JoinedReader()
        self._known: dict[int, Joined | None] = {}
        self._waiting: dict[int, bool] = {}  # and whether it is read whole
        self._awaiting: set[int] = set()  # entries of which attachments are missing
        self._read_to = 0  # length of the recording when those were read
        self._watchers: list[Callable[[Collection[int]], object]] = []
        self._tasks = Tasks()
        self._task: asyncio.Task[None] | None = None  # that reads
        self._whole = -1  # number of the entry that was read whole last

    def watch(self, watcher: Callable[[Collection[int]], object]) -> None:
        """Call `watcher` with what was read from now on."""
        self._watchers.append(watcher)

    def unwatch(self, watcher: Callable[[Collection[int]], object]) -> None:
        """Call it no more."""
        self._watchers = [one for one in self._watchers if one != watcher]

    def stop(self) -> None:
        """Read no more until an entry is asked for."""
        self._tasks.cancel()
        self._task = None
        self._waiting.clear()
        self._awaiting.clear()

    def forget(self) -> None:
        """Forget what was read, as it is decoded by other schemas now."""
        self.stop()
        self._known.clear()
        self._reader = JoinedReader()

    def find(self, entry: Entry, *, is_whole: bool = False) -> Joined | None:
        """Return what an entry says, as far as it was read; None also if it says it by itself.

        If `is_whole`, that comes with its value and the decoders' memory.
        """
        recording, number = self._recording(), entry.number
        if recording is None or entry.kind not in _MESSAGES:
            return None
        if self._reader.is_alone(recording, number):
            return None
        found = self._known.get(number)
        is_missing = number not in self._known
        if is_missing or (is_whole and found is not None and found.context is None):
            self._ask(number, is_whole=is_whole)
        return found

    def read_on(self) -> None:
        """Read on for entries whose attachments were not all there."""
        recording = self._recording()
        if recording is None or not self._awaiting or len(recording) == self._read_to:
            return
        self._awaiting = {one for one in self._awaiting if one > self._read_to - REACH}
        for number in self._awaiting:
            known = self._known.get(number)
            self._ask(number, is_whole=known is not None and known.context is not None)

    def _ask(self, number: int, *, is_whole: bool) -> None:
        is_whole |= self._waiting.pop(number, False)
        self._waiting[number] = is_whole
        while len(self._waiting) > _MAX_WAITING:
            self._waiting.pop(next(iter(self._waiting)))  # it was scrolled away
        if self._task is None:
            self._task = self._tasks.start(self._read())

    async def _read(self) -> None:
        try:
            await self._read_waiting()
        finally:
            if self._task is asyncio.current_task():
                self._task = None

    async def _read_waiting(self) -> None:
        while self._waiting:
            recording = self._recording()
            if recording is None:
                return
            newest = next(reversed(self._waiting))
            first = min(one for one in self._waiting if newest - REACH < one <= newest)
            run = self._reader.run(recording, first) if first < len(recording) else None
            if run is None:
                self._tell({first: None})
                continue
            try:
                is_whole = await self._read_run(recording, run)
            except (RecordingError, IndexError):  # damaged, or discarded meanwhile
                self._tell({first: None})
                continue
            self._reader.finish(recording, run)
            self._read_to = run.position
            if not is_whole:
                self._waiting = run.awaiting | self._waiting
            del recording, run

    async def _read_run(self, recording: Recording, run: JoinedRun) -> bool:
        """Read to the last entry that waits in reach, and to the end of its attachments.

        Return whether all was read that they need.
        """
        block = None
        while run.position < (stop := self._end(recording, run)):
            if block is None or run.position >= block.first + len(block):
                block = recording.block(recording.block_index(run.position), use_cache=False)
            place = run.position - block.first
            end = min(place + _STEP, len(block), stop - block.first)
            wanted = dict(self._waiting)
            whole = [number for number, is_whole in wanted.items() if is_whole]
            self._tell(await asyncio.to_thread(_read, run, block, end, wanted, whole))
            if self._waiting and next(reversed(self._waiting)) < run.position:
                return False  # an earlier one is more urgent
        return not run.head_end

    def _end(self, recording: Recording, run: JoinedRun) -> int:
        """Return the number after the last entry to read."""
        if run.head_end:
            return run.head_end
        end = run.target + 1
        for number in sorted(one for one in self._waiting if one >= end):
            if number - end > REACH:
                break
            end = number + 1
        if run.awaiting:
            end = max(end, min(max(run.awaiting) + REACH, run.position + _STEP))
        return min(end, len(recording))

    def _tell(self, found: dict[int, Joined | None]) -> None:
        if len(self._known) + len(found) > _MAX_KNOWN:
            self._known.clear()
        self._known |= found
        for number, joined in found.items():
            self._waiting.pop(number, None)
            self._awaiting.discard(number)
            if joined is not None and joined.is_awaiting:
                self._awaiting.add(number)
            if joined is not None and joined.context is not None:
                self._release(number)
        for watcher in self._watchers if found else ():
            watcher(found.keys())

    def _release(self, number: int) -> None:
        """Release the value and memory of the entry that was read whole before this one."""
        before, self._whole = self._whole, number
        known = self._known.get(before)
        if known is not None and before != number:
            self._known[before] = replace(known, value=None, context=None)


def _read(
    run: JoinedRun, block: Block, end: int, wanted: Collection[int], whole: Collection[int]
) -> dict[int, Joined | None]:
    """Read to a place of a block, in a thread that lets the window go first.

    Each call of GTK would else wait up to 5 ms until the interpreter switches to the window.
    """
    found: dict[int, Joined | None] = {}
    while run.position < block.first + end:
        stop = min(run.position - block.first + _UNTIL_PAUSE, end)
        found |= run.read(block, stop, wanted, whole)
        time.sleep(_PAUSE_S)
    return found


_entries: WeakKeyDictionary[Recording, JoinedEntries] = WeakKeyDictionary()


def joined_entries(recording: Recording) -> JoinedEntries:
    """Return what is known of a recording: the list and the inspector read it once."""
    found = _entries.get(recording)
    if found is None:
        found = _entries[recording] = JoinedEntries(recording)
    return found
