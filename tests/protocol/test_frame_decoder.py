"""The reading half: any cut of a stream gives the same entries."""

from __future__ import annotations

from unittest import mock

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spacebeam.protocol import frame_decoder as receiver_module
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frames import Role, encode
from tests.support.entries import MASK, RSV1, Said, Stream, cut, origins, received, said, streams

places = st.lists(st.integers(0, 2**20), max_size=8)


def check(stream: Stream, receiver: FrameDecoder, cuts: list[int]) -> None:
    blocks = cut(stream.data, cuts)
    batches = [batch for block in blocks for batch in receiver.feed(block, 1.0)]
    assert receiver.failure is None
    assert said(batches) == stream.said
    assert origins(batches) == stream.origins
    assert not receiver.is_inside_message


ROLES = st.sampled_from(Role)
AGREEMENTS = st.sampled_from(
    (
        None,
        Agreement(),
        Agreement(server_no_context_takeover=True, server_max_window_bits=9),
        Agreement(client_no_context_takeover=True, client_max_window_bits=10),
    )
)


def new_receiver(role: Role, agreement: Agreement | None, limit: int = 2**20) -> FrameDecoder:
    return FrameDecoder(role, None if agreement is None else Deflate(agreement, role), limit)


@pytest.mark.parametrize("at_once", [1, 2, 128])
@given(role=ROLES, agreement=AGREEMENTS, data=st.data(), cuts=places)
def test_any_cut_of_a_stream_gives_the_same_entries(
    at_once: int, role: Role, agreement: Agreement | None, data: st.DataObject, cuts: list[int]
) -> None:
    # Masked for a server; fragmented, compressed, with controls between, as it comes.
    stream = data.draw(streams(role, agreement))
    with mock.patch.object(receiver_module, "_MAX_STEPS", at_once):
        check(stream, new_receiver(role, agreement), cuts)


@given(role=ROLES, agreement=AGREEMENTS, data=st.data(), cuts=places)
def test_a_stream_with_wrong_bytes_ends_at_the_same_byte_however_it_is_cut(
    role: Role, agreement: Agreement | None, data: st.DataObject, cuts: list[int]
) -> None:
    stream = bytearray(data.draw(streams(role, agreement)).data)
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, 2**20), st.integers(0, 255)))):
        if stream:
            stream[place % len(stream)] = byte
    outcomes = []
    for blocks in ([bytes(stream)], cut(bytes(stream), cuts)):
        receiver = new_receiver(role, agreement, 1000)
        batches = [batch for block in blocks for batch in receiver.feed(block, 0.0)]
        is_inside = receiver.is_inside_message and not receiver.is_finished
        outcomes.append((said(batches), origins(batches), receiver.failure is None, is_inside))
    assert outcomes[0] == outcomes[1]
    if receiver.failure is not None:
        place = offender(new_receiver(role, agreement, 1000), bytes(stream))
        before, at = (new_receiver(role, agreement, 1000) for _ in range(2))
        received(before, bytes(stream[:place]))
        received(at, bytes(stream[: place + 1]))
        assert before.failure is None
        assert at.failure is not None


def offender(receiver: FrameDecoder, data: bytes) -> int:
    """The place of the byte that a receiver refuses when it gets one at a time."""
    for place in range(len(data)):
        received(receiver, data[place : place + 1])
        if receiver.failure is not None:
            return place
    raise AssertionError("nothing was refused")


def test_every_byte_may_come_alone() -> None:
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
def test_noise_ends_with_the_same_entries_and_failure_however_it_is_cut(
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
def test_the_first_violation_ends_it_and_all_before_is_handed_on(
    frames: list[Said], cuts: list[int]
) -> None:
    expected: list[Said] = []
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
    receiver = FrameDecoder(Role.CLIENT, None, 10)
    assert received(receiver, *cut(data, cuts)) == expected
    assert (receiver.failure and receiver.failure.code) == code
    assert receiver.is_finished is (code is not None)


@given(
    frames=st.lists(st.tuples(st.sampled_from((Kind.TEXT, Kind.BINARY)), _short), max_size=8),
    cuts=places,
)
@example([(Kind.TEXT, b"hi"), (Kind.TEXT, b"\xff\xfe"), (Kind.TEXT, b"hi")], [])
def test_a_violation_in_a_compressed_message_ends_it_like_any_other(
    frames: list[Said], cuts: list[int]
) -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    data = b"".join(encode(kind, packer.pack(payload), rsv=RSV1) for kind, payload in frames)
    packed = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT), 10)
    plain = FrameDecoder(Role.CLIENT, None, 10)
    expected = received(plain, b"".join(encode(kind, payload) for kind, payload in frames))
    assert received(packed, *cut(data, cuts)) == expected
    assert packed.is_finished is plain.is_finished


def test_what_unpacks_to_much_comes_in_several_batches() -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    payload = bytes(200_000)
    data = b"".join(encode(Kind.BINARY, packer.pack(payload), rsv=RSV1) for _ in range(40))
    receiver = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT))
    batches = list(receiver.feed(data, 0.0))
    assert said(batches) == [(Kind.BINARY, payload)] * 40
    assert max(len(batch.data) for batch in batches) < len(data) + 2 * 1024 * 1024


def test_a_message_that_unpacks_to_much_leaves_turns_on_the_way() -> None:
    packer = Deflate(Agreement(), Role.SERVER)
    payload = bytes(32 * 1024 * 1024)
    receiver = FrameDecoder(Role.CLIENT, Deflate(Agreement(), Role.CLIENT))
    batches = list(receiver.feed(encode(Kind.BINARY, packer.pack(payload), rsv=RSV1), 0.0))
    assert len(batches) > 5
    assert said(batches) == [(Kind.BINARY, payload)]


def test_what_follows_a_violation_is_passed_over() -> None:
    receiver = FrameDecoder(Role.CLIENT)
    assert received(receiver, b"\x81\x02ok\x83\x00\x81\x05later", b"\x81\x05later") == [
        (Kind.TEXT, b"ok")
    ]
    assert receiver.failure is not None
    assert receiver.is_finished


def test_what_follows_a_close_frame_is_passed_over() -> None:
    receiver = FrameDecoder(Role.CLIENT)
    assert received(receiver, b"\x88\x00\x81\x05later", b"\x83\x00") == [(Kind.CLOSE, b"")]
    assert receiver.failure is None
    assert receiver.is_finished


def test_a_text_cut_short_does_not_borrow_from_the_next() -> None:
    receiver = FrameDecoder(Role.CLIENT)
    assert received(receiver, b"\x81\x02ok\x81\x01\xc3\x81\x01\xa4") == [(Kind.TEXT, b"ok")]
    assert receiver.failure is not None
    assert receiver.failure.code is CloseCode.INVALID_PAYLOAD


def test_binary_needs_not_be_text() -> None:
    assert received(FrameDecoder(Role.CLIENT), b"\x82\x02\xff\xfe") == [(Kind.BINARY, b"\xff\xfe")]


def test_a_batch_knows_when_and_which_way() -> None:
    (batch,) = FrameDecoder(Role.CLIENT).feed(b"\x81\x02hi\x82\x01x\x89\x00", 12.5)
    assert (batch.time, batch.direction) == (12.5, Direction.RECEIVED)
    assert batch.kinds == bytes((Kind.TEXT, Kind.BINARY, Kind.PING))


def test_plain_frames_stay_where_they_were_received() -> None:
    data = b"\x81\x05hello" * 100
    (batch,) = FrameDecoder(Role.CLIENT).feed(data, 0.0)
    assert batch.data is data


def test_much_that_has_to_be_put_together_comes_in_several_batches() -> None:
    pings, fragments = b"\x89\x00" * 1000, b"\x01\x00" + b"\x00\x00" * 1000
    batches = list(FrameDecoder(Role.CLIENT).feed(b"\x81\x01a" + pings + b"\x81\x01b", 0.0))
    assert max(map(len, batches)) <= 130
    assert sum(map(len, batches)) == 1002
    assert len(list(FrameDecoder(Role.CLIENT).feed(fragments, 0.0))) > 5


def test_a_long_message_has_a_batch_of_its_own() -> None:
    long = encode(Kind.BINARY, bytes(1024 * 1024))
    receiver = FrameDecoder(Role.CLIENT)
    batches = list(receiver.feed(b"\x81\x01a" + long[:9999], 0.0))
    assert receiver.is_inside_long_frame
    batches += receiver.feed(long[9999:] + b"\x81\x01b", 0.0)
    assert not receiver.is_inside_long_frame
    assert batches[1].data == bytes(1024 * 1024)
    assert [len(batch) for batch in batches] == [1, 1, 1]
    assert said(batches)[::2] == [(Kind.TEXT, b"a"), (Kind.TEXT, b"b")]


def test_a_long_message_that_is_here_whole_stays_where_it_is() -> None:
    long = encode(Kind.TEXT, b"x" * 100_000)
    [batch] = FrameDecoder(Role.CLIENT).feed(b"\x81\x01a" + long + b"\x81\x01b", 0.0)
    assert said([batch]) == [(Kind.TEXT, text) for text in (b"a", b"x" * 100_000, b"b")]
    assert len(batch.data) < len(long) + 10


def test_a_long_text_that_is_not_utf_8_ends_it_and_is_not_handed_on() -> None:
    receiver = FrameDecoder(Role.CLIENT)
    data = b"\x81\x01a" + encode(Kind.TEXT, b"x" * 100_000 + b"\xff")
    assert received(receiver, data) == [(Kind.TEXT, b"a")]
    assert receiver.failure is not None
    assert receiver.failure.code is CloseCode.INVALID_PAYLOAD


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
def test_it_knows_whether_a_message_has_begun(data: bytes, inside: bool) -> None:
    receiver = FrameDecoder(Role.CLIENT)
    received(receiver, data)
    assert receiver.is_inside_message is inside


def test_a_server_refuses_a_frame_without_a_mask_and_a_client_one_with() -> None:
    for role, frame in (
        (Role.SERVER, encode(Kind.TEXT, b"hi")),
        (Role.CLIENT, encode(Kind.TEXT, b"hi", MASK)),
    ):
        receiver = FrameDecoder(role)
        assert received(receiver, frame) == []
        assert receiver.failure is not None
        assert receiver.failure.code is CloseCode.PROTOCOL_ERROR
        assert "mask" in receiver.failure.explanation
