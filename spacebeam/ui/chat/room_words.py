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
from spacebeam.wording.i18n import _

MAX_LISTED = 3  # names in a phrase


def room_event_words(event: RoomEvent) -> str:
    """Return an event of a room as a sentence; not escaped."""
    match event:
        case Waiting():
            return _("Waiting to be let in")
        case Welcome():
            others = [one for one in event.names if one != event.name]
            also = _("; {people} here").format(people=here_words(others)) if others else ""
            return _("You are in the room as {name}{also}").format(name=event.name, also=also)
        case Joined():
            return _("{name} came").format(name=event.name)
        case Left():
            return _("{name} left").format(name=event.name)
        case Renamed():
            return _("{before} is now {name}").format(before=event.before, name=event.name)
        case Refused():
            return event.text
        case Said():
            return event.text
        case Attached():
            return _("{name} sent a file").format(name=event.sender)


def here_words(names: Collection[str]) -> str:
    """Return “Ada is”, “Ada and Ben are”, or “Ada, Ben, Cem and 2 more are”."""
    listed = list(names)[:MAX_LISTED]
    if len(names) > MAX_LISTED:
        more = len(names) - MAX_LISTED
        return _("{names} and {count} more are").format(names=", ".join(listed), count=more)
    if len(listed) == 1:
        return _("{name} is").format(name=listed[0])
    return _("{names} and {last} are").format(names=", ".join(listed[:-1]), last=listed[-1])


def count_here(count: int) -> str:
    """Return how many are in the room."""
    return _("Only you") if count == 1 else _("{count} here").format(count=count)
