"""Reads binary formats: each read is checked against the payload's end before anything is made."""

from __future__ import annotations

from collections.abc import Callable
from struct import Struct

from spacebeam.decode.decoder import Data, DecodeError, Value
from spacebeam.decode.extended_json import MAX_DEPTH, is_within_depth

# Levels of a format; with more, the value is checked: a map can become three levels (`$map`).
SURELY_FLAT = MAX_DEPTH // 3


class ByteReader:
    """A payload, and the offset of the next byte to read."""

    __slots__ = ("at", "data", "size")

    def __init__(self, payload: Data) -> None:
        self.data = bytes(payload)
        self.size = len(self.data)
        self.at = 0

    def byte(self) -> int:
        """Return the next byte. Raises DecodeError at the end."""
        at = self.at
        if at >= self.size:
            raise self.ended()
        self.at = at + 1
        return self.data[at]

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes. Raises DecodeError if there are fewer."""
        at = self.at
        end = at + count
        if end > self.size:
            raise self.ended()
        self.at = end
        return self.data[at:end]

    def number(self, form: Struct) -> int | float:
        """Return a number of one form. Raises DecodeError if there are fewer bytes."""
        at = self.at
        end = at + form.size
        if end > self.size:
            raise self.ended()
        self.at = end
        number: int | float = form.unpack_from(self.data, at)[0]
        return number

    def count(self, count: int) -> int:
        """Return the declared number of items. Raises DecodeError if they cannot all be there."""
        if count > self.size - self.at:
            raise self.ended()
        return count

    def ended(self) -> DecodeError:
        """Return the error of a payload that ends in the middle of a value."""
        return ends_early(self.size)


class CutError(DecodeError):
    """The end of a payload of which only the beginning is at hand."""


class NestedReader(ByteReader):
    """Reads values inside values. A format's reader sets `deepest` to the deepest level so far."""

    __slots__ = ("deepest", "is_cut")

    def __init__(self, payload: Data, *, is_cut: bool = False) -> None:
        """Take a payload; one that `is_cut` is read as far as it goes."""
        super().__init__(payload)
        self.deepest = 0
        self.is_cut = is_cut

    def take(self, count: int) -> bytes:
        """Return the next `count` bytes, or what there is of them. Raises DecodeError."""
        if self.is_cut:
            count = min(count, self.size - self.at)
        return super().take(count)

    def count(self, count: int) -> int:
        """Return the declared number of items. Raises DecodeError if they cannot all be there."""
        return count if self.is_cut else super().count(count)

    def ended(self) -> DecodeError:
        """Return the error of the end, which containers pass over if the payload is cut."""
        if not self.is_cut:
            return super().ended()
        self.at = self.size
        return CutError("more follows", self.size)

    def text(self, data: bytes) -> str | bytes:
        """Return what was taken last as a text; as bytes if it is not UTF-8."""
        try:
            return data.decode(
                errors="ignore" if self.is_cut and self.at == self.size else "strict"
            )
        except UnicodeDecodeError:
            return data

    def all_values(self, read: Callable[[int], Value]) -> Value:
        """Return the rest of the payload: one value, or several as `$sequence`.

        `read` returns the next value, at a level. Raises DecodeError.
        """
        values = [read(0)]
        while self.at < self.size:
            values.append(read(0))
        value: Value = values[0] if len(values) == 1 else {"$sequence": values}
        if self.deepest >= SURELY_FLAT and not is_within_depth(value):
            raise too_deep(0)
        return value


def ends_early(size: int) -> DecodeError:
    """Return the error of a payload that ends in the middle of a value, after `size` bytes."""
    return DecodeError("ends in the middle of a value", size)


def too_deep(offset: int) -> DecodeError:
    """Return the error of values that are nested more deeply than decoders read."""
    return DecodeError("nested too deeply", offset)
