"""permessage-deflate (RFC 7692): what was agreed, packing and unpacking.

Pure. Unpacking is bounded: a message never grows past the limit it is given.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError, Role, too_big

_NAME = "permessage-deflate"
_MUCH = 1024 * 1024  # bytes that are unpacked in one go
# Bytes given to zlib at once. It copies what it leaves over, each time that a stream ends in it:
# a peer that ends a stream every other byte would have a long piece copied as often.
_AT_ONCE = 4096
_TAIL = b"\x00\x00\xff\xff"  # left out on the wire (RFC 7692, section 7.2.1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The extension's parameters as both sides agreed on them (RFC 7692, section 7.1)."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = 15
    client_max_window_bits: int = 15

    def as_header(self) -> str:
        """The value of Sec-WebSocket-Extensions that says this."""
        parts = [_NAME]
        if self.server_no_context_takeover:
            parts.append("server_no_context_takeover")
        if self.client_no_context_takeover:
            parts.append("client_no_context_takeover")
        if self.server_max_window_bits != 15:
            parts.append(f"server_max_window_bits={self.server_max_window_bits}")
        if self.client_max_window_bits != 15:
            parts.append(f"client_max_window_bits={self.client_max_window_bits}")
        return "; ".join(parts)


def agreed(header: str) -> Agreement | None:
    """What a server's Sec-WebSocket-Extensions says, or None without permessage-deflate."""
    for name, parameters in parse_extensions(header):
        if name == _NAME:
            return _agreement(parameters)
    return None


def accept(header: str) -> Agreement | None:
    """The first of a client's offers that can be met in full, as a server (section 5)."""
    for name, parameters in parse_extensions(header):
        if name != _NAME:
            continue
        agreement = _agreement(parameters)
        # zlib cannot pack with a window of 8 bits; such an offer is declined.
        if agreement is not None and agreement.server_max_window_bits != 8:
            return agreement
    return None


def parse_extensions(header: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """The extensions in a Sec-WebSocket-Extensions, each with its parameters (RFC 6455, 9.1)."""
    found = []
    for extension in header.split(","):
        name, *parameters = (part.strip() for part in extension.split(";"))
        pairs: list[tuple[str, str | None]] = []
        for parameter in parameters:
            key, equals, value = parameter.partition("=")
            pairs.append((key.strip(), value.strip().strip('"') if equals else None))
        found.append((name, pairs))
    return found


def _agreement(parameters: list[tuple[str, str | None]]) -> Agreement | None:
    values: dict[str, int | bool] = {}
    for key, value in parameters:
        if key in values:
            return None
        if key in ("server_no_context_takeover", "client_no_context_takeover"):
            if value is not None:
                return None
            values[key] = True
        elif key == "client_max_window_bits" and value is None:
            values[key] = 15
        elif key in ("server_max_window_bits", "client_max_window_bits"):
            if value is None or not (value.isdecimal() and value.isascii()):
                return None
            if value.startswith("0") or not 8 <= int(value) <= 15:
                return None
            values[key] = int(value)
        else:
            return None
    return Agreement(**values)  # type: ignore[arg-type]  # the keys were checked above


class Deflate:
    """Packs what this side sends and unpacks what the other side sent."""

    def __init__(self, agreement: Agreement, role: Role) -> None:
        ours = (agreement.client_max_window_bits, agreement.client_no_context_takeover)
        theirs = (agreement.server_max_window_bits, agreement.server_no_context_takeover)
        if role is Role.SERVER:
            ours, theirs = theirs, ours
        self._pack_bits, self._pack_fresh = max(ours[0], 9), ours[1]
        self._unpack_fresh = theirs[1]
        self._packer = self._new_packer()
        self._unpacker = self._new_unpacker()

    def _new_packer(self) -> zlib._Compress:
        return zlib.compressobj(wbits=-self._pack_bits)

    def _new_unpacker(self) -> zlib._Decompress:
        # The largest window reads what was packed with a smaller one. With a window as small as was
        # agreed, zlib refuses what reaches beyond it or not, as the cuts between pieces have it.
        return zlib.decompressobj(wbits=-15)

    def pack(self, payload: bytes) -> bytes:
        """A message's payload, packed (section 7.2.1)."""
        packed = self._packer.compress(payload) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        if self._pack_fresh:
            self._packer = self._new_packer()
        return packed[:-4]

    def unpack(self, piece: bytes, limit: int, *, last: bool) -> bytes:
        """The next piece of a message, unpacked to at most `limit` bytes (section 7.2.2).

        Raises ProtocolError where the bytes are no deflate stream or unpack to more than `limit`.
        """
        try:
            unpacked = self._inflate(piece + _TAIL if last else piece, limit)
        except zlib.error:
            raise _not_deflate() from None
        if last and self._unpack_fresh:
            self._unpacker = self._new_unpacker()
        return unpacked

    def unpack_all(
        self,
        data: bytes,
        starts: Sequence[int],
        ends: Sequence[int],
        limit: int,
        payloads: list[bytes],
    ) -> None:
        """Unpack whole messages, one after another, until they have made much.

        Adds to `payloads`; where it raises, as `unpack` does, those before are there.
        """
        unpacker, is_fresh = self._unpacker, self._unpack_fresh
        room, most = min(_MUCH, limit), limit + 1
        add = payloads.append
        try:
            for start, end in zip(starts, ends, strict=True):
                payload = unpacker.decompress(data[start:end] + _TAIL, most)
                if unpacker.eof or is_fresh:
                    payload = self._finish(payload, limit)
                    unpacker = self._unpacker
                room -= len(payload)
                if room < 0:  # so it is too where more of the message is left than the limit
                    _require_within(limit, payload)
                    add(payload)
                    break
                add(payload)
        except zlib.error:
            raise _not_deflate() from None

    def _finish(self, unpacked: bytes, limit: int) -> bytes:
        """A message's end, where it is not as plain as most."""
        _require_within(limit, unpacked)
        whole = self._inflate_on(unpacked, limit)
        if self._unpack_fresh:
            self._unpacker = self._new_unpacker()
        return whole

    def _inflate(self, piece: bytes, limit: int) -> bytes:
        if len(piece) > _AT_ONCE:
            parts = []
            for start in range(0, len(piece), _AT_ONCE):
                parts.append(self._inflate(piece[start : start + _AT_ONCE], limit))
                limit -= len(parts[-1])
            return b"".join(parts)
        unpacked = self._decompress(piece, limit)
        return self._inflate_on(unpacked, limit) if self._unpacker.eof else unpacked

    def _inflate_on(self, unpacked: bytes, limit: int) -> bytes:
        """A block marked as final ends a stream; what follows begins anew (section 7.2.3.4)."""
        parts = [unpacked]
        while self._unpacker.eof:
            rest = self._unpacker.unused_data
            self._unpacker = self._new_unpacker()
            limit -= len(parts[-1])
            parts.append(self._decompress(rest, limit))
        return b"".join(parts)

    def _decompress(self, piece: bytes, limit: int) -> bytes:
        unpacked = self._unpacker.decompress(piece, limit + 1)
        _require_within(limit, unpacked)
        return unpacked


def _require_within(limit: int, unpacked: bytes) -> None:
    if len(unpacked) > limit:
        raise too_big()


def _not_deflate() -> ProtocolError:
    return ProtocolError(CloseCode.INVALID_PAYLOAD, "a compressed message that cannot be unpacked")
