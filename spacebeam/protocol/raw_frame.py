"""A frame with any header and payload, valid or not, to test how a server handles it.

Only values that cannot be encoded are refused. Pure: a value, its bytes and their meaning.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from enum import Enum

from spacebeam.protocol.batch import Kind
from spacebeam.protocol.frames import Opcode, apply_mask

MAX_CLAIM = 2**64 - 1  # maximum of a 64-bit length; RFC 6455, section 5.2, allows half of it

_FIN = 0x80
_MASKED = 0x80
_MAX_SHORT = 125  # 126 and 127 announce a longer length
_MAX_MEDIUM = 0xFFFF
_KINDS = {
    Opcode.TEXT: Kind.TEXT,
    Opcode.BINARY: Kind.BINARY,
    Opcode.CLOSE: Kind.CLOSE,
    Opcode.PING: Kind.PING,
    Opcode.PONG: Kind.PONG,
}


class LengthForm(Enum):
    """How the payload's length is encoded; RFC 6455, section 5.2, requires the shortest form."""

    SHORTEST = "shortest"
    BITS_7 = "7-bit"
    BITS_16 = "16-bit"
    BITS_64 = "64-bit"

    @property
    def limit(self) -> int:
        """The greatest length that this form can encode."""
        if self is LengthForm.BITS_7:
            return _MAX_SHORT
        return _MAX_MEDIUM if self is LengthForm.BITS_16 else MAX_CLAIM


class RawFrameError(ValueError):
    """A frame that cannot be encoded; `field` is the invalid attribute of RawFrame."""

    def __init__(self, field: str, explanation: str) -> None:
        super().__init__(explanation)
        self.field = field


@dataclass(frozen=True, slots=True)
class FramePart:
    """Some bytes of a frame and their meaning, as a phrase."""

    data: bytes
    words: str


@dataclass(frozen=True, slots=True)
class RawFrame:
    """One frame (RFC 6455, section 5.2) to be sent. Raise RawFrameError if it has no encoding."""

    payload: bytes = b""  # before masking
    opcode: int = Opcode.TEXT  # 0 to 15
    fin: bool = True
    rsv: int = 0  # the three reserved bits, RSV1 the highest
    mask: bytes = b""  # 4 bytes, or empty for an unmasked frame
    length_form: LengthForm = LengthForm.SHORTEST
    claimed_length: int | None = None  # length in the header, if not the payload's

    def __post_init__(self) -> None:
        if not 0 <= self.opcode <= 15:
            raise RawFrameError("opcode", "An opcode is a number from 0 to 15.")
        if not 0 <= self.rsv <= 7:
            raise RawFrameError("rsv", "The reserved bits are a number from 0 to 7.")
        if len(self.mask) not in (0, 4):
            raise RawFrameError("mask", "A mask has four bytes.")
        if not 0 <= self.length <= MAX_CLAIM:
            raise RawFrameError("claimed_length", f"A length is a number from 0 to {MAX_CLAIM:,}.")
        if self.length > self.length_form.limit:
            form, limit = self.length_form.value, self.length_form.limit
            raise RawFrameError("length_form", f"A {form} length says {limit:,} at most.")

    @property
    def length(self) -> int:
        """The length in the header, in bytes."""
        return len(self.payload) if self.claimed_length is None else self.claimed_length

    @property
    def form(self) -> LengthForm:
        """The form of the encoded length; never SHORTEST."""
        if self.length_form is not LengthForm.SHORTEST:
            return self.length_form
        forms = (LengthForm.BITS_7, LengthForm.BITS_16, LengthForm.BITS_64)
        return next(form for form in forms if self.length <= form.limit)

    @property
    def kind(self) -> Kind | None:
        """The kind of its entry in a recording; None if it is no message and no control frame.

        A text that is not UTF-8, for example compressed, is recorded as binary.
        """
        try:
            kind = _KINDS.get(Opcode(self.opcode))
            if kind is Kind.TEXT:
                self.payload.decode()
        except UnicodeDecodeError:
            return Kind.BINARY
        except ValueError:
            return None
        return kind

    def masked_at_random(self) -> RawFrame:
        """Return the same frame with an unpredictable mask (RFC 6455, section 10.3)."""
        return replace(self, mask=os.urandom(4))

    def header(self) -> bytes:
        """Return the bytes before the payload, with the mask."""
        return b"".join(part.data for part in self._header())

    def encode(self) -> bytes:
        """Return the frame's bytes."""
        return self.header() + self._masked(self.payload)

    def parts(self, most: int | None = None) -> list[FramePart]:
        """Return the frame's bytes in order with their meaning; at most `most` payload bytes."""
        parts = self._header()
        if self.payload:
            shown = self.payload if most is None else self.payload[:most]
            what = "payload, masked" if self.mask else "payload"
            parts.append(FramePart(self._masked(shown), f"{what}: {_count(len(self.payload))}"))
        return parts

    def _flags(self) -> list[str]:
        reserved = [f"RSV{number}" for number in (1, 2, 3) if self.rsv & 8 >> number]
        return ["FIN", *reserved] if self.fin else reserved

    def _header(self) -> list[FramePart]:
        first = (_FIN if self.fin else 0) | self.rsv << 4 | self.opcode
        flags = " ".join(self._flags()) or "no FIN"
        parts = [FramePart(bytes((first,)), f"{flags}, opcode {self.opcode}{_name(self.opcode)}")]
        masked, says = (_MASKED, "masked") if self.mask else (0, "not masked")
        if self.form is LengthForm.BITS_7:
            parts.append(FramePart(bytes((masked | self.length,)), f"{says}, length {self.length}"))
        else:
            marker, width = (126, 2) if self.form is LengthForm.BITS_16 else (127, 8)
            follows = f"{says}, the length follows in {8 * width} bits"
            parts.append(FramePart(bytes((masked | marker,)), follows))
            parts.append(FramePart(self.length.to_bytes(width, "big"), f"length {self.length:,}"))
        if self.mask:
            parts.append(FramePart(self.mask, "mask"))
        return parts

    def _masked(self, payload: bytes) -> bytes:
        return apply_mask(payload, self.mask) if self.mask else payload


def opcode_name(opcode: int) -> str:
    """Return the name of an opcode from 0 to 15 (RFC 6455, section 11.8)."""
    try:
        return Opcode(opcode).name.lower()
    except ValueError:
        return "reserved control" if opcode >= Opcode.CLOSE else "reserved"


def _name(opcode: int) -> str:
    name = opcode_name(opcode)
    return "" if name.startswith("reserved") else f" ({name})"


def _count(size: int) -> str:
    return "1 byte" if size == 1 else f"{size:,} bytes"
