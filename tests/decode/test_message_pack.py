"""MessagePack: every type both ways, what a library wrote, and payloads that lie."""

from __future__ import annotations

import base64
import sys
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from spacebeam.decode import message_pack, message_pack_packages
from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.message_pack_packages import UNREAD, unpacked
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.timestamps import written_timestamp
from tests.decode.transcripts import Line, Transcript

FEED = Transcript("msgpack-feed")
LINES = {line.number: line for line in FEED.lines()}
DECODER = MessagePackDecoder()
BINARY = Context("binary", "received")


def decode(payload: bytes) -> Value:
    return DECODER.decode(payload, BINARY).value


def expected(value: Any) -> Any:
    """Return an expectation's value in our form."""
    match value:
        case {"integer": str(digits)}:
            return int(digits)
        case {"float": str(name)}:
            return float(name)
        case {"ext": int(kind), "bytes_base64": str(text)}:
            return {"$ext": kind, "data": base64.b64decode(text)}
        case {"bytes_base64": str(text)}:
            return base64.b64decode(text)
        case {"timestamp": {"seconds": int(seconds), "nanoseconds": int(nanoseconds)}}:
            return {"$timestamp": written_timestamp(seconds, nanoseconds)}
        case {"map": list(pairs)}:
            return {"$map": [[expected(key), expected(one)] for key, one in pairs]}
        case dict():
            return {key: expected(one) for key, one in value.items()}
        case list():
            return [expected(one) for one in value]
    return value


@pytest.mark.parametrize("message", FEED.expected, ids=lambda message: message["what"])
def test_the_feed_is_read(message: dict[str, Any]) -> None:
    line: Line = LINES[message["line"]]
    if "values" not in message:
        with pytest.raises(DecodeError) as refused:
            decode(line.payload)
        assert 0 <= refused.value.offset <= len(line.payload)
        assert DECODER.confidence(line.payload, line.context) == 0
        return
    wanted = expected(message["values"])
    if message.get("objects", 1) > 1:
        wanted = {"$sequence": wanted}
    if message["what"].startswith("old spec"):
        wanted = {"old": b"\xff\xfe"}  # the key is UTF-8
    value = decode(line.payload)
    assert written_extended(value) == written_extended(wanted)
    assert DECODER.confidence(line.payload, line.context) >= 0.6
    assert REGISTRY.best(line.payload, line.context) == _registered()
    again = decode(DECODER.encode(read_extended(written_extended(value).encode())))
    assert written_extended(again) == written_extended(value)


def _registered() -> Any:
    return next(one for one in REGISTRY.decoders if one.name == "MessagePack")


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b"\xc7\x03\xff\x01\x02\x03", {"$ext": -1, "data": b"\x01\x02\x03"}),
        (b"\xd7\xff" + b"\xff" * 8, {"$ext": -1, "data": b"\xff" * 8}),  # 4.3e9 nanoseconds
        (b"\x81\xa4$ext\x01", {"$map": [["$ext", 1]]}),
        (b"\x80", {}),
        (b"\x91\x90", [[]]),
        (b"\xdf\x00\x00\x00\x01\xa1a\xdd\x00\x00\x00\x01\xc0", {"a": [None]}),
        (b"\xc9\x00\x00\x00\x01\x05a", {"$ext": 5, "data": b"a"}),
    ],
)
def test_unusual_objects_are_read_and_written(payload: bytes, value: Value) -> None:
    assert decode(payload) == value
    assert decode(DECODER.encode(value)) == value


@pytest.mark.parametrize(
    ("payload", "words", "offset"),
    [
        (b"", "ends in the middle", 0),
        (b"\xdd\xff\xff\xff\xff\x00", "ends in the middle", 6),
        (b"\xdb\xff\xff\xff\xffa", "ends in the middle", 6),
        (b"\xdf\xff\xff\xff\xff" * 300, "ends in the middle|nested", 1500),
        (b"\x92\x01\xc1", "c1 is never used", 2),
        (b"\x91" * 300 + b"\x00", "nested too deeply", 256),
        # Two levels of a map with the same key twice are six levels of its value.
        (b"\x82\x01\xc0\x01" * 200 + b"\x00", "nested too deeply", 0),
    ],
)
def test_wrong_payloads_are_refused_where_they_are_wrong(
    payload: bytes, words: str, offset: int
) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        decode(payload)
    assert refused.value.offset == offset
    assert DECODER.confidence(payload, BINARY) in (0, 0.4, 0.6)


def test_a_deep_object_that_is_allowed_is_shown() -> None:
    payload = b"\x91" * 255 + b"\x90"
    assert DECODER.summary(payload, BINARY).startswith("[[[[")
    assert decode(payload) == decode(DECODER.encode(decode(payload)))


@pytest.mark.parametrize(
    ("payload", "kind", "endpoint", "confidence"),
    [
        (b"\x81\xa1a\x01", "binary", "", 0.8),
        (b"\x81\xa1a\x01", "text", "ws://a.test/msgpack", 0),
        (b"\x93\xa1a\x01\x02", "binary", "", 0.6),
        (b"\x93\x01\x02\x03", "binary", "", 0.4),
        (b"\x93\x01\x02\x03", "binary", "ws://a.test/MessagePack", 0.95),
        (b"\x01\x02\x03", "binary", "", 0),
        (b"\x01\x02\x03", "binary", "ws://a.test/msgpack", 0.9),
        (b"\x81\xa1a", "binary", "ws://a.test/msgpack", 0),
        (b"\x90", "binary", "", 0),
        (b"55.49", "binary", "", 0),
        (b"\x81\xa1a\xda\xff\xff" + b"b" * 65535, "binary", "", 0.45),
        (b"\x81\x01\xda\xff\xff" + b"b" * 65535, "binary", "", 0),
    ],
)
def test_confidence(payload: bytes, kind: str, endpoint: str, confidence: float) -> None:
    assert DECODER.confidence(payload, Context(kind, endpoint=endpoint)) == confidence


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2**64, "64 bits"),
        (-(2**63) - 1, "64 bits"),
        ({"$tag": 1, "value": 2}, r"no \$tag"),
        ({"$map": [[1]]}, "pairs"),
        ({"$timestamp": "today"}, "written like"),
        ({"$ext": 200, "data": b""}, "-128 to 127"),
        ({"$sequence": [1]}, "several values"),
        ("\ud800", "surrogates"),
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


def test_without_the_package_payloads_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "msgpack", None)
    message_pack_packages._unpack.cache_clear()
    try:
        assert decode(b"\x82\xa1a\x01\xa1b\x91\xc0") == {"a": 1, "b": [None]}
    finally:
        message_pack_packages._unpack.cache_clear()


_KEYS = st.text().filter(lambda key: not key.startswith("$"))  # those are of extended JSON
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary(),
    lambda inside: st.lists(inside) | st.dictionaries(_KEYS, inside),
)


@given(_VALUES)
def test_any_value_comes_back(value: Value) -> None:
    assert decode(DECODER.encode(value)) == value


_ODD_KEYS = st.sampled_from(["a", "$map", "$ext", "$other", "", 1, None, b"a", [1], True])
# Short maps, which may have a key twice, and whatever may be inside.
_SHORT_MAPS = st.lists(st.tuples(_ODD_KEYS | _KEYS, _VALUES), max_size=15).map(
    lambda pairs: (
        bytes((0x80 | len(pairs),))
        + b"".join(DECODER.encode(one) for pair in pairs for one in pair)
    )
)
_TIMED = b"\x81\xa1t\xd6\xff\x65\x53\xf1\x00"  # a timestamp


@given(st.binary(max_size=200) | _SHORT_MAPS)
@example(_TIMED)
@example(b"\x81\xa1a\xd4\x05\x01")  # another extension
def test_packages_and_our_reader_say_the_same(payload: bytes) -> None:
    fast = unpacked(payload, message_pack._extension)
    if fast is not UNREAD:
        assert written_extended(fast) == written_extended(message_pack._read(payload))
