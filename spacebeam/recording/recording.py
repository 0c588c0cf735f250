"""A recording: all entries of one connection, in order.

What is appended goes to a shelf, block by block; the recording itself only knows which block an
entry is in. So ten million entries cost it no more than a few numbers a block.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from spacebeam.protocol.batch import Batch, Direction
from spacebeam.recording.block import GATHERED_BYTES, MAX_ENTRIES, Block, BlockSummary, weight
from spacebeam.recording.block_store import BlockStore, MemoryStore, StoreObserver
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import RecordingError

if TYPE_CHECKING:
    from spacebeam.recording.rates import Rates

PRIVATE_BYTES = 64 * 2**20  # what a recording in memory alone may take of it


class Recording:
    """Appended to at the end, read anywhere; entries are counted from 0.

    Without a shelf it is held in memory. With `at_most` bytes, the oldest blocks are let go when
    all take more memory than that.
    """

    def __init__(
        self,
        shelf: BlockStore | None = None,
        watch: StoreObserver | None = None,
        *,
        at_most: int | None = None,
    ) -> None:
        self.watch = watch or StoreObserver()
        self.at_most = at_most
        self.facts: dict[str, Any] = {}  # about the whole: "title", "address", "began", "ended"
        self.marks: dict[int, Mark] = {}
        self.handshakes: list[tuple[int, str]] = []  # before which entry, and the report as JSON
        self.shelf: BlockStore = shelf or MemoryStore()
        self._tail: Block | None = None  # the newest block
        self._length = 0
        self._size = 0
        self._first_number = 0
        self._held = 0  # bytes of memory that were not let go
        # A value each block: the number of its first entry, its earliest time, the latest time
        # up to its end (a clock may be set back, so that it is another block's), bytes of memory.
        self._firsts = array("q")
        self._began = array("d")
        self._latest = array("d")
        self._weights = array("q")  # 0 where nothing is let go
        self._first_block = 0
        self.stars: set[int] = set()  # the entries whose mark has one
        self._rates: Rates | None = None  # made when it is needed: a search has no use for it
        self._unrated: list[BlockSummary] = []  # what was loaded and is not in the rates

    def __len__(self) -> int:
        return self._length

    @property
    def size(self) -> int:
        """Bytes of all that was sent and received, what was let go included; events have none."""
        return self._size

    @property
    def first_number(self) -> int:
        """The oldest entry that is still held."""
        return self._first_number

    @property
    def began(self) -> float:
        """Unix time of the first entry; 0 before there is one."""
        return self._began[0] if self._began else 0.0

    @property
    def rates(self) -> Rates:
        """How much was said when."""
        self.rate()
        assert self._rates is not None
        return self._rates

    def rate(self) -> None:
        """Take up in the rates what was loaded, which may take a second where that is much."""
        if self._rates is None:
            # Loaded here: a search in the terminal has no use for it and waits for every import.
            from spacebeam.recording.rates import Rates

            self._rates = Rates()
        unrated, self._unrated = self._unrated, []
        for one in unrated:
            add = partial(self._rates.add_span, one.began, one.ended)
            add(Direction.SENT, one.sent, one.sent_size)
            add(Direction.RECEIVED, one.received, one.received_size)

    @property
    def ended(self) -> float:
        """Unix time of the newest entry; 0 before there is one."""
        return self._latest[-1] if self._latest else 0.0

    # Keeping

    def append(self, batch: Batch) -> None:
        """Add a batch's entries."""
        if len(batch) > MAX_ENTRIES:
            for first in range(0, len(batch), MAX_ENTRIES):
                self.append(batch.part(first, min(first + MAX_ENTRIES, len(batch))).compact())
            return
        if not len(batch):
            return
        if "ended" in self.facts:
            self._unsettle()
        size = batch.size
        batch = batch.compact()  # a peer decides how its messages lie in a block
        held = 0 if self.at_most is None else weight(batch.data, batch.kinds, batch.origins)
        tail = self._tail
        if tail is not None and size < GATHERED_BYTES and tail.has_room_for(batch):
            tail.gather(batch)
            self._began[-1] = min(self._began[-1], batch.time)
            self._latest[-1] = max(self._latest[-1], batch.time)
            self._weights[-1] += held
        else:
            if tail is not None and tail.has_room:
                self.shelf.keep(tail, is_whole=True)
            tail = self._tail = Block(self._length, batch)
            self._list(self._length, batch.time, batch.time, held)
        self.shelf.keep(tail, is_whole=not tail.has_room)
        self._length += len(batch)
        if batch.direction is not Direction.NONE:
            self._size += size
        self._held += held
        self.rates.add(batch.time, batch.direction, len(batch), size)
        if self.at_most is not None and self._held > self.at_most:
            self._let_go()

    def load(self, summaries: Sequence[BlockSummary]) -> None:
        """Take up what the shelf holds: of each block its summary, in order."""
        *firsts, self._length = accumulate((one.entries for one in summaries), initial=0)
        self._firsts.extend(firsts)
        self._began.extend([one.began for one in summaries])
        self._latest.extend(accumulate((one.ended for one in summaries), max))
        self._weights.extend([0] * len(summaries))
        self._size = sum(one.sent_size + one.received_size for one in summaries)
        self._unrated.extend(summaries)

    def settle(self, when: float) -> None:
        """Say that it is whole, at this Unix time. Without, a reader says it ended abruptly."""
        self.shelf.flush()  # it is not whole before
        self.set_fact("ended", when)

    def close(self, patience: float = 0.0) -> bool:
        """Keep what is not yet kept; nothing more comes, and nothing can be read any more.

        It is done behind the scene; so many seconds are waited for it. Returns whether it is done.
        """
        self.shelf.flush()
        self._tail = None
        on_closed, self.watch.on_closed = self.watch.on_closed, lambda: None
        on_closed()
        return self.shelf.close(patience)

    def _list(self, first: int, began: float, ended: float, held: int) -> None:
        self._firsts.append(first)
        self._began.append(began)
        self._latest.append(max(ended, self._latest[-1]) if self._latest else ended)
        self._weights.append(held)

    def _unsettle(self) -> None:
        del self.facts["ended"]
        self.shelf.put("DELETE FROM fact WHERE name = 'ended'")

    def _let_go(self) -> None:
        assert self.at_most is not None
        while self._held > self.at_most and self._first_block < len(self._firsts) - 1:
            self._let_go_block()

    def _let_go_block(self) -> None:
        self.shelf.let_go(self._firsts[self._first_block])
        self._held -= self._weights[self._first_block]
        self._first_block += 1
        self._first_number = self._firsts[self._first_block]
        while len(self.handshakes) > 1 and self.handshakes[1][0] <= self._first_number:
            del self.handshakes[0]

    # What is said about it

    def set_fact(self, name: str, value: str | float | int) -> None:
        """Say something about the whole recording."""
        self.facts[name] = value
        self.shelf.put("INSERT OR REPLACE INTO fact VALUES(?, ?)", name, value)

    def add_handshake(self, report: str) -> None:
        """Keep a handshake's report, as JSON, at this place; it takes the place of one there."""
        if self.handshakes and self.handshakes[-1][0] == self._length:
            self.handshakes.pop()
        self.handshakes.append((self._length, report))
        self.shelf.put("INSERT OR REPLACE INTO handshake VALUES(?, ?)", self._length, report)

    def star(self, number: int, *, is_starred: bool) -> None:
        """Give an entry a star, or take it."""
        self.set_mark(number, self.marks.get(number, Mark())._replace(is_starred=is_starred))

    def set_mark(self, number: int, mark: Mark) -> None:
        """Say what the person said about an entry."""
        if mark == Mark():
            self.marks.pop(number, None)
            self.stars.discard(number)
            self.shelf.put("DELETE FROM mark WHERE entry = ?", number)
            return
        self.marks[number] = mark
        (self.stars.add if mark.is_starred else self.stars.discard)(number)
        values = (number, mark.is_starred, mark.note)
        self.shelf.put("INSERT OR REPLACE INTO mark VALUES(?, ?, ?)", *values)

    # Reading

    @property
    def block_count(self) -> int:
        """How many blocks hold the entries; the last one may still grow."""
        return len(self._firsts)

    def block_with(self, number: int) -> int:
        """The index of the block that holds this entry, or will."""
        return max(0, bisect_right(self._firsts, number) - 1)

    def block_numbers(self, index: int) -> tuple[int, int]:
        """The numbers of a block's first entry and of the one behind its last."""
        behind = index + 1
        return self._firsts[index], self._firsts[behind] if behind < len(
            self._firsts
        ) else self._length

    def block(self, index: int, *, in_passing: bool = False) -> Block:
        """One block, counted from 0. Raises RecordingError, or IndexError for one let go.

        Whoever goes through all of them does so `in_passing`: then they are read into the same
        memory, in two thirds of the time, and what is on screen stays at hand.
        """
        if index == len(self._firsts) - 1 and self._tail is not None:
            return self._tail
        if index < self._first_block:
            raise IndexError(index)
        first, behind = self.block_numbers(index)
        found = self.shelf.block(first, in_passing=in_passing)
        if first + len(found) != behind:
            raise RecordingError(
                f"The recording is damaged: its block at entry {first} has {len(found)} entries, "
                f"and its list says {behind - first}."
            )
        return found

    def blocks(self, number: int = 0) -> Iterator[Block]:
        """The blocks from the one on that holds this entry, in passing. Raises RecordingError."""
        index = max(bisect_right(self._firsts, number) - 1, self._first_block)
        while index < len(self._firsts):
            yield self.block(index, in_passing=True)
            index += 1

    def entry(self, number: int, limit: int | None = None) -> Entry:
        """The entry with this number; with `limit`, at most so many bytes of its payload.

        Raises IndexError for a number that is not there, RecordingError where it cannot be read.
        """
        if not self._first_number <= number < self._length:
            raise IndexError(number)
        index = bisect_right(self._firsts, number) - 1
        first = self._firsts[index]
        if index == len(self._firsts) - 1 and self._tail is not None:
            return self._tail.entry(number - first, limit)
        return self.shelf.entry(first, number - first, limit)

    def number_at(self, when: float) -> int:
        """The first entry at this Unix time or later; the length where there is none."""
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
