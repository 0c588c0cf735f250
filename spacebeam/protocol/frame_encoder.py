"""Encode messages and control frames to bytes. Pure but for the random masks."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from struct import iter_unpack

from spacebeam.protocol.deflate import Deflate
from spacebeam.protocol.frames import Opcode, Role, apply_mask, encode, encode_header

CHUNK_SIZE = 256 * 1024  # bytes of a long message that are masked at once

_RSV1 = 4
_MASKS_PER_CALL = 64


class FrameEncoder:
    """Encodes the frames of one direction of a WebSocket."""

    def __init__(self, role: Role, deflate: Deflate | None = None) -> None:
        self._masks = role is Role.CLIENT
        self._deflate = deflate
        self._random: Iterator[tuple[bytes]] = iter(())

    @property
    def compresses(self) -> bool:
        """Whether messages are compressed."""
        return self._deflate is not None

    def control(self, opcode: Opcode, payload: bytes) -> bytes:
        """Return a ping, pong or close frame."""
        return encode(opcode, payload, self._mask())

    def pack(self, payload: bytes) -> bytes:
        """Return a message's payload as it is on the wire. Messages must be packed in order."""
        return payload if self._deflate is None else self._deflate.pack(payload)

    def message(self, opcode: Opcode, packed: bytes) -> Iterator[bytes]:
        """Return a packed message as one frame, in chunks that must follow each other directly."""
        rsv = 0 if self._deflate is None else _RSV1
        mask = self._mask()
        if len(packed) <= CHUNK_SIZE:
            yield encode(opcode, packed, mask, rsv=rsv)
            return
        yield encode_header(opcode, len(packed), mask, rsv=rsv)
        for start in range(0, len(packed), CHUNK_SIZE):
            piece = packed[start : start + CHUNK_SIZE]
            yield apply_mask(piece, mask, start) if mask else piece

    def fragments(self, opcode: Opcode, packed: bytes, sizes: Sequence[int]) -> Iterator[bytes]:
        """Return a packed message in frames of these payload sizes, and a last one with the rest.

        Control frames may be sent between them (RFC 6455, section 5.4).
        """
        rsv = 0 if self._deflate is None else _RSV1
        start = 0
        for size in sizes:
            if start + size >= len(packed):
                break
            yield encode(opcode, packed[start : start + size], self._mask(), fin=False, rsv=rsv)
            start += size
            opcode, rsv = Opcode.CONTINUATION, 0
        yield encode(opcode, packed[start:], self._mask(), rsv=rsv)

    def _mask(self) -> bytes:
        if not self._masks:
            return b""
        # Unpredictable for each frame (RFC 6455, section 10.3). One system call makes many masks:
        # it costs more than a frame.
        for (mask,) in self._random:
            return mask
        self._random = iter_unpack("4s", os.urandom(4 * _MASKS_PER_CALL))
        return self._mask()
