"""The messages of a real feed, with its schema and without it."""

from __future__ import annotations

import base64
import math
from typing import Any

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import ProtobufRule, Schemas
from tests.decode.transcripts import WIRE, Line, Transcript

FEED = Transcript("protobuf-feed")
LINES = {line.number: line for line in FEED.lines()}
DECODER = ProtobufDecoder()
SCHEMAS = Schemas(
    ProtobufSchema((WIRE / "feed.desc").read_bytes()),
    (
        ProtobufRule("feed.v1.Request", "/protobuf/*", "sent"),
        ProtobufRule("feed.v1.Envelope", "/protobuf/*", "received"),
    ),
)
# 64-bit integers, which are texts in proto3 JSON.
LONG = ("id", "seq", "big_delta", "f64", "sf64", "quantity", "packed_signed")


def with_schema(line: Line, schemas: Schemas = SCHEMAS) -> Context:
    return Context(
        line.context.kind, line.context.direction, line.context.endpoint, schemas=schemas
    )


def as_json(value: Any, key: str = "") -> Any:
    """Return our value as proto3 JSON has it."""
    match value:
        case bytes():
            return base64.b64encode(value).decode()
        case dict():
            return {name: as_json(one, name) for name, one in value.items()}
        case list():
            return [as_json(one, key) for one in value]
        case int() if key in LONG:
            return str(value)
        case float() if not math.isfinite(value):
            return {"$float": "NaN"} if math.isnan(value) else value
    return value


def without_unknown(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {key: without_unknown(one) for key, one in value.items() if not key.isdecimal()}


@pytest.mark.parametrize("message", FEED.expected, ids=lambda message: message["what"])
def test_the_feed_is_read_with_its_schema(message: dict[str, Any]) -> None:
    line = LINES[message["line"]]
    context = with_schema(line)
    assert DECODER.confidence(line.payload, context) == 0.95
    if message["type"].startswith("not"):
        with pytest.raises(DecodeError, match="ends in the middle") as refused:
            DECODER.decode(line.payload, context)
        assert refused.value.offset == len(line.payload)
        assert REGISTRY.summary(line.payload, context).startswith("Protobuf: ends in the middle")
        return
    decoded = DECODER.decode(line.payload, context)
    assert [one.type for one in decoded.messages] == [message["type"].split()[-1]] * len(
        decoded.messages
    )
    if "oneof" in message:
        assert decoded.messages[0].name == (message["oneof"] or "")
    if "values" in message:
        _assert_values(decoded.value, message["values"])
    _assert_unknown(decoded.value, message.get("unknown_fields", []))
    written = DECODER.encode_for(read_extended(written_extended(decoded.value).encode()), context)
    again = DECODER.decode(written, context).value
    assert written_extended(again) == written_extended(decoded.value)


def _assert_values(value: Any, wanted: Any) -> None:
    if isinstance(wanted, list):
        value = value["$sequence"]
    found = as_json([without_unknown(one) for one in value] if isinstance(wanted, list) else value)
    if isinstance(found, dict):
        found = without_unknown(found)
    if isinstance(found, dict) and isinstance(found.get("levels"), dict):
        found["levels"] = value["levels"]  # keys of maps are texts of numbers
    assert written_extended(_sorted(found)) == written_extended(_sorted(_no_names(wanted)))


def _no_names(value: Any) -> Any:
    """Return a value with NaN as we write it."""
    match value:
        case "NaN":
            return {"$float": "NaN"}
        case dict():
            return {key: _no_names(one) for key, one in value.items()}
        case list():
            return [_no_names(one) for one in value]
    return value


def _sorted(value: Any) -> Any:
    match value:
        case dict():
            return {key: _sorted(value[key]) for key in sorted(value)}
        case list():
            return [_sorted(one) for one in value]
    return value


def _assert_unknown(value: Value, unknown: list[dict[str, Any]]) -> None:
    for field in unknown:
        assert isinstance(value, dict)
        inside: Any = value if field["in"] == "(top)" else value[field["in"]]
        found = inside[str(field["number"])]
        data = field["data"]
        if isinstance(data, dict):
            again = DECODER.encode({"1": found})[2:]
            assert again == base64.b64decode(data["bytes_base64"])
        elif field["wire_type"] == 0:
            assert found == data
        else:
            assert found in ({"$fixed64": data}, {"$fixed32": data})


def test_unknown_fields_are_shown_by_their_numbers() -> None:
    line = next(LINES[one["line"]] for one in FEED.expected if "unknown_fields" in one)
    assert DECODER.decode(line.payload, with_schema(line)).value == {
        "seq": 10,
        "quote": {"symbol": "NEW", "bid": 1.0, "99": 12},
        "30": "eu",
        "31": {"1": "x", "2": -5},
        "32": b"\x01\x02\xac\x02",
        "33": {"$fixed64": 1},
        "34": {"$fixed32": 2},
    }


def test_an_any_of_an_unknown_type_has_its_bytes() -> None:
    line = next(LINES[one["line"]] for one in FEED.expected if "values_text" in one)
    assert DECODER.decode(line.payload, with_schema(line)).value == {
        "seq": 9,
        "sent_at": "2026-01-02T03:04:05.250Z",
        "other": {"@type": "type.googleapis.com/nowhere.Unknown", "value": b"\n\x03abc"},
    }


def test_the_feed_is_read_without_a_schema() -> None:
    for line in LINES.values():
        confidence = DECODER.confidence(line.payload, line.context)
        if confidence == 0:  # the empty message, and the one that is cut short
            assert line.payload in (b"", b"\x08\x01\x92")
            continue
        assert confidence in (0.95, 0.9)
        value = DECODER.decode(line.payload, line.context).value
        assert value == DECODER.decode(DECODER.encode(value), line.context).value
    request = DECODER.decode(LINES[2].payload, LINES[2].context).value
    assert request == {"1": 6, "2": {"1": ["AAA", "BÜB"]}}
    assert REGISTRY.value(LINES[2].payload, LINES[2].context) == request


def test_bytes_in_a_message_have_a_message_by_a_rule() -> None:
    inner = Schemas(
        SCHEMAS.protobuf,
        (*SCHEMAS.rules, ProtobufRule("feed.v1.Heartbeat", field="trade.raw")),
    )
    schemas = Schemas(
        SCHEMAS.protobuf,
        (*SCHEMAS.rules, ProtobufRule("feed.v1.Level", "/protobuf/*", "received", "trade.raw")),
    )
    context = Context("binary", "received", "ws://a.test/protobuf/1", schemas=schemas)
    value: Value = {"trade": {"raw": {"price": 1.5, "size": 3}}}
    payload = DECODER.encode_for(value, context)
    assert DECODER.decode(payload, context).value == value
    plain = Context("binary", "received", "ws://a.test/protobuf/1", schemas=SCHEMAS)
    assert DECODER.decode(payload, plain).value == {
        "trade": {"raw": b"\t\x00\x00\x00\x00\x00\x00\xf8?\x10\x03"}
    }
    # Other bytes stay bytes.
    other = DECODER.encode_for({"trade": {"raw": b"\xff"}}, plain)
    context = Context("binary", "received", "ws://a.test/protobuf/1", schemas=inner)
    assert DECODER.decode(other, context).value == {"trade": {"raw": b"\xff"}}


@pytest.mark.parametrize(
    ("endpoint", "direction", "message"),
    [
        ("ws://a.test/feed/1?x=/other", "received", "B"),
        ("ws://a.test/feed/1", "sent", "A"),
        ("ws://a.test", "sent", ""),
    ],
)
def test_rules_choose_by_path_and_direction(endpoint: str, direction: str, message: str) -> None:
    rules = (ProtobufRule("A", "/feed/*", "sent"), ProtobufRule("B", "/feed/?"))
    found = next((rule.message for rule in rules if rule.applies(endpoint, direction)), "")
    assert found == message


def test_a_type_that_the_schema_does_not_have_is_named() -> None:
    schemas = Schemas(SCHEMAS.protobuf, (ProtobufRule("feed.v9.Nothing"),))
    context = Context("binary", "received", "ws://a.test/", schemas=schemas)
    with pytest.raises(DecodeError, match=r"no type “feed\.v9\.Nothing”"):
        DECODER.decode(b"", context)
