"""Encoding frames: what is encoded is decoded to the same messages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Kind
from spacebeam.protocol.deflate import Agreement, Deflate
from spacebeam.protocol.frame_decoder import FrameDecoder
from spacebeam.protocol.frame_encoder import CHUNK_SIZE, FrameEncoder
from spacebeam.protocol.frames import Opcode, Role, parse_header
from tests.support.entries import cut, received

messages = st.lists(
    st.one_of(
        st.tuples(st.just(Kind.TEXT), st.text().map(str.encode)),
        st.tuples(st.sampled_from((Kind.BINARY, Kind.PING, Kind.PONG)), st.binary(max_size=125)),
    ),
    max_size=8,
)


@pytest.mark.parametrize("agreement", [None, Agreement(), Agreement(True, True, 9, 9)])
@pytest.mark.parametrize("role", Role)
@given(said=messages, cuts=st.lists(st.integers(0, 2**16), max_size=5))
def test_encoded_messages_are_decoded_by_the_other_side(
    role: Role, agreement: Agreement | None, said: list[tuple[Kind, bytes]], cuts: list[int]
) -> None:
    other = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    sender = FrameEncoder(role, Deflate(agreement, role) if agreement else None)
    receiver = FrameDecoder(other, Deflate(agreement, other) if agreement else None)
    data = b""
    for kind, payload in said:
        if Opcode(kind).is_control:
            data += sender.control(Opcode(kind), payload)
        else:
            data += b"".join(sender.message(Opcode(kind), sender.pack(payload)))
    assert received(receiver, *cut(data, cuts)) == said
    assert receiver.failure is None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("size", [CHUNK_SIZE - 1, CHUNK_SIZE, CHUNK_SIZE + 1, 3 * CHUNK_SIZE + 7])
def test_a_long_message_is_one_frame_in_several_chunks(role: Role, size: int) -> None:
    payload = bytes(range(253)) * (size // 253 + 1)
    payload = payload[:size]
    pieces = list(FrameEncoder(role).message(Opcode.BINARY, payload))
    assert max(map(len, pieces)) <= CHUNK_SIZE + 14
    other = Role.SERVER if role is Role.CLIENT else Role.CLIENT
    assert received(FrameDecoder(other), *pieces) == [(Kind.BINARY, payload)]


def test_a_client_masks_each_frame_differently_and_a_server_none() -> None:
    client, server = FrameEncoder(Role.CLIENT), FrameEncoder(Role.SERVER)
    headers = [parse_header(client.control(Opcode.PING, b"")) for _ in range(20)]
    assert len({header.mask for header in headers if header}) == 20
    assert server.control(Opcode.PING, b"x") == b"\x89\x01x"
    assert list(server.message(Opcode.TEXT, server.pack(b"hi"))) == [b"\x81\x02hi"]


def test_compressed_messages_have_rsv1_and_control_frames_do_not() -> None:
    sender = FrameEncoder(Role.SERVER, Deflate(Agreement(), Role.SERVER))
    (frame,) = sender.message(Opcode.TEXT, sender.pack(b"Hello"))
    assert frame == b"\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\x00"
    assert sender.control(Opcode.CLOSE, b"\x03\xe8") == b"\x88\x02\x03\xe8"
