"""Messages with a schema mean what Google's library reads in them, and are written for it."""

from __future__ import annotations

import base64
import contextlib
import math
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.schemas import ProtobufRule, Schemas
from tests.decode.transcripts import WIRE

DECODER = ProtobufDecoder()
FEED = (WIRE / "feed.desc").read_bytes()
ENVELOPE = "feed.v1.Envelope"


def context(message: str, descriptor_set: bytes = FEED) -> Context:
    schemas = Schemas(ProtobufSchema(descriptor_set), (ProtobufRule(message),))
    return Context("binary", "received", "ws://a.test/", schemas=schemas)


def library_class(message: str, descriptor_set: bytes = FEED) -> Any:
    pool = descriptor_pool.DescriptorPool()
    for file in descriptor_pb2.FileDescriptorSet.FromString(descriptor_set).file:
        pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(message))


def as_json(value: Any) -> Any:
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case float() if not math.isfinite(value):
            return str(value).replace("inf", "Infinity").replace("nan", "NaN")
        case dict():
            return {key: as_json(one) for key, one in value.items()}
        case list():
            return [as_json(one) for one in value]
    return value


ANY_CONTEXT = context(ENVELOPE)
VALUES: list[dict[str, Value]] = [
    {"seq": 2**64 - 1, "ping": False, "tags": {"a": "b", "": ""}},
    {"quote": {"bid": float("inf"), "delta": -(2**31), "big_delta": -(2**63), "maybe": -1}},
    {"quote": {"f32": 2**32 - 1, "f64": 2**64 - 1, "sf32": -1, "sf64": -(2**63), "ask": 0.1}},
    {"trade": {"side": "SELL", "history": ["BUY", 7], "took": "-1.500s", "comment": "c"}},
    {"trade": {"raw": b"\x00\xff", "notes": ["", "ü"], "took": "0s", "quantity": -1}},
    {"book": {"packed": [0, -1, 300], "packed_signed": [-1, 2**40], "weights": [0.5]}},
    {"book": {"not_packed": [1, 70000], "child": {"child": {}}, "bids": [{}, {"size": 1}]}},
    {"book": {"extra": {"a": None, "b": [True, 1.5, {"c": "d"}], "e": {}}}},
    {"levels": {"7": {}, "-1": {"price": 9.0}}, "sent_at": "0001-01-01T00:00:00Z"},
    {"other": {"@type": "type.googleapis.com/feed.v1.Level", "price": 1.5}},
    {"other": {"@type": "type.googleapis.com/google.protobuf.Duration", "value": "1s"}},
    {"heartbeat": {}, "sent_at": "9999-12-31T23:59:59.999999999Z"},
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_messages_are_written_for_the_library_and_read_from_it(value: dict[str, Value]) -> None:
    feed = context(ENVELOPE)
    payload = DECODER.encode_for(value, feed)
    envelope = library_class(ENVELOPE)
    known, wanted = envelope.FromString(payload), envelope()
    json_format.ParseDict(as_json(value), wanted, descriptor_pool=wanted.DESCRIPTOR.file.pool)
    assert known == wanted
    assert DECODER.decode(wanted.SerializeToString(), feed).value == value


def test_names_of_json_and_texts_for_numbers_are_accepted() -> None:
    feed = context(ENVELOPE)
    value: Value = {
        "seq": "12",
        "sentAt": "2026-01-02T03:04:05Z",
        "trade": {"raw": "AP-A", "side": 2, "quantity": 3.0, "took": None},
    }
    assert DECODER.decode(DECODER.encode_for(value, feed), feed).value == {
        "seq": 12,
        "sent_at": "2026-01-02T03:04:05Z",
        "trade": {"raw": b"\x00\xff\x80", "side": "SELL", "quantity": 3},
    }


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([], "Envelope is an object"),
        ({"none": 1}, "has no field “none”"),
        ({"seq": -1}, "“seq” has up to 64 bits"),
        ({"seq": "x"}, "“seq” is an integer"),
        ({"ping": 1}, "“ping” is true or false"),
        ({"error": 1}, "“error” is a text"),
        ({"trade": {"side": "HOLD"}}, "“side” is a name of its enum"),
        ({"trade": {"raw": "!"}}, "Base64"),
        ({"trade": {"notes": "a"}}, "“notes” is an array"),
        ({"tags": []}, "“tags” is an object"),
        ({"quote": {"bid": "much"}}, "“bid” is a number"),
        ({"quote": {"ask": 1e300}}, "“ask” is too large"),
        ({"sent_at": "now"}, "written like"),
        ({"trade": {"took": "1"}}, "Duration"),
        ({"other": {"@type": "a.test/No", "b": 1}}, "no type “a.test/No”"),
    ],
)
def test_what_the_schema_forbids_is_refused(value: Value, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DECODER.encode_for(value, context(ENVELOPE))


@pytest.mark.parametrize(
    ("payload", "words", "offset"),
    [
        (b"\x08\x01\x52\x02\x0a\x05", "in “quote”", 6),
        (b"\x62\x07\x2a\x05\x00\x00\x00\x00\x00", "in “weights”", 9),
        (b"\x62\x02\x1a\x01\x80"[:4] + b"\x80", "ends in the middle", 5),
    ],
)
def test_errors_have_the_field_and_the_offset(payload: bytes, words: str, offset: int) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        DECODER.decode(payload, context(ENVELOPE))
    assert refused.value.offset == offset


def test_messages_that_are_nested_too_deeply_are_refused() -> None:
    payload = b""
    for _level in range(120):
        size = len(payload)
        length = bytes((size,)) if size < 128 else bytes((size & 127 | 128, size >> 7))
        payload = b"\x3a" + length + payload  # BookUpdate.child
    with pytest.raises(DecodeError, match="nested too deeply"):
        DECODER.decode(payload, context("feed.v1.BookUpdate"))


def _file() -> descriptor_pb2.FileDescriptorProto:
    file = descriptor_pb2.FileDescriptorProto(name="old.proto", package="old")
    message = file.message_type.add(name="Old")
    message.extension_range.add(start=100, end=200)
    message.nested_type.add(name="Inside").field.add(name="x", number=1, type=5, label=1)
    message.field.add(name="Inside", number=1, type=10, label=3, type_name=".old.Old.Inside")
    message.field.add(name="many", number=2, type=5, label=3)
    file.extension.add(name="more", number=100, type=9, label=1, extendee=".old.Old")
    return file


def test_groups_and_extensions_of_proto2_are_read_and_written() -> None:
    descriptors = descriptor_pb2.FileDescriptorSet(file=[_file()]).SerializeToString()
    old = context("old.Old", descriptors)
    value: Value = {"Inside": [{"x": 1}, {}], "many": [1, 2], "[old.more]": "m"}
    payload = DECODER.encode_for(value, old)
    assert payload == b"\x0b\x08\x01\x0c\x0b\x0c\x10\x01\x10\x02\xa2\x06\x01m"  # not packed
    assert library_class("old.Old", descriptors).FromString(payload).SerializeToString() == payload
    assert DECODER.decode(payload, old).value == value


def test_a_map_entry_without_a_value_is_a_message_as_any_other() -> None:
    file = _file()
    entry = file.message_type.add(name="Entry")
    entry.options.map_entry = True
    entry.field.add(name="key", number=1, type=9, label=1)
    outer = file.message_type.add(name="Outer")
    outer.field.add(name="pairs", number=1, type=11, type_name=f".{file.package}.Entry", label=3)
    descriptor_set = descriptor_pb2.FileDescriptorSet(file=[file]).SerializeToString()
    outer_name = f"{file.package}.Outer".removeprefix(".")
    found = DECODER.decode(bytes.fromhex("0a030a0161"), context(outer_name, descriptor_set))
    assert found.value == {"pairs": [{"key": "a"}]}


@given(st.binary(max_size=60))
def test_any_bytes_are_read_and_written_back_or_refused(payload: bytes) -> None:
    try:
        value = DECODER.decode(payload, ANY_CONTEXT).value
    except DecodeError as error:
        refused = error
    else:
        again = DECODER.decode(DECODER.encode_for(value, ANY_CONTEXT), ANY_CONTEXT).value
        assert written_extended(again) == written_extended(value)
        return
    assert 0 <= refused.offset <= len(payload)


@given(st.integers(0, len(FEED) - 1), st.binary(min_size=1, max_size=4))
def test_any_descriptor_set_is_read_or_refused(at: int, other: bytes) -> None:
    with contextlib.suppress(ValueError):
        ProtobufSchema(FEED[:at] + other + FEED[at + len(other) :])


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"\x1a\x01\xff", b"\xff"),  # a string_value that is not UTF-8
        (b"\x18\x01\x32\x00", {"$message": {"3": 1, "list_value": []}}),
        (b"\x32\x02\x10\x01", {"$message": {"list_value": {"2": 1}}}),
    ],
)
def test_a_value_that_json_cannot_say_is_shown_and_written(payload: bytes, value: Value) -> None:
    google = context("google.protobuf.Value")
    assert DECODER.decode(payload, google).value == value
    assert DECODER.encode_for(value, google) == payload
