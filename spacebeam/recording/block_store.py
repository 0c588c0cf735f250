"""Where a recording's blocks are: in memory, or (file_shelf) in a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from spacebeam.recording.block import Block
from spacebeam.recording.entry import Entry
from spacebeam.recording.errors import StorageError


def _ignore(*_about: object) -> None:
    """Take no notice."""


class StoreObserver:
    """How the keeping goes, and who wants to know; all are called on the main loop."""

    def __init__(self) -> None:
        self.fault: StorageError | None = None  # why nothing can be kept at the moment
        self.on_full: Callable[[], None] = _ignore  # no more should come for a while
        self.on_room: Callable[[], None] = _ignore
        self.on_fault: Callable[[], None] = _ignore  # `fault` is another
        self.on_closed: Callable[[], None] = _ignore  # nothing is read or kept any more
        self.on_moved: Callable[[str], None] = _ignore  # it is elsewhere; or why it could not be


class BlockStore(Protocol):
    """Keeps blocks by the number of their first entry, and other rows beside them."""

    def keep(self, block: Block, *, is_whole: bool) -> None:
        """Keep a block; again where it has grown. One that is whole grows no more."""

    def let_go(self, first: int) -> None:
        """Forget a block."""

    def block(self, first: int, *, in_passing: bool = False) -> Block:
        """A block that is kept. Raises RecordingError.

        `in_passing` says that it is looked at once, so it takes no other's place in memory.
        """

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        """An entry of a block, as Block.entry gives it. Raises RecordingError."""

    def put(self, statement: str, *values: Any) -> None:
        """Have a row of another table written."""

    def flush(self) -> None:
        """Have written before anything that is put later what was kept."""

    def close(self, patience: float) -> bool:
        """Write what is not yet written, and wait so many seconds for it; returns whether it is."""


class MemoryStore:
    """Keeps blocks as they are, and nothing beside: the recording knows it."""

    def __init__(self) -> None:
        self._blocks: dict[int, Block] = {}

    def keep(self, block: Block, *, is_whole: bool) -> None:
        self._blocks[block.first] = block

    def let_go(self, first: int) -> None:
        del self._blocks[first]

    def block(self, first: int, *, in_passing: bool = False) -> Block:
        return self._blocks[first]

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        return self._blocks[first].entry(place, limit)

    def put(self, statement: str, *values: Any) -> None:
        pass

    def flush(self) -> None:
        pass

    def close(self, patience: float) -> bool:
        return True
