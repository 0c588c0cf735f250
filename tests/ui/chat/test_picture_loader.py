"""Pictures of peers are decoded small, in a thread, and never if they are too large."""

from __future__ import annotations

import struct
import zlib

import pytest
from gi.repository import GdkPixbuf

from spacebeam.decode.pictures import MAX_BYTES
from spacebeam.ui.chat.picture_loader import PictureLoader, decoded, shown_size


def picture(form: str, width: int = 640, height: int = 480) -> bytes:
    pixbuf = GdkPixbuf.Pixbuf.new(GdkPixbuf.Colorspace.RGB, False, 8, width, height)
    assert pixbuf is not None
    pixbuf.fill(0x3584E4FF)
    return bytes(pixbuf.save_to_bufferv(form, [], [])[1])


@pytest.mark.parametrize("form", ["png", "jpeg"])
def test_a_picture_is_scaled_to_its_bubble(form: str) -> None:
    texture = decoded(picture(form))
    assert texture is not None
    assert (texture.get_width(), texture.get_height()) == (320, 240)


def test_a_small_picture_keeps_its_size() -> None:
    texture = decoded(picture("png", 20, 10))
    assert texture is not None
    assert (texture.get_width(), texture.get_height()) == (20, 10)
    assert shown_size(10_000, 10) == (320, 1)


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def bomb() -> bytes:
    """A PNG file of a few hundred bytes with 30,000 by 30,000 pixels."""
    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 99))


@pytest.mark.parametrize(
    "data",
    [bomb(), b"hello", b"", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, picture("png") + b"\0" * MAX_BYTES],
)
def test_what_is_too_large_or_damaged_is_not_shown(data: bytes) -> None:
    assert decoded(data) is None


async def test_a_picture_is_decoded_once() -> None:
    loader = PictureLoader()
    data = picture("png")
    assert loader.cached(7) is None
    texture = await loader.load(7, data)
    assert texture is loader.cached(7) is await loader.load(7, b"")
    loader.forget()
    assert loader.cached(7) is None
