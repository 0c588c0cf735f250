"""The bytes of each value of a payload, in every format that tells them."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Generator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.avro.decoder import AvroDecoder
from spacebeam.decode.avro.schema import AvroSchema
from spacebeam.decode.bson import BsonDecoder
from spacebeam.decode.byte_ranges import ByteRanges, HasRanges, value_at
from spacebeam.decode.cbor import CborDecoder
from spacebeam.decode.decoder import Context, DecodeError, Decoder, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.jupyter_binary import JupyterBinaryDecoder
from spacebeam.decode.jwt import JwtDecoder
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.phoenix_binary import PhoenixBinaryDecoder
from spacebeam.decode.protobuf.decoder import ProtobufDecoder
from spacebeam.decode.protobuf.schema import ProtobufSchema
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.schemas import AvroRule, ProtobufRule, Schemas
from spacebeam.decode.signalr_message_pack import SignalRMessagePackDecoder
from spacebeam.decode.sockjs import SockJsDecoder
from spacebeam.decode.xml import XmlDecoder
from spacebeam.decode.xmpp import XmppDecoder
from tests.decode.transcripts import WIRE, Transcript

_CONTEXT = Context("binary", "received", "ws://a.test/")
_FORMATS = (MessagePackDecoder(), CborDecoder(), BsonDecoder(), ProtobufDecoder())

_SCALARS = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text() | st.binary()
_KEYS = st.text().filter(lambda key: not key.startswith("$"))  # such as `$oid` mean more
_VALUES = st.recursive(
    _SCALARS | st.floats(),
    lambda inside: st.lists(inside) | st.dictionaries(_KEYS, inside),
    max_leaves=20,
)


def tree_of(value: Value) -> JsonTree:
    tree = JsonTree(written_extended(value).encode(errors="backslashreplace"))
    for _step in tree.read():
        pass
    return tree


def ranges_of(
    decoder: Decoder, payload: bytes, context: Context = _CONTEXT
) -> tuple[JsonTree, ByteRanges]:
    assert isinstance(decoder, HasRanges)
    found = decoder.ranges(payload, context)
    tree = tree_of(decoder.decode(payload, context).value)
    assert len(found) == len(tree)
    for number in range(len(tree)):
        start, end = found.range(number)
        parent = tree.parent(number)
        around = (0, len(payload)) if parent < 0 else found.range(parent)
        assert around[0] <= start <= end <= around[1]
    return tree, found


def bytes_at(decoder: Decoder, payload: bytes, context: Context = _CONTEXT) -> dict[str, bytes]:
    tree, found = ranges_of(decoder, payload, context)
    return {tree.path(one): payload[slice(*found.range(one))] for one in range(len(tree))}


def test_objects_of_message_pack() -> None:
    payload = MessagePackDecoder().encode({"id": 7, "list": ["a", b"\0"], "at": {"x": 2**40}})
    assert bytes_at(MessagePackDecoder(), payload) == {
        "": payload,
        "id": b"\x07",
        "list": b"\x92\xa1a\xc4\x01\0",
        "list[0]": b"\xa1a",
        "list[1]": b"\xc4\x01\0",
        'list[1]."$bytes"': b"\xc4\x01\0",
        "at": b"\x81\xa1x\xcf\0\0\1\0\0\0\0\0",
        "at.x": b"\xcf\0\0\1\0\0\0\0\0",
    }


def test_maps_with_any_keys_and_several_objects() -> None:
    payload = b"\x82\x01\xa1a\xa1b\x92\x02\x03\xc0"
    assert bytes_at(MessagePackDecoder(), payload) == {
        "": payload,
        '"$sequence"': payload,
        '"$sequence"[0]': payload[:-1],
        '"$sequence"[0]."$map"': payload[:-1],
        '"$sequence"[0]."$map"[0]': b"\x01\xa1a",
        '"$sequence"[0]."$map"[0][0]': b"\x01",
        '"$sequence"[0]."$map"[0][1]': b"\xa1a",
        '"$sequence"[0]."$map"[1]': b"\xa1b\x92\x02\x03",
        '"$sequence"[0]."$map"[1][0]': b"\xa1b",
        '"$sequence"[0]."$map"[1][1]': b"\x92\x02\x03",
        '"$sequence"[0]."$map"[1][1][0]': b"\x02",
        '"$sequence"[0]."$map"[1][1][1]': b"\x03",
        '"$sequence"[1]': b"\xc0",
    }


def test_tags_and_bignums_of_cbor() -> None:
    payload = bytes.fromhex("a2 6161 d820 6568743a2f2f 6162 c2 42 0100".replace(" ", ""))
    assert bytes_at(CborDecoder(), payload) == {
        "": payload,
        "a": payload[3:11],
        'a."$tag"': b"\xd8\x20",
        "a.value": b"\x65ht://",
        "b": b"\xc2\x42\x01\x00",
    }


def test_documents_of_bson() -> None:
    payload = BsonDecoder().encode({"a": {"b": [True, {"$oid": "0" * 24}]}, "c": "x"})
    found = bytes_at(BsonDecoder(), payload)
    assert found["a.b[0]"] == b"\x01"
    assert found["a.b[1]"] == bytes(12)
    assert found["c"] == b"\x02\0\0\0x\0"
    assert found["a"] == payload[7:-10]


def test_fields_of_protobuf() -> None:
    payload = bytes.fromhex("0806 12050a03414141 1a0155 2102000000000000c0 0807 230801 24")
    assert (
        bytes_at(ProtobufDecoder(), payload)
        == {
            "": payload,
            '"1"': payload[:23],  # from its first occurrence to its last
            '"1"[0]': b"\x08\x06",
            '"1"[1]': b"\x08\x07",
            '"2"': b"\x12\x05\x0a\x03AAA",
            '"2"."1"': b"\x0a\x03AAA",
            '"3"': b"\x1a\x01U",
            '"4"': payload[12:],
            '"4"[0]': payload[12:21],
            '"4"[1]': b"\x23\x08\x01\x24",
            '"4"[1]."$group"': b"\x23\x08\x01\x24",
            '"4"[1]."$group"."1"': b"\x08\x01",
        }
    )


def test_fields_of_a_schema_have_its_names() -> None:
    schemas = Schemas(
        ProtobufSchema((WIRE / "feed.desc").read_bytes()), (ProtobufRule("feed.v1.Envelope"),)
    )
    context = Context("binary", "received", "ws://a.test/", schemas=schemas)
    checked = 0
    for line in Transcript("protobuf-feed").lines():
        try:
            found = bytes_at(ProtobufDecoder(), line.payload, context)
        except DecodeError:
            continue
        checked += len(set(found.values())) > 1
    assert checked > 3


@pytest.mark.parametrize("decoder", _FORMATS[:2], ids=lambda one: one.name)
@given(value=_VALUES)
def test_the_bytes_of_a_value_are_the_value(decoder: Decoder, value: Value) -> None:
    payload = decoder.encode(value)
    tree, found = ranges_of(decoder, payload)
    for number in range(len(tree)):
        if tree.count(number) == 0 and not tree.path(number).endswith(('"$bytes"', '"$float"')):
            part = payload[slice(*found.range(number))]
            assert written_extended(decoder.decode(part, _CONTEXT).value).encode(
                errors="backslashreplace"
            ) == tree.written(number)


@pytest.mark.parametrize("decoder", _FORMATS, ids=lambda one: one.name)
@given(payload=st.binary(max_size=60))
def test_any_bytes_have_ranges_or_an_error(decoder: Decoder, payload: bytes) -> None:
    assert isinstance(decoder, HasRanges)
    try:
        value = decoder.decode(payload, _CONTEXT).value
    except DecodeError:
        with pytest.raises(DecodeError):
            decoder.ranges(payload, _CONTEXT)
        return
    assert len(decoder.ranges(payload, _CONTEXT)) == len(tree_of(value))


@pytest.mark.parametrize("levels", [90, 250])
@pytest.mark.parametrize("decoder", _FORMATS, ids=lambda one: one.name)
def test_values_that_are_nested_deeply_have_ranges_or_an_error(
    decoder: Decoder, levels: int
) -> None:
    value: Value = {"1": 1}
    for _level in range(levels):
        value = {"1": value}
    with contextlib.suppress(ValueError):  # Protobuf has 100 levels; DecodeError is one
        ranges_of(decoder, decoder.encode(value))


def test_the_innermost_value_has_a_byte() -> None:
    tree = JsonTree(b'{"a":[1,{"b":22}],"c":3}')
    for _step in tree.read():
        pass

    def path_at(offset: int) -> str | None:
        found = _run(value_at(tree, tree.range, offset))
        return None if found < 0 else tree.path(found)

    assert [path_at(one) for one in (0, 6, 7, 9, 13, 14, 18, 22)] == [
        "",
        "a[0]",
        "a",
        "a[1]",
        "a[1].b",
        "a[1].b",
        "",
        "c",
    ]
    assert path_at(99) is None


def _run(steps: Generator[None, None, int]) -> int:
    while True:
        try:
            next(steps)
        except StopIteration as done:
            return int(done.value)


@pytest.mark.parametrize(
    ("transcript", "name"),
    [
        ("phoenix", "Phoenix binary"),
        ("jupyter-v1", "Jupyter binary"),
        ("jupyter-legacy", "Jupyter binary"),
        ("sockjs", "SockJS"),
        ("xmpp", "XMPP"),
        ("signalr-msgpack", "SignalR MessagePack"),
    ],
)
def test_every_message_of_a_real_conversation_has_its_bytes(transcript: str, name: str) -> None:
    checked = 0
    for line in Transcript(transcript).lines():
        decoder = REGISTRY.best(line.payload, line.context)
        if decoder.name == name:
            ranges_of(decoder, line.payload, line.context)
            checked += 1
        REGISTRY.decoded(line.payload, line.context)  # what it says is remembered
    assert checked > 1


def test_parts_of_phoenix() -> None:
    context = Context("binary", "received", "ws://a.test/socket/websocket?vsn=2.0.0")
    reply = b"\1\1\1\4\2jr" + b"roomok" + b"\0\xff"
    assert bytes_at(PhoenixBinaryDecoder(), reply, context) == {
        "": reply,
        "[0]": b"j",
        "[1]": b"r",
        "[2]": b"room",
        "[3]": b"\1",  # the event is not written in a reply
        "[4]": b"ok\0\xff",
        "[4].status": b"ok",
        "[4].response": b"\0\xff",
        '[4].response."$bytes"': b"\0\xff",
    }


def test_messages_of_sockjs() -> None:
    context = Context("text", "received", "ws://a.test/chat/123/abcdefgh/websocket")
    payload = b'a["x","{\\"a\\":1}"]'
    found = bytes_at(SockJsDecoder(), payload, context)
    assert found["frame"] == b"a"
    assert found["messages"] == payload[1:]
    assert found["messages[0]"] == b'"x"'
    assert found["messages[1].a"] == b'"{\\"a\\":1}"'
    assert bytes_at(SockJsDecoder(), b'c[3000,"Go"]', context)["code"] == b"3000"
    assert bytes_at(SockJsDecoder(), b"h", context) == {"": b"h", "frame": b"h"}


def test_messages_of_signalr_in_message_pack() -> None:
    decoder = SignalRMessagePackDecoder()
    calls: list[Value] = [
        {"type": 1, "invocationId": "7", "target": "Sum", "arguments": [40, {"b": b"\0"}]},
        {"type": 3, "invocationId": "7", "error": "no"},
        {"type": 7, "error": "end", "allowReconnect": True},
    ]
    found = bytes_at(decoder, decoder.encode(calls))
    assert found["[0].target"] == b"\xa3Sum"
    assert found["[0].arguments[0]"] == b"\x28"
    assert found["[0].arguments[1].b"] == b"\xc4\x01\0"
    assert found["[1].error"] == b"\xa2no"
    assert found["[2].error"] == b"\xa3end"
    assert found["[2].allowReconnect"] == b"\xc3"


def test_buffers_of_jupyter_stand_where_the_message_has_them() -> None:
    message = b'{"buffers":[1,2],"header":{"msg_id":"a"}}'
    head = b"".join(one.to_bytes(4, "big") for one in (2, 12, 12 + len(message)))
    context = Context("binary", "received", "ws://a.test/api/kernels/1/channels")
    found = bytes_at(JupyterBinaryDecoder(), head + message + b"\0\1", context)
    assert found["header.msg_id"] == b'"a"'
    assert found["buffers[0]"] == b"\0\1"


def test_elements_of_xml() -> None:
    payload = (
        b"""<?xml version="1.0"?>\n<a x='1>' y="2">t<b/><c>1</c><b>\xc3\xa9</b> u</a><!-- -->"""
    )
    found = bytes_at(XmlDecoder(), payload)
    assert found == {
        "": payload,
        "a": payload[22:-8],
        'a."@x"': b"""<a x='1>' y="2">""",
        'a."@y"': b"""<a x='1>' y="2">""",
        "a.b": b"<b/><c>1</c><b>\xc3\xa9</b>",
        "a.b[0]": b"<b/>",
        "a.b[1]": b"<b>\xc3\xa9</b>",
        "a.c": b"<c>1</c>",
        'a."#text"': b"t<b/><c>1</c><b>\xc3\xa9</b> u",
    }


def test_elements_of_xmpp() -> None:
    payload = b"<message xmlns='jabber:client' id='1'>a<b/>c<body>hi</body>d</message>"
    found = bytes_at(XmppDecoder(), payload, Context("text", "sent", "", "xmpp"))
    assert found["attributes.id"] == payload[:38]
    assert found["children[0]"] == b"a"
    assert found["children[1]"] == b"<b/>"
    assert found["children[2]"] == b"c"
    assert found["children[3].text"] == b"hi"
    assert found["children[4]"] == b"d"
    only = b"<a xmlns='x'>text</a>"
    assert bytes_at(XmppDecoder(), only)["text"] == b"text"


@given(
    value=st.recursive(
        st.text("ab<&>'\"\n é"),
        lambda inside: st.dictionaries(
            st.sampled_from(["a", "b", "ns:c"]), inside | st.lists(inside, min_size=2), min_size=1
        ),
        max_leaves=20,
    )
)
def test_any_document_of_xml_has_its_bytes(value: Value) -> None:
    try:
        payload = XmlDecoder().encode({"root": value})
    except ValueError:
        return
    ranges_of(XmlDecoder(), payload)


def test_data_of_avro() -> None:
    document = {
        "type": "record",
        "name": "R",
        "fields": [
            {"name": "id", "type": ["null", "long"]},
            {"name": "tags", "type": {"type": "array", "items": "string"}},
            {"name": "more", "type": {"type": "map", "values": "boolean"}},
            {"name": "empty", "type": "null"},
        ],
    }
    schemas = Schemas(avro=(AvroRule(AvroSchema(json.dumps(document).encode())),))
    context = Context("binary", "received", "ws://a.test/", schemas=schemas)
    value: Value = {"id": 7, "tags": ["a", "bc"], "more": {"x": True}, "empty": None}
    found = bytes_at(AvroDecoder(), AvroDecoder().encode_for(value, context), context)
    assert found["id"] == b"\x0e"
    assert found["tags"] == b"\x04\x02a\x04bc\x00"
    assert found["tags[1]"] == b"\x04bc"
    assert found["more.x"] == b"\x01"
    assert found["empty"] == b""


def test_every_datum_of_a_feed_has_its_bytes() -> None:
    schema = AvroSchema((WIRE / "feed.avsc").read_bytes())
    schemas = Schemas(avro=(AvroRule(schema, schema_id=17), AvroRule(schema, "/avro/*")))
    context = Context("binary", "received", "ws://a.test/avro/1", schemas=schemas)
    checked = 0
    for line in Transcript("avro-feed").lines():
        with contextlib.suppress(DecodeError):
            ranges_of(AvroDecoder(), line.payload, context)
            checked += 1
    assert checked > 3


def test_parts_of_a_token() -> None:
    parts = [
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=")
        for one in ({"alg": "none"}, {"exp": 1_700_000_000, "sub": "ada"})
    ]
    token = b".".join((*parts, b"c2ln"))
    found = bytes_at(JwtDecoder(), token, Context("text"))
    assert found["header.alg"] == parts[0]
    assert found["claims.sub"] == found["times.exp"] == parts[1]
    assert found["signature"] == b"c2ln"
