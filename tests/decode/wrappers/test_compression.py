"""Compressed payloads: what counts as each format, several members, and what is wrong with them."""

from __future__ import annotations

import gzip
import os
import sys
import zlib
from collections.abc import Callable

import brotli
import lz4.frame
import pytest

from spacebeam.decode.decoder import Context, DecodeError
from spacebeam.decode.registry import REGISTRY
from spacebeam.decode.wrappers.wrapper import Wrapper

BINARY = Context("binary")
JSON = b'{"ch":"market.aaa","ts":1767322800001,"tick":{"bid":1.5,"ask":1.75}}'
WRAPPERS = {one.name: one for one in REGISTRY.decoders if isinstance(one, Wrapper)}
MARKED = ["gzip", "zlib", "zstd", "LZ4"]


def deflate(content: bytes, strategy: int = zlib.Z_DEFAULT_STRATEGY, level: int = 6) -> bytes:
    deflater = zlib.compressobj(level, wbits=-15, strategy=strategy)
    return deflater.compress(content) + deflater.flush()


@pytest.mark.parametrize("name", ["gzip", "zlib", "zstd", "LZ4", "Deflate"])
def test_several_members_are_one_content(name: str) -> None:
    decoder = WRAPPERS[name]
    payload = b"".join(map(decoder.wrap, (b'{"a":', b"", b"1}")))
    assert decoder.decode(payload, BINARY).value == {"a": 1}
    many = decoder.wrap(b"x") * 10_001
    with pytest.raises(DecodeError, match="10,000 members"):
        decoder.decode(many, BINARY)


@pytest.mark.parametrize("name", [*MARKED, "Deflate", "Brotli"])
def test_what_follows_the_end_or_is_missing_is_refused(name: str) -> None:
    decoder = WRAPPERS[name]
    payload = decoder.wrap(JSON)
    for wrong in (payload + b"\xfe\xfe\xfe\xfe", payload[:-1], payload[: len(payload) // 2], b""):
        with pytest.raises(DecodeError) as caught:
            decoder.decode(wrong, BINARY)
        assert 0 <= caught.value.offset <= len(wrong)


@pytest.mark.parametrize(
    ("name", "confidence"), [("gzip", 0.3), ("zstd", 0.3), ("LZ4", 0.3), ("zlib", 0)]
)
def test_a_mark_with_nothing_behind_it_is_a_guess_at_most(name: str, confidence: float) -> None:
    decoder = WRAPPERS[name]
    head = decoder.wrap(JSON)[: 2 if name == "zlib" else 4]
    assert decoder.confidence(head + b"\0" + b"\xff" * 40, BINARY) == confidence
    assert decoder.confidence(b"\0" + head + b"\xff" * 40, BINARY) == 0
    assert decoder.summary(head + b"\0" + b"\xff" * 40, BINARY).startswith(f"{name}: ")


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(deflate(JSON), id="fixed codes"),
        pytest.param(
            deflate(b"[" + b",".join(b"%d" % (n**3) for n in range(300)) + b"]"), id="own"
        ),
        pytest.param(deflate(b'["stored"]', level=0), id="stored"),
        pytest.param(deflate(b"<a>text</a>", zlib.Z_FIXED), id="XML"),
    ],
)
def test_deflate_is_known_by_what_is_inside(payload: bytes) -> None:
    assert WRAPPERS["Deflate"].confidence(payload, BINARY) == 0.85
    assert WRAPPERS["Deflate"].confidence(payload, Context("text")) == 0
    assert WRAPPERS["Deflate"].confidence(payload[:-1], BINARY) == 0


def test_deflate_of_what_has_no_format_is_not_known() -> None:
    for content in (b"text alone, no format", JSON * 2, bytes(1000)):
        assert WRAPPERS["Deflate"].confidence(deflate(content), BINARY) == 0


@pytest.mark.parametrize(
    "compress",
    [
        lambda content: brotli.compress(content),
        lambda content: brotli.compress(content, quality=1),
        lambda content: brotli.compress(content, mode=brotli.MODE_TEXT, quality=5),
    ],
)
def test_brotli_is_known_by_what_is_inside(compress: Callable[[bytes], bytes]) -> None:
    assert WRAPPERS["Brotli"].confidence(compress(JSON), BINARY) == 0.85
    assert WRAPPERS["Brotli"].confidence(compress(b"text alone, no format"), BINARY) == 0


def test_brotli_with_another_window_is_read_if_it_is_chosen() -> None:
    payload = brotli.compress(JSON, lgwin=16)
    assert WRAPPERS["Brotli"].confidence(payload, BINARY) == 0
    assert WRAPPERS["Brotli"].confidence(payload, Context("binary", chosen="Brotli")) == 0.85


def test_random_bytes_are_none_of_them() -> None:
    for first in range(256):
        payload = bytes([first]) + os.urandom(100)
        for decoder in WRAPPERS.values():
            assert decoder.confidence(payload, BINARY) == 0


def test_a_stream_that_goes_on_is_read_as_far_as_it_was_flushed() -> None:
    for name, window in (("zlib", 15), ("Deflate", -15)):
        deflater = zlib.compressobj(wbits=window)
        payload = deflater.compress(JSON) + deflater.flush(zlib.Z_SYNC_FLUSH)
        assert WRAPPERS[name].decode(payload, BINARY).value == REGISTRY.value(JSON, BINARY)


def test_a_gzip_head_with_a_name_and_a_time_is_read() -> None:
    payload = b"\x1f\x8b\x08\x08\x01\x02\x03\x04\x00\x03name\0" + gzip.compress(JSON)[10:]
    assert REGISTRY.value(payload, BINARY) == REGISTRY.value(JSON, BINARY)


def test_a_promised_size_is_not_allocated() -> None:
    frame = bytearray(lz4.frame.compress(JSON, content_checksum=False, store_size=True))
    assert frame[4] & 8  # it promises a size
    payload = WRAPPERS["zstd"].wrap(JSON)
    huge = payload[:4] + b"\xe0" + b"\xff" * 8 + payload[6:]  # a content of 16 exbibytes
    with pytest.raises(DecodeError):
        WRAPPERS["zstd"].decode(huge, BINARY)


@pytest.mark.parametrize(
    ("name", "module"), [("zstd", "backports.zstd"), ("Brotli", "brotli"), ("LZ4", "lz4.frame")]
)
def test_a_missing_library_is_named(
    name: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name == "zstd" and sys.version_info >= (3, 14):
        pytest.skip("it is Python's own")
    decoder = WRAPPERS[name]
    payload = decoder.wrap(JSON)
    monkeypatch.setitem(sys.modules, module, None)
    assert decoder.confidence(payload, BINARY) == (0 if name == "Brotli" else 0.3)
    words = (
        rf"needs the package {module.removesuffix('.frame')}: pip install 'spacebeam\[formats\]'"
    )
    with pytest.raises(DecodeError, match=words):
        decoder.decode(payload, BINARY)
    with pytest.raises(ValueError, match=words):
        decoder.wrap(JSON)
