"""JSON as the payload of another format, and a payload as the JSON that gives it again."""

from __future__ import annotations

from pathlib import Path

import pytest

from spacebeam.decode.avro.schema import AvroSchema
from spacebeam.decode.decoder import Context
from spacebeam.decode.encoding import EncodeError, as_json, encoded, encoders
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.schemas import AvroRule, ProtobufRule, Schemas

WIRE = Path(__file__).parent / "wire"
SCHEMA = ProtobufSchema((WIRE / "feed.desc").read_bytes())
SENT = Context(
    "binary",
    "sent",
    "ws://a.test/feed",
    schemas=Schemas(
        SCHEMA,
        (ProtobufRule("feed.v1.Request", direction="sent"),),
        (AvroRule(AvroSchema(b'{"type": "record", "name": "A", "fields": []}')),),
    ),
)


def test_the_formats_that_most_need_come_first_and_those_without_a_way_back_are_not_there() -> None:
    names = list(encoders())
    assert names[:5] == ["MessagePack", "CBOR", "BSON", "Protobuf", "Avro"]
    assert {"MQTT", "Socket.IO", "gzip"} <= set(names)
    assert not {"JSON", "Text", "Hex", "JWT", "Phoenix binary"} & set(names)


@pytest.mark.parametrize(
    ("text", "name", "payload"),
    [
        ('{"a": 1}', "MessagePack", bytes.fromhex("81a16101")),
        ('{"a": {"$bytes": "AP8="}}', "CBOR", bytes.fromhex("a1616142 00ff")),
        ('{"a": 1}', "BSON", bytes.fromhex("0c000000 106100 01000000 00")),
        ('{"id": 7, "subscribe": {"all": true}}', "Protobuf", bytes.fromhex("08071202 1001")),
        ("{}", "Avro", b""),
        ('{"frame": "h"}', "SockJS", "h"),
    ],
)
def test_a_value_is_written_in_a_format(text: str, name: str, payload: str | bytes) -> None:
    assert encoded(text, name, SENT) == payload


def test_without_a_schema_the_fields_of_a_message_have_numbers() -> None:
    assert encoded('{"1": 7}', "Protobuf", Context("binary")) == bytes.fromhex("0807")


@pytest.mark.parametrize(
    ("text", "name", "reason", "offset"),
    [
        ('{"a": ', "MessagePack", "Expecting value", 6),
        ('{"a": 1}', "Protobuf", "feed.v1.Request has no field “a”", None),
        ("[1]", "BSON", "is an object", None),
        ('{"a": {"$bytes": "?"}}', "CBOR", "Base64", None),
        (f"{'[' * 5000}{']' * 5000}", "CBOR", "nested too deeply", None),
    ],
)
def test_what_cannot_be_written_is_said(
    text: str, name: str, reason: str, offset: int | None
) -> None:
    with pytest.raises(EncodeError, match=reason) as caught:
        encoded(text, name, SENT)
    assert caught.value.offset == offset


def test_a_payload_is_edited_as_json_if_that_gives_the_same_bytes() -> None:
    payload = encoded(
        '{"op":"buy","at":{"$timestamp":"2026-01-02T03:04:05Z"}}', "MessagePack", SENT
    )
    assert isinstance(payload, bytes)
    plain = Context("binary", "sent", "ws://a.test/msgpack")
    found = as_json(payload, plain)
    assert found == (
        "MessagePack",
        '{"op":"buy","at":{"$timestamp":"2026-01-02T03:04:05Z"}}',
    )
    longer = bytes.fromhex("81a161cd0001")  # 1 in more bytes than it needs
    assert as_json(longer, plain) is None
    assert as_json(bytes.fromhex("00ff0a"), Context("binary", "sent")) is None
