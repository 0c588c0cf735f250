"""What happened in a chat room, and who is there, as sentences."""

from __future__ import annotations

from collections.abc import Collection

from spacebeam.server.room_protocol import (
    Attached,
    Joined,
    Left,
    Refused,
    Renamed,
    RoomEvent,
    Said,
    Waiting,
    Welcome,
)

MAX_LISTED = 3  # names in a phrase


def room_event_words(event: RoomEvent) -> str:
    """Return an event of a room as a sentence; not escaped."""
    match event:
        case Waiting():
            return "Waiting to be let in"
        case Welcome():
            others = [one for one in event.names if one != event.name]
            also = f"; {here_words(others)} here" if others else ""
            return f"You are in the room as {event.name}{also}"
        case Joined():
            return f"{event.name} came"
        case Left():
            return f"{event.name} left"
        case Renamed():
            return f"{event.before} is now {event.name}"
        case Refused():
            return event.text
        case Said():
            return event.text
        case Attached():
            return f"{event.sender} sent a file"


def here_words(names: Collection[str]) -> str:
    """Return “Ada is”, “Ada and Ben are”, or “Ada, Ben, Cem and 2 more are”."""
    listed = list(names)[:MAX_LISTED]
    if len(names) > MAX_LISTED:
        return f"{', '.join(listed)} and {len(names) - MAX_LISTED} more are"
    if len(listed) == 1:
        return f"{listed[0]} is"
    return f"{', '.join(listed[:-1])} and {listed[-1]} are"


def count_here(count: int) -> str:
    """Return how many are in the room."""
    return "Only you" if count == 1 else f"{count} here"
