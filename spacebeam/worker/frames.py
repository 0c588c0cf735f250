"""What the window and its worker say to each other."""

from __future__ import annotations

import json
from enum import IntEnum
from struct import Struct
from typing import IO, Any, BinaryIO

_HEAD = Struct("<BQ")  # kind and bytes


class FrameKind(IntEnum):
    """What is in a frame to the worker."""

    JSON = 0  # what to do
    ENTRIES = 1  # a block's columns, in the form of a recording's file
    PAYLOAD = 2  # the bytes of these columns
    PLACES = 3  # the places in this block that are exported, as 32-bit numbers
    END = 4


class FrameReader:
    """Reads the frames of the window."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def next(self) -> tuple[FrameKind, bytes]:
        """Return the next frame. Raises EOFError if the window ended or cancelled."""
        kind, size = _HEAD.unpack(self._exactly(_HEAD.size))
        return FrameKind(kind), self._exactly(size)

    def json(self) -> dict[str, Any]:
        """Return the object in the next frame."""
        found: dict[str, Any] = json.loads(self.next()[1])
        return found

    def _exactly(self, size: int) -> bytes:
        data = self._file.read(size)
        if len(data) < size:
            raise EOFError
        return data


def frame_head(kind: FrameKind, size: int) -> bytes:
    """Return what stands before the `size` bytes of a frame."""
    return _HEAD.pack(kind, size)


def frame(kind: FrameKind, data: bytes = b"") -> bytes:
    """Return a frame."""
    return frame_head(kind, len(data)) + data


def json_frame(told: dict[str, Any]) -> bytes:
    """Return a frame with an object."""
    return frame(FrameKind.JSON, json.dumps(told).encode())


def tell(stream: IO[str], told: dict[str, Any]) -> None:
    """Write an object to the window."""
    stream.write(json.dumps(told) + "\n")
    stream.flush()
