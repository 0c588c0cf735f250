"""Close codes and close frames (RFC 6455, sections 5.5.1 and 7.4)."""

from __future__ import annotations

from enum import IntEnum

MAX_CONTROL_PAYLOAD = 125  # bytes (RFC 6455, section 5.5)


class CloseCode(IntEnum):
    """Why a WebSocket was closed (RFC 6455, section 7.4, and the IANA registry)."""

    NORMAL = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    NO_STATUS = 1005
    ABNORMAL = 1006
    INVALID_PAYLOAD = 1007
    POLICY_VIOLATION = 1008
    MESSAGE_TOO_BIG = 1009
    MANDATORY_EXTENSION = 1010
    INTERNAL_ERROR = 1011
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013
    BAD_GATEWAY = 1014
    TLS_HANDSHAKE = 1015


# For use within a program; a close frame never has them (RFC 6455, section 7.4.1).
_NEVER_ON_THE_WIRE = {CloseCode.NO_STATUS, CloseCode.ABNORMAL, CloseCode.TLS_HANDSHAKE}


def is_legal(code: int) -> bool:
    """Whether a close frame may have this code (RFC 6455, section 7.4)."""
    return is_known(code) and code not in _NEVER_ON_THE_WIRE


def is_known(code: int) -> bool:
    """Whether a code has a meaning: registered, or reserved for libraries and applications."""
    return code in set(CloseCode) or 3000 <= code <= 4999


MAX_REASON = MAX_CONTROL_PAYLOAD - 2  # bytes of UTF-8


def close_payload(code: int, reason: str, *, even_illegal: bool = False) -> bytes:
    """Return a close frame's payload (RFC 6455, section 5.5.1).

    Raise ValueError for an illegal code or a reason of more than MAX_REASON bytes. `even_illegal`
    allows illegal codes and truncates the reason.
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
