"""Assembling messages from frames, and every protocol error of a peer."""

from __future__ import annotations

import tracemalloc
from collections.abc import Collection, Iterator

import pytest

from spacebeam.protocol.batch import Data, Kind, Origin
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frames import Opcode, ProtocolError, Role, encode, encode_header
from spacebeam.protocol.message_assembler import MAX_FRAGMENT_SIZES, MessageAssembler
from tests.support.entries import MASK, RSV1

LIMIT = 1000


class Reading:
    """Feeds an assembler and collects its entries."""

    def __init__(self, role: Role = Role.CLIENT, deflate: Deflate | None = None) -> None:
        self.assembler = MessageAssembler(role, deflate, LIMIT)
        self.entries: list[tuple[Kind, bytes, Origin | None]] = []

    def feed(self, data: bytes) -> Reading:
        position = 0
        while position < len(data):
            position = self.assembler.take(data, position, self._add)
        return self

    def _add(self, kind: Kind, payload: Data, origin: Origin | None) -> None:
        self.entries.append((kind, bytes(payload), origin))


def compressed_reading() -> tuple[Reading, Deflate]:
    agreement = Agreement()
    return Reading(deflate=Deflate(agreement, Role.CLIENT)), Deflate(agreement, Role.SERVER)


def test_fragments_are_joined_and_their_sizes_recorded() -> None:
    reading = Reading().feed(b"\x01\x03Hel\x00\x00\x80\x02lo")
    assert reading.entries == [(Kind.TEXT, b"Hello", Origin(11, (3, 0, 2), False))]


def test_many_fragments_are_counted_and_the_first_sizes_recorded() -> None:
    count = 2 * MAX_FRAGMENT_SIZES
    reading = Reading().feed(b"\x02\x01a" + b"\x00\x00" * (count - 2) + b"\x80\x01b")
    [(_kind, payload, origin)] = reading.entries
    assert payload == b"ab"
    assert origin is not None
    assert origin.wire_size == 2 * count + 2
    assert origin.fragments == (1, *[0] * (MAX_FRAGMENT_SIZES - 1))
    assert origin.fragment_count == count


def test_all_fragment_sizes_are_recorded_up_to_the_limit() -> None:
    data = b"\x02\x00" + b"\x00\x00" * (MAX_FRAGMENT_SIZES - 2) + b"\x80\x00"
    [(_kind, _payload, origin)] = Reading().feed(data).entries
    assert origin == Origin(2 * MAX_FRAGMENT_SIZES, (0,) * MAX_FRAGMENT_SIZES, False)


@pytest.mark.parametrize("frame", [b"\x00\x00", b"\x00\x80\0\0\0\0"])
def test_endless_fragments_take_no_memory(frame: bytes) -> None:
    is_masked = len(frame) > 2
    reading = Reading(Role.SERVER if is_masked else Role.CLIENT)
    reading.feed(bytes((1, frame[1])) + frame[2:])
    many = frame * 2000
    reading.feed(many * 3)  # more than the recorded sizes
    tracemalloc.start()
    try:
        for _ in range(10):
            reading.feed(many)
        now, _peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert now < 10_000
    assert reading.entries == []


def test_control_frames_between_fragments_come_before_the_message() -> None:
    reading = Reading().feed(b"\x01\x03Hel\x89\x01?\x8a\x00\x80\x02lo")
    assert [(kind, payload) for kind, payload, _ in reading.entries] == [
        (Kind.PING, b"?"),
        (Kind.PONG, b""),
        (Kind.TEXT, b"Hello"),
    ]
    assert reading.entries[2][2] == Origin(9, (3, 2), False)


def test_a_masked_frame_is_unmasked_across_blocks() -> None:
    frame = encode(Opcode.TEXT, b"unmasked over the cut", MASK)
    for place in range(len(frame)):
        reading = Reading(Role.SERVER).feed(frame[:place]).feed(frame[place:])
        assert reading.entries == [(Kind.TEXT, b"unmasked over the cut", None)]


@pytest.mark.parametrize(
    ("data", "explanation"),
    [
        (b"\x83\x00", "reserved opcode 3"),
        (b"\x8b\x00", "reserved opcode 11"),
        (b"\xc1\x00", "reserved bits"),  # without an agreed extension
        (b"\xa1\x00", "reserved bits"),
        (b"\x91\x00", "reserved bits"),
        (b"\xc9\x00", "reserved bits"),
        (b"\x81\x80abcd", "a masked frame"),
        (b"\x09\x00", "control frame in fragments"),
        (b"\x08\x00", "control frame in fragments"),
        (b"\x89\x7e\x00\x7e", "more than 125 bytes"),
        (b"\x80\x00", "continuation of no message"),
        (b"\x00\x00", "continuation of no message"),
        (b"\x01\x00\x81\x00", "new message inside another"),
        (b"\x01\x00\x02\x00", "new message inside another"),
        (b"\x81\x7e\x00\x05", "shortest form"),
        (b"\x81\x7f\x80" + bytes(7), "highest bit"),
        (b"\x88\x01\x03", "half a code"),
        (b"\x88\x02\x03\xe7", "illegal close code 999"),
        (b"\x88\x02\x03\xec", "illegal close code 1004"),
        (b"\x88\x02\x03\xed", "illegal close code 1005"),
        (b"\x88\x02\x03\xee", "illegal close code 1006"),
        (b"\x88\x02\x03\xf7", "illegal close code 1015"),
        (b"\x88\x02\x0b\xb7", "illegal close code 2999"),
        (b"\x88\x02\x13\x88", "illegal close code 5000"),
    ],
)
def test_a_violation_is_refused_with_1002(data: bytes, explanation: str) -> None:
    with pytest.raises(ProtocolError, match=explanation) as caught:
        Reading().feed(data)
    assert caught.value.code is CloseCode.PROTOCOL_ERROR


@pytest.mark.parametrize("head", [0xA1, 0x91, 0xF1, 0xC9, 0xC8])
def test_only_rsv1_of_the_first_frame_means_compressed(head: int) -> None:
    reading, _deflate = compressed_reading()
    with pytest.raises(ProtocolError, match="reserved bits"):
        reading.feed(bytes((head, 0)))


def test_a_continuation_with_rsv1_is_refused() -> None:
    reading, deflate = compressed_reading()
    packed = deflate.pack(b"compressed")
    reading.feed(encode(Opcode.TEXT, packed[:3], fin=False, rsv=RSV1))
    with pytest.raises(ProtocolError, match="reserved bits"):
        reading.feed(encode(Opcode.CONTINUATION, packed[3:], rsv=RSV1))


def test_a_compressed_message_may_be_fragmented() -> None:
    reading, deflate = compressed_reading()
    packed = deflate.pack(b"hello " * 50)
    first, second = packed[:4], packed[4:]
    reading.feed(encode(Opcode.TEXT, first, fin=False, rsv=RSV1))
    reading.feed(encode(Opcode.PING, b"between"))
    reading.feed(encode(Opcode.CONTINUATION, second))
    origin = Origin(len(packed) + 4, (len(first), len(second)), True)
    assert reading.entries == [
        (Kind.PING, b"between", None),
        (Kind.TEXT, b"hello " * 50, origin),
    ]


@pytest.mark.parametrize(
    ("start", "offender"),
    [
        (b"", b"\xff"),
        (b"ok", b"\xc0"),  # overlong
        (b"\xce\xba\xed", b"\xa0"),  # a surrogate
        (b"", b"\xf4\x90"),  # beyond Unicode
        (b"\xc3", b"("),
    ],
)
def test_text_is_refused_at_the_offending_byte_before_the_rest_arrives(
    start: bytes, offender: bytes
) -> None:
    reading = Reading().feed(encode_header(Opcode.TEXT, 500) + start)
    with pytest.raises(ProtocolError, match="not UTF-8") as caught:
        reading.feed(offender)
    assert caught.value.code is CloseCode.INVALID_PAYLOAD


# The bytes that may follow each beginning of a character (RFC 3629, section 4).
_TAIL = range(0x80, 0xC0)
_FIRST = [*range(0x80), *range(0xC2, 0xF5)]
_SECOND = {
    **dict.fromkeys(range(0xC2, 0xF5), _TAIL),
    0xE0: range(0xA0, 0xC0),
    0xED: range(0x80, 0xA0),
    0xF0: range(0x90, 0xC0),
    0xF4: range(0x80, 0x90),
}


def beginnings() -> Iterator[tuple[bytes, Collection[int]]]:
    """Yield a beginning of each kind of character with the bytes that may follow it."""
    yield b"", _FIRST
    for first, second in _SECOND.items():
        yield bytes((first,)), second
        for following in {second[0], second[-1]}:
            if first >= 0xE0:
                yield bytes((first, following)), _TAIL
            if first >= 0xF0:
                yield bytes((first, following, 0x80)), _TAIL
                yield bytes((first, following, 0xBF)), _TAIL


def test_every_invalid_utf8_sequence_is_refused_at_its_first_invalid_byte() -> None:
    for start, may_follow in beginnings():
        for byte in range(256):
            reading = Reading().feed(encode_header(Opcode.TEXT, 500))
            for good in b"ok" + start:
                reading.feed(bytes((good,)))
            if byte in may_follow:
                reading.feed(bytes((byte,)))
                continue
            with pytest.raises(ProtocolError, match="not UTF-8"):
                reading.feed(bytes((byte,)))


def test_a_character_is_decoded_wherever_it_is_divided() -> None:
    text = "\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff".encode()
    for place in range(len(text) + 1):
        head, tail = encode(Opcode.TEXT, text[:place], fin=False), encode(0, text[place:])
        assert Reading().feed(head + tail).entries[0][1] == text


def test_a_character_may_span_fragments_but_not_the_end_of_the_message() -> None:
    reading = Reading().feed(b"\x01\x01\xe2\x00\x01\x82\x80\x01\xac")
    assert reading.entries[0][:2] == (Kind.TEXT, "€".encode())
    with pytest.raises(ProtocolError, match="not UTF-8"):
        reading.feed(b"\x01\x01\xe2\x80\x01\x82")


def test_compressed_text_is_validated_after_decompression() -> None:
    reading, deflate = compressed_reading()
    with pytest.raises(ProtocolError, match="not UTF-8"):
        reading.feed(encode(Opcode.TEXT, deflate.pack(b"\xff"), rsv=RSV1))


def test_a_close_reason_must_be_utf8() -> None:
    with pytest.raises(ProtocolError, match="close reason") as caught:
        Reading().feed(b"\x88\x03\x03\xe8\xff")
    assert caught.value.code is CloseCode.INVALID_PAYLOAD


@pytest.mark.parametrize(
    "payload",
    [b"", b"\x03\xe8", b"\x03\xf6", b"\x0b\xb8", b"\x13\x87bye", b"\x03\xe8" + b"r" * 123],
)
def test_a_valid_close_frame_ends_reading(payload: bytes) -> None:
    reading = Reading().feed(encode(Opcode.CLOSE, payload))
    assert reading.entries == [(Kind.CLOSE, payload, None)]
    assert reading.assembler.is_closed


@pytest.mark.parametrize(
    "data",
    [
        encode_header(Opcode.BINARY, LIMIT + 1),
        encode_header(Opcode.BINARY, 2**63 - 1),
        encode(Opcode.BINARY, bytes(LIMIT), fin=False) + encode_header(Opcode.CONTINUATION, 1),
    ],
)
def test_a_message_over_the_limit_is_refused_at_its_header(data: bytes) -> None:
    with pytest.raises(ProtocolError, match="size limit") as caught:
        Reading().feed(data)
    assert caught.value.code is CloseCode.MESSAGE_TOO_BIG


def test_a_message_as_long_as_the_limit_is_accepted() -> None:
    half = bytes(LIMIT // 2)
    reading = Reading().feed(
        encode(Opcode.BINARY, half, fin=False) + encode(Opcode.CONTINUATION, half)
    )
    assert reading.entries[0][1] == bytes(LIMIT)
    packed_reading, deflate = compressed_reading()
    packed_reading.feed(encode(Opcode.BINARY, deflate.pack(bytes(LIMIT)), rsv=RSV1))
    assert packed_reading.entries[0][1] == bytes(LIMIT)


def test_a_deflate_bomb_is_refused_before_it_is_decompressed() -> None:
    reading, deflate = compressed_reading()
    bomb = encode(Opcode.BINARY, deflate.pack(bytes(50_000_000)), rsv=RSV1)
    tracemalloc.start()
    try:
        with pytest.raises(ProtocolError, match="size limit") as caught:
            reading.feed(bomb)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert caught.value.code is CloseCode.MESSAGE_TOO_BIG
    assert peak < 1_000_000


def test_invalid_compressed_data_is_refused() -> None:
    reading, _deflate = compressed_reading()
    with pytest.raises(ProtocolError, match="cannot be unpacked") as caught:
        reading.feed(encode(Opcode.TEXT, b"\x07\xff\xff", rsv=RSV1))
    assert caught.value.code is CloseCode.INVALID_PAYLOAD


def test_an_assembler_is_idle_only_between_messages() -> None:
    reading = Reading()
    assert reading.assembler.is_idle
    for data, idle in ((b"\x01", False), (b"\x01a", False), (b"\x89\x00", False)):
        assert reading.feed(data).assembler.is_idle is idle
    assert reading.feed(b"\x80\x00").assembler.is_idle
