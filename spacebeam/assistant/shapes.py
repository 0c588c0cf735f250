"""What the tools return: small, bounded, documented by their fields.

The classes have no slots, because the library `mcp` reads their defaults from the class.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field

from spacebeam.protocol.batch import Kind

VERSION = 1  # of these shapes; a field that is added does not change it
MAX_TEXT = 16 * 1024  # characters of a message
MAX_PAGE = 100  # messages or entries at once
MAX_PAGE_BYTES = 256 * 1024  # of their payloads


@dataclass(frozen=True)
class ToolMessage:
    """A message: `text`, or `base64` of a binary one. `is_cut` if it is longer than shown."""

    number: int  # in its connection or recording, from 1
    time: float  # Unix time in seconds
    direction: str  # "sent", "received", or "" for an event
    kind: str  # "text", "binary", "ping", "pong", "close", "event"
    size: int  # bytes
    text: str | None = None
    base64: str | None = None
    is_cut: bool = False


@dataclass(frozen=True)
class ToolConnection:
    """An open connection, or one that has ended."""

    connection: int
    url: str  # without secrets
    state: str  # "open" or "closed"
    subprotocol: str = ""
    unread: int = 0  # messages that no tool has returned
    closed: str = ""  # why it has ended, as a sentence
    recording: str = ""  # its name for `read_recording`


@dataclass(frozen=True)
class ToolRecording:
    """A recording in the library."""

    name: str
    address: str  # without secrets
    began: float  # Unix time in seconds
    entries: int
    size: int  # bytes


@dataclass(frozen=True)
class ToolPage:
    """Some messages, and how to get the next ones."""

    messages: list[ToolMessage] = field(default_factory=list)
    next_first: int | None = None  # `first` of the next page; None: there is none


def tool_message(
    number: int, time: float, direction: str, kind: Kind, payload: bytes, size: int
) -> ToolMessage:
    """Return a message as the tools tell it."""
    name = kind.name.lower()
    if kind in (Kind.BINARY, Kind.CLOSE):
        shown = payload[: MAX_TEXT * 3 // 4]
        encoded = base64.b64encode(shown).decode()
        return ToolMessage(
            number, time, direction, name, size, base64=encoded, is_cut=len(shown) < size
        )
    text = payload.decode(errors="replace")
    is_cut = len(text) > MAX_TEXT or len(payload) < size
    return ToolMessage(number, time, direction, name, size, text=text[:MAX_TEXT], is_cut=is_cut)
