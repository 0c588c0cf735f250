"""Building batches from a received block."""

from __future__ import annotations

import pytest

from spacebeam.protocol.batch import Kind, Origin
from spacebeam.protocol.batch_builder import BatchBuilder
from spacebeam.protocol.frames import ProtocolError
from tests.support.entries import plain_entries


def test_entries_inside_and_outside_the_block_stay_in_order() -> None:
    index = BatchBuilder(b"..abc..")
    index.add_in_place(Kind.TEXT, 2, 5)
    index.add(Kind.PING, b"ping")
    index.add_unpacked(Kind.BINARY, [b"one", b"", b"two"], [5, 2, 6])
    [batch] = index.batches(1.5)
    assert plain_entries([batch]) == [
        (Kind.TEXT, b"abc"),
        (Kind.PING, b"ping"),
        (Kind.BINARY, b"one"),
        (Kind.BINARY, b""),
        (Kind.BINARY, b"two"),
    ]
    assert batch.time == 1.5
    assert batch.origin(1) is None
    assert batch.origin(4) == Origin(8, (6,), True)


def test_a_block_without_entries_is_not_retained() -> None:
    index = BatchBuilder(bytes(1000))
    index.add(Kind.BINARY, b"beside")
    [batch] = index.batches(0.0)
    assert batch.data == b"beside"


def test_a_long_message_has_its_own_batch_after_the_others() -> None:
    index = BatchBuilder(b"a")
    index.add_in_place(Kind.TEXT, 0, 1)
    index.add(Kind.BINARY, bytes(100_000), Origin(100_010, (50_000, 50_000), False))
    assert index.is_full
    first, second = index.batches(0.0)
    assert (len(first), len(second)) == (1, 1)
    assert second.origin(0) == Origin(100_010, (50_000, 50_000), False)
    index.clear()
    assert len(index) == 0


def test_a_builder_with_many_bytes_outside_the_block_is_full() -> None:
    index = BatchBuilder(b"")
    for _ in range(40):
        index.add(Kind.BINARY, bytes(30_000))
    assert index.is_full


def test_texts_before_one_of_invalid_utf_8_stay_in_the_batch() -> None:
    index = BatchBuilder(b"")
    with pytest.raises(ProtocolError):
        index.add_unpacked(Kind.TEXT, [b"good", "ä".encode(), b"\xff", b"later"], [1, 2, 3, 4])
    [batch] = index.batches(0.0)
    assert plain_entries([batch]) == [(Kind.TEXT, b"good"), (Kind.TEXT, "ä".encode())]
    assert sorted(batch.origins) == [0, 1]


def test_an_empty_builder_makes_an_empty_batch() -> None:
    [batch] = BatchBuilder(b"x").batches(0.0)
    assert len(batch) == 0
