"""Batches: entries as positions in the received bytes."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import pytest

from spacebeam.protocol.batch import (
    Batch,
    Direction,
    Kind,
    Origin,
    event_batch,
    single,
    split_close,
)


@pytest.fixture
def batch() -> Batch:
    kinds = bytes((Kind.TEXT, Kind.PING, Kind.BINARY, Kind.CLOSE))
    starts, ends = array("I", (2, 5, 5, 9)), array("I", (5, 5, 9, 13))
    return Batch(1.5, Direction.RECEIVED, b"\x81\x03abcbyte\x03\xe8ok", kinds, starts, ends)


def test_an_entry_is_its_slice_of_the_data(batch: Batch) -> None:
    payloads = [b"abc", b"", b"byte", b"\x03\xe8ok"]
    assert len(batch) == 4
    assert [batch.payload(place) for place in range(4)] == payloads
    assert list(batch.payloads()) == payloads
    assert batch.origins == {}


def test_a_batch_is_split_after_each_control_frame(batch: Batch) -> None:
    steps = list(batch.steps())
    assert [bytes(step.kinds) for step in steps] == [
        bytes((Kind.TEXT, Kind.PING)),
        bytes((Kind.BINARY, Kind.CLOSE)),
    ]
    assert [list(step.payloads()) for step in steps] == [[b"abc", b""], [b"byte", b"\x03\xe8ok"]]


def test_each_step_has_the_origins_of_its_entries(batch: Batch) -> None:
    origins = {place: Origin(place, (), False) for place in (0, 2)}
    columns = batch.kinds, batch.starts, batch.ends
    first, second = Batch(batch.time, batch.direction, batch.data, *columns, origins).steps()
    assert first.origins == {0: origins[0]}
    assert second.origins == {0: origins[2]}


class CountingOrigins(dict[int, Origin | int]):
    """Origins that count the keys that were iterated over."""

    iterated = 0

    def __iter__(self) -> Iterator[int]:
        for place in super().__iter__():
            self.iterated += 1
            yield place


def test_steps_iterate_over_the_origins_once() -> None:
    count = 1000
    kinds, places = bytes((Kind.TEXT, Kind.PING)) * count, array("I", bytes(8 * count))
    origins = CountingOrigins({at: Origin(4, (0, 0), False) for at in range(0, 2 * count, 2)})
    batch = Batch(0.0, Direction.RECEIVED, b"", kinds, places, places, origins)
    assert sum(len(step.origins) for step in batch.steps()) == count
    assert origins.iterated == count


def test_an_empty_batch_has_no_steps() -> None:
    empty = Batch(0.0, Direction.RECEIVED, b"\x81", b"", array("I"), array("I"))
    assert list(empty.steps()) == []
    assert len(empty.compact().data) == 0


def test_the_size_of_a_batch_is_that_of_its_payloads(batch: Batch) -> None:
    assert batch.size == sum(map(len, batch.payloads())) < len(batch.data)
    assert batch.part(0, 1).size == len(batch.payload(0)) < batch.size


def test_a_batch_with_much_unused_data_is_compacted() -> None:
    data = b"." * 1000 + b"hello" + b"." * 1000 + b"you"
    starts, ends = array("I", (1000, 0, 2005)), array("I", (1005, 0, 2008))
    origins = {2: Origin(5, (3,), True)}
    batch = Batch(1.5, Direction.RECEIVED, data, b"\x01\x09\x01", starts, ends, origins)
    compact = batch.compact()
    assert compact.data == b"helloyou"
    assert list(compact.payloads()) == list(batch.payloads())
    assert (compact.time, compact.direction) == (batch.time, batch.direction)
    assert (compact.kinds, compact.origins) == (batch.kinds, origins)


def test_a_batch_with_little_unused_data_is_not_copied(batch: Batch) -> None:
    assert batch.compact() is batch
    payload = bytearray(100_000)
    long = single(0.0, Direction.RECEIVED, Kind.BINARY, payload)
    assert long.compact().data is payload


def test_the_fragment_count_includes_omitted_sizes() -> None:
    assert Origin(20, (3, 4), False).fragment_count == 2
    assert Origin(20, (3, 4), False, omitted=5).fragment_count == 7


def test_a_batch_without_control_frames_is_not_split() -> None:
    happened = event_batch(0.0, b"an event is no control frame")
    assert list(happened.steps()) == [happened]


def test_payloads_are_bytes_for_any_kind_of_data() -> None:
    batch = single(2.0, Direction.SENT, Kind.BINARY, bytearray(b"joined"))
    assert type(batch.payload(0)) is bytes
    assert [type(payload) for payload in batch.payloads()] == [bytes]


def test_a_single_entry_keeps_its_origin() -> None:
    origin = Origin(20, (3, 4), False)
    batch = single(2.0, Direction.RECEIVED, Kind.TEXT, b"message", origin)
    assert batch.origins == {0: origin}
    assert batch.payload(0) == b"message"


def test_an_event_is_utf8_text_of_neither_direction() -> None:
    batch = event_batch(3.0, "Verbunden … endlich".encode())
    assert (batch.direction, batch.kinds) == (Direction.NONE, bytes((Kind.EVENT,)))
    assert batch.payload(0).decode() == "Verbunden … endlich"
    assert {kind for kind in Kind if kind.is_text} == {Kind.TEXT, Kind.EVENT}


@pytest.mark.parametrize(
    ("payload", "code", "reason"),
    [
        (b"", 1005, ""),
        (b"\x03\xe8", 1000, ""),
        (b"\x0f\xa0bye \xe2\x9c\x93", 4000, "bye ✓"),
        (b"\x03\xe8\xff", 1000, "\ufffd"),
    ],
)
def test_a_close_frame_is_split_into_code_and_reason(
    payload: bytes, code: int, reason: str
) -> None:
    assert split_close(payload) == (code, reason)
