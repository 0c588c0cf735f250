"""Messages without a schema: what is guessed, what is written back, and bytes that are none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.registry import REGISTRY

DECODER = ProtobufDecoder()
BINARY = Context("binary", "received", "ws://a.test/feed")


def decode(payload: bytes) -> Value:
    return DECODER.decode(payload, BINARY).value


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"\x08\x96\x01", {"1": 150}),
        (b"\x08" + b"\xff" * 9 + b"\x01", {"1": -1}),
        (b"\x0d\x07\x00\x00\x00", {"1": {"$fixed32": 7}}),
        (b"\x0d\x00\x00\xc0\x3f", {"1": {"$float32": 1.5}}),
        (b"\x0d\x00\x00\xc0\x7f", {"1": {"$fixed32": 0x7FC00000}}),  # NaN
        (b"\x09\x00\x00\x00\x00\x00\x00\xf8\x3f", {"1": 1.5}),
        (b"\x09\x08\x00\x00\x00\x00\x00\x00\x00", {"1": {"$fixed64": 8}}),
        (b"\x0a\x00", {"1": ""}),
        (b"\x0a\x05hello", {"1": "hello"}),
        (b"\x0a\x02\x08\x01", {"1": {"1": 1}}),
        (b"\x0a\x03\x08\x81\x00", {"1": b"\x08\x81\x00"}),  # more bytes than 1 needs
        (b"\x0a\x02\xff\xfe", {"1": b"\xff\xfe"}),
        (b"\x0a\x04\x00\x01\x02\x03", {"1": b"\x00\x01\x02\x03"}),
        (b"\x08\x01\x10\x02\x08\x03", {"1": [1, 3], "2": 2}),
        (b"\x0b\x10\x01\x0c", {"1": {"$group": {"2": 1}}}),
        (b"\x02\x08\x01\x02\x08\x02", {"$sequence": [{"1": 1}, {"1": 2}]}),
        (b"", {}),
    ],
)
def test_messages_are_read_and_written(payload: bytes, value: Value) -> None:
    assert decode(payload) == value
    assert decode(DECODER.encode(value)) == value


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"\x08", "ends in the middle"),
        (b"\x0a\xff\xff\xff\xff\x0fa", "ends in the middle"),
        (b"\x0d\x01", "ends in the middle"),
        (b"\x0b\x10\x01", "ends in the middle"),
        (b"\x08" + b"\xff" * 10 + b"\x01", "more than 64 bits"),
        (b"\x08" + b"\xff" * 9 + b"\x02", "more than 64 bits"),
        (b"\x00\x01\x01", "no field 0"),
        (b"\x0f\x01", "wire type 7"),
        (b"\x0c\x01", "wire type 4"),
        (b"\x0b" * 300, "nested too deeply"),
    ],
)
def test_other_bytes_are_refused(payload: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        decode(payload)
    assert 0 <= refused.value.offset <= len(payload)
    assert DECODER.confidence(payload, BINARY) == 0


def test_messages_that_are_nested_too_deeply_are_bytes() -> None:
    value: Value = 1
    for _level in range(101):
        value = {"1": value}
    payload = DECODER.encode(value)
    assert decode(payload) == value
    # The innermost message, 08 01, is bytes in the 102nd.
    size = len(payload)
    deeper = b"\x0a" + bytes((size & 127 | 128, size >> 7)) + payload
    assert written_extended(decode(deeper)).endswith('{"$bytes":"CAE="}' + "}" * 101)
    with pytest.raises(ValueError, match="nested too deeply"):
        DECODER.encode({"1": value})


@pytest.mark.parametrize(
    ("payload", "endpoint", "confidence"),
    [
        (b"\x08\x01\x12\x03abc", "ws://a.test/feed", 0.4),
        (b"\x08\x01\x12\x02\x08\x01", "ws://a.test/feed", 0.4),
        (b"\x08\x01\x10\x02\x18\x03", "ws://a.test/feed", 0.3),
        (b"\x08\x01\x10\x02", "ws://a.test/feed", 0),
        (b"\x08\x01\x10\x02", "ws://a.test/grpc", 0.95),
        (b"\x02\x08\x01", "ws://a.test/proto/1", 0.9),
        (b"\x02\x08\x01", "ws://a.test/prototype", 0),
        (b"\xfa\xff\x01\x01a", "ws://a.test/feed", 0),  # field 4095
        (b"55.49", "ws://a.test/feed", 0),
        (b"", "ws://a.test/protobuf", 0),
        (b"\x0a\x80\x80\x01" + b"a" * 16384, "ws://a.test/feed", 0),
        (b"\x0a\x80\x80\x01" + b"a" * 16384, "ws://a.test/protobuf", 0.6),
    ],
)
def test_confidence(payload: bytes, endpoint: str, confidence: float) -> None:
    assert DECODER.confidence(payload, Context("binary", endpoint=endpoint)) == confidence
    assert DECODER.confidence(payload, Context("text", endpoint=endpoint)) == 0


def test_a_guess_is_read_by_filters_and_marked_as_one() -> None:
    payload = b"\x08\x01\x12\x03abc"
    assert REGISTRY.value(payload, BINARY) == {"1": 1, "2": "abc"}
    best = REGISTRY.best(payload, BINARY)
    assert best.name == "Protobuf"
    assert REGISTRY.is_guess(best, payload, BINARY)
    assert REGISTRY.summary(payload, BINARY) == '{"1":1,"2":"abc"}'


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1], "is an object"),
        ({"name": 1}, "names need a schema"),
        ({"0": 1}, "no field 0"),
        ({"536870912": 1}, "no field 536870912"),
        ({"1": None}, "a field is"),
        ({"1": 2**64}, "64 bits"),
        ({"1": {"$float32": 1e300}}, "too large"),
        ({"$sequence": 1}, "array of messages"),
    ],
)
def test_what_cannot_be_written_is_refused(value: Value, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DECODER.encode(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_and_written_back_or_refused(payload: bytes) -> None:
    try:
        value = decode(payload)
    except DecodeError as error:
        refused = error
    else:
        again = decode(DECODER.encode(value))
        assert written_extended(again) == written_extended(value)
        return
    assert 0 <= refused.offset <= len(payload)
