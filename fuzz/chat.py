"""Fuzzing of what a chat reads of its peers: messages, names, and pictures' first bytes."""

from __future__ import annotations

from fuzz.target import Target
from spacebeam.decode.pictures import picture_info
from spacebeam.server.room_protocol import (
    MAX_NAME,
    Joined,
    Said,
    Say,
    TakeName,
    clean_name,
    encode,
    free_name,
    name_key,
    request_of,
    room_event,
)


def check_room(data: bytes) -> None:
    """Check that any text is an event or none, a request or said, and may be a name."""
    event = room_event(data)
    assert event is None or room_event(encode(event).encode()) == event
    text = data.decode(errors="replace")
    request = request_of(text)
    assert isinstance(request, TakeName) or request in (Say(text), Say(request.text))
    name = clean_name(text)
    assert len(name) <= MAX_NAME
    assert name.isprintable()
    taken = {name_key(name)}
    assert name_key(free_name(name, taken)) not in taken


def check_picture(data: bytes) -> None:
    """Check that the size of any picture is read, or none."""
    info = picture_info(data)
    assert info is None or (info.width >= 0 and info.height >= 0)


CHAT = {
    "room": Target(
        check_room,
        (
            *(encode(one).encode() for one in (Said("Ada", "hi"), Joined("é\u202e"), Say("x"))),
            encode(TakeName("Ada")).encode(),
            b"Guest 1",
            "ＡＤＡ\u0301 \u200b".encode(),  # noqa: RUF001
        ),
    ),
    "picture": Target(
        check_picture,
        (
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1",
            b"GIF89a\1\0\1\0",
            b"\xff\xd8\xff\xe0\0\4ab\xff\xc0\0\x11\x08\0\1\0\1\3",
            b"RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f" + b"\0" * 20,
        ),
    ),
}
