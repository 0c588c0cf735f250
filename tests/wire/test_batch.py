"""Batches: entries as numbers beside the bytes they came in."""

from __future__ import annotations

from array import array

import pytest

from spacebeam.wire.batch import Batch, Direction, Kind, Origin, event, single, split_close


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


def test_a_batch_is_cut_behind_each_control_frame(batch: Batch) -> None:
    steps = list(batch.steps())
    assert [bytes(step.kinds) for step in steps] == [
        bytes((Kind.TEXT, Kind.PING)),
        bytes((Kind.BINARY, Kind.CLOSE)),
    ]
    assert [list(step.payloads()) for step in steps] == [[b"abc", b""], [b"byte", b"\x03\xe8ok"]]


def test_without_a_control_frame_nothing_is_cut() -> None:
    happened = event(0.0, "an event is no control frame")
    assert list(happened.steps()) == [happened]


def test_payloads_are_bytes_whatever_they_were_joined_in() -> None:
    batch = single(2.0, Direction.SENT, Kind.BINARY, bytearray(b"joined"))
    assert type(batch.payload(0)) is bytes
    assert [type(payload) for payload in batch.payloads()] == [bytes]


def test_a_single_entry_keeps_its_origin() -> None:
    origin = Origin(20, (3, 4), False)
    batch = single(2.0, Direction.RECEIVED, Kind.TEXT, b"message", origin)
    assert batch.origins == {0: origin}
    assert batch.payload(0) == b"message"


def test_an_event_is_utf8_text_of_neither_direction() -> None:
    batch = event(3.0, "Verbunden … endlich")
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
