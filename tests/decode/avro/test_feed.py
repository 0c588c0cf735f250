"""Avro that fastavro wrote: bare, by fingerprint, by a registry's id, in files; hostile bytes."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.avro.container import read_container
from spacebeam.decode.avro.decoder import AvroDecoder
from spacebeam.decode.avro.schema import AvroSchema, crc64
from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.extended_json import read_extended, written_extended
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import AvroRule, Schemas
from tests.decode.transcripts import WIRE, Transcript

FEED = Transcript("avro-feed")
LINES = {line.number: line for line in FEED.lines()}
DECODER = AvroDecoder()
SCHEMA = AvroSchema((WIRE / "feed.avsc").read_bytes())
# The id 17 comes first: a payload without it is a bare datum.
SCHEMAS = Schemas(avro=(AvroRule(SCHEMA, schema_id=17), AvroRule(SCHEMA, "/avro/*", "received")))
FEED_CONTEXT = Context("binary", "received", "ws://a.test/avro/1", schemas=SCHEMAS)


# Records in twos, 40 levels: a million million of them take no bytes.
DOUBLED: Any = {"type": "record", "name": "R0", "fields": []}
for level in range(1, 41):
    FIELDS = [{"name": "a", "type": DOUBLED}, {"name": "b", "type": f"R{level - 1}"}]
    DOUBLED = {"type": "record", "name": f"R{level}", "fields": FIELDS}


def context(schema: Any) -> Context:
    rules = (AvroRule(AvroSchema(json.dumps(schema).encode())),)
    return Context("binary", "received", "ws://a.test/", schemas=Schemas(avro=rules))


def ours(value: Any) -> Any:
    """Return an expectation's value in our form."""
    match value:
        case {"bytes_base64": str(text)}:
            return base64.b64decode(text)
        case {"date": str(text)}:
            return {"$timestamp": text.replace("000+00:00", "Z")}
        case {"decimal": str(text)}:
            return {"$numberDecimal": text}
        case dict():
            return {key: ours(one) for key, one in value.items()}
        case list():
            return [ours(one) for one in value]
    return value


@pytest.mark.parametrize("message", FEED.expected[1:], ids=lambda message: message["what"])
def test_the_feed_is_read_and_written(message: dict[str, Any]) -> None:
    payload = LINES[message["line"]].payload
    assert REGISTRY.best(payload, FEED_CONTEXT).name == "Avro"
    if "values" not in message:
        with pytest.raises(DecodeError, match="ends in the middle") as refused:
            DECODER.decode(payload, FEED_CONTEXT)
        assert refused.value.offset == len(payload)
        return
    decoded = DECODER.decode(payload, FEED_CONTEXT)
    value: Any = decoded.value
    wanted = ours(message["values"])
    again = read_extended(written_extended(value).encode())
    if "codec" in message:
        assert value["avro.codec"] == message["codec"]
        assert written_extended(value["data"]) == written_extended(wanted)
        assert read_container(DECODER.encode(again)) == value
        assert DECODER.confidence(payload, Context("binary")) == 0.9  # its schema is inside
        return
    assert written_extended(value) == written_extended(wanted)
    assert DECODER.encode_for(again, FEED_CONTEXT, payload) == payload
    (found,) = decoded.messages
    assert found.type == "feed.Reading"
    if "schema_id" in message:
        assert found.id == str(message["schema_id"])
    if "fingerprint" in message:
        assert found.id == base64.b64decode(message["fingerprint"]["bytes_base64"]).hex()
        assert SCHEMA.fingerprint.hex() == found.id


def test_a_text_is_no_avro() -> None:
    line = LINES[2]
    assert DECODER.confidence(line.payload, line.context) == 0
    assert DECODER.confidence(b"\x02", Context("binary")) == 0


def test_the_fingerprint_of_the_specification() -> None:
    assert crc64(b'"int"') == 0x7275D51A3F395C8F


@pytest.mark.parametrize(
    ("schema", "payload", "value"),
    [
        ("long", b"\x01", -1),
        ({"type": "int", "logicalType": "date"}, b"\x02", {"$date": "1970-01-02"}),
        (
            {"type": "map", "values": "int"},
            b"\x03\x08\x02a\x02\x02a\x04\0",
            {"$map": [["a", 1], ["a", 2]]},
        ),
        ({"type": "array", "items": "boolean"}, b"\x02\x01\x02\0\0", [True, False]),
        (
            {"type": "long", "logicalType": "timestamp-micros"},
            b"\x01",
            {"$timestamp": "1969-12-31T23:59:59.999999Z"},
        ),
        (
            {"type": "fixed", "name": "F", "size": 2, "logicalType": "decimal", "scale": 1},
            b"\xff\xfe",
            {"$numberDecimal": "-0.2"},
        ),
        (["null", "string"], b"\x02\x04\xc3\xbc", "ü"),
        ({"type": "record", "name": "E", "fields": []}, b"", {}),
    ],
)
def test_types_are_read_and_written(schema: Any, payload: bytes, value: Value) -> None:
    known = context(schema)
    assert DECODER.decode(payload, known).value == value
    assert DECODER.decode(DECODER.encode_for(value, known), known).value == value


@pytest.mark.parametrize(
    ("schema", "payload", "words"),
    [
        ("long", b"\x80", "ends in the middle"),
        ("long", b"\xff" * 10, "64 bits"),
        ("long", b"\x02\x02", "bytes after"),
        ("string", b"\x01", "negative length"),
        ("string", b"\x02\xff", "not UTF-8"),
        ("bytes", b"\xfe\xff\xff\xff\x0f", "ends in the middle"),
        (["null"], b"\x02", "no type or symbol 1"),
        ({"type": "array", "items": "null"}, b"\xfe\xff\xff\xff\xff\xff\x01\0", "many more values"),
        (
            {"type": "record", "name": "R", "fields": [{"name": "r", "type": "R"}]},
            b"",
            "nested too deeply",
        ),
        (DOUBLED, b"", "many more values"),
    ],
)
def test_wrong_data_are_refused(schema: Any, payload: bytes, words: str) -> None:
    with pytest.raises(DecodeError, match=words) as refused:
        DECODER.decode(payload, context(schema))
    assert 0 <= refused.value.offset <= len(payload)


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ("none", "no type “none”"),
        ({"type": "record", "fields": []}, "no name of its own"),
        ({"type": "record", "name": "R"}, "no “fields”"),
        ({"type": "fixed", "name": "F", "size": -1}, "no number of bytes"),
        (1, "a type is"),
    ],
)
def test_wrong_schemas_are_refused(schema: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        AvroSchema(json.dumps(schema).encode())


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ("int", 2**31, "not of the type int"),
        ("string", 1, "not of the type string"),
        (["null", "int"], "a", "none of the types null, int"),
        (
            {"type": "bytes", "logicalType": "decimal", "scale": 1},
            {"$numberDecimal": "0.05"},
            "1 digit",
        ),
        ({"type": "record", "name": "R", "fields": []}, {"a": 1}, "has the fields"),
    ],
)
def test_what_the_schema_forbids_is_refused(schema: Any, value: Value, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        DECODER.encode_for(value, context(schema))


@given(st.integers(0, 4000), st.binary(min_size=1, max_size=4), st.sampled_from((3, 4, 7, 8)))
def test_any_bytes_are_read_and_written_back_or_refused(at: int, other: bytes, number: int) -> None:
    payload = LINES[number].payload
    at %= len(payload)
    payload = payload[:at] + other + payload[at + len(other) :]
    try:
        value = DECODER.decode(payload, FEED_CONTEXT).value
    except DecodeError as error:
        refused = error
    else:
        again = DECODER.encode_for(value, FEED_CONTEXT, payload)
        written = written_extended(DECODER.decode(again, FEED_CONTEXT).value)
        assert written == written_extended(value)
        return
    assert 0 <= refused.offset <= len(payload)
