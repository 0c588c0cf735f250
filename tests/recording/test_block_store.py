"""The shelf in memory keeps blocks until they are let go."""

from __future__ import annotations

import pytest

from spacebeam.recording.block import Block
from spacebeam.recording.block_store import MemoryStore, StoreObserver
from tests.support.batches import packed


def test_a_block_is_there_until_it_is_let_go() -> None:
    shelf = MemoryStore()
    block = Block(5, packed([b"one", b"two"]))
    shelf.keep(block, is_whole=False)
    block.gather(packed([b"three"]))
    shelf.keep(block, is_whole=True)
    assert shelf.block(5) is block
    assert shelf.entry(5, 2, 3).payload == b"thr"
    shelf.put("INSERT INTO anything VALUES(?)", 1)
    assert shelf.close(0.0) is True
    shelf.let_go(5)
    with pytest.raises(KeyError):
        shelf.block(5)


def test_whoever_does_not_watch_is_told_nothing() -> None:
    watch = StoreObserver()
    assert watch.fault is None
    for tell in (watch.on_full, watch.on_room, watch.on_fault):
        tell()
    watch.on_moved("there is no room")
