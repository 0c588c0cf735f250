"""BSON: every type both ways, what pymongo wrote, and payloads that lie."""

from __future__ import annotations

import base64
from typing import Any

import bson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.decimal128 import read_decimal, written_decimal
from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from spacebeam.decode.timestamps import written_timestamp
from tests.decode.transcripts import Transcript

FEED = Transcript("bson-feed")
LINES = {line.number: line for line in FEED.lines()}
DECODER = BsonDecoder()
BINARY = Context("binary", "received")


def decode(payload: bytes) -> Value:
    return DECODER.decode(payload, BINARY).value


def from_canonical(value: Any) -> Any:
    """Return our value of canonical extended JSON."""
    match value:
        case {"$numberInt": str(text)} | {"$numberLong": str(text)}:
            return int(text)
        case {"$numberDouble": str(text)}:
            return float(text)
        case {"$date": {"$numberLong": str(text)}}:
            seconds, milliseconds = divmod(int(text), 1000)
            return {"$date": written_timestamp(seconds, milliseconds * 1_000_000)}
        case {"$binary": {"base64": str(text), "subType": "00"}}:
            return base64.b64decode(text)
        case dict():
            return {key: from_canonical(one) for key, one in value.items()}
        case list():
            return [from_canonical(one) for one in value]
    return value


@pytest.mark.parametrize("message", FEED.expected, ids=lambda message: message["what"])
def test_the_feed_is_read(message: dict[str, Any]) -> None:
    line = LINES[message["line"]]
    if message["type"] != "BSON":
        with pytest.raises(DecodeError) as refused:
            decode(line.payload)
        assert 0 <= refused.value.offset <= len(line.payload)
        assert DECODER.confidence(line.payload, line.context) == 0
        return
    wanted = from_canonical(message["values_extended_json"])
    value = decode(line.payload)
    found = value["$sequence"] if message["documents"] > 1 else [value]  # type: ignore[index,call-overload]
    assert written_extended(found) == written_extended(wanted)
    assert DECODER.confidence(line.payload, line.context) == 0.95
    assert DECODER.confidence(line.payload, BINARY) >= 0.6
    again = decode(DECODER.encode(read_extended(written_extended(value).encode())))
    assert written_extended(again) == written_extended(value)


def element(kind: int, data: bytes, key: bytes = b"a") -> bytes:
    body = bytes((kind,)) + key + b"\0" + data + b"\0"
    return (len(body) + 4).to_bytes(4, "little") + body


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (element(0x06, b""), {"a": {"$undefined": True}}),
        (element(0x0E, b"\2\0\0\0b\0"), {"a": {"$symbol": "b"}}),
        (
            element(0x0C, b"\2\0\0\0c\0" + bytes(12)),
            {"a": {"$dbPointer": {"$ref": "c", "$id": {"$oid": "0" * 24}}}},
        ),
        (element(0x02, b"\2\0\0\0\xff\0"), {"a": b"\xff"}),
        (element(0x10, b"\1\0\0\0", b"$date"), {"$map": [["$date", 1]]}),
        (element(0x10, b"\1\0\0\0\x10a\0\2\0\0\0"), {"$map": [["a", 1], ["a", 2]]}),
        (element(0x13, bytes(14) + b"\x40\x30"), {"a": {"$numberDecimal": "0"}}),
    ],
)
def test_unusual_documents_are_read(payload: bytes, value: Value) -> None:
    assert decode(payload) == value
    assert decode(DECODER.encode(value)) == value


@pytest.mark.parametrize(
    ("payload", "words", "offset"),
    [
        (b"", "ends in the middle", 0),
        (b"\4\0\0\0\0", "shorter than it can be", 0),
        (b"\xff\xff\xff\x7f\0", "ends in the middle", 5),
        (b"\xff\xff\xff\xff\0", "shorter than it can be", 0),
        (element(0x42, b""), "no type 42", 4),
        (element(0x02, b"\0\0\0\0"), "shorter than it can be", 7),
        (element(0x02, b"\1\0\0\0x"), "end with a NUL", 11),
        (element(0x05, b"\xff\xff\xff\xff\0"), "negative length", 7),
        (element(0x08, b"\2"), "0 or 1", 7),
        (b"\6\0\0\0\0\0", "end where it says", 4),
    ],
)
def test_wrong_payloads_are_refused_where_they_are_wrong(
    payload: bytes, words: str, offset: int
) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        decode(payload)
    assert refused.value.offset == offset
    assert DECODER.confidence(payload, BINARY) == 0


def test_documents_that_are_nested_too_deeply_are_refused() -> None:
    payload = b"\5\0\0\0\0"
    for _level in range(300):
        payload = element(0x03, payload)
    with pytest.raises(DecodeError, match="nested too deeply"):
        decode(payload)
    value: Value = {}
    for _level in range(300):
        value = {"a": value}
    with pytest.raises(ValueError, match="nested too deeply"):
        DECODER.encode(value)


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("0", "0"),
        ("-0.00", "-0.00"),
        ("12.3400", "12.3400"),
        ("1E+3", "1E+3"),
        ("-1E-6176", "-1E-6176"),
        ("9.999999999999999999999999999999999E+6144", "9.999999999999999999999999999999999E+6144"),
        ("1E+6112", "1.0E+6112"),
        ("NaN", "NaN"),
        ("-Infinity", "-Infinity"),
    ],
)
def test_decimal_numbers_are_written_and_read(text: str, again: str) -> None:
    assert read_decimal(written_decimal(text)) == again


@given(st.binary(min_size=16, max_size=16))
def test_any_decimal_number_is_read_as_pymongo_does(data: bytes) -> None:
    text = read_decimal(data)
    assert text == str(bson.Decimal128.from_bid(data))
    assert read_decimal(written_decimal(text)) == text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1], "is an object"),
        ({"a": 2**63}, "64 bits"),
        ({"a\0": 1}, "without NUL"),
        ({"a": {"$oid": "xyz"}}, r"no \$oid"),
        ({"a": {"$binary": {"base64": "!", "subType": "04"}}}, "base64"),
        ({"a": {"$numberDecimal": "much"}}, "no decimal number"),
        ({"a": {"$numberDecimal": "1" * 35}}, "34 digits"),
        ({"$sequence": [{}]}, "several values"),
    ],
)
def test_what_cannot_be_written_is_refused(value: Value, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DECODER.encode(value)


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    payload = (len(data) + 5).to_bytes(4, "little") + data + b"\0"
    try:
        value = decode(payload)
    except DecodeError as error:
        refused = error
    else:
        assert written_extended(decode(DECODER.encode(value))) == written_extended(value)
        return
    assert 0 <= refused.offset <= len(payload)
