"""JSON Web Tokens (RFC 7519) with their header and claims; signatures are not checked."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, datetime

from spacebeam.decode.byte_ranges import ByteRanges
from spacebeam.decode.decoder import Context, Data, Decoded, DecodeError, Value
from spacebeam.decode.json_values import read_json
from spacebeam.decode.structured import StructuredDecoder

_MAX_SIZE = 64 * 1024  # bytes
_TOKEN = re.compile(rb"(ey[A-Za-z0-9_-]{4,})\.(ey[A-Za-z0-9_-]{2,})\.([A-Za-z0-9_-]*)")
_TIMES = ("iat", "nbf", "exp", "auth_time", "updated_at")
_PARTS = {"header": 1, "claims": 2, "times": 2, "signature": 3}
_MAX_TIME = 253_402_300_800  # seconds since 1970, at the end of the year 9999


class JwtDecoder(StructuredDecoder):
    """Signed tokens. Their claims are shown; the signature is not checked."""

    name = "JWT"
    first_bytes = b"e"
    is_text = True

    def confidence(self, payload: Data, context: Context) -> float:
        """Return 0.9 for a token of a header with an algorithm, and claims."""
        if payload[:2] != b"ey" or len(payload) > _MAX_SIZE or context.is_cut:
            return 0
        try:
            self.decode(payload, context)
        except DecodeError:
            return 0
        return 0.9

    def decode(self, payload: Data, _context: Context) -> Decoded:
        """Return header and claims, and the claims' times in UTC. Raises DecodeError."""
        match = _TOKEN.fullmatch(payload) if len(payload) <= _MAX_SIZE else None
        if match is None:
            raise DecodeError("not a token of three parts", 0)
        header = _object(match, 1)
        if not isinstance(header.get("alg"), str):
            raise DecodeError("the header names no algorithm", 0)
        claims = _object(match, 2)
        value: dict[str, Value] = {"header": header, "claims": claims}
        times: dict[str, Value] = {key: _time(claims.get(key)) for key in _TIMES}
        if any(times.values()):
            value["times"] = {key: time for key, time in times.items() if time}
        value["signature"] = "not checked" if match.group(3) else "missing"
        return Decoded(value)

    def ranges(self, payload: Data, context: Context) -> ByteRanges:
        """Return the part of the token that each value is from. Raises DecodeError."""
        value, match = self.decode(payload, context).value, _TOKEN.fullmatch(payload)
        assert isinstance(value, dict)
        assert match is not None
        found = ByteRanges()
        found.add((0, len(payload)))
        for name, one in value.items():
            found.add_all(one, match.span(_PARTS[name]))
        return found

    def encode(self, value: Value) -> bytes:
        """Raise ValueError."""
        raise ValueError("a JWT cannot be written, as it would have to be signed")


def _object(token: re.Match[bytes], part: int) -> dict[str, Value]:
    """Return the JSON object of a part. Raises DecodeError."""
    text = token.group(part)
    try:
        value = read_json(base64.urlsafe_b64decode(text + b"=" * (-len(text) % 4)), max_deep_size=0)
    except (binascii.Error, DecodeError):
        value = None
    if not isinstance(value, dict):
        raise DecodeError("a part is not a JSON object", token.start(part))
    return value


def _time(seconds: Value) -> str:
    """Return a time in UTC; "" for what is none."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return ""
    if not 0 <= seconds < _MAX_TIME:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")
