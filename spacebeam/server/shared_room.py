"""A chat room that other computers on the network may join, each once the person has allowed it.

Only the room can be reached from outside, at a path that nobody guesses.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from spacebeam.net.connection import Connection, ConnectionLimits
from spacebeam.protocol.close import CloseCode
from spacebeam.server.admission import AdmissionLimits
from spacebeam.server.chat_rooms import ChatRooms
from spacebeam.server.room_protocol import MAX_MEMBERS
from spacebeam.server.server import Server, ServerError
from spacebeam.server.services import Query, Service

MAX_QUESTIONS = 8  # computers that wait for an answer
MAX_CONNECTIONS = 8  # of one computer
_MAX_ANSWERS = 1000  # that are remembered
_ADMISSION = AdmissionLimits(max_pending=32, max_connections=MAX_MEMBERS)
_LIMITS = ConnectionLimits(max_message=8 * 1024 * 1024)  # bytes, of a picture
_TOKEN_BYTES = 9  # 72 random bits, 12 characters of an address

AskPerson = Callable[[str], Awaitable[bool]]  # whether the computer with an IP address may join


class SharedRoom:
    """Serves one room of `chat_rooms` on addresses of the network, until it is stopped.

    `ask` is called once for each computer's address, and cancelled if the computer leaves.
    """

    help = "This is a chat room of Spacebeam. Its address has a secret path.\n"

    def __init__(self, chat_rooms: ChatRooms, room: str, ask: AskPerson) -> None:
        self._chat_rooms = chat_rooms
        self._room = room
        self._ask = ask
        self._path = f"/chat/{secrets.token_urlsafe(_TOKEN_BYTES)}"
        self._servers: list[Server] = []
        self._answers: dict[str, bool] = {}
        self._connections: Counter[str] = Counter()  # by the computers' addresses
        self._questions: dict[str, _Question] = {}

    @property
    def urls(self) -> list[str]:
        """The room's addresses for other computers."""
        return [server.url + self._path for server in self._servers]

    def start(self, hosts: Sequence[str], port: int = 0) -> None:
        """Listen on IP addresses, if possible at this port. Raise ServerError if there is none."""
        error = ServerError("This computer is in no network.")
        for host in hosts:
            for wanted in (port, 0):
                server = Server(host, wanted, _ADMISSION, paths=self, connection_limits=_LIMITS)
                try:
                    server.start()
                except ServerError as failed:
                    error = failed
                else:
                    self._servers.append(server)
                    break
        if not self._servers:
            raise error

    async def stop(self) -> None:
        """Stop listening, and close the connections of all other computers."""
        servers, self._servers = self._servers, []
        for question in list(self._questions.values()):
            question.task.cancel()
        await asyncio.gather(*(server.stop() for server in servers))

    def find(self, path: str, query: Query, remote: str) -> Service | None:
        """Return the room, for a client that is asked about first."""
        if not remote or not secrets.compare_digest(path.encode(), self._path.encode()):
            return None
        name = query.get("name", "")
        service = self._chat_rooms.service(self._room, name, lambda: self._is_allowed(remote))

        async def serve(connection: Connection) -> None:
            if self._connections[remote] >= MAX_CONNECTIONS:
                await connection.close(CloseCode.TRY_AGAIN_LATER, "too many connections")
                return
            self._connections[remote] += 1
            try:
                await service(connection)
            finally:
                self._connections[remote] -= 1

        return serve

    async def _is_allowed(self, remote: str) -> bool:
        if remote in self._answers:
            return self._answers[remote]
        question = self._questions.get(remote)
        if question is None:
            if len(self._questions) >= MAX_QUESTIONS or len(self._answers) >= _MAX_ANSWERS:
                return False
            question = self._questions[remote] = _Question(asyncio.ensure_future(self._put(remote)))
            question.task.add_done_callback(lambda _task: self._questions.pop(remote, None))
        question.waiting += 1
        try:
            return await asyncio.shield(question.task)
        except asyncio.CancelledError:
            if question.task.cancelled():
                return False
            raise
        finally:
            question.waiting -= 1
            if not question.waiting:
                question.task.cancel()  # nobody waits for the answer

    async def _put(self, remote: str) -> bool:
        is_allowed = self._answers[remote] = await self._ask(remote)
        return is_allowed


class _Question:
    """A question to the person, and the number of clients that wait for the answer."""

    def __init__(self, task: asyncio.Task[bool]) -> None:
        self.task = task
        self.waiting = 0
