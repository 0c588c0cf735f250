"""Zstandard (RFC 8878), of one or more frames."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from spacebeam.decode.decoder import Context, Data, DecodeError
from spacebeam.decode.wrappers.unpacking import members, unpacked
from spacebeam.decode.wrappers.wrapper import Wrapper

if TYPE_CHECKING:
    from types import ModuleType

_MAGIC = b"\x28\xb5\x2f\xfd"
_MAX_WINDOW_LOG = 24  # 16 MiB of memory, as much as content may have
_MISSING = "needs the package backports.zstd: pip install 'spacebeam[formats]'"


class ZstdDecoder(Wrapper):
    """Content that Zstandard compressed."""

    name = "zstd"
    first_bytes = b"\x28"

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 by the first bytes, and 0.3 if nothing can be read after them."""
        return self.mark_confidence(payload, context) if payload[:4] == _MAGIC else 0

    def pieces(self, payload: Data, size: int) -> Iterator[bytes]:
        """Yield the frames' content. Raises DecodeError."""
        zstd = _library()
        if zstd is None:
            raise DecodeError(_MISSING, 0)
        options = {zstd.DecompressionParameter.window_log_max: _MAX_WINDOW_LOG}

        def unpack(start: int) -> Generator[bytes, None, int]:
            frame = zstd.ZstdDecompressor(options=options)
            return unpacked(payload, start, frame, size, zstd.ZstdError)

        yield from members(payload, unpack)

    def wrap(self, content: bytes) -> bytes:
        """Return one frame. Raises ValueError without the library."""
        zstd = _library()
        if zstd is None:
            raise ValueError(_MISSING)
        frame: bytes = zstd.compress(content)
        return frame


def _library() -> ModuleType | None:
    """Return Python's own library, or before 3.14 the same one for older versions."""
    if sys.version_info >= (3, 14):
        from compression import zstd

        return zstd
    try:
        import backports.zstd as zstd  # an extra: spacebeam[formats]
    except ImportError:
        return None
    return zstd
