"""A talk: one tab's connection and all that was said on it, and what the person does with it.

The widgets show it and tell it what to do; it knows none of them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from weakref import WeakKeyDictionary

from gi.repository import GObject

from spacebeam.net.backoff import Backoff, may_come_back
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.cookies import CookieJar
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.reconnect import GivenUpError, Reconnector, ReconnectProgress, ReconnectStage
from spacebeam.profiles.plan import ConnectionPlan, plan_for
from spacebeam.profiles.profile import Profile
from spacebeam.protocol.batch import event
from spacebeam.protocol.close import CloseCode
from spacebeam.protocol.endpoint import Endpoint, EndpointError, parse
from spacebeam.recording.recording import Recording
from spacebeam.ui.journal import Journal, NewRecording, in_memory
from spacebeam.ui.tasks import Tasks


class Talk(GObject.Object):
    """Everything between one address and this program; connects as often as it is asked to.

    `changed` says that the state is another; `grown` that the recording is another one or, a moment
    later, that it has new entries.

    With a `backoff`, a connection that is lost is brought back, in the same recording. Not so one
    that the person ended, and not a first one that did not come about.
    """

    __gtype_name__ = "SpacebeamTalk"
    __gsignals__ = {  # noqa: RUF012  PyGObject reads it from the class
        "changed": (GObject.SignalFlags.RUN_FIRST, None, ()),
        "grown": (GObject.SignalFlags.RUN_FIRST, None, ()),
    }

    def __init__(
        self, jar: CookieJar | None = None, new_recording: NewRecording = in_memory
    ) -> None:
        super().__init__()
        self._jar = jar
        self._journal = Journal(new_recording, self._on_journal_grown, lambda: self.emit("changed"))
        self._shown = self._journal.recording  # that was told of
        self._is_growth_due = False
        self._plan: ConnectionPlan | None = None  # what the newest connection was made with
        self._shown_from: WeakKeyDictionary[Recording, int] = WeakKeyDictionary()
        self.endpoint: Endpoint | None = None
        self.settings = Profile()  # those of the newest attempt to connect
        self.ending: CloseReason | None = None
        self._connection: Connection | None = None
        self._backoff: Backoff | None = None
        self._answers_pings = True
        self._is_backoff_planned = False  # it is the settings', not the person's of the moment
        self._reconnecting: Reconnector | None = None  # None: what is lost stays lost
        self._regaining: asyncio.Task[None] | None = None
        self._tasks = Tasks()
        self._given_up = ""  # why, in words

    @property
    def recording(self) -> Recording:
        """What was said, or what was recorded earlier."""
        return self._journal.recording

    @property
    def shown_from(self) -> int:
        """The first entry that was not cleared away."""
        return self._shown_from.get(self.recording, 0)

    @property
    def journal(self) -> Journal:
        """Where it is written down."""
        return self._journal

    @property
    def state(self) -> ConnectionState:
        """The connection's state; CLOSED before the first one."""
        return ConnectionState.CLOSED if self._connection is None else self._connection.state

    @property
    def connection(self) -> Connection | None:
        """The newest connection, for what is done on purpose to the wire."""
        return self._connection

    @property
    def handshake(self) -> str:
        """The newest handshake as text."""
        report = self._connection and self._connection.report
        return report.as_text() if report else ""

    @property
    def backoff(self) -> Backoff | None:
        """How a lost connection is brought back; None: it is not."""
        return self._backoff

    @backoff.setter
    def backoff(self, backoff: Backoff | None) -> None:
        self._backoff = backoff
        self._is_backoff_planned = False
        if backoff is None:
            self.stop_reconnecting()
        elif self.state is ConnectionState.OPEN:
            self._reconnecting = self._new_reconnecting()
        self.emit("changed")

    @property
    def answers_pings(self) -> bool:
        """Whether pings are answered; off: the peer sees no pong."""
        return self._answers_pings

    @answers_pings.setter
    def answers_pings(self, answers: bool) -> None:
        self._answers_pings = answers
        if self._connection is not None:
            self._connection.answers_pings = answers
        self.emit("changed")

    @property
    def progress(self) -> ReconnectProgress | None:
        """What is being done to bring a lost connection back, if anything is."""
        return None if self._reconnecting is None else self._reconnecting.progress

    @property
    def why_closed(self) -> str:
        """What the newest connection was lost to, or the attempt after it; at first nothing."""
        if self.progress is not None:
            return self.progress.why
        return self._given_up or ("" if self.ending is None else self.ending.explanation)

    async def connect_to(self, address: str, settings: Profile | None = None) -> None:
        """Connect, with `settings` that have no mistakes; entries are added to what was said.

        Raises EndpointError for an address that means nothing and HandshakeError where no
        connection came about; the recording is as it was then.
        """
        endpoint = parse(address)
        await self._leave_lost()
        settings = settings or Profile()
        # What the person said in the meantime holds for the same address, until the options differ.
        if endpoint != self.endpoint or settings.answers_pings != self.settings.answers_pings:
            self._answers_pings = settings.answers_pings
        self.settings = settings
        plan = plan_for(endpoint, self.settings, self._jar)
        if plan.backoff is not None or self._is_backoff_planned:
            self._backoff = plan.backoff
            self._is_backoff_planned = plan.backoff is not None
        await self._open(endpoint, plan)
        self._reconnecting = self._new_reconnecting()

    async def _open(self, endpoint: Endpoint, plan: ConnectionPlan) -> None:
        connection = Connection(limits=plan.limits)
        self._journal.listen(connection, endpoint, is_private=not self.settings.keeps_recording)
        connection.answers_pings = self._answers_pings
        earlier, self._connection, self.endpoint = self._connection, connection, endpoint
        self._plan = plan
        self.emit("changed")
        try:
            await connection.open(plan.endpoint, plan.options)
        except BaseException:
            self._connection = earlier
            self.emit("changed")
            raise
        if plan.keepalive is not None:
            connection.keep_alive(plan.keepalive)
        self.ending, self._given_up = None, ""
        if earlier is not None:
            self._parting = asyncio.ensure_future(earlier.close())  # kept, or it could be collected
        opened = time.monotonic()
        connection.ended.add_done_callback(
            lambda _task: self._on_connection_ended(connection, time.monotonic() - opened)
        )
        self.emit("changed")

    # Connecting again

    def connect_now(self) -> None:
        """Wait no longer for the next attempt to bring the connection back."""
        if self._reconnecting is not None:
            self._reconnecting.skip()

    def stop_reconnecting(self) -> None:
        """Let a lost connection be, and this one too, should it be lost; not the next one."""
        if self._reconnecting is None:
            return
        self._reconnecting = None
        if self._regaining is not None:
            self._regaining.cancel()
        self.emit("changed")

    async def _leave_lost(self) -> None:
        """Stop bringing back, and wait until nothing of it is under way."""
        self.stop_reconnecting()
        if self._regaining is not None:
            await asyncio.wait({self._regaining})

    def _new_reconnecting(self) -> Reconnector | None:
        if self._backoff is None or self.endpoint is None:
            return None
        return Reconnector(self._backoff, self.endpoint, self._on_reconnecting_progress)

    async def _regain(self, reconnecting: Reconnector, endpoint: Endpoint, why: str) -> None:
        try:
            await reconnecting.regain(why, lambda: self._try_again(endpoint))
        except GivenUpError as error:
            self._given_up = str(error)
            self._note(error.verdict)
            self.emit("changed")

    async def _try_again(self, endpoint: Endpoint) -> None:
        try:
            await self._open(endpoint, self._plan or ConnectionPlan(endpoint))
        except HandshakeError as error:
            self._note(error.failure.explanation)
            raise

    def _note(self, words: str) -> None:
        self._journal.note(event(time.time(), words))

    def _on_reconnecting_progress(self) -> None:
        if self.progress is not None and self.progress.stage is ReconnectStage.TRYING:
            self._note(f"Connecting again, {self.progress.count}")
        self.emit("changed")

    # Talking

    async def send(self, message: str | bytes) -> None:
        """Send a message and wait until it has left. Raises NotOpenError."""
        if self._connection is None:
            raise NotOpenError("The connection is not open.")
        await self._connection.send(message)
        await self._connection.flush()

    async def disconnect_from_peer(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> None:
        """Say goodbye; ends in bounded time whatever the peer does. What was lost stays lost.

        Raises ValueError for what no close frame can hold, as Connection.close does.
        """
        await self._leave_lost()
        connection = self._connection
        if connection is None or connection.state not in (
            ConnectionState.OPEN,
            ConnectionState.CLOSING,
        ):
            return
        closing = asyncio.ensure_future(connection.close(code, reason, even_illegal=even_illegal))
        await asyncio.sleep(0)  # only now it has begun
        self.emit("changed")
        await closing

    def show_recorded(self, recording: Recording, remark: str = "") -> None:
        """Show what was recorded earlier, with a remark on it, instead of a connection."""
        self.stop_reconnecting()
        connection, self._connection = self._connection, None
        if connection is not None and connection.state is not ConnectionState.CONNECTING:
            self._parting = asyncio.ensure_future(connection.close())
        self.ending, self._given_up = None, ""
        # What was said to others, their passwords too, is not for who stands in this file.
        self.settings = Profile()
        try:
            self.endpoint = parse(str(recording.facts.get("address", "")))
        except EndpointError:
            self.endpoint = None
        self._journal.show(recording, remark)
        self.emit("changed")

    async def leave(self) -> None:
        """Disconnect, and let go of everything; the recording is kept."""
        await self.disconnect_from_peer()
        await self._journal.leave()

    def clear(self) -> Callable[[], None]:
        """Show what comes from now on; the function that is returned shows the rest again.

        What was kept stays kept.
        """
        recording, before = self.recording, self.shown_from
        self._shown_from[recording] = len(recording)
        self.emit("grown")

        def undo() -> None:
            self._shown_from[recording] = before
            self.emit("grown")

        return undo

    def show_cleared(self) -> None:
        """Show again all that was cleared away."""
        if self._shown_from.pop(self.recording, 0):
            self.emit("grown")

    def _on_journal_grown(self) -> None:
        """Say so once a turn of the loop, in which a flood may grow it twenty times."""
        if self._shown is not self.recording:
            self._tell_growth()
        elif not self._is_growth_due:
            self._is_growth_due = True
            asyncio.get_running_loop().call_soon(self._tell_growth)

    def _tell_growth(self) -> None:
        self._is_growth_due = False
        self._shown = self.recording
        self.emit("grown")

    def _on_connection_ended(self, connection: Connection, lasted: float) -> None:
        if connection is not self._connection or connection.ended.cancelled():
            return
        self.ending = connection.ended.result()
        self._journal.settle()
        reconnecting = self._reconnecting
        if reconnecting is not None and self.endpoint is not None and may_come_back(self.ending):
            reconnecting.lasted(lasted)
            self._regaining = self._tasks.start(
                self._regain(reconnecting, self.endpoint, self.ending.explanation)
            )
        self.emit("changed")
