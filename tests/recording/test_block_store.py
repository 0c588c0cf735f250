"""The store in memory, and the observers of any store."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.recording.block import Block
from spacebeam.recording.block_store import MemoryStore, StoreObserver, StoreObservers
from spacebeam.recording.errors import StorageCause, StorageError
from tests.support.batches import packed


def test_a_block_is_stored_until_it_is_forgotten() -> None:
    store = MemoryStore()
    block = Block(5, packed([b"one", b"two"]))
    store.save_block(block, is_complete=False)
    block.gather(packed([b"three"]))
    store.save_block(block, is_complete=True)
    assert store.block(5) is block
    assert store.entry(5, 2, 3).payload == b"thr"
    store.write_fact("title", "a feed")
    assert store.close(0.0) is True
    store.forget_block(5)
    with pytest.raises(KeyError):
        store.block(5)


def test_all_observers_are_called_in_order_until_they_are_removed() -> None:
    calls: list[object] = []
    error = StorageError(StorageCause.DISK_FULL, Path("x.beam"))
    observers = StoreObservers()
    first = StoreObserver(
        on_full=lambda: calls.append("first full"),
        on_storage_error=lambda error: calls.append(error),
    )
    second = StoreObserver(
        on_full=lambda: calls.append("second full"), on_room=lambda: calls.append("second room")
    )
    observers.add(first)
    observers.add(second)
    observers.notify_full()
    observers.notify_room()
    observers.notify_storage_error(error)
    observers.notify_closed()
    assert calls == ["first full", "second full", "second room", error]
    observers.remove(first)
    observers.remove(first)
    observers.notify_full()
    assert calls[4:] == ["second full"]


def test_an_observer_may_remove_itself_while_it_is_called() -> None:
    calls: list[str] = []
    observers = StoreObservers()

    def leave() -> None:
        observers.remove(leaving)

    leaving = StoreObserver(on_closed=leave)
    observers.add(leaving)
    observers.add(StoreObserver(on_closed=lambda: calls.append("closed")))
    observers.notify_closed()
    assert calls == ["closed"]
