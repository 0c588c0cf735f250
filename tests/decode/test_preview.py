"""Previews of one line, for payloads of any length."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.preview import MAX_CHARACTERS, binary_preview, size, text_preview


@pytest.mark.parametrize(
    ("payload", "shown"),
    [
        (b"", ""),
        (b"hello", "hello"),
        (b"two\nlines", "two␊lines"),
        (b"x" * 300, "x" * 300),
        (b"x" * 301, "x" * 300 + "…"),
        ("é".encode() * 300, "é" * 300),
        ("🚀".encode() * 300, "🚀" * 300),
        ("🚀".encode() * 301, "🚀" * 300 + "…"),
        (b"\xff\xfe", "\ufffd\ufffd"),
    ],
)
def test_a_text_is_truncated_at_its_300th_character(payload: bytes, shown: str) -> None:
    assert text_preview(payload) == shown


@given(st.text(max_size=1300))
def test_a_preview_is_the_beginning_of_its_text(text: str) -> None:
    payload = text.encode()
    shown = text_preview(payload)
    assert shown.endswith("…") or len(text) <= MAX_CHARACTERS
    if text.isprintable():
        assert shown == text[:MAX_CHARACTERS] + ("…" if len(text) > MAX_CHARACTERS else "")
    assert "\n" not in shown


def test_binary_is_shown_in_hexadecimal() -> None:
    assert binary_preview(b"\x00\xff\x10") == "00 ff 10"
    assert binary_preview(b"") == ""
    assert binary_preview(bytes(64)) == " ".join(["00"] * 64)
    assert binary_preview(bytes(65)) == " ".join(["00"] * 64) + " …"


def test_a_preview_of_a_long_payload_reads_only_its_beginning() -> None:
    class Watched(bytes):
        def __getitem__(self, key: object) -> bytes:  # type: ignore[override]
            assert isinstance(key, slice)
            assert key.stop <= 4 * MAX_CHARACTERS
            return super().__getitem__(key)

        def decode(self, *_arguments: object, **_options: object) -> str:
            raise AssertionError("the whole payload was decoded")

    assert len(text_preview(Watched(b"x" * 10_000))) == MAX_CHARACTERS + 1
    assert binary_preview(Watched(10_000)).endswith(" …")


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (1536, "1.5 KiB"),
        (1024 * 1024 - 1, "1.0 MiB"),
        (64 * 1024 * 1024, "64.0 MiB"),
        (1024**3 - 1, "1.0 GiB"),
        (5 * 1024**4, "5120.0 GiB"),
    ],
)
def test_a_size_is_short(count: int, shown: str) -> None:
    assert size(count) == shown
