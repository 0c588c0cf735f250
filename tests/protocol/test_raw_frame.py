"""Raw frames: their bytes, and the description of each part."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.protocol.batch import Kind
from spacebeam.protocol.frames import Opcode, encode
from spacebeam.protocol.raw_frame import (
    MAX_CLAIM,
    LengthForm,
    RawFrame,
    RawFrameError,
    opcode_name,
)

MASK = b"\x37\xfa\x21\x3d"  # of the examples in RFC 6455, section 5.7


@pytest.mark.parametrize(
    ("frame", "data"),
    [
        (RawFrame(b"Hello"), b"\x81\x05Hello"),
        (RawFrame(b"Hello", mask=MASK), b"\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"),
        (RawFrame(b"Hel", fin=False), b"\x01\x03Hel"),
        (RawFrame(b"lo", Opcode.CONTINUATION), b"\x80\x02lo"),
        (RawFrame(b"Hello", Opcode.PING), b"\x89\x05Hello"),
        (RawFrame(opcode=3, rsv=7), b"\xf3\x00"),
        (RawFrame(opcode=15, fin=False, rsv=2), b"\x2f\x00"),
        (RawFrame(b"ab", length_form=LengthForm.BITS_7), b"\x81\x02ab"),
        (RawFrame(b"ab", length_form=LengthForm.BITS_16), b"\x81\x7e\x00\x02ab"),
        (RawFrame(b"ab", length_form=LengthForm.BITS_64), b"\x81\x7f" + bytes(7) + b"\x02ab"),
        (RawFrame(b"ab", claimed_length=1), b"\x81\x01ab"),
        (RawFrame(b"ab", claimed_length=126), b"\x81\x7e\x00\x7eab"),
        (RawFrame(claimed_length=0x10000), b"\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00"),
        (RawFrame(claimed_length=MAX_CLAIM), b"\x81\x7f" + b"\xff" * 8),
        (RawFrame(bytes(126), 9, claimed_length=126), b"\x89\x7e\x00\x7e" + bytes(126)),
    ],
)
def test_a_raw_frame_is_encoded_as_given(frame: RawFrame, data: bytes) -> None:
    assert frame.encode() == data
    assert b"".join(part.data for part in frame.parts()) == data
    assert frame.header() == data[: len(data) - len(frame.payload)]


@given(
    opcode=st.sampled_from(Opcode),
    payload=st.one_of(st.binary(max_size=200), st.just(bytes(65_535)), st.just(bytes(65_536))),
    mask=st.sampled_from((b"", MASK)),
    fin=st.booleans(),
    rsv=st.integers(0, 7),
)
def test_a_raw_frame_of_defaults_is_a_valid_frame(
    opcode: Opcode, payload: bytes, mask: bytes, fin: bool, rsv: int
) -> None:
    frame = RawFrame(payload, opcode, fin=fin, rsv=rsv, mask=mask)
    assert frame.encode() == encode(opcode, payload, mask, fin=fin, rsv=rsv)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opcode": 16}, "opcode"),
        ({"opcode": -1}, "opcode"),
        ({"rsv": 8}, "rsv"),
        ({"mask": b"abc"}, "mask"),
        ({"claimed_length": -1}, "claimed_length"),
        ({"claimed_length": MAX_CLAIM + 1}, "claimed_length"),
        ({"claimed_length": 126, "length_form": LengthForm.BITS_7}, "length_form"),
        ({"payload": bytes(126), "length_form": LengthForm.BITS_7}, "length_form"),
        ({"payload": bytes(65_536), "length_form": LengthForm.BITS_16}, "length_form"),
    ],
)
def test_an_invalid_value_is_refused_with_its_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RawFrameError) as caught:
        RawFrame(**values)
    assert caught.value.field == field


def test_each_part_of_an_encoded_frame_is_described() -> None:
    frame = RawFrame(bytes(300), Opcode.BINARY, fin=False, mask=MASK)
    assert [(part.data, part.words) for part in frame.parts(most=4)] == [
        (b"\x02", "no FIN, opcode 2 (binary)"),
        (b"\xfe", "masked, the length follows in 16 bits"),
        (b"\x01\x2c", "length 300"),
        (MASK, "mask"),
        (MASK, "payload, masked: 300 bytes"),
    ]
    plain = [part.words for part in RawFrame(b"x").parts()]
    assert plain == ["FIN, opcode 1 (text)", "not masked, length 1", "payload: 1 byte"]


@pytest.mark.parametrize(
    ("frame", "kind"),
    [
        (RawFrame("ü".encode()), Kind.TEXT),
        (RawFrame(b"\xff"), Kind.BINARY),  # recorded text is always valid UTF-8
        (RawFrame(b"\xff", Opcode.BINARY), Kind.BINARY),
        (RawFrame(bytes(200), Opcode.PING), Kind.PING),
        (RawFrame(opcode=Opcode.PONG), Kind.PONG),
        (RawFrame(b"\x03", Opcode.CLOSE), Kind.CLOSE),
        (RawFrame(opcode=Opcode.CONTINUATION), None),
        (RawFrame(opcode=3), None),
        (RawFrame(opcode=15), None),
    ],
)
def test_a_raw_frame_is_recorded_by_its_opcode_and_payload(
    frame: RawFrame, kind: Kind | None
) -> None:
    assert frame.kind is kind


def test_a_random_mask_differs_each_time() -> None:
    frame = RawFrame(b"x")
    masks = {frame.masked_at_random().mask for _ in range(20)}
    assert len(masks) > 15
    assert all(len(mask) == 4 for mask in masks)
    assert replace(frame.masked_at_random(), mask=b"") == frame


def test_every_opcode_has_a_name() -> None:
    assert [opcode_name(opcode) for opcode in (0, 1, 7, 8, 15)] == [
        "continuation",
        "text",
        "reserved",
        "close",
        "reserved control",
    ]
