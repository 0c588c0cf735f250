"""One live conversation: connects, reconnects, sends, and calls its observers.

The window's tab, `spacebeam connect` and `spacebeam record` use the same class; it depends on
neither the window nor the terminal.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from spacebeam.net.backoff import Backoff, ReconnectProgress, ReconnectStage, may_come_back
from spacebeam.net.clock import Clock
from spacebeam.net.close_reason import CloseReason
from spacebeam.net.connection import Connection, ConnectionState
from spacebeam.net.events import ConnectFailed, Event, NotReconnected, Reconnecting, event
from spacebeam.net.failures import Failure
from spacebeam.net.handshake import HandshakeError
from spacebeam.net.message_writer import NotOpenError
from spacebeam.net.reconnect import GivenUpError, Reconnector, is_hopeless
from spacebeam.profiles.plan import ConnectionPlan
from spacebeam.protocol.close import CloseCode
from spacebeam.session.oauth.opening import SignInFlow
from spacebeam.session.observer import Observer, Observers
from spacebeam.session.outgoing import NotSentError, OutgoingMessage, write
from spacebeam.session.session_connection import SessionConnection
from spacebeam.session.speech import Speech

if TYPE_CHECKING:
    from spacebeam.session.recorder import SessionRecorder

_logger = logging.getLogger(__name__)


class Session:
    """Has one connection at a time, and reconnects after a loss if there is a backoff.

    `open` replaces the connection once the new one is open; a failed `open` changes nothing.
    `plan`, `connection`, `close_reason` and `given_up` belong to the newest connection that was
    open; `opening` is the plan of the attempt in progress.
    """

    def __init__(self, recorder: SessionRecorder | None = None) -> None:
        self.observers = Observers()
        self.recorder = recorder
        self.sign_in = SignInFlow()
        self.plan: ConnectionPlan | None = None
        self.opening: ConnectionPlan | None = None
        self.close_reason: CloseReason | None = None
        self.given_up: GivenUpError | None = None  # why reconnecting ended
        self.progress: ReconnectProgress | None = None  # of reconnecting
        self.clock = Clock()  # of the newest connection
        self._current: SessionConnection | None = None
        self._replaced: set[SessionConnection] = set()  # replaced connections that have not ended
        self._owners: set[object] = set()  # see `hold`
        self._told_state = ConnectionState.CLOSED
        self._answers_pings = True
        self._backoff: Backoff | None = None
        self._is_backoff_planned = False  # the backoff is the plan's, not set later
        self._reconnector: Reconnector | None = None  # None: do not reconnect
        self._reconnecting: asyncio.Task[None] | None = None
        self._attempt: asyncio.Task[None] | None = None  # to reconnect, in progress
        self._opening_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()
        self.speech = Speech(self, self._tell)
        self.observers.add(self.speech)
        if recorder is not None:
            recorder.attach(self)
            self.observers.add(recorder)

    @property
    def current(self) -> SessionConnection | None:
        """The newest connection that was open, with its plan and observers."""
        return self._current

    @property
    def connection(self) -> Connection | None:
        """The newest connection that was open."""
        return None if self._current is None else self._current.connection

    @property
    def state(self) -> ConnectionState:
        """CONNECTING during an attempt, else the connection's state; CLOSED without one."""
        if self.opening is not None:
            return ConnectionState.CONNECTING
        return ConnectionState.CLOSED if self._current is None else self._current.connection.state

    @property
    def is_reconnecting(self) -> bool:
        """Whether reconnecting is in progress."""
        return self._reconnecting is not None

    @property
    def answers_pings(self) -> bool:
        """Whether pings are answered with pongs."""
        return self._answers_pings

    @answers_pings.setter
    def answers_pings(self, answers: bool) -> None:
        self._answers_pings = answers
        if self._current is not None:
            self._current.connection.answers_pings = answers

    @property
    def backoff(self) -> Backoff | None:
        """How to reconnect after a loss; None: do not reconnect."""
        return self._backoff

    @backoff.setter
    def backoff(self, backoff: Backoff | None) -> None:
        self._backoff, self._is_backoff_planned = backoff, False
        if backoff is None:
            self.stop_reconnecting()
        elif self._current is not None and self._current.connection.state is ConnectionState.OPEN:
            self._reconnector = self._new_reconnector(backoff, self._current.plan)

    # Opening

    async def open(self, plan: ConnectionPlan, *, retry: bool = False) -> None:
        """Connect; once the connection is open, it replaces the previous one.

        With `retry`, a failed first attempt is repeated according to `plan.backoff`. Raises
        HandshakeError, or GivenUpError after several attempts; the session is then unchanged.
        """
        if self._attempt is not None:
            self._attempt.cancel()  # `_try_again` repeats it if this one fails
        async with self._opening_lock:
            answers_pings = self._answers_pings_with(plan)
            try:
                await self._connect(plan, answers_pings, may_ask=True)
                reconnector = None
            except HandshakeError as error:
                if not retry or plan.backoff is None or is_hopeless(error):
                    raise
                reconnector = await self._retry(plan, plan.backoff, answers_pings, error)
            self.stop_reconnecting()
            self._answers_pings = answers_pings
            # A backoff that the person set stays until a plan has its own.
            if plan.backoff is not None or self._is_backoff_planned:
                self._backoff = plan.backoff
                self._is_backoff_planned = plan.backoff is not None
            if self._backoff is not None:
                self._reconnector = reconnector or self._new_reconnector(self._backoff, plan)

    def _answers_pings_with(self, plan: ConnectionPlan) -> bool:
        """Return the person's setting for the same address and plan as before, else the plan's."""
        before = self.plan
        is_same = before is not None and before.typed_endpoint == plan.typed_endpoint
        if before is None or not is_same or before.answers_pings != plan.answers_pings:
            return plan.answers_pings
        return self._answers_pings

    def _clock_for(self, plan: ConnectionPlan) -> Clock:
        """Return the clock of the connections before if they were to the same address."""
        before = self.plan
        is_same = before is not None and before.typed_endpoint == plan.typed_endpoint
        return self.clock if is_same else Clock()

    async def _retry(
        self, plan: ConnectionPlan, backoff: Backoff, answers_pings: bool, error: HandshakeError
    ) -> Reconnector:
        reconnector = self._new_reconnector(backoff, plan)
        try:
            await reconnector.regain(error.failure, lambda: self._connect(plan, answers_pings))
        finally:
            self._tell_progress(None)
        return reconnector

    async def _connect(
        self, plan: ConnectionPlan, answers_pings: bool, *, may_ask: bool = False
    ) -> None:
        held = SessionConnection(plan, self.observers, self._on_opened, self._clock_for(plan))
        held.connection.answers_pings = answers_pings
        self.opening = plan
        self._tell_state()
        try:
            await self.sign_in.open(held.connection, plan, may_ask=may_ask)
        except BaseException as error:
            held.finish()
            if isinstance(error, HandshakeError):
                self._tell(methodcaller("failed", error))
            raise
        finally:
            self.opening = None
            self._tell_state()
        self._tell_progress(None)  # in the turn of the loop that opened it

    def _on_opened(self, held: SessionConnection) -> None:
        earlier, self._current = self._current, held
        plan, connection = held.plan, held.connection
        self.plan, self.clock = plan, connection.clock
        self.close_reason = self.given_up = None
        connection.ended.add_done_callback(partial(self._on_ended, held))
        if earlier is not None:
            self._replace(earlier)
        for owner in self._owners:
            held.hold(owner)
        if plan.keepalive is not None:
            connection.keep_alive(plan.keepalive)
        report = connection.report
        assert report is not None
        self._tell(lambda one: one.opened(report))
        self.speech.begin()

    def _replace(self, held: SessionConnection) -> None:
        """Close a replaced connection in the background."""
        if not held.is_over:
            held.observers = self.observers.replaced()
            self._replaced.add(held)
            self._start(self.speech.close(held.connection))

    # Sending

    async def send(self, message: OutgoingMessage, *, flush: bool = True) -> None:
        """Send a message, and wait until it has left this program unless `flush` is off.

        Raises NotSentError, which has the message, or ValueError for fragment sizes and pings that
        RFC 6455 does not allow.
        """
        connection = self.connection
        if connection is None:
            raise NotSentError(message)
        try:
            await write(connection, message)
            if flush and isinstance(message, str | bytes):
                await connection.flush()
        except NotOpenError as error:
            raise NotSentError(message, has_ended=error.has_ended) from None
        finally:
            self._tell_state()  # a raw close frame begins closing

    # Back-pressure

    def hold(self, owner: object) -> None:
        """Pause reading, so that the server waits, until every owner has called `release`."""
        self._owners.add(owner)
        if self._current is not None:
            self._current.hold(owner)

    def release(self, owner: object) -> None:
        """Resume reading, unless another owner still holds it."""
        self._owners.discard(owner)
        for held in (*self._replaced, *([self._current] if self._current else [])):
            held.release(owner)

    # Closing

    async def close(
        self, code: int = CloseCode.NORMAL, reason: str = "", *, even_illegal: bool = False
    ) -> CloseReason | None:
        """Close the connection and stop reconnecting, in bounded time whatever the peer does.

        Returns the close reason, None without a connection. Raises ValueError for a code or reason
        that no close frame can hold; `even_illegal` allows codes that RFC 6455 forbids.
        """
        self.stop_reconnecting()
        if self._reconnecting is not None:
            await asyncio.wait({self._reconnecting})
        if self._current is None:
            return None
        connection = self._current.connection
        await self.speech.end(connection)
        closing = asyncio.ensure_future(connection.close(code, reason, even_illegal=even_illegal))
        await asyncio.sleep(0)  # one turn of the loop, so that closing has begun
        self._tell_state()
        return await closing

    def detach(self) -> None:
        """Close the connection in the background, and reset the session."""
        self.stop_reconnecting()
        held, self._current = self._current, None
        self.plan = self.close_reason = self.given_up = None
        if held is not None:
            self._replace(held)
        self._tell_state()

    def _on_ended(self, held: SessionConnection, ended: asyncio.Future[CloseReason]) -> None:
        if ended.cancelled():
            return
        reason = ended.result()
        observers = held.observers
        held.finish()
        self._replaced.discard(held)
        if held is not self._current:
            self._tell(lambda one: one.ended(reason), observers)
            return
        self.close_reason = reason
        if self._reconnector is not None and may_come_back(reason):
            self._reconnector.lasted(held.lasted)
            self._reconnecting = self._start(self._reconnect(self._reconnector, held.plan, reason))
        self._tell(lambda one: one.ended(reason), observers)
        self._tell_state()

    # Reconnecting

    def reconnect_now(self) -> None:
        """Make the next attempt to reconnect now."""
        if self._reconnector is not None:
            self._reconnector.skip()

    def stop_reconnecting(self) -> None:
        """Stop reconnecting, and do not reconnect when the current connection is lost."""
        self._reconnector = None
        if self._reconnecting is not None:
            self._reconnecting.cancel()
        # It may have only just begun, and have told nothing yet.
        self._tell_progress(None, always=self._reconnecting is not None)

    def _new_reconnector(self, backoff: Backoff, plan: ConnectionPlan) -> Reconnector:
        def on_progress() -> None:
            if reconnector.progress is not None:  # the caller knows and reports the end
                self._on_progress(reconnector.progress)

        reconnector = Reconnector(backoff, plan.endpoint, on_progress)
        return reconnector

    async def _reconnect(
        self, reconnector: Reconnector, plan: ConnectionPlan, why: CloseReason | Failure
    ) -> None:
        try:
            await reconnector.regain(why, lambda: self._try_again(plan))
        except GivenUpError as error:
            self.given_up = error
            self._tell_event(NotReconnected(error.attempts))
        finally:
            if self._reconnecting is asyncio.current_task():
                self._reconnecting = None
            if self._reconnector is reconnector:
                self._tell_progress(None, always=self.given_up is not None)

    async def _try_again(self, plan: ConnectionPlan) -> None:
        """Make one attempt; if `open` interrupts it, make it again after `open`."""
        while True:
            async with self._opening_lock:
                self._attempt = asyncio.ensure_future(self._connect(plan, self._answers_pings))
                try:
                    await self._attempt
                    return
                except HandshakeError as error:
                    self._tell_event(ConnectFailed(error.failure))
                    raise
                except asyncio.CancelledError:
                    task = asyncio.current_task()
                    if task is None or task.cancelling():
                        raise
                finally:
                    self._attempt = None

    def _on_progress(self, progress: ReconnectProgress) -> None:
        if progress.stage is ReconnectStage.TRYING:
            self._tell_event(Reconnecting(progress.attempt, progress.attempts))
        self._tell_progress(progress)

    # Calling observers

    def _tell_event(self, what: Event) -> None:
        """Report an event that happened between connections."""
        batch = event(self.clock.now(), what)
        self._tell(lambda one: one.entries(batch))

    def _tell_progress(self, progress: ReconnectProgress | None, *, always: bool = False) -> None:
        if always or progress != self.progress:
            self.progress = progress
            self._tell(lambda one: one.reconnecting(progress))

    def _tell_state(self) -> None:
        state = self.state
        if state is not self._told_state:
            _logger.debug("%s", state.name.lower())
            self._told_state = state
            self._tell(lambda one: one.state(state))

    def _tell(self, call: Callable[[Observer], object], observers: Observers | None = None) -> None:
        """Call the observers; drop the connection if one of them fails."""
        try:
            (observers or self.observers).tell(call)
        except Exception as error:  # noqa: BLE001  # any observer may fail in any way
            context = {"message": "a session's observer failed", "exception": error}
            asyncio.get_running_loop().call_exception_handler(context)
            if self._current is not None and not self._current.is_over:
                self._current.connection.drop()

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._tasks.add(task)  # the loop holds tasks only weakly
        task.add_done_callback(self._on_task_done)
        return task

    def _on_task_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if task is self._reconnecting:
            self._reconnecting = None  # a task that is cancelled before its first turn never runs
        if not task.cancelled() and (error := task.exception()) is not None:
            context = {"message": "a session's task failed", "exception": error, "task": task}
            task.get_loop().call_exception_handler(context)
