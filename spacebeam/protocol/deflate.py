"""permessage-deflate (RFC 7692): negotiation, compression and decompression.

Pure. Decompression is bounded: no message is unpacked beyond its limit.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.frames import ProtocolError, Role, too_big

DEFLATE = "permessage-deflate"
_MAX_UNPACKED = 1024 * 1024  # bytes that are unpacked at once
# Bytes passed to zlib at once. It copies the unused rest each time that a stream ends: a peer that
# ends a stream at every other byte would make it copy a long input as often.
_MAX_INPUT = 4096
_TAIL = b"\x00\x00\xff\xff"  # not sent on the wire (RFC 7692, section 7.2.1)


@dataclass(frozen=True, slots=True)
class Agreement:
    """The negotiated parameters of the extension (RFC 7692, section 7.1)."""

    server_no_context_takeover: bool = False
    client_no_context_takeover: bool = False
    server_max_window_bits: int = 15
    client_max_window_bits: int = 15

    def as_header(self) -> str:
        """Return the value of Sec-WebSocket-Extensions."""
        parts = [DEFLATE]
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
    """Return the agreement in a server's Sec-WebSocket-Extensions; None without one."""
    for name, parameters in parse_extensions(header):
        if name == DEFLATE:
            return _agreement(parameters)
    return None


def accept(header: str) -> Agreement | None:
    """Return the first of a client's offers that this server can accept (section 5), or None."""
    for name, parameters in parse_extensions(header):
        if name != DEFLATE:
            continue
        agreement = _agreement(parameters)
        # zlib cannot pack with a window of 8 bits; such an offer is declined.
        if agreement is not None and agreement.server_max_window_bits != 8:
            return agreement
    return None


def parse_extensions(header: str) -> list[tuple[str, list[tuple[str, str | None]]]]:
    """Return the extensions of a Sec-WebSocket-Extensions with parameters (RFC 6455, 9.1)."""
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
    """Compresses sent messages and decompresses received ones."""

    def __init__(self, agreement: Agreement, role: Role) -> None:
        ours = (agreement.client_max_window_bits, agreement.client_no_context_takeover)
        theirs = (agreement.server_max_window_bits, agreement.server_no_context_takeover)
        if role is Role.SERVER:
            ours, theirs = theirs, ours
        self._pack_bits, self._pack_fresh = max(ours[0], 9), ours[1]
        self._unpack_fresh = theirs[1]
        self._packer: zlib._Compress | None = None  # takes 256 KiB, so it is made when needed
        self._unpacker = self._new_unpacker()

    def _new_packer(self) -> zlib._Compress:
        return zlib.compressobj(wbits=-self._pack_bits)

    def _new_unpacker(self) -> zlib._Decompress:
        # The largest window also unpacks data of a smaller one. With the agreed window, zlib may or
        # may not refuse references beyond it, depending on where the input is divided.
        return zlib.decompressobj(wbits=-15)

    def pack(self, payload: bytes) -> bytes:
        """Return a message's payload, compressed (section 7.2.1)."""
        packer = self._packer or self._new_packer()
        packed = packer.compress(payload) + packer.flush(zlib.Z_SYNC_FLUSH)
        self._packer = None if self._pack_fresh else packer
        return packed[:-4]

    def unpack(self, piece: bytes, limit: int, *, last: bool) -> bytes:
        """Return the next part of a message, decompressed (section 7.2.2).

        Raise ProtocolError if it is no deflate stream or unpacks to more than `limit` bytes.
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
        """Decompress complete messages in order, until 1 MiB is unpacked.

        Append them to `payloads`. Raise ProtocolError as `unpack` does; `payloads` then has the
        messages before the error.
        """
        unpacker, is_fresh = self._unpacker, self._unpack_fresh
        room, max_length = min(_MAX_UNPACKED, limit), limit + 1
        add = payloads.append
        try:
            for start, end in zip(starts, ends, strict=True):
                payload = unpacker.decompress(data[start:end] + _TAIL, max_length)
                if unpacker.eof or is_fresh:
                    payload = self._finish(payload, limit)
                    unpacker = self._unpacker
                room -= len(payload)
                if room < 0:  # also if the message is longer than the limit
                    _require_within(limit, payload)
                    add(payload)
                    break
                add(payload)
        except zlib.error:
            raise _not_deflate() from None

    def _finish(self, unpacked: bytes, limit: int) -> bytes:
        """Finish a message in which a stream ended, or after which the context is reset."""
        _require_within(limit, unpacked)
        whole = self._inflate_on(unpacked, limit)
        if self._unpack_fresh:
            self._unpacker = self._new_unpacker()
        return whole

    def _inflate(self, piece: bytes, limit: int) -> bytes:
        if len(piece) > _MAX_INPUT:
            parts = []
            for start in range(0, len(piece), _MAX_INPUT):
                parts.append(self._inflate(piece[start : start + _MAX_INPUT], limit))
                limit -= len(parts[-1])
            return b"".join(parts)
        unpacked = self._decompress(piece, limit)
        return self._inflate_on(unpacked, limit) if self._unpacker.eof else unpacked

    def _inflate_on(self, unpacked: bytes, limit: int) -> bytes:
        """Unpack further streams: a final block ends one stream (section 7.2.3.4)."""
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
