"""Indexing runs of plain frames."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from spacebeam.protocol.frames import encode
from spacebeam.protocol.scan import scan


def indexed(data: bytes, position: int = 0, head: int = 0x81) -> tuple[int, list[bytes]]:
    starts, ends = array("I"), array("I")
    end = scan(bytearray(data), position, head, starts, ends)
    return end, [data[start:stop] for start, stop in zip(starts, ends, strict=True)]


def test_scan_indexes_every_complete_frame_of_one_kind() -> None:
    data = b"\x81\x05hello\x81\x00\x81\x06world!\x82\x01x" + bytes(9)
    assert indexed(data) == (17, [b"hello", b"", b"world!"])
    assert indexed(data, 17, 0x82) == (20, [b"x"])
    assert indexed(b"?" + data, 1) == (18, [b"hello", b"", b"world!"])


def test_scan_reads_16_bit_lengths() -> None:
    long, longest = b"x" * 126, b"y" * 65_535
    data = b"\x81\x7e\x00\x7e" + long + b"\x81\x7e\xff\xff" + longest
    assert indexed(data) == (len(data), [long, longest])


@pytest.mark.parametrize(
    "rest",
    [
        b"\x81\x05hell",  # incomplete
        b"\x81\x7e\x00\x05hello",  # not the shortest form
        b"\x81\x7f\0\0\0\0\0\x01\0\0" + bytes(65_536),  # long
        b"\x81\x85abcdhello",  # masked
        b"\x01\x05hello",  # a fragment
        b"\xc1\x05hello",  # compressed
        b"\x88\x00\x00\x00",  # a close
        b"\x81",
        b"\x81\x7e\x01",
    ],
)
def test_scan_stops_at_an_incomplete_or_other_frame(rest: bytes) -> None:
    assert indexed(b"\x81\x05hello" + rest) == (7, [b"hello"])
    assert indexed(rest) == (0, [])


_frames = st.integers(0, 400).map(lambda size: encode(1, b"x" * size))
_runs = st.tuples(_frames, st.integers(1, 12) | st.integers(60, 80)).map(
    lambda run: [run[0]] * run[1]
)


@given(st.lists(_runs, max_size=8), st.binary(min_size=2, max_size=5))
def test_runs_of_equal_headers_are_indexed(runs: list[list[bytes]], rest: bytes) -> None:
    frames = [frame for run in runs for frame in run]
    data = b"".join(frames)
    payloads = [frame[2 if len(frame) < 128 else 4 :] for frame in frames]
    assume(rest[:1] != b"\x81")
    assert indexed(data + rest) == (len(data), payloads)


@given(st.lists(_runs, max_size=8), st.data())
def test_a_scanned_block_is_utf8_only_if_every_payload_is(
    runs: list[list[bytes]], data: st.DataObject
) -> None:
    block = bytearray(b"".join(frame for run in runs for frame in run) + b"..")
    starts, ends = array("I"), array("I")
    scan(bytearray(block), 0, 0x81, starts, ends)
    places = [place for bounds in zip(starts, ends, strict=True) for place in range(*bounds)]
    if places:
        block[data.draw(st.sampled_from(places))] = 0x81
    assert scan(block, 0, 0x81, array("I"), array("I")) == len(block) - 2
    assert block.isascii() is not bool(places)


def test_an_incomplete_character_is_not_completed_by_the_next_text() -> None:
    block = bytearray(encode(1, "é".encode()[:1]) + encode(1, "é".encode()[1:]))
    scan(block, 0, 0x81, array("I"), array("I"))
    with pytest.raises(UnicodeDecodeError):
        block.decode()
