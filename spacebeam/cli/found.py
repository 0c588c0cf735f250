"""The entries of a recording that are asked for, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator

from spacebeam.cli.recorded import Places
from spacebeam.cli.scan import Scan
from spacebeam.recording.block import Block
from spacebeam.recording.recording import Recording
from spacebeam.search.matching.matcher import Matcher


class Found:
    """The entries that a matcher lets through, from the number `start` on."""

    def __init__(self, recording: Recording, matching: Matcher | None, start: int = 0) -> None:
        self.count = 0  # of those that were gone through
        self._matching = matching
        self._start = start
        behind = recording.block_count
        self._scan = Scan(recording, range(min(recording.block_index(start), behind), behind))

    @property
    def unread(self) -> int:
        """How many blocks could not be read."""
        return self._scan.unread

    def __iter__(self) -> Iterator[tuple[Block, Places]]:
        for block in self._scan:
            begin = max(self._start - block.first, 0)
            places: Places = range(begin, len(block))
            if self._matching is not None:
                places = self._matching.matches(block, begin)
            if places:
                self.count += len(places)
                self._scan.clear()
                yield block, places

    def complain(self) -> None:
        """Say what could not be read, if there was something."""
        self._scan.complain()


def start_of_last(recording: Recording, matching: Matcher | None, count: int) -> int:
    """The number of the first of the last entries that pass, so many of them."""
    if matching is None:
        return max(len(recording) - count, 0)
    left = count
    for block in Scan(recording, range(recording.block_count - 1, -1, -1)):
        if left == 0:
            break
        places = matching.matches(block)
        if len(places) >= left:
            return block.first + places[-left]
        left -= len(places)
    return 0 if left else len(recording)
