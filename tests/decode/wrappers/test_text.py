"""Bytes and documents that are written in text: what counts, and what is a word only."""

from __future__ import annotations

import base64
import json
import uuid

import pytest

from spacebeam.decode.decoder import Context, DecodeError, Value
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.wrappers.wrapper import Wrapper

TEXT = Context("text")
JSON = '{"ch":"market.aaa","n":"é🚀\\n"}'.encode()
WRAPPERS = {one.name: one for one in REGISTRY.decoders if isinstance(one, Wrapper)}
WRITTEN = base64.b64encode(JSON)


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Base64", WRITTEN),
        ("Base64", base64.urlsafe_b64encode(JSON).rstrip(b"=")),
        ("Base64", base64.encodebytes(JSON * 1).replace(b"\n", b"\r\n")),
        ("Hex text", JSON.hex().encode()),
        ("Hex text", JSON.hex(" ").upper().encode() + b"\n"),
        (
            "Percent-encoding",
            b"%7b%22ch%22:%22market.aaa%22,%22n%22:%22%c3%a9%F0%9F%9A%80\\n%22%7D",
        ),
        ("JSON string", json.dumps(JSON.decode()).encode()),
        ("JSON string", json.dumps(JSON.decode(), ensure_ascii=False).encode() + b"\n"),
    ],
)
def test_a_document_is_found_in_text(name: str, payload: bytes) -> None:
    assert WRAPPERS[name].confidence(payload, TEXT) == 0.85
    assert REGISTRY.best(payload, TEXT).name == name
    assert REGISTRY.value(payload, TEXT) == json.loads(JSON)


@pytest.mark.parametrize(
    "text",
    [
        "dGVzdA==",
        "deadbeef",
        "abcd1234",
        "55.49",
        "1767322800001",
        str(uuid.UUID(int=1 << 100)),
        uuid.UUID(int=0x7B22 << 112).hex,
        "0123456789abcdef" * 4,
        "helloworldhelloworldhelloworld",
        base64.b64encode(b"only some words").decode(),
        "100%",
        "%7B",
        "%7B%2",
        "%zz%7B%7D",
        '"text"',
        '"{not JSON}"',
        '"{}" and more',
        '"',
        '"\\',
        '"\\u12',
        WRITTEN.decode() + "=",
        WRITTEN.decode()[:20] + "=" + WRITTEN.decode()[20:],
        JSON.hex() + "0",
        "https://a.test/?q=%7B%22a%22%3A1%7D",
    ],
)
def test_words_are_text(text: str) -> None:
    for decoder in WRAPPERS.values():
        assert decoder.confidence(text.encode(), TEXT) == 0
    assert REGISTRY.best(text.encode(), TEXT).name == "Text"


def test_a_string_with_nothing_inside_is_its_text_for_filters() -> None:
    assert REGISTRY.value(b'"text"', TEXT) == "text"
    assert REGISTRY.value(b'"{\\"a\\":1}"', TEXT) == {"a": 1}


@pytest.mark.parametrize(
    ("name", "payload"),
    [
        ("Base64", b"e30"[:1]),
        ("Base64", b"e30=e30="),
        ("Base64", b"e3\xff0"),
        ("Base64", b"e30=="),
        ("Hex text", b"7b7"),
        ("Hex text", b"7bxx"),
        ("Percent-encoding", b"%7B%2"),
        ("Percent-encoding", b"two words"),
        ("JSON string", b"{}"),
        ("JSON string", b'"a'),
        ("JSON string", b'"a\n"'),
        ("JSON string", b'"\\x"'),
        ("JSON string", b'"\\ud800"'),
        ("JSON string", b'"\\ud800\\u0041"'),
        ("JSON string", b'"a" b'),
        ("JSON string", b""),
    ],
)
def test_what_is_not_the_format_is_refused(name: str, payload: bytes) -> None:
    with pytest.raises(DecodeError) as caught:
        WRAPPERS[name].decode(payload, TEXT)
    assert 0 <= caught.value.offset <= len(payload)


@pytest.mark.parametrize("text", ['\\"\\\\\\/\\b\\f\\n\\r\\t', "\\u00e9\\u20AC\\ud83d\\ude80é", ""])
def test_escapes_of_a_string_are_those_of_json(text: str) -> None:
    payload = f'"{text}"'.encode()
    for size in (1, 12, 100):
        content = b"".join(WRAPPERS["JSON string"].pieces(payload, size))
        assert content.decode() == json.loads(payload)


def test_a_value_keeps_its_text_in_each() -> None:
    value: Value = {"a": '+/=%&"\\é🚀\0'}
    for name in ("Base64", "Hex text", "Percent-encoding", "JSON string"):
        payload = WRAPPERS[name].encode(value)
        assert WRAPPERS[name].decode(payload, TEXT).value == value
