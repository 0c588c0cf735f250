"""Which service a server has at which path."""

from __future__ import annotations

from typing import Protocol

from spacebeam.server.chat_rooms import ChatRooms
from spacebeam.server.services import Query, Rooms, Service, echo, flood, ticker


class Paths(Protocol):
    """The paths of a server."""

    @property
    def help(self) -> str:
        """What the server answers to a request for another path."""

    def find(self, path: str, query: Query, remote: str) -> Service | None:
        """Return the service at a path for a client at an IP address; None for none.

        Raise BadRequestError if the path's name or the query is invalid.
        """


class ServedPaths:
    """The paths of `spacebeam serve` and of the room of this computer."""

    help = """This is Spacebeam's WebSocket server. It serves
  /echo                        each message comes back
  /room/NAME                   each message goes to all others in the room
  /chat/NAME?name=YOURS        a chat room with names
  /ticker?interval=MS          a JSON object at each tick
  /flood?count=N&size=S        N messages of S bytes, as fast as you read
"""

    def __init__(self, chat_rooms: ChatRooms | None = None) -> None:
        self._rooms = Rooms()
        self._chat_rooms = chat_rooms or ChatRooms()

    def find(self, path: str, query: Query, _remote: str) -> Service | None:
        """Return the service at a path, the same for every client."""
        if path == "/echo":
            return echo
        if path.startswith("/room/"):
            return self._rooms.service(path.removeprefix("/room/"))
        if path.startswith("/chat/"):
            return self._chat_rooms.service(path.removeprefix("/chat/"), query.get("name", ""))
        if path == "/ticker":
            return ticker(query)
        if path == "/flood":
            return flood(query)
        return None
