"""What a close frame carries, legal or not."""

from __future__ import annotations

from spacebeam.wire.close_code import CloseCode, is_legal
from spacebeam.wire.frames import MAX_CONTROL_PAYLOAD

MAX_REASON = MAX_CONTROL_PAYLOAD - 2  # bytes, as UTF-8; the code takes two


def close_payload(code: int, reason: str, *, even_illegal: bool = False) -> bytes:
    """A close frame's payload (RFC 6455, section 5.5.1).

    Raises ValueError for a code or reason that no close frame can hold; `even_illegal` lets codes
    through that RFC 6455 forbids and cuts a long reason.
    """
    if even_illegal and 0 <= code <= 0xFFFF:
        return (code.to_bytes(2, "big") + reason.encode())[:MAX_CONTROL_PAYLOAD]
    if code == CloseCode.NO_STATUS and not reason:
        return b""
    if not is_legal(code):
        raise ValueError(f"{code} is not a close code that may be sent")
    payload = code.to_bytes(2, "big") + reason.encode()
    if len(payload) > MAX_CONTROL_PAYLOAD:
        raise ValueError(f"a close reason has at most {MAX_REASON} bytes")
    return payload
