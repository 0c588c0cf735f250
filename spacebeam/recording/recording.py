"""A recording: all entries of one connection, in order, held in memory."""

from __future__ import annotations

from bisect import bisect_right

from spacebeam.recording.block import GATHERED_BYTES, Block
from spacebeam.recording.entry import Entry
from spacebeam.wire.batch import Batch


class Recording:
    """Appended to at the end, read anywhere; entries are counted from 0."""

    def __init__(self) -> None:
        self._blocks: list[Block] = []
        self._firsts: list[int] = []  # the number of each block's first entry
        self._length = 0
        self._bytes = 0

    def __len__(self) -> int:
        return self._length

    @property
    def first_number(self) -> int:
        """The number of the first entry that is still there."""
        return 0

    @property
    def size(self) -> int:
        """Bytes of all payloads."""
        return self._bytes

    def append(self, batch: Batch) -> None:
        """Add a batch's entries."""
        if not len(batch):
            return
        size = sum(batch.ends) - sum(batch.starts)
        small = size < GATHERED_BYTES
        if small:
            batch = batch.compact()  # a peer decides how its messages lie in a block
        if small and self._blocks and self._blocks[-1].has_room:
            self._blocks[-1].gather(batch)
        else:
            self._blocks.append(Block(self._length, batch))
            self._firsts.append(self._length)
        self._length += len(batch)
        self._bytes += size

    def extend(self, later: Recording) -> None:
        """Take over what another recording holds, which is given up."""
        for block in later._blocks:
            block.first = self._length
            self._blocks.append(block)
            self._firsts.append(self._length)
            self._length += len(block)
        self._bytes += later._bytes

    @property
    def block_count(self) -> int:
        """How many blocks hold the entries; the last one may still grow."""
        return len(self._blocks)

    def block(self, index: int) -> Block:
        """One block, counted from 0."""
        return self._blocks[index]

    def entry(self, number: int, limit: int | None = None) -> Entry:
        """The entry with this number; with `limit`, at most so many bytes of its payload.

        Raises IndexError for a number that is not there.
        """
        if not 0 <= number < self._length:
            raise IndexError(number)
        block = self._blocks[bisect_right(self._firsts, number) - 1]
        return block.entry(number - block.first, limit)
