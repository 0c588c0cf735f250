"""The bytes of values in text protocols that carry JSON, and in wrappers."""

from __future__ import annotations

import base64
import contextlib
import gzip
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.byte_ranges import HasRanges
from spacebeam.decode.decoder import Context, DecodeError, Decoder, Value
from spacebeam.decode.json_lines import JsonLinesDecoder
from spacebeam.decode.message_pack import MessagePackDecoder
from spacebeam.decode.mqtt import MqttDecoder
from spacebeam.decode.nats import NatsDecoder
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.signalr import SignalRDecoder
from spacebeam.decode.socketio import SocketIoDecoder
from spacebeam.decode.stomp import StompDecoder
from spacebeam.decode.wrappers.base64 import Base64Decoder
from spacebeam.decode.zlib_stream import ZlibStreamDecoder
from tests.decode.test_byte_ranges import bytes_at, ranges_of, tree_of
from tests.decode.transcripts import Transcript
from tests.support.spanning import compressed

_CONTEXT = Context("text", "received", "ws://a.test/socket.io/?EIO=4")
_BINARY = replace(_CONTEXT, kind="binary")
_FORMATS = (
    *(SocketIoDecoder(), SignalRDecoder(), JsonLinesDecoder()),
    *(StompDecoder(), NatsDecoder(), MqttDecoder()),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=20,
)


@pytest.fixture(autouse=True)
def _forget() -> None:
    _CONTEXT.memory.clear()  # what decoders remembered of another test's payload
    _BINARY.memory.clear()


def test_an_event_of_socket_io() -> None:
    payload = '42/chat,17["say",{"text":"hällo","at":[1,2]}]'.encode()
    assert bytes_at(SocketIoDecoder(), payload, _CONTEXT) == {
        "": payload,
        "type": b"42",
        "nsp": b"/chat",
        "id": b"17",
        "data": payload[10:],
        "data[0]": b'"say"',
        "data[1]": payload[17:-1],
        "data[1].text": '"hällo"'.encode(),
        "data[1].at": b"[1,2]",
        "data[1].at[0]": b"1",
        "data[1].at[1]": b"2",
    }


def test_packets_of_socket_io_without_parts() -> None:
    found = bytes_at(SocketIoDecoder(), b'0{"sid":"x"}', _CONTEXT)
    assert found["type"] == b"0"
    assert found["data.sid"] == b'"x"'
    assert bytes_at(SocketIoDecoder(), b"2probe", _CONTEXT)["data"] == b"probe"
    assert bytes_at(SocketIoDecoder(), b"40", _CONTEXT)["nsp"] == b"40"
    event = bytes_at(SocketIoDecoder(), b'451-["a",{"_placeholder":true,"num":0}]', _CONTEXT)
    assert event["attachments"] == b"1"
    assert event["data[1].num"] == b"0"


def test_an_attachment_is_the_whole_payload() -> None:
    context = replace(_BINARY, memory={})
    SocketIoDecoder().decode(
        b'452-["a",{"_placeholder":true,"num":0}]', replace(context, kind="text")
    )
    assert set(bytes_at(SocketIoDecoder(), b"\0\1", context).values()) == {b"\0\1"}
    assert SocketIoDecoder().ranges(b"\0\1", context).is_whole


def test_records_of_signalr() -> None:
    payload = b'{"type":6}\x1e{"type":1,"target":"a","arguments":[{"x":1}]}\x1e'
    found = bytes_at(SignalRDecoder(), payload, _CONTEXT)
    assert found["[0]"] == b'{"type":6}'
    assert found["[1].arguments[0].x"] == b"1"
    assert bytes_at(SignalRDecoder(), payload[:11], _CONTEXT) == {
        "": b'{"type":6}',
        "type": b"6",
    }


def test_json_lines() -> None:
    payload = b'{"a":1}\n\n  [true, {"b":null}]\r\n7'
    found = bytes_at(JsonLinesDecoder(), payload, _CONTEXT)
    assert found["[0].a"] == b"1"
    assert found["[1]"] == b'[true, {"b":null}]'
    assert found["[1][1].b"] == b"null"
    assert found["[2]"] == b"7"


def test_the_last_of_duplicate_keys_is_meant() -> None:
    payload = b'{"a":1,"b":2,"a":[3]}\n{"c":NaN}'
    assert bytes_at(JsonLinesDecoder(), payload, _CONTEXT) == {
        "": payload,
        "[0]": b'{"a":1,"b":2,"a":[3]}',
        "[0].a": b"[3]",
        "[0].a[0]": b"3",
        "[0].b": b"2",
        "[1]": b'{"c":NaN}',
        "[1].c": b"NaN",
        '[1].c."$float"': b"NaN",
    }


def test_headers_and_body_of_stomp() -> None:
    payload = b"MESSAGE\r\nid:1\r\nto:/a\\cb\n\nhello\0\n"
    assert bytes_at(StompDecoder(), payload, _CONTEXT) == {
        "": payload[:-1],
        "command": b"MESSAGE",
        "headers": b"id:1\r\nto:/a\\cb\n\n",
        "headers.id": b"1",
        "headers.to": b"/a\\cb",
        "body": b"hello",
    }


def test_repeated_headers_of_stomp_and_several_frames() -> None:
    payload = b"\nSEND\na:1\na:2\n\n\0\nSEND\nb:3\n\n\xff\0"
    found = bytes_at(StompDecoder(), payload, _CONTEXT)
    assert found['[0].headers."$map"[1]'] == b"a:2"
    assert found['[0].headers."$map"[1][1]'] == b"2"
    assert found["[1].headers.b"] == b"3"
    assert found["[1].body"] == b"\xff"


def test_packets_of_mqtt() -> None:
    publish = b"\x32\x0a\0\3a/b\0\7hey"
    context = replace(_BINARY, subprotocol="mqtt", memory={"MQTT": 4})
    assert bytes_at(MqttDecoder(), publish, context) == {
        "": publish,
        "type": b"2",
        "topic": b"\0\3a/b",
        "retain": b"2",
        "qos": b"2",
        "dup": b"2",
        "messageId": b"\0\7",
        "payload": b"hey",
    }
    subscribe = b"\x82\x08\0\1\0\3a/b\1"
    found = bytes_at(MqttDecoder(), publish + subscribe, context)
    assert found["[0].payload"] == b"hey"
    assert found["[1].messageId"] == b"\0\1"
    assert found["[1].subscriptions[0].topic"] == subscribe
    assert MqttDecoder().ranges(publish[:5], context).is_whole


def test_operations_of_nats() -> None:
    info = b'INFO {"server_id":"x","port":1}\r\n'
    message = b"HMSG a.b  7 _INBOX.1 18 23\r\nNATS/1.0\r\na: 1\r\n\r\nhello\r\n"
    found = bytes_at(NatsDecoder(), info + message + b"-ERR 'no'\r\nPING\r\n", _CONTEXT)
    assert found["[0].options.port"] == b"1"
    assert found["[1]"] == message
    assert {key: found[f"[1].{key}"] for key in ("op", "subject", "sid", "reply_to")} == {
        "op": b"HMSG",
        "subject": b"a.b",
        "sid": b"7",
        "reply_to": b"_INBOX.1",
    }
    assert found["[1].headers.a"] == b"NATS/1.0\r\na: 1\r\n\r\n"
    assert found["[1].payload"] == b"hello"
    assert found["[2].message"] == b"'no'"
    assert found["[3].op"] == b"PING"


def test_a_frame_in_two_payloads_has_no_bytes_of_its_own() -> None:
    context = replace(_CONTEXT, memory={})
    StompDecoder().decode(b"SEND\na:1\n\nhel", context)
    assert StompDecoder().ranges(b"lo\0", context).is_whole
    assert bytes_at(StompDecoder(), b"lo\0", context)["body"] == b"lo\0"
    assert StompDecoder().ranges(b"SEND\na:1\n\nhel", _CONTEXT).is_whole


@pytest.mark.parametrize(
    "payload",
    [
        base64.encodebytes(b'{"a": [1, 2.5, "three", {"b": null}]}'),
        gzip.compress(b'{"a": [1, 2.5, "three", {"b": null}]}'),
        json.dumps('{"a":[1,{"b":2}]}').encode(),
        b'{"a":[1,{"b":2}]}'.hex(" ").encode(),
    ],
    ids=["base64-in-lines", "gzip", "json-string", "hex-with-spaces"],
)
def test_a_value_in_a_wrapper_is_the_whole_payload(payload: bytes) -> None:
    context = _CONTEXT if payload.isascii() else _BINARY
    decoder = REGISTRY.best(payload, context)
    found = bytes_at(decoder, payload, context)
    assert len(found) > 3
    assert set(found.values()) == {payload}
    assert isinstance(decoder, HasRanges)
    assert decoder.ranges(payload, context).is_whole


_ORDER: Value = {"name": "alphabetical", "all": [1, 2], "b": "x"}


@pytest.mark.parametrize(
    "content",
    [json.dumps(_ORDER).encode(), MessagePackDecoder().encode(_ORDER)],
    ids=["json", "message-pack"],
)
def test_a_value_in_digits_has_those_that_it_is_written_in(content: bytes) -> None:
    payload = content.hex().encode()
    found = bytes_at(REGISTRY.best(payload, _CONTEXT), payload, _CONTEXT)
    assert b"alphabetical" in bytes.fromhex(found["name"].decode())
    assert len(found["all[0]"]) == 2
    payload = base64.b64encode(content)
    decoder = REGISTRY.best(payload, _CONTEXT)
    tree, ranges = ranges_of(decoder, payload, _CONTEXT)
    places = {tree.path(number): ranges.range(number) for number in range(len(tree))}
    start, end = places["name"]
    begin = start // 4 * 4
    assert b"alphabetical" in base64.b64decode(payload[begin : -(-end // 4) * 4])
    assert 16 <= end - start <= 20
    assert places[""] == (0, len(payload.rstrip(b"=")))


def test_digits_around_digits() -> None:
    text = json.dumps(_ORDER).encode()
    payload = base64.b64encode(text.hex().encode())
    tree, ranges = ranges_of(REGISTRY.best(payload, _CONTEXT), payload, _CONTEXT)
    [number] = [one for one in range(len(tree)) if tree.path(one) == "b"]
    begin = 2 * text.index(b'"x"')
    assert ranges.range(number) == (begin * 4 // 3, -(-(begin + 6) * 4 // 3))


def test_a_message_of_a_compressed_stream_is_the_whole_payload() -> None:
    payload = compressed(1)[0][2]
    assert set(bytes_at(ZlibStreamDecoder(), payload, _BINARY).values()) == {payload}


@pytest.mark.parametrize(
    "name",
    [
        *("socketio", "socketio2", "signalr-json", "stomp", "stomp-binary", "stomp-split"),
        *("mqtt-v311", "mqtt-v311-paho", "mqtt-v5-paho", "nats"),
    ],
)
def test_messages_of_a_real_conversation_have_ranges(name: str) -> None:
    checked = 0
    for line in Transcript(name).lines():
        before = replace(line.context, memory=dict(line.context.memory))
        decoder, _decoded = REGISTRY.decoded(line.payload, line.context)
        if isinstance(decoder, HasRanges):
            ranges_of(decoder, line.payload, before)
            checked += 1
    assert checked > 3


@given(values=st.lists(_JSON.filter(lambda one: isinstance(one, list | dict)), min_size=2))
def test_the_bytes_of_a_value_are_its_json(values: list[Value]) -> None:
    payload = "\n".join(map(json.dumps, values)).encode()
    tree, found = ranges_of(JsonLinesDecoder(), payload, _CONTEXT)
    for number in range(1, len(tree)):
        if tree.count(number) == 0 and not tree.path(number).endswith('"$float"'):
            part = payload[slice(*found.range(number))]
            assert json.loads(part) == json.loads(tree.written(number))


@pytest.mark.parametrize("levels", [200, 400, 900])
def test_lines_that_are_nested_deeply_have_ranges_or_an_error(levels: int) -> None:
    payload = b"[" * levels + b"]" * levels + b"\n[1]"
    with contextlib.suppress(DecodeError):
        assert bytes_at(JsonLinesDecoder(), payload, _CONTEXT)["[1][0]"] == b"1"


@pytest.mark.parametrize("decoder", _FORMATS, ids=lambda one: one.name)
@given(
    payload=st.binary(max_size=60)
    | st.text('42[]{}":,1-/\n\x1eSEND\0a', max_size=40).map(str.encode)
)
def test_any_bytes_have_ranges_or_an_error(decoder: Decoder, payload: bytes) -> None:
    assert isinstance(decoder, HasRanges)
    try:
        value = decoder.decode(payload, replace(_CONTEXT, memory={})).value
    except DecodeError:
        with pytest.raises(DecodeError):
            decoder.ranges(payload, _CONTEXT)
        return
    assert len(decoder.ranges(payload, replace(_CONTEXT, memory={}))) == len(tree_of(value))


def test_an_unknown_format_inside_a_wrapper_has_ranges() -> None:
    payload = base64.b64encode(bytes(range(60)))
    assert Base64Decoder().asking(REGISTRY).ranges(payload, _CONTEXT).is_whole
