"""What protocols share whose payloads have several messages, or the beginning of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacebeam.decode.decoder import Data, DecodeError

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
        data = self._data
        if len(data) != self.size:
            data = data[: self.size]
        data += payload
        return Unfinished(data, len(data))

    @property
    def data(self) -> bytearray:
        """The bytes, not to be changed. Only valid for the value that was returned last."""
        return self._data


def has_enough(count: int, limit: int, offset: int) -> bool:
    """Return whether as many messages were read as wanted.

    Raises DecodeError if all are wanted, and there are more than MAX_MESSAGES.
    """
    if count < limit:
        return False
    if limit == MAX_MESSAGES:
        raise DecodeError(f"more than {MAX_MESSAGES:,} messages", offset)
    return True
