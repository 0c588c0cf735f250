"""What protocols share whose payloads have several messages, or the beginning of one."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from spacebeam.decode.decoder import Data, Decoded, DecodeError, Value
from spacebeam.decode.embedded import text_or_bytes

_lock = threading.Lock()  # for what a thread reads and the window too
Decode = Callable[[Data], Decoded]

MAX_MESSAGES = 100_000  # that one payload may have
MAX_IN_ROW = 17  # messages of a payload that are read for its row: one more than are shown
MAX_UNFINISHED = 16 * 1024 * 1024  # bytes of a message that spans payloads


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Bytes that wait for more. It is a value: adding bytes returns another.

    Bytes are appended where they are, unless somebody else has done so: so a message that comes
    byte by byte is not copied with each of them.
    """

    _data: bytearray = field(default_factory=bytearray)
    size: int = 0

    def added(self, payload: Data) -> Unfinished:
        """Return the bytes with those of a payload after them."""
        with _lock:
            data = self._data
            if len(data) != self.size:
                data = data[: self.size]
            data += payload
            return Unfinished(data, len(data))

    @property
    def data(self) -> bytearray:
        """The bytes, not to be changed. Only valid for the value that was returned last."""
        return self._data


def from_middle(payload: Data, begins: re.Pattern[bytes], decode: Decode) -> Decoded:
    """Decode a payload whose beginning was not read: all before the end of a match is a part.

    `decode` decodes the rest. Raises DecodeError.
    """
    match = begins.search(payload)
    end = match.end() if match else len(payload)
    part: Value = {"part": text_or_bytes(payload[:end])}
    if end == len(payload):
        return Decoded(part)
    try:
        decoded = decode(payload[end:])
    except DecodeError as error:
        raise DecodeError(str(error), end + error.offset) from None
    others = decoded.value if isinstance(decoded.value, list) else [decoded.value]
    return Decoded([part, *others], decoded.messages, decoded.span)


def has_enough(count: int, limit: int, offset: int) -> bool:
    """Return whether as many messages were read as wanted.

    Raises DecodeError if all are wanted, and there are more than MAX_MESSAGES.
    """
    if count < limit:
        return False
    if limit == MAX_MESSAGES:
        raise DecodeError(f"more than {MAX_MESSAGES:,} messages", offset)
    return True
