"""What a chat room and its members tell each other, as values; the help (“chat”) has the JSON.

A client is hostile until shown otherwise, and so is a server whose messages the window shows as a
chat: names and texts are bounded, and a text that is no message of the protocol is None.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated

import msgspec
from msgspec import Meta

PROTOCOL = "spacebeam-chat-1"
MAX_NAME = 32  # characters
MAX_TEXT = 64 * 1024  # characters of one message
MAX_MEMBERS = 200  # of one room
MAX_PAYLOAD = 8 * MAX_TEXT  # bytes; a longer text is no message of the protocol

_Name = Annotated[str, Meta(min_length=1, max_length=2 * MAX_NAME)]
_Text = Annotated[str, Meta(max_length=MAX_TEXT)]


class Waiting(msgspec.Struct, frozen=True, tag="waiting"):
    """The person who shares the room was asked whether the newcomer may join."""

    protocol: str = PROTOCOL


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The first message to a member: its name, and all names in the room."""

    name: _Name
    names: Annotated[tuple[_Name, ...], Meta(max_length=MAX_MEMBERS)] = ()
    protocol: str = PROTOCOL


class Joined(msgspec.Struct, frozen=True, tag="join"):
    """Somebody came."""

    name: _Name


class Left(msgspec.Struct, frozen=True, tag="leave"):
    """Somebody left."""

    name: _Name


class Renamed(msgspec.Struct, frozen=True, tag="rename"):
    """A member has another name."""

    before: _Name = msgspec.field(name="from")
    name: _Name


class Said(msgspec.Struct, frozen=True, tag="message"):
    """A member said a text."""

    sender: _Name = msgspec.field(name="from")
    text: _Text


class Attached(msgspec.Struct, frozen=True, tag="binary"):
    """The next message is binary, and from this member."""

    sender: _Name = msgspec.field(name="from")
    size: Annotated[int, Meta(ge=0)] = 0  # bytes


class Refused(msgspec.Struct, frozen=True, tag="error"):
    """A member's message was not passed on."""

    text: _Text


class Say(msgspec.Struct, frozen=True, tag="message"):
    """A member's text for all others."""

    text: str


class TakeName(msgspec.Struct, frozen=True, tag="name"):
    """A member's wish for another name."""

    name: str


RoomEvent = Waiting | Welcome | Joined | Left | Renamed | Said | Attached | Refused
Request = Say | TakeName

_events = msgspec.json.Decoder(RoomEvent)
_requests = msgspec.json.Decoder(Request)
_encoder = msgspec.json.Encoder()


def encode(message: RoomEvent | Request) -> str:
    """Return a message's JSON."""
    return _encoder.encode(message).decode()


def room_event(payload: bytes | bytearray) -> RoomEvent | None:
    """Return a server's message, or None for any other text."""
    if len(payload) > MAX_PAYLOAD or not payload.startswith(b'{"type":"'):
        return None
    try:
        event: RoomEvent = _events.decode(payload)
        return event
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None


def request_of(text: str) -> Request:
    """Return a client's message; a text that is no message of the protocol is said as it is."""
    if len(text) <= MAX_PAYLOAD and text.lstrip()[:1] == "{":
        try:
            request: Request = _requests.decode(text)
            return request
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            pass
    return Say(text)


def clean_name(wanted: str) -> str:
    """Return a name on one line, without invisible characters; "" if nothing is left."""
    head = unicodedata.normalize("NFC", wanted[: 4 * MAX_NAME])
    visible = "".join(one if one.isprintable() else " " * one.isspace() for one in head)
    return " ".join(visible.split())[:MAX_NAME].strip()


def free_name(wanted: str, taken: set[str]) -> str:
    """Return a name that nobody has: with a number if needed, “Guest 1” for none.

    `taken` has the keys of names, as `name_key` returns them.
    """
    name = clean_name(wanted)
    for number in range(1, MAX_MEMBERS + 2):
        suffix = "" if name and number == 1 else f" {number}"
        candidate = (name or "Guest")[: MAX_NAME - len(suffix)] + suffix
        if name_key(candidate) not in taken:
            return candidate
    raise ValueError("the room has more members than names")


def name_key(name: str) -> str:
    """Return what two names have in common that look the same, but for their case."""
    return unicodedata.normalize("NFKC", name).casefold()
