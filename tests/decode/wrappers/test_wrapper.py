"""What all wrappers have in common: what is inside, its limits, and the way back."""

from __future__ import annotations

import base64
import copy
import gzip
import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.decoder import Context, DecodeError, Style, Value
from spacebeam.decode.json import JsonDecoder
from spacebeam.decode.registry import REGISTRY, Registry
from spacebeam.decode.wrappers.gzip import GzipDecoder
from spacebeam.decode.wrappers.wrapper import Wrapper

TEXT, BINARY = Context("text"), Context("binary")
JSON = b'{"ch":"market.aaa","tick":{"bid":1.5,"n":"\xc3\xbc"}}'
WRAPPERS = {one.name: one for one in REGISTRY.decoders if isinstance(one, Wrapper)}
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x40\0\0\0\x30\x08\x06\0\0\0" + bytes(range(100))


def titled(payload: bytes, context: Context = BINARY) -> str:
    return REGISTRY.title(REGISTRY.best(payload, context), payload, context)


def kind_of(name: str) -> Context:
    return TEXT if WRAPPERS[name].is_text else BINARY


def shown(payload: bytes, context: Context) -> str:
    spans = REGISTRY.best(payload, context).render(payload, context)
    return "".join(span.text for span in spans)


def check_refused(decoder: Wrapper, payload: bytes, context: Context) -> None:
    """Check that a payload is decoded, or refused with a place in it."""
    try:
        decoder.decode(payload, context)
    except DecodeError as error:
        refused = error
    else:
        return
    assert 0 <= refused.offset <= len(payload)


@pytest.mark.parametrize("name", WRAPPERS)
def test_what_is_inside_is_shown_and_found_and_can_be_written_again(name: str) -> None:
    payload, context = WRAPPERS[name].wrap(JSON), kind_of(name)
    assert titled(payload, context) == f"{name} › JSON"
    best = REGISTRY.best(payload, context)
    assert not REGISTRY.is_guess(best, payload, context)
    value: Value = {"ch": "market.aaa", "tick": {"bid": 1.5, "n": "ü"}}
    assert REGISTRY.value(payload, context) == value
    assert REGISTRY.summary(payload, context) == JSON.decode()
    assert shown(payload, context) == shown(JSON, TEXT)
    again = REGISTRY.encode(["another value"], payload, context)
    assert titled(again, context) == f"{name} › JSON"
    assert REGISTRY.value(again, context) == ["another value"]


@pytest.mark.parametrize("name", WRAPPERS)
def test_what_is_inside_may_be_cut_anywhere(name: str) -> None:
    payload, context = WRAPPERS[name].wrap(JSON * 3), kind_of(name)
    decoder = WRAPPERS[name]
    for end in range(len(payload)):
        cut = payload[:end]
        assert decoder.confidence(cut, replace(context, is_cut=True)) <= 0.9
        decoder.summary(cut, context)
        assert all(span.text is not None for span in decoder.render(cut, context))
        check_refused(decoder, cut, context)


@pytest.mark.parametrize("name", WRAPPERS)
@given(content=st.binary(max_size=300), size=st.integers(1, 40))
def test_any_bytes_come_back_whatever_the_pieces(name: str, content: bytes, size: int) -> None:
    decoder = WRAPPERS[name]
    try:
        payload = decoder.wrap(content)
    except ValueError:
        assert name == "JSON string"
        content = content.hex().encode()
        payload = decoder.wrap(content)
    assert b"".join(decoder.pieces(payload, size)) == content
    assert b"".join(decoder.pieces(bytearray(payload), size)) == content


@pytest.mark.parametrize("name", WRAPPERS)
@given(payload=st.binary(max_size=60))
def test_any_payload_is_shown_or_refused(name: str, payload: bytes) -> None:
    decoder, context = WRAPPERS[name], kind_of(name)
    assert 0 <= decoder.confidence(payload, context) <= 1
    assert len(decoder.summary(payload, context)) <= 3000
    list(decoder.render(payload, context))
    decoder.title(payload, context)
    check_refused(decoder, payload, context)


def test_formats_are_in_each_other() -> None:
    payload = base64.b64encode(gzip.compress(zlib.compress(JSON.hex().encode())))
    assert titled(payload, TEXT) == "Base64 › gzip › zlib › Hex text › JSON"
    assert REGISTRY.value(payload, TEXT) == REGISTRY.value(JSON, TEXT)
    again = REGISTRY.encode(["another value"], payload, TEXT)
    assert titled(again, TEXT) == "Base64 › gzip › zlib › Hex text › JSON"
    assert REGISTRY.value(again, TEXT) == ["another value"]


def test_there_are_eight_levels() -> None:
    payload = JSON
    for level in range(1, 10):
        payload = gzip.compress(payload)
        if level <= 8:
            assert titled(payload) == "gzip › " * level + "JSON"
    assert titled(payload) == " › ".join(["gzip"] * 8)
    value = REGISTRY.value(payload, BINARY)
    assert isinstance(value, bytes)
    assert gzip.decompress(value) == JSON


def test_what_is_inside_may_be_text_bytes_or_a_picture() -> None:
    assert titled(gzip.compress(b"hello")) == "gzip › Text"
    assert REGISTRY.value(gzip.compress(b"hello"), BINARY) == "hello"
    assert titled(gzip.compress(b"\xff\0")) == "gzip"
    assert REGISTRY.value(gzip.compress(b"\xff\0"), BINARY) == b"\xff\0"
    assert REGISTRY.value(gzip.compress(b"x" * 2000 + b"\xff"), BINARY) == b"x" * 2000 + b"\xff"
    assert titled(gzip.compress(b"")) == "gzip"
    payload = base64.b64encode(PNG)
    assert titled(payload, TEXT) == "Base64 › PNG"
    assert REGISTRY.summary(payload, TEXT) == "PNG, 64 × 48"
    assert shown(payload, TEXT).startswith("00000000  89 50 4e 47")


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [
        *((one, 17 << 20, "16 MiB|grows") for one in ("gzip", "zlib", "Deflate", "zstd", "Brotli")),
        ("LZ4", 17 << 20, "16 MiB"),
        *((one, 2 << 20, "grows") for one in ("gzip", "zlib", "Deflate", "zstd", "Brotli")),
    ],
)
def test_what_grows_too_much_is_refused(name: str, size: int, reason: str) -> None:
    decoder = WRAPPERS[name]
    payload = decoder.wrap(bytes(size))
    decoder.confidence(payload, BINARY)
    decoder.summary(payload, BINARY)
    with pytest.raises(DecodeError, match=reason):
        decoder.decode(payload, BINARY)
    *_empty, last = decoder.render(payload, BINARY)
    assert last.text.startswith(f"⟨{name}: it ")
    assert last.style is Style.OFFSET


def test_a_long_payload_is_rendered_in_steps_and_read_once() -> None:
    content = b"[" + b"1234567, " * 100_000 + b"0]"
    payload = gzip.compress(content)
    rendering = GzipDecoder().asking(REGISTRY).render(payload, BINARY)
    empty = 0
    while not next(rendering).text:
        empty += 1
    assert empty >= len(content) // (64 * 1024)
    again = copy.copy(rendering)
    assert rendering.offset < len(payload)
    assert [next(again).text for _ in range(9)] == [next(rendering).text for _ in range(9)]
    middle = next(span for span in rendering if rendering.offset > len(payload) // 2)
    assert middle.text
    for _span in rendering:
        pass
    assert rendering.offset == len(payload)
    assert again.offset < len(payload)


def test_a_long_payload_is_judged_by_its_beginning() -> None:
    content = b"[" + b"1234567, " * 10_000 + b"0]"
    assert titled(gzip.compress(content)) == "gzip › JSON"
    assert REGISTRY.summary(gzip.compress(content), BINARY).startswith("[1234567, 1234567,")
    payload = base64.b64encode(content)
    best = REGISTRY.best(payload, TEXT)
    assert titled(payload, TEXT) == "Base64 › JSON"
    assert REGISTRY.is_guess(best, payload, TEXT)


def test_a_chosen_format_may_have_anything_inside() -> None:
    payload = base64.b64encode(b"no format at all")
    assert titled(payload, TEXT) == "Text"
    chosen = replace(TEXT, chosen="Base64")
    assert titled(payload, chosen) == "Base64 › Text"
    assert titled(b"55.49", chosen) == "Text"


def test_an_error_inside_has_its_own_place() -> None:
    payload = gzip.compress(b"<a><b>text</b>" + b"<c/>" * 10_000 + b"</b></a>")
    with pytest.raises(DecodeError, match=r"XML: mismatched tag \(byte \d+ of the content\)"):
        REGISTRY.value(payload, BINARY)


def test_deep_json_inside_is_read_up_to_a_size() -> None:
    deep = b"[" * 700_000 + b"]" * 700_000
    with pytest.raises(DecodeError, match="deep"):
        REGISTRY.value(gzip.compress(deep, 0), BINARY)


def test_each_registry_asks_its_own_decoders() -> None:
    alone = Registry((GzipDecoder(), JsonDecoder(), *REGISTRY.decoders[-2:]))
    payload = gzip.compress(b"<a/>")
    best = alone.best(payload, BINARY)
    assert alone.title(best, payload, BINARY) == "gzip › Text"
    assert titled(payload) == "gzip › XML"


def test_a_wrapper_without_a_way_back_says_so() -> None:
    for name in ("zlib", "Base64"):
        assert WRAPPERS[name].encode(b"\xff\0") == WRAPPERS[name].wrap(b"\xff\0")
    with pytest.raises(ValueError, match="utf-8"):
        WRAPPERS["JSON string"].encode(b"\xff")
    with pytest.raises(ValueError, match="no bytes"):
        WRAPPERS["gzip"].encode([b"\xff"])
