"""Blocks gather small batches and hold large ones without a copy."""

from __future__ import annotations

from spacebeam.protocol.batch import Direction, Kind, event_batch, single
from spacebeam.recording.block import GATHERED_BYTES, Block, BlockSummary
from spacebeam.recording.recording import Recording
from tests.support.batches import packed


def test_a_block_gathers_until_it_is_full() -> None:
    block = Block(10, event_batch(0.0, b"x" * 1000))
    while block.has_room:
        block.gather(event_batch(float(len(block)), b"x" * 1000))
    assert len(block) == GATHERED_BYTES // 1000 + 1
    assert [block.entry(place).number for place in (0, 1, 65)] == [10, 11, 75]
    assert [block.entry(place).time for place in (0, 1, 65)] == [0.0, 1.0, 65.0]


def test_the_number_of_gathered_entries_is_limited() -> None:
    block = Block(0, event_batch(0.0, b""))
    while block.has_room:
        block.gather(event_batch(0.0, b""))
    assert len(block) == 4096


def test_a_long_message_is_not_copied() -> None:
    payload = bytearray(GATHERED_BYTES)
    recording = Recording()
    recording.append(single(0.0, Direction.RECEIVED, Kind.BINARY, payload))
    assert recording.entry(0).payload is payload


def test_an_entry_of_a_growing_block_is_a_copy() -> None:
    recording = Recording()
    recording.append(single(0.0, Direction.SENT, Kind.TEXT, b"one"))
    first = recording.entry(0)
    recording.append(single(0.0, Direction.RECEIVED, Kind.TEXT, b"two"))
    again = recording.entry(0)
    assert (first.payload, again.payload) == (b"one", b"one")
    assert (first.direction, recording.entry(1).direction) == (Direction.SENT, Direction.RECEIVED)


def test_each_gathered_batch_is_a_run() -> None:
    block = Block(7, single(3.0, Direction.SENT, Kind.TEXT, b"hello"))
    block.gather(packed([b"a", b"bc"], 2.0))
    block.gather(event_batch(4.0, b"Closed"))
    assert list(block.runs()) == [
        (0, 1, 3.0, Direction.SENT),
        (1, 3, 2.0, Direction.RECEIVED),
        (3, 4, 4.0, Direction.NONE),
    ]


def test_a_summary_counts_each_direction() -> None:
    block = Block(7, single(3.0, Direction.SENT, Kind.TEXT, b"hello"))
    block.gather(packed([b"a", b"bc"], 2.0))
    block.gather(event_batch(4.0, b"Closed"))
    assert block.summary() == BlockSummary(
        entries=4, began=2.0, ended=4.0, sent=1, sent_size=5, received=2, received_size=3
    )


def test_a_summary_is_updated_when_entries_are_gathered() -> None:
    block = Block(7, single(3.0, Direction.SENT, Kind.TEXT, b"hello"))
    assert block.summary().sent_size == 5
    block.gather(single(4.0, Direction.SENT, Kind.TEXT, b"you"))
    assert block.summary().sent_size == 8


def test_gathering_does_not_change_the_batch() -> None:
    batch = packed([b"a", b"bc"])
    block = Block(0, batch)
    block.gather(batch)
    assert list(batch.payloads()) == [b"a", b"bc"]
    assert [block.entry(place).payload for place in range(4)] == [b"a", b"bc"] * 2
