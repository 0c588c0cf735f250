"""Servers of other protocols: what they say first, and which protocol it is."""

from __future__ import annotations

import re

MAX_GREETING = 512  # bytes

HTTP2, TLS = "HTTP/2", "TLS"
BINARY = frozenset((HTTP2, TLS))  # their bytes say nothing to a person
_HTTP = b"HTTP/"
_PROTOCOLS = (
    ("SSH", rb"SSH-\d"),
    ("SMTP", rb"[245]\d\d[ -].*\bE?SMTP\b"),
    ("FTP", rb"[245]\d\d[ -].*FTP"),
    ("FTP or SMTP", rb"(220|421|500|502|503|530|554)[ -]"),
    ("NNTP", rb"20[01] "),
    ("IMAP", rb"\* (OK|PREAUTH|BYE)\b"),
    ("POP3", rb"\+OK\b"),
    ("Redis", rb"-(ERR|DENIED|NOAUTH)\b"),
    ("VNC", rb"RFB \d"),
    ("IRC", rb"(:\S+ )?NOTICE |ERROR :"),
    ("RTSP", rb"RTSP/\d"),
    ("AMQP", rb"AMQP"),
    ("MySQL", rb"..\x00\x00([\x09\x0a][\x20-\x7e]|\xff.\x04)"),
    ("Telnet", rb"\xff[\xfb-\xfe]"),
    # A SETTINGS frame of stream 0 (RFC 9113, section 6.5).
    (HTTP2, rb"\x00..\x04[\x00\x01]\x00{4}"),
    (TLS, rb"[\x15\x16]\x03[\x00-\x04]"),  # an alert, or a handshake
)


def is_http(answer: bytes | bytearray) -> bool:
    """Whether bytes, one at least, may be the beginning of an HTTP answer."""
    first = bytes(answer[:16]).lstrip(b"\r\n")[: len(_HTTP)].upper()
    return _HTTP.startswith(first)


def protocol_of(greeting: bytes) -> str:
    """Return the name of a greeting's protocol; empty if it is unknown."""
    for name, pattern in _PROTOCOLS:
        if re.match(pattern, greeting, re.DOTALL | re.IGNORECASE):
            return name
    return ""
