"""A batch in the making."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.batch_builder import BatchBuilder
from spacebeam.protocol.frames import ProtocolError
from tests.support.entries import said


def test_entries_in_the_block_and_beside_it_come_in_their_order() -> None:
    index = BatchBuilder(b"..abc..")
    index.add_in_place(Kind.TEXT, 2, 5)
    index.add(Kind.PING, b"ping")
    index.add_unpacked(Kind.BINARY, [b"one", b"", b"two"], [5, 2, 6])
    [batch] = index.batches(1.5)
    assert said([batch]) == [
        (Kind.TEXT, b"abc"),
        (Kind.PING, b"ping"),
        (Kind.BINARY, b"one"),
        (Kind.BINARY, b""),
        (Kind.BINARY, b"two"),
    ]
    assert batch.time == 1.5
    assert batch.origin(1) is None
    assert batch.origin(4) == Origin(8, (6,), True)


def test_without_an_entry_in_the_block_the_block_is_not_kept() -> None:
    index = BatchBuilder(bytes(1000))
    index.add(Kind.BINARY, b"beside")
    [batch] = index.batches(0.0)
    assert batch.data == b"beside"


def test_a_long_message_has_a_batch_of_its_own_behind_the_others() -> None:
    index = BatchBuilder(b"a")
    index.add_in_place(Kind.TEXT, 0, 1)
    index.add(Kind.BINARY, bytes(100_000), Origin(100_010, (50_000, 50_000), False))
    assert index.is_full
    first, second = index.batches(0.0)
    assert (len(first), len(second)) == (1, 1)
    assert second.origin(0) == Origin(100_010, (50_000, 50_000), False)
    index.clear()
    assert len(index) == 0


def test_it_is_full_when_much_lies_beside_the_block() -> None:
    index = BatchBuilder(b"")
    for _ in range(40):
        index.add(Kind.BINARY, bytes(30_000))
    assert index.is_full


def test_the_texts_before_one_that_is_not_utf_8_are_kept() -> None:
    index = BatchBuilder(b"")
    with pytest.raises(ProtocolError):
        index.add_unpacked(Kind.TEXT, [b"good", "ä".encode(), b"\xff", b"later"], [1, 2, 3, 4])
    [batch] = index.batches(0.0)
    assert said([batch]) == [(Kind.TEXT, b"good"), (Kind.TEXT, "ä".encode())]
    assert sorted(batch.origins) == [0, 1]


def test_an_empty_one_gives_an_empty_batch() -> None:
    [batch] = BatchBuilder(b"x").batches(0.0)
    assert len(batch) == 0
