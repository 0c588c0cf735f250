"""A talk: one tab's connection and all that was said on it, and what the person does with it.

The widgets show it and tell it what to do; it knows none of them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from gi.repository import GObject

from spacebeam.library.connection_settings import ConnectionSettings
from spacebeam.recording.recording import Recording
from spacebeam.ui.options.plan import plan_for
from spacebeam.wire.batch import Batch
from spacebeam.wire.close_code import CloseCode
from spacebeam.wire.connection import Connection, State
from spacebeam.wire.ending import Ending
from spacebeam.wire.endpoint import Endpoint, parse
from spacebeam.wire.speaker import NotOpenError


class Talk(GObject.Object):
    """Everything between one address and this program; connects as often as it is asked to.

    `changed` says that the state is another; `grown` that the recording has new entries.
    """

    __gtype_name__ = "SpacebeamTalk"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "grown": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(self) -> None:
        super().__init__()
        self.recording = Recording()
        self.endpoint: Endpoint | None = None
        self.settings = ConnectionSettings()  # those of the newest attempt to connect
        self.ending: Ending | None = None
        self._connection: Connection | None = None

    @property
    def state(self) -> State:
        """The connection's state; CLOSED before the first one."""
        return State.CLOSED if self._connection is None else self._connection.state

    @property
    def connection(self) -> Connection | None:
        """The newest connection, for what is done on purpose to the wire."""
        return self._connection

    @property
    def handshake(self) -> str:
        """The newest handshake as text."""
        report = self._connection and self._connection.report
        return report.as_text() if report else ""

    async def connect_to(self, address: str, settings: ConnectionSettings | None = None) -> None:
        """Connect, with `settings` that have no mistakes; entries are added to what was said.

        Raises EndpointError for an address that means nothing and HandshakeError where no
        connection came about; the recording is as it was then.
        """
        endpoint = parse(address)
        self.settings = settings or ConnectionSettings()
        plan = plan_for(endpoint, self.settings)
        connection = Connection(self._on_connection_batch, plan.limits)
        connection.answers_pings = plan.answers_pings
        earlier, self._connection, self.endpoint = self._connection, connection, endpoint
        self.emit("changed")
        try:
            await connection.open(plan.endpoint, plan.options)
        except BaseException:
            self._connection = earlier
            self.emit("changed")
            raise
        if plan.keepalive is not None:
            connection.keep_alive(plan.keepalive)
        # `plan.reconnect` says whether and how to come back when this connection is lost.
        self.ending = None
        if earlier is not None:
            self._parting = asyncio.ensure_future(earlier.close())  # kept, or it could be collected
        connection.ended.add_done_callback(lambda _task: self._on_connection_ended(connection))
        self.emit("changed")

    async def send(self, message: str | bytes) -> None:
        """Send a message and wait until it has left. Raises NotOpenError."""
        if self._connection is None:
            raise NotOpenError("The connection is not open.")
        await self._connection.send(message)
        await self._connection.flush()

    async def disconnect_from_peer(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> None:
        """Say goodbye; ends in bounded time whatever the peer does.

        Raises ValueError for what no close frame can hold, as Connection.close does.
        """
        connection = self._connection
        if connection is None or connection.state not in (State.OPEN, State.CLOSING):
            return
        closing = asyncio.ensure_future(connection.close(code, reason, even_illegal=even_illegal))
        await asyncio.sleep(0)  # only now it has begun
        self.emit("changed")
        await closing

    def clear(self) -> Callable[[], None]:
        """Begin an empty recording; the function that is returned brings the old one back."""
        before = self.recording
        self.recording = Recording()
        self.emit("grown")

        def undo() -> None:
            since = self.recording
            self.recording = before
            before.extend(since)
            self.emit("grown")

        return undo

    def _on_connection_batch(self, batch: Batch) -> None:
        self.recording.append(batch)
        self.emit("grown")

    def _on_connection_ended(self, connection: Connection) -> None:
        if connection is self._connection and not connection.ended.cancelled():
            self.ending = connection.ended.result()
            self.emit("changed")
