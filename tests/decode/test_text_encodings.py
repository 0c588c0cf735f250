"""Text in other encodings than UTF-8 is found, or offered where it can be one."""

from __future__ import annotations

import contextlib
import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.text_encodings import ENCODINGS, EncodedTextDecoder, EncodedTextRendering

_BINARY = Context("binary", "received")
_BY_NAME = {one.name: one for one in ENCODINGS}


def offered(payload: bytes, kind: str = "binary") -> list[str]:
    names = (one.name for one in REGISTRY.choices(payload, Context(kind, "received")))
    return [one for one in names if one in _BY_NAME]


@pytest.mark.parametrize(
    ("payload", "best", "is_guess"),
    [
        ("\ufeffgrüße, 世界 hello".encode("utf-16-le"), "UTF-16", False),
        ("\ufeffgrüße, 世界 hello".encode("utf-16-be"), "UTF-16", False),
        ("plain words".encode("utf-16-le"), "UTF-16", True),
        ("plain words".encode("utf-16-be"), "UTF-16", True),
        ("grüße".encode("latin-1"), "Hex", False),
        (b"\xff\xfe\x00\x00\x01\x00\x02\x00", "Hex", False),
        (bytes(range(64)), "Hex", False),
        ("short".encode("utf-16-le")[:6], "Hex", False),
    ],
)
def test_only_utf_16_is_found(payload: bytes, best: str, is_guess: bool) -> None:
    decoder = REGISTRY.best(payload, _BINARY)
    assert decoder.name == best
    assert REGISTRY.is_guess(decoder, payload, _BINARY) is is_guess


@pytest.mark.parametrize(
    ("payload", "names"),
    [
        ("grüße".encode("latin-1"), ["Latin-1"]),
        ("你好世界".encode("gbk"), ["GBK", "Latin-1"]),
        ("こんにちは世界".encode("shift-jis"), ["Shift JIS"]),
        ("grüße, 世界".encode(), []),
        (b"ascii", []),
        (b"\x00\x01", []),
        (b"\xff" * 8 + b"\x01", []),
        (b"", []),
    ],
)
def test_encodings_are_offered_where_all_bytes_are_characters(
    payload: bytes, names: list[str]
) -> None:
    assert set(names) <= set(offered(payload))
    assert bool(offered(payload)) is bool(names)
    assert not offered(payload, "text")


def test_a_chosen_encoding_is_used() -> None:
    payload = "你好世界".encode("gbk")
    chosen = Context("binary", "received", chosen="GBK")
    assert REGISTRY.best(payload, chosen).name == "GBK"
    assert REGISTRY.summary(payload, chosen) == "你好世界"


def test_utf_16_without_a_mark_is_offered() -> None:
    payload = "世界人权宣言世界人权".encode("utf-16-le")
    assert offered(payload) == ["UTF-16"]
    assert REGISTRY.best(payload, _BINARY).name == "Hex"


@pytest.mark.parametrize("decoder", ENCODINGS, ids=lambda one: one.name)
def test_a_long_text_is_rendered_in_pieces(decoder: EncodedTextDecoder) -> None:
    text = {"GBK": "世界a", "Shift JIS": "世界a", "Latin-1": "éa"}.get(decoder.name, "世😀a") * 3000
    payload = decoder.encode(text)
    rendering = decoder.render(payload, _BINARY)
    first = next(rendering).text
    other = copy.copy(rendering)
    assert first + "".join(one.text for one in rendering) == text
    assert first + "".join(one.text for one in other) == text
    assert rendering.offset == len(payload)
    assert decoder.decode(payload, _BINARY).value == text
    assert len(decoder.summary(payload, _BINARY)) == 300


@given(st.binary(max_size=3000))
def test_any_bytes_are_shown(payload: bytes) -> None:
    for decoder in ENCODINGS:
        assert 0 <= decoder.confidence(payload, _BINARY) < 1
        spans = list(EncodedTextRendering(payload, *decoder.codec_of(payload)))
        assert all(len(one.text) <= 4096 for one in spans)
        with contextlib.suppress(DecodeError):
            decoder.decode(payload, _BINARY)
