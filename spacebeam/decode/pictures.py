"""Recognises pictures by their first bytes, and reads their size before anything decodes them.

A few hundred bytes can declare a picture that takes gigabytes, so the size decides first.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacebeam.decode.decoder import Data

MAX_BYTES = 8 * 1024 * 1024  # of a picture that is decoded
MAX_PIXELS = 16 * 1024 * 1024
_MAX_SEGMENTS = 1000  # of a JPEG file, before its size
# Start of frame, but for the Huffman table, the extension and the arithmetic coding (ITU T.81).
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_JPEG_BARE = frozenset((0x01, *range(0xD0, 0xD9)))  # segments without a length


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """What the beginning of a picture says about it."""

    format: str
    width: int  # pixels
    height: int

    @property
    def is_small_enough(self) -> bool:
        """Whether it may be decoded."""
        return 0 < self.width * self.height <= MAX_PIXELS


def picture_info(data: Data) -> PictureInfo | None:
    """Return format and size of a PNG, JPEG, GIF or WebP picture; None for anything else."""
    for format_, size in (("PNG", _png), ("GIF", _gif), ("JPEG", _jpeg), ("WebP", _webp)):
        found = size(data)
        if found is not None:
            return PictureInfo(format_, *found)
    return None


def _png(data: Data) -> tuple[int, int] | None:
    if len(data) < 24 or not data.startswith(b"\x89PNG\r\n\x1a\n") or data[12:16] != b"IHDR":
        return None
    return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")


def _gif(data: Data) -> tuple[int, int] | None:
    if len(data) < 10 or not data.startswith((b"GIF87a", b"GIF89a")):
        return None
    return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")


def _jpeg(data: Data) -> tuple[int, int] | None:
    if not data.startswith(b"\xff\xd8\xff"):
        return None
    place = 2
    for _ in range(_MAX_SEGMENTS):
        head = data[place : place + 9]
        if len(head) < 2 or head[0] != 0xFF:
            return None
        if head[1] in _JPEG_FRAMES and len(head) == 9:
            return int.from_bytes(head[7:9], "big"), int.from_bytes(head[5:7], "big")
        if head[1] == 0xFF:  # padding
            place += 1
        elif head[1] in _JPEG_BARE:
            place += 2
        else:
            place += 2 + max(2, int.from_bytes(head[2:4], "big"))
    return None


def _webp(data: Data) -> tuple[int, int] | None:
    if len(data) < 30 or data[:4] != b"RIFF" or data[8:12] != b"WEBP":
        return None
    kind = data[12:16]
    if kind == b"VP8X":
        return (
            int.from_bytes(data[24:27], "little") + 1,
            int.from_bytes(data[27:30], "little") + 1,
        )
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = int.from_bytes(data[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        width, height = (int.from_bytes(data[at : at + 2], "little") for at in (26, 28))
        return width & 0x3FFF, height & 0x3FFF
    return None
