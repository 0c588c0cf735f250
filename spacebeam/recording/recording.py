"""A recording: all entries of one connection, in order.

The blocks are in its block store; the recording itself has a few numbers for each block. So ten
million entries take little memory.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import Any

from spacebeam.protocol.batch import Batch, Direction
from spacebeam.recording import schema
from spacebeam.recording.block import (
    GATHERED_BYTES,
    MAX_ENTRIES,
    Block,
    BlockSummary,
    memory_size,
)
from spacebeam.recording.block_store import BlockStore, MemoryStore, StoreObservers
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError, RecordingFault, StorageError
from spacebeam.recording.jobs import FactValue
from spacebeam.recording.rates import Rates

PRIVATE_BYTES = 64 * 2**20  # memory limit of a private recording, which is never in a file


class Recording:
    """A sequence of entries, to which entries are appended. Numbers count from 0.

    Without a store, the entries are in memory. With a `memory_limit` in bytes, the oldest blocks
    are forgotten when all blocks take more memory than that.
    """

    def __init__(self, store: BlockStore | None = None, *, memory_limit: int | None = None) -> None:
        self.store: BlockStore = store or MemoryStore()
        self.memory_limit = memory_limit
        self.format_version = schema.VERSION  # of the file, or of the one to be written
        self.facts: dict[str, Any] = {}  # about the whole: "title", "address", "began", "ended"
        self.marks: dict[int, Mark] = {}  # by entry number
        self.stars: set[int] = set()  # numbers of the entries whose mark has a star
        # Of each handshake: the number of the first entry after it, and the report as JSON.
        self.handshakes: list[tuple[int, str]] = []
        self._tail: Block | None = None  # the newest block
        self._length = 0
        self._size = 0
        self._first_number = 0
        self._memory_size = 0  # bytes of the blocks that were not forgotten
        # One value for each block: the number of its first entry, its earliest time, the latest
        # time of any entry up to its end (the clock may have been set back), bytes of memory.
        self._firsts = array("q")
        self._began = array("d")
        self._latest = array("d")
        self._memory_sizes = array("q")  # 0 without a memory limit
        self._first_block = 0  # index of the oldest block that was not forgotten
        self._rates = Rates()
        self._uncounted: list[BlockSummary] = []  # loaded, but not counted in the rates yet
        self._is_closed = False

    def __len__(self) -> int:
        return self._length

    @property
    def size(self) -> int:
        """The bytes of all payloads, sent and received, forgotten blocks included."""
        return self._size

    @property
    def first_number(self) -> int:
        """The number of the oldest entry that is not forgotten."""
        return self._first_number

    @property
    def began(self) -> float:
        """Unix time of the first entry; 0 before there is one."""
        return self._began[0] if self._began else 0.0

    @property
    def ended(self) -> float:
        """Unix time of the newest entry; 0 before there is one."""
        return self._latest[-1] if self._latest else 0.0

    @property
    def rates(self) -> Rates:
        """Entries and bytes over time."""
        self.count_rates()
        return self._rates

    def count_rates(self) -> None:
        """Count the loaded blocks in the rates; this may take a second in a long recording."""
        if not self._uncounted:
            return
        uncounted, self._uncounted = self._uncounted, []
        for summary in uncounted:
            add = partial(self._rates.add_span, summary.began, summary.ended)
            add(Direction.SENT, summary.sent, summary.sent_size)
            add(Direction.RECEIVED, summary.received, summary.received_size)

    @property
    def observers(self) -> StoreObservers:
        """The store's observers, which are called for back-pressure and storage errors."""
        return self.store.observers

    @property
    def storage_error(self) -> StorageError | None:
        """Why nothing can be written now; None without an error."""
        return self.store.storage_error

    # Writing

    def append(self, batch: Batch) -> None:
        """Append a batch's entries."""
        if len(batch) > MAX_ENTRIES:
            for first in range(0, len(batch), MAX_ENTRIES):
                self.append(batch.part(first, min(first + MAX_ENTRIES, len(batch))).compact())
            return
        if not len(batch):
            return
        if "ended" in self.facts:
            self._mark_incomplete()
        size = batch.size
        batch = batch.compact()  # a peer decides how much of the data is payload
        memory = 0
        if self.memory_limit is not None:
            memory = memory_size(batch.data, batch.kinds, batch.origins)
        tail = self._tail
        if tail is not None and size < GATHERED_BYTES and tail.has_room_for(batch):
            tail.gather(batch)
            self._began[-1] = min(self._began[-1], batch.time)
            self._latest[-1] = max(self._latest[-1], batch.time)
            self._memory_sizes[-1] += memory
        else:
            if tail is not None and tail.has_room:
                self.store.save_block(tail, is_complete=True)
            tail = self._tail = Block(self._length, batch)
            self._add_block(self._length, batch.time, memory)
        self.store.save_block(tail, is_complete=not tail.has_room)
        self._length += len(batch)
        if batch.direction is not Direction.NONE:
            self._size += size
        self._memory_size += memory
        self.rates.add(batch.time, batch.direction, len(batch), size)
        if self.memory_limit is not None and self._memory_size > self.memory_limit:
            self._forget_oldest(self.memory_limit)

    def load(self, summaries: Sequence[BlockSummary]) -> None:
        """Add the blocks of an existing store, by their summaries, in order."""
        *firsts, self._length = accumulate((one.entries for one in summaries), initial=0)
        self._firsts.extend(firsts)
        self._began.extend([one.began for one in summaries])
        self._latest.extend(accumulate((one.ended for one in summaries), max))
        self._memory_sizes.extend([0] * len(summaries))
        self._size = sum(one.sent_size + one.received_size for one in summaries)
        self._uncounted.extend(summaries)

    def mark_complete(self, when: float) -> None:
        """Mark the recording as complete since the Unix time `when`.

        A file without this fact was not closed properly. Appending removes it.
        """
        self.store.flush()  # the blocks are written before the mark
        self.set_fact("ended", when)

    def close(self, timeout: float = 0.0) -> bool:
        """Write what is pending and close; then nothing can be appended or read.

        A thread does the writing; wait for it for `timeout` seconds at most. Returns whether all
        is written.
        """
        self.store.flush()
        self._tail = None
        if not self._is_closed:
            self._is_closed = True
            self.observers.notify_closed()
            self.observers.clear()  # they may refer to this recording
        return self.store.close(timeout)

    def _add_block(self, first: int, time: float, memory: int) -> None:
        self._firsts.append(first)
        self._began.append(time)
        self._latest.append(max(time, self._latest[-1]) if self._latest else time)
        self._memory_sizes.append(memory)

    def _mark_incomplete(self) -> None:
        del self.facts["ended"]
        self.store.delete_fact("ended")

    def _forget_oldest(self, memory_limit: int) -> None:
        while self._memory_size > memory_limit and self._first_block < len(self._firsts) - 1:
            self._forget_block()

    def _forget_block(self) -> None:
        self.store.forget_block(self._firsts[self._first_block])
        self._memory_size -= self._memory_sizes[self._first_block]
        self._first_block += 1
        self._first_number = self._firsts[self._first_block]
        while len(self.handshakes) > 1 and self.handshakes[1][0] <= self._first_number:
            del self.handshakes[0]

    # Facts, handshakes and marks

    def set_fact(self, name: str, value: FactValue) -> None:
        """Set a fact about the whole recording."""
        self.facts[name] = value
        self.store.write_fact(name, value)

    def add_handshake(self, report: str) -> None:
        """Add a handshake's report (JSON) after the newest entry. Replaces an earlier one there."""
        if self.handshakes and self.handshakes[-1][0] == self._length:
            self.handshakes.pop()
        self.handshakes.append((self._length, report))
        self.store.write_handshake(self._length, report)

    def star(self, number: int, *, is_starred: bool) -> None:
        """Star an entry, or remove its star."""
        self.set_mark(number, self.marks.get(number, Mark())._replace(is_starred=is_starred))

    def set_mark(self, number: int, mark: Mark) -> None:
        """Set an entry's mark; an empty one removes it."""
        if mark == Mark():
            self.marks.pop(number, None)
            self.stars.discard(number)
            self.store.delete_mark(number)
            return
        self.marks[number] = mark
        (self.stars.add if mark.is_starred else self.stars.discard)(number)
        self.store.write_mark(number, mark)

    # Reading

    @property
    def block_count(self) -> int:
        """Number of blocks, forgotten ones included. The last one may still grow."""
        return len(self._firsts)

    def block_index(self, number: int) -> int:
        """Return the index of the block that has entry `number`, or will have it."""
        return max(0, bisect_right(self._firsts, number) - 1)

    def block_numbers(self, index: int) -> tuple[int, int]:
        """Return the number of a block's first entry and the number after its last entry."""
        is_last = index + 1 == len(self._firsts)
        return self._firsts[index], self._length if is_last else self._firsts[index + 1]

    def block(self, index: int, *, use_cache: bool = True) -> Block:
        """Return a block by its index. Raises RecordingError, or IndexError for a forgotten one.

        `use_cache=False` is for reading many blocks once: it takes a third less time, and the
        blocks on screen stay in the cache.
        """
        if index == len(self._firsts) - 1 and self._tail is not None:
            return self._tail
        if index < self._first_block:
            raise IndexError(index)
        first, end = self.block_numbers(index)
        found = self.store.block(first, use_cache=use_cache)
        if first + len(found) != end:
            raise RecordingError(RecordingFault.INVALID_BLOCK, entry=first, count=len(found))
        return found

    def blocks(self, number: int = 0) -> Iterator[Block]:
        """Yield the blocks from the one that has entry `number`. Raises RecordingError."""
        index = max(bisect_right(self._firsts, number) - 1, self._first_block)
        while index < len(self._firsts):
            yield self.block(index, use_cache=False)
            index += 1

    def entry(self, number: int, limit: int | None = None) -> Entry:
        """Return an entry by its number, with at most `limit` bytes of its payload.

        Raises IndexError for a missing entry, RecordingError for an unreadable one.
        """
        if not self._first_number <= number < self._length:
            raise IndexError(number)
        index = bisect_right(self._firsts, number) - 1
        first = self._firsts[index]
        if index == len(self._firsts) - 1 and self._tail is not None:
            return self._tail.entry(number - first, limit)
        return self.store.entry(first, number - first, limit)

    def number_at(self, when: float) -> int:
        """Return the number of the first entry at the Unix time `when` or later, or the length."""
        index = max(bisect_left(self._latest, when), self._first_block)
        for following in range(index, len(self._firsts)):
            try:
                block = self.block(following)
            except RecordingError:
                return self._firsts[following]  # its times cannot be read
            for begin, _end, time, _direction in block.runs():
                if time >= when:
                    return block.first + begin
        return self._length
