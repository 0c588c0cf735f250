"""LZ4's frame format (https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md)."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.unpacking import members, unpacked
from spacebeam.decode.wrappers.wrapper import Wrapper

if TYPE_CHECKING:
    from types import ModuleType

_MAGIC = b"\x04\x22\x4d\x18"
_MISSING = "needs the package lz4: pip install 'spacebeam[formats]'"


class Lz4Decoder(Wrapper):
    """Content that LZ4 compressed, in frames: blocks alone say nothing about themselves."""

    name = "LZ4"
    first_bytes = b"\x04"

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 by the first bytes, and 0.3 if nothing can be read after them."""
        return self.mark_confidence(payload, context) if payload[:4] == _MAGIC else 0

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the frames' content. Raises DecodeError."""
        frames = _library()
        if frames is None:
            raise DecodeError(_MISSING, 0)

        def unpack(start: int) -> Generator[bytes, None, int]:
            frame = frames.LZ4FrameDecompressor()
            return unpacked(payload, start, frame, size, RuntimeError)

        yield from members(payload, unpack)

    def wrap(self, content: bytes) -> bytes:
        """Return one frame. Raises ValueError without the library."""
        frames = _library()
        if frames is None:
            raise ValueError(_MISSING)
        frame: bytes = frames.compress(content)
        return frame


def _library() -> ModuleType | None:
    try:
        import lz4.frame  # an extra: spacebeam[formats]
    except ImportError:
        return None
    frames: ModuleType = lz4.frame
    return frames
