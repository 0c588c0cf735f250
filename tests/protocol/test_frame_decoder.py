"""Decoding frames: any division of a stream gives the same entries."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spacebeam.protocol import frame_decoder as decoder_module
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frame_encoder import FrameEncoder
from spacebeam.protocol.frames import Opcode, Role, encode
from tests.support.entries import (
    MASK,
    RSV1,
    PlainEntry,
    Stream,
    cut,
    origins,
    plain_entries,
    received,
    streams,
)

places = st.lists(st.integers(0, 2**20), max_size=8)


def check(stream: Stream, decoder: FrameDecoder, cuts: list[int]) -> None:
    blocks = cut(stream.data, cuts)
    batches = [batch for block in blocks for batch in decoder.feed(block, 1.0)]
    assert decoder.failure is None
    assert plain_entries(batches) == stream.entries
    assert origins(batches) == stream.origins
    assert not decoder.is_inside_message


ROLES = st.sampled_from(Role)
AGREEMENTS = st.sampled_from(
    (
        None,
        Agreement(),
        Agreement(server_no_context_takeover=True, server_max_window_bits=9),
        Agreement(client_no_context_takeover=True, client_max_window_bits=10),
    )
)


def new_decoder(role: Role, agreement: Agreement | None, limit: int = 2**20) -> FrameDecoder:
    return FrameDecoder(role, None if agreement is None else Deflate(agreement, role), limit)


@pytest.mark.parametrize("at_once", [1, 2, 128])
@given(role=ROLES, agreement=AGREEMENTS, data=st.data(), cuts=places)
def test_any_division_of_a_stream_gives_the_same_entries(
    at_once: int, role: Role, agreement: Agreement | None, data: st.DataObject, cuts: list[int]
) -> None:
    # Masked for a server; some messages fragmented, compressed, or with control frames between.
    stream = data.draw(streams(role, agreement))
    with mock.patch.object(decoder_module, "_MAX_STEPS", at_once):
        check(stream, new_decoder(role, agreement), cuts)


@given(role=ROLES, agreement=AGREEMENTS, data=st.data(), cuts=places)
def test_a_corrupt_stream_fails_at_the_same_byte_however_it_is_divided(
    role: Role, agreement: Agreement | None, data: st.DataObject, cuts: list[int]
) -> None:
    stream = bytearray(data.draw(streams(role, agreement)).data)
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)))):
        if stream:
            stream[place % len(stream)] = byte
    outcomes = []
    for blocks in ([bytes(stream)], cut(bytes(stream), cuts)):
        decoder = new_decoder(role, agreement, 1000)
        batches = [batch for block in blocks for batch in decoder.feed(block, 0.0)]
        is_inside = decoder.is_inside_message and not decoder.is_finished
        outcomes.append(
            (plain_entries(batches), origins(batches), decoder.failure is None, is_inside)
        )
    assert outcomes[0] == outcomes[1]
    if decoder.failure is not None:
        place = first_refused(new_decoder(role, agreement, 1000), bytes(stream))
        before, at = (new_decoder(role, agreement, 1000) for _ in range(2))
        received(before, bytes(stream[:place]))
        received(at, bytes(stream[: place + 1]))
        assert before.failure is None
        assert at.failure is not None


def first_refused(decoder: FrameDecoder, data: bytes) -> int:
    """Return the position of the byte that is refused when bytes are fed one by one."""
    for place in range(len(data)):
        received(decoder, data[place : place + 1])
        if decoder.failure is not None:
            return place
    raise AssertionError("nothing was refused")


def test_a_stream_can_be_fed_byte_by_byte() -> None:
    data = b"\x81\x05hello\x89\x01p\x01\x02fr\x8a\x00\x80\x02ag\x82\x7e\x00\x7e" + b"b" * 126
    blocks = [data[place : place + 1] for place in range(len(data))]
    assert received(FrameDecoder(Role.CLIENT), *blocks) == [
        (Kind.TEXT, b"hello"),
        (Kind.PING, b"p"),
        (Kind.PONG, b""),
        (Kind.TEXT, b"frag"),
        (Kind.BINARY, b"b" * 126),
    ]


@given(data=st.binary(max_size=80), cuts=places)
def test_random_bytes_give_the_same_entries_and_failure_however_they_are_divided(
    data: bytes, cuts: list[int]
) -> None:
    whole, pieces = FrameDecoder(Role.CLIENT), FrameDecoder(Role.CLIENT)
    assert received(whole, data) == received(pieces, *cut(data, cuts))
    assert (whole.failure is None) == (pieces.failure is None)
    if whole.failure and pieces.failure:
        assert whole.failure.code is pieces.failure.code


_short = st.one_of(
    st.sampled_from((b"hi", b"longer than ten", b"\xff\xfe", b"\xc3", b"\xc3\xa4", b"")),
    st.binary(max_size=12),
)


@given(
    frames=st.lists(st.tuples(st.sampled_from((Kind.TEXT, Kind.BINARY)), _short), max_size=8),
    cuts=places,
)
@example([(Kind.TEXT, b"\xff\xfe"), (Kind.TEXT, b"longer than ten")], [])
@example([(Kind.TEXT, b"longer than ten"), (Kind.TEXT, b"\xff\xfe")], [])
def test_the_first_protocol_error_ends_decoding_after_earlier_entries(
    frames: list[PlainEntry], cuts: list[int]
) -> None:
    expected: list[PlainEntry] = []
    code: CloseCode | None = None
    for kind, payload in frames:
        if len(payload) > 10:
            code = CloseCode.MESSAGE_TOO_BIG
        elif kind is Kind.TEXT and payload != payload.decode(errors="ignore").encode():
            code = CloseCode.INVALID_PAYLOAD
        if code is not None:
            break
        expected.append((kind, payload))
    data = b"".join(encode(kind, payload) for kind, payload in frames)
    decoder = FrameDecoder(Role.CLIENT, None, 10)
    assert received(decoder, *cut(data, cuts)) == expected
    assert (decoder.failure and decoder.failure.code) == code
    assert decoder.is_finished is (code is not None)


@given(
    frames=st.lists(st.tuples(st.sampled_from((Kind.TEXT, Kind.BINARY)), _short), max_size=8),
    cuts=places,
)
@example([(Kind.TEXT, b"hi"), (Kind.TEXT, b"\xff\xfe"), (Kind.TEXT, b"hi")], [])
def test_a_protocol_error_in_a_compressed_message_ends_decoding(
    frames: list[PlainEntry], cuts: list[int]
) -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    data = b"".join(encode(kind, packer.pack(payload), rsv=RSV1) for kind, payload in frames)
    packed = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT), 10)
    plain = FrameDecoder(Role.CLIENT, None, 10)
    expected = received(plain, b"".join(encode(kind, payload) for kind, payload in frames))
    assert received(packed, *cut(data, cuts)) == expected
    assert packed.is_finished is plain.is_finished


def test_large_decompressed_messages_come_in_several_batches() -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    payload = bytes(200_000)
    data = b"".join(encode(Kind.BINARY, packer.pack(payload), rsv=RSV1) for _ in range(40))
    decoder = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT))
    batches = list(decoder.feed(data, 0.0))
    assert plain_entries(batches) == [(Kind.BINARY, payload)] * 40
    assert max(len(batch.data) for batch in batches) < len(data) + 2 * 1024 * 1024


def test_a_large_compressed_message_gives_empty_batches_while_it_is_decompressed() -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    payload = bytes(32 * 1024 * 1024)
    decoder = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT))
    batches = list(decoder.feed(encode(Kind.BINARY, packer.pack(payload), rsv=RSV1), 0.0))
    assert len(batches) > 5
    assert plain_entries(batches) == [(Kind.BINARY, payload)]


def test_bytes_after_a_protocol_error_are_ignored() -> None:
    decoder = FrameDecoder(Role.CLIENT)
    assert received(decoder, b"\x81\x02ok\x83\x00\x81\x05later", b"\x81\x05later") == [
        (Kind.TEXT, b"ok")
    ]
    assert decoder.failure is not None
    assert decoder.is_finished


def test_bytes_after_a_close_frame_are_ignored() -> None:
    decoder = FrameDecoder(Role.CLIENT)
    assert received(decoder, b"\x88\x00\x81\x05later", b"\x83\x00") == [(Kind.CLOSE, b"")]
    assert decoder.failure is None
    assert decoder.is_finished


def test_an_incomplete_character_is_not_completed_by_the_next_message() -> None:
    decoder = FrameDecoder(Role.CLIENT)
    assert received(decoder, b"\x81\x02ok\x81\x01\xc3\x81\x01\xa4") == [(Kind.TEXT, b"ok")]
    assert decoder.failure is not None
    assert decoder.failure.code is CloseCode.INVALID_PAYLOAD


def test_binary_messages_are_not_validated_as_utf_8() -> None:
    assert received(FrameDecoder(Role.CLIENT), b"\x82\x02\xff\xfe") == [(Kind.BINARY, b"\xff\xfe")]


def test_a_batch_has_its_time_and_direction() -> None:
    (batch,) = FrameDecoder(Role.CLIENT).feed(b"\x81\x02hi\x82\x01x\x89\x00", 12.5)
    assert (batch.time, batch.direction) == (12.5, Direction.RECEIVED)
    assert batch.kinds == bytes((Kind.TEXT, Kind.BINARY, Kind.PING))


def test_plain_frames_are_not_copied() -> None:
    data = b"\x81\x05hello" * 100
    (batch,) = FrameDecoder(Role.CLIENT).feed(data, 0.0)
    assert batch.data is data


def test_many_assembled_messages_come_in_several_batches() -> None:
    pings, fragments = b"\x89\x00" * 1000, b"\x01\x00" + b"\x00\x00" * 1000
    batches = list(FrameDecoder(Role.CLIENT).feed(b"\x81\x01a" + pings + b"\x81\x01b", 0.0))
    assert max(map(len, batches)) <= 130
    assert sum(map(len, batches)) == 1002
    assert len(list(FrameDecoder(Role.CLIENT).feed(fragments, 0.0))) > 5


def test_a_long_message_has_its_own_batch() -> None:
    long = encode(Kind.BINARY, bytes(1024 * 1024))
    decoder = FrameDecoder(Role.CLIENT)
    batches = list(decoder.feed(b"\x81\x01a" + long[:9999], 0.0))
    assert decoder.is_inside_long_frame
    batches += decoder.feed(long[9999:] + b"\x81\x01b", 0.0)
    assert not decoder.is_inside_long_frame
    assert batches[1].data == bytes(1024 * 1024)
    assert [len(batch) for batch in batches] == [1, 1, 1]
    assert plain_entries(batches)[::2] == [(Kind.TEXT, b"a"), (Kind.TEXT, b"b")]


def test_a_complete_long_message_is_not_copied() -> None:
    long = encode(Kind.TEXT, b"x" * 100_000)
    [batch] = FrameDecoder(Role.CLIENT).feed(b"\x81\x01a" + long + b"\x81\x01b", 0.0)
    assert plain_entries([batch]) == [(Kind.TEXT, text) for text in (b"a", b"x" * 100_000, b"b")]
    assert len(batch.data) < len(long) + 10


def test_a_long_text_of_invalid_utf_8_ends_decoding_without_an_entry() -> None:
    decoder = FrameDecoder(Role.CLIENT)
    data = b"\x81\x01a" + encode(Kind.TEXT, b"x" * 100_000 + b"\xff")
    assert received(decoder, data) == [(Kind.TEXT, b"a")]
    assert decoder.failure is not None
    assert decoder.failure.code is CloseCode.INVALID_PAYLOAD


@pytest.mark.parametrize("agreement", [None, Agreement()])
@given(
    st.lists(st.one_of(st.binary(max_size=200), st.sampled_from((b"a\xff", b"\xed\xa0" * 40_000)))),
    st.integers(1, 99),
    places,
)
def test_a_lenient_decoder_gives_any_text_as_it_came(
    agreement: Agreement | None, texts: list[bytes], size: int, cuts: list[int]
) -> None:
    deflate = None if agreement is None else Deflate(agreement, Role.SERVER)
    encoder = FrameEncoder(Role.SERVER, deflate)
    data = b""
    for number, text in enumerate(texts):
        packed = encoder.pack(text)
        if number % 2:
            data += b"".join(encoder.fragments(Opcode.TEXT, packed, (size, size)))
        else:
            data += b"".join(encoder.message(Opcode.TEXT, packed))
    data += encode(Opcode.CLOSE, b"\x03\xe8\xff")
    deflate = None if agreement is None else Deflate(agreement, Role.CLIENT)
    decoder = FrameDecoder(Role.CLIENT, deflate, checks_text=False)
    batches = [batch for block in cut(data, cuts) for batch in decoder.feed(block, 1.0)]
    assert decoder.failure is None
    expected = [(Kind.TEXT, text) for text in texts] + [(Kind.CLOSE, b"\x03\xe8\xff")]
    assert plain_entries(batches) == expected


@pytest.mark.parametrize(
    ("data", "inside"),
    [
        (b"", False),
        (b"\x81", True),
        (b"\x81\x05hell", True),
        (b"\x81\x05hello", False),
        (b"\x01\x05hello", True),
        (b"\x01\x05hello\x89\x00", True),
        (b"\x01\x05hello\x80\x00", False),
    ],
)
def test_an_incomplete_message_is_known(data: bytes, inside: bool) -> None:
    decoder = FrameDecoder(Role.CLIENT)
    received(decoder, data)
    assert decoder.is_inside_message is inside


def test_a_server_refuses_unmasked_frames_and_a_client_masked_ones() -> None:
    for role, frame in (
        (Role.SERVER, encode(Kind.TEXT, b"hi")),
        (Role.CLIENT, encode(Kind.TEXT, b"hi", MASK)),
    ):
        decoder = FrameDecoder(role)
        assert received(decoder, frame) == []
        assert decoder.failure is not None
        assert decoder.failure.code is CloseCode.PROTOCOL_ERROR
        assert "mask" in decoder.failure.explanation
