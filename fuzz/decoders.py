"""Fuzzing of decoders: any payload is shown safely, and decoded or refused with an offset."""

from __future__ import annotations

import base64
import gzip
import json
import re
import zlib
from dataclasses import replace

from fuzz.target import Target, split
from spacebeam.decode.byte_ranges import HasRanges
from spacebeam.decode.decoder import Context, Data, DecodeError, Decoder, Value
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.json_tree import JsonTree
from spacebeam.decode.json_values import read_json, same, written
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.wrappers.wrapper import Wrapper

_MARK = b"\xef\xbb\xbf"
_DEPTH = 1200  # levels
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")
_KINDS = ("text", "binary", "ping", "pong")
_MAX_SUMMARY = 300 * 8 + 1  # a hidden character is shown by up to 8


def check_decoders(data: bytes) -> None:
    """Check all decoders; `data` has a kind, whether it is cut, a chosen decoder, the payload."""
    head, payload = split(data, 2)
    names = ["", *(decoder.name for decoder in REGISTRY.decoders)]
    context = Context(
        _KINDS[head[0] % len(_KINDS)],
        chosen=names[head[1] % len(names)],
        is_cut=bool(head[0] & 128),
    )
    choices = REGISTRY.choices(payload, context)
    assert choices[0] is REGISTRY.best(payload, context)
    assert context.chosen in (choices[0].name, *set(names).difference(one.name for one in choices))
    assert REGISTRY.summary(payload, context) == choices[0].summary(payload, context)
    for decoder in REGISTRY.decoders:
        _check_decoder(decoder, payload, context)


def _check_decoder(decoder: Decoder, payload: Data, context: Context) -> None:
    assert 0 <= decoder.confidence(payload, context) <= 1
    summary = decoder.summary(payload, context)
    assert len(summary) <= _MAX_SUMMARY
    _check_visible(summary)
    assert "\n" not in summary
    for span in decoder.render(payload, context):
        _check_visible(span.text)
    try:
        value = decoder.decode(payload, replace(context, memory={})).value
    except DecodeError as error:
        refused = error
    else:
        _check_ranges(decoder, value, payload, context)
        _check_written(decoder, value, payload, context)
        return
    assert 0 <= refused.offset <= len(payload)


def _check_ranges(decoder: Decoder, value: Value, payload: Data, context: Context) -> None:
    """Check that each value of the tree has bytes, where the decoder tells them."""
    if not isinstance(decoder, HasRanges):
        return
    try:
        found = decoder.ranges(payload, context)
    except DecodeError:  # nested too deeply
        return
    tree = JsonTree(written_extended(value).encode(errors="backslashreplace"))
    for _step in tree.read():
        pass
    assert len(found) == len(tree)
    assert all(found.range(number)[1] <= len(payload) for number in range(len(tree)))


def _check_written(decoder: Decoder, value: Value, payload: Data, context: Context) -> None:
    """Check that the payload of a value has that value again, where there is a way back."""
    try:
        encoded = _encoded(decoder, value, payload, context)
    except ValueError:
        return
    again = decoder.decode(encoded, replace(context, memory={})).value
    assert _text(again) == _text(value)


def _text(value: Value) -> str:
    """Return a value as text, which NaN has too: it is not equal to itself."""
    try:
        return written(value)  # of any depth
    except ValueError:  # bytes
        return written_extended(value)


def _encoded(decoder: Decoder, value: Value, payload: Data, context: Context) -> bytes:
    if isinstance(decoder, Wrapper):
        if context.is_cut:
            raise ValueError("its end is missing")
        return decoder.encode_like(value, payload, context)
    return decoder.encode(value)


def check_conversations(data: bytes) -> None:
    """Check decoders that remember; `data` has the size of the pieces, a decoder, the stream.

    Showing a piece changes nothing, however often it is done.
    """
    head, stream = split(data, 2)
    decoder = REGISTRY.decoders[head[1] % len(REGISTRY.decoders)]
    size = head[0] % 64 + 1
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    shown = _conversation(decoder, pieces, are_shown=True)
    assert shown == _conversation(decoder, pieces, are_shown=False)
    for piece, (_said, offset) in zip(pieces, shown, strict=True):
        assert 0 <= offset <= len(piece)


def _conversation(
    decoder: Decoder, pieces: list[bytes], *, are_shown: bool
) -> list[tuple[str, int]]:
    """Return what a decoder says of pieces, and the offset of an error.

    They are of both directions and kinds.
    """
    said: list[tuple[str, int]] = []
    memory: dict[str, object] = {}
    for place, piece in enumerate(pieces):
        kind = "text" if place % 3 else "binary"
        context = Context(kind, ("sent", "received")[place // 5 % 2], memory=memory)
        if are_shown:
            _check_visible(decoder.summary(piece, context))
            decoder.confidence(piece, context)
        try:
            said.append((repr(decoder.decode(piece, context)), 0))
        except DecodeError as error:
            said.append((str(error), error.offset))
    return said


def _check_visible(text: str) -> None:
    assert _CONTROL.search(text) is None


def check_json(data: bytes) -> None:
    """Check a JSON text, alone and in brackets that are nested too deeply for Python's json."""
    data = data.removeprefix(_MARK)
    try:
        expected = json.loads(data.decode())
        text = json.dumps(expected, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        return
    except ValueError as error:
        refused = error
    else:
        _check_read(data, text)
        return
    assert "integer string" in str(refused) or not _is_json(_MARK + data)


def _check_read(data: bytes, text: str) -> None:
    """Compare the value of a JSON text with Python's."""
    value = read_json(_MARK + data)
    assert written(value) == text
    assert same(value, read_json(data)) or "NaN" in text
    deep = b"[" * _DEPTH + data + b"]" * _DEPTH
    assert written(read_json(deep)) == "[" * _DEPTH + text + "]" * _DEPTH


def _is_json(data: bytes) -> bool:
    try:
        read_json(data)
    except DecodeError as error:
        refused = error
    else:
        return True
    assert 0 <= refused.offset <= len(data)
    return False


_PAYLOADS = (
    b'{"a": [1, -2.5e3, true, null, "\\u00e9\\ud800"], "": {}}',
    b'[NaN, Infinity, {"a": 1, "a": 2}]',
    b"[" * 1200 + b"]" * 1200,
    b"[" + b"7" * 5000 + b"]",
    "é\u202e\x1b[31m🚀".encode(),
    b"\x00\xff",
    b"55.49",
    b"\x83\xa1a\xc4\x01\xff\x01\x92\xd6\xff\x00\x00\x00\x01\xca\x7f\xc0\x00\x00\xc0\xd4\x05\x00",
    b"\xbf\x61a\xc2\x41\x07\x01\x82\xf9\x7e\x00\xd8\x20\x61b\xff",
    b'Obj\x01\x02\x16avro.schema\x0c"long"\0' + bytes(16) + b"\x04\x04\x02\x01" + bytes(16),
    b"\x1d\0\0\0\x02a\0\x02\0\0\0b\0\x04c\0\x0c\0\0\0\x100\0\x01\0\0\0\0\0",
    b"\x08\x01\x12\x0b\x0a\x03AAA\x0d\x00\x00\xc0\x3f\x0b\x0c\x19\x00\x00\x00\x00\x00\x00\xf8\x3f",
    b'{"n":0}\n[1]\r\n\n"a"',
    "<?xml version='1.0'?><a b='1'>x<![CDATA[<]]><c/><!-- é --></a>".encode(),
    b"a=%7B%22b%22%3A1%7D&c=two+words&c=%FF",
    b'"{\\"a\\":\\"\\u00e9\\ud83d\\ude80\\"}"',
    b"%7B%22a%22%3A1%7D",
    b"7b2261223a2276616c7565227d",
    base64.b64encode(gzip.compress(b'{"a":"value"}', mtime=0)),
    b"eyJhbGciOiJub25lIn0.eyJpYXQiOjE3NjczMjI4MDB9.",
    gzip.compress(b"<a/>", mtime=0) + gzip.compress(b"", mtime=0),
    zlib.compress(b'{"a":"value"}'),
    zlib.compress(b'{"a":"value"}', wbits=-15),
    bytes.fromhex("28b52ffd200d6900007b2261223a2276616c7565227d"),  # zstd
    bytes.fromhex("0b06807b2261223a2276616c7565227d03"),  # Brotli
    bytes.fromhex("04224d18604082") + b'\x0d\0\0\x80{"a":"value"}\0\0\0\0',  # LZ4
)
_STREAMS = (
    b'0{"sid":"a","upgrades":[],"pingInterval":25000}',
    b'451-/a,2["b",{"_placeholder":true,"num":0}]',
    b'42["a",{"b":[1,null]}]',
    b"MESSAGE\na\\cb:c\\n\nbody\0\nSEND\ncontent-length:3\n\n\0\1\2\0",
    b"SEND\ndestination:a\ndestination:b\n\nbo",
    b'{"protocol":"json","version":1}\x1e{"type":1,"target":"a","arguments":[1]}\x1e',
    b"\x0c\x95\x01\x80\xa1\x30\xa3Add\x92\x28\x02\x03\x92\x07\xc0\x07\x95\x03\x80\xa1\x30\x03\x2a",
    b"PUB a.b re 3\r\nabc\r\nHMSG a 1 19 21\r\nNATS/1.0\r\nA: b\r\n\r\nxy\r\n+OK\r\n",
    b'INFO {"server_id":"a"}\r\nSUB a q 1\r\nUNSUB 1 5\r\n-ERR \'b\'\r\nPUB a 3\r\na',
    b'a["CONNECTED\\n\\n\\u0000","{}","c"]',
    b'c[3000,"Go away!"]',
    b"<iq id='1' type='get' xmlns='jabber:client'><p:q xmlns:p='u' p:a='&amp;'>b<c/>d</p:q></iq>",
    b"\x10\x0e\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x01a\x32\x0c\x00\x01t\x00\x05\x03\x23\x00\x01body",
    b"\x82\x08\x00\x01\x02\x0b\x07\x00\x01t\x01\x90\x05\x00\x01\x00\x01\x80\xe0\x02\x04\x00",
)

DECODERS = {
    "decoders": Target(
        check_decoders,
        tuple(
            bytes((kind | cut, chosen)) + payload
            for kind in range(len(_KINDS))
            for cut in (0, 128)
            for chosen in range(4)
            for payload in (*_PAYLOADS, *_STREAMS)
        ),
    ),
    "conversations": Target(
        check_conversations,
        tuple(
            bytes((size, place)) + b"".join(_STREAMS[begin : begin + 4])
            for size in (0, 7, 63)
            for place in range(len(REGISTRY.decoders))
            for begin in range(0, len(_STREAMS), 2)
        ),
    ),
    "json": Target(check_json, (*_PAYLOADS, *(_MARK + payload for payload in _PAYLOADS))),
}
