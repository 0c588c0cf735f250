"""Fuzzing of decoders: any payload is shown safely, and decoded or refused with an offset."""

from __future__ import annotations

import json
import re

from fuzz.target import Target, split
from spacebeam.decode.decoder import Context, Data, DecodeError, Decoder
from spacebeam.decode.extended_json import written_extended
from spacebeam.decode.json_values import read_json, same, written
from spacebeam.decode.registry import REGISTRY

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
        value = decoder.decode(payload, context).value
    except DecodeError as error:
        refused = error
    else:
        again = decoder.decode(decoder.encode(value), context).value
        # Not compared as values: NaN is not equal to itself. JSON alone has no limit of levels.
        write = written if decoder.is_text else written_extended
        assert write(again) == write(value)
        return
    assert 0 <= refused.offset <= len(payload)


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
)

DECODERS = {
    "decoders": Target(
        check_decoders,
        tuple(
            bytes((kind | cut, chosen)) + payload
            for kind in range(len(_KINDS))
            for cut in (0, 128)
            for chosen in range(4)
            for payload in _PAYLOADS
        ),
    ),
    "json": Target(check_json, (*_PAYLOADS, *(_MARK + payload for payload in _PAYLOADS))),
}
