"""Pictures are recognised by their first bytes, and their size is read before decoding."""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacebeam.decode.pictures import MAX_PIXELS, PictureInfo, picture_info

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 640, 480) + b"\x08\x02\0\0\0"
GIF = b"GIF89a" + struct.pack("<HH", 320, 200) + b"\0\0\0"
JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xff\xc4\0\x03\0"  # padding, and a table that is no frame
    b"\xff\xc2\0\x11\x08" + struct.pack(">HH", 600, 800) + b"\3"
)
WEBP_LOSSY = b"RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + struct.pack("<HH", 176, 144)
_LOSSLESS_BITS = (99 - 1) | (77 - 1) << 14
WEBP_LOSSLESS = b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + struct.pack("<I", _LOSSLESS_BITS) + b"\0" * 8
WEBP_EXTENDED = (
    b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + (1000 - 1).to_bytes(3, "little") + b"\x0f\0\0"
)


@pytest.mark.parametrize(
    ("data", "info"),
    [
        (PNG, PictureInfo("PNG", 640, 480)),
        (GIF, PictureInfo("GIF", 320, 200)),
        (JPEG, PictureInfo("JPEG", 800, 600)),
        (WEBP_LOSSY, PictureInfo("WebP", 176, 144)),
        (WEBP_LOSSLESS, PictureInfo("WebP", 99, 77)),
        (WEBP_EXTENDED, PictureInfo("WebP", 1000, 16)),
        (bytearray(PNG), PictureInfo("PNG", 640, 480)),
    ],
)
def test_format_and_size_are_read(data: bytes, info: PictureInfo) -> None:
    assert picture_info(data) == info


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", PNG[:20], GIF[:9], JPEG[:30], WEBP_LOSSY[:29], b"\xff\xd8\xff" * 20, b"<svg/>"],
)
def test_anything_else_is_no_picture(data: bytes) -> None:
    assert picture_info(data) is None


@pytest.mark.parametrize(
    ("width", "height", "is_small"),
    [(4096, 4096, True), (4097, 4096, False), (0, 5, False), (2**31, 2**31, False)],
)
def test_a_picture_with_too_many_pixels_is_not_decoded(
    width: int, height: int, is_small: bool
) -> None:
    assert MAX_PIXELS == 4096 * 4096
    assert PictureInfo("PNG", width, height).is_small_enough is is_small


@given(st.sampled_from((PNG, GIF, JPEG, WEBP_LOSSY)), st.binary(max_size=100), st.integers(0, 40))
def test_damaged_pictures_raise_nothing(start: bytes, rest: bytes, cut: int) -> None:
    picture_info(start[:cut] + rest)
