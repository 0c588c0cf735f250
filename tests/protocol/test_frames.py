"""Frames: headers and masks."""

from __future__ import annotations

import pytest
from hypothesis import example, given
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
def test_a_header_is_parsed_once_it_is_complete(data: bytes, header: Header) -> None:
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


def test_frames_are_encoded_as_in_the_rfc() -> None:
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
def test_a_header_is_parsed_back_as_it_was_encoded(
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
