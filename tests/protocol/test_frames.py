"""Frames: headers, masks, and the short way through plain ones."""

from __future__ import annotations

from array import array

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import (
    Header,
    Opcode,
    ProtocolError,
    apply_mask,
    encode,
    encode_header,
    parse_header,
    scan,
)
from tests.support.entries import MASK


@pytest.mark.parametrize(
    ("data", "header"),
    [
        (b"\x81\x05", Header(True, 0, Opcode.TEXT, b"", 5, 2)),
        (b"\x02\x00", Header(False, 0, Opcode.BINARY, b"", 0, 2)),
        (b"\xc1\x7d", Header(True, 4, Opcode.TEXT, b"", 125, 2)),
        (b"\x89\x80abcd", Header(True, 0, Opcode.PING, b"abcd", 0, 6)),
        (b"\x82\x7e\x00\x7e", Header(True, 0, Opcode.BINARY, b"", 126, 4)),
        (b"\x82\x7e\xff\xff", Header(True, 0, Opcode.BINARY, b"", 65_535, 4)),
        (b"\x80\xfe\x01\x00abcd", Header(True, 0, Opcode.CONTINUATION, b"abcd", 256, 8)),
        (b"\x82\x7f" + bytes(5) + b"\x01\0\0", Header(True, 0, Opcode.BINARY, b"", 65_536, 10)),
        (
            b"\xf8\xff\x7f" + b"\xff" * 7 + b"abcd",
            Header(True, 7, Opcode.CLOSE, b"abcd", 2**63 - 1, 14),
        ),
    ],
)
def test_a_header_is_read_when_it_is_there_whole(data: bytes, header: Header) -> None:
    assert parse_header(data + b"payload") == header
    assert [parse_header(data[:size]) for size in range(len(data))] == [None] * len(data)


@pytest.mark.parametrize(
    ("data", "explanation"),
    [
        (b"\x81\x7e\x00\x7d", "not in its shortest form"),
        (b"\x81\x7e\x00\x00", "not in its shortest form"),
        (b"\x81\x7f" + bytes(6) + b"\xff\xff", "not in its shortest form"),
        (b"\x81\x7f" + bytes(8), "not in its shortest form"),
        (b"\x81\x7f\x80" + bytes(7), "highest bit"),
        *((bytes((0x80 | code, 0)), f"reserved opcode {code}") for code in (3, 7, 11, 15)),
    ],
)
def test_a_header_that_breaks_the_protocol_is_refused(data: bytes, explanation: str) -> None:
    with pytest.raises(ProtocolError, match=explanation) as caught:
        parse_header(data)
    assert caught.value.code is CloseCode.PROTOCOL_ERROR


def test_frames_are_encoded_as_the_standard_shows_them() -> None:
    # RFC 6455, section 5.7
    mask = b"\x37\xfa\x21\x3d"
    assert encode(Opcode.TEXT, b"Hello") == b"\x81\x05Hello"
    assert encode(Opcode.TEXT, b"Hello", mask) == b"\x81\x85" + mask + b"\x7f\x9f\x4d\x51\x58"
    assert encode(Opcode.TEXT, b"Hel", fin=False) == b"\x01\x03Hel"
    assert encode(Opcode.CONTINUATION, b"lo") == b"\x80\x02lo"
    assert encode(Opcode.PING, b"Hello") == b"\x89\x05Hello"
    assert encode_header(Opcode.BINARY, 256) == b"\x82\x7e\x01\x00"
    assert encode_header(Opcode.BINARY, 65_536) == b"\x82\x7f\0\0\0\0\0\x01\0\0"


@given(
    opcode=st.sampled_from(Opcode),
    length=st.one_of(st.integers(0, 70_000), st.integers(0, 2**63 - 1)),
    mask=st.sampled_from((b"", MASK)),
    fin=st.booleans(),
    rsv=st.integers(0, 7),
)
@example(Opcode.TEXT, 125, b"", True, 0)
@example(Opcode.TEXT, 126, b"", True, 0)
@example(Opcode.TEXT, 65_535, MASK, True, 0)
@example(Opcode.TEXT, 65_536, MASK, True, 0)
def test_a_header_reads_back_as_it_was_written(
    opcode: Opcode, length: int, mask: bytes, fin: bool, rsv: int
) -> None:
    data = encode_header(opcode, length, mask, fin=fin, rsv=rsv)
    assert parse_header(data) == Header(fin, rsv, opcode, mask, length, len(data))


@given(
    payload=st.binary(max_size=300), mask=st.binary(min_size=4, max_size=4), at=st.integers(0, 9)
)
def test_a_mask_is_applied_byte_by_byte(payload: bytes, mask: bytes, at: int) -> None:
    masked = apply_mask(payload, mask, at)
    assert masked == bytes(byte ^ mask[(at + i) % 4] for i, byte in enumerate(payload))
    assert apply_mask(masked, mask, at) == payload


@pytest.mark.parametrize("offset", [0, 1, 2, 3, 4, 65_537])
@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 200_003])
def test_a_long_payload_is_masked_like_a_short_one(size: int, offset: int) -> None:
    payload = bytes(range(251)) * (size // 251 + 1)
    payload = payload[:size]
    masked = apply_mask(payload, MASK, offset)
    for place in (0, 1, 65_535, 65_536, size - 1):
        if place < size:
            assert masked[place] == payload[place] ^ MASK[(offset + place) % 4]
    assert apply_mask(masked, MASK, offset) == payload


def indexed(data: bytes, position: int = 0, head: int = 0x81) -> tuple[int, list[bytes]]:
    starts, ends = array("I"), array("I")
    end = scan(bytearray(data), position, head, starts, ends)
    return end, [data[start:stop] for start, stop in zip(starts, ends, strict=True)]


def test_scan_finds_every_whole_frame_of_one_kind() -> None:
    data = b"\x81\x05hello\x81\x00\x81\x06world!\x82\x01x" + bytes(9)
    assert indexed(data) == (17, [b"hello", b"", b"world!"])
    assert indexed(data, 17, 0x82) == (20, [b"x"])
    assert indexed(b"?" + data, 1) == (18, [b"hello", b"", b"world!"])


def test_scan_reads_lengths_of_two_bytes() -> None:
    long, longest = b"x" * 126, b"y" * 65_535
    data = b"\x81\x7e\x00\x7e" + long + b"\x81\x7e\xff\xff" + longest
    assert indexed(data) == (len(data), [long, longest])


@pytest.mark.parametrize(
    "rest",
    [
        b"\x81\x05hell",  # not here whole
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
def test_scan_leaves_what_is_not_whole_and_plain(rest: bytes) -> None:
    assert indexed(b"\x81\x05hello" + rest) == (7, [b"hello"])
    assert indexed(rest) == (0, [])


_frames = st.integers(0, 400).map(lambda size: encode(1, b"x" * size))
_runs = st.tuples(_frames, st.integers(1, 12) | st.integers(60, 80)).map(
    lambda run: [run[0]] * run[1]
)


@given(st.lists(_runs, max_size=8), st.binary(min_size=2, max_size=5))
def test_runs_of_frames_alike_are_found_like_others(runs: list[list[bytes]], rest: bytes) -> None:
    frames = [frame for run in runs for frame in run]
    data = b"".join(frames)
    payloads = [frame[2 if len(frame) < 128 else 4 :] for frame in frames]
    assume(rest[:1] != b"\x81")
    assert indexed(data + rest) == (len(data), payloads)


@given(st.lists(_runs, max_size=8), st.data())
def test_what_was_scanned_is_text_exactly_if_all_payloads_are(
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


def test_a_text_cut_short_borrows_nothing_from_the_next() -> None:
    block = bytearray(encode(1, "é".encode()[:1]) + encode(1, "é".encode()[1:]))
    scan(block, 0, 0x81, array("I"), array("I"))
    with pytest.raises(UnicodeDecodeError):
        block.decode()


def test_only_the_upper_opcodes_are_control_frames() -> None:
    controls = {opcode for opcode in Opcode if opcode.is_control}
    assert controls == {Opcode.CLOSE, Opcode.PING, Opcode.PONG}
