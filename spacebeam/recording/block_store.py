"""Block stores: the interface, its observers, and the store in memory (see also `file_store`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

from spacebeam.recording.block import Block
from spacebeam.recording.entry import Entry, Mark
from spacebeam.recording.errors import StorageError
from spacebeam.recording.jobs import (
    DeleteFact,
    DeleteMark,
    FactValue,
    WriteFact,
    WriteHandshake,
    WriteJob,
    WriteMark,
)


def _ignore(*_arguments: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class StoreObserver:
    """Callbacks for changes of a block store's state, called on the main loop."""

    on_full: Callable[[], None] = _ignore  # too much is pending: pause reading
    on_room: Callable[[], None] = _ignore  # resume reading
    on_storage_error: Callable[[StorageError | None], None] = _ignore  # None: it is resolved
    on_closed: Callable[[], None] = _ignore  # the store is closed


class StoreObservers:
    """The observers of one block store, called in the order of adding."""

    def __init__(self) -> None:
        self._observers: list[StoreObserver] = []

    def add(self, observer: StoreObserver) -> None:
        """Add an observer."""
        self._observers.append(observer)

    def remove(self, observer: StoreObserver) -> None:
        """Remove an observer, if it was added."""
        if observer in self._observers:
            self._observers.remove(observer)

    def clear(self) -> None:
        """Remove all observers."""
        self._observers.clear()

    def notify_full(self) -> None:
        """Call every observer's `on_full`."""
        for observer in tuple(self._observers):
            observer.on_full()

    def notify_room(self) -> None:
        """Call every observer's `on_room`."""
        for observer in tuple(self._observers):
            observer.on_room()

    def notify_storage_error(self, error: StorageError | None) -> None:
        """Call every observer's `on_storage_error`."""
        for observer in tuple(self._observers):
            observer.on_storage_error(error)

    def notify_closed(self) -> None:
        """Call every observer's `on_closed`."""
        for observer in tuple(self._observers):
            observer.on_closed()


class BlockStore(ABC):
    """Stores a recording's blocks, by the number of their first entry, and its other rows."""

    def __init__(self) -> None:
        self.observers = StoreObservers()
        self.storage_error: StorageError | None = None  # why nothing can be written now

    @abstractmethod
    def save_block(self, block: Block, *, is_complete: bool) -> None:
        """Save a block, again each time it has grown; a complete block does not grow."""

    @abstractmethod
    def forget_block(self, first: int) -> None:
        """Forget the block that begins with entry `first`."""

    @abstractmethod
    def block(self, first: int, *, use_cache: bool = True) -> Block:
        """Return the block that begins with entry `first`. Raises RecordingError.

        `use_cache=False` is for reading many blocks once: they are not added to the cache.
        """

    @abstractmethod
    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        """Return an entry of a block, as Block.entry does. Raises RecordingError."""

    def write_fact(self, name: str, value: FactValue) -> None:
        """Write a fact about the whole recording; replace the fact with the same name."""
        self._write(WriteFact(name, value))

    def delete_fact(self, name: str) -> None:
        """Delete a fact."""
        self._write(DeleteFact(name))

    def write_handshake(self, entry: int, report: str) -> None:
        """Write the report (JSON) of the handshake before entry number `entry`."""
        self._write(WriteHandshake(entry, report))

    def write_mark(self, entry: int, mark: Mark) -> None:
        """Write an entry's mark; replace its earlier mark."""
        self._write(WriteMark(entry, mark))

    def delete_mark(self, entry: int) -> None:
        """Delete an entry's mark."""
        self._write(DeleteMark(entry))

    @abstractmethod
    def flush(self) -> None:
        """Queue the pending blocks before any later row."""

    @abstractmethod
    def close(self, timeout: float) -> bool:
        """Write all pending jobs, for `timeout` seconds at most; return whether all are written."""

    @abstractmethod
    def _write(self, job: WriteJob) -> None:
        """Write a row."""


class MemoryStore(BlockStore):
    """Stores blocks in memory; drops other rows, which the recording has itself."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: dict[int, Block] = {}

    def save_block(self, block: Block, *, is_complete: bool) -> None:
        self._blocks[block.first] = block

    def forget_block(self, first: int) -> None:
        del self._blocks[first]

    def block(self, first: int, *, use_cache: bool = True) -> Block:
        return self._blocks[first]

    def entry(self, first: int, place: int, limit: int | None) -> Entry:
        return self._blocks[first].entry(place, limit)

    def flush(self) -> None:
        pass

    def close(self, timeout: float) -> bool:
        return True

    def _write(self, job: WriteJob) -> None:
        pass
