"""Encoding blocks and decoding them; invalid bytes are refused."""

from __future__ import annotations

import json
from array import array
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.block import Block
from spacebeam.recording.codec import decode, encode
from spacebeam.recording.errors import RecordingError
from tests.support.batches import Part, batches, packed

_HEAD = 16  # bytes


def same(block: Block, other: Block) -> bool:
    """Whether two blocks have the same entries."""
    return len(block) == len(other) and all(
        block.entry(place) == other.entry(place) for place in range(len(block))
    )


def filled(parts: list[Part]) -> Block | None:
    """Return a block that gathered these batches, None if they are empty."""
    block: Block | None = None
    for batch, expected in parts:
        if not expected:
            continue
        if block is None:
            block = Block(10, batch)
        else:
            block.gather(batch)
    return block


@given(st.lists(batches(), max_size=5))
def test_a_block_is_decoded_as_it_was_encoded(parts: list[Part]) -> None:
    block = filled(parts)
    if block is None:
        return
    read = decode(10, encode(block), bytes(block.data))
    assert same(block, read)
    assert list(block.runs()) == list(read.runs())
    assert block.summary() == read.summary()
    assert encode(read) == encode(block)


@given(st.binary(max_size=200), st.binary(max_size=50))
def test_bytes_that_are_no_block_are_refused(entries: bytes, payload: bytes) -> None:
    head = pack("<4I", 1, 1, 0, 0)
    for tried in (entries, head + entries):
        try:
            block = decode(3, tried, payload)
        except RecordingError:
            continue
        assert sum(block.entry(place).size for place in range(len(block))) <= len(payload)


@given(st.lists(batches(), min_size=1, max_size=3), st.data())
def test_any_damaged_block_is_refused_or_readable(parts: list[Part], data: st.DataObject) -> None:
    block = filled(parts)
    if block is None:
        return
    entries = bytearray(encode(block))
    for place in data.draw(st.lists(st.integers(0, len(entries) - 1), min_size=1, max_size=3)):
        entries[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from((None, None, -1, 20)))
    try:
        read = decode(10, bytes(entries[:cut]), bytes(block.data))
    except RecordingError:
        return
    for place in range(len(read)):
        entry = read.entry(place)
        assert len(entry.payload) == entry.size
    assert sum(read.summary()[4::2]) <= len(block.data)


def columns(
    *,
    head: tuple[int, int, int, int] = (2, 1, 0, 0),
    kinds: bytes = bytes((Kind.TEXT,)) * 2,
    starts: tuple[int, ...] = (0, 3),
    ends: tuple[int, ...] = (3, 5),
    places: tuple[int, ...] = (0,),
    times: tuple[float, ...] = (1.0,),
    directions: bytes = bytes((Direction.SENT,)),
    short: tuple[int, ...] = (),
    told: bytes = b"",
) -> bytes:
    """Return a block of “one” and “23” as `encode` writes it, with the given columns changed."""
    integers = [array("I", column).tobytes() for column in (starts, ends, places)]
    rest = [array("d", times).tobytes(), directions, array("I", short).tobytes(), told]
    return b"".join((pack("<4I", *head), kinds, *integers, *rest))


def test_the_columns_of_these_tests_are_a_valid_block() -> None:
    block = decode(0, columns(), b"one23")
    assert [block.entry(place).payload for place in (0, 1)] == [b"one", b"23"]
    assert columns() == encode(block)


def long_origin(*kept: object) -> bytes:
    told = json.dumps([kept]).encode()
    return columns(head=(2, 1, 0, len(told)), told=told)


@pytest.mark.parametrize(
    "entries",
    [
        columns(head=(0, 0, 0, 0)),
        columns(head=(2, 0, 0, 0)),
        columns(head=(2, 3, 0, 0)),
        columns(head=(2**32 - 1, 1, 0, 0)),
        columns(kinds=b"\x01\x03"),
        columns(starts=(0, 6)),
        columns(ends=(3, 6)),
        columns(ends=(2**31 + 6, 4)),
        columns(starts=(0, 4), ends=(3, 6)),
        columns(starts=(0, 0), ends=(5, 5)),
        columns(starts=(3, 0), ends=(6, 3)),
        columns(starts=(3, 0), ends=(2, 3)),
        columns(starts=(3, 0), ends=(5, 4)),
        columns(places=(1,)),
        columns(head=(2, 2, 0, 0), places=(0, 0), times=(1.0, 1.0), directions=b"\x01\x01"),
        columns(head=(2, 2, 0, 0), places=(0, 2), times=(1.0, 1.0), directions=b"\x01\x01"),
        columns(times=(float("nan"),)),
        columns(times=(float("inf"),)),
        columns(times=(-1.0,)),
        columns(times=(1e12,)),
        columns(directions=b"\x03"),
        columns(head=(2, 1, 1, 0), short=(2, 100)),
        long_origin(2, 10, [5, 5], False, 0),
        long_origin(0, "10", [5, 5], False, 0),
        long_origin(0, 10, "55", False, 0),
        long_origin(0, 10, [-5], False, 0),
        long_origin(0, 10, [5], False),
        long_origin(0, 10, [[5]], False, 0),
        long_origin(0, 1e400, [5], False, 0),
        long_origin([], 10, [5], False, 0),
        long_origin(True, 10, [5], False, 0),
        columns(head=(2, 1, 0, 1), told=b"7"),
        columns(head=(2, 1, 0, 9), told=b"[" * 100_000),
        columns(head=(2, 1, 0, 9), told=b"\xff"),
        b"",
        columns()[:-1],
    ],
)
def test_invalid_columns_are_refused(entries: bytes) -> None:
    words = "damaged: invalid block"
    with pytest.raises(RecordingError, match=words):
        decode(0, entries, b"one23")


@pytest.mark.parametrize(("entries", "payload"), [(columns(), "one23"), ("text", b""), (7, b"")])
def test_a_value_of_another_type_than_bytes_is_refused(entries: bytes, payload: bytes) -> None:
    with pytest.raises(RecordingError):
        decode(0, entries, payload)


def test_an_index_is_decoded_without_the_payload() -> None:
    block = decode(0, columns(), b"", 5)
    assert (block.entry(1, 0).size, block.entry(1, 0).payload) == (2, b"")
    with pytest.raises(RecordingError):
        decode(0, columns(), b"one23", 4)


def test_the_index_of_a_plain_message_is_small() -> None:
    block = Block(0, packed([b"x"] * 1000))
    assert len(encode(block)) < 1000 * 10
