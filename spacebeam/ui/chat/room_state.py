"""Who is in the room, read from a recording while it grows."""

from __future__ import annotations

import time
from collections.abc import Iterable

from spacebeam.net.events import Closed, Connected, from_payload
from spacebeam.protocol.batch import Direction, Kind
from spacebeam.recording.entry import Entry
from spacebeam.recording.recording import Recording
from spacebeam.server.room_protocol import (
    MAX_MEMBERS,
    Joined,
    Left,
    Renamed,
    RoomEvent,
    Said,
    Waiting,
    Welcome,
    room_event,
)
from spacebeam.ui.timeline.timeline_model import read

_READ_BYTES = 64 * 1024  # of an entry: a welcome lists all names
MAX_GREETING = 20  # entries; a room's first message is among them
_MAX_BEHIND = 1000  # entries of another conversation that are read for what is new


class RoomState:
    """The members of a room, as its messages say. Follows one recording.

    A recording is of a room if its first received message is a room's.
    """

    def __init__(self, recording: Recording) -> None:
        self._recording = recording
        self._next = recording.first_number
        self.is_room = False
        self.is_waiting = False  # to be let in
        self.own_name = ""  # "" outside of the room
        self.names: list[str] = []
        self.is_quiet = True  # nobody else came, and nobody said anything

    @property
    def state(self) -> tuple[object, ...]:
        """What can change."""
        return self.is_room, self.is_waiting, self.is_quiet, self.own_name, tuple(self.names)

    @property
    def read_count(self) -> int:
        """The number of entries that were read or forgotten."""
        return self._next

    def advance(self, seconds: float) -> Iterable[Entry]:
        """Read new entries for about `seconds`; yield received messages of other members.

        All are read when `is_current`.
        """
        deadline = time.monotonic() + seconds
        self._next = max(self._next, self._recording.first_number)
        while self._next < len(self._recording) and time.monotonic() < deadline:
            entry = read(self._recording, self._next, _READ_BYTES)
            self._next += 1
            if self._may_matter(entry) and self._take(entry):
                yield entry

    def skip(self) -> None:
        """Leave out all but the newest entries: nobody asks who was there."""
        self._next = max(self._next, len(self._recording) - _MAX_BEHIND)

    @property
    def is_current(self) -> bool:
        """Whether all entries were read."""
        return self._next >= len(self._recording)

    def _may_matter(self, entry: Entry) -> bool:
        if entry.kind is Kind.EVENT and isinstance(from_payload(entry.payload), Connected | Closed):
            self.own_name, self.names, self.is_waiting = "", [], False
        if entry.direction is Direction.SENT and entry.kind in (Kind.TEXT, Kind.BINARY):
            self.is_quiet = False
        return entry.direction is Direction.RECEIVED and entry.kind in (Kind.TEXT, Kind.BINARY)

    def _take(self, entry: Entry) -> bool:
        """Take up a received message; return whether somebody said it."""
        event = room_event(entry.payload) if entry.kind is Kind.TEXT else None
        if isinstance(event, Waiting | Welcome) and entry.number < MAX_GREETING:
            self.is_room = True
        if self.is_room and event is not None:
            return self._react(event)
        return True

    def _react(self, event: RoomEvent) -> bool:
        match event:
            case Waiting():
                self.is_waiting = True
            case Welcome():
                self.is_waiting = False
                self.own_name, self.names = event.name, list(event.names)
            case Joined():
                self.is_quiet = False
                if len(self.names) < MAX_MEMBERS:
                    self.names.append(event.name)
            case Left():
                self.names = [one for one in self.names if one != event.name]
            case Renamed():
                self.names = [event.name if one == event.before else one for one in self.names]
                if event.before == self.own_name:
                    self.own_name = event.name
            case Said():
                self.is_quiet = False
                return True
        return False
