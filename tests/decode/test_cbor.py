"""CBOR: every type both ways, what a library wrote, the RFC's examples, and payloads that lie."""

from __future__ import annotations

import base64
import ipaddress
import math
import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from tests.decode.transcripts import Transcript

FEED = Transcript("cbor-feed")
LINES = {line.number: line for line in FEED.lines()}
DECODER = CborDecoder()
BINARY = Context("binary", "received")


def decode(payload: bytes) -> Value:
    return DECODER.decode(payload, BINARY).value


# What the library cbor2 made of the value of a tag, as the expectations write it.
TAGS: dict[int, Callable[[Any], Any]] = {
    0: lambda text: {"date": text.replace("Z", "+00:00")},
    4: lambda pair: {"decimal": str(Decimal(pair[1]).scaleb(pair[0]))},
    5: lambda pair: {"decimal": str(Decimal(pair[1]) * Decimal(2) ** pair[0])},
    25: lambda _index: "abcabcabcabc",  # we resolve no references
    28: lambda value: as_library(value),
    29: lambda _index: ["shared"],
    30: lambda pair: {"fraction": f"{pair[0]}/{pair[1]}"},
    35: lambda pattern: {"regex": pattern},
    37: lambda data: {"uuid": str(uuid.UUID(bytes=data))},
    52: lambda data: {"type": "IPv4Address", "value": str(ipaddress.IPv4Address(data))},
    256: lambda value: as_library(value),
    258: lambda items: {"set": items},
}


def as_library(value: Any) -> Any:
    """Return our value as the expectations write it."""
    match value:
        case dict():
            return object_as_library(value)
        case list():
            return [as_library(one) for one in value]
        case bytes():
            return {"bytes_base64": base64.b64encode(value).decode()}
        case int() if abs(value) > 2**53:
            return {"integer": str(value)}
        case float() if not math.isfinite(value):
            return {"float": str(value)}
    return value


def object_as_library(value: dict[str, Any]) -> Any:
    match value:
        case {"$timestamp": str(text)}:
            return {"date": text.replace("Z", "000+00:00")}
        case {"$tag": tag, "value": one} if tag in TAGS:
            return TAGS[tag](one)
        case {"$tag": tag, "value": one}:
            return {"tag": tag, "value": as_library(one)}
        case {"$map": pairs}:
            return {"map": [[as_library(key), as_library(one)] for key, one in pairs]}
    return {key.removeprefix("$"): as_library(one) for key, one in value.items()}


@pytest.mark.parametrize("message", FEED.expected, ids=lambda message: message["what"])
def test_the_feed_is_read(message: dict[str, Any]) -> None:
    line = LINES[message["line"]]
    if "values" not in message:
        with pytest.raises(DecodeError) as refused:
            decode(line.payload)
        assert 0 <= refused.value.offset <= len(line.payload)
        assert DECODER.confidence(line.payload, line.context) == 0
        return
    value = decode(line.payload)
    wanted = message["values"]
    if message["what"].startswith("the key a twice"):
        wanted = {"map": [["a", 1], ["a", 2]]}  # the library keeps the last
    found = as_library(value)
    if message["objects"] > 1:
        found = found["sequence"]
    assert repr(found) == repr(wanted)  # -0.0 is not 0.0
    assert DECODER.confidence(line.payload, line.context) >= 0.9
    again = decode(DECODER.encode(read_extended(written_extended(value).encode())))
    assert written_extended(again) == written_extended(value)


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        # RFC 8949, appendix A
        (b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", 18446744073709551615),
        (b"\xc2\x49\x01\x00\x00\x00\x00\x00\x00\x00\x00", 18446744073709551616),
        (b"\xf9\x3e\x00", 1.5),
        (b"\xfa\x47\xc3\x50\x00", 100000.0),
        (b"\xf0", {"$simple": 16}),
        (b"\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00", {"$timestamp": "2013-03-21T20:04:00.500Z"}),
        (b"\xd7\x44\x01\x02\x03\x04", {"$tag": 23, "value": b"\1\2\3\4"}),
        (b"\x5f\x42\x01\x02\x43\x03\x04\x05\xff", b"\1\2\3\4\5"),
        (b"\x9f\xff", []),
        (b"\xbf\x61\x61\x01\x61\x62\x9f\x02\x03\xff\xff", {"a": 1, "b": [2, 3]}),
        # and others
        (b"\xc2\xf6", {"$tag": 2, "value": None}),
        (b"\xc1\xf9\x7c\x00", {"$tag": 1, "value": float("inf")}),
        (b"\xc1\x1b" + b"\xff" * 8, {"$tag": 1, "value": 2**64 - 1}),
        (b"\xa1\x64$tag\x01", {"$map": [["$tag", 1]]}),
        (b"\x61\xff", b"\xff"),
        (b"\xc2\x59\x08\x00" + b"\x01" * 2048, {"$tag": 2, "value": b"\x01" * 2048}),
    ],
)
def test_items_are_read_and_written(payload: bytes, value: Value) -> None:
    assert decode(payload) == value
    assert decode(DECODER.encode(value)) == value


@pytest.mark.parametrize(
    ("payload", "words", "offset"),
    [
        (b"", "ends in the middle", 0),
        (b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff", "ends in the middle", 9),
        (b"\x5b\xff\xff\xff\xff\xff\xff\xff\xffa", "ends in the middle", 10),
        (b"\xbf\x01", "ends in the middle", 2),
        (b"\xbf\x01\xff", "ends nothing", 2),
        (b"\xff", "ends nothing", 0),
        (b"\x82\x01\x1c", "1c is reserved", 2),
        (b"\x1f", "1f is reserved", 0),
        (b"\xf8\x18", "reserves", 1),
        (b"\x7f\x41a\xff", "its own kind", 1),
        (b"\x7f\x7f\xff\xff", "its own kind", 1),
        (b"\x81" * 300 + b"\x00", "nested too deeply", 256),
        (b"\xc6" * 300 + b"\x00", "nested too deeply", 256),
        (b"\xa1\x01" * 200 + b"\x00", "nested too deeply", 0),  # three levels of a value each
    ],
)
def test_wrong_payloads_are_refused_where_they_are_wrong(
    payload: bytes, words: str, offset: int
) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        decode(payload)
    assert refused.value.offset == offset
    assert DECODER.confidence(payload, BINARY) == 0


@pytest.mark.parametrize(
    ("payload", "kind", "endpoint", "confidence"),
    [
        (b"\xa1\x61a\x01", "binary", "", 0.8),
        (b"\xa1\x61a\x01", "text", "ws://a.test/cbor", 0),
        (b"\xd9\xd9\xf7\x01", "binary", "", 0.9),
        (b"\x83\x61a\x01\x02", "binary", "", 0.6),
        (b"\x83\x01\x02\x03", "binary", "", 0.4),
        (b"\x83\x01\x02\x03", "binary", "ws://a.test/cbor", 0.95),
        (b"\x01\x02", "binary", "", 0),
        (b"\x01\x02", "binary", "ws://a.test/cbor", 0.9),
        (b"\xa1\x61", "binary", "ws://a.test/cbor", 0),
        (b"\x80", "binary", "", 0),
        (b"55.49", "binary", "", 0),
        (b"\xa1\x61a\x59\x20\x00" + b"b" * 8192, "binary", "", 0.45),
        (b"\x59\x20\x00" + b"b" * 8192, "binary", "ws://a.test/cbor", 0.6),
    ],
)
def test_confidence(payload: bytes, kind: str, endpoint: str, confidence: float) -> None:
    assert DECODER.confidence(payload, Context(kind, endpoint=endpoint)) == confidence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"$ext": 1, "data": b""}, r"no \$ext"),
        ({"$tag": -1, "value": 2}, "64 bits"),
        ({"$simple": 22}, "from 0 to 19"),
        ({"$map": [1]}, "pairs"),
        ({"$sequence": [1]}, "several values"),
        ("\ud800", "surrogates"),
        (Decimal(10) ** 5000, "digits"),
    ],
)
def test_what_cannot_be_written_is_refused(value: Value, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DECODER.encode(value)


def test_a_value_that_is_nested_too_deeply_is_not_written() -> None:
    value: Value = 1
    for _level in range(2000):
        value = [value]
    with pytest.raises(ValueError, match="nested too deeply"):
        DECODER.encode(value)


_KEYS = st.text().filter(lambda key: not key.startswith("$"))  # those are of extended JSON
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inside: st.lists(inside) | st.dictionaries(_KEYS, inside),
)


@given(_VALUES)
def test_any_value_comes_back(value: Value) -> None:
    assert decode(DECODER.encode(value)) == value


@given(st.binary(max_size=100))
def test_any_bytes_are_read_or_refused(payload: bytes) -> None:
    try:
        value = decode(payload)
    except DecodeError as error:
        refused = error
    else:
        assert written_extended(decode(DECODER.encode(value))) == written_extended(value)
        return
    assert 0 <= refused.offset <= len(payload)
